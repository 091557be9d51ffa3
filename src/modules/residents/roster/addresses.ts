// Addresses as rosters write them, as parts in the register's spelling: 幸福小区3栋1单元402室 → 幸福小区 · 3号楼 · 1单元 · 402.

/** What an address says; what it does not say is missing. `floored`: the room was put together from a floor and a door. */
export type Parts = {
  readonly compound?: string
  readonly building?: string
  readonly unit?: string
  readonly room?: string
  readonly floored?: true
  /** The address ends at a house number: no room is said. */
  readonly house?: true
}
/** `building`: one is known from elsewhere, so that `1-402` names unit and room. */
export type Context = {
  readonly compounds?: readonly string[]
  readonly building?: string | undefined
  readonly pair?: 'building' | 'unit'
}

const numerals = '零一二三四五六七八九'
const none = /^(无|不详|未知|没有|空|暂无|n\/?a|null|none|0|[-—–/\\.·*_、]+)$/i

/** A dash, 无, 不详: a word for a blank. */
export const isNothing = (text: string): boolean => none.test(text.normalize('NFKC').replaceAll(/\s/g, ''))

/** 十二 → 12, 四零二 → 402. */
export function digitsOf(said: string): string {
  const plain = said.replaceAll('〇', '零').replaceAll('两', '二')
  const value = (words: string): number => {
    if (words.includes('百')) {
      const [h, rest] = words.split('百')
      return (h ? numerals.indexOf(h) : 1) * 100 + (rest ? value(rest.replace(/^零/, '')) : 0)
    }
    if (words.includes('十')) {
      const [t, o] = words.split('十')
      return (t ? numerals.indexOf(t) : 1) * 10 + (o ? numerals.indexOf(o) : 0)
    }
    return Number([...words].map((sign) => numerals.indexOf(sign)).join(''))
  }
  return /[十百]/.test(plain) ? String(value(plain)) : [...plain].map((sign) => numerals.indexOf(sign)).join('')
}

const counted =
  /([零〇一二三四五六七八九十百两]+)(?=号楼|号院|号|栋|幢|座|单元|室|层|组|队|弄|户|村民小组|[门楼](?=[\d零〇一二三四五六七八九十号]|$))/g

