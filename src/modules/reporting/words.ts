// A day put into words and tables: footnotes, the table of the official sheet, the one by grid, and the message for a group chat.
import { dayOf, sayDay, sayMinute, sayTime, type Day, type Instant } from '#core/dates.ts'
import { text, type Text } from '#core/text.ts'
import type { DayShown, FigureShown, IndicatorShown } from './api.ts'
import { columns, FigureColumn, type FigureColumn as Column } from './model.ts'
import { choiceText } from '#core/labels.ts'

export const sheetTitle = text('疫情防控日报表', 'Daily report on epidemic prevention')

/** The unit under which a figure stands when an indicator has none of 户, 人, 次, 张. Units are never added up. */
const firstUnits = ['户', '人', '次', '张']

/** Units in the order of the head: 户, 人, 次, 张, then the others as they come. */
function unitsOf(figures: readonly Pick<IndicatorShown, 'unit'>[]): Text[] {
  const units = new Map(figures.map(({ unit }) => [unit.zh, unit]))
  const rank = (zh: string) => (firstUnits.includes(zh) ? firstUnits.indexOf(zh) : firstUnits.length)
  return [...units.values()].sort((a, b) => rank(a.zh) - rank(b.zh))
}

/** A column of a table as sheet and page draw it: `group` is the upper row of the head. */
export type TableColumn = { key: string; head: string; group?: string; type: 'text' | 'number'; width?: number; unit?: string }
export type Table = { columns: TableColumn[]; rows: Record<string, string | number | null>[]; totals: Record<string, number> }

/** The official table: a line for each indicator; under 现有, 今日新增 and 累计 each unit has a column of its own. */
export function dayTable({ figures }: Pick<DayShown, 'figures'>): Omit<Table, 'totals'> {
  const heads = columns.flatMap((column) =>
    unitsOf(figures.filter((f) => f.columns.includes(column))).map((unit): TableColumn => ({
      key: `${column} ${unit.zh}`,
      head: unit.zh,
      group: choiceText(FigureColumn, column).zh,
      type: 'number',
      width: 9,
    })),
  )
  return {
    columns: [
      { key: 'group', head: '类别', type: 'text', width: 14 },
      { key: 'title', head: '项目', type: 'text', width: 26 },
      ...heads,
    ],
    rows: figures.map((f) => ({
      group: f.group.zh,
      title: f.title.zh,
      ...Object.fromEntries(f.columns.map((column) => [`${column} ${f.unit.zh}`, f[column]])),
    })),
  }
}

/** A line for each grid with the main number of each indicator; the last line is the report's own number. */
export function gridTable({ figures }: Pick<DayShown, 'figures'>): Table {
  const grids = new Map(figures.flatMap((f) => f.grids.map((g) => [g.grid ?? '~', g.name] as const)))
  return {
    columns: [
      { key: 'name', head: '网格', type: 'text', width: 18 },
      ...figures.map((f): TableColumn => ({
        key: f.indicator,
        head: f.title.zh,
        ...unitIn(f),
        group: f.group.zh,
        type: 'number',
      })),
    ],
    rows: [...grids]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([grid, name]) => ({
        name,
        ...Object.fromEntries(figures.map((f) => [f.indicator, f.grids.find((g) => (g.grid ?? '~') === grid)?.[f.main] ?? 0])),
      })),
    totals: Object.fromEntries(figures.map((f) => [f.indicator, f[f.main] ?? 0])),
  }
}

/** Title and unit of a figure in one head; a title that says its unit already does not say it twice. */
export const headOf = ({ title, unit }: Pick<IndicatorShown, 'title' | 'unit'>): Text =>
  text(
    title.zh.includes(`（${unit.zh}）`) ? title.zh : `${title.zh}（${unit.zh}）`,
    title.en.toLowerCase().includes(`(${unit.en.toLowerCase()})`) ? title.en : `${title.en} (${unit.en})`,
  )

/** The unit for a column whose head is the title alone; none where the title says it. */
export const unitIn = ({ title, unit }: Pick<IndicatorShown, 'title' | 'unit'>): { unit?: string } =>
  title.zh.includes(`（${unit.zh}）`) ? {} : { unit: unit.zh }

