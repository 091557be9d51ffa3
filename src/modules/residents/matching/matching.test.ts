// Who is who in three lists: pure comparisons in tables, and invented subdistricts whose seeds nobody looked at while the rules were made.
import { describe, expect, test } from 'vitest'
import { compareBirths, readBirth } from './births.ts'
import { reasonsOf } from './explain.ts'
import { matchGeneric, readGeneric, Spec } from './generic.ts'
import { layoutOf } from './heads.ts'
import { invent } from './invent.testing.ts'
import { matchLists } from './match.ts'
import { measure } from './measure.ts'
import { compareNames, readForm } from './names.ts'
import { compareIds, comparePhones, readIdForm, readPhoneForms } from './numbers.ts'
import { comparePlaces, Places } from './places.ts'
import { syllablesOf } from './sounds.ts'

const today = '2022-11-22'
const list = (file: string, text: string) => ({ file, bytes: new TextEncoder().encode(text) })

test.each([
  ['王伟', '王 伟', 'same'],
  ['張偉', '张伟', 'same'],
  ['王伟', '王玮', 'sameSound'],
  ['李晴', '李睛', 'sameSound'],
  ['陈丽娜', '程丽娜', 'nearSound'],
  ['刘国强', '牛国强', 'nearSound'],
  ['黄伟', '王伟', 'nearSound'],
  ['张建国', 'Zhang Jianguo', 'sameSound'],
  ['张建国', 'JIANGUO ZHANG', 'nearSound'],
  ['张建国', 'zjg', 'initialsFit'],
  ['王建国', '王国建', 'shorter'],
  ['欧阳娜娜', '欧阳娜', 'shorter'],
  ['王子轩', '王子涵', 'oneSign'],
  ['王伟', '王芳', 'surnameOnly'],
  ['王伟', '李芳', 'other'],
  ['老王', '王建国', 'calledSo'],
  ['王阿姨', '王秀英', 'calledSo'],
  ['欧阳师傅', '欧阳建国', 'calledSo'],
  ['李阿姨', '王秀英', 'calledElse'],
  ['王某某', '王秀英', 'calledSo'],
  ['张*明', '张晓明', 'partFits'],
  ['张*明', '张晓月', 'partOther'],
  ['小红', '李红', 'givenFits'],
  ['小荣', '张荣', 'givenFits'],
  ['小荣', '荣建国', 'calledSo'],
  ['明明', '李小明', 'givenFits'],
  ['快递员', '王伟', 'unknown'],
  ['王建国妻子', '王建国', 'unknown'],
])('%s and %s: %s', (a, b, said) => {
  expect([compareNames(readForm(a), readForm(b)), compareNames(readForm(b), readForm(a))]).toEqual([said, said])
})

test.each([
  ['42010619900101123X', '42010619900101123x', 'same'],
  ['420106900101123', '420106199001011231', 'same'],
  ['420106199001011231', '420106199010011231', 'near'],
  ['420106199001011231', '1231', 'partFits'],
  ['420106********1231', '420106199001011231', 'partFits'],
  ['1231', '1213', 'partNear'],
  ['1231', '4576', 'partOther'],
  ['4201061990********', '1231', 'unknown'],
  ['无', '1231', 'unknown'],
])('document %s and %s: %s', (a, b, said) => {
  expect([compareIds(readIdForm(a), readIdForm(b)), compareIds(readIdForm(b), readIdForm(a))]).toEqual([said, said])
})

test.each([
  ['138 1234 5678', '+8613812345678', 'same'],
  ['13812345678/13900000001', '13900000001', 'same'],
  ['13812345678', '13812345687', 'near'],
  ['138****5678', '13812345678', 'partFits'],
  ['尾号5678', '138****5678', 'partFits'],
  ['139****5678', '13812345678', 'partOther'],
  ['13812345678', '13912340000', 'other'],
  ['', '13912340000', 'unknown'],
])('telephone %s and %s: %s', (a, b, said) => {
  expect(comparePhones(readPhoneForms(a), readPhoneForms(b))).toBe(said)
  expect(comparePhones(readPhoneForms(b), readPhoneForms(a))).toBe(said)
})

test.each([
  ['1990年1月2日', '19900102', 'same'],
  ['1990-03-02', '1990-02-03', 'slip'],
  ['1990-03-02', '1991-03-02', 'slip'],
  ['1990-03-02', '1990', 'yearFits'],
  ['1990-03-02', '1962', 'generation'],
])('born %s and %s: %s', (a, b, said) => {
  expect(compareBirths(readBirth(a, today), readBirth(b, today))).toBe(said)
})

