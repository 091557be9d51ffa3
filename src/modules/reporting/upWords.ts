// An area put into words: how far work has come, the report as a message, and who is left. Numbers and duty names, never a resident's name.
import { sayDay, sayTime } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import type { IndicatorShown, Left, Totals } from './api.ts'
import { FigureColumn, type Numbers } from './model.ts'

export const briefTitle = text('疫情防控工作简报', 'Brief on epidemic prevention')

/** How far one piece of work has come: `done` of `whole`. */
export type Progress = {
  readonly title: Text
  readonly of: Text
  readonly unit: Text
  readonly done: number
  readonly whole: number
  readonly percent: number
}

/** 99.96 % is not all: only a whole that is done says 100. */
export const percentOf = (done: number, whole: number): number =>
  whole === 0 ? 0 : done >= whole ? 100 : Math.min(99.9, Math.round((1000 * done) / whole) / 10)

type Counted = IndicatorShown & Numbers

/** Every figure that says how far work has come, with its whole. A whole of nothing has no share. */
export function progressIn(figures: readonly Counted[]): Progress[] {
  const main = (f: Counted | undefined) => f?.[f.main] ?? 0
  return figures.flatMap((figure) => {
    const whole = figures.find((f) => f.indicator === figure.progress?.of)
    if (!whole || main(whole) === 0) return []
    return [
      {
        title: figure.title,
        of: whole.title,
        unit: figure.unit,
        done: main(figure),
        whole: main(whole),
        percent: percentOf(main(figure), main(whole)),
      },
    ]
  })
}

type Received = Pick<Totals, 'called' | 'received' | 'zero' | 'late' | 'confirmed' | 'returned' | 'missing' | 'overdue'>

/** 零报告 is a report; 未报 is none. */
export const receivedWords = (t: Received): Text =>
  text(
    [
      `应报 ${t.called} 个社区，已收 ${t.received} 个（其中零报告 ${t.zero} 个、迟报 ${t.late} 个），已确认 ${t.confirmed} 个`,
      `退回 ${t.returned} 个`,
      `未报 ${t.missing} 个${t.overdue ? `（超时 ${t.overdue} 个）` : ''}`,
    ].join('，'),
    [
      `Called for: ${t.called}; received: ${t.received} (zero reports ${t.zero}, late ${t.late}); confirmed: ${t.confirmed}`,
      `returned: ${t.returned}`,
      `missing: ${t.missing}${t.overdue ? ` (overdue ${t.overdue})` : ''}`,
    ].join('; '),
  )

export const progressWords = ({ title, of, unit, done, whole, percent }: Progress): Text =>
  text(
    `${of.zh} ${whole} ${unit.zh}，${title.zh} ${done} ${unit.zh}（${percent}%）`,
    `${of.en}: ${whole} ${unit.en}; ${lowered(title.en)}: ${done} ${unit.en} (${percent}%)`,
  )

const lowered = (words: string) => words.charAt(0).toLowerCase() + words.slice(1)

const numbers = (figure: Counted): string =>
  figure.columns.map((column) => `${choiceText(FigureColumn, column).zh} ${figure[column] ?? '—'} ${figure.unit.zh}`).join('，')

/** The figures of those alone whose report is in. */
export const ofReceived = (totals: Pick<Totals, 'figures'>): Counted[] =>
  totals.figures.map(({ received, ...figure }) => ({ ...figure, ...received }))

/** The report of an area as a message for a group chat: sums of the reports that are in, and how many those are. */
export function areaBriefOf(totals: Totals): string {
  const figures = ofReceived(totals)
  const groups = [...Map.groupBy(figures, (f) => f.group.zh)]
  return [
    `${totals.areaName} ${sayDay(totals.day, 'zh')}疫情防控日报汇总（截至 ${sayTime(totals.at)}）`,
    `${receivedWords(totals).zh}。`,
    ...progressIn(totals.figures).map((one) => `${progressWords(one).zh}，含未报社区的实时数。`),
    `以下为已收 ${totals.received} 个社区的合计：`,
    ...(totals.received === 0
      ? ['还没有社区上报。']
      : groups.map(([group, of]) => `【${group}】${of.map((f) => `${f.title.zh}：${numbers(f)}`).join('；')}`)),
  ].join('\n')
}

/** Communities that have not reported, street by street; what came back waits to be sent again. */
function communitiesLeft({ areaName, day, at, called, received, communities }: Left): string[] {
  const streets = [...Map.groupBy(communities, (c) => c.streetName)]
  const nameOf = (c: Left['communities'][number]) =>
    `${c.name}${c.standing === 'returned' ? '（退回待重报）' : c.overdue ? '（超时）' : ''}`
  return [
    `${areaName} ${sayDay(day, 'zh')}日报还剩谁（截至 ${sayTime(at)}）`,
    `应报 ${called} 个社区，已收 ${received} 个，还剩 ${communities.length} 个。`,
    ...(communities.length === 0
      ? [called === 0 ? '今天不需要日报。' : '全部收齐，谢谢大家。']
      : streets.map(([street, of]) => `${street}：${of.map(nameOf).join('、')}`)),
  ]
}

function gridsLeft({ areaName, day, at, works }: Left): string[] {
  return [
    `${areaName} ${sayDay(day, 'zh')}还剩谁（截至 ${sayTime(at)}）`,
    ...(works.every((work) => work.whole === 0) ? ['没有进行中的工作。'] : []),
    ...works
      .filter((work) => work.whole > 0)
      .flatMap((work) => [
        `${work.of.zh} ${work.whole} ${work.unit.zh}，${work.title.zh} ${work.done} ${work.unit.zh}，还剩 ${work.left} ${work.unit.zh}。`,
        ...(work.left === 0
          ? ['全部完成，谢谢大家。']
          : work.grids.map(
              (grid) =>
                `${grid.name}（${grid.workers.join('、') || '暂无责任人'}）：还剩 ${grid.left} ${work.unit.zh}，共 ${grid.of} ${work.unit.zh}`,
            )),
      ]),
  ]
}

/** Who is left, as a message for a group chat. */
export const leftWords = (left: Left): string => (left.area.length < 12 ? communitiesLeft(left) : gridsLeft(left)).join('\n')
