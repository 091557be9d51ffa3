// Let dwellings: to whom they belong, who rents them since when and on whose word, dangers seen there. Nouns and contracts.
import { z } from 'zod'
import { command, download, query } from '#core/contract.ts'
import { Day, Instant } from '#core/dates.ts'
import { exportTerms } from '#core/exports.ts'
import { factFields } from '#core/fact.ts'
import { Id } from '#core/ids.ts'
import { choice, label, personal } from '#core/labels.ts'
import { pageOf, paging } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { AreaCode, by } from '#modules/identity/model.ts'
import { Use } from '#modules/territory/model.ts'
import { Address, GridCode, Name, Note, PersonEntry, Phone } from './model.ts'

const readers = by(
  'gridWorker',
  'gridLeader',
  'communityStaff',
  'buildingSteward',
  'communitySecretary',
  'subdistrictOfficer',
  'districtOfficer',
)
const writers = by('gridWorker', 'gridLeader', 'communityStaff', 'communitySecretary')
const keep = 'register'
const community = label(
  z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  '社区',
  'Community',
)

/** On whose word. S4b 4b.5: the landlord answers first for who lives in the dwelling. */
export const DeclaredBy = choice({
  landlord: text('房东申报', 'The landlord declared it'),
  tenant: text('租客自己说', 'The tenants said so'),
  worker: text('工作人员上门登记', 'A worker recorded it'),
})
export type DeclaredBy = z.infer<typeof DeclaredBy>
export const TenancyEvent = choice({ began: text('入住', 'Moved in'), ended: text('搬出', 'Moved out') })

/** Dangers to report from let dwellings: S1 1.6 安全隐患上报. */
export const HazardKind = choice({
  electricity: text('用电（私拉电线、飞线充电）', 'Electricity'),
  gas: text('燃气', 'Gas'),
  fire: text('消防（器材、堆放易燃物）', 'Fire'),
  exit: text('通道堵塞', 'Blocked way out'),
  crowding: text('群租、隔断', 'Too many people or partitions'),
  structure: text('房屋结构', 'The building itself'),
  other: text('其他', 'Other'),
})
export type HazardKind = z.infer<typeof HazardKind>

// --- what is stored ---------------------------------------------------------------------------------------------------

export const TenancyRow = z.object({
  ...factFields,
  dwelling: Id,
  household: Id,
  event: TenancyEvent,
  declaredBy: label(DeclaredBy, '依据', 'On whose word'),
  note: personal(z.string().nullable(), '备注', 'Remarks', { mask: 'text', keep }),
})
const words = personal(z.string().trim().min(1).max(200), '情况', 'What was seen', { mask: 'text', keep: 'work', long: true })
const measure = personal(z.string().trim().min(1).max(200), '处理情况', 'What was done', {
  mask: 'text',
  keep: 'work',
  long: true,
})
export const HazardRow = z.object({
  ...factFields,
  dwelling: Id,
  kind: label(HazardKind, '隐患类型', 'Kind'),
  words,
  settledOn: label(Day.nullable(), '处理日期', 'Settled on'),
  measure: measure.nullable(),
})

// --- what pages show --------------------------------------------------------------------------------------------------

const dutyName = label(z.string(), '登记人', 'Recorded by', { harmless: 'duty name, posted publicly' })
const LandlordName = personal(z.string().nullable(), '房东', 'Landlord', { mask: 'name', keep })
const LandlordPhone = personal(z.string().nullable(), '房东电话', 'Landlord’s phone', { mask: 'phone', keep })

/** A let dwelling. `id` is the dwelling; `tenants` the head of whoever moved in last. */
export const RentalLine = z.object({
  id: Id,
  address: Address,
  grid: GridCode,
  use: label(Use, '房屋性质', 'Use'),
  landlord: Id.nullable(),
  landlordName: LandlordName,
  landlordPhone: LandlordPhone,
  tenants: personal(z.string().nullable(), '租客', 'Tenants', { mask: 'name', keep }),
  households: label(z.int(), '租住户数', 'Households', { unit: text('户', 'households') }),
  people: label(z.int(), '租住人数', 'People', { unit: text('人', 'people') }),
  since: label(Instant.nullable(), '租住起', 'Since'),
  changedAt: label(Instant.nullable(), '最近变动', 'Last change'),
  hazards: label(z.int(), '未处理隐患', 'Open dangers', { unit: text('条', '') }),
})
export type RentalLine = z.infer<typeof RentalLine>

/** Who lives or lived there: a household from one day to another, and on whose word it came and went. */
export const Stay = z.object({
  household: Id,
  head: personal(z.string().nullable(), '户主', 'Head', { mask: 'name', keep }),
  people: label(z.int(), '人数', 'People'),
  tenant: z.boolean(),
  since: label(Instant, '起', 'From'),
  until: label(Instant.nullable(), '止', 'Until'),
  began: DeclaredBy.nullable(),
  ended: DeclaredBy.nullable(),
})
export const LandlordShown = z.object({
  landlord: Id,
  record: Id,
  name: Name,
  phone: LandlordPhone,
  recordedAt: Instant,
  recordedByName: dutyName,
})
export const HazardShown = z.object({
  id: Id,
  kind: label(HazardKind, '隐患类型', 'Kind'),
  words: words,
  at: label(Instant, '发现时间', 'Seen'),
  recordedByName: dutyName,
  settledOn: HazardRow.shape.settledOn,
  measure: HazardRow.shape.measure,
})

// --- contracts --------------------------------------------------------------------------------------------------------

const declaredBy = label(DeclaredBy, '依据', 'On whose word')
const dwelling = label(Id, '房屋', 'Dwelling')