/** `2026年3月2日 周一 17:20`; the whole date of the hour where the report went up on another day. */
export function filledIn(day: Day, at: Instant | undefined): string {
  if (!at) return sayDay(day, 'zh')
  return dayOf(at) === day ? `${sayDay(day, 'zh')} ${sayTime(at)}` : `${sayDay(day, 'zh')}（${sayMinute(at, 'zh')}补报）`
}

const joined = (parts: readonly (Text | undefined)[]): Text => {
  const have = parts.filter((part) => part !== undefined)
  return text(have.map((p) => p.zh).join('；'), have.map((p) => p.en).join('; '))
}

/** What a figure means: what is counted, out of what, counted once by what, at which instant. */
export function definitionOf(figure: IndicatorShown): Text {
  const { numerator, denominator, distinct, instant } = figure.definition
  const head = headOf(figure)
  const rest = joined([
    numerator,
    denominator && text(`分母：${denominator.zh}`, `out of: ${denominator.en}`),
    text(`去重：${distinct.zh}`, `counted once: ${distinct.en}`),
    text(`时点：${instant.zh}`, `instant: ${instant.en}`),
  ])
  return text(`${head.zh}：${rest.zh}。`, `${head.en}: ${rest.en}.`)
}

/** Footnotes: until when it was counted, zero, doubt, a write that was under way, difficulties, and each definition. */
export function notesOf({
  report,
  figures,
  countedUntil,
  day,
}: Pick<DayShown, 'report' | 'figures' | 'countedUntil' | 'day'>): Text[] {
  const [zh, en] = [sayMinute(countedUntil, 'zh'), sayMinute(countedUntil, 'en')]
  const doubted = figures.filter((f) => f.doubted > 0)
  const names = doubted.map((f) => text(`${f.title.zh} ${f.doubted} ${f.unit.zh}`, `${f.title.en} ${f.doubted} ${f.unit.en}`))
  return [
    text(
      `统计截至 ${zh}；“今日新增”按发生之日（${day}）计，此后登记或更正的列入差异。数字由系统统计，不手工填写。`,
      `Counted until ${en}. “Today” means what happened on ${day}; what is recorded or corrected later is listed as a difference. ` +
        'Numbers are counted, never typed.',
    ),
    ...(report?.zero ? [text('今日无新增，零报告。', 'Nothing new today: a zero report.')] : []),
    ...(doubted.length
      ? [
          text(
            `设备时间存疑、按收到之日计入的：${names.map((n) => n.zh).join('、')}，更正后不再列出。`,
            `Of doubted device time, counted on the day of arrival: ${names.map((n) => n.en).join(', ')}; no longer listed once corrected.`,
          ),
        ]
      : []),
    ...(report?.held
      ? [
          text(
            '编制时有较长的写入尚未完成，其内容未计入，将列入差异。',
            'A long write was under way when this was compiled; its content is not counted and will be listed as a difference.',
          ),
        ]
      : []),
    ...(report?.problems ? [text(`问题与困难：${report.problems}`, `Difficulties: ${report.problems}`)] : []),
    ...figures.map(definitionOf),
  ]
}

const numbers = (f: FigureShown, of: readonly Column[]): string =>
  of
    .filter((column) => f.columns.includes(column))
    .map((column) => `${choiceText(FigureColumn, column).zh} ${f[column] ?? '—'} ${f.unit.zh}`)
    .join('，')

/** The report as a message for a group chat: numbers only, no name, no address, no words that somebody typed. */
export function briefOf(shown: Pick<DayShown, 'communityName' | 'day' | 'report' | 'figures' | 'countedUntil'>): string {
  const { communityName, day, report, figures, countedUntil } = shown
  const groups = Map.groupBy(figures, (f) => f.group.zh)
  const lines = [...groups].map(
    ([group, of]) => `【${group}】${of.map((f) => `${f.title.zh}：${numbers(f, columns)}`).join('；')}`,
  )
  return [
    `${communityName} ${sayDay(day, 'zh')}疫情防控日报（截至 ${sayTime(countedUntil)}）`,
    ...(report?.zero ? ['今日无新增，零报告。'] : []),
    ...lines,
  ].join('\n')
}
