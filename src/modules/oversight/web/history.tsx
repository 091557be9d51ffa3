// Who looked at one person: the list, and the sheet that the person may be handed.
import { PrinterOutlined } from '@ant-design/icons'
import { useParams, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { dayOf, sayDay, sayMinute } from '#core/dates.ts'
import type { Problem } from '#core/problem.ts'
import { text } from '#core/text.ts'
import { serverNow } from '#web/api.ts'
import { useFilters } from '#web/console/address.ts'
import { ExportButton } from '#web/console/exporting.tsx'
import { ProblemNote } from '#web/console/notify.tsx'
import { Page } from '#web/console/page.tsx'
import { usePrint } from '#web/console/print.tsx'
import { allRows } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { useLanguage, useText, type SayText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import { useSession } from '#web/session.ts'
import * as api from '../api.ts'

const said = {
  note: text(
    '本人有权知道谁、何时、为什么查看过自己的信息。这份记录不含其他人的信息。',
    'Everybody may know who looked at their data, when and what for. No other person stands here.',
  ),
  print: text('打印告知单', 'Print the sheet'),
  sheet: text('个人信息查阅情况告知单', 'Who looked at your personal data'),
  name: text('申请人（本人填写）', 'Asked by (to be filled in)'),
  none: text('还没有人查看过', 'Nobody has looked yet'),
  law: text(
    '依据《中华人民共和国个人信息保护法》第四十四条、第四十五条、第五十条提供。如有疑问，请向本单位提出。',
    'Given under articles 44, 45 and 50 of the Personal Information Protection Law. Ask this office if anything is unclear.',
  ),
  total: (n: number) => text(`共 ${n} 次。`, `${n} in all.`),
  cut: text('仅列最近 5000 次。', 'The last 5,000 only.'),
  who: text('查看人', 'Who'),
  when: text('时间', 'When'),
  what: text('事项', 'What'),
  why: text('用途', 'Purpose'),
  duty: text('履行岗位职责', 'Duty of the post'),
}

export function PersonHistoryPage() {
  const say = useText()
  const print = usePrint()
  const { person } = useParams({ strict: false }) as { person: string }
  const { community } = useSearch({ strict: false }) as { community?: string }
  const [problem, setProblem] = useState<Problem>()
  const [filters] = useFilters(api.history as never)
  const input = { person, ...(community ? { community } : {}) }
  const printed = async () => {
    try {
      const { rows, complete } = await allRows(api.history as never, input)
      await print(<Told rows={rows as api.Look[]} complete={complete} />)
    } catch (error) {
      setProblem(asProblem(error))
    }
  }
  return (
    <Page
      title={api.history.title}
      tools={
        <Button icon={<PrinterOutlined aria-hidden />} onClick={() => void printed()}>
          {say(said.print)}
        </Button>
      }
    >
      {problem && <ProblemNote problem={problem} />}
      <p>{say(said.note)}</p>
      <DataTable
        of={api.history as never}
        title={api.history.title}
        columns={['at', 'accountName', 'what', 'purpose']}
        filters={['from', 'to'] as never[]}
        fixed={input}
        tools={<ExportButton of={api.exportHistory} input={{ ...filters, ...input }} />}
        empty={{ title: said.none }}
        cells={{
          what: (look: unknown) => say((look as api.Look).what),
          accountName: (look: unknown) => whoLooked(look as api.Look, say),
        }}
      />
    </Page>
  )
}

/** A look made before a post was chosen has no role to name. */
const whoLooked = ({ accountName, roleText, areaName }: api.Look, say: SayText) =>
  [accountName, say(roleText), areaName].filter(Boolean).join(' · ')

function Told({ rows, complete }: { rows: readonly api.Look[]; complete: boolean }) {
  const say = useText()
  const language = useLanguage()
  const { post } = useSession()
  return (
    <section className="official">
      <h1>{say(said.sheet)}</h1>
      <p>
        {say(said.name)}：______________　{say(said.total(rows.length))}
        {!complete && say(said.cut)}
      </p>
      <table>
        <thead>
          <tr>
            <th>{say(said.when)}</th>
            <th>{say(said.who)}</th>
            <th>{say(said.what)}</th>
            <th>{say(said.why)}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((look) => (
            <tr key={look.id}>
              <td>{sayMinute(look.at, language)}</td>
              <td>{whoLooked(look, say)}</td>
              <td>{say(look.what)}</td>
              <td>{look.purpose ?? say(said.duty)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>{say(said.law)}</p>
      <p>
        {post?.areaName} · {sayDay(dayOf(serverNow()), language)}
      </p>
    </section>
  )
}
