// Which rows are worth comparing: those that share a key, and a key that too many share says nothing.
import { DuckDBInstance, INTEGER, DOUBLE, DuckDBDataChunk } from '@duckdb/node-api'
import { dwellingOf } from './fields.ts'
import type { Person } from './people.ts'

/** A row's keys; two rows with one key in common are compared. */
export type Keys = (row: number) => Iterable<string>

/** Keys by document, telephone, dwelling, name and birth, each alone where it is telling, else two together. */
export function* keysOf({ name, id, phones, place, birth }: Person): Generator<string> {
  const { compound, building, room } = place
  const last = id?.digits.slice(-4)
  const full = name && (name.kind === 'full' || name.kind === 'sound') ? name : undefined
  const sound = name?.kind === 'given' ? '' : (name?.fold.split(' ')[0] ?? '')
  if (id?.whole) {
    yield `i ${id.digits}`
    yield `d ${id.digits.slice(6, 14)} ${id.digits.slice(0, 4)} ${id.digits[16]}`
  }
  if (last && !last.includes('*')) {
    yield `l ${last} ${sound}`
    yield `lb ${last} ${building}`
  }
  for (const { digits } of phones) {
    const end = digits.slice(-4)
    if (!digits.includes('*')) yield `p ${digits}`
    yield `e ${end} ${sound}`
    if (building) yield `eb ${end} ${building}`
    if (!digits.includes('*') && full) yield `q ${digits.slice(0, 7)} ${full.fold}`
  }
  if (building && room) {
    yield `h ${dwellingOf({ place: { ...place, unit: '' } } as Person)}`
    yield `r ${building} ${room} ${sound}`
  }
  if (building) {
    yield `b ${compound} ${building} ${sound}`
    if (name?.kind === 'given') for (const one of name.sounds) yield `g ${compound} ${building} ${one}`
    else if (full) for (const one of new Set(full.sounds.slice(1))) yield `g ${compound} ${building} ${one}`
  }
  if (full) {
    yield `n ${full.fold}`
    yield `c ${full.fold} ${compound}`
    if (birth?.year) for (const year of [birth.year, birth.year + 1]) yield `y ${full.fold} ${Math.floor(year / 2)}`
    if (compound) {
      yield `t ${compound} ${full.sounds.slice(1).join(' ')} ${birth?.day ? birth.year : ''}`
      yield `s ${compound} ${sound} ${birth?.year ?? ''}`
    }
  }
  if (birth?.day) {
    yield `o ${birth.year}-${birth.month}-${birth.day} ${sound}`
    if (building) yield `ob ${birth.year}-${birth.month}-${birth.day} ${building}`
  }
}

/** Keys of more rows than this are left aside; the row has others. */
const largest = 60
const mostMemory = '700MB'

/** 53 bits of a text, quick and even (cyrb53, public domain). */
function hashOf(text: string): number {
  let [a, b] = [0xdeadbeef, 0x41c6ce57]
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    a = Math.imul(a ^ code, 2_654_435_761)
    b = Math.imul(b ^ code, 1_597_334_677)
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909)
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909)
  return 4_294_967_296 * (2_097_151 & b) + (a >>> 0)
}

/** All pairs that share a key, each once, the smaller row first. Only hashes reach the engine, and nothing is ever written to a disk. */
export async function candidates(
  rows: number,
  keys: Keys,
  { mayMeet = () => true, most = largest }: { mayMeet?: (a: number, b: number) => boolean; most?: number } = {},
): Promise<{ a: Int32Array; b: Int32Array }> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: mostMemory, temp_directory: '', threads: '2' })
  const db = await instance.connect()
  try {
    await db.run('create table keys (key double, row integer)')
    await fill(db, rows, keys)
    const result = await db.stream(`
      with told as (select key from keys group by key having count(*) between 2 and ${most})
      select distinct one.row as a, other.row as b
      from keys one join told using (key) join keys other on other.key = one.key and other.row > one.row`)
    return await collect(result, mayMeet)
  } finally {
    db.closeSync()
    instance.closeSync()
  }
}

type Db = Awaited<ReturnType<DuckDBInstance['connect']>>

async function fill(db: Db, rows: number, keys: Keys): Promise<void> {
  const appender = await db.createAppender('keys')
  let [hashes, numbers]: [number[], number[]] = [[], []]
  const flush = () => {
    if (hashes.length === 0) return
    const chunk = DuckDBDataChunk.create([DOUBLE, INTEGER])
    chunk.setColumns([hashes, numbers])
    appender.appendDataChunk(chunk)
    ;[hashes, numbers] = [[], []]
  }
  for (let row = 0; row < rows; row++) {
    for (const key of new Set(keys(row))) {
      hashes.push(hashOf(key))
      numbers.push(row)
      if (hashes.length === 2048) flush()
    }
  }
  flush()
  appender.closeSync()
}

async function collect(
  result: Awaited<ReturnType<Db['stream']>>,
  mayMeet: (a: number, b: number) => boolean,
): Promise<{ a: Int32Array; b: Int32Array }> {
  let [a, b] = [new Int32Array(1 << 16), new Int32Array(1 << 16)]
  let n = 0
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    const [ones, others] = [chunk.getColumnVector(0), chunk.getColumnVector(1)]
    if (n + chunk.rowCount > a.length) [a, b] = [grown(a), grown(b)]
    for (let i = 0; i < chunk.rowCount; i++) {
      const [one, other] = [ones.getItem(i) as number, others.getItem(i) as number]
      if (mayMeet(one, other)) {
        a[n] = one
        b[n++] = other
      }
    }
  }
  return sorted(a.subarray(0, n), b.subarray(0, n))
}

const grown = (from: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
  const larger = new Int32Array(from.length * 2)
  larger.set(from)
  return larger
}

/** In the order of rows, so that the same files always give the same answer. */
function sorted(a: Int32Array, b: Int32Array): { a: Int32Array; b: Int32Array } {
  const order = Float64Array.from(a, (one, i) => one * 4_294_967_296 + b[i]!).sort()
  return {
    a: Int32Array.from(order, (key) => Math.floor(key / 4_294_967_296)),
    b: Int32Array.from(order, (key) => key % 4_294_967_296),
  }
}
