// The rules of observation as policy keys, and what follows from them without a database: day zero, the last day, when release is due.
import { z } from 'zod'
import { addDays, Day } from '#core/dates.ts'
import { choice, label } from '#core/labels.ts'
import { lowerMayLoosen, lowerWins, upperWins, type PolicyKey } from '#core/policy.ts'
import { text, type Text } from '#core/text.ts'
import { Every, Slots } from '#modules/duties/model.ts'
import { noticeNumbering, numbering } from './notices.ts'

const days = text('天', 'days')
const published = { harmless: 'published rules' }
const Pair = (zh: string, en: string, max = 500) =>
  label(z.object({ zh: z.string().trim().min(1).max(max), en: z.string().trim().min(1).max(max) }), zh, en, published)
const Key = label(z.string().regex(/^[a-z][A-Za-z0-9]{0,29}$/), '代码', 'Code', {
  hint: text('小写字母开头', 'Begins with a small letter'),
})
/** A word of one's own, or one of the usual things by its code. */
const coded = (choices: Readonly<Record<string, Text>>) =>
  label(z.string().trim().min(1).max(60), '', '', { choices, ...published })

// --- lengths ----------------------------------------------------------------------------------------------------------

export const DayZero = choice({
  leftAffectedArea: text('离开疫情发生地区之日', 'Day of leaving the affected area'),
  lastContact: text('最后接触之日', 'Day of the last contact'),
  firstDayOfObservation: text('开始观察之日', 'First day of observation'),
})
export type DayZero = z.infer<typeof DayZero>

export const Place = choice({ home: text('居家', 'At home'), facility: text('集中观察点', 'In a facility') })
export type Place = z.infer<typeof Place>

const Length = label(z.int().min(0).max(60), '天数', 'Days', { unit: days })

/** So many days where the category names none of its own. Two diseases differ, and so do two years. */
export const usualDays: PolicyKey<number> = lowerMayLoosen('observation.days', {
  title: text('观察天数', 'Days of observation'),
  schema: Length,
  unset: 0,
  looser: (lower, upper) => lower <= upper,
})

export const DayZeroRule = z.object({
  from: label(DayZero, '算起', 'From'),
  without: label(DayZero, '没有凭证时', 'Without a proof'),
})
export type DayZeroRule = z.infer<typeof DayZeroRule>
/** Which day is day 0. Community plan of 2020: the day of leaving, proved by a ticket; else the first day of observation. */
export const dayZeroRule: PolicyKey<DayZeroRule> = upperWins('observation.dayZero', {
  title: text('观察从哪天算起', 'Day zero of observation'),
  schema: DayZeroRule,
  unset: { from: 'firstDayOfObservation', without: 'firstDayOfObservation' },
})

export const ReleaseRule = z.object({
  automatic: label(z.literal(false), '到期自动解除', 'By itself on the last day'),
  needs: label(
    z
      .array(
        coded({
          request: text('请示', 'Request'),
          approval: text('批准', 'Approval'),
          numberedNotice: text('编号的解除告知书', 'Numbered notice'),
          signature: text('签字', 'Signature'),
        }),
      )
      .max(10),
    '需要的手续',
    'What it needs',
  ),
  afterDays: label(z.int().min(0).max(3).default(1), '最后一天之后第几天办理', 'So many days after the last', {
    unit: days,
    hint: text('0：最后一天当天；1：次日', '0: on the last day itself; 1: the day after'),
  }),
})
export type ReleaseRule = z.infer<typeof ReleaseRule>
/** What release takes. It never comes by itself: the day of release only asks for it. */
export const releaseRule: PolicyKey<ReleaseRule> = upperWins('observation.release', {
  title: text('解除观察', 'Release from observation'),
  schema: ReleaseRule,
  unset: { automatic: false, needs: [], afterDays: 1 },
})

// --- categories -------------------------------------------------------------------------------------------------------

export const Category = z.object({
  key: Key,
  title: Pair('名称', 'Name', 60),
  days: label(Length.nullable().default(null), '天数', 'Days', { hint: text('不填按通用天数', 'Empty: the usual length') }),
  dayZero: label(DayZero.nullable().default(null), '从哪天算起', 'Day zero', { hint: text('不填按通用规定', 'Empty: as usual') }),
  places: label(z.array(Place).min(1).max(2), '可在何处观察', 'Where'),
  coResidentsBound: label(z.boolean().nullable().default(null), '同住人通常同时观察', 'Those who live there are bound too', {
    hint: text('只作为填写时的默认值，以决定书为准', 'Only what the form begins with; the decision says'),
  }),
  team: label(Key.nullable().default(null), '服务小组', 'Team'),
})
export type Category = z.infer<typeof Category>
/** Kinds of observation with what differs between them. Without a table nobody can be put under observation. */
export const categories: PolicyKey<Category[]> = upperWins('observation.categories', {
  title: text('观察类别', 'Categories of observation'),
  schema: z.array(Category).max(30),
  unset: [],
})

