// Rules that communities keep though no module of the house asks for them yet: their words, so that they can be read and written.
// Whoever brings a module declares its keys there; a declared key takes the place of the one here.
import { z } from 'zod'
import { choice, label } from '#core/labels.ts'
import { lowerMayLoosen, lowerWins, upperWins } from '#core/policy.ts'
import { text, type Text } from '#core/text.ts'
import type { AnyPolicyKey } from './model.ts'

const days = text('天', 'days')
/** A word of one's own, or one of the usual things by its code. */
const coded = (choices: Readonly<Record<string, Text>>) => label(z.string().trim().min(1).max(60), '', '', { choices })

export const foreseenKeys: readonly AnyPolicyKey[] = [
  upperWins('monitoring.feverAt', {
    title: text('发热阈值', 'Fever from'),
    schema: label(z.number().min(35).max(42), '体温', 'Temperature', { unit: text('℃', '℃') }),
    unset: 37.3,
  }),
  lowerMayLoosen('monitoring.timesPerDay', {
    title: text('每天测温次数', 'Temperature taken, times a day'),
    schema: label(z.int().min(0).max(12), '次数', 'Times', { unit: text('次', 'times') }),
    unset: 0,
    looser: (lower, upper) => lower <= upper,
  }),
  lowerMayLoosen('access.exitQuota', {
    title: text('出门次数', 'How often a household may go out'),
    unset: { per: 'household', exits: 0, everyDays: 0 },
    schema: z.object({
      per: label(choice({ household: text('每户', 'Household'), person: text('每人', 'Person') }), '按', 'For each'),
      exits: label(z.int().min(0).max(50), '次数', 'Exits', {
        unit: text('次', 'times'),
        hint: text('0 表示不限', '0: without a limit'),
      }),
      everyDays: label(z.int().min(0).max(30), '每几天', 'Every', { unit: days }),
    }),
    looser: (lower, upper) =>
      lower.exits === 0 || (upper.exits > 0 && lower.exits * upper.everyDays >= upper.exits * lower.everyDays),
  }),
  lowerWins('services.careKit', {
    title: text('关爱包清单', 'What is in a care kit'),
    unset: [],
    schema: z
      .array(
        coded({
          contactCard: text('联系卡', 'Contact card'),
          openLetter: text('公开信', 'Open letter'),
          letterOfComfort: text('慰问信', 'Letter of comfort'),
          thermometer: text('体温计', 'Thermometer'),
          disinfectant: text('消毒液', 'Disinfectant'),
          masks: text('口罩', 'Masks'),
          rice: text('米', 'Rice'),
          oil: text('油', 'Oil'),
          vegetables: text('蔬菜', 'Vegetables'),
        }),
      )
      .max(40),
  }),
  upperWins('cases.infectious', {
    title: text('有传染性的时间', 'Infectious period'),
    unset: { from: 'onset', days: 0 },
    schema: z.object({
      from: label(
        choice({ onset: text('发病当天', 'Day of onset'), twoDaysBefore: text('发病前两天', 'Two days before onset') }),
        '自',
        'From',
      ),
      days: label(z.int().min(0).max(60), '天数', 'Days', { unit: days }),
    }),
  }),
  upperWins('inspection.breteauBands', {
    title: text('布雷图指数分级', 'Bands of the Breteau index'),
    unset: [],
    schema: z
      .array(
        z.object({
          below: label(z.number().min(0).max(1000).nullable(), '低于', 'Below', {
            hint: text('最后一级不填', 'Empty in the last band'),
          }),
          band: label(
            choice({
              green: text('控制水平', 'Controlled'),
              yellow: text('有传播风险', 'Risk of spread'),
              orange: text('可能聚集', 'Clusters possible'),
              red: text('可能暴发', 'Outbreak possible'),
            }),
            '级别',
            'Band',
          ),
        }),
      )
      .max(8),
  }),
  upperWins('inspection.zoneRadiusMetres', {
    title: text('核心区半径', 'Radius of the core zone'),
    unset: { from: 0, to: 0 },
    schema: z.object({
      from: label(z.int().min(0).max(5000), '从', 'From', { unit: text('米', 'm') }),
      to: label(z.int().min(0).max(5000), '到', 'To', { unit: text('米', 'm') }),
    }),
  }),
]

const groups: Readonly<Record<string, Text>> = {
  policy: text('告知', 'Notices'),
  screening: text('排查', 'Screening'),
  monitoring: text('健康监测', 'Health checks'),
  observation: text('居家观察', 'Observation at home'),
  access: text('通行', 'Passing the gate'),
  services: text('服务', 'Services'),
  disinfection: text('消杀', 'Disinfection'),
  inspection: text('环境检查', 'Inspection'),
  cases: text('病例', 'Cases'),
  reporting: text('日报', 'Daily report'),
}
const others = text('其他', 'Others')

/** The work to which a key belongs, from its first part. */
export const groupOf = (key: string): Text => groups[key.slice(0, key.indexOf('.'))] ?? others
