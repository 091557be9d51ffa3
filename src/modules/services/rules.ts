// The rules of services as policy keys: what can be asked for and how soon it is owed, who gets a care file, how often somebody comes.
import { z } from 'zod'
import { label } from '#core/labels.ts'
import { lowerWins, type PolicyKey } from '#core/policy.ts'
import { text } from '#core/text.ts'
import { Window } from '#modules/duties/model.ts'

const published = { harmless: 'published rules' }
const Key = label(z.string().regex(/^[a-z][A-Za-z0-9]{0,29}$/), '代码', 'Code', {
  hint: text('小写字母开头', 'Begins with a small letter'),
})
const Pair = (zh: string, en: string) =>
  label(z.object({ zh: z.string().trim().min(1).max(60), en: z.string().trim().min(1).max(60) }), zh, en, published)

export const Category = z.object({
  key: Key,
  title: Pair('名称', 'Name'),
  buys: label(z.boolean(), '涉及钱款', 'Money is laid out', { hint: text('代购、代缴等', 'Something is bought or paid') }),
})
export type Category = z.infer<typeof Category>

/** What can be asked for: five needs of households at home, and errands. */
export const categories: PolicyKey<Category[]> = lowerWins('services.categories', {
  title: text('居民需求类别', 'What residents can ask for'),
  schema: z.array(Category).min(1).max(30),
  unset: [
    { key: 'housing', title: text('居住', 'Housing'), buys: false },
    { key: 'food', title: text('饮食', 'Food'), buys: true },
    { key: 'disinfection', title: text('消毒', 'Disinfection'), buys: false },
    { key: 'care', title: text('照护', 'Care'), buys: false },
    { key: 'medical', title: text('就医', 'Seeing a doctor'), buys: false },
    { key: 'buy', title: text('代购', 'Shopping'), buys: true },
    { key: 'pay', title: text('代缴费用', 'Paying a bill'), buys: true },
    { key: 'fetch', title: text('代取快递、药品', 'Fetching a parcel or medicine'), buys: false },
    { key: 'comfort', title: text('心理', 'Comfort'), buys: false },
    { key: 'other', title: text('其他', 'Other'), buys: false },
  ],
})

export const Urgency = z.object({
  key: Key,
  title: Pair('名称', 'Name'),
  minutes: label(z.int().min(5).max(20_160), '应在多久内办好', 'To be done within', { unit: text('分钟', 'min') }),
})
export type Urgency = z.infer<typeof Urgency>

/** How soon something is owed; past that the one who took it and the secretary hear of it. */
export const urgencies: PolicyKey<Urgency[]> = lowerWins('services.urgencies', {
  title: text('需求的紧急程度', 'How urgent a need is'),
  schema: z.array(Urgency).min(1).max(8),
  unset: [
    { key: 'urgent', title: text('紧急（1小时内）', 'Urgent (within an hour)'), minutes: 60 },
    { key: 'today', title: text('当天', 'Within the day'), minutes: 480 },
    { key: 'ordinary', title: text('两天内', 'Within two days'), minutes: 2880 },
  ],
})

export const CareCategory = z.object({ key: Key, title: Pair('名称', 'Name') })
export type CareCategory = z.infer<typeof CareCategory>

/** Whom the community looks after by a file of their own. */
export const careCategories: PolicyKey<CareCategory[]> = lowerWins('services.care', {
  title: text('一家一档的对象', 'Who gets a care file'),
  schema: z.array(CareCategory).min(1).max(30),
  unset: [
    { key: 'chronicIllness', title: text('重症慢病', 'Serious or chronic illness') },
    { key: 'disabled', title: text('残疾', 'Disabled') },
    { key: 'livesAlone', title: text('孤寡独居', 'Living alone') },
    { key: 'medicHousehold', title: text('医务人员家庭', 'Household of a medical worker') },
    { key: 'other', title: text('其他特殊困难', 'Other hardship') },
  ],
})

const EveryDays = (zh: string, en: string) => label(z.int().min(1).max(60), zh, en, { unit: text('天', 'days') })
export const CareCadence = z.object({
  visitEveryDays: EveryDays('每隔几天走访', 'A visit every'),
  visit: label(Window, '走访时段', 'Window of a visit'),
  supplyEveryDays: EveryDays('每隔几天送物资', 'A delivery every'),
  supply: label(Window, '送物资时段', 'Window of a delivery'),
})
export type CareCadence = z.infer<typeof CareCadence>

/** 一日一访、一周一送. It is frozen into the file; another rule begins with the next file. */
export const careCadence: PolicyKey<CareCadence> = lowerWins('services.careCadence', {
  title: text('一家一档的走访和送物资', 'Cadence of a care file'),
  schema: CareCadence,
  unset: {
    visitEveryDays: 1,
    visit: { key: 'day', opens: '08:00', due: '20:00' },
    supplyEveryDays: 7,
    supply: { key: 'day', opens: '08:00', due: '20:00' },
  },
})

/** So long may the items that are owed at the beginning be unsigned, until somebody has the duty to bring them. */
export const kitHours: PolicyKey<number> = lowerWins('services.kitHours', {
  title: text('入户物品应在多久内送到', 'Items of the beginning are owed within'),
  unset: 24,
  schema: label(z.int().min(1).max(336), '小时', 'Hours', { unit: text('小时', 'hours') }),
})

export const servicesKeys = [categories, urgencies, careCategories, careCadence, kitHours] as const
