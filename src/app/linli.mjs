// `npm run -s linli -- <command>`. Plain JavaScript, so that an old Node can say in one sentence why it stops.
import { keepCompiled, requireNode } from './node-version.mjs'

requireNode()
keepCompiled()
process.exitCode = await (await import('./linli.ts')).main(process.argv.slice(2))
