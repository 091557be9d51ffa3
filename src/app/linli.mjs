// `npm run -s linli -- <command>`. Plain JavaScript, so that an old Node can say in one sentence why it stops.
import { requireNode } from './node-version.mjs'

requireNode()
process.exitCode = await (await import('./linli.ts')).main(process.argv.slice(2))
