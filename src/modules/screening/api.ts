// What screening can be asked and told: campaigns, attempts and their correction, key persons, lists, plan, a grid for a phone, sheets.
import { z } from 'zod'
import { command, download, query } from '#core/contract.ts'
import { exportTerms } from '#core/exports.ts'
import { Day, Instant } from '#core/dates.ts'
import { Correction } from '#core/fact.ts'
import { Id } from '#core/ids.ts'
import { label, personal } from '#core/labels.ts'
import { importing } from '#core/imports.ts'
import { pageOf, paging } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { by } from '#modules/identity/model.ts'
import { PrivacyNotice, Questions } from '#modules/policy/model.ts'
import { Address, HouseholdKind, Name, Sex, Tag } from '#modules/residents/model.ts'
import { Use } from '#modules/territory/model.ts'
import { aboutKeyPerson, AttemptCorrection, AttemptEntry, isComplete, isInOrder, ReturneeEntry } from './entries.ts'
import {
  Answers,
  Attempt,
  AttemptHow,
  Campaign,
  FollowUp,
  followUpFields,
  KeyPerson,
  keyPersonFields,
  Outcome,
  Statement,
} from './model.ts'
import { ReturneeRow } from './returneeList.ts'
import { DayPart, HouseholdState } from './rules.ts'

const workers = by('gridWorker', 'gridLeader', 'communityStaff', 'communitySecretary')
const readers = by(
  'gridWorker',
  'gridLeader',
  'communityStaff',
  'communitySecretary',
  'subdistrictOfficer',
  'districtOfficer',
  'auditor',
)
const secretary = by('communitySecretary')

/** Named by posts wider than one community; others leave it out. */
const community = label(
  z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  '社区',
  'Community',
)
const area = label(
  z
    .string()
    .regex(/^(\d{12}|\d{14}|\d{17})$/)
    .optional(),
  '范围',
  'Area',
)
/** The campaign asked about; left out: the one that is open where the caller works, else the last one there. */
const campaign = label(Id.optional(), '排查', 'Campaign')
const count = (zh: string, en: string) => label(z.int(), zh, en)
const sheets = (en: string) => label(z.int(), '张贴提示', en, { unit: text('张', 'sheets') })
const dutyName = (zh: string, en: string) => label(z.string(), zh, en, { harmless: 'duty name, posted publicly' })
const placeName = (zh: string, en: string) => label(z.string(), zh, en, { harmless: 'name of a place' })
const keep = 'response'
const HeadName = personal(z.string().nullable(), '户主', 'Head', { mask: 'name', keep })
const Phone = personal(z.string().nullable(), '联系电话', 'Phone', { mask: 'phone', keep })

// --- campaigns --------------------------------------------------------------------------------------------------------

export const openCampaign = command('screening.openCampaign', {
  title: text('启动排查', 'Open a campaign'),
  may: secretary,
  input: z.object({
    title: Campaign.shape.title,
    area: Campaign.shape.area,
    startsOn: label(Day.optional(), '开始日期', 'Starts on', { hint: text('不填即今天', 'Empty: today') }),
    dueOn: Campaign.shape.dueOn.default(null),
  }),
  output: Campaign,
})
export const closeCampaign = command('screening.closeCampaign', {
  title: text('结束排查', 'Close the campaign'),
  may: secretary,
  input: z.object({ campaign: Id }),
  output: Campaign,
})

const CampaignShown = Campaign.extend({
  areaName: placeName('范围', 'Area'),
  openedByName: dutyName('启动人', 'Opened by'),
  households: count('应排户', 'Households'),
  covered: count('已覆盖', 'Covered'),
})
export type CampaignShown = z.infer<typeof CampaignShown>
export const campaigns = query('screening.campaigns', {
  title: text('历次排查', 'Campaigns'),
  may: readers,
  input: z.object({ community }),
  output: z.object({ rows: z.array(CampaignShown) }),
})
/** The campaign where the caller works, with what is asked in it and what people are told first; null where there is none. */
export const currentCampaign = query('screening.currentCampaign', {
  title: text('当前排查', 'The present campaign'),
  may: readers,
  input: z.object({ community, campaign }),
  output: z.object({ campaign: Campaign.nullable(), form: Questions, notice: PrivacyNotice }),
})

// --- attempts ---------------------------------------------------------------------------------------------------------

const AttemptShown = Attempt.extend({
  recordedByName: dutyName('排查人', 'By'),
  keyedByName: dutyName('录入人', 'Keyed by').optional(),
})
export type AttemptShown = z.infer<typeof AttemptShown>

