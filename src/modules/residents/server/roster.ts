// The roster against what is registered: which rows are new, which are there already, and what to do about the others. Nothing that is
// registered is changed by an import.
import { sql } from 'kysely'
import type { Id } from '#core/ids.ts'
import { text, type Text } from '#core/text.ts'
import { labelOf } from '#core/labels.ts'
import { insertMany } from '#server/database/many.ts'
import { standing } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import type { Plan, Sent, Verdict } from '#server/imports/plan.ts'
import { areaLevel } from '#modules/territory/codes.ts'
import { dwellingAddresses, gridBeside, placeDwellings } from '#modules/territory/server.ts'
import { tidy } from '#modules/territory/sorting.ts'
import { completed, dialled, type PersonEntry, type Tag, type Tenure } from '../model.ts'
import { RosterRow } from '../roster.ts'
import { bulkLoad, type BulkHousehold } from './bulk.ts'
import { documentDigest, phoneDigest } from './entering.ts'
import { phoneRow } from './phones.ts'
import { peopleAt } from './standing.ts'

/** A member as the roster is held against: what is registered, or what an earlier row of the file says. */
type Known = {
  household: Group
  name: string
  sex: string | null
  birthDate: string | null
  relation: string
  document: string | null
  phone: string | null
  otherPhones: readonly string[]
  homePlace: string | null
  employer: string | null
  tags: readonly Tag[]
  /** The root of whoever is registered. */
  person?: Id
  /** The row of the file that says so; undefined for what is registered. */
  row?: number
}
/** A household that is registered, or one that this file brings. */
type Group = {
  id?: Id
  place: Place
  members: Known[]
  bringing: { row: number; entry: PersonEntry; tags: readonly Tag[]; otherPhones: readonly string[]; use: RosterRow['use'] }[]
}
type Place = { key: string; dwelling?: Id; grid: string | null; groups: Group[] }

const keyOf = (row: { compound: string; building: string; unit?: string | null | undefined; room: string }): string =>
  [row.compound, row.building, row.unit ?? '', row.room].map(tidy).join('\n')

/** A row of a roster; where the file itself says which rows are one household, `household` is that household's number in it. */
export type RosterEntry = RosterRow & { readonly household?: number }
type SentRow = Sent<RosterEntry>

/** Judges a roster; see `Planner`. Rows of one dwelling belong together, a row of a head begins a household. */
export async function planRoster(
  ctx: Ctx,
  rows: readonly SentRow[],
): Promise<Plan & { readonly dwellingOf: (row: RosterRow) => Id | undefined }> {
  const register = await readRegister(ctx)
  const grids = new Set(await gridsHere(ctx))
  const placing = new Map<string, RosterRow>()
  const current = new Map<string, Group>()
  const verdicts = rows.map((sent): Verdict => {
    const { entry } = sent
    const place = register.placeOf(entry)
    const wrongGrid = entry.grid ? gridComplaint(place, entry.grid, grids) : undefined
    if (wrongGrid) return refused(sent, RosterRow.shape.grid, 'grid', wrongGrid)
    if (!entry.name) {
      if (place.dwelling || placing.has(place.key)) return { outcome: 'unchanged' }
      placing.set(place.key, entry)
      return { outcome: 'new' }
    }
    const verdict = judge(ctx, register, current, place, sent)
    if (verdict.outcome === 'new' && !place.dwelling && !placing.has(place.key)) placing.set(place.key, entry)
    return verdict
  })
  return {
    verdicts,
    write: (tell) => write(ctx, register, placing, tell),
    dwellingOf: (row) => register.placeOf(row).dwelling,
  }
}

type Register = Awaited<ReturnType<typeof readRegister>>

