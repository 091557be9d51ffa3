// Words and colours of the report's pages.
import { text, type Text } from '#core/text.ts'
import type { ToneName } from '#web/console/tone.tsx'
import type { PartChange, ReportState } from '../model.ts'

export const tones: Record<ReportState, ToneName> = {
  open: 'look',
  submitted: 'info',
  returned: 'danger',
  confirmed: 'ok',
  locked: 'quiet',
}

export const said = {
  title: text('疫情防控日报', 'Daily report'),
  overview: text('日报汇总', 'Reports of all communities'),
  back: text('返回汇总', 'All communities'),
  live: text('实时统计，尚未编制', 'As it stands now, not compiled yet'),
  liveHint: (time: string): Text =>
    text(
      `到 ${time} 自动编制；也可以现在编制。数字全部由系统统计，不能手工填写。`,
      `It is compiled by itself at ${time}, or now if you like. Every number is counted; none is typed.`,
    ),
  notCalled: text(
    '今天没有进行中的应急响应或排查，不需要日报。',
    'No response and no campaign is under way, so no report is called for.',
  ),
  frozen: (time: string): Text =>
    text(
      `统计截至 ${time}，已固定。此后的登记和更正列在“上报后的变动”。`,
      `Counted until ${time} and frozen. What is recorded or corrected later is listed under changes.`,
    ),
  zero: text('零报告', 'Zero report'),
  late: text('迟报', 'Late'),
  missing: text('未报', 'Missing'),
  notCalledFor: text('不需要', 'Not called for'),
  dueBy: text('上报时限', 'Due by'),
  onlySecretary: text('由社区书记办理', 'Done by the community secretary'),
  onlyOfficers: text('由街道或区专员办理', 'Done by an officer of the street or district'),
  compileFirst: text('还没有编制日报', 'The report has not been compiled yet'),
  notStarted: text('这一天还没有到', 'That day has not begun'),
  handedOver: text('日报已上报，退回后才能重新编制', 'It has been sent; it can be compiled again after a return'),
  alreadySent: text('日报已上报', 'It has been sent already'),
  notSent: text('社区还没有上报', 'The community has not sent it'),
  alreadyConfirmed: text('日报已确认', 'It has been confirmed already'),
  notConfirmed: text('先确认，才能锁定', 'Confirm it first'),
  locked: text('日报已锁定', 'It is locked'),
  recompileWarn: text('重新编制', 'Compile again'),
  returnTitle: text('退回这份日报', 'Return this report'),
  returnExplain: text(
    '社区会看到退回原因，修改后重新上报。',
    'The community reads the reason, mends the report and sends it again.',
  ),
  submitHint: text('数字已由系统固定，这里只写文字。', 'The numbers are frozen; only words are written here.'),
  figures: text('统计数据', 'Figures'),
  item: text('项目', 'Item'),
  group: text('类别', 'Group'),
  unit: text('单位', 'Unit'),
  doubted: text('存疑', 'In doubt'),
  definition: text('口径', 'Definition'),
  byGrid: text('分网格', 'By grid'),
  whole: text('合计', 'In all'),
  grid: text('网格', 'Grid'),
  unplaced: text('网格不明', 'Grid unknown'),
  numerator: text('统计什么', 'What is counted'),
  denominator: text('分母', 'Out of what'),
  distinct: text('去重', 'Counted once by'),
  instant: text('时点', 'At which instant'),
  steps: text('办理过程', 'Steps'),
  changes: text('上报后的变动', 'Changes since the report'),
  noChanges: text('没有变动：现在统计的结果与日报一致。', 'None: counting now gives the same.'),
  onlyRows: text('数字没有变，以下明细有变动。', 'The numbers are the same; these entries behind them changed.'),
  moreChanges: text(
    '变动较多，只列出前 200 条；上面的数字是完整的。',
    'There are many changes: the first 200 are listed, the numbers above are complete.',
  ),
  reported: text('日报数', 'Reported'),
  now: text('现在', 'Now'),
  change: text('变动', 'Change'),
  recompute: text('按当时的数据复算', 'Count again as of then'),
  equal: text('复算一致：每个数字都与固定的相同。', 'Equal: every number comes out as it was frozen.'),
  unequal: (n: number): Text =>
    text(
      `复算不一致：有 ${n} 项不同，请联系管理员。`,
      `Not equal: ${n} ${n === 1 ? 'number differs' : 'numbers differ'}. Please tell the administrator.`,
    ),
  brief: text('复制文字版', 'As a message'),
  briefTitle: text('群消息（不含姓名和住址）', 'Message for a group chat, without names or addresses'),
  copy: text('复制', 'Copy'),
  copied: text('已复制', 'Copied'),
  open: (name: string): Text => text(`查看明细：${name}`, `What is behind it: ${name}`),
  noRows: text('这一栏没有明细', 'Nothing is counted here'),
  notes: text('说明', 'Notes'),
  problems: text('问题与困难', 'Difficulties'),
  history: text('历次日报', 'Reports of all days'),
  noHistory: text('还没有日报', 'No report yet'),
  computedAt: text('数据时间', 'Figures of'),
  namesNobody: text(
    '导出的表只有数字，没有居民的姓名和住址，所以不用选遮蔽；导出同样记入导出登记。',
    'The workbook holds numbers only, no resident’s name or address, so there is nothing to mask; it stands in the register of exports all the same.',
  ),
  fromSums: text(
    '汇总来自各社区每两分钟更新的统计数；已上报的以上报数为准。',
    'From sums that are renewed every two minutes; what was handed over counts as reported.',
  ),
  completeness: text('上报进度', 'Reports in'),
  overdue: text('未报（超时）', 'Missing and overdue'),
  ofThemOverdue: (n: number): Text => text(`其中超时 ${n} 个`, `${n} of them overdue`),
  backToStreets: text('返回全区', 'All streets'),
  returnOne: (name: string): Text =>
    text(
      `退回${name}的日报。社区会看到退回原因，修改后重新上报。`,
      `The report of ${name} goes back. The community reads the reason, mends it and sends it again.`,
    ),
  sums: text('合计范围', 'Which sum'),
  sumsIn: text('已收日报', 'Reports in'),
  sumsNow: text('全部社区', 'All communities'),
  sumsReceived: (n: number, of: number): Text =>
    text(`已收日报合计（${n} / ${of} 个社区）`, `Sum of the reports in (${n} of ${of} communities)`),
  sumsAll: (n: number): Text => text(`全部 ${n} 个社区的现有统计`, `All ${n} communities as they stand`),
  left: text('还剩谁', 'Who is left'),
  leftTitle: text('群消息：还剩谁（不含居民姓名）', 'Who is left, for a group chat, without residents’ names'),
  printBrief: text('打印简报', 'Print the brief'),
  streetNotSent: text('街道还没有汇总上报', 'The street has not sent its sum yet'),
  streetHint: text(
    '汇总只含已收到的社区日报，未收到的会列明；由街道专员办理。',
    'A sum holds the reports that are in and names those that are not; an officer of the street sends it.',
  ),
  noneIn: text('还没有收到任何社区的日报', 'No report is in yet'),
  summedFrom: (n: number, of: number, time: string): Text =>
    text(`${time} 汇总，含 ${n} / ${of} 个社区。`, `Summed up at ${time} from ${n} of ${of} communities.`),
  without: text('未含：', 'Not in it: '),
  sumUpHint: (n: number, missing: number): Text =>
    text(
      `将汇总已收到的 ${n} 个社区日报${missing ? `，未收到的 ${missing} 个会列明` : ''}。上报后再报来或重报的列入变动。`,
      `Sums up the ${n} reports that are in${missing ? ` and names the ${missing} that are not` : ''}. What comes later is listed as a change.`,
    ),
  returnStreet: text('街道会看到退回原因，重新汇总后再上报。', 'The street reads the reason, sums up again and sends it again.'),
  noSince: text('上报后没有变动：现在汇总的结果与上报一致。', 'No change since: summing up now gives the same.'),
  changed: text('有变动', 'Changed since'),
} as const

export const partTones: Record<PartChange, ToneName> = { arrived: 'info', takenBack: 'look', again: 'quiet' }

export const changeWords: Record<'added' | 'gone' | 'changed', Text> = {
  added: text('新增', 'Added'),
  gone: text('减少', 'Gone'),
  changed: text('改变', 'Changed'),
}
export const changeTones: Record<'added' | 'gone' | 'changed', ToneName> = { added: 'info', gone: 'look', changed: 'quiet' }
