// Rules that communities keep though no module of the house asks for them yet: their words, so that they can be read and written.
// Whoever brings a module declares its keys there; a declared key takes the place of the one here.
import { z } from 'zod'
import { label } from '#core/labels.ts'
import { lowerMayLoosen, lowerWins, upperWins } from '#core/policy.ts'
import { text, type Text } from '#core/text.ts'
import type { AnyPolicyKey } from './model.ts'

const days = text('天', 'days')
const word = z.string().trim().min(1).max(60)

export const foreseenKeys: readonly AnyPolicyKey[] = [
  upperWins('monitoring.feverAt', {
    title: text('发热阈值', 'Fever from'), schema: label(z.number().min(35).max(42), '体温', 'Temperature', { unit: text('℃', '℃') }), unset: 37.3,
  }),
  lowerMayLoosen('monitoring.timesPerDay', {
    title: text('每天测温次数', 'Temperature taken, times a day'),
    schema: label(z.int().min(0).max(12), '次数', 'Times', { unit: text('次', 'times') }), unset: 0, looser: (lower, upper) => lower <= upper,
  }),
  lowerMayLoosen('observation.days', {
    title: text('居家观察天数', 'Days of observation at home'), schema: label(z.int().min(0).max(60), '天数', 'Days', { unit: days }), unset: 0,
    looser: (lower, upper) => lower <= upper,
  }),
  lowerWins('observation.means', { title: text('观察期间的用品', 'Means during observation'), schema: z.array(word).max(20), unset: [] }),
  lowerWins('services.careTeam', { title: text('帮扶小组', 'Care team'), schema: z.array(word).max(20), unset: [] }),
  lowerWins('services.careKit', { title: text('关爱包清单', 'What is in a care kit'), schema: z.array(word).max(40), unset: [] }),
  lowerWins('services.wellnessCallsPerDay', {
    title: text('每天问候电话', 'Calls a day'), schema: label(z.int().min(0).max(12), '次数', 'Times', { unit: text('次', 'times') }), unset: 0,
  }),
]

const groups: Readonly<Record<string, Text>> = {
  policy: text('告知', 'Notices'), screening: text('排查', 'Screening'), monitoring: text('健康监测', 'Health checks'),
  observation: text('居家观察', 'Observation at home'), access: text('通行', 'Passing the gate'), services: text('服务', 'Services'),
  disinfection: text('消杀', 'Disinfection'), inspection: text('环境检查', 'Inspection'), cases: text('病例', 'Cases'), reporting: text('日报', 'Daily report'),
}
const others = text('其他', 'Others')

/** The work to which a key belongs, from its first part. */
export const groupOf = (key: string): Text => groups[key.slice(0, key.indexOf('.'))] ?? others
