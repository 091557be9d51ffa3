// Restores one backup into an empty database, in one transaction: all of it, compared row by row with what was saved, or nothing.
import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { pipeline, type Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { createZstdDecompress } from 'node:zlib'
import pg from 'pg'
import { migrate, type Login, type Migration } from '../database/migrate.ts'
import { placeOf, takenFolder } from './also.ts'
import { opening } from './chunks.ts'
import { copyIn, copyOut, RowSum } from './copy.ts'
import { framesOf } from './frames.ts'
import { readHead, type Head, type ReadHead } from './head.ts'
import type { RingPart } from './ring.ts'
import { say } from './say.ts'
import { become, columnsOf, nameOf, plainSpelling, type Counter } from './tables.ts'
import { Words, type HeadWords, type Progress, type WaitingJob } from './words.ts'

export type Restoring = {
  readonly file: string
  /** An empty database; may make roles. */
  readonly adminUrl: string
  /** All migrations of this version, in register order. */
  readonly migrations: readonly Migration[]
  /** Finds the data key: from sheet and epoch key, or from memory right after the backup. */
  readonly key: (head: ReadHead) => Buffer
  /** Puts the ring of the backup where it belongs, before any row is read; answers the working login. */
  readonly ring: (parts: readonly RingPart[], head: Head) => Login
  /** Data directory for the folders beside the database; null: they are compared only. */
  readonly filesTo: string | null
  readonly progress?: Progress
}

/** `generation` is the one that begins with this restore; `level` how many migrations the backup had, `ahead` how many came since. */
export type Restored = {
  readonly head: Head
  readonly tables: number
  readonly rows: number
  readonly files: number
  readonly generation: number
  readonly level: number
  readonly ahead: number
  readonly jobs: readonly WaitingJob[]
}

/** Reads the head of a file. Throws `backup.noFile`, `backup.notABackup`, `backup.altered`, `backup.cutShort`. */
export async function headOf(file: string): Promise<ReadHead> {
  let handle: FileHandle
  try {
    handle = await open(file, 'r')
  } catch {
    throw say.noFile({ file })
  }
  try {
    const start = Buffer.alloc(8192)
    const { bytesRead } = await handle.read(start, 0, start.length, 0)
    return readHead(start.subarray(0, bytesRead), file)
  } finally {
    await handle.close()
  }
}

/** Throws `backup.notEmpty` unless nothing was ever made in this database. */
async function requireEmpty(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query(`select from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname not like 'pg\\_%'
      and c.relkind in ('r', 'p', 'v', 'm', 'S') limit 1`)
  if (rows.length > 0) throw say.notEmpty()
}

/** Restores to the level of the backup; whoever calls brings the database forward. Throws the problems of say.ts; then nothing was committed. */
export async function restoreInto(restoring: Restoring): Promise<Restored> {
  const { file, adminUrl, filesTo } = restoring
  const found = await headOf(file)
  const dataKey = restoring.key(found)
  const client = new pg.Client({ connectionString: adminUrl })
  client.on('error', () => {})
  await client.connect()
  try {
    await requireEmpty(client)
    const taken = filesTo ? takenFolder(filesTo) : undefined
    if (taken) throw say.filesThere({ folder: taken })
    return await fill(client, restoring, found, dataKey)
  } finally {
    await client.end().catch(() => {})
  }
}

async function fill(client: pg.Client, restoring: Restoring, found: ReadHead, dataKey: Buffer): Promise<Restored> {
  const { file } = restoring
  const unzipped = createZstdDecompress()
  const bytes = await headBytes(file, found.bytes)
  pipeline(
    createReadStream(file, { start: found.bytes, highWaterMark: 1024 * 1024 }),
    opening(dataKey, bytes, file),
    unzipped,
    () => {},
  )
  const filling = new Filling(client, restoring, found.head)
  try {
    for await (const frame of framesOf(unzipped as AsyncIterable<Buffer>, file)) {
      if ('data' in frame) await filling.take(frame.data)
      else await filling.hear(wordsOf(frame.words, file))
    }
    return await filling.done()
  } finally {
    await filling.leave()
  }
}

async function headBytes(file: string, bytes: number): Promise<Buffer> {
  const handle = await open(file, 'r')
  const head = Buffer.alloc(bytes)
  await handle.read(head, 0, bytes, 0).finally(() => handle.close())
  return head
}

function wordsOf(words: unknown, file: string): Words {
  const read = Words.safeParse(words)
  if (!read.success) throw say.altered({ file })
  return read.data
}

type Table = HeadWords['tables'][number]

/** One restore under way: hears the frames in their order. */
class Filling {
  readonly #client: pg.Client
  readonly #restoring: Restoring
  readonly #head: Head
  readonly #ring: RingPart[] = []
  readonly #jobs: WaitingJob[] = []
  readonly #sums: { table: Table; rows: number; sum: string }[] = []
  #about: HeadWords | undefined
  #prefix = ''
  #table: { of: Table; into: Writable } | undefined
  #file: { handle: FileHandle | undefined; digest: Hash; left: number } | undefined
  #rows = 0
  #files = 0
  #end: Extract<Words, { is: 'end' }> | undefined

  constructor(client: pg.Client, restoring: Restoring, head: Head) {
    this.#client = client
    this.#restoring = restoring
    this.#head = head
  }

  async hear(words: Words): Promise<void> {
    if (words.is === 'head') return void (this.#about = this.#known(words))
    if (words.is === 'ring') return void this.#ring.push({ file: words.file, words: words.words })
    if (!this.#prefix) await this.#begin()
    if (words.is === 'table') return this.#openTable(words.at)
    if (words.is === 'tableEnd') return this.#closeTable(words)
    if (words.is === 'file') return this.#openFile(words)
    if (words.is === 'fileEnd') return this.#closeFile(words.sha256)
    if (words.is === 'job') {
      return void this.#jobs.push({ name: words.name, data: words.data, after: words.after, singleton: words.singleton })
    }
    this.#end = words
  }

  async take(data: Buffer): Promise<void> {
    if (this.#table) {
      const { into } = this.#table
      if (!into.write(data)) await drained(into)
      return
    }
    if (!this.#file) throw this.#altered()
    this.#file.digest.update(data)
    this.#file.left -= data.length
    await this.#file.handle?.write(data)
  }

  /** Compares, mends the guards, raises the generation, commits. */
  async done(): Promise<Restored> {
    const about = this.#about
    const end = this.#end
    if (!about || !end || end.jobs !== this.#jobs.length || end.rows !== this.#rows || end.files !== this.#files)
      throw this.#altered()
    for (const one of this.#sums) await this.#compare(one)
    await this.#guardAgain(about)
    await this.#setCounters(end.counters)
    const {
      rows: [meta],
    } = await this.#client.query<{ generation: number }>(
      'update public.linli_meta set data_id = $1, keys_made = true, generation = greatest($2 + 1, $3) returning generation',
      [about.dataId, about.generation, minutesNow()],
    )
    await this.#client.query('commit')
    return {
      head: this.#head,
      tables: this.#sums.length,
      rows: this.#rows,
      files: this.#files,
      generation: meta!.generation,
      level: about.migrations.length,
      ahead: this.#restoring.migrations.length - about.migrations.length,
      jobs: this.#jobs,
    }
  }

  /** Whatever happened, no file stays open; an unfinished transaction ends with its connection. */
  async leave(): Promise<void> {
    this.#table?.into.destroy()
    await this.#file?.handle?.close()
  }

  #altered() {
    return say.altered({ file: this.#restoring.file })
  }

  /** Takes the head when this version knows each migration that the backup has. */
  #known(about: HeadWords): HeadWords {
    if (about.dataId !== this.#head.dataId || about.kind !== this.#head.kind) throw this.#altered()
    const ours = new Map(this.#restoring.migrations.map((m) => [m.name, createHash('sha256').update(m.sql).digest('hex')]))
    for (const { name, digest } of about.migrations) {
      if (!ours.has(name)) throw say.newerData({ file: name })
      if (ours.get(name) !== digest) throw say.otherMigration({ file: name })
    }
    return about
  }

  /** The ring, then the empty tables of the backup's own level, then one transaction for all that follows. */
  async #begin(): Promise<void> {
    const about = this.#about
    if (!about) throw this.#altered()
    const { adminUrl, migrations, ring } = this.#restoring
    const login = ring(this.#ring, this.#head)
    const had = new Set(about.migrations.map(({ name }) => name))
    const meta = await migrate(
      adminUrl,
      about.kind,
      migrations.filter(({ name }) => had.has(name)),
      async () => login,
    )
    this.#prefix = meta.rolePrefix
    await this.#client.query(`begin; ${plainSpelling}`)
    await become(this.#client, this.#prefix, 'owner')
    const ours = about.tables.filter(({ schema }) => schema === 'public')
    // Row security would stop COPY even for the owner; it is lifted inside this transaction only.
    for (const table of ours.filter(({ by }) => by === 'keeper')) {
      await this.#client.query(`alter table ${nameOf(table)} no force row level security`)
    }
    await this.#client.query(`truncate ${ours.map(nameOf).join(', ')}`)
    await become(this.#client, this.#prefix, 'auth')
    for (const { make } of about.tables) for (const statement of make ?? []) await this.#client.query(statement)
  }

  async #openTable(at: number): Promise<void> {
    const of = this.#about?.tables[at]
    if (!of || this.#table || this.#file) throw this.#altered()
    await this.#as(of)
    const into = copyIn(this.#client, `copy ${nameOf(of)} (${columnsOf(of)}) from stdin`)
    // An error reaches whoever writes or ends; without a listener it would end the process first.
    into.on('error', () => {})
    this.#table = { of, into }
  }

  async #closeTable({ rows, sum }: { rows: number; sum: string }): Promise<void> {
    if (!this.#table) throw this.#altered()
    const { of, into } = this.#table
    into.end()
    await finished(into)
    this.#table = undefined
    this.#sums.push({ table: of, rows, sum })
    this.#rows += rows
    this.#restoring.progress?.({ stage: 'restoring', table: of.name, rows: this.#rows })
  }

  async #openFile(file: { of: string; path: string; bytes: number }): Promise<void> {
    if (this.#table || this.#file) throw this.#altered()
    const { filesTo } = this.#restoring
    const place = filesTo === null ? undefined : placeOf(file, filesTo)
    if (filesTo !== null && place === undefined) throw this.#altered()
    this.#file = { handle: place ? await open(place, 'wx', 0o600) : undefined, digest: createHash('sha256'), left: file.bytes }
  }

  async #closeFile(sha256: string): Promise<void> {
    const file = this.#file
    if (!file || file.left !== 0 || file.digest.digest('hex') !== sha256) throw this.#altered()
    await file.handle?.sync()
    await file.handle?.close()
    this.#file = undefined
    this.#files += 1
    this.#restoring.progress?.({ stage: 'files', rows: this.#rows })
  }

  async #compare({ table, rows, sum }: { table: Table; rows: number; sum: string }): Promise<void> {
    await this.#as(table)
    const mine = new RowSum()
    await finished(copyOut(this.#client, `copy (select ${columnsOf(table)} from ${nameOf(table)}) to stdout`, mine).resume())
    if (mine.rows !== rows || mine.sum !== sum) throw say.unequal({ table: table.name })
    this.#restoring.progress?.({ stage: 'comparing', table: table.name, rows })
  }

  async #guardAgain({ tables }: HeadWords): Promise<void> {
    await become(this.#client, this.#prefix, 'auth')
    for (const { finish } of tables) for (const statement of finish ?? []) await this.#client.query(statement)
    await become(this.#client, this.#prefix, 'owner')
    for (const table of tables.filter(({ by }) => by === 'keeper')) {
      await this.#client.query(`alter table ${nameOf(table)} force row level security`)
    }
    for (const table of tables.filter(({ schema }) => schema === 'public')) await this.#client.query(`analyze ${nameOf(table)}`)
  }

  async #setCounters(counters: readonly Counter[]): Promise<void> {
    for (const { table, column, last, called } of counters) {
      await this.#client.query('select setval(pg_get_serial_sequence($1, $2), $3::bigint, $4)', [
        nameOf({ schema: 'public', name: table }),
        column,
        last,
        called,
      ])
    }
  }

  #as({ by }: Table): Promise<void> {
    return become(this.#client, this.#prefix, by === 'auth' ? 'auth' : 'owner')
  }
}

/** Rises above every generation that any restore of these data has had, also one of the same backup that was given up. */
const minutesNow = (): number => Math.floor((Date.now() - Date.UTC(2020, 0, 1)) / 60_000)

const drained = (into: Writable): Promise<void> =>
  new Promise((resolve, reject) => {
    const off = () => {
      into.off('drain', ok).off('error', no)
    }
    const ok = () => {
      off()
      resolve()
    }
    const no = (error: Error) => {
      off()
      reject(error)
    }
    into.once('drain', ok).once('error', no)
  })