// --- what recurs, who helps, what is given ----------------------------------------------------------------------------

export const Recurring = z.object({
  kind: label(z.string().regex(/^[a-z][A-Za-z0-9]*\.[A-Za-z0-9]+$/), '任务', 'Duty', {
    ...published,
    choices: {
      'monitoring.temperature': text('测体温', 'Temperature'),
      'services.call': text('暖心电话', 'Wellness call'),
      'disinfection.round': text('周边消杀', 'Disinfection around it'),
      'services.supplies': text('送生活物资', 'Delivery of supplies'),
      'services.visit': text('上门探访', 'Visit'),
    },
  }),
  subject: label(
    choice({
      person: text('每个被观察的人', 'Each person under observation'),
      household: text('每户', 'Each household'),
      building: text('封闭范围（整栋、整单元一次）', 'What is sealed, once for all of it'),
    }),
    '对象',
    'For',
  ),
  slots: label(Slots, '时段', 'Windows'),
  every: label(Every, '频次', 'How often'),
  places: label(z.array(Place).min(1).max(2), '适用于', 'Where'),
  seals: label(
    choice({
      both: text('都适用', 'Both'),
      only: text('只在整栋封闭时', 'Under a seal only'),
      never: text('整栋封闭时不用', 'Not under a seal'),
    }).default('both'),
    '整栋、整单元封闭',
    'Seals',
  ),
})
export type Recurring = z.infer<typeof Recurring>
/** Temperatures, calls, disinfection: what recurs while somebody is under observation, with its windows. */
export const recurring: PolicyKey<Recurring[]> = lowerWins('observation.duties', {
  title: text('观察期间的日常任务', 'What recurs during observation'),
  schema: z.array(Recurring).max(12),
  unset: [],
})

/** Whoever may be in a team. Two teams of the same name had other members in two places. */
export const teamRoles: Readonly<Record<string, Text>> = {
  committeeMember: text('班子成员', 'Committee member'),
  communitySecretary: text('社区书记', 'Community secretary'),
  communityCadre: text('社区干部', 'Community cadre'),
  gridWorker: text('网格员', 'Grid worker'),
  medic: text('卫生站人员', 'Health station'),
  police: text('民警', 'Police'),
  volunteer: text('志愿者', 'Volunteer'),
  partyVolunteer: text('党员志愿者（安抚情绪）', 'Volunteer for comfort'),
  buildingSteward: text('楼长', 'Building steward'),
  propertyManager: text('物业人员', 'Property manager'),
}
export const TeamRule = z.object({
  key: Key,
  title: Pair('名称', 'Name', 60),
  roles: label(z.array(coded(teamRoles)).min(1).max(12), '成员', 'Members'),
})
export type TeamRule = z.infer<typeof TeamRule>
export const teams: PolicyKey<TeamRule[]> = lowerWins('observation.teams', {
  title: text('包保服务小组', 'Teams that look after a household'),
  schema: z.array(TeamRule).max(12),
  unset: [],
})

export const kitItems: Readonly<Record<string, Text>> = {
  contactCard: text('联系卡', 'Contact card'),
  openLetter: text('倡议书', 'Open letter'),
  letterOfComfort: text('慰问信', 'Letter of comfort'),
  thermometer: text('体温计', 'Thermometer'),
  disinfectant: text('消毒液', 'Disinfectant'),
  masks: text('口罩', 'Masks'),
  rice: text('米', 'Rice'),
  oil: text('油', 'Oil'),
  vegetables: text('蔬菜', 'Vegetables'),
  net: text('蚊帐', 'Mosquito net'),
}
/** 九个一 and its like: what is handed over at the beginning, item by item. */
export const kit: PolicyKey<string[]> = lowerWins('observation.kit', {
  title: text('入户关爱包清单', 'What is handed over at the beginning'),
  schema: z.array(coded(kitItems)).max(40),
  unset: [],
})
export const means: PolicyKey<string[]> = lowerWins('observation.means', {
  title: text('观察期间的用品', 'Means during observation'),
  schema: z.array(coded({ net: text('蚊帐', 'Mosquito net') })).max(20),
  unset: [],
})