function judge(ctx: Ctx, register: Register, current: Map<string, Group>, place: Place, sent: SentRow): Verdict {
  const { row, entry } = sent
  const person = completed(personOf(entry))
  const known: Omit<Known, 'household'> = {
    name: person.name,
    sex: person.sex ?? null,
    birthDate: person.birthDate ?? null,
    relation: person.relation,
    document: person.idNumber ? documentDigest(ctx, person.idNumber).toString('hex') : null,
    phone: person.phone ? phoneDigest(ctx, person.phone).toString('hex') : null,
    otherPhones: (entry.otherPhones ?? []).map((number) => phoneDigest(ctx, number).toString('hex')),
    homePlace: person.homePlace || null,
    employer: person.employer || null,
    tags: entry.tags ?? [],
  }
  const holder = known.document ? register.byDocument.get(known.document) : undefined
  if (holder && holder.household.place !== place) {
    return refused(
      sent,
      RosterRow.shape.idNumber,
      'idNumber',
      holder.row
        ? text(
            `与第 ${holder.row} 行相同，却在另一套房屋。请核对后只保留一行`,
            `The same as in row ${holder.row}, at another address. Check both and keep one`,
          )
        : holder.household.place.dwelling
          ? elsewhere
          : nowhere,
    )
  }
  const like = holder
    ? [holder]
    : place.groups.flatMap((g) => g.members).filter((m) => m.name === known.name && !contradicts(m, known))
  if (like.length > 1) {
    return refused(
      sent,
      RosterRow.shape.name,
      'name',
      text(
        '这套房屋里有几位同名居民，无法确定是哪一位。请填写出生日期或证件号码',
        'Several persons of this name live here. Enter birth date or document number',
      ),
    )
  }
  const [match] = like
  if (match) {
    if (known.relation === 'head' || entry.household !== undefined) current.set(groupKey(place, entry), match.household)
    const verdict = compared(sent, match, known)
    return verdict.outcome === 'unchanged' ? furtherPhones(register, sent, match, known) : verdict
  }
  const group = groupFor(current, place, entry, known.relation === 'head')
  const mine: Known = { ...known, household: group, row }
  group.members.push(mine)
  if (known.document) register.byDocument.set(known.document, mine)
  const otherPhones = [...new Set(entry.otherPhones ?? [])].filter((number) => number !== person.phone)
  group.bringing.push({ row, entry: person, tags: known.tags, otherPhones, use: entry.use })
  return { outcome: 'new' }
}

const elsewhere = text(
  '已登记在另一户。若已搬迁，请在原档案里办理成员变动',
  'Registered in another household already. If the person has moved, move the dossier',
)
const nowhere = text(
  '此人已有档案，但不在本社区的任何一户。请打开档案办理成员变动，转入这一户',
  'This person has a dossier but belongs to no household here. Open it and move the person into this household',
)

const groupKey = (place: Place, { household }: RosterEntry): string => (household === undefined ? place.key : `#${household}`)

/**
 * The household to which a new member belongs: a head begins one, unless one without a head is there; others follow the last head.
 * Where the file numbers its households, its number decides; a first row without a head joins the only household that is registered there.
 */
function groupFor(current: Map<string, Group>, place: Place, entry: RosterEntry, head: boolean): Group {
  const key = groupKey(place, entry)
  const begun = current.get(key)
  const open = place.groups.filter((g) => !g.members.some((m) => m.relation === 'head'))
  const followed = entry.household === undefined ? place.groups : place.groups.filter((g) => g.id !== undefined)
  const found =
    entry.household !== undefined && begun
      ? begun
      : head
        ? open.length === 1 && (entry.household === undefined || open[0]!.id)
          ? open[0]
          : undefined
        : (begun ?? (followed.length === 1 ? followed[0] : entry.household === undefined ? open[0] : undefined))
  const group = found ?? { place, members: [], bringing: [] }
  if (!found) place.groups.push(group)
  current.set(key, group)
  return group
}

const contradicts = (
  a: Pick<Known, 'sex' | 'birthDate' | 'document'>,
  b: Pick<Known, 'sex' | 'birthDate' | 'document'>,
): boolean => (['sex', 'birthDate', 'document'] as const).some((key) => a[key] !== null && b[key] !== null && a[key] !== b[key])

const compare = {
  name: 'name',
  sex: 'sex',
  birthDate: 'birthDate',
  document: 'idNumber',
  phone: 'phone',
  relation: 'relation',
  homePlace: 'homePlace',
  employer: 'employer',
} as const satisfies Partial<Record<keyof Known, keyof typeof RosterRow.shape>>

const numbersOf = ({ phone, otherPhones }: Pick<Known, 'phone' | 'otherPhones'>): string[] => [
  ...(phone ? [phone] : []),
  ...otherPhones,
]

/** Whether a row that names numbers names one of the person's. */
const samePhone = (known: Known, said: Omit<Known, 'household'>): boolean => {
  const mine = numbersOf(known)
  return numbersOf(said).some((digest) => mine.includes(digest))
}

const addsPhones = text(
  '此人已登记，表里的新号码会加为其他电话',
  'Registered already; the new number of the list is added as a further phone',
)

/** A row of somebody known whose numbers are partly known adds the others, as a list of tenants adds a landlord. */
function furtherPhones(register: Register, sent: SentRow, match: Known, said: Omit<Known, 'household'>): Verdict {
  const { entry } = sent
  const written = [...(entry.phone ? [dialled(entry.phone)] : []), ...(entry.otherPhones ?? [])]
  const known = new Set(numbersOf(match))
  const fresh = numbersOf(said).flatMap((digest, i) => (known.has(digest) ? [] : [{ digest, number: written[i]! }]))
  if (fresh.length === 0 || !match.person) return { outcome: 'unchanged' }
  match.otherPhones = [...match.otherPhones, ...fresh.map((one) => one.digest)]
  for (const { number } of fresh) register.phones.push({ person: match.person, number })
  return { outcome: 'new', remarks: [aboutRow(sent, addsPhones)] }
}