export const recordAttempt = command('screening.recordAttempt', {
  title: text('登记排查', 'Record an attempt'),
  may: workers,
  input: AttemptEntry,
  output: AttemptShown,
  queued: true,
})
export const correctAttempt = command('screening.correctAttempt', {
  title: text('更正排查记录', 'Correct an attempt'),
  may: workers,
  input: z.object({ ...Correction, entry: AttemptCorrection }),
  output: AttemptShown,
  queued: true,
})
export const withdrawAttempt = command('screening.withdrawAttempt', {
  title: text('撤回排查记录', 'Withdraw an attempt'),
  may: workers,
  input: z.object(Correction),
  output: AttemptShown,
  queued: true,
})

const StatementShown = z.object({
  person: Id,
  name: Name,
  well: Statement.shape.well,
  symptoms: Statement.shape.symptoms.nullable(),
  answers: Answers.nullable(),
})
const AttemptWhole = AttemptShown.extend({ statements: z.array(StatementShown) })
/** One household in a campaign: its state and every attempt that stands, the newest first. */
export const household = query('screening.household', {
  title: text('一户的排查记录', 'Attempts of a household'),
  may: readers,
  input: z.object({ community, household: Id, campaign }),
  output: z.object({
    household: Id,
    address: Address.nullable(),
    state: HouseholdState,
    channel: AttemptHow.nullable(),
    coveredOn: Day.nullable(),
    rows: z.array(AttemptWhole),
  }),
})
/** One attempt with all that was ever said of it, the first entry first. */
export const attemptHistory = query('screening.attemptHistory', {
  title: text('更正记录', 'History'),
  may: readers,
  input: z.object({ community, root: Id }),
  output: z.object({ rows: z.array(AttemptShown) }),
})
/** What an account has recorded, the newest first: the own entries of a phone, or a worker's day. */
export const attempts = query('screening.attempts', {
  title: text('排查记录', 'Attempts'),
  may: readers,
  input: z.object({
    community,
    campaign,
    area,
    worker: label(Id.optional(), '排查人', 'By'),
    how: label(AttemptHow.optional(), '排查方式', 'How'),
    outcome: label(Outcome.optional(), '排查结果', 'Outcome'),
    on: label(Day.optional(), '日期', 'Day'),
    doubted: label(z.boolean().optional(), '时间存疑', 'Doubted time'),
    ...paging,
  }),
  output: pageOf(AttemptShown.extend({ address: Address.nullable() })),
})

// --- key persons ------------------------------------------------------------------------------------------------------

const KeyPersonShown = KeyPerson.extend({
  recordedByName: dutyName('登记人', 'Recorded by'),
  name: Name,
  phone: Phone,
  sex: label(Sex.nullable(), '性别', 'Sex'),
  age: personal(z.int().nullable(), '年龄', 'Age', { keep, unit: text('岁', 'years') }),
  address: Address.nullable(),
  grid: z.string().nullable(),
  symptoms: KeyPerson.shape.symptoms.nullable(),
  followUp: FollowUp.extend({
    recordedByName: dutyName('核查人', 'Checked by'),
    symptoms: FollowUp.shape.symptoms.nullable(),
  }).nullable(),
})
export type KeyPersonShown = z.infer<typeof KeyPersonShown>

export const registerReturnee = command('screening.registerReturnee', {
  title: text('登记返程人员', 'Register a returnee'),
  may: workers,
  input: ReturneeEntry,
  output: KeyPersonShown,
  queued: true,
})
export const correctKeyPerson = command('screening.correctKeyPerson', {
  title: text('更正重点人员', 'Correct a key person'),
  may: workers,
  input: z.object({
    ...Correction,
    entry: z
      .object(aboutKeyPerson)
      .refine(isComplete, { path: ['origin'] })
      .refine(isInOrder, { path: ['arrivedOn'] }),
  }),
  output: KeyPersonShown,
  queued: true,
})
export const withdrawKeyPerson = command('screening.withdrawKeyPerson', {
  title: text('撤回重点人员', 'Withdraw a key person'),
  may: workers,
  input: z.object(Correction),
  output: KeyPersonShown,
  queued: true,
})
export const followUp = command('screening.followUp', {
  title: text('跟进', 'Follow up'),
  may: workers,
  queued: true,
  input: z
    .object({
      keyPerson: Id,
      well: followUpFields.well,
      symptoms: followUpFields.symptoms.default([]),
      measure: followUpFields.measure.default('none'),
      place: followUpFields.place.default(null),
      departedOn: followUpFields.departedOn.default(null),
      handedOver: followUpFields.handedOver.default(false),
      note: followUpFields.note.default(null),
      how: label(AttemptHow.exclude(['notice']), '方式', 'How'),
    })
    .refine((f) => f.well === (f.symptoms.length === 0), { path: ['symptoms'] }),
  output: FollowUp,
})
export const keyPersons = query('screening.keyPersons', {
  title: text('重点人员台账', 'Key persons'),
  may: readers,
  input: z.object({
    community,
    area,
    category: keyPersonFields.category.optional(),
    risk: label(KeyPerson.shape.sourceRisk.optional(), '来源地风险', 'Risk'),
    from: label(Day.optional(), '起', 'From'),
    to: label(Day.optional(), '止', 'To'),
    gone: label(z.boolean().optional(), '已离开', 'Gone'),
    ...paging,
  }),
  output: pageOf(KeyPersonShown),
})

