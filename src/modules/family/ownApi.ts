// What a resident can ask and tell on the own page. The cookie of a view opens these and nothing else of the house.
import { z } from 'zod'
import { command, download, query } from '#core/contract.ts'
import { Day, Instant } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import { label, personal } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { MeasuredHow, Temperature } from '#modules/monitoring/model.ts'
import { Place } from '#modules/observation/rules.ts'
import { Source, TeamMember } from '#modules/observation/model.ts'
import { Name } from '#modules/residents/model.ts'
import { Content, Request, Words } from '#modules/services/model.ts'
import { Correction, CorrectionWords, Objection, ObjectionWords, resident, ViewKind } from './model.ts'

const keep = 'response'
const pair = z.object({ zh: z.string(), en: z.string() })
const may = resident

/** One of what the rules offer to choose from. */
const Choice = z.object({ key: z.string(), title: pair })

const OwnOrder = z.object({
  id: Id,
  title: pair,
  source: Source,
  decidingBody: z.string(),
  legalBasis: z.string(),
  document: z.string(),
  place: Place,
  facility: z.string().nullable(),
  from: Day,
  lastDay: Day,
  inForce: z.boolean(),
  /** The first day on which it binds nobody any more; null while it binds. */
  freeSince: Day.nullable(),
  releaseNumber: z.string().nullable(),
  team: z.array(TeamMember.extend({ title: pair })),
  mayObject: z.boolean(),
})
export type OwnOrder = z.infer<typeof OwnOrder>
const OwnCheck = z.object({
  id: Id,
  at: Instant,
  what: pair,
  value: z.string().nullable(),
  said: pair.nullable(),
  fever: z.boolean(),
  mine: z.boolean(),
})
export type OwnCheck = z.infer<typeof OwnCheck>
const OwnObjection = Objection.pick({
  id: true,
  orderId: true,
  document: true,
  body: true,
  words: true,
  receivedAt: true,
  dueOn: true,
  state: true,
  outcome: true,
  answer: true,
  answerDocument: true,
  answeredAt: true,
})
export type OwnObjection = z.infer<typeof OwnObjection>
const OwnCorrection = Correction.pick({ id: true, words: true, askedAt: true, state: true, answer: true, answeredAt: true })
export type OwnCorrection = z.infer<typeof OwnCorrection>
const OwnRequest = Request.pick({
  id: true,
  number: true,
  content: true,
  askedAt: true,
  dueAt: true,
  state: true,
  score: true,
  feedback: true,
  signedBy: true,
  deliveredAt: true,
}).extend({ title: pair, mayRate: z.boolean() })
export type OwnRequest = z.infer<typeof OwnRequest>

const Person = z.object({
  person: Id,
  name: personal(Name, '姓名', 'Name', { mask: 'name', keep: 'register' }),
  self: z.boolean(),
  orders: z.array(OwnOrder),
  checks: z.array(OwnCheck),
})
export type OwnPerson = z.infer<typeof Person>

export const Mine = z.object({
  /** Nothing of a person, only a number to call: nobody who looks over a shoulder learns why. */
  off: z.boolean(),
  communityName: z.string(),
  hotline: z.string(),
  view: z.object({ kind: ViewKind, proxyName: z.string().nullable(), missed: z.int() }).nullable(),
  people: z.array(Person),
  objections: z.array(OwnObjection),
  corrections: z.array(OwnCorrection),
  requests: z.array(OwnRequest),
  feverAt: z.number(),
  symptoms: z.array(Choice),
  categories: z.array(Choice),
  urgencies: z.array(Choice),
  objectionDays: z.int(),
})
export type Mine = z.infer<typeof Mine>
/** Whom it shows beside the own person: to read of oneself is no look. */
const looks = ({ people }: Mine) => people.filter((one) => !one.self).map((one) => one.person)

export const mine = query('family.mine', {
  title: text('我的页面', 'My page'),
  may,
  shows: 'full',
  looks,
  input: z.object({}),
  output: Mine,
})

const person = label(Id, '谁', 'Who')
export const report = command('family.report', {
  title: text('报告体温和身体情况', 'Report temperature and how I feel'),
  may,
  input: z.object({
    person,
    temperature: personal(Temperature.nullable(), '体温', 'Temperature', { keep, mask: 'text' }),
    measuredHow: label(MeasuredHow.nullable(), '测量部位', 'Measured'),
    symptoms: personal(z.array(z.string().max(30)).max(20), '不舒服', 'Symptoms', { keep, mask: 'text' }),
    words: personal(z.string().trim().max(200).nullish(), '还想说的', 'Anything else', { keep, mask: 'text', long: true }),
  }),
  output: z.object({ id: Id, fever: z.boolean() }),
})

export const askHelp = command('family.askHelp', {
  title: text('请求帮助', 'Ask for help'),
  may,
  input: z.object({ category: z.string().max(30), urgency: z.string().max(30), content: Content }),
  output: z.object({ id: Id }),
})
export const rate = command('family.rate', {
  title: text('评价服务', 'Say how it was'),
  may,
  input: z.object({ request: Id, score: z.int().min(1).max(5), words: Words.nullish() }),
  output: z.object({ id: Id }),
})

export const object = command('family.object', {
  title: text('提出异议', 'Object'),
  may,
  input: z.object({ order: Id, words: ObjectionWords }),
  output: z.object({ id: Id, dueOn: Day }),
})
export const withdraw = command('family.withdraw', {
  title: text('撤回异议', 'Withdraw an objection'),
  may,
  input: z.object({ objection: Id }),
  output: z.object({ id: Id }),
})
export const askCorrection = command('family.askCorrection', {
  title: text('要求更正资料', 'Ask for a correction'),
  may,
  input: z.object({ person, words: CorrectionWords }),
  output: z.object({ id: Id }),
})

const CopyLine = z.object({
  group: pair,
  name: pair,
  value: personal(z.string(), '内容', 'What is kept', { keep }),
})
export type CopyLine = z.infer<typeof CopyLine>
export const copy = query('family.copy', {
  title: text('我的资料', 'What is kept about me'),
  may,
  shows: 'full',
  looks: ({ self, persons }) => (self ? [] : persons),
  input: z.object({}),
  output: z.object({ takenAt: Instant, self: z.boolean(), persons: z.array(Id), rows: z.array(CopyLine) }),
})
/** The same as a file that any phone or computer opens. */
export const copyFile = download('family.copyFile', {
  title: text('下载我的资料', 'Download what is kept about me'),
  may,
  shows: 'full',
  input: z.object({}),
  output: CopyLine,
})

/** Addresses that a view's cookie opens. */
export const ownContracts = [mine, report, askHelp, rate, object, withdraw, askCorrection, copy, copyFile]