// --- the home ---------------------------------------------------------------------------------------------------------

export const Condition = z.object({
  key: Key,
  title: Pair('条件', 'Condition', 120),
  required: label(z.boolean(), '必须具备', 'Needed'),
})
export type Condition = z.infer<typeof Condition>
/** What a home must have before somebody is observed there. */
export const suitability: PolicyKey<Condition[]> = lowerWins('observation.suitability', {
  title: text('居家观察条件', 'What a home must have'),
  schema: z.array(Condition).max(30),
  unset: [],
})

// --- papers -----------------------------------------------------------------------------------------------------------

const releaseWords: readonly Text[] = [
  text(
    '医学观察期已满，经决定机关同意，现解除医学观察。',
    'The time of observation is over; the body that decided has agreed to end it.',
  ),
  text(
    '自本告知书送达之日起，您可以正常出行、上班和上学，任何单位和个人不得以曾被观察为由限制。',
    'From its service on you go out, to work and to school as everybody does; nobody may hinder you for having been observed.',
  ),
  text('如有发热、咳嗽等不适，请及时就医并告诉社区。', 'If you feel feverish or cough, see a doctor and tell the community.'),
]
export const Papers = z.object({
  duties: label(z.array(Pair('一条', 'One')).max(20), '告知书：注意事项', 'Notice: what is asked'),
  liability: Pair('告知书：法律责任', 'Notice: liability'),
  objection: Pair('怎样提出异议', 'How to object'),
  undertaking: label(z.array(Pair('一条', 'One')).max(20), '承诺书：承诺事项', 'Undertaking: what is promised'),
  consequences: Pair('承诺书：法律后果', 'Undertaking: consequences'),
  release: label(
    z
      .array(Pair('一条', 'One'))
      .max(10)
      .default([...releaseWords]),
    '解除告知书内容',
    'Release: what it says',
  ),
  hotline: label(z.string().trim().min(3).max(40), '咨询和投诉电话', 'Hotline', published),
})
export type Papers = z.infer<typeof Papers>
/** The words on the papers. Local documents word them; nothing of it is code. */
export const papers: PolicyKey<Papers> = lowerWins('observation.papers', {
  title: text('告知书和承诺书的内容', 'Words of notice and undertaking'),
  schema: Papers,
  unset: {
    duties: [],
    undertaking: [],
    release: [...releaseWords],
    liability: text(
      '依照《中华人民共和国传染病防治法》的有关规定执行。',
      'As the Law on the Prevention and Treatment of Infectious Diseases provides.',
    ),
    objection: text(
      '不服的，可以拨打下列电话，或向作出决定的机关书面提出，收到后书面答复；也可以依法申请行政复议或提起诉讼。',
      'Call the number below, or write to the body that decided: it answers in writing. Review and litigation are open by law.',
    ),
    consequences: text('如有不实或违反，愿依法承担相应责任。', 'I answer by law for what is untrue or broken.'),
    hotline: '12345',
  },
})

export const observationKeys = [
  usualDays,
  dayZeroRule,
  releaseRule,
  noticeNumbering,
  numbering,
  categories,
  recurring,
  teams,
  kit,
  means,
  suitability,
  papers,
] as const

// --- days -------------------------------------------------------------------------------------------------------------

/** What is known of the days before: a departure counts with a proof only, a contact as the deciding body names it. */
export type Known = {
  readonly leftOn: Day | null
  /** Ticket, boarding pass or the like; null where nothing proves the day of leaving. */
  readonly proof: string | null
  readonly lastContactOn: Day | null
  readonly observedFrom: Day
}

/** Day 0, and by which rule it was found. */
export function dayZeroOf(
  { from, without }: DayZeroRule,
  { leftOn, proof, lastContactOn, observedFrom }: Known,
): { day: Day; rule: DayZero } {
  const proved = (rule: DayZero): Day | null =>
    ({
      leftAffectedArea: proof ? leftOn : null,
      lastContact: lastContactOn,
      firstDayOfObservation: observedFrom,
    })[rule]
  const day = proved(from)
  if (day) return { day, rule: from }
  return { day: proved(without) ?? observedFrom, rule: proved(without) ? without : 'firstDayOfObservation' }
}

/** Day 0 is the first, so day n is n days later; that is the last on which an order binds. */
export const lastDayOf = (dayZero: Day, length: number): Day => addDays(dayZero, length)
/** The day on which release is due. */
export const releaseDayOf = (lastDay: Day, { afterDays }: Pick<ReleaseRule, 'afterDays'>): Day => addDays(lastDay, afterDays)