// --- lists, progress and plan -----------------------------------------------------------------------------------------

/** Households, once each, by how far they came. `covered + left = households`. */
const Steps = {
  households: count('应排户', 'Households'),
  untouched: count('未排查', 'Not yet tried'),
  phoned: count('打过电话', 'Phoned'),
  visited: count('上过门', 'Visited'),
  noticed: count('贴过提示', 'Notice posted'),
  covered: count('已覆盖', 'Covered'),
  byPhone: count('电话联系上', 'Reached by phone'),
  atDoor: count('入户联系上', 'Reached at the door'),
  left: count('未覆盖', 'Left'),
  vacant: count('空置', 'Vacant'),
  moved: count('已搬离', 'Moved away'),
  refused: count('不配合', 'Refused'),
  sheets: sheets('Notices posted'),
}
const where = { community, campaign, area }

export const funnel = query('screening.funnel', {
  title: text('排查漏斗', 'Funnel'),
  may: readers,
  input: z.object(where),
  output: z.object({
    campaign: Campaign.nullable(),
    ...Steps,
    attempts: label(z.int(), '排查人次', 'Attempts', { unit: text('次', 'times') }),
    keyPersons: label(z.int(), '重点人员', 'Key persons', { unit: text('人', 'persons') }),
    symptomatic: label(z.int(), '有症状', 'With symptoms', { unit: text('人', 'persons') }),
    doubted: count('时间存疑', 'Of doubted time'),
  }),
})
export const progress = query('screening.progress', {
  title: text('进度', 'Progress'),
  may: readers,
  input: z.object({ ...where, of: label(z.enum(['precinct', 'grid', 'building']).default('grid'), '按', 'By') }),
  output: z.object({ rows: z.array(z.object({ key: z.string().nullable(), name: placeName('名称', 'Name'), ...Steps })) }),
})
export const workersProgress = query('screening.workers', {
  title: text('各人进度', 'Progress by worker'),
  may: readers,
  input: z.object({ ...where, on: label(Day.optional(), '日期', 'Day') }),
  output: z.object({
    rows: z.array(
      z.object({
        account: Id,
        name: dutyName('排查人', 'Worker'),
        attempts: count('排查次数', 'Attempts'),
        households: count('走访户数', 'Households'),
        reached: count('联系上户数', 'Reached'),
        sheets: sheets('Notices'),
        lastAt: label(Instant, '最近一次', 'Last'),
      }),
    ),
  }),
})

const LeftRow = z.object({
  household: Id,
  address: Address,
  grid: z.string().nullable(),
  head: HeadName,
  phone: Phone,
  people: count('人数', 'People'),
  state: label(HouseholdState, '状态', 'State'),
  attempts: count('次数', 'Attempts'),
  lastAt: label(Instant.nullable(), '最近一次', 'Last'),
  lastHow: label(AttemptHow.nullable(), '方式', 'How'),
  lastBy: label(z.string().nullable(), '排查人', 'By', { harmless: 'duty name, posted publicly' }),
  lastAttempt: Id.nullable(),
})
/** Who is left, by name, in the order of a walk. Without `state`: everybody who is not covered. */
export const left = query('screening.left', {
  title: text('未覆盖名单', 'Who is left'),
  may: readers,
  input: z.object({
    ...where,
    building: label(Id.optional(), '楼栋', 'Building'),
    state: label(HouseholdState.optional(), '状态', 'State'),
    ...paging,
  }),
  output: pageOf(LeftRow),
})
/** Households that were tried in vain, those that wait longest first; `due` says that it is time again. */
export const revisit = query('screening.revisit', {
  title: text('待复访名单', 'To be visited again'),
  may: readers,
  input: z.object({ ...where, ...paging }),
  output: pageOf(
    LeftRow.extend({
      due: label(z.boolean(), '该去了', 'Due'),
      dueAt: label(Instant, '可再访', 'Due from'),
      best: label(DayPart, '建议时段', 'Best time'),
    }),
  ),
})

