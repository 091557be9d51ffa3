// A form that somebody drew is filled: its cells hold the values, its totals are right, and nothing else has changed.
import { expect, test } from 'vitest'
import { drawWorkbook } from './fillDraw.ts'
import { fillWorkbook, recalculated } from './fill.ts'
import { computed, movedFormula } from './fillSums.ts'
import { drawnForm, formXml } from './fill.testing.ts'
import { readWorkbook } from './read.ts'
import { pack, readDirectory, unpack } from './zip.ts'

const partsOf = (bytes: Uint8Array) =>
  new Map(readDirectory(bytes).map((entry) => [entry.name, Buffer.from(unpack(bytes, entry)).toString()]))
const cellsOf = async (bytes: Uint8Array) => {
  const { sheets } = await readWorkbook(bytes)
  return (ref: string, sheet = 0) => {
    const [, letters, row] = /^([A-Z]+)(\d+)$/.exec(ref)!
    return sheets[sheet]!.rows.find((one) => one.row === Number(row))?.cells[letters!.charCodeAt(0) - 65]
  }
}

test('values stand in their cells, totals are computed, every other part and cell is the same to the byte', async () => {
  const form = drawnForm()
  const { bytes, totals } = await fillWorkbook(
    form,
    [
      { sheet: '日报', cell: 'C4', value: 12 },
      { sheet: '日报', cell: 'D4', value: 3.5 },
      { sheet: '日报', cell: 'C5', value: 30 },
      { sheet: '日报', cell: 'D5', value: null },
      { sheet: '日报', cell: 'B2', value: '=1+1 <社区> & "院"' },
    ],
    '编号 7',
  )
  const [before, after] = [partsOf(form), partsOf(bytes)]
  expect([...after.keys()]).toEqual([...before.keys()])
  for (const [name, data] of before)
    if (!['xl/worksheets/sheet1.xml', 'xl/workbook.xml'].includes(name)) expect(after.get(name), name).toBe(data)
  const [was, is] = [before.get('xl/worksheets/sheet1.xml')!, after.get('xl/worksheets/sheet1.xml')!]
  expect(is.slice(0, is.indexOf('<sheetData>'))).toBe(was.slice(0, was.indexOf('<sheetData>')))
  expect(is.slice(is.indexOf('</sheetData>'))).toBe(was.slice(was.indexOf('</sheetData>')))
  expect(is).toContain('<row r="1" ht="30" customHeight="1"><c r="A1" s="1" t="s"><v>0</v></c></row>')
  expect(after.get('xl/workbook.xml')).toBe(
    before.get('xl/workbook.xml')!.replace('<calcPr calcId="191029"/>', '<calcPr calcId="191029" fullCalcOnLoad="1"/>'),
  )
  const cell = await cellsOf(bytes)
  expect(cell('C4')).toEqual({ text: '12', kind: 'number' })
  expect(cell('D4')).toEqual({ text: '3.5', kind: 'number' })
  expect(cell('D5')?.text ?? '').toBe('')
  expect(cell('B2')).toMatchObject({ text: '=1+1 <社区> & "院"', kind: 'text' })
  expect(cell('C6')).toMatchObject({ text: '42', formula: 'SUM(C4:C5)', stored: true })
  expect(cell('D6')).toMatchObject({ text: '3.5', stored: true })
  // A formula beyond sums keeps no result of another day.
  expect(cell('E4')).toMatchObject({ formula: 'IF(C4>0,"有","无")', unstored: true })
  expect(totals).toEqual(
    expect.arrayContaining([
      { sheet: '日报', cell: 'C6', value: 42 },
      { sheet: '日报', cell: 'E4', value: null },
    ]),
  )
  const { sheets } = await readWorkbook(bytes)
  expect(sheets[0]!.rows.at(-1)).toMatchObject({ hidden: true, cells: [{ text: '编号 7' }] })
})

test('a cell that the sheet does not write out is added in its place, with the style of its row or column', async () => {
  const { bytes } = await fillWorkbook(drawnForm(), [
    { sheet: '日报', cell: 'F4', value: 1 },
    { sheet: '日报', cell: 'B9', value: 2 },
    { sheet: '日报', cell: 'A3', value: 9 },
  ])
  const xml = partsOf(bytes).get('xl/worksheets/sheet1.xml')!
  expect(xml).toMatch(/<c r="E4".*?<\/c><c r="F4" s="2"><v>1<\/v><\/c><\/row>/)
  expect(xml).toMatch(/<row r="9"><c r="B9"><v>2<\/v><\/c><\/row><\/sheetData>/)
  expect(xml.indexOf('r="A3"')).toBeLessThan(xml.indexOf('r="B3"'))
  const cell = await cellsOf(bytes)
  expect(cell('F4')?.text).toBe('1')
  expect(cell('B9')?.text).toBe('2')
})

