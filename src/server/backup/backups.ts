// Backups as the house keeps them: made to the sheet and the epoch in use, proved at once, counted, and told to whoever asks.
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { instantOf } from '#core/dates.ts'
import { isProblem } from '#core/problem.ts'
import type { Migration } from '../database/migrate.ts'
import type { KeyRing } from '../keys/ring.ts'
import {
  destroyEpoch,
  endingCode,
  epochAt,
  epochLengths,
  epochsOf,
  exportEpochs,
  lookAtCopy,
  storedEpochs,
  type EpochLength,
  type SecondCopy,
} from './epochs.ts'
import { digestOfFile, makeBackup } from './make.ts'
import { note, readNotes, sheetInUse } from './notes.ts'
import { proveBackup } from './prove.ts'
import { say } from './say.ts'
import { newSheet, readSheet, tidy } from './sheet.ts'
import { keptIn, nameFor, prepareShelf, prune, requireApart, writeList, type Kept } from './shelf.ts'
import type { Progress } from './words.ts'

/** Where backups come from and go to, and how they are kept. */
export type BackupTerms = {
  readonly adminUrl: string
  readonly keysDir: string
  readonly folder: string
  readonly dataDir: string | null
  /** How many are kept. */
  readonly most: number
  readonly epochs: EpochLength
  /** Time of day in Asia/Shanghai, `02:30`. */
  readonly at: string
}

/** Reads the terms from the environment: `LINLI_BACKUPS_KEEP` (30), `LINLI_BACKUP_EPOCH` (month), `LINLI_BACKUP_AT` (02:30). */
export function termsOf(env: Record<string, string | undefined>): Pick<BackupTerms, 'most' | 'epochs' | 'at'> {
  const most = Number(env.LINLI_BACKUPS_KEEP ?? 30)
  const epochs = epochLengths.find((length) => length === env.LINLI_BACKUP_EPOCH) ?? 'month'
  return { most: Number.isInteger(most) && most > 0 ? most : 30, epochs, at: hourOf(env) }
}
const hourOf = (env: Record<string, string | undefined>): string =>
  /^([01]?\d|2[0-3]):[0-5]\d$/.test(env.LINLI_BACKUP_AT ?? '') ? env.LINLI_BACKUP_AT! : '02:30'
/** The same as five fields of cron. */
export const cronOf = (env: Record<string, string | undefined>): string => {
  const [hours, minutes] = hourOf(env).split(':').map(Number)
  return `${minutes} ${hours} * * *`
}

export type Standing = {
  readonly sheet: { readonly id: string; readonly confirmed: string } | null
  readonly folder: string
  /** Whether the folder lies on the same disk as the data; null where that cannot be told. */
  readonly sameDisk: boolean | null
  readonly at: string
  readonly most: number
  readonly kept: readonly Kept[]
  readonly running: { readonly stage: string; readonly rows: number; readonly since: string } | null
  /** The last failure, gone after the next success. */
  readonly failure: { readonly at: string; readonly code: string } | null
  readonly secondCopy: SecondCopy
  readonly epochs: readonly {
    readonly id: string
    readonly from: string
    readonly ended: string | null
    readonly backups: number
  }[]
}

export type Backups = {
  readonly standing: (now: number) => Standing
  /** Makes one and proves it. A failure is noted before it is thrown. */
  readonly make: (now: () => number, options?: { signal?: AbortSignal; progress?: Progress; prove?: boolean }) => Promise<Kept>
  /** Reads the last backup again from the disk and holds it against the digest of when it was made. Throws `backup.changedOnDisk`. */
  readonly check: (now: number) => Promise<Kept | null>
  /** A sheet that counts once some of its groups were typed back; kept nowhere but in memory until then, for an hour. */
  readonly newSheet: (now: number) => { readonly id: string; readonly groups: readonly string[]; readonly ask: readonly number[] }
  /** `typed`: the groups asked for, by place counted from 1. Throws `backup.sheetNotConfirmed`, `backup.sheetGone`. */
  readonly confirmSheet: (id: string, typed: readonly string[], now: number) => void
  /** Writes the second copy of the epoch keys and remembers where. */
  readonly exportEpochs: (path: string) => { path: string; epochs: number }
  /**
   * First without `code`: says which backups would be lost, and the code to copy. With it: destroys the epoch's key, removes its files
   * and brings the second copy up to date where it can be reached. Throws `backup.unknownEpoch`, `backup.wrongCode`.
   */
  readonly endEpoch: (id: string, code: string | undefined, now: number) => Ending
}
type Ending = {
  readonly epoch: string
  readonly from: string
  readonly lost: readonly string[]
  readonly left: number
  readonly code: string
  readonly ended: string | null
  readonly secondCopy: SecondCopy
}

