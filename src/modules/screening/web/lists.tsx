// The lists below the picture: who is left, who is to be visited again, who did how much, and how far each grid is.
import { Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { sayMinute } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { ProblemNote } from '#web/console/notify.tsx'
import { EmptyNote } from '#web/console/page.tsx'
import { useAsk } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone, type ToneName } from '#web/console/tone.tsx'
import { sayNumber, useLanguage, useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import * as api from '../api.ts'
import { DayPart, HouseholdState } from '../rules.ts'
import type { Where } from './where.ts'

const tones: Record<HouseholdState, ToneName> = {
  covered: 'ok',
  vacant: 'quiet',
  moved: 'quiet',
  refused: 'danger',
  notice: 'info',
  nobody: 'look',
  untouched: 'quiet',
}

/** A household's state as a coloured word. */
export function State({ of }: { of: HouseholdState }) {
  const say = useText()
  return <Tone tone={tones[of]}>{say(choiceText(HouseholdState, of))}</Tone>
}

type ListProps = { where: Where; onOpen: (household: Id) => void }

const columns = ['address', 'head', 'phone', 'people', 'state', 'attempts', 'lastAt', 'lastHow', 'lastBy']
const said = {
  allCovered: text('没有未覆盖的住户', 'Nobody is left'),
  well: text('应排查的住户都已联系上。', 'Every household has been reached.'),
  noRevisit: text('没有待复访的住户', 'Nobody has to be visited again'),
  noRevisitHint: text('打不通、敲不开或不配合的住户会出现在这里。', 'Households that did not answer or refused will stand here.'),
  due: text('该去了', 'Due'),
  from: text('可再访', 'From'),
  later: text('稍后', 'Later'),
  noWork: text('还没有人登记', 'Nobody has recorded anything yet'),
  noWorkHint: text(
    '网格员在手机上登记后，这里会显示每个人的进度。',
    'Once workers record on their phones, their progress stands here.',
  ),
  byWorker: text('各人进度', 'Progress by worker'),
  byGrid: text('各网格进度', 'Progress by grid'),
  noGrid: text('未划入网格', 'In no grid'),
}

/** Everybody who is not covered, by name and in the order of a walk. */
export const Left = ({ where, onOpen }: ListProps) => (
  <DataTable
    of={api.left}
    columns={columns}
    filters={['state']}
    fixed={{ ...where }}
    rowKey={(row) => row.household}
    onOpen={(row) => onOpen(row.household)}
    cells={{ state: (row) => <State of={row.state} /> }}
    empty={{ title: said.allCovered, hint: said.well }}
  />
)

/** Tried in vain, the longest wait first, with the best time of the day to try again. */
export function Revisit({ where, onOpen }: ListProps) {
  const say = useText()
  const language = useLanguage()
  return (
    <DataTable
      of={api.revisit}
      columns={['address', 'head', 'phone', 'state', 'attempts', 'lastAt', 'lastBy', 'due', 'best']}
      fixed={{ ...where }}
      rowKey={(row) => row.household}
      onOpen={(row) => onOpen(row.household)}
      empty={{ title: said.noRevisit, hint: said.noRevisitHint }}
      cells={{
        state: (row) => <State of={row.state} />,
        due: (row) =>
          row.due ? (
            <Tone tone="look">{say(said.due)}</Tone>
          ) : (
            <Tone tone="quiet">
              {say(said.from)} {sayMinute(row.dueAt, language)}
            </Tone>
          ),
        best: (row) => say(choiceText(DayPart, row.best)),
      }}
    />
  )
}

export function Workers({ where }: { where: Where }) {
  const language = useLanguage()
  const { data, error, isPending, refetch } = useAsk(api.workersProgress, where)
  if (error) return <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />
  if (isPending) return <Skeleton active />
  const number = (value: number) => sayNumber(value, language)
  return (
    <Table
      title={said.byWorker}
      figures={[1, 2, 3, 4]}
      empty={{ title: said.noWork, hint: said.noWorkHint }}
      heads={[
        text('排查人', 'Worker'),
        text('登记次数', 'Entries'),
        text('走访户数', 'Households'),
        text('联系上户数', 'Reached'),
        text('张贴提示（张）', 'Notices (sheets)'),
        text('最近一次', 'Last'),
      ]}
      rows={data.rows.map((one) => ({
        key: one.account,
        cells: [
          one.name,
          number(one.attempts),
          number(one.households),
          number(one.reached),
          number(one.sheets),
          sayMinute(one.lastAt, language),
        ],
      }))}
    />
  )
}

export function Areas({ where }: { where: Where }) {
  const say = useText()
  const language = useLanguage()
  const { data, error, isPending, refetch } = useAsk(api.progress, { ...where, of: 'grid' })
  if (error) return <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />
  if (isPending) return <Skeleton active />
  const number = (value: number) => sayNumber(value, language)
  return (
    <Table
      title={said.byGrid}
      figures={[1, 2, 3, 4]}
      empty={{}}
      heads={[
        text('网格', 'Grid'),
        text('应排查', 'To be screened'),
        text('电话联系上', 'By phone'),
        text('入户联系上', 'At the door'),
        text('未覆盖', 'Left'),
        text('覆盖率', 'Covered'),
      ]}
      rows={data.rows.map((one) => ({
        key: one.key ?? 'none',
        cells: [
          one.key ? one.name : say(said.noGrid),
          number(one.households),
          number(one.byPhone),
          number(one.atDoor),
          number(one.left),
          <Meter key="m" of={one.covered} all={one.households} />,
        ],
      }))}
    />
  )
}

function Meter({ of, all }: { of: number; all: number }) {
  const share = all > 0 ? (100 * of) / all : 0
  return (
    <span className="meter">
      <span aria-hidden>
        <i style={{ width: `${share}%` }} />
      </span>
      {share.toFixed(1)}%
    </span>
  )
}

type TableProps = {
  title: Text
  heads: readonly Text[]
  /** Which columns hold figures. */ figures: readonly number[]
  rows: readonly { key: string; cells: readonly ReactNode[] }[]
  empty: { title?: Text; hint?: Text }
}

/** Rows that come all at once. */
export function Table({ title, heads, figures, rows, empty }: TableProps) {
  const say = useText()
  if (rows.length === 0)
    return (
      <section className="card">
        <EmptyNote {...empty} />
      </section>
    )
  return (
    <section className="card ledger" aria-label={say(title)}>
      <div className="rows" tabIndex={0} role="region" aria-label={say(title)}>
        <table>
          <thead>
            <tr>
              {heads.map((head, i) => (
                <th key={head.en} scope="col" className={figures.includes(i) ? 'number' : undefined}>
                  {say(head)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, cells }) => (
              <tr key={key}>
                {cells.map((inside, i) => (
                  <td key={heads[i]!.en} className={figures.includes(i) ? 'number' : undefined}>
                    {inside}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
