// Words and colours of the pages of observation.
import { text, type Text } from '#core/text.ts'
import type { ToneName } from '#web/console/tone.tsx'
import type { OrderState, SealState } from '../model.ts'

export const tones: Record<OrderState, ToneName> = {
  proposed: 'look',
  checked: 'look',
  decided: 'look',
  served: 'info',
  releaseRequested: 'info',
  releaseApproved: 'look',
  released: 'ok',
  cancelled: 'quiet',
}
export const sealTones: Record<SealState, ToneName> = {
  proposed: 'look',
  decided: 'danger',
  lifting: 'look',
  lifted: 'ok',
  cancelled: 'quiet',
}

export const said = {
  title: text('医学观察', 'Observation'),
  orders: text('观察令', 'Orders'),
  seals: text('整栋封闭', 'Sealed places'),
  suggestions: text('重点人员', 'Key persons'),
  ledgers: text('台账', 'Ledgers'),
  noResponse: text(
    '现在没有进行中的应急响应：可以提出建议，但不能作出任何限制。',
    'No response is active: you may propose, but nothing that restricts can be decided.',
  ),
  noRules: text(
    '还没有观察规则。请先在“响应与规则”里引入规则包并由第二人复核。',
    'There are no rules of observation yet. Bring in a pack under Response and rules and have it approved.',
  ),
  advice: text(
    '社区提出和协助，由疾控、医疗机构或政府决定；没有决定文书，不得限制任何人。',
    'The community proposes and helps; a CDC, a medical body or a government decides. Without their paper nobody is restricted.',
  ),
  ownPage: text('居民页、异议、门外电话单', 'Own page, objections, sheet for the door'),
  propose: text('提出观察', 'Propose'),
  newSeal: text('封闭一处', 'Seal a place'),
  none: text('还没有观察令', 'No orders yet'),
  noneHint: text('可从“重点人员”提出，或点“提出观察”选择居民。', 'Propose from the key persons, or choose a resident.'),
  noSeals: text('没有封闭', 'Nothing is sealed'),
  noSealsHint: text('有政府的封闭决定时，在这里登记。', 'When a government has decided to seal a place, record it here.'),
  noKeyPersons: text('没有重点人员', 'No key persons'),
  noKeyPersonsHint: text(
    '排查中登记的返程人员和有接触史的人会出现在这里。',
    'Returnees and contacts found in screening stand here.',
  ),
  inForce: text('现在有效', 'In force now'),
  notInForce: text('不限制任何人', 'Restricts nobody'),
  due: text('应办解除', 'Release due'),
  past: text(
    '已过最后一天：不再限制任何人，请尽快办理解除告知书。',
    'Past its last day: it restricts nobody any more. Have the release notice served soon.',
  ),
  closed: text(
    '已解除，档案已办结：出行不再受限，日常任务已停。',
    'Released and closed: nothing hinders going out, nothing recurs any more.',
  ),
  missing: text('还缺', 'Still missing'),
  steps: text('办理记录', 'Steps'),
  next: text('下一步', 'Next'),
  changes: text('变更文件', 'Changing documents'),
  people: text('被观察的人', 'Under observation'),
  waits: text('待第二人复核', 'Awaits a second person'),
  countersign: text('复核同意', 'Countersign'),
  giveBack: text('退回', 'Return'),
  printRelease: text('打印解除告知书', 'Print the release notice'),
  printReleases: text('打印全部解除告知书', 'Print all release notices'),
  print: text('打印告知书等', 'Print the papers'),
  printAll: text('一次打印全部文书', 'Print all papers'),
  age: text('岁', 'years'),
  guardian: text('监护人', 'Guardian'),
  mayNot: text('当前岗位不能办理', 'Your present post may not do this'),
  own: text(
    '提出或登记的人不能自己复核，请另一位人员办理',
    'Whoever proposed or recorded it cannot countersign: ask another person',
  ),
  notRecorded: text('先登记决定文书', 'Record the decision first'),
  notDecided: text('须先由第二人复核', 'A second person signs first'),
  notServed: text('告知书还没有送达', 'The notice has not been served'),
  served: text('已送达', 'Served already'),
  over: text('已办结', 'Finished'),
  decidedAlready: text('已决定，变更须有新的文书', 'Decided already: a change takes a further document'),
  notAtHome: text('集中观察不需要', 'Not needed in a facility'),
  notFacility: text('居家观察不需要', 'Not needed at home'),
  ofSeal: text('随整栋封闭一起办理', 'Handled with the seal'),
  notDue: text('还没到解除日；提前解除须有缩短期限的文书', 'Not due yet; earlier it takes a document that shortens it'),
  notRequested: text('先请示解除', 'Request it first'),
  notApproved: text('先登记批准', 'Record the approval first'),
  opening: text('正在为各户建档', 'Opening an order for each household'),
  resume: text('继续建档', 'Go on'),
  serveAll: text('登记各户送达', 'Record service'),
  household: text('先选楼栋和住户', 'Choose building and household'),
  person: text('再选人员', 'Choose the person'),
  unit: text('选择单元', 'Choose the unit'),
  building: text('选择楼栋', 'Choose the building'),
  nobody: text('不在名单里', 'Not in the list'),
  name: text('姓名', 'Name'),
  phone: text('电话', 'Phone'),
  allMustBe: text('标 * 的必须具备', 'Those with * are needed'),
  sealNeeds: text(
    '消防通道、昼夜钥匙保管人和救护车路线缺一不可，否则不能保存。',
    'Without fire exit, key holders by day and by night and the route of an ambulance it cannot be saved.',
  ),
  allServed: text('全部已送达', 'All served'),
  allOpen: text('已全部建档', 'All are open'),
  notSealed: text('还没有复核或已解封', 'Not countersigned, or lifted'),
  liftFirst: text('先登记解封决定', 'Record the decision to lift first'),
}

type Slots = {
  readonly due: number
  readonly done: number
  readonly excused: number
  readonly missed: number
  readonly overdue: number
}
/** What was due in the time of an order or a seal, and how it went. */
export const saidSlots = ({ due, done, excused, missed, overdue }: Slots): Text =>
  text(
    `观察期间任务：应办 ${due}，已办 ${done}，免办 ${excused}，超时 ${overdue}，漏办 ${missed}`,
    `Duties of its time: ${due} due, ${done} done, ${excused} excused, ${overdue} overdue, ${missed} missed`,
  )
