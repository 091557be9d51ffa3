// A form as it is drawn: a table with its merged ranges, widths and borders, whose cells somebody else fills.
import type { ReactNode } from 'react'
import { Tabs } from 'antd'
import type { DrawnSheet } from '../forms.ts'
import { useText } from '#web/language.ts'
import { text } from '#core/text.ts'
import './forms.css'

export type DrawnCell = DrawnSheet['rows'][number]['cells'][number]
type Inside = (sheet: string, cell: DrawnCell) => { inside: ReactNode; className?: string }

const characterPx = 7.6

/** `draw` answers what stands in a cell; its class is added to that of the cell. */
export function FormSheet({ sheet, draw, label }: { sheet: DrawnSheet; draw: Inside; label: string }) {
  const width = sheet.widths.reduce((sum, one) => sum + one, 0) * characterPx
  return (
    <div className="form-sheet" tabIndex={0} role="region" aria-label={label}>
      <table style={{ width }}>
        <colgroup>
          {sheet.widths.map((one, i) => (
            <col key={i} style={{ width: one * characterPx }} />
          ))}
        </colgroup>
        <tbody>
          {sheet.rows.map((row) => (
            <tr key={row.row}>
              {row.cells.map((cell) => {
                const { inside, className } = draw(sheet.name, cell)
                return (
                  <td
                    key={cell.cell}
                    colSpan={cell.across}
                    rowSpan={cell.down}
                    className={[cell.lined && 'lined', cell.bold && 'bold', className].filter(Boolean).join(' ') || undefined}
                    style={{
                      textAlign: cell.align ?? 'left',
                      ...(cell.size && cell.size > 12 ? { fontSize: Math.min(22, cell.size + 2) } : {}),
                    }}
                  >
                    {inside}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** The sheets of a form that are seen, one at a time. */
export function FormSheets({ sheets, draw, title }: { sheets: readonly DrawnSheet[]; draw: Inside; title: string }) {
  const say = useText()
  const shown = sheets.filter(({ hidden, rows }) => !hidden && rows.length > 0)
  const label = (name: string) => `${title} · ${say(text('工作表', 'sheet'))} ${name}`
  if (shown.length === 1) return <FormSheet sheet={shown[0]!} draw={draw} label={label(shown[0]!.name)} />
  return (
    <Tabs
      items={shown.map((sheet) => ({
        key: sheet.name,
        label: sheet.name,
        children: <FormSheet sheet={sheet} draw={draw} label={label(sheet.name)} />,
      }))}
    />
  )
}
