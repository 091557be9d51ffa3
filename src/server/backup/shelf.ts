// The folder of the backups, and its list: what was made when, whether it was proved, and which are let go.
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { isInside } from '../embedded/place.ts'
import { say } from './say.ts'

const listFile = 'list.json'

/** `proved`: restored into a throw-away database and compared, or why not. */
export const Kept = z.object({
  file: z.string(),
  made: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  sheet: z.string(),
  epoch: z.string(),
  tables: z.int(),
  rows: z.int(),
  files: z.int(),
  ms: z.int(),
  proved: z.object({ at: z.string(), ok: z.boolean(), code: z.string().nullable() }).nullable(),
})
export type Kept = z.infer<typeof Kept>
const List = z.object({ format: z.literal(1), backups: z.array(Kept) })

/** The backup folder: `LINLI_BACKUPS`, else `~/.linli/backups`; the demo has its own folder `demo` in it. */
export function backupsDir(env: Record<string, string | undefined>, { demo = false }: { demo?: boolean } = {}): string {
  const named = env.LINLI_BACKUPS?.replace(/^~(?=$|[/\\])/, homedir())
  const dir = named ? resolve(named) : join(homedir(), '.linli', 'backups')
  return demo ? join(dir, 'demo') : dir
}

/** Throws where a backup would be lost with what it saves, or lie with its keys. */
export function requireApart(folder: string, { dataDir, keysDir }: { dataDir: string | null; keysDir: string }): void {
  if (dataDir && isInside(folder, dataDir)) throw say.insideData({ folder })
  if (isInside(folder, keysDir) || isInside(keysDir, folder)) throw say.besideKeys({ folder })
}

/** Makes the folder, 0700, and tries to write there. Throws `backup.folderClosed`. */
export function prepareShelf(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    accessSync(folder, constants.W_OK)
  } catch {
    throw say.folderClosed({ folder })
  }
}

/** What lies there, oldest first: the list, without files that somebody removed. */
export function keptIn(folder: string): Kept[] {
  const path = join(folder, listFile)
  if (!existsSync(path)) return []
  try {
    return List.parse(JSON.parse(readFileSync(path, 'utf8'))).backups.filter(({ file }) => existsSync(join(folder, file)))
  } catch {
    // A torn list loses what was proved, not the backups: each file says by itself what it is.
    return []
  }
}

export function writeList(folder: string, backups: readonly Kept[]): void {
  const path = join(folder, listFile)
  writeFileSync(`${path}.tmp`, `${JSON.stringify({ format: 1, backups }, null, 1)}\n`, { mode: 0o600 })
  renameSync(`${path}.tmp`, path)
}

/** `linli-20261122-0230-7f3a.linli`, by the time of Shanghai; the last part tells two of one minute apart. */
export function nameFor(madeAt: number, chance: string): string {
  const at = Temporal.Instant.fromEpochMilliseconds(madeAt).toZonedDateTimeISO('Asia/Shanghai')
  const two = (n: number) => String(n).padStart(2, '0')
  return `linli-${at.year}${two(at.month)}${two(at.day)}-${two(at.hour)}${two(at.minute)}-${chance}.linli`
}

/**
 * Lets go of what is too much: the oldest beyond `most`, whatever its epoch ended, and unfinished files of a killed run.
 * The last one that was proved stays.
 */
export function prune(folder: string, backups: readonly Kept[], most: number, endedEpochs: ReadonlySet<string>): Kept[] {
  const lastProved = backups.findLast(({ proved, epoch }) => proved?.ok && !endedEpochs.has(epoch))
  const living = backups.filter(({ epoch }) => !endedEpochs.has(epoch))
  const stay = new Set([...living.slice(-most), ...(lastProved ? [lastProved] : [])])
  for (const gone of backups.filter((one) => !stay.has(one))) rmSync(join(folder, gone.file), { force: true })
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.linli.tmp'))) {
    const path = join(folder, name)
    if (Date.now() - statSync(path).mtimeMs > 86_400_000) rmSync(path, { force: true })
  }
  return backups.filter((one) => stay.has(one))
}
