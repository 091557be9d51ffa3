// Where the rows of a sheet live: from their own columns, the lines in between, the sheet's name and title, or the household above.
import type { Text } from '#core/text.ts'
import type { Said, UnderstoodRow, UnderstoodSheet } from '#server/imports/understand/model.ts'
import { letterOf } from '#server/imports/understand/tidy.ts'
import {
  compoundOf,
  readAddress,
  readBuilding,
  readCompound,
  readHeading,
  readRoom,
  readUnit,
  isNothing,
  roomInLine,
  roomName,
  tidyCompound,
  type Heading,
  type Parts,
} from './addresses.ts'
import type { Place } from './model.ts'
import { about, heads, says } from './says.ts'

export type Found = { readonly place: Place; readonly doubts: readonly Text[] } | { readonly refusal: Text }
/** What a row says of its place, before anything is taken from elsewhere. `unread`: an address of which no dwelling can be told. */
export type Told = Parts & { readonly mangled?: Said; readonly differ?: true; readonly unread?: Said }
/** `begins`: the row begins a household, so nothing is taken from the one above; `follows`: it says that it belongs to it. */
export type Standing = { readonly begins: boolean; readonly follows: boolean }

/** Shares of rows below which a column counts as written once and left blank after that. */
const sparse = 0.25

/** Names of compounds that the file writes in columns of their own. */
export const compoundsIn = (sheets: readonly UnderstoodSheet[]): string[] => {
  const names = sheets.flatMap(({ rows }) =>
    rows.flatMap(({ fields }) => (fields.compound ? [readCompound(fields.compound.text).compound] : [])),
  )
  return [...new Set(names.filter((name) => name !== undefined))]
}

export type Sheet = {
  readonly told: ReadonlyMap<UnderstoodRow, Told>
  readonly find: (row: UnderstoodRow, standing: Standing) => Found
}

/** The compound of rows that say none: the only one there is; `nowhere`: neither file nor register names any; `names`: all that the file writes. */
export type Usual = { readonly only: string | undefined; readonly nowhere: boolean; readonly names: ReadonlySet<string> }

/** What a community is called that names no compound anywhere. */
const ownName = '本社区'