test('one dwelling in many spellings, and dwellings that are near and are not the same', () => {
  const places = new Places()
  const cells = [
    '阳光花园3栋1单元402',
    '武汉市洪山区阳光花园小区3号楼1单元402室',
    '阳光花园3-1-402',
    '阳光花园三栋一单元四零二',
    '阳光3#1-402',
  ].map((address) => ({ address }))
  const column = { compound: '阳光花园', building: '03', unit: '一单元', room: '0402' }
  for (let i = 0; i < 30; i++) places.hear(column)
  for (const cell of cells) places.hear(cell)
  for (const cell of cells) expect(comparePlaces(places.read(cell), places.read(column)), cell.address).toBe('dwelling')
  expect(comparePlaces(places.read({ address: '阳光花园3栋1单元403' }), places.read(column))).toBe('roomNear')
  expect(comparePlaces(places.read({ address: '阳光花园3栋' }), places.read(column))).toBe('buildingFits')
  expect(comparePlaces(places.read({ address: '外地' }), places.read(column))).toBe('unknown')
})

test('heads in other words; what belongs to somebody else is left aside', () => {
  const layout = layoutOf([
    '行号',
    '来访人姓名',
    '紧急联系人电话',
    '手机号码',
    '出生日期/年龄',
    '身份证号（后四位）',
    '现住址',
    '网格员姓名',
  ])
  expect(Object.fromEntries(layout)).toEqual({ row: [0], name: [1], phone: [3], birth: [4], id: [5], address: [6] })
  expect(Object.fromEntries(layoutOf(['序号', '登记人姓名', '电话', '楼号-单元-房号']))).toEqual({
    row: [0],
    name: [1],
    phone: [2],
    address: [3],
  })
  expect(syllablesOf('zhangjianguo')).toEqual(['zhang', 'jian', 'guo'])
})

/** Lists of an invented neighbourhood, linked and measured. */
async function linked(seed: number, people: number, trouble: number) {
  const { files, truth } = invent({ seed, people, trouble })
  const matched = await matchLists(
    (['grid', 'visits', 'gate'] as const).map((source) => list(source, files[source])),
    today,
  )
  const real = matched.people.map(({ source, row }) => truth.get(`${(['grid', 'visits', 'gate'] as const)[source]}:${row}`)!)
  const { cluster, probability } = matched.clusters
  return {
    matched,
    real,
    all: measure(real, [...cluster]),
    sure: measure(
      real,
      Array.from(cluster, (root, i) => (probability[i]! >= 0.999 ? root : `alone ${i}`)),
    ),
  }
}

// MATCH_SEEDS=200-219 asks for others; what README.md reports was measured so.
const [first, last] = (process.env['MATCH_SEEDS'] ?? '9001-9002').split('-').map(Number) as [number, number]
describe.each(Array.from({ length: last - first + 1 }, (_, i) => first + i))('seed %i', (seed) => {
  test.each([
    [0.5, 0.975],
    [1, 0.965],
    [2, 0.94],
  ])('hands of trouble %d: F1 at least %d, and what is linked unseen is right', { timeout: 240_000 }, async (trouble, least) => {
    const { all, sure } = await linked(seed, Number(process.env['MATCH_PEOPLE'] ?? 900), trouble)
    if (process.env['MATCH_SEEDS'])
      process.stdout.write(`${JSON.stringify({ seed, trouble, ...all, sure: sure.precision, sureRecall: sure.recall })}\n`)
    expect(all.f1).toBeGreaterThan(least)
    expect(sure.precision).toBeGreaterThanOrEqual(0.999)
    expect(sure.recall).toBeGreaterThan(0.4)
  })
})

