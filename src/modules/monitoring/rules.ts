// The rules of checks as policy keys: what is checked, from when on it is fever, what is looked at twice, and the clock of the fever path.
import { z } from 'zod'
import { label } from '#core/labels.ts'
import { lowerWins, upperWins, type PolicyKey } from '#core/policy.ts'
import { text } from '#core/text.ts'

const published = { harmless: 'published rules' }
const Pair = (zh: string, en: string) =>
  label(z.object({ zh: z.string().trim().min(1).max(60), en: z.string().trim().min(1).max(60) }), zh, en, published)
const Key = label(z.string().regex(/^[a-z][A-Za-z0-9]{0,29}$/), '代码', 'Code', {
  hint: text('小写字母开头', 'Begins with a small letter'),
})
const Celsius = (zh: string, en: string) => label(z.number().min(30).max(45), zh, en, { unit: text('℃', '℃') })
const Minutes = (zh: string, en: string) => label(z.int().min(5).max(10_080), zh, en, { unit: text('分钟', 'min') })

// --- what is checked --------------------------------------------------------------------------------------------------

export const Kind = z.object({
  key: Key,
  title: Pair('名称', 'Name'),
  measured: label(z.boolean(), '要填数值', 'Has a number'),
  unit: label(Pair('单位', 'Unit').nullable().default(null), '单位', 'Unit'),
  results: label(
    z
      .array(z.object({ key: Key, title: Pair('名称', 'Name') }))
      .max(12)
      .default([]),
    '可选结果',
    'Results to choose from',
  ),
  symptoms: label(z.boolean(), '问症状', 'Asks for symptoms'),
})
export type Kind = z.infer<typeof Kind>
const temperature: Kind = {
  key: 'temperature',
  title: text('体温', 'Temperature'),
  measured: true,
  unit: text('℃', '℃'),
  results: [],
  symptoms: true,
}
const symptomsOnly: Kind = {
  key: 'symptoms',
  title: text('健康状况', 'How somebody is'),
  measured: false,
  unit: null,
  results: [],
  symptoms: true,
}
/** Kinds of checks. A second disease brings others: they are data. */
export const kinds: PolicyKey<Kind[]> = lowerWins('monitoring.kinds', {
  title: text('检查项目', 'Kinds of checks'),
  schema: z.array(Kind).min(1).max(20),
  unset: [temperature, symptomsOnly],
})

export const Symptom = z.object({
  key: Key,
  title: Pair('名称', 'Name'),
  path: label(z.boolean(), '出现即复核、报告', 'Begins the fever path'),
})
export type Symptom = z.infer<typeof Symptom>
/** Symptoms asked for at a check, and which of them begin the fever path though nobody has fever. */
export const symptoms: PolicyKey<Symptom[]> = lowerWins('monitoring.symptoms', {
  title: text('检查时问的症状', 'Symptoms asked for'),
  schema: z.array(Symptom).max(30),
  unset: [
    { key: 'cough', title: text('咳嗽', 'Cough'), path: false },
    { key: 'breathless', title: text('气促', 'Shortness of breath'), path: true },
    { key: 'fatigue', title: text('乏力', 'Fatigue'), path: false },
    { key: 'diarrhoea', title: text('腹泻', 'Diarrhoea'), path: false },
    { key: 'other', title: text('其他', 'Other'), path: false },
  ],
})

// --- fever ------------------------------------------------------------------------------------------------------------

/** From this temperature on it is fever. Notices of observation of 2020: 37.3 ℃. */
export const feverAt: PolicyKey<number> = upperWins('monitoring.feverAt', {
  title: text('发热阈值', 'Fever from'),
  schema: label(z.number().min(35).max(42), '体温', 'Temperature', { unit: text('℃', '℃') }),
  unset: 37.3,
})

const Site = z.object({
  feverAt: label(Celsius('发热阈值', 'Fever from').nullable().default(null), '发热阈值', 'Fever from', {
    unit: text('℃', '℃'),
    hint: text('不填按通用阈值', 'Empty: as usual'),
  }),
  againAt: label(
    Celsius('再测', 'Measure again').nullable().default(null),
    '不到发热但要用腋温再测',
    'No fever, but measure again under the arm from',
    {
      unit: text('℃', '℃'),
      hint: text('额温、耳温偏低时容易漏掉发热', 'A forehead reads low and misses fever'),
    },
  ),
})
export type Site = z.infer<typeof Site>
export const Sites = z.object({
  armpit: label(Site, '腋温', 'Armpit'),
  ear: label(Site, '耳温', 'Ear'),
  forehead: label(Site, '额温', 'Forehead'),
  other: label(Site, '其他', 'Other'),
})
const asUsual: Site = { feverAt: null, againAt: null }
/** What differs by where it was measured; null: the usual threshold, and no second measurement below it. */
export const sites: PolicyKey<z.infer<typeof Sites>> = lowerWins('monitoring.sites', {
  title: text('按测量部位的阈值', 'Thresholds by where it is measured'),
  schema: Sites,
  unset: { armpit: asUsual, ear: asUsual, forehead: asUsual, other: asUsual },
})

// --- looked at twice --------------------------------------------------------------------------------------------------

export const Doubts = z.object({
  lowest: Celsius('低于此值不可能', 'Impossible below'),
  highest: Celsius('高于此值不可能', 'Impossible above'),
  minutesApart: label(z.int().min(0).max(720), '两次至少相隔', 'Two checks at least apart', { unit: text('分钟', 'min') }),
  streak: label(z.int().min(0).max(60), '连续相同几次', 'So many identical in a row', {
    unit: text('次', 'times'),
    hint: text('0 表示不看', '0: not looked at'),
  }),
  by: label(z.iso.time({ precision: -1 }), '当天几点前核实', 'To be verified by'),
})
/** What asks for a check by staff. It never changes how anybody stands. */
export const doubts: PolicyKey<z.infer<typeof Doubts>> = lowerWins('monitoring.doubts', {
  title: text('需要核实的登记', 'Entries to be verified'),
  schema: Doubts,
  unset: { lowest: 34, highest: 43, minutesApart: 60, streak: 8, by: '20:00' },
})

// --- the fever path ---------------------------------------------------------------------------------------------------

export const FeverPath = z.object({
  recheck: Minutes('复测', 'Measure again'),
  report: Minutes('报告', 'Report'),
  refer: Minutes('转诊', 'Refer to a clinic'),
  handOver: Minutes('交接', 'Hand over'),
  result: Minutes('取得结果', 'Get the result'),
  decide: Minutes('处理结果', 'Act on the result'),
  numberPattern: label(
    z
      .string()
      .regex(/^.*\{n\}.*$/)
      .max(60),
    '证明编号',
    'Number of the certificate',
    {
      ...published,
      hint: text('{y} 年份，{n} 序号', '{y} year, {n} running number'),
    },
  ),
})
export type FeverPath = z.infer<typeof FeverPath>
/** How long each step may take. Examples: the local plan sets them. */
export const feverPath: PolicyKey<FeverPath> = lowerWins('monitoring.feverPath', {
  title: text('发热处置时限', 'Clock of the fever path'),
  schema: FeverPath,
  unset: { recheck: 30, report: 60, refer: 60, handOver: 120, result: 1440, decide: 240, numberPattern: '排热〔{y}〕{n}号' },
})

export const monitoringKeys = [kinds, symptoms, feverAt, sites, doubts, feverPath] as const