export function placesOf(sheet: UnderstoodSheet, compounds: readonly string[], usual: () => Usual): Sheet {
  const context = { compounds }
  const named = readHeading(sheet.name, context)
  const titled = readHeading(sheet.title, context)
  // The line of the first household may stand above the first head.
  const ownRoom = sheet.title
    .split(' ')
    .map(roomInLine)
    .find((room) => room !== undefined)
  const columns = new Set(sheet.columns.flatMap(({ field }) => (field ? [field] : [])))
  // Further persons of a row live where its first does.
  const rows = sheet.rows.filter((row) => !row.part || row.aside)
  const headingOf = remembered((section: string): Heading => {
    const room = section && roomInLine(section)
    return section ? { ...readHeading(section, context), ...(room ? { room } : {}) } : {}
  })
  const around = (row: UnderstoodRow): Heading => {
    const line = headingOf(row.section)
    return {
      ...titled,
      ...named,
      ...(row.section || !ownRoom ? {} : { room: ownRoom }),
      ...line,
      ...(line.building && !line.unit ? ({ unit: undefined } as object) : {}),
    }
  }
  const pair = pairOf(sheet)
  const told = new Map(rows.map((row) => [row, tell(row, columns, compounds, around(row).building, pair)]))
  const share = (key: keyof Parts) => {
    const rows = [...told.values()].filter((parts) => parts.room || parts.building || parts.compound)
    const silent = rows.filter((parts) => !parts[key]).length
    return silent < rows.length && silent / Math.max(1, rows.length) > sparse
  }
  const isSparse = { compound: share('compound'), building: share('building'), unit: share('unit') }
  const leavesBlank = writesOnce(rows, told)
  const below = statedBelow(rows, told)
  let above: { place: Place; section: string } | undefined

  const find = (row: UnderstoodRow, standing: Standing): Found => {
    const said = told.get(row)!
    const doubts: Text[] = []
    const blank = (head: 'compound' | 'building' | 'unit' | 'room' | 'address') =>
      cellOf(sheet, head, row.row) ?? cellOf(sheet, 'address', row.row)
    const refuse = (cell: Said | string | undefined, head: keyof typeof heads, why: Text): Found => ({
      refusal: about(row.row, cell, heads[head], why),
    })
    if (said.mangled) return refuse(said.mangled, 'address', says.mangled)
    if (said.unread) return refuse(said.unread, 'address', says.unreadPlace)
    const before = above
    if (
      !said.building &&
      !said.room &&
      !said.unit &&
      before &&
      before.section === row.section &&
      !standing.begins &&
      (standing.follows || leavesBlank)
    ) {
      if (!leavesBlank) doubts.push(about(row.row, blank('address'), heads.address, says.placeFromAbove))
      return { place: before.place, doubts }
    }
    const near = around(row)
    // An address of its own, or another compound, has nothing to do with the building above.
    const apart =
      (row.fields.address && !row.fields.address.filled) ||
      (said.compound && spelledAs(said.compound, compounds, usual().names) !== before?.place.compound)
    const inherited = before?.section === row.section ? before.place : undefined
    const upper = apart ? undefined : inherited
    const building = said.building ?? near.building ?? (isSparse.building ? upper?.building : undefined)
    const same = upper !== undefined && upper.building === building
    const unit =
      said.unit ??
      (near.building === building || !near.building ? near.unit : undefined) ??
      (same && (!said.building || isSparse.unit) && isSparse.unit ? (upper.unit ?? undefined) : undefined)
    const room =
      said.room ??
      near.room ??
      (same && !standing.begins && (standing.follows || leavesBlank) && (!said.unit || upper.unit === unit)
        ? upper.room
        : undefined)
    if (!building && !room) return refuse(blank('address'), 'address', says.noPlace)
    if (!building) return refuse(blank('building'), 'building', says.noBuilding)
    if (!room) return refuse(blank('room'), 'room', says.noRoom)
    if (!said.room && !near.room && !leavesBlank) doubts.push(about(row.row, blank('room'), heads.room, says.placeFromAbove))
    const compound = compoundFor(said, near, inherited)
    const { only, nowhere, names } = usual()
    // Between two rows of one compound there is no doubt which was meant, only that it was not written.
    const next = below.get(row)
    const between =
      inherited && (next === undefined || spelledAs(next, compounds, names) === inherited.compound)
        ? inherited.compound
        : undefined
    const likely = near.likely && spelledAs(near.likely, compounds, names)
    const given = compound ?? likely ?? only ?? between ?? (nowhere ? (near.community ?? ownName) : undefined)
    if (!given) return refuse(blank('compound'), 'compound', says.noCompound)
    if (!compound)
      doubts.push(
        about(
          row.row,
          blank('compound'),
          heads.compound,
          likely
            ? says.compoundFromTitle
            : only
              ? says.compoundGuessed
              : between
                ? says.compoundFromAbove
                : says.communityAsCompound,
        ),
      )
    if (said.floored) doubts.push(about(row.row, row.fields.room ?? row.fields.address, heads.room, says.roomMade))
    if (said.house && said.room && !row.fields.room) doubts.push(about(row.row, row.fields.address, heads.room, says.roomIsHouse))
    if (said.differ) doubts.push(about(row.row, row.fields.address, heads.address, says.placesDiffer))
    const place: Place = {
      compound: given.slice(0, 40),
      building: building.slice(0, 40),
      unit: unit?.slice(0, 40) ?? null,
      room: inGroup(building, room).slice(0, 20),
    }
    above = { place, section: row.section }
    return { place, doubts }
  }

  function compoundFor(said: Told, near: Heading, inherited: Place | undefined): string | undefined {
    const { names } = usual()
    if (said.compound) return spelledAs(said.compound, compounds, names)
    const line = near.compound ?? (isSparse.compound ? inherited?.compound : undefined)
    return line && spelledAs(line, compounds, names)
  }

  return {
    told,
    find: (row, standing) => {
      const found = find(row, standing)
      if ('refusal' in found) above = undefined
      return found
    },
  }
}

/** Where a field of a row would stand that is blank: the cell in its first column; undefined where the sheet has none. */
export function cellOf({ columns }: UnderstoodSheet, field: string, row: number): string | undefined {
  const column = columns.find((one) => one.field === field)
  return column && `${letterOf(column.at)}${row}`
}

/** A house in a village group is known by its number: 15 → 15号. */
const inGroup = (building: string, room: string): string =>
  /^\d+[组队]$/.test(building) && /^\d+$/.test(room) ? `${room}号` : room

/** 幸福 is 幸福小区 where the file or the register knows that one only. */
const spelledAs = (name: string, registered: readonly string[], written: ReadonlySet<string>): string => {
  const long = `${name}小区`
  return !registered.includes(name) && (registered.includes(long) || written.has(long)) ? long : name
}

