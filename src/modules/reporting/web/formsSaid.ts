// Words of the pages of office forms.
import { choiceText } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import type { IndicatorShown } from '../api.ts'
import { PlainFact, type Answer } from '../forms.ts'
import { FigureColumn } from '../model.ts'

export const said = {
  title: text('上级要的表', 'Forms asked for'),
  intro: text(
    '把上级的空白表上传一次，指明每一格由哪个指标回答，以后每天自动填好，样子不变。',
    'Upload an office’s blank form once and say which figure answers each cell: it is then filled every day and keeps its look.',
  ),
  none: text('还没有表', 'No form yet'),
  noneHint: text(
    '先添加一张：选择上级发来的空白 .xlsx 文件。',
    'Add one first: choose the blank .xlsx file that the office sent.',
  ),
  fields: text('栏目', 'Fields'),
  due: text('时限', 'Due'),
  versions: text('版本', 'Versions'),
  inUse: text('在用', 'In use'),
  stopped: text('已停用', 'No longer asked'),
  later: text('未启用', 'Not in use yet'),
  fill: text('看当天的表', 'The form of the day'),
  bind: text('指定对应关系', 'Say what answers it'),
  change: text('修改信息', 'Change'),
  back: text('返回列表', 'All forms'),
  toDay: text('看填好的表', 'The filled form'),
  choose: text('选择空白表（.xlsx）', 'Choose the blank form (.xlsx)'),
  chosen: (name: string): Text => text(`已选：${name}`, `Chosen: ${name}`),
  heavy: text(
    '文件超过 2 MB。请删去图片和不用的工作表后再选。',
    'The file is larger than 2 MB. Remove pictures and unused sheets, then choose again.',
  ),
  needFile: text('请先选择文件', 'Choose the file first'),
  onlyAbove: text('由上级维护', 'Kept by the level above'),
  tally: (counted: number, typed: number, open: number): Text =>
    text(
      `系统填 ${counted} 格，人工填 ${typed} 格，未指定 ${open} 格`,
      `${counted} filled by the house, ${typed} typed by hand, ${open} not decided`,
    ),
  warnPhones: (cells: string): Text =>
    text(
      `表里有手机号（${cells}），请确认不是居民的。`,
      `The form holds phone numbers (${cells}); make sure they are no residents’.`,
    ),
  warnHidden: (cells: string): Text => text(`有隐藏的工作表：${cells}`, `Hidden sheets: ${cells}`),
  warnCut: (cells: string): Text => text(`${cells} 行数较多，只显示前 300 行。`, `${cells}: only the first 300 rows are shown.`),
  // Binding
  bindHint: text(
    '点一格，选由什么来回答。绿色为已指定，黄色虚线为系统建议，灰色为表里的公式。',
    'Press a cell and choose what answers it. Green is decided, dashed amber is a suggestion, grey is a formula of the form.',
  ),
  suggested: text('建议', 'Suggested'),
  accept: text('采用', 'Accept'),
  acceptAll: (n: number): Text => text(`采用全部 ${n} 条建议`, `Accept all ${n} suggestions`),
  restTyped: (n: number): Text => text(`其余 ${n} 格由人工填写`, `The other ${n} are typed by hand`),
  notDecided: text('未指定', 'Not decided'),
  formula: text('表内公式', 'Formula of the form'),
  blank: text('留空', 'Left blank'),
  byFigure: text('系统统计的指标', 'A figure that is counted'),
  byFact: text('日期、单位、人员', 'Date, unit, person'),
  byTyped: text('人工填写', 'Typed by hand'),
  search: text('查找指标', 'Find an indicator'),
  today: text('今天', 'Today'),
  typedName: text('填写内容的名称（同名的各表只填一次）', 'Name of what is typed (the same name is typed once for all forms)'),
  area: text('范围', 'Area'),
  take: text('选用', 'Use'),
  clear: text('取消指定', 'Take away'),
  cell: text('格', 'Cell'),
  answeredBy: text('由什么回答', 'Answered by'),
  list: text('逐格列表', 'Cell by cell'),
  repeat: text('逐行填写下一级', 'A row for each place below'),
  repeatHint: text(
    '从这一行起，每行填下一级的一个单位（网格、社区或街道）；只需指定第一行。行里已印名称的，按名称填。',
    'From this row on, each row is one place below (grid, community or street); only the first is decided. Rows with a printed name are filled by it.',
  ),
  from: text('从第几行', 'From row'),
  rows: text('共几行', 'Rows'),
  sheet: text('工作表', 'Sheet'),
  unsaved: text('有改动未保存', 'Not saved yet'),
  // The day
  ofReport: (time: string): Text =>
    text(`取自日报，统计截至 ${time}，已固定。`, `From the daily report, counted until ${time} and frozen.`),
  live: (time: string): Text =>
    text(`实时统计（${time}），日报尚未编制。`, `As it stands now (${time}); the report has not been compiled.`),
  parts: (received: number, called: number): Text =>
    text(`下级日报已收 ${received} / ${called}。`, `${received} of ${called} reports are in.`),
  partsDiffer: text(
    '各行现在的数与已固定的汇总日报不一致：汇总之后又有报来或更正。',
    'The rows now come to another sum than the frozen report: something came in later.',
  ),
  openLeft: (n: number): Text => text(`还有 ${n} 格没有指定由什么回答，会空着。`, `${n} cells are not decided and stay blank.`),
  without: (n: number): Text => text(`表里的行不够：有 ${n} 个单位没有行。`, `The form has too few rows: ${n} places have none.`),
  typedTitle: text('要人工填写的', 'Typed by hand'),
  noTyped: text('这张表没有要人工填写的栏目。', 'Nothing has to be typed in this form.'),
  alsoAsked: (names: string): Text => text(`${names} 也要这一项，填一次即可`, `${names} ask for it too: once is enough`),
  typedBy: (name: string, time: string): Text => text(`${name} ${time} 填写`, `Typed by ${name}, ${time}`),
  open: (name: string): Text => text(`查看明细：${name}`, `What is behind it: ${name}`),
  noForm: text('这张表找不到或没有启用。', 'This form was not found or is not in use.'),
  // Who asks what
  whoAsks: text('谁要什么', 'Who asks what'),
  sum: (forms: number, fields: number, facts: number): Text =>
    text(
      `${forms} 张表共 ${fields} 格，其实是 ${facts} 项内容；同一项各部门都要的，只列一次。`,
      `${forms} forms ask ${fields} cells, which are ${facts} facts; what several offices ask is listed once.`,
    ),
  untyped: (n: number): Text => text(`不用填的 ${n} 项`, `${n} nobody needs to type`),
  byHand: (n: number): Text => text(`要人工填写的 ${n} 项`, `${n} typed by hand`),
  undecided: (n: number): Text => text(`还没指定的 ${n} 项`, `${n} not decided`),
  fact: text('内容', 'Fact'),
  answer: text('怎么来', 'Where it comes from'),
  times: text('几张表要', 'Asked by'),
  handTyped: text('须人工填写', 'Has to be typed by hand'),
  openYet: text('须人工填写（未指定）', 'Has to be typed by hand (not decided)'),
  known: text('系统已知', 'Known to the house'),
} as const

/** What answers a cell, in words. */
export function sayAnswer(answer: Answer, indicators: readonly Pick<IndicatorShown, 'indicator' | 'title' | 'unit'>[]): Text {
  if (answer.by === 'typed') return text(`人工填写：${answer.name}`, `Typed by hand: ${answer.name}`)
  if (answer.by === 'blank') return said.blank
  if (answer.by === 'fact') return choiceText(PlainFact, answer.fact)
  const indicator = indicators.find((one) => one.indicator === answer.indicator)
  const column = choiceText(FigureColumn, answer.column)
  return text(
    `${indicator?.title.zh ?? answer.indicator} · ${column.zh}`,
    `${indicator?.title.en ?? answer.indicator} · ${column.en}`,
  )
}
