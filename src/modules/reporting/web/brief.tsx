// What leaves the page: the brief on one sheet of A4, the report of an area and who is left as text for a group chat.
import { PrinterOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { dayOf as civilDay, sayDay, sayTime } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { ask } from '#web/api.ts'
import { useNotify } from '#web/console/notify.tsx'
import { usePrint } from '#web/console/print.tsx'
import { useAsk } from '#web/console/query.ts'
import { sayNumber, useLanguage, useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import { useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { columns, FigureColumn, type Numbers } from '../model.ts'
import { areaBriefOf, briefTitle, leftWords, ofReceived, progressIn, progressWords, receivedWords } from '../upWords.ts'
import { headOf } from '../words.ts'
import { MessageButton } from './message.tsx'
import { said } from './said.ts'

/** Who is left, for a community or for an area above one. Asked when it is opened: it is about now. */
export function LeftButton({ input }: { input: { community?: string; area?: string; day?: string } }) {
  const [open, setOpen] = useState(false)
  const { data } = useAsk(api.left, input, { enabled: open })
  return <MessageButton label={said.left} title={said.leftTitle} message={data && leftWords(data)} onOpen={() => setOpen(true)} />
}

export const AreaMessageButton = ({ totals }: { totals: api.Totals }) => (
  <MessageButton label={said.brief} message={areaBriefOf(totals)} />
)

/** One sheet holds so many lines in both tables together, and so many names before them. */
const [room, mostFigures, names] = [34, 22, 30]

/** Figures that say something: a line of noughts tells no more than the sentence below the table. */
const telling = (totals: api.Totals) =>
  ofReceived(totals).filter((f) => columns.some((column) => f[column] !== null && f[column] !== 0))

export function PrintBrief({ totals }: { totals: api.Totals }) {
  const say = useText()
  const print = usePrint()
  const notify = useNotify()
  const { name } = useSession()
  const open = async () => {
    const input = { area: totals.area, day: totals.day }
    const lines = room - Math.min(telling(totals).length, mostFigures)
    try {
      const parts =
        totals.area.length === 6
          ? (await ask(api.streets, { ...input, limit: lines })).rows.map(ofStreet)
          : (await ask(api.overview, { ...input, limit: lines })).rows.map(ofCommunity)
      const all =
        totals.area.length === 6 ? ((await ask(api.streets, { ...input, limit: 1 })).total ?? parts.length) : totals.communities
      await print(
        <BriefSheet totals={totals} left={await ask(api.left, input)} parts={parts} more={all - parts.length} by={name} />,
      )
    } catch (error) {
      notify.refused(asProblem(error))
    }
  }
  return (
    <Button icon={<PrinterOutlined aria-hidden />} onClick={() => void open()}>
      {say(said.printBrief)}
    </Button>
  )
}

type PartLine = { key: string; name: string; standing: Text; figures: Readonly<Record<string, Numbers>> }

/** Several words after each other, each where it says something. */
const listed = (parts: readonly (Text | false)[]): Text => {
  const have = parts.filter((part) => part !== false)
  return text(have.map((p) => p.zh).join('，'), have.map((p) => p.en).join(', '))
}

const ofStreet = (row: api.StreetRow): PartLine => ({
  key: row.street,
  name: row.name,
  figures: row.figures,
  standing:
    row.called === 0
      ? said.notCalledFor
      : listed([
          text(`已收 ${row.received}/${row.called}`, `received ${row.received}/${row.called}`),
          row.late > 0 && text(`迟报 ${row.late}`, `late ${row.late}`),
          row.returned > 0 && text(`退回 ${row.returned}`, `returned ${row.returned}`),
          row.missing > 0 && text(`未报 ${row.missing}`, `missing ${row.missing}`),
        ]),
})
const ofCommunity = (row: api.OverviewRow): PartLine => ({
  key: row.community,
  name: row.name,
  figures: row.figures,
  standing: {
    received: text(
      `已收${row.zero ? '（零报告）' : ''}${row.late ? '（迟报）' : ''}`,
      `received${row.zero ? ' (zero)' : ''}${row.late ? ' (late)' : ''}`,
    ),
    returned: text('已退回', 'returned'),
    missing: row.overdue ? text('未报（超时）', 'missing, overdue') : text('未报', 'missing'),
    notCalled: said.notCalledFor,
  }[row.standing],
})

const onSheet = {
  until: text('数据截至', 'Figures as of'),
  by: text('编制人：', 'Prepared by: '),
  end: text('。', '. '),
  comma: text('、', ', '),
  reports: text('一、日报报送', '1. Reports'),
  rest: text('还剩：', 'Still missing: '),
  back: text('（退回）', ' (returned)'),
  andMore: (n: number) => text(` 等 ${n} 个`, ` … ${n} in all`),
  progress: text(
    '二、工作进度（全部社区，含未报社区的实时数）',
    '2. Progress (all communities, those without a report as they stand now)',
  ),
  noWork: text('没有进行中的工作。', 'No work is under way.'),
  left: (n: number, unit: Text) => text(`，还剩 ${n} ${unit.zh}。`, `; ${n} ${unit.en} left.`),
  sums: (n: number) => text(`三、已收 ${n} 个社区日报合计`, `3. Sum of the reports in (${n})`),
  heads: [said.group, said.item, said.unit, ...columns.map((column) => choiceText(FigureColumn, column))],
  unlisted: (n: number) => (n > 0 ? text(`另有 ${n} 项见汇总表；`, `${n} more stand in the workbook. `) : text('', '')),
  noughts: text('未列出的其他项目均为 0。', 'Whatever is not listed is 0.'),
  parts: (streets: boolean) => (streets ? text('四、各街道', '4. Streets') : text('四、各社区', '4. Communities')),
  name: text('名称', 'Name'),
  report: text('日报', 'Report'),
  more: (n: number) => text(`其余 ${n} 个见汇总表。`, `${n} more stand in the workbook.`),
}

type SheetProps = { totals: api.Totals; left: api.Left; parts: readonly PartLine[]; more: number; by: string }

/** 疫情防控工作简报: one sheet, as it is laid before a meeting, in the language of the page. */
function BriefSheet({ totals, left, parts, more, by }: SheetProps) {
  const say = useText()
  const language = useLanguage()
  const waiting = left.communities.map((c) => `${c.name}${c.standing === 'returned' ? say(onSheet.back) : ''}`)
  const progress = progressIn(totals.figures)
  const otherDay = civilDay(totals.at) === totals.day ? '' : `${sayDay(civilDay(totals.at), language)} `
  return (
    <section className="sheet brief-sheet" lang={language === 'zh' ? 'zh-CN' : 'en'}>
      <h1>{say(briefTitle)}</h1>
      <p className="sheet-line">
        <span>{totals.areaName}</span>
        <span>{sayDay(totals.day, language)}</span>
        <span>
          {say(onSheet.until)} {otherDay}
          {sayTime(totals.at)}
        </span>
        <span>
          {say(onSheet.by)}
          {by}
        </span>
      </p>
      <h2>{say(onSheet.reports)}</h2>
      <p>
        {say(receivedWords(totals))}
        {say(onSheet.end)}
        {waiting.length > 0 && (
          <>
            {say(onSheet.rest)}
            {waiting.slice(0, names).join(say(onSheet.comma))}
            {waiting.length > names ? say(onSheet.andMore(waiting.length)) : ''}
            {say(onSheet.end)}
          </>
        )}
      </p>
      <h2>{say(onSheet.progress)}</h2>
      {progress.length === 0 && <p>{say(onSheet.noWork)}</p>}
      {progress.map((one) => (
        <p key={one.title.zh}>
          {say(progressWords(one))}
          {say(onSheet.left(one.whole - one.done, one.unit))}
        </p>
      ))}
      <SumTable totals={totals} />
      <PartTable totals={totals} parts={parts} />
      {more > 0 && <p>{say(onSheet.more(more))}</p>}
    </section>
  )
}

/** A number as the sheet shows it; blank where there is none. */
function useNumber() {
  const language = useLanguage()
  return (n: number | null | undefined) => (n === null || n === undefined ? '' : sayNumber(n, language))
}

function SumTable({ totals }: { totals: api.Totals }) {
  const say = useText()
  const number = useNumber()
  const figures = telling(totals).slice(0, mostFigures)
  return (
    <>
      <h2>{say(onSheet.sums(totals.received))}</h2>
      <table>
        <thead>
          <tr>
            {onSheet.heads.map((head) => (
              <th key={head.en} scope="col">
                {say(head)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {figures.map((f) => (
            <tr key={f.indicator}>
              <td>{say(f.group)}</td>
              <td>{say(f.title)}</td>
              <td>{say(f.unit)}</td>
              {columns.map((column) => (
                <td key={column}>{number(f[column])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        {say(onSheet.unlisted(telling(totals).length - figures.length))}
        {say(onSheet.noughts)}
      </p>
    </>
  )
}

function PartTable({ totals, parts }: { totals: api.Totals; parts: readonly PartLine[] }) {
  const say = useText()
  const number = useNumber()
  const shares = totals.figures.filter((f) => f.progress)
  const wholeOf = (f: api.Summed) => totals.figures.find((w) => w.indicator === f.progress?.of)
  return (
    <>
      <h2>{say(onSheet.parts(totals.area.length === 6))}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{say(onSheet.name)}</th>
            <th scope="col">{say(onSheet.report)}</th>
            {shares.map((f) => (
              <th key={f.indicator} scope="col">
                {say(f.title)} / {say(headOf(wholeOf(f) ?? f))}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {parts.map((part) => (
            <tr key={part.key}>
              <td>{part.name}</td>
              <td>{say(part.standing)}</td>
              {shares.map((f) => (
                <td key={f.indicator}>{shareOf(part, f, totals, number)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

function shareOf(
  { figures }: PartLine,
  f: api.Summed,
  totals: api.Totals,
  number: (n: number | null | undefined) => string,
): string {
  const whole = totals.figures.find((w) => w.indicator === f.progress?.of)
  const all = whole && figures[whole.indicator]?.[whole.main]
  return !all ? '' : `${number(figures[f.indicator]?.[f.main] ?? 0)} / ${number(all)}`
}
