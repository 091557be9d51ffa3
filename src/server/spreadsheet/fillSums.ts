// The totals of a form: sums, differences and shares of its own cells, computed as a spreadsheet would. What is beyond that is
// left to the program that opens the file. Whoever looks at the file without one still reads the totals.
import { placeOf, refOf, type CellAt } from './fillScan.ts'

/** What a cell holds: a number, nothing (`null`), a text that no sum counts, or `undefined` for what cannot be known here. */
export type Held = number | null | 'text' | undefined
/** `cell(sheet, row, column)`; a sheet of '' is the formula's own. */
export type Asked = (sheet: string, row: number, column: number) => Held

type Token = { kind: 'number' | 'ref' | 'name' | 'sign'; text: string; sheet?: string }
const each =
  /\s*(?:(\d+(?:\.\d+)?%?)|(?:(?:'((?:[^']|'')+)'|([\p{L}_][\p{L}\p{N}_.]*))!)?(\$?[A-Z]{1,3}\$?\d{1,7})(?![\p{L}\p{N}(])|([A-Z][A-Z.]*)(?=\()|([-+*/(),:]))/uy
const mostTokens = 400
const mostCells = 20_000

function tokensOf(formula: string): Token[] | undefined {
  const tokens: Token[] = []
  each.lastIndex = 0
  while (each.lastIndex < formula.trimEnd().length) {
    const hit = each.exec(formula)
    if (!hit || tokens.length > mostTokens) return undefined
    const [, number, quoted, plain, ref, name, sign] = hit
    if (number) tokens.push({ kind: 'number', text: number })
    else if (ref) tokens.push({ kind: 'ref', text: ref.replaceAll('$', ''), sheet: quoted?.replaceAll("''", "'") ?? plain ?? '' })
    else if (name) tokens.push({ kind: 'name', text: name })
    else tokens.push({ kind: 'sign', text: sign! })
  }
  return tokens
}

/** The cell of a shared formula reads the first one's text, moved by as many rows and columns. */
export function movedFormula(formula: string, rows: number, columns: number): string {
  return formula.replace(
    /"[^"]*"|'[^']*'!?|(\$?)([A-Z]{1,3})(\$?)(\d{1,7})(?![\p{L}\p{N}(])/gu,
    (whole, c?: string, letters?: string, r?: string, row?: string) => {
      if (!letters || !row) return whole
      const at = placeOf(letters + row)
      const to = refOf(r ? at.row : Math.max(1, at.row + rows), c ? at.column : Math.max(1, at.column + columns))
      const [, newLetters, newRow] = /^([A-Z]+)(\d+)$/.exec(to)!
      return `${c}${newLetters}${r}${newRow}`
    },
  )
}