/** New tenants move in; whoever is named in `leaving` moves out at the same instant, and stays on record. */
export const declareTenancy = command('residents.declareTenancy', {
  title: text('登记租住', 'Record a tenancy'),
  may: writers,
  input: z.object({
    dwelling,
    declaredBy,
    since: label(Day.optional(), '入住日期', 'Moved in on', { hint: text('不填即今天', 'Empty: today') }),
    members: label(z.array(PersonEntry).min(1).max(30), '租客', 'Tenants'),
    leaving: label(z.array(Id).max(20).default([]), '搬出的户', 'Households that leave'),
    landlordName: personal(Name.optional(), '房东姓名', 'Landlord', {
      mask: 'name',
      keep,
      hint: text('已登记过的可不填', 'May stay empty where the landlord is on record'),
    }),
    landlordPhone: personal(Phone.optional(), '房东电话', 'Landlord’s phone', { mask: 'phone', keep }),
    note: Note,
  }),
  output: RentalLine,
})
export const endTenancy = command('residents.endTenancy', {
  title: text('结束租住', 'End the tenancy'),
  may: writers,
  input: z.object({
    household: label(Id, '住户', 'Household'),
    on: label(Day.optional(), '搬出日期', 'Moved out on', { hint: text('不填即今天', 'Empty: today') }),
    declaredBy,
    note: Note,
  }),
  output: RentalLine,
})
/** `replaces` is the entry that stands (`record`), where it is put right; a phone that is left out then stays. */
export const recordLandlord = command('residents.recordLandlord', {
  title: text('登记房东', 'Record the landlord'),
  may: writers,
  input: z
    .object({
      dwelling,
      name: label(Name, '房东姓名', 'Landlord'),
      phone: personal(Phone.optional(), '房东电话', 'Landlord’s phone', { mask: 'phone', keep }),
      replaces: Id.optional(),
      reason: label(z.string().trim().min(1).max(200).optional(), '更正原因', 'Reason of the correction', { keep }),
    })
    .refine((l) => (l.replaces === undefined) === (l.reason === undefined), { path: ['reason'] }),
  output: RentalLine,
})
export const reportHazard = command('residents.reportHazard', {
  title: text('上报隐患', 'Report a danger'),
  may: writers,
  input: z.object({ dwelling, kind: HazardRow.shape.kind, words }),
  output: RentalLine,
})
export const settleHazard = command('residents.settleHazard', {
  title: text('处理隐患', 'Settle a danger'),
  may: writers,
  input: z.object({ hazard: Id, measure }),
  output: RentalLine,
})

export const RentalHaving = choice({
  noLandlord: text('没有登记房东', 'Landlord not known'),
  noTenants: text('没有登记租客', 'No tenants on record'),
  hazards: text('有未处理的隐患', 'With open dangers'),
})
const filters = {
  community,
  grid: label(AreaCode.optional(), '网格', 'Grid'),
  having: label(RentalHaving.optional(), '情况', 'Condition'),
  changed: label(z.int().min(1).max(366).optional(), '近几天有变动', 'Changed in the last days', {
    unit: text('天内有变动', 'days'),
  }),
}
export const rentals = query('residents.rentals', {
  title: text('出租房屋', 'Let dwellings'),
  may: readers,
  input: z.object({ ...filters, ...paging }),
  output: pageOf(RentalLine),
})
export const rentalOverview = query('residents.rentalOverview', {
  title: text('出租房屋概况', 'Let dwellings at a glance'),
  may: readers,
  input: z.object({ community }),
  output: z.object({
    dwellings: label(z.int(), '出租房屋', 'Let dwellings', { unit: text('套', 'dwellings') }),
    households: label(z.int(), '流动人口', 'Tenants', { unit: text('户', 'households') }),
    people: label(z.int(), '流动人口', 'Tenants', { unit: text('人', 'people') }),
    noLandlord: label(z.int(), '没有登记房东', 'Landlord not known', { unit: text('套', 'dwellings') }),
    noTenants: label(z.int(), '没有登记租客', 'No tenants on record', { unit: text('套', 'dwellings') }),
    hazards: label(z.int(), '有隐患的房屋', 'With open dangers', { unit: text('套', 'dwellings') }),
  }),
})
export const rental = query('residents.rental', {
  title: text('出租房屋档案', 'A let dwelling'),
  may: readers,
  input: z.object({ community, dwelling: Id }),
  output: z.object({
    rental: RentalLine,
    landlords: z.array(LandlordShown),
    stays: z.array(Stay),
    hazards: z.array(HazardShown),
  }),
})
/** Every dwelling in reach that belongs to the same person: by the same telephone, or by the same name where neither has one. */
export const landlord = query('residents.landlord', {
  title: text('这位房东的全部房屋', 'All dwellings of this landlord'),
  may: readers,
  input: z.object({ community, landlord: Id }),
  output: z.object({
    name: Name,
    phone: LandlordPhone,
    /** Only the name is the same: it may be another person. */
    rows: z.array(RentalLine.extend({ byName: z.boolean() })),
  }),
})
export const unmaskLandlord = query('residents.unmaskLandlord', {
  title: text('查看房东电话', 'Show the landlord’s phone'),
  may: writers,
  shows: 'full',
  looks: (o) => [o.landlord],
  input: z.object({
    landlord: Id,
    purpose: label(z.string().trim().min(2).max(200), '用途', 'Purpose', { harmless: 'a purpose, kept in the audit log' }),
  }),
  output: z.object({ landlord: Id, value: personal(z.string(), '房东电话', 'Landlord’s phone', { mask: 'phone', keep }) }),
})
export const exportRentals = download('residents.exportRentals', {
  title: text('出租房屋和流动人口登记表', 'Register of let dwellings'),
  may: readers,
  full: by('communitySecretary'),
  input: z.object({ ...filters, ...exportTerms }),
  output: RentalLine,
})
