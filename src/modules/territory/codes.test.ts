// The rules of codes and of natural order, in tables.
import { expect, test } from 'vitest'
import { areaLevel, chainOf, isGridOf, parentOf } from './codes.ts'
import { addressOf, planOf } from './model.ts'
import { floorOf, inOrder, positionOf, tidy } from './sorting.ts'

test.each([
  ['340301', 'county'],
  ['340301001', 'street'],
  ['340301001001', 'community'],
  ['34030100100101', 'precinct'],
  ['34030100100101001', 'grid'],
  ['34030100100100001', 'grid'],
  ['34030', undefined],
  ['3403010', undefined],
  ['340301000', undefined],
  ['34030100100100', undefined],
  ['34030100100101000', undefined],
  ['34030A', undefined],
  ['', undefined],
  ['000000', undefined],
] as const)('%s is a %s', (code, level) => {
  expect(areaLevel(code)).toBe(level)
})

test.each([
  ['340301', undefined],
  ['340301001', '340301'],
  ['340301001001', '340301001'],
  ['34030100100101', '340301001001'],
  ['34030100100101001', '34030100100101'],
  ['34030100100100001', '340301001001'],
])('above %s lies %s', (code, above) => {
  expect(parentOf(code)).toBe(above)
})

test('the chain of a grid leaves the precinct out where there is none', () => {
  expect(chainOf('34030100100102001')).toEqual(['340301', '340301001', '340301001001', '34030100100102', '34030100100102001'])
  expect(chainOf('34030100100100001')).toEqual(['340301', '340301001', '340301001001', '34030100100100001'])
})

test('a grid belongs to the community whose digits it begins with', () => {
  expect(isGridOf('34030100100101001', '340301001001')).toBe(true)
  expect(isGridOf('34030100100101001', '340301001002')).toBe(false)
  expect(isGridOf('34030100100101', '340301001001')).toBe(false)
})

const sorted = (names: readonly string[]) =>
  names
    .map((name) => ({ name, position: positionOf(name) }))
    .sort(inOrder)
    .map((x) => x.name)

test.each([
  [
    ['3号楼', '12号楼', '1号楼', '12号楼附1', '21号楼'],
    ['1号楼', '3号楼', '12号楼', '12号楼附1', '21号楼'],
  ],
  [
    ['十二号楼', '三号楼', '二十号楼', '十号楼'],
    ['三号楼', '十号楼', '十二号楼', '二十号楼'],
  ],
  [
    ['B座', 'A座', 'C座'],
    ['A座', 'B座', 'C座'],
  ],
  [
    ['B1栋', 'A10栋', 'A2栋'],
    ['A2栋', 'A10栋', 'B1栋'],
  ],
  [
    ['1203', '201', '1201', '1202B', '1202A', '1202'],
    ['201', '1201', '1202', '1202A', '1202B', '1203'],
  ],
  [
    ['１２号楼', '3号楼'],
    ['3号楼', '１２号楼'],
  ],
  [
    ['3-302', '3-102', '2-502'],
    ['2-502', '3-102', '3-302'],
  ],
])('%j sorts as people count', (names, wanted) => {
  expect(sorted(names)).toEqual(wanted)
})

test('a place fits a 32-bit column, whatever the name', () => {
  for (const name of ['北99999999999-99999', 'Z65535Z', '', '桂花苑', '一零零零零零零号']) {
    expect(positionOf(name)).toBeGreaterThanOrEqual(0)
    expect(positionOf(name)).toBeLessThan(2 ** 31)
  }
})

test.each([
  ['301', 3],
  ['1202', 12],
  ['1202A', 12],
  ['301室', 3],
  ['12', null],
  ['东屋', null],
  ['3-301', null],
  ['012', null],
])('room %s lies on floor %s', (room, floor) => {
  expect(floorOf(room)).toBe(floor)
})

test('names are kept plain', () => {
  expect(tidy(' １２号楼　东 ')).toBe('12号楼 东')
  expect(addressOf({ compound: '桂园小区', building: '3号楼', unit: null, room: '301' })).toBe('桂园小区 3号楼 301')
})

test('the plan leaves placed buildings alone and puts the others below, a new row for each compound', () => {
  const plan = planOf([
    { id: 'a', compound: 'k', x: 4, y: 1 },
    { id: 'b', compound: 'k', x: null, y: null },
    { id: 'c', compound: 'k', x: null, y: null },
    { id: 'd', compound: 'l', x: null, y: null },
  ])
  expect(plan.map(({ id, x, y }) => [id, x, y])).toEqual([
    ['a', 4, 1],
    ['b', 0, 2],
    ['c', 1, 2],
    ['d', 0, 3],
  ])
})