/** What the row says beside what is known: nothing else is unchanged, anything else is for the dossier, not for an import. */
function compared(row: SentRow, known: Known, said: Omit<Known, 'household'>): Verdict {
  const differs = (Object.keys(compare) as (keyof typeof compare)[]).filter(
    (key) => said[key] !== null && said[key] !== known[key] && !(key === 'phone' && samePhone(known, said)),
  )
  const heads = differs.map((key) => labelOf(RosterRow.shape[compare[key]], key))
  if (said.tags.some((tag) => !known.tags.includes(tag))) heads.push(labelOf(RosterRow.shape.tags, 'tags'))
  if (known.row !== undefined) {
    return whole(
      row,
      text(
        `与第 ${known.row} 行重复，请删去一行；若是两个人，请都填写出生日期或证件号码`,
        `The same as row ${known.row}: remove one; if they are two persons, enter birth date or document number of both`,
      ),
    )
  }
  if (!heads.length) return { outcome: 'unchanged' }
  const [zh, en] = [heads.map((h) => `“${h.zh}”`).join(''), heads.map((h) => h.en.toLowerCase()).join(', ')]
  return whole(
    row,
    text(
      `此人已登记，但${zh}与档案不同。导入不改动已有档案，请打开居民档案更正`,
      `Registered already, but ${en} differ from the dossier. An import changes no dossier: correct it there`,
    ),
  )
}

type Where = Pick<SentRow, 'row' | 'sheet'>
/** `第 12 行`; the sheet is named where the file has several. */
const rowWords = ({ row, sheet }: Where): Text =>
  sheet === undefined ? text(`第 ${row} 行`, `Row ${row}`) : text(`工作表“${sheet}”第 ${row} 行`, `Sheet “${sheet}”, row ${row}`)
const aboutRow = (where: Where, why: Text): Text => {
  const at = rowWords(where)
  return text(`${at.zh}：${why.zh}。`, `${at.en}: ${why.en}.`)
}
const whole = (where: Where, why: Text): Verdict => ({ outcome: 'refused', reasons: [aboutRow(where, why)] })
const refused = (where: Where, field: Parameters<typeof labelOf>[0], key: string, why: Text): Verdict => {
  const [at, head] = [rowWords(where), labelOf(field, key)]
  return { outcome: 'refused', reasons: [text(`${at.zh}“${head.zh}”：${why.zh}。`, `${at.en}, ${head.en}: ${why.en}.`)] }
}

/** A person of the roster as an entry. A number without a kind is that of an identity card: rosters seldom say so. */
function personOf({ name, relation, idType, ...about }: RosterRow): PersonEntry {
  const { sex, birthDate, idNumber, phone, homePlace, employer, note } = about
  return {
    name: name!,
    relation: relation!,
    idType: idNumber && idType === 'notRecorded' ? 'idCard' : idType,
    sex,
    birthDate,
    idNumber,
    phone,
    homePlace,
    employer,
    note,
  }
}

function gridComplaint(place: Place, grid: string, grids: ReadonlySet<string>): Text | undefined {
  if (!grids.has(grid)) {
    return text(
      '不是本社区的网格。请在“区域与房屋”里核对编码，或先添加这个网格',
      'No grid of this community. Check the code under Areas and houses, or add the grid first',
    )
  }
  if (!place.grid || place.grid === grid) return undefined
  return text(
    '这套房屋已划入另一个网格。请先在“区域与房屋”里调整，或把这一格留空',
    'This dwelling is in another grid. Change that first, or leave this cell empty',
  )
}

async function gridsHere(ctx: Ctx): Promise<string[]> {
  const { rows } = await sql<{ code: string }>`select area_code as code from territory_areas
    where area_code >= ${ctx.community} and area_code < ${`${ctx.community}~`}`.execute(ctx.tx)
  return rows.map((r) => r.code).filter((code) => areaLevel(code) === 'grid')
}

type PersonKept = Omit<Known, 'household' | 'tags' | 'person'> & { household: Id; person: Id; dwelling: Id; tags: Tag[] }

