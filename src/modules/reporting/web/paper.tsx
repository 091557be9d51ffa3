// The official sheet of a day on A4, and the message for a group chat.
import { sayNumber, useLanguage } from '#web/language.ts'
import type { DayShown } from '../api.ts'
import { briefOf, dayTable, filledIn, notesOf, sheetTitle, type TableColumn } from '../words.ts'
import { MessageButton } from './message.tsx'
import { said } from './said.ts'

/** Neighbours under one group together. */
function runs(columns: readonly TableColumn[]): TableColumn[][] {
  const found: TableColumn[][] = []
  for (const column of columns) {
    const last = found.at(-1)
    if (last && column.group && last[0]!.group === column.group) last.push(column)
    else found.push([column])
  }
  return found
}

/** 疫情防控日报表 as offices know it: two-row head, fill-in line, remarks, footnotes. It is Chinese, as the workbook is. */
export function DaySheet({ shown }: { shown: DayShown }) {
  const language = useLanguage()
  const { columns, rows } = dayTable(shown)
  const { report, communityName, day } = shown
  return (
    <section className="sheet day-sheet" lang="zh-CN">
      <h1>{sheetTitle.zh}</h1>
      <p className="sheet-line">
        <span>填报单位（盖章）：{communityName}</span>
        <span>填报人：{report?.submittedByName ?? <i className="sheet-blank" />}</span>
        <span>审核人：{report?.confirmedByName ?? <i className="sheet-blank" />}</span>
        <span>填报时间：{filledIn(day, report?.submittedAt ?? report?.compiledAt)}</span>
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col" rowSpan={2}>
              序号
            </th>
            {runs(columns).map((run) =>
              run[0]!.group ? (
                <th key={run[0]!.key} scope="colgroup" colSpan={run.length}>
                  {run[0]!.group}
                </th>
              ) : (
                <th key={run[0]!.key} scope="col" rowSpan={2}>
                  {run[0]!.head}
                </th>
              ),
            )}
            <th scope="col" rowSpan={2}>
              备注
            </th>
          </tr>
          <tr>
            {columns
              .filter((column) => column.group)
              .map((column) => (
                <th key={column.key} scope="col">
                  {column.head}
                </th>
              ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              <td>{i + 1}</td>
              {columns.map(({ key }) => (
                <td key={key}>{typeof row[key] === 'number' ? sayNumber(row[key], language) : (row[key] ?? '')}</td>
              ))}
              <td />
            </tr>
          ))}
        </tbody>
      </table>
      <footer className="sheet-notes">
        <b>说明：</b>
        <ol>
          {notesOf(shown).map((note) => (
            <li key={note.zh}>{note.zh}</li>
          ))}
        </ol>
      </footer>
    </section>
  )
}

export const BriefButton = ({ shown }: { shown: DayShown }) => <MessageButton label={said.brief} message={briefOf(shown)} />
