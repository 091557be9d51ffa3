// A blank workbook as a picture in cells, for a page that shows where values will go: texts, merged ranges, widths, borders.
import { sheetsIn } from './fill.ts'
import { placeOf, refOf } from './fillScan.ts'
import { readWorkbook } from './read.ts'
import { XmlScanner, attributesOf } from './xml.ts'
import { plainName, readDirectory, unpack } from './zip.ts'

/** One cell that is seen: `across` and `down` count columns and rows of a merged range. `lined` has a border, `sum` a formula. */
export type DrawnCell = {
  cell: string
  column: number
  across: number
  down: number
  text: string
  lined?: true
  bold?: true
  sum?: true
  align?: 'left' | 'center' | 'right'
  size?: number
}
export type DrawnRow = { row: number; cells: DrawnCell[] }
/** `widths` in characters, of the columns from the first; `left` counts rows that are not drawn because there are too many. */
export type DrawnSheet = { name: string; hidden: boolean; widths: number[]; rows: DrawnRow[]; left: number }

/** What a form may weigh. */
export const formLimits = { maxBytes: 2_000_000, maxUnpacked: 12_000_000, maxRows: 1_000, maxColumns: 100, maxCells: 20_000 }
const mostRows = 300
const mostColumns = 60
const usualWidth = 8.4

type Style = { lined: boolean; bold: boolean; align: DrawnCell['align']; size: number | undefined }

/** Reads a form that a stranger may have made, and draws it. What is hostile is refused with a `spreadsheet.…` problem. */
export async function drawWorkbook(bytes: Uint8Array, name: string): Promise<DrawnSheet[]> {
  const read = await readWorkbook(bytes, { name, ...formLimits })
  const styles = stylesOf(bytes)
  return (await sheetsIn(bytes)).map(({ name, hidden, at, cells }): DrawnSheet => {
    const texts = new Map(
      read.sheets
        .find((sheet) => sheet.name === name)!
        .rows.flatMap(({ row, cells }) =>
          cells.map((cell, i) => [refOf(row, i + 1), cell.text] as const).filter(([, text]) => text !== ''),
        ),
    )
    const merges = at.merges.map(rangeOf)
    const starts = new Map(merges.map((range) => [refOf(range.top, range.left), range]))
    const covered = (row: number, column: number) =>
      merges.some(
        (m) => row >= m.top && row <= m.bottom && column >= m.left && column <= m.right && !(row === m.top && column === m.left),
      )
    const styleOf = (ref: string): Style | undefined => styles[Number(cells.get(ref)?.attributes['s'] ?? 0)]
    const seen = [...cells.keys()].filter((ref) => texts.has(ref) || cells.get(ref)!.formula || styleOf(ref)?.lined).map(placeOf)
    const bottom = Math.max(
      0,
      ...seen.map(({ row }) => row),
      ...merges.map((m) => (texts.has(refOf(m.top, m.left)) ? m.bottom : 0)),
    )
    const right = Math.min(mostColumns, Math.max(0, ...seen.map(({ column }) => column)))
    const drawn = Math.min(bottom, mostRows)
    const rows = Array.from({ length: drawn }, (_, r): DrawnRow => ({
      row: r + 1,
      cells: Array.from({ length: right }, (_, c) => c + 1)
        .filter((column) => !covered(r + 1, column))
        .map((column): DrawnCell => {
          const cell = refOf(r + 1, column)
          const range = starts.get(cell)
          const style = styleOf(cell)
          return {
            cell,
            column,
            text: cells.get(cell)?.formula ? '' : (texts.get(cell) ?? ''),
            across: range ? Math.min(range.right, right) - range.left + 1 : 1,
            down: range ? Math.min(range.bottom, drawn) - range.top + 1 : 1,
            ...(style?.lined ? { lined: true } : {}),
            ...(style?.bold ? { bold: true } : {}),
            ...(cells.get(cell)?.formula ? { sum: true } : {}),
            ...(style?.align ? { align: style.align } : {}),
            ...(style?.size ? { size: style.size } : {}),
          }
        }),
    }))
    const widths = Array.from({ length: right }, (_, c) => {
      const column = at.columns.find(({ min, max }) => Number(min) <= c + 1 && c + 1 <= Number(max))
      return column?.['hidden'] === '1' ? 0 : Number(column?.['width'] ?? at.usual['defaultColWidth'] ?? usualWidth) || usualWidth
    })
    return { name, hidden, widths, rows, left: bottom - drawn }
  })
}

function rangeOf(ref: string): { top: number; left: number; bottom: number; right: number } {
  const [first = 'A1', last = first] = ref.replaceAll('$', '').split(':')
  const [a, b] = [placeOf(first), placeOf(last)]
  return { top: a.row, left: a.column, bottom: b.row, right: b.column }
}

/** What each cell style looks like, as far as it is drawn. */
function stylesOf(bytes: Uint8Array): Style[] {
  const entry = readDirectory(bytes).find(({ name }) => /(^|\/)styles\.xml$/i.test(plainName(name)))
  if (!entry) return []
  const [fonts, borders, styles]: [{ bold: boolean; size?: number }[], boolean[], (Style & { font: number; border: number })[]] =
    [[], [], []]
  const path: string[] = []
  new XmlScanner({
    open(name, attributes, empty) {
      const within = path.at(-1)
      if (name === 'font' && within === 'fonts') fonts.push({ bold: false })
      else if (name === 'b' && within === 'font' && fonts.length > 0) fonts.at(-1)!.bold = attributesOf(attributes)['val'] !== '0'
      else if (name === 'sz' && within === 'font' && fonts.length > 0)
        fonts.at(-1)!.size = Number(attributesOf(attributes)['val'])
      else if (name === 'border' && within === 'borders') borders.push(false)
      else if (
        within === 'border' &&
        /^(left|right|top|bottom|start|end)$/.test(name) &&
        (attributesOf(attributes)['style'] ?? 'none') !== 'none'
      )
        borders[borders.length - 1] = true
      else if (name === 'xf' && within === 'cellXfs') {
        const { fontId = '0', borderId = '0' } = attributesOf(attributes)
        styles.push({
          font: Number(fontId),
          border: Number(borderId),
          lined: false,
          bold: false,
          align: undefined,
          size: undefined,
        })
      } else if (name === 'alignment' && path.at(-2) === 'cellXfs') {
        const { horizontal = '' } = attributesOf(attributes)
        const align = horizontal === 'centerContinuous' ? 'center' : horizontal
        if (align === 'left' || align === 'center' || align === 'right') styles.at(-1)!.align = align
      }
      if (!empty) path.push(name)
    },
    close: () => {
      path.pop()
    },
  }).write(new TextDecoder().decode(unpack(bytes, entry)))
  return styles.map(({ font, border, align }) => ({
    align,
    lined: borders[border] ?? false,
    bold: fonts[font]?.bold ?? false,
    size: fonts[font]?.size,
  }))
}