test(
  'a household does not become one person; twins, namesakes and later tenants stay apart; every link says why',
  { timeout: 60_000 },
  async () => {
    const filler = Array.from({ length: 60 }, (_, i) => {
      const name = '赵钱孙李周吴郑冯陈褚'[i % 10]! + '甲乙丙丁戊己庚辛壬癸'[Math.floor(i / 6)]! + '子丑寅卯辰巳'[i % 6]!
      return {
        name,
        id: '',
        phone: `1390000${String(1000 + i)}`,
        room: `${1 + Math.floor(i / 3)}0${1 + (i % 3)}`,
        birth: `${1950 + i}-05-${String(1 + (i % 28)).padStart(2, '0')}`,
      }
    })
    const own = [
      { name: '王子轩', id: '', phone: '13811112222', room: '402', birth: '2012-03-04' },
      { name: '王子涵', id: '', phone: '13811112222', room: '402', birth: '2012-03-04' },
      { name: '王建国', id: '', phone: '13811112222', room: '402', birth: '1980-07-08' },
      { name: '王建国', id: '', phone: '13755556666', room: '1103', birth: '1955-01-20' },
      { name: '刘洋', id: '', phone: '13677778888', room: '903', birth: '1990-09-09' },
    ]
    const grid = `行号,姓名,出生日期,电话,小区,楼栋,单元,房号\n${[...own, ...filler].map((p, i) => `${i + 1},${p.name},${p.birth},${p.phone},阳光花园,${i < 5 ? 3 : 5},1,${p.room}`).join('\n')}`
    const visits = `行号,姓名,年龄,联系电话,住址\n${[
      ['王子轩', 10, '13811112222', '阳光花园3栋1单元402'],
      ['王子涵', 10, '13811112222', '阳光花园3栋1单元402'],
      ['王建国', 42, '138****2222', '阳光花园3栋1单元402'],
      ['王建国', 67, '13755556666', '阳光花园3栋1单元1103'],
      ['陈小燕', 25, '13344445555', '阳光花园3栋1单元903'],
      ...filler.map((p) => [p.name, 2022 - Number(p.birth.slice(0, 4)), p.phone, `阳光花园5栋1单元${p.room}`]),
    ]
      .map((row, i) => `${i + 1},${row.join(',')}`)
      .join('\n')}`
    const { people, clusters, pairs, setting, weights } = await matchLists([list('grid', grid), list('visits', visits)], today)
    const of = (source: number, row: string) =>
      clusters.cluster[people.findIndex((person) => person.source === source && person.row === row)]
    const inGrid = ['1', '2', '3', '4', '5'].map((row) => of(0, row))
    expect(new Set(inGrid).size).toBe(5)
    expect(['1', '2', '3', '4'].map((row) => of(1, row))).toEqual(inGrid.slice(0, 4))
    expect(of(1, '5')).not.toBe(of(0, '5'))
    for (const { at } of clusters.links) {
      const reasons = reasonsOf(pairs, at, setting, weights)
      expect(reasons.reduce((sum, { bits }) => sum + bits, 0)).toBeGreaterThan(0)
      expect(reasons.map(({ say }) => say.zh).join()).toMatch(/相同|相符|相近|同音/)
    }
  },
)

test('the same lists give the same answer in any order of their rows', { timeout: 60_000 }, async () => {
  const { files } = invent({ seed: 5, people: 250, trouble: 1 })
  const turned = (csv: string) => {
    const [head, ...rows] = csv.trimEnd().split('\r\n')
    return [head, ...rows.toReversed()].join('\r\n')
  }
  const groupsOf = async (grid: string, gate: string) => {
    const { people, clusters } = await matchLists([list('grid', grid), list('gate', gate)], today)
    const groups = new Map<number, string[]>()
    people.forEach(({ source, row }, i) =>
      groups.set(clusters.cluster[i]!, [...(groups.get(clusters.cluster[i]!) ?? []), `${source}:${row}`]),
    )
    return [...groups.values()].map((group) => group.sort().join(' ')).sort()
  }
  const [one, other] = [await groupsOf(files.grid, files.gate), await groupsOf(turned(files.grid), turned(files.gate))]
  expect(other.filter((group) => !one.includes(group)).length).toBeLessThan(one.length * 0.01)
})

test('a list without names is refused in words', async () => {
  await expect(matchLists([list('甲.csv', '编号,金额\n1,2\n')], today)).rejects.toThrow(/matching.noName/)
})

test('lists of another kind: two columns swapped, slips, and one row of each at most', { timeout: 60_000 }, async () => {
  const ends = ['den', 'mar', 'los', 'wick', 'ton', 'berg', 'ina', 'ette']
  const known = ['al', 'ber', 'cor', 'dor', 'el', 'fran', 'gil', 'har', 'is', 'jo', 'kel'].flatMap((word) =>
    ends.map((end) => word + end),
  )
  const rows = Array.from({ length: 120 }, (_, i) => ({
    given: known[(i * 7) % known.length]!,
    family: known[(i * 13 + 5 + Math.floor(i / known.length) * 31) % known.length]!,
    born: `19${String(10 + (i % 80))}-0${1 + (i % 9)}-1${i % 9}`,
  }))
  const files: Record<string, string> = {
    a: `key,given,family,born\n${rows.map((row, i) => `a${i},${row.given},${row.family},${row.born}`).join('\n')}`,
    b: `key,given,family,born\n${rows.map((row, i) => `b${i},${i % 5 === 0 ? row.given.slice(1) : row.given},${row.family},${i % 7 === 0 ? '' : row.born}`).join('\n')}`,
  }
  const spec = Spec.parse({
    files: [
      { source: 'a', file: 'a' },
      { source: 'b', file: 'b' },
    ],
    row: 'key',
    duplicates: false,
    fields: [{ column: 'given' }, { column: 'family' }, { column: 'born', as: 'date' }],
    truth: { column: 'key', pattern: '(\\d+)' },
  })
  const read = readGeneric(spec, (file) => new TextEncoder().encode(files[file]))
  const { clusters } = await matchGeneric(spec, read)
  const figures = measure(
    read.map(({ truth }) => truth),
    [...clusters.cluster],
  )
  expect(figures.pairs).toBe(120)
  expect(figures.precision).toBeGreaterThan(0.98)
  expect(figures.recall).toBeGreaterThan(0.95)
})