/** One form of spaces, dashes and digits; brackets at the end and what they say go. */
function smoothed(raw: string): string {
  return inChinese(raw.normalize('NFKC'))
    .replace(/(?<=\d)\s+(?=[a-zA-Z\d])|(?<=[a-zA-Z])\s+(?=\d)/g, '-')
    .replace(/(?<![a-zA-Z])\s+|\s+(?![a-zA-Z])/g, '')
    .replace(/[‐‑‒–—―−~～_＿]|－/g, '-')
    .replace(/[[【〔].*?[\]】〕]/g, '')
    .replace(/\([^()]*\)/g, (part, at: number) =>
      at > 0 && /^\((\d+(号楼|栋|幢).*|\S{1,2}[区期苑])\)$/.test(part) ? part.slice(1, -1) : '',
    )
    .replace(/[壹贰叁肆伍陆柒捌玖拾]+(?=号|栋|幢|座|单元|室|层|楼)/g, (said) =>
      [...said].map((sign) => '一二三四五六七八九十'['壹贰叁肆伍陆柒捌玖拾'.indexOf(sign)]).join(''),
    )
    .replace(counted, (_, said: string) => digitsOf(said))
    .replace(/(?<=^|[^\dA-Za-z])(?:-|地下)(\d)(?=[层楼]-?\d)/g, '负$1')
    .replace(
      /(号楼|栋|幢|座|单元|门|#)([零〇一二三四五六七八九]{3,4})(?=室?$)/g,
      (_, before: string, said: string) => before + digitsOf(said),
    )
    .replace(/[。.,，;；]+$/, '')
    .replace(/[,，、;；](?=\d)/g, '-')
    .replace(/(?<=\d)\.(?=\d)/g, (dot, at: number, all: string) => (/^\d+\.0+$/.test(all) ? dot : '-'))
    .replace(/^(\d+)\.0+$/, '$1')
}

/** Building 3, Unit 1, Room 402 → 3号楼1单元402. */
const inChinese = (said: string): string =>
  !/[a-z]{3}|\brm\b/i.test(said)
    ? said
    : said
        .replace(/\b(?:building|bldg|block|blk|tower)\.?\s*(?:no\.?\s*)?([a-z]?\d+|[a-z])\b/gi, '$1号楼')
        .replace(/\b(?:unit|entrance)\s*(?:no\.?\s*)?(\d+|[a-z])\b/gi, '$1单元')
        .replace(/\b(?:room|rm|apartment|apt|flat)\.?\s*(?:no\.?\s*)?(?=\d)/gi, '')
        .replace(/(?<=号楼|单元)[,，\s]+/g, '')

const zone = '(?:[东西南北中]区?|[A-Za-z]区|\\d+区)?'
const building = new RegExp(
  `(${zone})(?:第)?(\\d{1,4}[A-Za-z]?|[A-Za-z]\\d{0,3}|[甲乙丙丁])(?:号楼|#楼?|栋楼?|幢楼?|座|号栋|号幢)`,
)
const named = /(?<=[区园苑村院城府庭居里号])(综合|家属|教工|教师|职工|单身|宿舍|商住|公寓|住宅|办公|安置)楼/

/** Reads a whole address. */
export function readAddress(raw: string, context: Context = {}): Parts {
  const said = smoothed(raw)
  if (said === '' || none.test(said)) return {}
  const parts = withBuilding(said, context) ?? aside(said) ?? inVillage(said) ?? byNumbers(said, context) ?? withoutBuilding(said)
  const compound = parts.compound === undefined ? undefined : compoundOf(parts.compound, context)
  const { compound: _, ...rest } = parts
  return compound ? { ...rest, compound } : rest
}

/** 负101, 商铺2号: a room, of whatever building. */
const aside = (said: string): Parts | undefined => {
  const room = /^负|^\D{2}/.test(said) ? roomName(said) : undefined
  return room ? { room } : undefined
}

/** 幸福小区3号楼…, 解放路125号3栋…, 3#1-402. */
function withBuilding(said: string, context: Context): Parts | undefined {
  const found = lastBuilding(said)
  if (!found) return undefined
  const before = said.slice(0, found.at)
  return {
    ...inside(said.slice(found.at + found.length)),
    building: found.name,
    ...(before ? { compound: before } : {}),
    ...(context.building ? {} : {}),
  }
}

function lastBuilding(said: string): { at: number; length: number; name: string } | undefined {
  const match = building.exec(said)
  if (match) return { at: match.index, length: match[0].length, name: buildingName(match[1]!, match[2]!) }
  const word = named.exec(said)
  if (word) return { at: word.index, length: word[0].length, name: word[0] }
  const annexed = /(?<!\d)(\d{1,4}号[甲乙丙丁戊])楼/.exec(said)
  if (annexed) return { at: annexed.index, length: annexed[0].length, name: annexed[1]! }
  // 100弄3号402室, 3号402: a house number that is followed by unit or room. 3楼402 where 402 is not on that floor.
  // 12号甲503: the annex of a house, with rooms of its own.
  const annex = /(?<!\d)(\d{1,4}号[甲乙丙丁戊])(?=-?\d{3,4}室?$|-?\d{1,2}(?:单元|门|-)\d{3,4}室?$)/.exec(said)
  if (annex) return { at: annex.index, length: annex[0].length, name: annex[1]! }
  const lane =
    /(?<=弄|院|区|园|苑|村|里|^)(\d{1,3})号(?=\d{3,4}室?$|\d{1,2}-\d{3,4}|-\d{3,4})/.exec(said) ??
    /(?<![路街巷道同\d])(\d{1,3})号(?=\d{1,2}单元)/.exec(said)
  if (lane) return { at: lane.index, length: lane[0].length, name: buildingName('', lane[1]!) }
  const storey = /(?<!\d)(\d{1,3})楼(?=-?(\d{1,2}(?:单元|门|-))?-?(\d{3,4}))/.exec(said)
  if (
    storey &&
    (storey[2] ||
      !storey[3]!
        .slice(0, -2)
        .replace(/^0/, '')
        .match(new RegExp(`^${Number(storey[1])}$`)))
  ) {
    return { at: storey.index, length: storey[0].length, name: buildingName('', storey[1]!) }
  }
  return undefined
}

/** `3` → 3号楼, `北3` → 北3号楼, `A` → A座. */
const buildingName = (lead: string, number: string): string => {
  const plain = number.replace(/^0+(?=\d)/, '').toUpperCase()
  return /^[A-Z甲乙丙丁]$/.test(plain) ? `${lead}${plain}座` : `${lead}${plain}号楼`
}

/** What follows the building: 1单元402, -1-402, 4楼402室. */
function inside(rest: string): Parts {
  let left = rest.replace(/^[-/\\,、的]+/, '')
  let unit: string | undefined
  const wordy =
    /^(?:第)?([A-Za-z]|\d{1,2}|[甲乙丙丁东西南北中])(?:号)?(?:单元|单位|门洞|门栋|号门|门|梯位|梯|单(?=\d))[-/\\]?/.exec(left)
  if (wordy) {
    unit = `${wordy[1]!.replace(/^0+(?=\d)/, '').toUpperCase()}单元`
    left = left.slice(wordy[0].length)
  } else {
    const bare = /^([A-Za-z]|\d{1,2})[-/\\](?=[A-Za-z]?\d{2,5}|\d{1,2}室)/.exec(left)
    if (bare) {
      unit = `${bare[1]!.replace(/^0+(?=\d)/, '').toUpperCase()}单元`
      left = left.slice(bare[0].length)
    }
  }
  const room = roomIn(left.replace(/^[-/\\,、]+/, ''))
  return { ...(unit ? { unit } : {}), ...room }
}

/** 402, 402室, 4楼402, 4层2号, A1203. */
function roomIn(said: string): Parts {
  if (other.test(said)) return { room: roomName(said)! }
  const below = /^负(\d)[层楼]-?(\d{1,2})(?:号|室|房)?$/.exec(said)
  if (below) return { room: `负${below[1]}${below[2]!.padStart(2, '0')}`, floored: true }
  const floor = /^(\d{1,2})(?:楼|层|F|f)[-]?(?=\d|[A-Za-z东西南北中左右]|$)/.exec(said)
  const rest = floor ? said.slice(floor[0].length) : said
  const side = floor && /^([东西南北中左右])(?:边|侧|门|面)?户?$/.exec(rest)
  if (side) return { room: `${Number(floor[1])}楼${side[1]}户` }
  const room = roomName(rest)
  if (!room) return {}
  if (floor && /^\d{1,2}$/.test(room)) return { room: `${Number(floor[1])}${room.padStart(2, '0')}`, floored: true }
  return { room }
}

const roomShape =
  /^((?:负|地下)?[A-Za-z]?\d{1,5}[A-Za-z]?(?:-\d{1,2}|-[A-Za-z]|附\d{1,2})?|\d{1,2}[A-Za-z]\d?)(?:号房|房间|室|号|房|户|#)?([东西南北中左右前后]?)[室户]?$/

/** A place in a building that is no flat, with its number if it has one: 商铺2号, 底商5, 地下室, 阁楼. */
const other =
  /^(?:临街|沿街|1[楼层])?(?:商铺|铺面|铺位|门面房?|门市房?|门店|底商|店铺|店面|车库|车棚|储藏[室间]|储物间|杂物间|地下室|半地下室?|架空[层间]|阁楼|顶楼|传达室|门卫室?|值班室|配电室)(?:[-第]?[A-Za-z]?\d{1,4}[A-Za-z]?(?:号铺?|室|间|铺)?)?$/

/** A room's number as the register writes it; undefined where it is none. */
export function roomName(raw: string): string | undefined {
  const said = smoothed(raw).replace(/^[#-]+/, '')
  if (other.test(said)) return said.replace(/(?<=\d)(?:室|间|铺)$/, '')
  const match = roomShape.exec(
    /^[零〇一二三四五六七八九]{2,4}(室|号|房)?$/.test(said) ? digitsOf(said.replace(/[室号房]$/, '')) : said,
  )
  return match ? match[1]!.toUpperCase() + match[2]! : undefined
}

/** 幸福村二组15号: the group holds the houses. */
function inVillage(said: string): Parts | undefined {
  const group = /(?:第)?(\d{1,3})(?:村民小组|组|小组|队|社(?!区))[-]?(.*)$/.exec(said)
  if (!group) return undefined
  const before = said.slice(0, group.index)
  const house = /^(\d{1,4}(?:-\d{1,3})?)(?:号|户|室)?$/.exec(group[2]!)
  return {
    building: `${Number(group[1])}${/队/.test(group[0]!) ? '队' : '组'}`,
    ...(house ? { room: `${house[1]}号` } : {}),
    ...(before ? { compound: before } : {}),
  }
}

/** 3-1-402, 3/1/402, 3-402, 402; before them the compound. */
function byNumbers(said: string, context: Context): Parts | undefined {
  const match =
    /^(.*?)(?<![\dA-Za-z-])((?:[A-Za-z](?=[-/\\])|[A-Za-z]?\d{1,4}[A-Za-z]?)(?:[-/\\][A-Za-z]?\d{1,5}[A-Za-z]?){0,3})(?:室|号房|房|(?<=[-/\\]\d{3,5})号)?$/.exec(
      said,
    )
  if (!match || (match[1] && /([路街巷道弄楼层门号]|单元)$/.test(match[1]))) return undefined
  const before = match[1]!.replace(/[-/\\]+$/, '')
  const numbers = match[2]!.split(/[-/\\]/)
  const place = placeOf(numbers, context)
  return place && { ...place, ...(before ? { compound: before } : {}) }
}

function placeOf(numbers: readonly string[], { building: known, pair }: Context): Parts | undefined {
  const [a = '', b = '', c = '', d = ''] = numbers
  const unitOf = (said: string) => `${said.replace(/^0+(?=\d)/, '').toUpperCase()}单元`
  const isRoom = (said: string) => /^[A-Za-z]?\d{3,5}[A-Za-z]?$/.test(said)
  if (numbers.length === 1) return isRoom(a) || known ? { room: a.toUpperCase() } : undefined
  if (numbers.length === 2) {
    if (!isRoom(b))
      return known ? undefined : /^\d{1,2}$/.test(b) ? { building: buildingName('', a), unit: unitOf(b) } : undefined
    if (isRoom(a) && !known) return undefined
    const isUnit = pair ? pair === 'unit' : known !== undefined && buildingName('', a) !== known
    return isUnit ? { unit: unitOf(a), room: b.toUpperCase() } : { building: buildingName('', a), room: b.toUpperCase() }
  }
  if (numbers.length === 3) return { building: buildingName('', a), unit: unitOf(b), room: c.toUpperCase() }
  // 3-1-4-402 says the floor twice; 3-1-4-02 puts it together.
  if (isRoom(d) && d.slice(0, -2) === c) return { building: buildingName('', a), unit: unitOf(b), room: d }
  return /^\d{2}$/.test(d) ? { building: buildingName('', a), unit: unitOf(b), room: `${c}${d}`, floored: true } : undefined
}

/** 解放路125号, 幸福村15号, 幸福小区1单元402, 幸福小区. */
function withoutBuilding(said: string): Parts {
  const unit = /^(.*?)(?:第)?(\d{1,2}|[A-Za-z])(?:单元|门)[-]?(.*)$/.exec(said)
  const street = unit && /^(.*[路街巷道弄同])(\d{1,4})号(?:院)?$/.exec(unit[1]!)
  if (unit)
    return {
      ...(street ? { compound: street[1]!, building: `${street[2]}号` } : unit[1] ? { compound: unit[1] } : {}),
      unit: `${unit[2]!.toUpperCase()}单元`,
      ...roomIn(unit[3]!),
    }
  const house = /^(.*(?:路|街|巷|道|弄|村|庄|屯|寨|里|胡同))(?:第)?(\d{1,4}(?:-\d{1,3})?)号(?:附?(\d{1,3})号?)?(.*)$/.exec(said)
  if (house && !house[4]) {
    const number = `${house[2]}号${house[3] ? `附${house[3]}号` : ''}`
    return { compound: house[1]!, building: number, room: number, house: true }
  }
  if (house && /^\d{3,4}室?$/.test(house[4]!))
    return { compound: house[1]!, building: `${house[2]}号`, room: roomName(house[4]!)! }
  const floor = /^(.*?)(\d{1,2})(?:楼|层)-?(.*)$/.exec(said)
  if (floor && roomName(floor[3]!))
    return { ...(floor[1] ? { compound: floor[1] } : {}), ...roomIn(said.slice(floor[1]!.length)) }
  const room = roomName(said)
  if (room && /室|号|房|\d{3}/.test(said)) return { room }
  return /^\d/.test(said) ? {} : { compound: said }
}

// --- what stands before the building ------------------------------------------------------------------------------------

/** 万科城市花园 names no city: the sign before 市 belongs to 城市, which no city of more than three signs is called. */
const chosen =
  /^(中国)?([\u4e00-\u9fff]{2,7}?(省|自治区|特别行政区))?((?![^市]{2,4}城市)(?:(?![区县镇乡街社村])[\u4e00-\u9fff]){2,6}?(市|自治州|地区|盟))?((?![^市]{2,4}城市)[\u4e00-\u9fff]{1,6}?((?<![小社东西南北中园院期])区|县|市|旗|(?<=[\u4e00-\u9fff]新)区))?([\u4e00-\u9fff]{1,8}?(街道办事处|街道办|街道|镇|乡))?/

/** What alone is no name: where only this were left, what stands before it belongs to it. */
const bareEnd = /^(.|社区|小区|花园|家园|公寓|广场|新村|新城|宿舍|大厦|[东西南北中]区|\d+期)?$/

/** An address without province, city, district, street office and community. */
export function withoutAreas(said: string): string {
  let rest = said
  const province = chosen.exec(rest)?.[0] ?? ''
  if (province && !bareEnd.test(rest.slice(province.length))) rest = rest.slice(province.length)
  const community =
    /^[\u4e00-\u9fff\dA-Z]{1,10}?(社区居民委员会|社区居委会|居民委员会|居委会|村委会|村民委员会|社区)/.exec(rest)?.[0] ?? ''
  if (community && community !== rest) rest = rest.slice(community.length)
  return rest.replace(/^第?\d+网格/, '')
}

/** The compound before a building: 武汉市江岸区某街道某社区幸福家园 → 幸福家园; 解放路125号幸福小区 → 幸福小区. */
export function compoundOf(before: string, { compounds = [] }: Context = {}): string | undefined {
  const said = tidyCompound(before)
  const known = compounds.filter((name) => name && said.includes(name)).sort((a, b) => b.length - a.length)[0]
  if (known) return known
  const rest = withoutAreas(said)
  const behindRoad = /^.*(?:路|街|巷|大道|道|胡同)\d+(?:-\d+)?号(?:院)?(?=[\u4e00-\u9fff]{2,})(.+)$/.exec(rest)?.[1]
  const name = (behindRoad ?? rest).replace(/^[-,，、/]+|[-,，、/第]+$/g, '')
  return name || undefined
}

export const tidyCompound = (raw: string): string =>
  raw
    .normalize('NFKC')
    .trim()
    .replace(/(?<![a-zA-Z])\s+|\s+(?![a-zA-Z])/g, '')
    .replace(/[-,，、/]+$/, '')
    .replace(/^(小区|地址|住址|院落)[:：]/, '')

// --- columns of their own -----------------------------------------------------------------------------------------------

/** The column 楼栋: usually a number, now and then with unit or compound. */
export function readBuilding(raw: string, context: Context = {}): Parts {
  const said = smoothed(raw).replace(/^#(?=\d)/, '')
  if (said === '' || none.test(said)) return {}
  const plain = new RegExp(
    `^(${zone})(?:第)?(\\d{1,4}[A-Za-z]?|[A-Za-z]\\d{0,3}|[甲乙丙丁])(?:号楼|#楼?|栋楼?|幢楼?|座|号栋|号幢|号|楼|区)?$`,
  ).exec(chineseNumber(said))
  if (plain) return { building: buildingName(plain[1]!, plain[2]!) }
  const two = /^(\d{1,3})[-/](\d{1,2})$/.exec(said)
  if (two) return { building: buildingName('', two[1]!), unit: `${Number(two[2])}单元` }
  const read = readAddress(said, context)
  if (read.building) return read
  return { building: said.slice(0, 40) }
}

const chineseNumber = (said: string): string => (/^[零〇一二三四五六七八九十百]+$/.test(said) ? digitsOf(said) : said)

/** The column 单元. */
export function readUnit(raw: string): Parts {
  const said = chineseNumber(smoothed(raw))
  if (said === '' || none.test(said) || /^(无单元|不分单元)$/.test(said)) return {}
  const plain = /^(?:第)?(\d{1,2}|[A-Za-z]|[甲乙丙丁东西南北中])(?:号)?(?:单元|单位|门洞|门栋|号门|门|梯|单|栋)?$/.exec(said)
  if (plain) return { unit: `${plain[1]!.replace(/^0+(?=\d)/, '').toUpperCase()}单元` }
  const read = readAddress(said)
  return read.unit ? read : { unit: said.slice(0, 40) }
}

/** The column 房号: usually a number, now and then the whole address. */
export function readRoom(raw: string, context: Context = {}): Parts {
  const said = smoothed(raw)
  if (said === '' || none.test(said)) return {}
  const alone = roomName(said)
  if (alone && !/^\d{1,3}-\d{3,5}/.test(said) && !/^\d{1,2}-\d{1,2}$/.test(said)) return { room: alone }
  if (/^\d{1,2}-\d{1,2}$/.test(said)) return { room: said }
  const annex = /^(\d{1,4})号?附(\d{1,3})号?$/.exec(said)
  if (annex) return { room: `${annex[1]}号附${annex[2]}号` }
  const read = readAddress(said, context)
  if (read.room) return read
  const storey = roomIn(said)
  return storey.room ? storey : { room: said.slice(0, 20) }
}

/** The column 小区. */
export function readCompound(raw: string, context: Context = {}): Parts {
  const said = tidyCompound(raw)
  if (said === '' || none.test(said)) return {}
  if (building.test(smoothed(raw))) return readAddress(raw, context)
  return { compound: said.slice(0, 40) }
}

export const looksLikeAddress = (text: string): boolean =>
  /\d(号楼|栋|幢|座|单元|室|组)|[路街巷村]\d+号|(?<![\d-])\d{1,3}[-/]\d{1,2}[-/]\d{3,4}$/.test(smoothed(text))

// --- titles, sheet names, lines in between --------------------------------------------------------------------------------

const compoundEnd =
  '(?:小区|花园|家园|公寓|新村|新城|名城|广场|山庄|别墅|大院|大厦|佳苑|嘉苑|名苑|雅苑|宿舍|家属院|号院|花苑|新苑|\\d期|[一二三四五六]期)'
const listWords =
  /(居民|村民|实有|实住|暂住|外来|重点|党员|调查|数据|核酸|疫苗|一户一档|住户|人员|人口|常住|流动|户籍|户主|家庭|成员|信息|基本|情况|登记|排查|统计|采集|花名|名册|名单|台账|汇总|摸底|防控|疫情|入户|底册|清单|明细|一览).*$/

/** `likely`: what a title puts before its list words and what may well be a compound: 江南春天住户一览表. */
export type Heading = Parts & { readonly community?: string; readonly likely?: string }
/** Words that make what stands before a list's name no place. */
const noPlace =
  /疫情|肺炎|病毒|防疫|春节|返|关于|各|全|本|附|新|老|年|月|第|表|总|网格|单位|街道|社区|区$|县$|市$|镇$|乡$|省$|办$|委$|会$|局$|所$/

/** What a title, a sheet's name or a line in between says of the place: compound, building, unit; nothing where it says none. */
export function readHeading(raw: string, context: Context = {}): Heading {
  const told = keyed(raw)
  const said = smoothed(
    raw
      .trim()
      .replace(/^[【[〔(（<《](.+)[】\]〕)）>》]$/, '$1')
      .replace(/^(附(件|表)\s*\d*\s*[:：]?|[一二三四五六七八九十]{1,3}[、.．])/, '')
      .replace(/\d{4}\s*年度?(\d{1,2}月)?(\d{1,2}日)?/g, ''),
  ).replace(/^[-=—*]+|[-=—*]+$/g, '')
  const community = /([\u4e00-\u9fff]{2,8}?(?:社区|居委会|村))/
    .exec(said.replace(chosen, '').replace(/^.*[:：]/, ''))?.[1]
    ?.replace('居委会', '社区')
    .replace(/^.*(街道|镇|乡)(?=.{2})/, '')
  const found = lastBuilding(said) ?? villageGroup(said)
  const before = withoutAreas(found ? said.slice(0, found.at) : said).replace(listWords, '')
  const known = (context.compounds ?? []).filter((name) => said.includes(name)).sort((a, b) => b.length - a.length)[0]
  const fits = new RegExp(`^[\\u4e00-\\u9fff\\dA-Za-z·]{1,14}?${compoundEnd}+`).exec(before)?.[0]
  const short =
    found && /^[\u4e00-\u9fff\d]{2,8}$/.test(before)
      ? before
      : /^[\u4e00-\u9fff]{1,6}[苑园里城府庭院湾坊郡居村寓]$/.test(before)
        ? before
        : undefined
  const compound = known ?? fits ?? short
  const likely =
    !compound && listWords.test(said) && /^[\u4e00-\u9fff]{2,8}$/.test(before) && !noPlace.test(before) ? before : undefined
  const { unit } = found
    ? inside(said.slice(found.at + found.length).replace(listWords, ''))
    : withoutBuilding(said.replace(listWords, ''))
  return {
    ...(compound ? { compound } : {}),
    ...(found ? { building: found.name } : {}),
    ...(unit ? { unit } : {}),
    ...told,
    ...(community && community !== compound ? { community } : {}),
    ...(likely ? { likely } : {}),
  }
}

/** 红旗村一组村民花名册: the group holds the houses. */
function villageGroup(said: string): { at: number; length: number; name: string } | undefined {
  const group = /(?<=^|村|屯|庄|寨)(?:第)?(\d{1,2})(?:村民小组|村民组|小组|组)(?=$|[^\d长员])/.exec(said)
  return group ? { at: group.index, length: group[0].length, name: `${group[1]}组` } : undefined
}

/** 402室 户主：…, 3号楼1单元402室: the room of a line above one household's rows. */
export const roomInLine = (line: string): string | undefined => {
  const room = /^(?:.*(?:号楼|栋|幢|座|单元|[-#]))?((?:负)?[A-Za-z]?\d{3,4})室(?:$|[^\d])/.exec(smoothed(line))?.[1]
  return room && roomName(room)
}

/** 小区：幸福小区 楼栋：3号楼 in the lines above a head. */
function keyed(raw: string): Parts {
  const said = raw.normalize('NFKC')
  const value = (names: string) => new RegExp(`(?:${names})(?:名称|号)?\\s*:\\s*([^\\s:,，;；]+)`).exec(said)?.[1]
  const [compound, building, unit] = [value('小区|院落|楼盘'), value('楼栋|楼号|栋号|幢号'), value('单元')]
  return {
    ...(compound ? readCompound(compound) : {}),
    ...(building ? readBuilding(building) : {}),
    ...(unit ? readUnit(unit) : {}),
  }
}
