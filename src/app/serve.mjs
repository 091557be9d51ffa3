// `npm start`. Plain JavaScript, so that an old Node can say in one sentence why it stops.
import { compileAhead, keepCompiled, requireNode } from './node-version.mjs'

requireNode()
compileAhead()
keepCompiled()
await (await import('./serve.ts')).main(process.argv.slice(2))
