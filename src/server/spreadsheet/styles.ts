// How sheets look: 宋体, thin borders, a pale head. One place, so that every ledger looks the same.
import type { CellStyle } from 'hucre/xlsx'
import { type ColumnType, formatOf } from './values.ts'

type Font = NonNullable<CellStyle['font']>

export const font = (size = 10, more: Font = {}): Font => ({ name: '宋体', size, family: 3, charset: 134, ...more })

const side = { style: 'thin', color: { rgb: '000000' } } as const
const border = { top: side, right: side, bottom: side, left: side }
const centred = { horizontal: 'center', vertical: 'center', wrapText: true } as const

export const titleStyle: CellStyle = { font: font(16, { bold: true }), alignment: centred }
const leftwards = { horizontal: 'left', vertical: 'top', wrapText: true } as const
export const lineStyle: CellStyle = { font: font(), alignment: { ...leftwards, vertical: 'center' }, numFmt: '@' }
export const noteStyle: CellStyle = { font: font(9), alignment: leftwards, numFmt: '@' }
export const headStyle: CellStyle = {
  font: font(10, { bold: true }),
  alignment: centred,
  border,
  numFmt: '@',
  fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: 'EEF1F4' } },
}

const horizontal: Record<ColumnType, 'left' | 'right' | 'center'> = {
  text: 'left',
  number: 'right',
  money: 'right',
  date: 'center',
  time: 'center',
  datetime: 'center',
}

export const bodyStyle = (type: ColumnType, middle = false): CellStyle => ({
  font: font(),
  border,
  numFmt: formatOf[type],
  alignment: { horizontal: middle ? 'center' : horizontal[type], vertical: 'center', wrapText: true },
})

export const totalStyle = (type: ColumnType, label: boolean): CellStyle => ({
  ...bodyStyle(label ? 'text' : type, label),
  font: font(10, { bold: true }),
})

/** Head of a template: what must be filled in is red. */
export const askStyle = (required: boolean): CellStyle => ({
  ...headStyle,
  font: font(10, { bold: true, color: { rgb: required ? 'B42318' : '000000' } }),
})

export const hintStyle: CellStyle = {
  font: font(9, { color: { rgb: '475467' } }),
  border,
  numFmt: '@',
  alignment: leftwards,
}