const onPlan = { id: Id, compound: placeName('小区', 'Compound'), name: placeName('楼栋', 'Building') }
/** Buildings on the plan with how far each is. */
export const plan = query('screening.plan', {
  title: text('楼栋图', 'Plan of buildings'),
  may: readers,
  input: z.object(where),
  output: z.object({ rows: z.array(z.object({ ...onPlan, x: z.int(), y: z.int(), ...Steps })) }),
})
/** One building: its units, and in each the rooms with their state, ground floor first. A room may hold several households or none. */
export const building = query('screening.building', {
  title: text('单栋明细', 'One building'),
  may: readers,
  input: z.object({ community, campaign, building: Id }),
  output: z.object({
    ...onPlan,
    units: z.array(
      z.object({
        id: Id.nullable(),
        name: label(z.string().nullable(), '单元', 'Unit', { harmless: 'name of a place' }),
        rooms: z.array(
          z.object({
            dwelling: Id,
            room: personal(z.string(), '房号', 'Room', { mask: 'room', keep: 'register' }),
            floor: z.int().nullable(),
            use: Use,
            households: z.array(z.object({ id: Id, state: HouseholdState })),
          }),
        ),
      }),
    ),
  }),
})

// --- a grid for a phone -----------------------------------------------------------------------------------------------

const Member = z.object({
  id: Id,
  name: Name,
  sex: label(Sex.nullable(), '性别', 'Sex'),
  age: z.int().nullable(),
  relation: z.string().nullable(),
  phone: Phone,
  tags: z.array(Tag),
  keyPerson: z.boolean(),
})
const Last = z.object({
  id: Id,
  root: Id,
  how: AttemptHow,
  outcome: Outcome,
  occurredAt: Instant,
  mine: z.boolean(),
  by: z.string(),
})
const Door = z.object({
  dwelling: Id,
  room: z.string(),
  floor: z.int().nullable(),
  use: Use,
  households: z.array(
    z.object({
      id: Id,
      kind: HouseholdKind,
      members: z.array(Member),
      state: HouseholdState,
      channel: AttemptHow.nullable(),
      attempts: z.int(),
      last: Last.nullable(),
    }),
  ),
})
export type Door = z.infer<typeof Door>

/** All that one grid needs for a shift without a network: names and numbers in full, door by door in the order of a walk. */
export const gridSet = query('screening.gridSet', {
  title: text('网格排查清单', 'A grid for a shift'),
  may: workers,
  shows: 'full',
  input: z.object({
    area: label(
      z
        .string()
        .regex(/^(\d{12}|\d{14}|\d{17})$/)
        .optional(),
      '网格',
      'Grid',
    ),
  }),
  output: z.object({
    takenAt: Instant,
    area: z.string(),
    areaName: z.string(),
    campaign: Campaign.nullable(),
    form: Questions,
    notice: PrivacyNotice,
    households: z.int(),
    covered: z.int(),
    buildings: z.array(
      z.object({
        ...onPlan,
        units: z.array(z.object({ id: Id.nullable(), name: z.string().nullable(), doors: z.array(Door) })),
      }),
    ),
  }),
  looks: (set) =>
    set.buildings
      .flatMap((b) => b.units)
      .flatMap((u) => u.doors)
      .flatMap((d) => d.households)
      .flatMap((h) => h.members)
      .map((m) => m.id),
})
export type GridSet = z.infer<(typeof gridSet)['output']>

// --- official sheets --------------------------------------------------------------------------------------------------

const forExport = { community, campaign, area, ...exportTerms }
/** Who may have them unmasked, for a purpose. */
const full = by('communitySecretary')
const Sheet = z.object({ row: z.int() })
export const exportHouseholds = download('screening.exportHouseholds', {
  title: text('居民排查登记表', 'Screening register of households'),
  may: readers,
  full,
  input: z.object(forExport),
  output: Sheet,
})
export const exportReturnees = download('screening.exportReturnees', {
  title: text('返程人员登记表', 'Register of returnees'),
  may: readers,
  full,
  input: z.object(forExport),
  output: Sheet,
})
export const exportKeyPersons = download('screening.exportKeyPersons', {
  title: text('重点人员台账', 'Ledger of key persons'),
  may: readers,
  full,
  input: z.object(forExport),
  output: Sheet,
})

// --- lists that others kept ---------------------------------------------------------------------------------------------

/** 返程人员登记表 (L2), as townships and employers hand it in. */
export const returneeList = importing('screening', 'returneeList', {
  title: text('返程人员登记表', 'Register of returnees'),
  may: secretary,
  row: ReturneeRow,
})
