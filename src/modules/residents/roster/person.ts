// What a row says of a person: each cell read by itself, then held against the others.
import type { Day } from '#core/dates.ts'
import type { Text } from '#core/text.ts'
import type { Use } from '#modules/territory/model.ts'
import type { Said, UnderstoodRow } from '#server/imports/understand/model.ts'
import { toldBy, type IdType } from '../documents.ts'
import type { Relation, Sex, Tag } from '../model.ts'
import { readDate } from './dates.ts'
import { idSays, readId } from './ids.ts'
import { readName } from './names.ts'
import { readPhones } from './phones.ts'
import { about, dates, heads, says, type Head } from './says.ts'
import { isTenant, relationOf, sexOf, tagsOf, useOf } from './words.ts'

/** A person before it is known where the row stands. What the columns themselves say of sex and birth date is kept beside the number's word. */
export type Draft = {
  readonly name: string | null
  readonly vacant: boolean
  readonly idType: IdType
  idNumber: string | null
  readonly said: { readonly sex: Sex | null; readonly birthDate: Day | null }
  phones: readonly string[]
  /** null: the row does not say it. */
  readonly relation: Relation | null
  readonly relationAsked: boolean
  readonly headName: string | null
  /** The row has a number or telephone of the householder too; `headCell` is where the name stands. */
  readonly headTold: boolean
  readonly headCell: string | undefined
  /** The row's name is the householder's, for it has no other. */
  readonly asHead: boolean
  /** Where the row's own name and number stand. */
  readonly cells: { readonly name?: string; readonly idNumber?: string }
  readonly use: Use
  readonly grid: string | null
  readonly homePlace: string | null
  readonly employer: string | null
  readonly tags: readonly Tag[]
  readonly note: string | null
  readonly doubts: Text[]
  /** The number ends in three noughts: a doubt where many of the file do. */
  readonly zeros?: Text
  readonly refusal?: Text
}

const silent = /^(无|不详|未知|没有|空|暂无|待补|不清楚|n\/?a|null|none|unknown|[-—–/\\.·*_]+)$/i
/** Formulas in these columns may be without a result: nothing of the person is lost. */
const idle = new Set(['serial', 'size'])

/** What a person is born as and on, by number first. */
export const bornAs = ({ idType, idNumber, said }: Pick<Draft, 'idType' | 'idNumber' | 'said'>) => {
  const told = idNumber ? toldBy(idType, idNumber) : undefined
  return { sex: told?.sex ?? said.sex, birthDate: told?.birthDate ?? said.birthDate }
}

export function readPerson({ row, fields, more }: UnderstoodRow, { today, named }: { today: Day; named: boolean }): Draft {
  const doubts: Text[] = []
  const doubt = (head: Head, cell: Said | undefined, why: Text) => {
    doubts.push(about(row, cell, heads[head], why))
  }
  const who = nameIn(fields, named)
  const isHeadRow = who.asHead || (who.name !== null && who.name === who.headName)
  const sex = sexIn(fields.sex, doubt)
  const date = readDate(usable(fields.birthDate, 'birthDate', doubt), today)
  const idCell = usable(fields.idNumber, 'idNumber', doubt) ?? (isHeadRow ? fields.headId : undefined)
  const id = readId(idCell, fields.idType?.text, today)
  if (id.fault) doubt('idNumber', idCell, id.fault)
  const zeros = id.doubt === idSays.zeros ? about(row, idCell, heads.idNumber, id.doubt) : undefined
  if (id.doubt && !zeros) doubt('idNumber', idCell, id.doubt)
  const told = id.number ? toldBy(id.type, id.number) : undefined
  if (date.fault && !(told && mended.has(date.fault))) doubt('birthDate', fields.birthDate, dates[date.fault])
  else if (told && date.day && date.day !== told.birthDate && !(date.fault && date.day.slice(2) === told.birthDate.slice(2))) {
    doubt('birthDate', fields.birthDate, says.birthDiffers)
  }
  if (told && sex && sex !== told.sex) doubt('sex', fields.sex, says.sexDiffers)
  const relation = relationIn(fields, who, isHeadRow, doubt)
  const tenant = [fields.relation?.text, who.hint].some((words) => words && isTenant(words))
  const vacant = !who.name && isVacant(fields, who.vacant)
  const refusal = broken(row, fields, more) ?? (who.fault ? about(row, who.cell, heads.name, who.fault) : undefined)
  if (who.doubt) doubt('name', who.cell, who.doubt)
  const beside = more.name?.find((one) => !one.filled && readName(one.text).name !== null)
  if (beside) doubt('name', beside, says.besides)
  return {
    name: who.name,
    vacant,
    idType: id.type,
    idNumber: id.number,
    said: { sex, birthDate: date.day },
    phones: phonesIn(fields, more, isHeadRow, who.phone, doubt),
    relation: relation.relation,
    relationAsked: relation.asked,
    headName: who.headName,
    headTold: who.headName !== null && (fields.headId !== undefined || fields.headPhone !== undefined),
    headCell: fields.headName?.at,
    asHead: who.asHead,
    cells: { ...(who.cell ? { name: who.cell.at } : {}), ...(idCell ? { idNumber: idCell.at } : {}) },
    use: vacant ? 'vacant' : (useOf(fields.use?.text ?? '') ?? (tenant ? 'rental' : 'owner')),
    grid: gridIn(fields.grid),
    homePlace: words(fields.homePlace, 120),
    employer: words(fields.employer, 120),
    tags: tagsOf(fields.tags?.text ?? ''),
    note: words(fields.note, 300),
    doubts,
    ...(zeros ? { zeros } : {}),
    ...(refusal ? { refusal } : {}),
  }
}

