// What can be asked and told of backups.
import { z } from 'zod'
import { command, query } from '#core/contract.ts'
import { text } from '#core/text.ts'
import { by } from '#modules/identity/model.ts'
import { BackupLine, CopyStanding, Work } from './model.ts'

const keepers = by('administrator')
const Pair = z.object({ zh: z.string(), en: z.string() })

export const Standing = z.object({
  sheet: z.object({ id: z.string(), confirmed: z.string() }).nullable(),
  folder: z.string(),
  sameDisk: z.boolean().nullable(),
  /** Time of day of the scheduled backup, and the instant of the next. */
  at: z.string(),
  next: z.string(),
  most: z.int(),
  running: z.object({ stage: z.string(), rows: z.int() }).nullable(),
  failure: z.object({ at: z.string(), words: Pair }).nullable(),
  secondCopy: z.object({ standing: CopyStanding, path: z.string().nullable(), days: z.int().nullable(), words: z.array(Pair) }),
  /** Newest first. */
  backups: z.array(BackupLine),
})
export type Standing = z.infer<typeof Standing>

export const standing = query('backups.standing', {
  title: text('备份情况', 'How the backups stand'),
  may: keepers,
  input: z.object({}),
  output: Standing,
})

export const work = command('backups.work', {
  title: text('备份', 'Back up'),
  may: keepers,
  input: z.object({ what: Work }),
  output: z.object({ what: Work }),
})

/** `groups` is empty when it is asked for again: a sheet is shown once. `ask`: which groups are to be typed back, counted from 1. */
export const newSheet = command('backups.newSheet', {
  title: text('制作恢复单', 'Make a recovery sheet'),
  may: keepers,
  input: z.object({}),
  output: z.object({ id: z.string(), groups: z.array(z.string()), ask: z.array(z.int()) }),
})

export const confirmSheet = command('backups.confirmSheet', {
  title: text('确认恢复单', 'Confirm the recovery sheet'),
  may: keepers,
  secret: ['typed'],
  input: z.object({ id: z.string().max(20), typed: z.array(z.string().max(20)).length(2) }),
  output: z.object({ id: z.string() }),
})
