// The rules of screening as pure functions: what a household's attempts make of it, what a form accepts, where risk comes from.
import { z } from 'zod'
import { Day, dayOf, zone, type Instant } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { choice, label } from '#core/labels.ts'
import { lowerWins, upperWins, type PolicyKey } from '#core/policy.ts'
import { text } from '#core/text.ts'
import { Questions, type Question } from '#modules/policy/model.ts'
import { Risk, type Answers, type AttemptHow, type Outcome } from './model.ts'

// --- the state of a household -----------------------------------------------------------------------------------------

/** What the attempts of one campaign make of a household, the weightiest first. */
export const HouseholdState = choice({
  covered: text('已覆盖', 'Covered'),
  vacant: text('空置', 'Vacant'),
  moved: text('已搬离', 'Moved away'),
  refused: text('不配合', 'Refused'),
  notice: text('已张贴提示', 'Notice posted'),
  nobody: text('未联系上', 'Nobody there'),
  untouched: text('未排查', 'Not yet tried'),
})
export type HouseholdState = z.infer<typeof HouseholdState>

/** What the rule needs of an attempt that stands. */
export type Tried = {
  readonly root: Id
  readonly countedOn: Day
  readonly occurredAt: Instant
  readonly how: AttemptHow
  readonly outcome: Outcome
}

/**
 * The order of attempts: the day on which they count, then the instant, then the id. A phone's doubted time counts on the day
 * of its arrival, so that it cannot take a day's figure away after the day is over.
 */
export const byTime = (a: Tried, b: Tried): number =>
  a.countedOn < b.countedOn
    ? -1
    : a.countedOn > b.countedOn
      ? 1
      : Date.parse(a.occurredAt) - Date.parse(b.occurredAt) || (a.root < b.root ? -1 : a.root > b.root ? 1 : 0)

export type Standing = {
  readonly state: HouseholdState
  readonly channel: 'phone' | 'door' | null
  readonly coveredOn: Day | null
  readonly last: Tried | null
}

/**
 * A household is covered once somebody spoke with it; the channel is that of the first time. A notice is not a household reached.
 * S4a, 4a.5: call, then visit, then notice; 5,815 of 5,926 covered though 1,150 sheets were posted.
 * The order in which attempts arrive makes no difference.
 */
export function householdState(attempts: readonly Tried[]): Standing {
  const inOrder = [...attempts].sort(byTime)
  const last = inOrder.at(-1) ?? null
  const first = inOrder.find((a) => a.outcome === 'reached')
  if (first) return { state: 'covered', channel: first.how === 'phone' ? 'phone' : 'door', coveredOn: first.countedOn, last }
  return { state: notCovered(inOrder), channel: null, coveredOn: null, last }
}

function notCovered(inOrder: readonly Tried[]): HouseholdState {
  const empty = inOrder.findLast((a) => a.outcome === 'vacant' || a.outcome === 'moved')
  if (empty) return empty.outcome as 'vacant' | 'moved'
  if (inOrder.some((a) => a.outcome === 'refused')) return 'refused'
  if (inOrder.some((a) => a.how === 'notice')) return 'notice'
  return inOrder.length ? 'nobody' : 'untouched'
}

/** States to which it is worth going back. */
export const revisited: readonly HouseholdState[] = ['refused', 'notice', 'nobody']

export const DayPart = choice({
  morning: text('上午', 'Morning'),
  afternoon: text('下午', 'Afternoon'),
  evening: text('晚上', 'Evening'),
})
export type DayPart = z.infer<typeof DayPart>

/** Before noon, before six in the evening, later; on the clock in Shanghai. */
export function partOf(at: Instant): DayPart {
  const { hour } = Temporal.Instant.from(at).toZonedDateTimeISO(zone)
  return hour < 12 ? 'morning' : hour < 18 ? 'afternoon' : 'evening'
}

/** When to try again: a part of the day that was tried least often, the evening first, for then people are at home. */
export function nextPart(tried: readonly Instant[]): DayPart {
  const times = (part: DayPart) => tried.filter((at) => partOf(at) === part).length
  return (['evening', 'morning', 'afternoon'] as const).reduce((best, part) => (times(part) < times(best) ? part : best))
}

// --- what the form accepts --------------------------------------------------------------------------------------------

/** Highest and lowest reading that a thermometer for people shows, ℃. */
const thermometer = { from: 34, to: 43 }

