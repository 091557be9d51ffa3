// The runtime comes with `npm ci` (node_modules/.bin/node) and is first on the PATH of every npm script.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import module from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Stops with one sentence unless this Node can run TypeScript and knows Temporal. */
export function requireNode() {
  const major = Number(process.versions.node.split('.')[0])
  if (major >= 26) return
  process.stderr.write(
    `邻里需要 Node 26，当前是 ${process.versions.node}：请用 npm start 或 npm run linli 启动，或用 node_modules/.bin/node。\n` +
      `Linli needs Node 26, this is ${process.versions.node}: start it with npm start or npm run linli, or with node_modules/.bin/node.\n`,
  )
  process.exit(1)
}

/** Keeps what was compiled beside the packages, where nobody else writes: the next start is quicker and holds less memory. */
export function keepCompiled() {
  module.enableCompileCache(compiled)
}

const compiled = fileURLToPath(new URL('../../node_modules/.cache/linli', import.meta.url))
const source = fileURLToPath(new URL('..', import.meta.url))

/** Has changed sources compiled by a process of its own, where there are any: a server that does so itself holds 40 MB more for good. */
export function compileAhead() {
  const stamp = join(compiled, 'stamp')
  try {
    const newest = readdirSync(source, { recursive: true }).reduce(
      (latest, name) => Math.max(latest, statSync(join(source, name)).mtimeMs),
      0,
    )
    if (statSync(stamp, { throwIfNoEntry: false })?.mtimeMs >= newest) return
    mkdirSync(compiled, { recursive: true })
    const { status } = spawnSync(process.execPath, [fileURLToPath(new URL('compile.mjs', import.meta.url))], { stdio: 'ignore' })
    if (status === 0) writeFileSync(stamp, '')
  } catch {
    // Packages that may not be written beside: everything is compiled at each start, as without this.
  }
}
