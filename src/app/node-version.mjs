// The runtime comes with `npm ci` (node_modules/.bin/node) and is first on the PATH of every npm script.
import module from 'node:module'
import { fileURLToPath } from 'node:url'

/** Stops with one sentence unless this Node can run TypeScript and knows Temporal. */
export function requireNode() {
  const major = Number(process.versions.node.split('.')[0])
  if (major >= 26) return
  process.stderr.write(`邻里需要 Node 26，当前是 ${process.versions.node}：请用 npm start 或 npm run linli 启动，或用 node_modules/.bin/node。\n`
    + `Linli needs Node 26, this is ${process.versions.node}: start it with npm start or npm run linli, or with node_modules/.bin/node.\n`)
  process.exit(1)
}

/** Keeps what was compiled beside the packages, where nobody else writes: the next start is quicker and holds less memory. */
export function keepCompiled() {
  module.enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/linli', import.meta.url)))
}
