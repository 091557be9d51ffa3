// Where a row says somebody lives, in one spelling for all files: compound, building, unit, room; and how two such places agree.
import { readAddress, readBuilding, readCompound, readRoom, readUnit, type Parts } from '../roster/addresses.ts'
import { folded, nearlySame, plainSigns, soundOf } from './sounds.ts'

/** What is not said is an empty text. `dwelling`, `stair` and `house` are keys of the place down to room, building and compound. */
export type Place = { readonly compound: string; readonly building: string; readonly unit: string; readonly room: string }
export type PlaceLevel =
  | 'unknown'
  | 'dwelling'
  | 'roomNear'
  | 'building'
  | 'compound'
  | 'elsewhere'
  | 'buildingFits'
  | 'compoundFits'
  | 'compoundOther'
  | 'onlyCompound'
  | 'otherCompound'

export type PlaceCells = {
  readonly compound?: string
  readonly building?: string
  readonly unit?: string
  readonly room?: string
  readonly address?: string
}

const nowhere: Place = { compound: '', building: '', unit: '', room: '' }
const before: readonly RegExp[] = [
  /^[\u4e00-\u9fff]{2,7}?(省|自治区)/,
  /^[\u4e00-\u9fff]{2,6}?市(?=.{2})/,
  /^[\u4e00-\u9fff]{1,5}?(?<!小|社|校|院|厂|园|苑)[区县](?=.{2})/,
  /^[\u4e00-\u9fff]{1,8}?(街道办事处|街道办|街道|镇|乡)(?=.{2})/,
  /^[\u4e00-\u9fff]{1,8}?(社区居委会|社区|居委会)(?=.{2})/,
  /^[\u4e00-\u9fff\d]{1,8}?(大道|路|街|巷)(第?\d+(号院|号|弄|巷)|[\u4e00-\u9fff]?\d+号)(?=.{2})/,
]
/** Words that name no compound: somebody from elsewhere, or only a county. */
const noCompound = /^(外地|外省|外市|外来|本市|本地|本社区|附近|过路|路过|来访|不住).*$|^.{1,6}[省市县]$/
const after = /(住宅小区|小区|社区|住宅区|家属院|家属区|居民区)$/

/** The own name of a compound: 武汉市江岸区解放路125号幸福小区 → 幸福. */
export function coreOf(raw: string): string {
  let said = plainSigns(raw.normalize('NFKC').replaceAll(/[\s()（）,，。.、\-—/]/g, ''))
  for (const part of before) said = said.replace(part, '')
  if (noCompound.test(said)) return ''
  const core = said.replace(after, '')
  return core.length >= 2 ? core : said
}

/** Learns which spellings mean the same compound; then reads places. Two passes: `hear` every row, `read` every row. */
export class Places {
  readonly #counts = new Map<string, number>()
  readonly #said = new Map<string, Parts>()
  readonly #columns = new Set<string>()
  #same: Map<string, string> | undefined

  hear(cells: PlaceCells): void {
    if (cells.compound) this.#columns.add(cells.compound.trim())
    const core = coreOf(this.#parts(cells).compound ?? '')
    if (core) this.#counts.set(core, (this.#counts.get(core) ?? 0) + 1)
  }

  read(cells: PlaceCells): Place {
    const { compound = '', building = '', unit = '', room = '' } = this.#parts(cells)
    this.#same ??= sameCompounds(this.#counts)
    const core = coreOf(compound)
    if (!core && !building && !unit && !room) return nowhere
    return {
      compound: this.#same.get(core) ?? core,
      building: numberOf(building),
      unit: numberOf(unit),
      room: room.replace(/[号室房户]+$/, '').replace(/^0+(?=\d)/, ''),
    }
  }

  #parts(cells: PlaceCells): Parts {
    const key = [cells.compound, cells.building, cells.unit, cells.room, cells.address].join('\n')
    let parts = this.#said.get(key)
    if (!parts) {
      parts = partsOf(cells)
      this.#said.set(key, parts)
    }
    return parts
  }
}

function partsOf(cells: PlaceCells): Parts {
  const address = cells.address ? readAddress(cells.address) : {}
  const building = cells.building ? readBuilding(cells.building) : {}
  const room = cells.room ? readRoom(cells.room, { building: building.building ?? (cells.unit ? '-' : undefined) }) : {}
  const unit = cells.unit ? readUnit(cells.unit) : {}
  const compound = cells.compound ? readCompound(cells.compound) : {}
  return { ...address, ...compound, ...room, ...building, ...unit }
}

/** 03号楼 → 3, A座 → A. */
const numberOf = (said: string): string =>
  said
    .replace(/(号楼|楼|单元|栋|幢|座|号)$/, '')
    .replace(/^0+(?=\d)/, '')
    .toUpperCase()

const phase = /^(?!新村$)[一二三四五六七八九十\dA-Za-z东西南北中新老]+[期区苑院村]?$/

/** Rare spellings stand for the frequent one that they sound like, contain or nearly are. Phases and zones stay apart. */
function sameCompounds(counts: ReadonlyMap<string, number>): Map<string, string> {
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  const same = new Map<string, string>()
  const main: { core: string; count: number; sound: string }[] = []
  for (const [core, count] of sorted) {
    const sound = [...core].map((sign) => folded(soundOf(sign) || sign)).join(' ')
    const found = main.find((other) => means(core, count, sound, other))
    if (found) same.set(core, found.core)
    else if (main.length < 2000) main.push({ core, count, sound })
  }
  return same
}

function means(core: string, count: number, sound: string, other: { core: string; count: number; sound: string }): boolean {
  if (sound === other.sound) return true
  if (count > other.count * 0.3) return false
  const [long, short] = core.length > other.core.length ? [core, other.core] : [other.core, core]
  if (short.length >= 2 && long.includes(short)) return !phase.test(long.replace(short, ''))
  return (
    core.length === other.core.length &&
    core.length >= 3 &&
    count <= other.count * 0.1 &&
    nearlySame(core, other.core) &&
    !/[一二三四五六七八九十\dA-Za-z东西南北]/.test([...core].find((sign, i) => sign !== other.core[i]) ?? '')
  )
}

const fits = (a: string, b: string): boolean => a === '' || b === '' || a === b

/** The order of arguments does not matter. */
export function comparePlaces(a: Place, b: Place): PlaceLevel {
  if (a === nowhere || b === nowhere) return 'unknown'
  const [whole, part] = [Boolean(a.room && b.room && a.building && b.building), Boolean(a.building && b.building)]
  const compounds = fits(a.compound, b.compound)
  if (whole) {
    if (!compounds) return 'elsewhere'
    const [building, unit] = [a.building === b.building, fits(a.unit, b.unit)]
    if (building && unit && a.room === b.room) return 'dwelling'
    if (a.room === b.room && (building || (a.unit === b.unit && nearlySame(a.building, b.building)))) return 'roomNear'
    if (building && unit && nearlySame(a.room, b.room) && slip(a.room, b.room)) return 'roomNear'
    return building ? 'building' : 'compound'
  }
  if (part) {
    if (!compounds) return 'compoundOther'
    return a.building === b.building && fits(a.unit, b.unit) && fits(a.room, b.room) ? 'buildingFits' : 'compoundFits'
  }
  if (a.compound && b.compound) return a.compound === b.compound ? 'onlyCompound' : 'otherCompound'
  return 'unknown'
}

/** A swap or one digit of the same length; 401 and 402 are as near as a slip is, and the data say how likely. */
const slip = (a: string, b: string): boolean => a.length === b.length
