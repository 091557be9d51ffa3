// What a gate knows for a verdict: the same pages of it at the desk and, closed, on a guard's phone. Pure but for its shapes.
import { z } from 'zod'
import { Day, Instant, dayOf } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import { label, personal } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { PassState } from './model.ts'
import { lastDayOf, PassKind } from './pass.ts'
import { ExitRule, ruleFor, verdict, type AtGate, type Verdict } from './rules.ts'

const Doc = label(z.string(), '依据文件', 'By document', { harmless: 'number of a document' })
const BoundBy = z.object({ document: Doc, until: label(Day.nullable(), '截止', 'Until') })
const keep = 'register'

export const KnownPass = z.object({
  pass: label(z.string(), '通行证号', 'Pass', { harmless: 'random number of a pass' }),
  shortCode: label(z.string(), '短码', 'Code', { harmless: 'a random code' }),
  kind: label(PassKind, '种类', 'Kind'),
  firstDay: label(Day, '起始日', 'First day'),
  days: z.int(),
  state: label(PassState, '状态', 'State'),
})
/** A household as a gate knows it: a keyed reference, masked names, a room; no number, no document of a person, no reason. */
export const GateRow = z.object({
  household: Id,
  reference: label(z.string(), '住户代号', 'Reference', { harmless: 'keyed digest' }),
  room: personal(z.string(), '房号', 'Room', { keep }),
  /** Masked by the server. `bound`: orders and seals in force; null when they could not be asked. */
  people: z.array(
    z.object({
      person: Id,
      name: personal(z.string(), '姓名', 'Name', { keep, mask: 'name' }),
      bound: z.array(BoundBy).nullable(),
    }),
  ),
  passes: z.array(KnownPass),
  /** Exits of the household, emergencies left out, each with the pass that was shown. */
  exits: z.array(z.object({ at: Instant, pass: z.string().nullable() })),
})
export type GateRow = z.infer<typeof GateRow>

const Ruled = z.object({ document: Doc.nullable() })
/** Rules of the gates as they were in force when they were asked for. */
export const GateRules = z.object({
  exits: Ruled.extend({ rules: z.array(ExitRule) }),
  visitors: Ruled.extend({ rule: z.enum(['admitted', 'asked', 'refused']) }),
  hotline: label(z.string(), '电话', 'Telephone', { harmless: 'public telephone' }),
  feverAt: z.number(),
})
export type GateRules = z.infer<typeof GateRules>

export type Asked = {
  readonly direction: 'in' | 'out'
  readonly emergency?: boolean
  readonly who: AtGate['who']
  /** The pass in hand, by its number. */
  readonly pass?: string | undefined
  /** Who of the household stands here, where the guard has compared it. */
  readonly person?: Id | undefined
  /** Looked up by room or telephone and compared. */
  readonly known?: boolean
}

/** The verdict on somebody of a household (undefined: nobody known), with exits that this gate saw since the list was made. */
export function verdictAt(
  row: GateRow | undefined,
  rules: GateRules,
  asked: Asked,
  now: Instant,
  own: GateRow['exits'] = [],
): Verdict {
  const pass = row?.passes.find((one) => one.pass === asked.pass)
  const kind = pass?.kind ?? 'household'
  const rule = ruleFor(rules.exits.rules, kind)
  const exits = [...(row?.exits ?? []), ...own]
  const counted = rule?.counts === 'person' && asked.pass ? exits.filter((e) => e.pass === asked.pass) : exits
  return verdict(
    {
      direction: asked.direction,
      emergency: asked.emergency ?? false,
      who: row || asked.who === 'visitor' ? asked.who : 'unknown',
      card: !pass ? 'none' : goodOn(pass, dayOf(now)) ? 'good' : 'stopped',
      known: asked.known ?? false,
      bound: boundOf(row, asked.person),
      rule: rule ? { rule, document: rules.exits.document } : null,
      visitors: rules.visitors,
      exits: counted.map((e) => e.at),
      hotline: rules.hotline,
    },
    now,
  )
}

const goodOn = (pass: z.infer<typeof KnownPass>, day: Day): boolean =>
  pass.state === 'good' && pass.firstDay <= day && day <= lastDayOf(pass)

/** What binds whoever stands here. Nobody chosen in a household where one is bound and another is not: that cannot be known. */
function boundOf(row: GateRow | undefined, person: Id | undefined): AtGate['bound'] {
  if (!row) return []
  const one = row.people.find((p) => p.person === person)
  if (one) return one.bound ?? undefined
  if (row.people.some((p) => p.bound === null)) return undefined
  const all = row.people.map((p) => p.bound!)
  return all.every((bound) => bound.length > 0) ? all.flat() : all.some((bound) => bound.length > 0) ? undefined : []
}

/** Whether the guard has to ask who of the household stands here. */
export const mustChoose = (row: GateRow): boolean =>
  row.people.length > 1 && row.people.some((p) => p.bound === null || p.bound.length > 0)

export const VerdictShown = z.object({
  answer: label(z.enum(['allowed', 'ask', 'refused']), '判定', 'Verdict', {
    choices: { allowed: text('放行', 'Allowed'), ask: text('询问', 'Ask'), refused: text('暂不放行', 'Refused') },
  }),
  why: z.string(),
  say: z.object({ zh: z.string(), en: z.string() }),
  document: Doc.nullable(),
  next: Instant.nullable(),
})
