// Reads the XML of one sheet, row by row. Only cells that hold something are kept; nothing grows with what is empty.
import { blank, type Cell, numberCell, type SheetRow, textCell } from './cells.ts'
import { type NumberFormat, shownNumber, writtenMoment } from './formats.ts'
import { checkFormula } from './formulas.ts'
import { say } from './problems.ts'
import { longest, meant, type SharedStrings, TextInside } from './strings.ts'
import type { Limits, PackedMerge } from './wire.ts'
import { alone, attributesOf, type XmlReader } from './xml.ts'

type SheetSource = { since1904: boolean; formats: readonly NumberFormat[]; strings: SharedStrings }
/** What is told of a sheet: each row that holds something, at once. */
type SheetReading = { reader: XmlReader; merges: PackedMerge[]; hiddenColumns: Set<number> }

const lastRow = 1_048_576
const lastColumn = 16_384
const mostMerges = 100_000
const mostShared = 20_000

/** The parts of a sheet around its cells that say nothing about them. */
const skipped = new Set(['extLst', 'conditionalFormatting', 'dataValidations', 'sheetViews', 'hyperlinks', 'customSheetViews'])

export function readSheet(
  source: SheetSource,
  { maxColumns }: Pick<Limits, 'maxColumns'>,
  tell: (row: SheetRow) => void,
): SheetReading {
  const merges: PackedMerge[] = []
  const hiddenColumns = new Set<number>()
  const cell = new CellReading(source)
  let skipping = ''
  let isSheet = false
  let [row, column, hidden, inRow] = [0, 0, false, false]
  let cells: Cell[] = []

  const reader: XmlReader = {
    open(name, attributes, empty) {
      if (skipping !== '') return
      if (inRow) {
        if (name === 'c') openCell(attributes, empty)
        else cell.open(name, attributes, empty)
      } else if (name === 'row') openRow(attributes, empty)
      else if (name === 'col') hideColumns(attributesOf(attributes))
      else if (name === 'mergeCell') addMerge(attributesOf(attributes)['ref'] ?? '')
      else if (name === 'worksheet') isSheet = true
      else if (skipped.has(name) && !empty) skipping = name
      if (!isSheet) throw say.damaged()
    },
    text: (piece) => {
      if (inRow) cell.add(piece)
    },
    close(name) {
      if (skipping !== '') {
        if (name === skipping) skipping = ''
      } else if (inRow) closeInRow(name)
    },
  }
  return { reader, merges, hiddenColumns }

  function openRow(attributes: string, empty: boolean): void {
    const { r, hidden: isHidden = '', ht } = attributesOf(attributes)
    row = r === undefined ? row + 1 : Number(r)
    if (!Number.isInteger(row) || row < 1 || row > lastRow) throw say.damaged()
    hidden = isTrue(isHidden) || Number(ht) === 0
    column = 0
    inRow = !empty
    cells = []
  }

  function openCell(attributes: string, empty: boolean): void {
    const { r, s, t } = attributesOf(attributes)
    column = r === undefined ? column + 1 : columnOf(r)
    if (column > lastColumn) throw say.damaged()
    if (!empty) cell.begin(t ?? 'n', Number(s ?? 0))
  }

  function closeInRow(name: string): void {
    if (name === 'c') keepCell(cell.finish())
    else if (name === 'row') {
      inRow = false
      if (cells.length > 0) tell(hidden ? { row, cells, hidden: true } : { row, cells })
    } else cell.close(name)
  }

  function keepCell(read: Cell): void {
    if (read === blank) return
    if (column > maxColumns) throw say.tooLarge({ what: 'columns', limit: maxColumns })
    while (cells.length < column - 1) cells.push(blank)
    cells[column - 1] = read
  }

  function hideColumns({ min, max, hidden: isHidden = '', width }: Record<string, string>): void {
    if (!isTrue(isHidden) && Number(width) !== 0) return
    for (let c = Number(min); c <= Math.min(Number(max), maxColumns); c++) hiddenColumns.add(c - 1)
  }

  function addMerge(ref: string): void {
    if (merges.length >= mostMerges) throw say.tooLarge({ what: 'merges', limit: mostMerges })
    const hit = /^\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?$/.exec(ref)
    if (!hit) throw say.damaged()
    if (hit[3] !== undefined)
      merges.push([Number(hit[2]), columnOf(hit[1]!) - 1, Number(hit[4]), columnOf(hit[3]) - 1, alone(ref)])
  }
}

