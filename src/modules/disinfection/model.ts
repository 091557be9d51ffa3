// Disinfection rounds (消毒记录, ledger L11): what one round of disinfection was, and how strong it is meant to be.
import { z } from 'zod'
import { photos } from '#core/files.ts'
import { Id } from '#core/ids.ts'
import { choice, label, personal } from '#core/labels.ts'
import { lowerWins, type PolicyKey } from '#core/policy.ts'
import { text } from '#core/text.ts'

/** Points of S1 and S3: contact points, timed public places, waste points, vehicles, the surroundings of homes under observation. */
export const Place = choice({
  elevator: text('电梯轿厢', 'Lift'),
  entrance: text('单元门厅', 'Entrance hall'),
  stairs: text('楼道', 'Stairs and landings'),
  checkpoint: text('卡口', 'Checkpoint'),
  waste: text('垃圾站桶', 'Waste point'),
  square: text('公共活动场所', 'Public place'),
  office: text('办公服务场所', 'Office or service hall'),
  toilet: text('公共厕所', 'Public toilet'),
  vehicle: text('车辆', 'Vehicle'),
  aroundObserved: text('居家观察户周边', 'Around homes under observation'),
  other: text('其他', 'Other'),
})
export type Place = z.infer<typeof Place>

export const Surface = choice({
  buttons: text('按键', 'Buttons'),
  handles: text('门把手、扶手', 'Handles and rails'),
  floor: text('地面', 'Floors'),
  walls: text('墙面', 'Walls'),
  furniture: text('桌椅台面', 'Furniture'),
  bins: text('垃圾桶', 'Bins'),
  air: text('空气', 'Air'),
  tools: text('餐具、用具', 'Utensils'),
  vehicle: text('车身、车厢', 'Vehicle'),
  other: text('其他', 'Other'),
})

export const Method = choice({
  wipe: text('擦拭', 'Wiped'),
  spray: text('喷洒', 'Sprayed'),
  soak: text('浸泡', 'Soaked'),
  uv: text('紫外', 'Ultraviolet'),
})
export type Method = z.infer<typeof Method>

const clock = () => z.iso.time({ precision: -1 })

/** The fields of one round, in the order of form, table and sheet. Quantities are as measured: a blank is unknown, never 0. */
export const round = {
  begins: label(clock(), '开始', 'From', { group: text('时段', 'Time') }),
  ends: label(clock(), '结束', 'Until', { group: text('时段', 'Time') }),
  place: label(Place, '场所', 'Place'),
  spot: label(z.string().trim().max(60).nullable().default(null), '具体部位', 'Where exactly', {
    hint: text('写到楼栋、单元，不写房号和姓名', 'Building and entrance; no room, no name'),
    harmless: 'a shared place, no room',
  }),
  /** The unit, building, compound or grid that was treated as a whole: it settles what is owed there. */
  within: label(Id.nullable().default(null), '整个楼栋或单元', 'A whole building or unit', {
    hint: text('整栋、整单元都消了才选', 'Only where all of it was treated'),
  }),
  surfaces: label(z.array(Surface).min(1), '消毒对象', 'What was treated'),
  method: label(Method, '方式', 'Method'),
  agent: label(z.string().trim().max(40).nullable().default(null), '消毒剂', 'Disinfectant', {
    hint: text('产品或成分名称；紫外消毒不填', 'Product or substance; empty for ultraviolet'),
    harmless: 'name of a product',
  }),
  chlorine: label(z.int().min(1).max(50_000).nullable().default(null), '有效氯', 'Available chlorine', {
    unit: text('mg/L', 'mg/L'),
  }),
  minutes: label(z.int().min(1).max(1440).nullable().default(null), '作用时间', 'Contact time', { unit: text('分钟', 'min') }),
  squareMetres: label(z.number().positive().max(1_000_000).nullable().default(null), '面积', 'Area', { unit: text('㎡', 'm²') }),
  litres: label(z.number().positive().max(100_000).nullable().default(null), '用量', 'Amount used', { unit: text('L', 'L') }),
  aired: label(z.boolean().nullable().default(null), '通风', 'Aired'),
  photos: photos('disinfection', '现场照片', 'Photos', {
    keep: 'work',
    papers: true,
    hint: text('拍消毒过的地方或签收单，不要拍到住户', 'The place that was treated, or a signed sheet; no residents'),
  }),
  inspector: personal(z.string().trim().max(20).nullable().default(null), '检查人', 'Checked by', { mask: 'text', keep: 'work' }),
  remarks: personal(z.string().trim().max(200).nullable().default(null), '备注', 'Remarks', {
    mask: 'text',
    keep: 'work',
    long: true,
  }),
}

// --- how strong -------------------------------------------------------------------------------------------------------

/** What a plan or guide recommends for a place or a method; it is shown beside the form and refuses nothing. */
export const Advice = z.object({
  place: label(Place.optional(), '场所', 'Place'),
  method: label(Method.optional(), '方式', 'Method'),
  chlorine: label(z.tuple([z.int(), z.int()]).optional(), '有效氯（从、到）', 'Available chlorine (from, to)', {
    unit: text('mg/L', 'mg/L'),
  }),
  minutes: label(z.int().optional(), '作用时间', 'Contact time', { unit: text('分钟', 'min') }),
  words: label(z.object({ zh: z.string().max(200), en: z.string().max(200) }), '说明', 'Words'),
})
export type Advice = z.infer<typeof Advice>

/** Strength and contact time are rules of the place and the disease, so they stand in policy packs. */
export const advice: PolicyKey<Advice[]> = lowerWins('disinfection.advice', {
  title: text('消毒浓度和时间建议', 'Advice on strength and contact time'),
  schema: z.array(Advice).max(40),
  unset: [],
})
