// What forms and phones send to screening: one attempt whole, its correction, a key person, a returnee.
import { z } from 'zod'
import { Instant, type Day } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import { label } from '#core/labels.ts'
import { HouseholdKind, PersonEntry } from '#modules/residents/model.ts'
import { Answers, Attempt, keyPersonFields, Statement } from './model.ts'

/** What was said of one person. `well` is chosen, and agrees with the symptoms. */
export const StatementEntry = z
  .object({
    person: Id,
    well: Statement.shape.well,
    symptoms: Statement.shape.symptoms.default([]),
    answers: Answers.default({}),
  })
  .refine((s) => s.well === (s.symptoms.length === 0), { path: ['symptoms'] })

/** Somebody who is not in the register yet. The id is born on the phone, so that the same visit can speak of the person. */
export const NewPerson = z.object({ id: Id, entry: PersonEntry })

const { category, arrival, originCode, origin, leftOn, arrivedOn, transport, vehicleNo, travelReason, symptoms, note } =
  keyPersonFields
/** What a form asks of a key person; all but the category may stay open. */
export const aboutKeyPerson = {
  category,
  arrival: arrival.default('arrived'),
  originCode: originCode.default(null),
  origin: origin.default(null),
  leftOn: leftOn.default(null),
  arrivedOn: arrivedOn.default(null),
  transport: transport.default(null),
  vehicleNo: vehicleNo.default(null),
  travelReason: travelReason.default(null),
  symptoms: symptoms.default([]),
  note: note.default(null),
}

type Itinerary = { category: string; origin: string | null; originCode: string | null; leftOn: Day | null; arrivedOn: Day | null }
export const isComplete = (k: Itinerary): boolean => k.category !== 'returnee' || (k.origin !== null && k.arrivedOn !== null)
export const isInOrder = (k: Itinerary): boolean => k.leftOn === null || k.arrivedOn === null || k.leftOn <= k.arrivedOn

/** A returnee needs at least an origin and a day of arrival. */
export const KeyPersonEntry = z
  .object({ id: Id, person: Id, ...aboutKeyPerson })
  .refine(isComplete, { path: ['origin'] })
  .refine(isInOrder, { path: ['arrivedOn'] })

const said = {
  how: Attempt.shape.how,
  outcome: Attempt.shape.outcome,
  parties: Attempt.shape.parties.default([]),
  note: Attempt.shape.note.default(null),
  /** Reached, and no symptom for each in `present`: two taps. Nothing is said of anybody else. */
  allNormal: label(z.literal(true).optional(), '全户正常', 'All well'),
  present: label(z.array(Id).max(60).default([]), '在场人员', 'Who was there'),
  statements: label(z.array(StatementEntry).max(60).default([]), '健康状况', 'How they are'),
}
type Said = {
  how: string
  outcome: string
  allNormal?: true | undefined
  present: string[]
  statements: { person: string }[]
  newPeople?: unknown[]
  keyPersons?: unknown[]
}

const noticeReachesNobody = (a: Said) => a.how !== 'notice' || a.outcome === 'nobody'
const nobodySpeaks = (a: Said) =>
  a.outcome === 'reached' || [a.present, a.statements, a.newPeople ?? [], a.keyPersons ?? []].every((list) => list.length === 0)
const isShort = (a: Said) => (a.allNormal ? a.outcome === 'reached' && a.statements.length === 0 : a.present.length === 0)
const isOnce = (ids: readonly string[]) => new Set(ids).size === ids.length
const saidOnce = (a: Said) => isOnce(a.statements.map((s) => s.person)) && isOnce(a.present)

/** One attempt, whole: it is kept entirely or not at all. */
export const AttemptEntry = z
  .object({
    campaign: Id,
    household: Id,
    ...said,
    photos: Attempt.shape.photos,
    /** A household that is not in the register yet: it is added under the id given as `household`. */
    newHousehold: label(
      z.object({ dwelling: Id, kind: HouseholdKind.default('family') }).optional(),
      '新的一户',
      'A new household',
    ),
    newPeople: label(z.array(NewPerson).max(30).default([]), '新增人员', 'New people'),
    keyPersons: label(z.array(KeyPersonEntry).max(30).default([]), '重点人员', 'Key persons'),
  })
  .refine(noticeReachesNobody, { path: ['outcome'] })
  .refine(nobodySpeaks, { path: ['outcome'] })
  .refine(isShort, { path: ['allNormal'] })
  .refine(saidOnce, { path: ['statements'] })
export type AttemptEntry = z.infer<typeof AttemptEntry>

/** An attempt said anew. `occurredAt` mends a time that the phone got wrong; left out, the time stays, as do photos. */
export const AttemptCorrection = z
  .object({
    household: Id,
    ...said,
    occurredAt: label(Instant.optional(), '实际时间', 'When it was'),
    photos: label(z.array(Id).max(2).optional(), '门上提示照片', 'Photos of the notice'),
  })
  .refine(noticeReachesNobody, { path: ['outcome'] })
  .refine(nobodySpeaks, { path: ['outcome'] })
  .refine(isShort, { path: ['allNormal'] })
  .refine(saidOnce, { path: ['statements'] })
export type AttemptCorrection = z.infer<typeof AttemptCorrection>

/** Somebody who came back and said so, outside any visit. `newPerson` joins `household`, who is known does not need one. */
export const ReturneeEntry = z
  .object({
    person: label(Id.optional(), '居民', 'Person'),
    newPerson: label(PersonEntry.optional(), '新增人员', 'New person'),
    household: label(Id.optional(), '住户', 'Household'),
    ...aboutKeyPerson,
    category: category.default('returnee'),
  })
  .refine(isComplete, { path: ['origin'] })
  .refine(isInOrder, { path: ['arrivedOn'] })
  .refine((r) => (r.person === undefined) !== (r.newPerson === undefined), { path: ['person'] })
  .refine((r) => r.newPerson === undefined || r.household !== undefined, { path: ['household'] })
export type ReturneeEntry = z.infer<typeof ReturneeEntry>