const isTrue = (written: string): boolean => written === '1' || written === 'true' || written === 'on'

/** A is 1, XFD 16384. What is no column is damage. */
function columnOf(ref: string): number {
  let column = 0
  for (let i = 0; i < ref.length; i++) {
    const code = ref.charCodeAt(i)
    if (code < 65 || code > 90) break
    column = column * 26 + code - 64
  }
  if (column < 1) throw say.damaged()
  return column
}

/** One cell while its tags go by. */
class CellReading {
  readonly #source: SheetSource
  readonly #inside = new TextInside()
  readonly #masters = new Map<string, string>()
  #type = 'n'
  #style = 0
  #at: 'v' | 'f' | 'is' | '' = ''
  #value: string | undefined
  #formula: string | undefined
  #shared: string | undefined

  constructor(source: SheetSource) {
    this.#source = source
  }

  begin(type: string, style: number): void {
    this.#type = type
    this.#style = style
    this.#at = ''
    this.#value = undefined
    this.#formula = undefined
    this.#shared = undefined
  }

  open(name: string, attributes: string, empty: boolean): void {
    if (name === 'f') this.#openFormula(attributes)
    if (name === 'v') this.#value ??= ''
    if (!empty && this.#at === '' && (name === 'v' || name === 'f' || name === 'is')) this.#at = name
    else if (this.#at === 'is') this.#inside.open(name, empty)
  }

  #openFormula(attributes: string): void {
    const { t, si } = attributesOf(attributes)
    this.#formula ??= ''
    if (t === 'shared') this.#shared = si
  }

  add(piece: string): void {
    if (this.#at === 'is') this.#inside.add(piece)
    else if (this.#at === 'v') this.#value += piece
    else if (this.#at === 'f') this.#formula += piece
    if ((this.#value?.length ?? 0) > 8 * longest || (this.#formula?.length ?? 0) > longest) {
      throw say.tooLarge({ what: 'text', limit: longest })
    }
  }

  close(name: string): void {
    if (name === this.#at) this.#at = ''
    else if (this.#at === 'is') this.#inside.close(name)
  }

  finish(): Cell {
    const shown = this.#shown(this.#type === 'inlineStr' ? this.#inside.take() : this.#value)
    const formula = this.#formulaText()
    if (formula === undefined) return shown
    checkFormula(formula)
    // A text may be stored that is empty; any other empty value was never computed.
    const stored = shown !== blank || (this.#type === 'str' && this.#value !== undefined)
    return { ...shown, formula, ...(stored ? { stored } : { unstored: true }) }
  }

  /** The cells of a shared formula name their first one, which alone has it written out. */
  #formulaText(): string | undefined {
    if (this.#formula === undefined || this.#shared === undefined) return this.#formula
    if (this.#formula === '') return this.#masters.get(this.#shared) ?? '…'
    if (this.#masters.size < mostShared && this.#formula.length < 1_000)
      this.#masters.set(alone(this.#shared), alone(this.#formula))
    return this.#formula
  }

  #shown(value: string | undefined): Cell {
    if (value === undefined || value === '') return blank
    if (this.#type === 'inlineStr') return textCell(value)
    if (this.#type === 's') return textCell(this.#source.strings.get(indexOf(value)))
    if (this.#type === 'str') return textCell(meant(value))
    if (this.#type === 'e') return { text: value.trim(), kind: 'error' }
    if (this.#type === 'b') return { text: isTrue(value.trim()) ? 'TRUE' : 'FALSE', kind: 'boolean' }
    if (this.#type === 'd') return writtenMoment(value) ?? textCell(meant(value))
    return this.#number(value.trim())
  }

  #number(written: string): Cell {
    if (written === '') return blank
    const value = Number(written)
    if (!Number.isFinite(value)) return textCell(meant(written))
    const format = this.#source.formats[this.#style]
    return format ? shownNumber(value, format, this.#source.since1904) : numberCell(value)
  }
}

function indexOf(written: string): number {
  const index = Number(written)
  if (!Number.isInteger(index) || index < 0) throw say.damaged()
  return index
}