/** Everything that is registered in the community, by place and by document. */
async function readRegister(ctx: Ctx) {
  const { community } = ctx
  const places = new Map<string, Place>()
  const byDwelling = new Map<Id, Place>()
  const byDocument = new Map<string, Known>()
  const dwellings = await sql<{
    compound: string
    building: string
    unit: string | null
    room: string
    dwelling: Id
    grid: string | null
  }>`
    select a.compound, a.building, a.unit, a.room, a.dwelling, g.grid from ${dwellingAddresses(community)} as a
    left join lateral ${gridBeside('a.dwelling', 'a.community')} as g on true`.execute(ctx.tx)
  for (const row of dwellings.rows) {
    const place: Place = { key: keyOf(row), dwelling: row.dwelling, grid: row.grid, groups: [] }
    places.set(place.key, place)
    byDwelling.set(row.dwelling, place)
  }
  const groups = new Map<Id, Group>()
  const people = await sql<PersonKept>`
    select h.household, h.dwelling, h.person, h.relation, p.name, p.sex, p.birth_date, encode(p.id_digest, 'hex') as document,
      encode(p.phone_digest, 'hex') as phone, coalesce(f.phones, '{}') as other_phones, p.home_place, p.employer, coalesce(t.tags, '{}') as tags
    from ${peopleAt({ community })} as h
    join residents_persons as p on p.community = h.community and p.id = h.record
    left join (select t.person, array_agg(t.tag) as tags from residents_tags as t
      where t.community = ${community} and ${standing('residents_tags', 't')} group by t.person) as t on t.person = h.person
    left join (select f.person, array_agg(encode(f.phone_digest, 'hex')) as phones from residents_phones as f
      where f.community = ${community} and ${standing('residents_phones', 'f')} group by f.person) as f on f.person = h.person`.execute(
    ctx.tx,
  )
  for (const { household, dwelling, ...person } of people.rows) {
    const place = byDwelling.get(dwelling)!
    const group = groups.get(household) ?? { id: household, place, members: [], bringing: [] }
    if (!groups.has(household)) {
      groups.set(household, group)
      place.groups.push(group)
    }
    const known: Known = { ...person, household: group }
    group.members.push(known)
    if (known.document) byDocument.set(known.document, known)
  }
  await rememberLeft(ctx, byDocument)
  return {
    byDocument,
    /** Numbers that registered persons get beside those they have. */
    phones: [] as { person: Id; number: string }[],
    /** Households that get members, in the order of the file. */
    bringing: (): Group[] => [...places.values()].flatMap((place) => place.groups).filter((g) => g.bringing.length > 0),
    placeOf: (row: RosterRow): Place => {
      const key = keyOf(row)
      const place = places.get(key) ?? { key, grid: null, groups: [] }
      places.set(key, place)
      return place
    },
  }
}

/** Whoever is registered but lives nowhere here keeps the number all the same: the dossier is taken up again, not doubled. */
async function rememberLeft(ctx: Ctx, byDocument: Map<string, Known>): Promise<void> {
  const nowhere: Group = { place: { key: '', grid: null, groups: [] }, members: [], bringing: [] }
  const silent = {
    relation: 'other',
    sex: null,
    birthDate: null,
    phone: null,
    otherPhones: [],
    homePlace: null,
    employer: null,
    tags: [],
  }
  const { rows } = await sql<{ document: string; name: string }>`
    select encode(p.id_digest, 'hex') as document, p.name from residents_persons as p
    where p.community = ${ctx.community} and p.id_digest is not null and ${standing('residents_persons', 'p')}`.execute(ctx.tx)
  for (const { document, name } of rows) {
    if (!byDocument.has(document)) byDocument.set(document, { ...silent, household: nowhere, name, document })
  }
}

const tenureOf: Record<RosterRow['use'], Tenure | null> = { owner: 'owner', rental: 'tenant', vacant: null }

/** Dwellings first, then households with their members, each found or made. */
async function write(
  ctx: Ctx,
  register: Register,
  placing: ReadonlyMap<string, RosterRow>,
  tell: (done: number) => Promise<void>,
): Promise<void> {
  const entries = [...placing.values()]
  const ids = await placeDwellings(ctx, entries)
  for (const [i, entry] of entries.entries()) register.placeOf(entry).dwelling = ids[i]!
  const groups = register.bringing()
  await bulkLoad(
    ctx,
    groups.map((group): BulkHousehold => ({
      ...(group.id ? { existing: group.id } : {}),
      dwelling: group.place.dwelling!,
      tenure: tenureOf[group.bringing[0]!.use],
      members: group.bringing.map(({ entry, tags, otherPhones }) => ({ ...entry, tags, otherPhones })),
    })),
    'import',
    { tell },
  )
  await insertMany(
    ctx.tx,
    'residents_phones',
    register.phones.map(({ person, number }) => phoneRow(ctx, 'import', person, number)),
  )
}
