// `npm start`. Plain JavaScript, so that an old Node can say in one sentence why it stops.
import { requireNode } from './node-version.mjs'

requireNode()
await (await import('./serve.ts')).main(process.argv.slice(2))