function remembered<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>()
  return (key) => {
    if (!made.has(key)) made.set(key, make(key))
    return made.get(key)!
  }
}

/** The compound that the next row below names, for each row. */
function statedBelow(
  rows: readonly UnderstoodRow[],
  told: ReadonlyMap<UnderstoodRow, Told>,
): Map<UnderstoodRow, string | undefined> {
  const below = new Map<UnderstoodRow, string | undefined>()
  let next: string | undefined
  for (const row of rows.toReversed()) {
    below.set(row, next)
    const { compound, building, room } = told.get(row)!
    if (compound && (building || room)) next = compound
  }
  return below
}

/** Whether addresses are written once for a household and left blank for the others: more blanks than repeats. */
function writesOnce(rows: readonly UnderstoodRow[], told: ReadonlyMap<UnderstoodRow, Told>): boolean {
  let [blanks, repeats] = [0, 0]
  let last = ''
  for (const row of rows) {
    const { building, unit, room, unread } = told.get(row)!
    if (unread) continue
    const key = [building, unit, room].join()
    if (!building && !room && !unit) blanks++
    else if (room && key === last) repeats++
    if (room) last = key
  }
  return blanks > 0 && blanks >= repeats
}

/** In sheets of one building `3-402` beside `1-402` names unit and room. */
function pairOf({ rows }: UnderstoodSheet): 'unit' | undefined {
  const leads = new Set<string>()
  for (const { fields } of rows) {
    const match = /^\s*(\d{1,3})\s*[-－—/]\s*\d{3,4}\s*室?\s*$/.exec((fields.room ?? fields.address)?.text ?? '')
    if (match) leads.add(match[1]!)
  }
  return leads.size > 1 ? 'unit' : undefined
}

function tell(
  { fields, more }: UnderstoodRow,
  columns: ReadonlySet<string>,
  compounds: readonly string[],
  around: string | undefined,
  pair: 'unit' | undefined,
): Told {
  const cells = [fields.compound, fields.building, fields.unit, fields.room, fields.address]
  const mangled = cells.find((cell) => cell && (cell.kind === 'date' || cell.kind === 'datetime' || cell.kind === 'time'))
  if (mangled) return { mangled }
  const context = { compounds }
  const compound = fields.compound ? readCompound(fields.compound.text, context) : {}
  const building = fields.building ? readBuilding(fields.building.text, context) : {}
  const unit = fields.unit ? readUnit(fields.unit.text) : {}
  const known = {
    ...context,
    building: building.building ?? compound.building ?? around,
    ...(pair && (building.building ?? around) ? { pair } : {}),
  }
  const room = fields.room ? readRoom(fields.room.text, known) : numberAsRoom(fields.householdNo, columns)
  const address = [fields.address, ...(more.address ?? [])].reduce<Parts>((parts, cell) => {
    if (!cell) return parts
    const next = readAddress(cell.text, known)
    return { ...next, ...parts }
  }, {})
  const own: Parts = {
    ...compound,
    ...room,
    ...building,
    ...(room.room ? { room: room.room } : {}),
    ...unit,
    ...(compound.compound ? { compound: compound.compound } : {}),
  }
  const street = address.house && own.building ? { compound: `${address.compound}${address.building}`, room: undefined } : {}
  const all = { ...address, ...street, ...own } as Parts
  const differ = (['building', 'unit', 'room'] as const).some(
    (key) => !address.house && own[key] && address[key] && own[key] !== address[key],
  )
  const { building: b, unit: u, room: r } = all
  const unread =
    fields.address && !b && !u && !r && !columns.has('room') && !isNothing(fields.address.text) ? { unread: fields.address } : {}
  return { ...clean(all, compounds), ...(differ ? { differ: true } : {}), ...unread }
}

const clean = (parts: Parts, compounds: readonly string[]): Parts => {
  const { compound, ...rest } = parts
  const name = compound && compoundOf(tidyCompound(compound), { compounds })
  return name ? { ...rest, compound: name } : rest
}

/** 户号 is the room where there is no other column for it and it looks like one. */
function numberAsRoom(said: Said | undefined, columns: ReadonlySet<string>): Parts {
  if (!said || columns.has('room') || columns.has('address')) return {}
  const room = roomName(said.text)
  return room && /^[A-Za-z]?\d{3,4}[A-Za-z]?$/.test(room) ? { room } : {}
}