type Pending = { groups: readonly string[]; publicKey: string; ask: readonly number[]; until: number }
const sheetWaits = 3_600_000

/** The keeper's work over one database. `keys` is the open ring. */
export function backupsOf(terms: BackupTerms, keys: KeyRing, migrations: readonly Migration[]): Backups {
  const { keysDir, folder, dataDir } = terms
  const pending = new Map<string, Pending>()
  let running: Standing['running'] = null

  const endedEpochs = (): Set<string> =>
    new Set(
      epochsOf(keys)
        .filter(({ state }) => state === 'destroyed')
        .map(({ id }) => id),
    )

  const make: Backups['make'] = async (now, { signal, progress, prove = true } = {}) => {
    if (running) throw say.running()
    const started = now()
    const told: Progress = (at) => {
      running = { stage: at.stage, rows: at.rows, since: instantOf(started) }
      progress?.(at)
    }
    told({ stage: 'copying', rows: 0 })
    try {
      const sheet = sheetInUse(readNotes(keysDir))
      if (!sheet) throw say.noSheet()
      requireApart(folder, terms)
      prepareShelf(folder)
      const file = nameFor(started, randomBytes(2).toString('hex'))
      const clock = performance.now()
      const { dataKey, ...made } = await makeBackup(
        {
          adminUrl: terms.adminUrl,
          keysDir,
          dataDir,
          sheet,
          epoch: epochAt(keys, started, terms.epochs),
          made: instantOf(started),
          progress: told,
          ...(signal ? { signal } : {}),
        },
        join(folder, file),
      )
      const kept: Kept = { file, ...made, ms: Math.round(performance.now() - clock), proved: null }
      writeList(folder, prune(folder, [...keptIn(folder), kept], terms.most, endedEpochs()))
      refreshCopy(now())
      const proved = prove ? await proof(kept, dataKey, now, told).finally(() => dataKey.fill(0)) : kept
      note(keysDir, (before) => ({ ...before, failure: null }))
      return proved
    } catch (error) {
      noteFailure(error, now())
      throw error
    } finally {
      running = null
    }
  }

  /** Proved while the key is at hand: nobody but the holder of the sheet could do it later. */
  const proof = async (kept: Kept, dataKey: Buffer, now: () => number, progress: Progress): Promise<Kept> => {
    const result = await proveBackup({ file: join(folder, kept.file), key: () => dataKey, migrations, progress }).then(
      () => ({ ok: true, code: null }),
      (error: unknown) => ({ ok: false, code: codeOf(error), error }),
    )
    const after = { ...kept, proved: { at: instantOf(now()), ok: result.ok, code: result.code } }
    writeList(
      folder,
      keptIn(folder).map((one) => (one.file === kept.file ? after : one)),
    )
    if ('error' in result) throw result.error
    return after
  }

  const noteFailure = (error: unknown, at: number) => {
    if (codeOf(error) === say.running().code) return
    try {
      note(keysDir, (before) => ({ ...before, failure: { at: instantOf(at), code: codeOf(error) } }))
    } catch {
      // The key folder cannot be written either; what is thrown says it, and so does the log.
    }
  }

  /** Where the medium is plugged in, the second copy follows by itself; where it is not, the standing says so. */
  const refreshCopy = (now: number) => {
    const { secondCopy } = readNotes(keysDir)
    if (lookAtCopy(keysDir, secondCopy, now).standing === 'behind') toMedium(secondCopy!.path)
  }
  const toMedium = (path: string) => {
    const written = exportEpochs(keysDir, path)
    note(keysDir, (before) => ({ ...before, secondCopy: { path: written.path, at: written.copy.exported } }))
    return { path: written.path, epochs: written.copy.epochs.length }
  }

  return {
    make,
    standing: (now) => {
      const notes = readNotes(keysDir)
      const sheet = sheetInUse(notes)
      const kept = keptIn(folder)
      return {
        sheet: sheet ? { id: sheet.id, confirmed: sheet.confirmed } : null,
        folder,
        sameDisk: sameDisk(folder, dataDir),
        at: terms.at,
        most: terms.most,
        kept,
        running,
        failure: notes.failure,
        secondCopy: lookAtCopy(keysDir, notes.secondCopy, now),
        epochs: epochsOf(keys).map(({ id, created, state, ended }) => ({
          id,
          from: created,
          ended: state === 'destroyed' ? ended : null,
          backups: kept.filter(({ epoch }) => epoch === id).length,
        })),
      }
    },
    check: async (now) => {
      const last = keptIn(folder).at(-1)
      if (!last) return null
      if ((await digestOfFile(join(folder, last.file))) === last.sha256) return last
      const problem = say.changedOnDisk({ file: last.file })
      writeList(
        folder,
        keptIn(folder).map((one) =>
          one.file === last.file ? { ...one, proved: { at: instantOf(now), ok: false, code: problem.code } } : one,
        ),
      )
      noteFailure(problem, now)
      throw problem
    },
    newSheet: (now) => {
      const groups = newSheet()
      const { id, publicKey } = readSheet(groups.join(''))
      const ask = twoOf(groups.length)
      pending.clear()
      pending.set(id, { groups, publicKey, ask, until: now + sheetWaits })
      return { id, groups, ask }
    },
    confirmSheet: (id, typed, now) => {
      const waiting = pending.get(id)
      if (!waiting || waiting.until < now) throw say.sheetGone()
      const wrong = waiting.ask.filter((place, i) => !equal(tidy(typed[i] ?? ''), waiting.groups[place - 1]!))
      if (wrong.length > 0) throw say.sheetNotConfirmed({ groups: wrong.join(', ') })
      note(keysDir, (before) => ({
        ...before,
        sheets: [...before.sheets, { id, publicKey: waiting.publicKey, confirmed: instantOf(now) }],
      }))
      pending.clear()
    },
    exportEpochs: toMedium,
    endEpoch: (id, code, now) => {
      const epoch = epochsOf(keys).find((key) => key.id === id)
      if (!epoch) throw say.unknownEpoch({ epoch: id })
      const kept = keptIn(folder)
      const lost = kept.filter((one) => one.epoch === id)
      const right = endingCode(storedEpochs(keysDir)?.dataId ?? '', id)
      if (code !== undefined && tidy(code) !== tidy(right)) throw say.wrongCode()
      const ended = code === undefined ? null : destroyEpoch(keys, id).ended
      if (ended) {
        refreshCopy(now)
        if (existsSync(folder)) writeList(folder, prune(folder, kept, terms.most, endedEpochs()))
      }
      return {
        epoch: id,
        from: epoch.created,
        lost: lost.map(({ file }) => file),
        left: kept.length - lost.length,
        code: right,
        ended,
        secondCopy: lookAtCopy(keysDir, readNotes(keysDir).secondCopy, now),
      }
    },
  }
}

const codeOf = (error: unknown): string => (isProblem(error) ? error.code : 'backup.unexpected')
const equal = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

/** Two places of a sheet, counted from 1, one of each half. */
function twoOf(groups: number): number[] {
  const half = groups / 2
  const [a, b] = [...randomBytes(2)].map((byte) => byte % half)
  return [a! + 1, half + b! + 1]
}

function sameDisk(folder: string, dataDir: string | null): boolean | null {
  if (!dataDir || !existsSync(folder) || !existsSync(dataDir)) return null
  return statSync(folder).dev === statSync(dataDir).dev
}
