// What the frames of a backup say, in their order: head, ring, each table with its rows, files, jobs that wait, end.
import { z } from 'zod'
import { RingPart } from './ring.ts'

const TableWords = z.object({
  schema: z.enum(['public', 'auth']),
  name: z.string(),
  columns: z.array(z.string()),
  by: z.enum(['keeper', 'owner', 'auth']),
  make: z.array(z.string()).optional(),
  finish: z.array(z.string()).optional(),
})
const CounterWords = z.object({ table: z.string(), column: z.string(), last: z.string(), called: z.boolean() })
/** A job that was waiting; `after` the instant before which it does not run. */
export const WaitingJob = z.object({
  name: z.string(),
  data: z.unknown(),
  after: z.string().nullable(),
  singleton: z.string().nullable(),
})
export type WaitingJob = z.infer<typeof WaitingJob>

/** `migrations`: the level of the database, by name and digest of each file that has run. */
export const HeadWords = z.object({
  is: z.literal('head'),
  dataId: z.string(),
  kind: z.enum(['real', 'demo']),
  generation: z.int(),
  postgres: z.string(),
  migrations: z.array(z.object({ name: z.string(), digest: z.string() })),
  tables: z.array(TableWords),
})
export type HeadWords = z.infer<typeof HeadWords>

export const Words = z.discriminatedUnion('is', [
  HeadWords,
  RingPart.extend({ is: z.literal('ring') }),
  z.object({ is: z.literal('table'), at: z.int() }),
  z.object({ is: z.literal('tableEnd'), rows: z.int(), sum: z.string() }),
  z.object({ is: z.literal('file'), of: z.string(), path: z.string(), bytes: z.int() }),
  z.object({ is: z.literal('fileEnd'), sha256: z.string() }),
  WaitingJob.extend({ is: z.literal('job') }),
  z.object({ is: z.literal('end'), counters: z.array(CounterWords), rows: z.int(), files: z.int(), jobs: z.int() }),
])
export type Words = z.infer<typeof Words>

/** How far a backup or a restore has come. */
export type Progress = (at: {
  readonly stage: 'copying' | 'restoring' | 'comparing' | 'files'
  readonly table?: string
  readonly rows: number
}) => void
