// The official sheet of a table: title centred, who filled it in, heads in two rows, running numbers first, totals, notes.
import type { z } from 'zod'
import { dayOf, sayDay, type Day } from '#core/dates.ts'
import { text, type Text } from '#core/text.ts'
import { serverNow } from '../api.ts'
import { fieldsOf, type Field } from '../fields.ts'
import { sayNumber, useLanguage, useText } from '../language.ts'
import { useSession } from '../session.ts'
import { nothing, showField } from '../show.ts'

export type SheetProps = {
  readonly title: Text
  /** Schema of a row and the names of its columns, in order. */
  readonly row: z.ZodType
  readonly columns: readonly string[]
  readonly rows: readonly unknown[]
  /** Columns that the last line adds up. */
  readonly sums?: readonly string[]
  readonly notes?: readonly Text[]
  /** The day of the sheet, or its first and last; today where left out. */
  readonly from?: Day | undefined
  readonly to?: Day | undefined
  /** Number of the sheet, at the upper right. */
  readonly number?: string
}

const said = {
  number: text('编号', 'No.'),
  unit: text('填报单位', 'Reporting unit'),
  by: text('填报人', 'Filled in by'),
  checked: text('审核人', 'Checked by'),
  time: text('时间', 'Date'),
  line: text('序号', 'Line'),
  total: text('合计', 'Total'),
  notes: text('说明', 'Notes'),
  rows: text('条', 'rows'),
}

export function OfficialSheet({ title, row, columns, rows, sums = [], notes = [], from, to, number }: SheetProps) {
  const say = useText()
  const language = useLanguage()
  const { post, name } = useSession()
  const fields = columns.map((column) => fieldsOf(row).find((f) => f.name === column)).filter((f) => f !== undefined)
  const today = dayOf(serverNow())
  const days =
    from && to && from !== to ? `${sayDay(from, language)} – ${sayDay(to, language)}` : sayDay(to ?? from ?? today, language)
  return (
    <section className="sheet">
      {number && (
        <p className="sheet-number">
          {say(said.number)} {number}
        </p>
      )}
      <h1>{say(title)}</h1>
      <p className="sheet-line">
        <span>
          {say(said.unit)}：{post?.areaName ?? ''}
        </span>
        <span>
          {say(said.by)}：{name}
        </span>
        <span>
          {say(said.checked)}：<i className="sheet-blank" />
        </span>
        <span>
          {say(said.time)}：{days}
        </span>
      </p>
      <table>
        <Heads fields={fields} line={say(said.line)} />
        <tbody>
          {rows.map((one, i) => (
            <tr key={i}>
              <td className="number">{i + 1}</td>
              {fields.map((field) => (
                <td key={field.name} className={field.kind === 'number' ? 'number' : undefined}>
                  {blankFor(showField(field, (one as Record<string, unknown>)[field.name], language))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        <tbody className="sheet-total">
          <tr>
            <th scope="row">{say(said.total)}</th>
            {fields.map((field, i) => (
              <td key={field.name} className="number">
                {sums.includes(field.name)
                  ? sayNumber(sumOf(rows, field.name), language)
                  : i === 0
                    ? `${sayNumber(rows.length, language)} ${say(said.rows)}`
                    : ''}
              </td>
            ))}
          </tr>
        </tbody>
      </table>
      {notes.length > 0 && (
        <footer className="sheet-notes">
          <b>{say(said.notes)}：</b>
          <ol>
            {notes.map((note) => (
              <li key={note.en}>{say(note)}</li>
            ))}
          </ol>
        </footer>
      )}
    </section>
  )
}

/** One row of heads; two where labels name a group. */
function Heads({ fields, line }: { fields: readonly Field[]; line: string }) {
  const say = useText()
  const head = (field: Field) => (
    <>
      {say(field.label)}
      {field.info?.unit && <span className="unit">（{say(field.info.unit)}）</span>}
    </>
  )
  if (!fields.some((f) => f.info?.group)) {
    return (
      <thead>
        <tr>
          <th scope="col">{line}</th>
          {fields.map((f) => (
            <th key={f.name} scope="col">
              {head(f)}
            </th>
          ))}
        </tr>
      </thead>
    )
  }
  return (
    <thead>
      <tr>
        <th scope="col" rowSpan={2}>
          {line}
        </th>
        {grouped(fields).map((run) =>
          run[0]!.info?.group ? (
            <th key={run[0]!.name} scope="colgroup" colSpan={run.length}>
              {say(run[0]!.info.group)}
            </th>
          ) : (
            <th key={run[0]!.name} scope="col" rowSpan={2}>
              {head(run[0]!)}
            </th>
          ),
        )}
      </tr>
      <tr>
        {fields
          .filter((f) => f.info?.group)
          .map((f) => (
            <th key={f.name} scope="col">
              {head(f)}
            </th>
          ))}
      </tr>
    </thead>
  )
}

/** Neighbours of one group together; a field without a group stands alone. */
export function grouped(fields: readonly Field[]): Field[][] {
  const runs: Field[][] = []
  for (const field of fields) {
    const last = runs.at(-1)
    const group = field.info?.group
    if (last && group && last[0]!.info?.group?.zh === group.zh) last.push(field)
    else runs.push([field])
  }
  return runs
}

/** An empty box on paper is left to be written into. */
const blankFor = (words: string): string => (words === nothing ? '' : words)

const sumOf = (rows: readonly unknown[], name: string): number =>
  rows.reduce<number>((sum, row) => sum + (Number((row as Record<string, unknown>)[name]) || 0), 0)