/** A birth date written short needs no mending where the number says the whole. */
const mended = new Set(['lunar', 'monthOnly', 'yearOnly', 'age', 'dayOrMonth', 'century'])

type Fields = UnderstoodRow['fields']
type Doubt = (head: Head, cell: Said | undefined, why: Text) => void

/** Who the row is about: its own name; the householder's where the sheet has no other, or where only that is written. */
function nameIn(fields: Fields, named: boolean) {
  const head = fields.headName && !silent.test(fields.headName.text) ? readName(fields.headName.text) : undefined
  const own = fields.name ? readName(fields.name.text) : undefined
  const asHead = !own?.name && !own?.fault && !own?.vacant && fields.headName !== undefined && (!named || !fields.headName.filled)
  const read = (asHead ? head : own) ?? { name: null }
  return {
    ...read,
    asHead: asHead && read.name !== null,
    headName: head?.name ?? null,
    cell: asHead ? fields.headName : fields.name,
  }
}

/** A cell that holds an error is not read. */
function usable(said: Said | undefined, head: Head, doubt: Doubt): Said | undefined {
  if (said?.kind !== 'error') return said
  doubt(head, said, says.error)
  return undefined
}

/** A formula without a result hides what the row says; an error does so where the name stands. */
function broken(row: number, fields: Fields, more: UnderstoodRow['more']): Text | undefined {
  for (const [field, said] of [
    ...Object.entries(fields),
    ...Object.entries(more).flatMap(([field, list]) => list.map((one) => [field, one] as const)),
  ]) {
    const head = heads[field as Head] ?? heads.person
    if (said.unstored && !idle.has(field)) return about(row, said, head, says.unstored)
    if (said.kind === 'error' && ['name', 'compound', 'building', 'unit', 'room', 'address'].includes(field))
      return about(row, said, head, says.error)
  }
  return undefined
}

function sexIn(said: Said | undefined, doubt: Doubt): Sex | null {
  const cell = usable(said, 'sex', doubt)
  if (!cell || silent.test(cell.text)) return null
  const sex = sexOf(cell.text)
  if (!sex) doubt('sex', cell, says.sexUnknown)
  return sex ?? null
}

function relationIn(
  fields: Fields,
  who: { hint?: string; asHead: boolean; name: string | null; headName: string | null },
  isHead: boolean,
  doubt: Doubt,
) {
  const cell = usable(fields.relation, 'relation', doubt)
  const hinted = who.hint
    ?.split(' ')
    .map(relationOf)
    .find((one) => one !== undefined)
  const yes = /^(是|y|yes|1|√|✓|true|户主)$/i.test(fields.isHead?.text ?? '')
  if (!cell || silent.test(cell.text)) return { relation: yes || isHead ? ('head' as const) : (hinted ?? null), asked: false }
  const known = relationOf(cell.text)
  if (!known) doubt('relation', cell, says.relationUnknown)
  return { relation: known ?? ('other' as const), asked: true }
}

function phonesIn(
  fields: Fields,
  more: UnderstoodRow['more'],
  isHead: boolean,
  beside: string | undefined,
  doubt: Doubt,
): string[] {
  const own = [fields.phone, ...(more.phone ?? []), ...(isHead ? [fields.headPhone, ...(more.headPhone ?? [])] : [])]
  const phones = own.flatMap((cell) => {
    const said = cell && usable(cell, 'phone', doubt)
    if (!said) return []
    const read = readPhones(said.text, { lossy: said.lossy === true })
    if (read.worn) doubt('phone', said, says.phoneWorn)
    else if (read.masked) doubt('phone', said, says.phoneMasked)
    else if (read.faults) doubt('phone', said, says.phoneWrong)
    return read.phones
  })
  return [...new Set([...phones, ...(beside ? readPhones(beside).phones : [])])]
}

function isVacant(fields: Fields, said: boolean | undefined): boolean {
  const tells = [fields.use?.text, fields.note?.text].filter((one) => one !== undefined)
  return said === true || tells.some((one) => useOf(one) === 'vacant') || /^0$/.test(fields.size?.text ?? '')
}

const gridIn = (said: Said | undefined): string | null => {
  const code = said?.text.replaceAll(/\s/g, '') ?? ''
  return /^\d{17}$/.test(code) && !said?.lossy ? code : null
}

const words = (said: Said | undefined, most: number): string | null => {
  const text = said?.text.replace(/\s*\n\s*/g, ' ').trim() ?? ''
  return text && !silent.test(text) && said?.kind !== 'error' ? text.slice(0, most) : null
}
