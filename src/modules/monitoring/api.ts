// What monitoring can be asked and told: a check, its correction, the checks of somebody, the round of the day, what is to be verified, the fever path.
import { z } from 'zod'
import { command, query } from '#core/contract.ts'
import { Day, Instant } from '#core/dates.ts'
import { Correction } from '#core/fact.ts'
import { Id } from '#core/ids.ts'
import { label, personal } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { by } from '#modules/identity/model.ts'
import { Check, checkFields, CheckHow } from './model.ts'

const keep = 'response'
/** Who checks, and who reads how somebody is. Health is for those who look after it. */
export const checkers = by('gridWorker', 'gridLeader', 'communityStaff', 'medic', 'communitySecretary')

/** Named by posts wider than one community; others leave it out. */
export const community = label(z.string().regex(/^\d{12}$/).optional(), '社区', 'Community')
export const dutyName = (zh: string, en: string) => label(z.string(), zh, en, { harmless: 'duty name, posted publicly' })

// --- one check --------------------------------------------------------------------------------------------------------

const { kind, value, result, measuredHow, symptoms, proxyName, medication, need, note } = checkFields
const said = {
  kind: kind.default('temperature'), value: value.default(null), measuredHow: measuredHow.default(null), symptoms: symptoms.default(null),
  result: result.default(null), how: label(CheckHow, '方式', 'How'), proxyName: proxyName.default(null), medication: medication.default(null),
  need: need.default(null), note: note.default(null),
  /** Answers of an earlier check of the last day, repeated in one tap: its symptoms, never its temperature. */
  sameAs: label(Id.nullable().default(null), '和上次一样', 'Same as before'),
}
type Said = { how: string; proxyName: string | null; sameAs: string | null; symptoms: string[] | null }
const namesProxy = (c: Said) => c.how === 'proxy' || c.proxyName === null
const repeatsOrSays = (c: Said) => c.sameAs === null || c.symptoms === null

/** One check of one person, whole. */
export const CheckEntry = z.object({ person: label(Id, '居民', 'Person'), ...said })
  .refine(namesProxy, { path: ['proxyName'] }).refine(repeatsOrSays, { path: ['symptoms'] })
export type CheckEntry = z.infer<typeof CheckEntry>
/** A check said anew. `occurredAt` mends a time; left out, the time stays. */
export const CheckCorrection = z.object({ ...said, occurredAt: label(Instant.optional(), '实际时间', 'When it was') })
  .refine(namesProxy, { path: ['proxyName'] }).refine(repeatsOrSays, { path: ['symptoms'] })

/** `day` and `slot`: the window of a duty that it closed, null for a check outside the duties. */
export const CheckShown = Check.extend({
  name: personal(z.string().nullable(), '姓名', 'Name', { keep: 'register', mask: 'name' }),
  recordedByName: dutyName('登记人', 'Recorded by'),
  day: label(Day.nullable(), '任务日期', 'Day of the duty'),
  slot: label(z.string().nullable(), '时段', 'Window', { harmless: 'key of a window' }),
  /** The episode of this person that is underway. */
  episode: Id.nullable(),
})
export type CheckShown = z.infer<typeof CheckShown>

export const record = command('monitoring.record', {
  title: text('登记检查', 'Record a check'), may: checkers, queued: true, input: CheckEntry, output: CheckShown,
})
export const correct = command('monitoring.correct', {
  title: text('更正检查', 'Correct a check'), may: checkers, queued: true, input: z.object({ ...Correction, entry: CheckCorrection }), output: CheckShown,
})
export const withdraw = command('monitoring.withdraw', {
  title: text('撤回检查', 'Withdraw a check'), may: checkers, queued: true, input: z.object(Correction), output: CheckShown,
})

/** Checks of one person or household between two days, the newest first; without days the last fourteen. */
export const checks = query('monitoring.checks', {
  title: text('检查记录', 'Checks'), may: checkers,
  input: z.object({
    community, person: Id.optional(), household: Id.optional(), from: label(Day.optional(), '起', 'From'), to: label(Day.optional(), '止', 'To'),
  }).refine((i) => (i.person === undefined) !== (i.household === undefined), { path: ['person'] }),
  output: z.object({ rows: z.array(CheckShown) }),
})
