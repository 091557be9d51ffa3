// Where rows and cells stand in the XML of a sheet, so that some of them can be written anew and every other byte stays.
// Only for sheets that the reader has found well formed (read.ts).
import { attributesOf, plainText } from './xml.ts'
import { say } from './problems.ts'

/** A cell as it stands: `from` to `to` are places in the XML. `formula` is its text, '' for one that shares another's. */
export type CellAt = {
  row: number
  column: number
  from: number
  to: number
  attributes: Record<string, string>
  formula?: { text: string; attributes: Record<string, string>; written: string }
  /** The stored value as written, undefined where there is none. */
  value?: string
}
export type RowAt = { row: number; from: number; opened: number; closed: number; to: number; written: string; cells: CellAt[] }
export type SheetAt = {
  prefix: string
  rows: RowAt[]
  dataFrom: number
  dataTo: number
  merges: string[]
  columns: Record<string, string>[]
  usual: Record<string, string>
}

const tags = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<(\/?)((?:[\w.-]+:)?)([\w.-]+)((?:[^<>"']|"[^"]*"|'[^']*')*)>/g

/** `B5` → row 5, column 2. */
export function placeOf(ref: string): { row: number; column: number } {
  const hit = /^([A-Z]{1,3})(\d{1,7})$/.exec(ref)
  if (!hit) throw say.damaged()
  return { row: Number(hit[2]), column: [...hit[1]!].reduce((n, letter) => n * 26 + letter.charCodeAt(0) - 64, 0) }
}

/** Row 5, column 2 → `B5`. */
export const refOf = (row: number, column: number): string => lettersOf(column) + String(row)
const lettersOf = (column: number): string =>
  (column > 26 ? lettersOf(Math.floor((column - 1) / 26)) : '') + String.fromCharCode(65 + ((column - 1) % 26))

/** Reads where everything stands. A sheet without its data is `spreadsheet.damaged`. */
export function scanSheet(xml: string): SheetAt {
  const sheet: SheetAt = { prefix: '', rows: [], dataFrom: -1, dataTo: -1, merges: [], columns: [], usual: {} }
  let [inData, row, column] = [false, 0, 0]
  let open: RowAt | undefined
  let cell: CellAt | undefined
  let inside = ''
  let began = 0
  tags.lastIndex = 0
  for (let hit = tags.exec(xml); hit; hit = tags.exec(xml)) {
    const [whole, slash, prefix, name, rest] = hit
    if (name === undefined) continue
    const [from, to] = [hit.index, hit.index + whole.length]
    const empty = rest!.endsWith('/')
    const attributes = () => attributesOf(empty ? rest!.slice(0, -1) : rest!)
    if (name === 'sheetData') {
      inData = slash === '' && !empty
      if (slash === '') Object.assign(sheet, { prefix, dataFrom: empty ? from : to, dataTo: to })
      else sheet.dataTo = from
    } else if (!inData) {
      if (slash) continue
      if (name === 'mergeCell') sheet.merges.push(attributes()['ref'] ?? '')
      else if (name === 'col') sheet.columns.push(attributes())
      else if (name === 'sheetFormatPr') sheet.usual = attributes()
    } else if (name === 'row') {
      if (slash) {
        if (open) Object.assign(open, { closed: from, to })
      } else {
        const given = attributes()['r']
        row = given ? Number(given) : row + 1
        column = 0
        open = { row, from, opened: to, closed: to, to, written: whole, cells: [] }
        sheet.rows.push(open)
      }
    } else if (name === 'c' && open) {
      if (slash) {
        if (cell) cell.to = to
        cell = undefined
      } else {
        const found = attributes()
        column = found['r'] ? placeOf(found['r']).column : column + 1
        cell = { row, column, from, to, attributes: found }
        open.cells.push(cell)
        if (empty) cell = undefined
      }
    } else if (cell && (name === 'f' || name === 'v')) {
      if (!slash) {
        inside = name
        began = to
        if (name === 'f') cell.formula = { text: '', attributes: attributes(), written: whole }
        if (name === 'v' && empty) cell.value = ''
      } else if (name === inside) {
        const text = xml.slice(began, from)
        if (name === 'v') cell.value = plainText(text)
        else if (cell.formula)
          cell.formula = { ...cell.formula, text: plainText(text), written: xml.slice(began - cell.formula.written.length, to) }
      }
    }
  }
  if (sheet.dataFrom < 0) throw say.damaged()
  return sheet
}
