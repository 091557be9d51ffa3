// Whatever hand kept the roster, the reader finds in it what was put in: every field of every person, every count, every doubt with its cell.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readWorkbook } from '#server/spreadsheet/read.ts'
import { understand } from '#server/imports/understand/understand.ts'
import { rosterWords } from './heads.ts'
import { messyBook } from './messy.testing.ts'
import { messyXlsx } from './messyBook.testing.ts'
import { readRoster } from './read.ts'

const folder = mkdtempSync(join(tmpdir(), 'messy-'))
afterAll(() => rmSync(folder, { recursive: true }))
const seeds = process.env['MESSY_SEEDS']?.split('-').map(Number) ?? [1, 12]
const all = Array.from({ length: seeds[1]! - seeds[0]! + 1 }, (_, i) => seeds[0]! + i)

test.each(all)('the invented roster %i is read as it was meant', async (seed) => {
  const book = messyBook(seed)
  const file = join(folder, `${seed}.xlsx`)
  writeFileSync(file, messyXlsx(book.sheets))
  const { rows, people, refused, questionable } = readRoster(understand(await readWorkbook(file), rosterWords), {
    today: '2026-11-22',
  })
  const once = people.filter(({ repeats }) => !repeats)
  const asked = new Set(book.people.filter(({ relation }) => relation === null).map(({ sheet, row }) => `${sheet} ${row}`))
  const found = once.map(({ sheet, row, name, sex, birthDate, idNumber, phones, relation, compound, building, unit, room }) => ({
    sheet,
    row,
    name,
    sex,
    birthDate,
    idNumber,
    phones,
    relation: asked.has(`${sheet} ${row}`) ? null : relation,
    compound,
    building,
    unit,
    room,
  }))
  expect(found).toEqual(book.people)
  expect({
    rows,
    households: new Set(once.map(({ household }) => household)).size,
    repeats: people.length - once.length,
  }).toEqual({ rows: book.rows, households: book.households, repeats: book.repeats })
  expect(refused.map(({ sheet, row }) => `${sheet} ${row}`)).toEqual(book.refused.map(({ sheet, row }) => `${sheet} ${row}`))
  for (const { sheet, row, cell } of [...book.refused, ...book.doubted]) {
    const said = [...refused, ...questionable]
      .filter((one) => one.sheet === sheet && one.row === row)
      .map(({ reason }) => reason.zh)
    expect(said, `${sheet} ${row}`).toEqual(expect.arrayContaining([expect.stringContaining(`（${cell} 单元格）`)]))
  }
})
