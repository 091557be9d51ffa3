// What leaves the page: the brief on one sheet of A4, the report of an area and who is left as text for a group chat.
import { PrinterOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { dayOf as civilDay, sayDay, sayTime } from '#core/dates.ts'
import { ask } from '#web/api.ts'
import { useNotify } from '#web/console/notify.tsx'
import { usePrint } from '#web/console/print.tsx'
import { useAsk } from '#web/console/query.ts'
import { sayNumber, useLanguage, useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import { useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { columns, type Numbers } from '../model.ts'
import { areaBriefOf, briefTitle, leftWords, ofReceived, progressIn, progressWords, receivedWords } from '../upWords.ts'
import { MessageButton } from './message.tsx'
import { said } from './said.ts'

/** Who is left, for a community or for an area above one. Asked when it is opened: it is about now. */
export function LeftButton({ input }: { input: { community?: string; area?: string; day?: string } }) {
  const [open, setOpen] = useState(false)
  const { data } = useAsk(api.left, input, { enabled: open })
  return <MessageButton label={said.left} title={said.leftTitle} message={data && leftWords(data)} onOpen={() => setOpen(true)} />
}

export const AreaMessageButton = ({ totals }: { totals: api.Totals }) => <MessageButton label={said.brief} message={areaBriefOf(totals)} />

/** One sheet holds so many lines in both tables together, and so many names before them. */
const [room, mostFigures, names] = [34, 22, 30]

/** Figures that say something: a line of noughts tells no more than the sentence below the table. */
const telling = (totals: api.Totals) => ofReceived(totals).filter((f) => columns.some((column) => f[column] !== null && f[column] !== 0))

export function PrintBrief({ totals }: { totals: api.Totals }) {
  const say = useText()
  const print = usePrint()
  const notify = useNotify()
  const { name } = useSession()
  const open = async () => {
    const input = { area: totals.area, day: totals.day }
    const lines = room - Math.min(telling(totals).length, mostFigures)
    try {
      const parts = totals.area.length === 6
        ? (await ask(api.streets, { ...input, limit: lines })).rows.map(ofStreet)
        : (await ask(api.overview, { ...input, limit: lines })).rows.map(ofCommunity)
      const all = totals.area.length === 6 ? (await ask(api.streets, { ...input, limit: 1 })).total ?? parts.length : totals.communities
      await print(<BriefSheet totals={totals} left={await ask(api.left, input)} parts={parts} more={all - parts.length} by={name} />)
    } catch (error) {
      notify.refused(asProblem(error))
    }
  }
  return <Button icon={<PrinterOutlined aria-hidden />} onClick={() => void open()}>{say(said.printBrief)}</Button>
}

type PartLine = { key: string; name: string; standing: string; figures: Readonly<Record<string, Numbers>> }

const ofStreet = (row: api.StreetRow): PartLine => ({
  key: row.street, name: row.name, figures: row.figures,
  standing: row.called === 0 ? '不需要' : [
    `已收 ${row.received}/${row.called}`, row.late && `迟报 ${row.late}`, row.returned && `退回 ${row.returned}`,
    row.missing && `未报 ${row.missing}`,
  ].filter(Boolean).join('，'),
})
const ofCommunity = (row: api.OverviewRow): PartLine => ({
  key: row.community, name: row.name, figures: row.figures,
  standing: {
    received: `已收${row.zero ? '（零报告）' : ''}${row.late ? '（迟报）' : ''}`, returned: '已退回',
    missing: row.overdue ? '未报（超时）' : '未报', notCalled: '不需要',
  }[row.standing],
})

/** 疫情防控工作简报: one sheet, in Chinese, as it is laid before a meeting. */
function BriefSheet({ totals, left, parts, more, by }: {
  totals: api.Totals; left: api.Left; parts: readonly PartLine[]; more: number; by: string
}) {
  const language = useLanguage()
  const figures = telling(totals).slice(0, mostFigures)
  const unlisted = telling(totals).length - figures.length
  const progress = progressIn(totals.figures)
  const shares = totals.figures.filter((f) => f.progress)
  const waiting = left.communities.map((c) => `${c.name}${c.standing === 'returned' ? '（退回）' : ''}`)
  const number = (n: number | null | undefined) => (n === null || n === undefined ? '' : sayNumber(n, language))
  return (
    <section className="sheet brief-sheet" lang="zh-CN">
      <h1>{briefTitle}</h1>
      <p className="sheet-line">
        <span>{totals.areaName}</span><span>{sayDay(totals.day, 'zh')}</span>
        <span>数据截至 {civilDay(totals.at) === totals.day ? '' : `${sayDay(civilDay(totals.at), 'zh')} `}{sayTime(totals.at)}</span><span>编制人：{by}</span>
      </p>
      <h2>一、日报报送</h2>
      <p>
        {receivedWords(totals)}。
        {waiting.length > 0 && `还剩：${waiting.slice(0, names).join('、')}${waiting.length > names ? ` 等 ${waiting.length} 个` : ''}。`}
      </p>
      <h2>二、工作进度（全部社区，含未报社区的实时数）</h2>
      {progress.length === 0 && <p>没有进行中的工作。</p>}
      {progress.map((one) => <p key={one.title.zh}>{progressWords(one)}，还剩 {one.whole - one.done} {one.unit.zh}。</p>)}
      <h2>三、已收 {totals.received} 个社区日报合计</h2>
      <table>
        <thead><tr>{['类别', '项目', '单位', '现有', '今日新增', '累计'].map((head) => <th key={head} scope="col">{head}</th>)}</tr></thead>
        <tbody>
          {figures.map((f) => (
            <tr key={f.indicator}>
              <td>{f.group.zh}</td><td>{f.title.zh}</td><td>{f.unit.zh}</td>{columns.map((column) => <td key={column}>{number(f[column])}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
      <p>{unlisted > 0 ? `另有 ${unlisted} 项见汇总表；` : ''}未列出的其他项目均为 0。</p>
      <h2>四、{totals.area.length === 6 ? '各街道' : '各社区'}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">名称</th><th scope="col">日报</th>
            {shares.map((f) => <th key={f.indicator} scope="col">{f.title.zh} / {totals.figures.find((w) => w.indicator === f.progress?.of)?.title.zh}（{f.unit.zh}）</th>)}
          </tr>
        </thead>
        <tbody>
          {parts.map((part) => (
            <tr key={part.key}>
              <td>{part.name}</td><td>{part.standing}</td>
              {shares.map((f) => <td key={f.indicator}>{shareOf(part, f, totals, number)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p>其余 {more} 个见汇总表。</p>}
    </section>
  )
}

function shareOf({ figures }: PartLine, f: api.Summed, totals: api.Totals, number: (n: number | null | undefined) => string): string {
  const whole = totals.figures.find((w) => w.indicator === f.progress?.of)
  const all = whole && figures[whole.indicator]?.[whole.main]
  return !all ? '' : `${number(figures[f.indicator]?.[f.main] ?? 0)} / ${number(all)}`
}

