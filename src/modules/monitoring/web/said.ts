// Words and colours of the pages of monitoring.
import { text } from '#core/text.ts'
import type { ToneName } from '#web/console/tone.tsx'
import type { EpisodeState } from '../model.ts'

export const tones: Record<EpisodeState, ToneName> = {
  recheck: 'danger',
  confirmed: 'danger',
  reported: 'look',
  referred: 'look',
  handedOver: 'info',
  resulted: 'look',
  cleared: 'ok',
  backToObservation: 'ok',
  becameCase: 'danger',
  closedNotFever: 'quiet',
}

export const said = {
  title: text('健康监测', 'Health checks'),
  round: text('今日巡测', 'Today’s round'),
  flags: text('待核实', 'To be verified'),
  episodes: text('发热处置', 'Fever path'),
  ledger: text('检查台账', 'Ledger'),
  people: text('人', 'people'),
  cases: text('件', 'episodes'),
  entries: text('条', 'entries'),
  toCheck: text('名单人数', 'On the round'),
  left: text('还没测', 'Still to be checked'),
  late: text('超时步骤', 'Overdue steps'),
  where: text('住处', 'Home'),
  name: text('姓名', 'Name'),
  last: text('最近一次', 'Last'),
  state: text('情况', 'Standing'),
  leftOnly: text('只看没测的', 'Unchecked only'),
  record: text('登记', 'Record'),
  mayNot: text('当前岗位不能办理', 'Your present post may not do this'),
  none: text('没有要测的人', 'Nobody is to be checked'),
  noneHint: text('有人开始医学观察后，会按楼栋列在这里。', 'Whoever comes under observation stands here by building.'),
  allChecked: text('现在该测的都测完了', 'All that is due now is done'),
  noFlags: text('没有要核实的登记', 'Nothing to be verified'),
  noFlagsHint: text(
    '两次太近、多次相同或数值不可能的登记会列在这里，请工作人员当面再测；它不改变任何人的状态。',
    'Entries too close, identical or impossible stand here until staff measure again. They change nobody’s status.',
  ),
  noEpisodes: text('没有发热处置', 'No episodes'),
  noEpisodesHint: text(
    '体温达到阈值或有重点症状时会自动建立，先复测。',
    'One opens itself at the threshold or with certain symptoms, and asks for a second measurement first.',
  ),
  noChecks: text('还没有检查记录', 'No checks yet'),
  noChecksHint: text('在“今日巡测”登记，或用手机上门登记。', 'Record them in today’s round, or at the door with a phone.'),
  doubt: text('要核实', 'To be verified'),
  overdue: text('超时', 'Overdue'),
  settled: text('已测', 'Done'),
  unsettled: text('待测', 'To check'),
  later: text('未到时', 'Later'),
  missed: text('漏测', 'Missed'),
  excused: text('免测', 'Excused'),
  days: text('最近14天', 'The last 14 days'),
  day: text('日期', 'Day'),
  morning: text('上午', 'Morning'),
  evening: text('晚上', 'Evening'),
  symptoms: text('症状', 'Symptoms'),
  noSymptoms: text('无', 'none'),
  notAsked: text('没有问', 'not asked'),
  others: text('其他', 'Else'),
  settle: text('说明情况', 'Settle in words'),
  values: text('登记数值', 'Values'),
  withdraw: text('撤回', 'Withdraw'),
  history: text('登记', 'Entries'),
  withdrawWhy: text('时段会重新打开，等再次测量。', 'Its window opens again and waits for another check.'),
  next: text('本步', 'This step'),
  due: text('时限', 'Due'),
  steps: text('办理过程', 'Steps'),
  evidence: text('凭证', 'Evidence'),
  closed: text('已结束', 'Closed'),
  recheckFirst: text('请先登记复测体温', 'Record the second measurement first'),
  notNow: text('还没有轮到这一步，或已办过', 'Not due yet, or done already'),
  print: text('打印排除证明', 'Print the certificate'),
  noCertificate: text('排除后才有证明', 'There is one once it is cleared'),
  how: text(
    '用药后、电话报的、没问症状的复测不算正常：由医务人员判断后再结束。',
    'A second measurement after medicine, by phone or without asking for symptoms does not end it: let a medic judge.',
  ),
}

/** A temperature as a thermometer shows it: 38.0 ℃. */
export const celsius = (value: number): string => `${value.toFixed(1)} ℃`
/** What was measured, with its unit; a temperature with its tenth. */
export const measured = ({ kind, value, unit }: { kind: string; value: number; unit: string | null }): string =>
  kind === 'temperature' ? celsius(value) : `${value} ${unit ?? ''}`
/** Between words that are listed. */
export const comma = text('、', ', ')