function fits(question: Question, answer: Answers[string]): boolean {
  const knows = (code: unknown) => typeof code === 'string' && Object.hasOwn(question.choices ?? {}, code)
  switch (question.kind) {
    case 'yesNo':
      return typeof answer === 'boolean'
    case 'choice':
      return Array.isArray(answer) ? answer.every(knows) : knows(answer)
    case 'text':
      return typeof answer === 'string'
    case 'temperature':
      return typeof answer === 'number' && answer >= thermometer.from && answer <= thermometer.to
    case 'count':
      return typeof answer === 'number' && Number.isInteger(answer) && answer >= 0
    case 'days':
      return (Array.isArray(answer) ? answer : [answer]).every((day) => Day.safeParse(day).success)
  }
}

/** Codes of all symptoms that a form knows. */
export const symptomsOf = (form: Questions): ReadonlySet<string> =>
  new Set(form.filter((q) => q.symptomSet).flatMap((q) => Object.keys(q.choices ?? {})))

/**
 * Keys of what does not fit. `wrong`: not in the form, or of another shape; `keyPersonsOnly`: asked of somebody who is no key person.
 * CAC notice 2020-02-04: the least that is needed, itinerary and contact of key groups only.
 */
export function misfits(form: Questions, said: { symptoms: readonly string[]; answers: Answers }, isKeyPerson: boolean) {
  const known = symptomsOf(form)
  const wrong = said.symptoms.some((code) => !known.has(code)) ? ['symptoms'] : []
  const keyPersonsOnly: string[] = []
  for (const [key, answer] of Object.entries(said.answers)) {
    const question = form.find((q) => q.key === key && !q.symptomSet)
    if (!question || !fits(question, answer)) wrong.push(key)
    else if (question.askedOf === 'keyPersons' && !isKeyPerson) keyPersonsOnly.push(key)
  }
  return { wrong, keyPersonsOnly }
}

// --- rules that the packs decide --------------------------------------------------------------------------------------

const symptomWords = {
  fever: text('发热', 'Fever'),
  cough: text('咳嗽', 'Cough'),
  breathless: text('气促', 'Shortness of breath'),
  fatigue: text('乏力', 'Fatigue'),
  soreThroat: text('咽痛', 'Sore throat'),
  diarrhoea: text('腹泻', 'Diarrhoea'),
  rash: text('皮疹', 'Rash'),
  jointPain: text('关节痛', 'Joint pain'),
  other: text('其他不适', 'Something else'),
}

/** The questions of a campaign. The level that orders a form decides it: nobody below adds questions to it (lesson 1, 表格抗疫). */
export const screeningForm: PolicyKey<Questions> = upperWins('screening.form', {
  title: text('排查表问题', 'Questions of the screening form'),
  schema: Questions,
  unset: [
    {
      key: 'symptoms',
      kind: 'choice',
      symptomSet: true,
      askedOf: 'all',
      choices: symptomWords,
      text: text('现在有没有不舒服？', 'Does anybody feel unwell?'),
      why: text('尽早发现需要帮助的人', 'To find early who needs help'),
    },
  ],
})

const Prefix = z.string().regex(/^\d{2,12}$/)
export const SourceRisks = z.object({
  byArea: label(z.record(Prefix, Risk), '各地风险', 'Risk by area'),
  otherwise: label(Risk, '其余地区', 'Anywhere else'),
})
export type SourceRisks = z.infer<typeof SourceRisks>

/** How risky it was to be where: published by the level above, changing by the day, therefore kept with its version. */
export const sourceRisk: PolicyKey<SourceRisks> = upperWins('screening.sourceRisk', {
  title: text('来源地风险等级', 'Risk of places of origin'),
  schema: SourceRisks,
  unset: { byArea: {}, otherwise: 'unknown' },
})

/** The risk of the narrowest area that is listed and holds the origin; unknown where the origin is. */
export function riskOf(risks: SourceRisks, originCode: string | null): Risk {
  if (!originCode) return 'unknown'
  const narrowest = Object.keys(risks.byArea)
    .filter((code) => originCode.startsWith(code))
    .sort((a, b) => b.length - a.length)[0]
  return narrowest ? risks.byArea[narrowest]! : risks.otherwise
}

/** Hours after which a household that was not reached stands on the list again. */
export const revisitAfter: PolicyKey<number> = lowerWins('screening.revisitAfterHours', {
  title: text('再次走访间隔', 'Time until the next try'),
  schema: label(z.number().min(0).max(240), '间隔', 'Time', { unit: text('小时', 'h') }),
  unset: 4,
})

/** Whether a fact belongs to a campaign by its time: a phone may bring what was done before the closing hours after it. */
export const takenBy = (
  campaign: { state: string; startsOn: Day; closedAt: Instant | null },
  at: { occurredAt: Instant; recordedAt: Instant; clockDoubt: unknown },
): boolean =>
  campaign.state === 'open' ||
  (campaign.closedAt !== null &&
    at.clockDoubt === null &&
    at.occurredAt <= campaign.closedAt &&
    dayOf(at.occurredAt) >= campaign.startsOn)