test('a form without rows, with prefixed names or without places is filled as well', async () => {
  for (const [xml, fill] of [
    [formXml({ data: '<sheetData/>' }), 'B2'],
    [
      '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row r="2"><x:c r="A2"><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>',
      'B2',
    ],
    [formXml({ data: '<sheetData><row r="2"><c><v>5</v></c><c/><c><v>7</v></c></row></sheetData>' }), 'B2'],
  ] as const) {
    const { bytes } = await fillWorkbook(drawnForm({ 'xl/worksheets/sheet1.xml': xml }), [
      { sheet: '日报', cell: fill, value: 6 },
    ])
    expect((await cellsOf(bytes))('B2')?.text).toBe('6')
  }
})

test('a formula is never overwritten, and a sheet that is not there is refused', async () => {
  const { bytes } = await fillWorkbook(drawnForm(), [{ sheet: '日报', cell: 'C6', value: 99 }])
  expect((await cellsOf(bytes))('C6')?.formula).toBe('SUM(C4:C5)')
  await expect(fillWorkbook(drawnForm(), [{ sheet: '没有', cell: 'A1', value: 1 }])).rejects.toMatchObject({
    code: 'spreadsheet.damaged',
  })
})

test('sums as a spreadsheet computes them; what is beyond is left alone', () => {
  const held: Record<string, number | null> = { A1: 1, A2: 2, A3: null, B1: 10 }
  const ask = (sheet: string, row: number, column: number) => (sheet ? undefined : (held[`${'AB'[column - 1]}${row}`] ?? null))
  const rows: [string, number | undefined][] = [
    ['SUM(A1:A3)', 3],
    ['SUM(A1,B1,5)', 16],
    ['A1+A2*B1', 21],
    ['-(A1-$B$1)/2', 4.5],
    ['SUM(A1:B1)-A2', 9],
    ['ROUND(A2/3,2)', 0.67],
    ['A3+1', 1],
    ['B1*50%', 5],
    ['MAX(A1:A3)', 2],
    ['IF(A1>0,1,2)', undefined],
    ["SUM('别的'!A1:A2)", undefined],
    ['A1/A3', undefined],
    ['SUM(A1:A2', undefined],
    ['VLOOKUP(A1,A1:B2,2)', undefined],
  ]
  for (const [formula, value] of rows) expect(computed(formula, ask), formula).toBe(value)
  expect(movedFormula('SUM($A1:B$2)+"A1"', 2, 1)).toBe('SUM($A3:C$2)+"A1"')
  expect(recalculated('<workbook><sheets><sheet/></sheets></workbook>')).toBe(
    '<workbook><sheets><sheet/></sheets><calcPr fullCalcOnLoad="1"/></workbook>',
  )
})

test('a drawn form shows texts, merged ranges, borders and what is computed; a hostile one is refused', async () => {
  const [sheet] = await drawWorkbook(drawnForm(), '日报.xlsx')
  expect(sheet!.rows[0]!.cells).toEqual([
    expect.objectContaining({ cell: 'A1', text: '疫情防控日报表', across: 5, bold: true, align: 'center' }),
  ])
  expect(sheet!.rows[3]!.cells.map(({ cell, text, lined, sum }) => [cell, text, lined, sum])).toEqual([
    ['A4', '1', true, undefined],
    ['B4', '居家隔离人数', true, undefined],
    ['C4', '', true, undefined],
    ['D4', '', true, undefined],
    ['E4', '', true, true],
  ])
  expect(sheet!.widths[1]).toBe(24)
  await expect(drawWorkbook(pack([{ name: 'xl/vbaProject.bin', data: Buffer.from('x') }]), 'a.xlsx')).rejects.toMatchObject({
    code: 'spreadsheet.macros',
  })
  await expect(
    drawWorkbook(
      drawnForm({
        'xl/worksheets/sheet1.xml': formXml({
          data: '<sheetData><row r="1"><c r="A1"><f>WEBSERVICE("x")</f></c></row></sheetData>',
        }),
      }),
      'a.xlsx',
    ),
  ).rejects.toMatchObject({ code: 'spreadsheet.externalLinks' })
})