/** What a formula comes to; undefined where it asks more than sums, differences, products, shares and SUM, MAX, MIN, ROUND. */
export function computed(formula: string, cell: Asked): number | undefined {
  const tokens = tokensOf(formula)
  if (!tokens) return undefined
  let at = 0
  const unknown = new Error('not a sum')
  const sign = (text: string): boolean => tokens[at]?.kind === 'sign' && tokens[at]!.text === text && (at++, true)
  const need = (text: string): void => {
    if (!sign(text)) throw unknown
  }

  const one = (held: Held): number => {
    if (held === undefined || held === 'text') throw unknown
    return held ?? 0
  }
  /** Arguments of a function: numbers as they are, ranges with their numbers only. */
  function argument(): number[] {
    const [first, colon] = [tokens![at], tokens![at + 1]]
    const last = tokens![at + 2]
    if (first?.kind !== 'ref' || colon?.text !== ':' || last?.kind !== 'ref') {
      if (first?.kind === 'ref' && (colon?.text === ',' || colon?.text === ')')) {
        at++
        return numbersOf(first, first)
      }
      return [sum()]
    }
    at += 3
    return numbersOf(first, last)
  }
  function numbersOf(first: Token, last: Token): number[] {
    const [a, b] = [placeOf(first.text), placeOf(last.text)]
    const numbers: number[] = []
    if ((b.row - a.row + 1) * (b.column - a.column + 1) > mostCells) throw unknown
    for (let row = a.row; row <= b.row; row++) {
      for (let column = a.column; column <= b.column; column++) {
        const held = cell(first.sheet ?? '', row, column)
        if (held === undefined) throw unknown
        if (typeof held === 'number') numbers.push(held)
      }
    }
    return numbers
  }
  function call(name: string): number {
    need('(')
    const all: number[][] = [argument()]
    while (sign(',')) all.push(argument())
    need(')')
    const flat = all.flat()
    if (name === 'SUM') return flat.reduce((a, b) => a + b, 0)
    if (name === 'MAX') return flat.length ? Math.max(...flat) : 0
    if (name === 'MIN') return flat.length ? Math.min(...flat) : 0
    if (name === 'ROUND' && flat.length === 2) return Number(`${Math.round(Number(`${flat[0]}e${flat[1]}`))}e${-flat[1]!}`)
    throw unknown
  }
  function atom(): number {
    if (sign('-')) return -atom()
    if (sign('+')) return atom()
    if (sign('(')) {
      const inner = sum()
      need(')')
      return inner
    }
    const token = tokens![at++]
    if (token?.kind === 'number') return token.text.endsWith('%') ? Number(token.text.slice(0, -1)) / 100 : Number(token.text)
    if (token?.kind === 'ref') {
      const { row, column } = placeOf(token.text)
      return one(cell(token.sheet ?? '', row, column))
    }
    if (token?.kind === 'name') return call(token.text)
    throw unknown
  }
  function product(): number {
    let value = atom()
    for (;;) {
      if (sign('*')) value *= atom()
      else if (sign('/')) value /= atom()
      else return value
    }
  }
  function sum(): number {
    let value = product()
    for (;;) {
      if (sign('+')) value += product()
      else if (sign('-')) value -= product()
      else return value
    }
  }
  try {
    const value = sum()
    return at === tokens.length && Number.isFinite(value) ? Number(value.toPrecision(15)) : undefined
  } catch {
    return undefined
  }
}

type Sheets = ReadonlyMap<string, ReadonlyMap<string, CellAt>>

/**
 * The formula cells of a workbook by sheet and place, with what they come to. `filled(sheet, ref)` answers for cells that are
 * written anew, undefined for all others.
 */
export function totalsOf(
  sheets: Sheets,
  filled: (sheet: string, ref: string) => number | string | null | undefined,
): Map<string, Map<string, number | undefined>> {
  const known = new Map<string, number | undefined>()
  const under = new Set<string>()
  const masters = new Map<string, CellAt>()
  for (const [sheet, cells] of sheets) {
    for (const cell of cells.values()) {
      const { t, si } = cell.formula?.attributes ?? {}
      if (t === 'shared' && cell.formula!.text) masters.set(`${sheet} ${si}`, cell)
    }
  }
  const formulaOf = (sheet: string, cell: CellAt): string | undefined => {
    const {
      text,
      attributes: { t, si },
    } = cell.formula!
    if (t && t !== 'shared' && t !== 'normal') return undefined
    if (text) return text
    const master = masters.get(`${sheet} ${si}`)
    return master && movedFormula(master.formula!.text, cell.row - master.row, cell.column - master.column)
  }
  const heldIn =
    (own: string): Asked =>
    (named, row, column) => {
      const sheet = named || own
      const ref = refOf(row, column)
      const written = filled(sheet, ref)
      if (written !== undefined) return typeof written === 'string' ? 'text' : written
      const cell = sheets.get(sheet)?.get(ref)
      if (!cell) return sheets.has(sheet) ? null : undefined
      if (cell.formula) return total(sheet, ref, cell)
      const { t = 'n' } = cell.attributes
      if (t === 'e') return undefined
      if (t !== 'n') return t === 'b' ? undefined : 'text'
      return cell.value === undefined || cell.value.trim() === '' ? null : Number(cell.value)
    }
  function total(sheet: string, ref: string, cell: CellAt): number | undefined {
    const key = `${sheet} ${ref}`
    if (known.has(key)) return known.get(key)
    if (under.has(key) || under.size > 500) return undefined
    under.add(key)
    const formula = formulaOf(sheet, cell)
    const value = formula === undefined ? undefined : computed(formula, heldIn(sheet))
    under.delete(key)
    known.set(key, value)
    return value
  }
  return new Map(
    [...sheets].map(([sheet, cells]) => [
      sheet,
      new Map([...cells].filter(([, cell]) => cell.formula).map(([ref, cell]) => [ref, total(sheet, ref, cell)])),
    ]),
  )
}
