// Makes one backup: one snapshot, read by the keeper, compressed and closed on its way to the disk. Memory does not grow with the data.
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress } from 'node:zlib'
import pg from 'pg'
import { bytesOf, keptFiles } from './also.ts'
import { closing } from './chunks.ts'
import { copyOut, RowSum } from './copy.ts'
import { dataFrame, wordsFrame } from './frames.ts'
import { newHead, type Head } from './head.ts'
import type { KnownSheet } from './notes.ts'
import { packRing } from './ring.ts'
import { say } from './say.ts'
import { become, columnsOf, countersOf, nameOf, ourTables, plainSpelling, signInTables, type Table } from './tables.ts'
import type { Progress, Words, WaitingJob } from './words.ts'

export type Source = {
  /** May act as keeper and owner. */
  readonly adminUrl: string
  readonly keysDir: string
  /** Where folders beside the database lie; null where there are none. */
  readonly dataDir: string | null
  readonly sheet: Pick<KnownSheet, 'id' | 'publicKey'>
  readonly epoch: { readonly id: string; readonly bytes: Buffer }
  /** ISO instant. */
  readonly made: string
  readonly progress?: Progress
  readonly signal?: AbortSignal
}

/** `dataKey` opens this file and nothing else; whoever made it may prove it, then forgets the key. */
type MadeFile = Pick<Head, 'sheet' | 'epoch' | 'made'> & {
  readonly bytes: number
  readonly sha256: string
  readonly tables: number
  readonly rows: number
  readonly files: number
  readonly dataKey: Buffer
}

/** One backup at a time for each database: a session lock, so a killed one lets go. */
const lockKey = 20_200_125

/** Writes a backup to the file `to`, whole or not at all. Throws the problems of say.ts. */
export async function makeBackup(source: Source, to: string): Promise<MadeFile> {
  const client = new pg.Client({ connectionString: source.adminUrl })
  // A connection that breaks while a table is read fails that read; the event itself needs no second answer.
  client.on('error', () => {})
  await client.connect()
  const waiting = `${to}.tmp`
  try {
    const {
      rows: [lock],
    } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [lockKey])
    if (!lock!.got) throw say.running()
    const made = await written(client, source, waiting)
    await rename(waiting, to)
    return made
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOSPC') throw say.full({ folder: to })
    throw error
  } finally {
    await rm(waiting, { force: true })
    await client.end().catch(() => {})
  }
}

async function written(client: pg.Client, source: Source, waiting: string): Promise<MadeFile> {
  await client.query(`begin isolation level repeatable read read only; ${plainSpelling}; set local search_path = ''`)
  const {
    rows: [meta],
  } = await client.query('select data_id, kind, role_prefix, generation from public.linli_meta')
  const { made, sheet, epoch } = source
  const head = newHead({ dataId: meta.data_id, kind: meta.kind, made }, sheet, epoch)
  const tally = { tables: 0, rows: 0, files: 0 }
  const about = { dataId: meta.data_id, kind: meta.kind, generation: meta.generation }
  const digest = createHash('sha256').update(head.bytes)
  let bytes = head.bytes.length
  const measured = new Transform({
    transform(part: Buffer, _, done) {
      digest.update(part)
      bytes += part.length
      done(null, part)
    },
  })
  const file = createWriteStream(waiting, { flags: 'wx', mode: 0o600 })
  file.write(head.bytes)
  await pipeline(
    Readable.from(framesOfAll(client, source, meta.role_prefix, about, tally), { objectMode: false }),
    createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 3 } }),
    closing(head.dataKey, head.bytes),
    measured,
    file,
    source.signal ? { signal: source.signal } : {},
  )
  await client.query('commit')
  const handle = await open(waiting, 'r+')
  await handle.sync().finally(() => handle.close())
  return { made, sheet: sheet.id, epoch: epoch.id, bytes, sha256: digest.digest('hex'), ...tally, dataKey: head.dataKey }
}

const told = (words: Words): Buffer => wordsFrame(words)

type About = { dataId: string; kind: 'real' | 'demo'; generation: number }
type Tally = { tables: number; rows: number; files: number }

async function* framesOfAll(
  client: pg.Client,
  source: Source,
  prefix: string,
  about: About,
  tally: Tally,
): AsyncGenerator<Buffer> {
  await become(client, prefix, 'owner')
  const { rows: migrations } = await client.query('select name, digest from public.linli_migrations order by name')
  const {
    rows: [server],
  } = await client.query('show server_version')
  const tables = [...(await ourTables(client)), ...(await signInTables(client))]
  yield told({ is: 'head', ...about, postgres: server.server_version, migrations, tables: tables as never })
  // After the snapshot began: keys that its rows need are there by now.
  for (const part of packRing(source.keysDir)) yield told({ is: 'ring', ...part })
  for (const [at, table] of tables.entries()) {
    if (table.columns.length === 0) continue
    yield told({ is: 'table', at })
    yield* rowsOf(client, prefix, table, source, tally)
  }
  yield* filesOf(source, tally)
  const jobs = await waitingJobs(client, prefix)
  for (const job of jobs) yield told({ is: 'job', ...job })
  await become(client, prefix, 'owner')
  yield told({ is: 'end', counters: await countersOf(client), rows: tally.rows, files: tally.files, jobs: jobs.length })
}

async function* rowsOf(
  client: pg.Client,
  prefix: string,
  table: Table,
  { progress }: Source,
  tally: Tally,
): AsyncGenerator<Buffer> {
  await become(client, prefix, table.by)
  const sum = new RowSum()
  for await (const some of copyOut(client, `copy (select ${columnsOf(table)} from ${nameOf(table)}) to stdout`, sum)) {
    yield dataFrame(some as Buffer)
    progress?.({ stage: 'copying', table: table.name, rows: tally.rows + sum.rows })
  }
  tally.rows += sum.rows
  tally.tables += 1
  yield told({ is: 'tableEnd', rows: sum.rows, sum: sum.sum })
}

async function* filesOf({ dataDir, progress }: Source, tally: Tally): AsyncGenerator<Buffer> {
  if (!dataDir) return
  for (const { at, ...file } of keptFiles(dataDir)) {
    const digest = createHash('sha256')
    yield told({ is: 'file', ...file })
    for await (const some of bytesOf({ at, bytes: file.bytes })) {
      digest.update(some)
      yield dataFrame(some)
    }
    yield told({ is: 'fileEnd', sha256: digest.digest('hex') })
    tally.files += 1
    progress?.({ stage: 'files', rows: tally.rows })
  }
}

/** Jobs that wait or were under way. Those that run by the clock are left out: they come again by themselves. */
async function waitingJobs(client: pg.Client, prefix: string): Promise<WaitingJob[]> {
  await become(client, prefix, 'jobs')
  const {
    rows: [there],
  } = await client.query<{ there: boolean }>(`select to_regclass('jobs.job') is not null as there`)
  if (!there!.there) return []
  const { rows } =
    await client.query<WaitingJob>(`select name, data, to_char(start_after at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as after,
      singleton_key as singleton
    from jobs.job where state::text in ('created', 'retry', 'active') and name not like E'\\\\_\\\\_pgboss%'
      and name not in (select name from jobs.schedule) order by created_on, id`)
  return rows
}

/** SHA-256 of a file as it lies on the disk, hex. */
export async function digestOfFile(path: string): Promise<string> {
  const digest = createHash('sha256')
  for await (const some of createReadStream(path, { highWaterMark: 1024 * 1024 })) digest.update(some as Buffer)
  return digest.digest('hex')
}
