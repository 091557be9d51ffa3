// Rows handed back as a workbook: as they stood in their own sheets under their own heads, beside the reason; mended, it can be sent again.
import type { CellValue, WriteSheet } from 'hucre/xlsx'
import type { Importing } from '#core/imports.ts'
import { makeXlsx } from '../spreadsheet/make.ts'
import { askStyle, bodyStyle, font, headStyle } from '../spreadsheet/styles.ts'
import { writeTemplate } from '../spreadsheet/template.ts'
import { cellText } from '../spreadsheet/values.ts'
import { sheetNames } from '../spreadsheet/write.ts'
import type { Judged } from './runs.ts'
import { templateOf, wordsOf } from './sheet.ts'
import { ownHeads, type Kept } from './understanding.ts'

/** The bytes of the workbook. Rows of a file that was understood keep its heads; others stand in the template. */
export async function writeReturned(of: Importing, kept: Kept | undefined, rows: readonly Judged[]): Promise<Uint8Array> {
  if (!kept) {
    const sent = rows.map((row) => ({ cells: row.cells ?? wordsOf(of, row.entry as Record<string, unknown>), reasons: why(row) }))
    return writeTemplate({ sheets: [templateOf(of, sent)] })
  }
  const bySheet = Map.groupBy(rows, (row) => row.sheet)
  const names = sheetNames([...bySheet.keys()])
  const sheets = [...bySheet].map(([name, mine], i) => drawn(names[i] ?? name, headsOf(kept, name), mine))
  return makeXlsx({ sheets, defaultFont: font() })
}

const why = ({ reasons, remarks = [] }: Judged) => [...reasons, ...remarks]

/** What stands above each column of a sheet, from its first to its last. */
function headsOf({ sheets }: Kept, name: string): string[] {
  const columns = sheets.find((sheet) => sheet.name === name)?.columns ?? []
  const heads = Array.from({ length: Math.max(0, ...columns.map((column) => column.at + 1)) }, () => '')
  for (const { at, head } of columns) heads[at] = head
  return heads
}

function drawn(name: string, heads: readonly string[], rows: readonly Judged[]): WriteSheet {
  const all = [ownHeads.reason, ownHeads.sheet, ownHeads.row, ...heads]
  // A row about several persons comes back once.
  const lines: CellValue[][] = [...Map.groupBy(rows, (row) => row.row).values()]
    .map(([row, ...more]) => [row!, [row!, ...more]] as const)
    .map(([row, all]) =>
      [
        [...new Set(all.flatMap(why).map((reason) => reason.zh))].join('\n'),
        row.sheet,
        String(row.row),
        ...heads.map((_, at) => row.raw?.[at] ?? ''),
      ].map((said) => (said === '' ? null : cellText(said))),
    )
  return {
    name,
    columns: all.map((_, i) => ({ width: i === 0 ? 44 : i < 3 ? 10 : 16, style: bodyStyle('text') })),
    rows: [[], ...lines],
    cells: new Map(all.map((head, i) => [`0,${i}`, { value: cellText(head), style: i === 0 ? askStyle(true) : headStyle }])),
    freezePane: { rows: 1 },
    pageSetup: { paperSize: 'a4', orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
  }
}
