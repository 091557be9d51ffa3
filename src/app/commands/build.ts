// `linli build`: the pages, built now instead of at the next start.
import { ensureWeb } from '#server/web-build.ts'
import type { Command } from './command.ts'
import { projectRoot } from '../opening.ts'

export const build: Command = {
  name: 'build',
  summary: 'build the console and phone pages if they are older than their sources',
  help: 'The server does the same at its start.',
  run: async ({ out }) => {
    const dist = await ensureWeb({ root: projectRoot, log: (line) => void process.stderr.write(`${line}\n`) })
    out({ dist }, dist)
    return 0
  },
}
