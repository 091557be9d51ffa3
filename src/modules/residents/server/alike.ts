// Who in the register could be the person that somebody is typing: by document, telephone, sound of the name, the household.
import { sql, type RawBuilder } from 'kysely'
import { dayOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import type { Text } from '#core/text.ts'
import { lastLink, standing } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import { reached } from '#server/scope.ts'
import { spelled } from '../documents.ts'
import { compareBirths, readBirth } from '../matching/births.ts'
import { bitsOf, wordsOf } from '../matching/fields.ts'
import { compareNames, readForm, type NameForm } from '../matching/names.ts'
import { dialled, type PersonLine } from '../model.ts'
import { documentDigest, phoneDigest } from './entering.ts'
import { lineOf, type Member } from './finding.ts'
import { otherPhonesSql } from './phones.ts'
import { spell } from './spelling.ts'
import { householdLabels, startsWith } from './standing.ts'

/** What is typed so far; half a number finds nobody. */
export type Typed = {
  readonly name?: string | undefined
  readonly phone?: string | undefined
  readonly idNumber?: string | undefined
  readonly birthDate?: string | undefined
  readonly sex?: 'male' | 'female' | undefined
  readonly household?: Id | undefined
}
export type Alike = PersonLine & { address: string; grid: string | null; reasons: Text[] }

/** A page never shows more: whoever is not among them is found by searching. */
const shown = 5
/** Entries that are compared; among more namesakes the telephone or the place must help. */
const looked = 300
/** Entries of which home and reach are read. */
const kept = 60
/** Bits below which two people merely have something in common. */
const telling = 4
/** Another name is another person, a relative at most, unless the document says else. */
const otherNames = new Set([
  'oneSign',
  'surnameOnly',
  'givenOnly',
  'other',
  'partOther',
  'givenOther',
  'calledElse',
  'initialsOther',
])

/** Persons within reach who may be the same, the likeliest first, each with the reasons in words. */
export async function alikePersons(ctx: Ctx, typed: Typed): Promise<Alike[]> {
  const likely = await likelyEntries(ctx, typed)
  if (likely.size === 0) return []
  const { rows } = await sql<Member>`
    select p.*, m.household, m.relation, '{}'::text[] as tags, ${otherPhonesSql(sql.ref('p.community'), sql.ref('p.root'))} as other_phones
    from residents_persons as p
    left join lateral ${lastLink('residents_memberships', 'p.root', 'p.community')} as m on true
    left join lateral ${lastLink('residents_occupancies', 'm.household', 'p.community')} as o on true
    left join lateral ${lastLink('territory_dwelling_grids', 'o.dwelling', 'p.community')} as g on true
    where p.community = ${ctx.community} and p.id = any(${[...likely.keys()]}::uuid[]) and ${standing('residents_persons', 'p')}
      and ${reached(ctx, 'g.grid')}`.execute(ctx.tx)
  const best = rows
    .map((row) => ({ row, ...withHome(likely.get(row.id)!, typed.household !== undefined && typed.household === row.household) }))
    .sort((a, b) => b.bits - a.bits || (a.row.root < b.row.root ? -1 : 1))
    .slice(0, shown)
  const labels = await householdLabels(
    ctx.tx,
    best.flatMap(({ row }) => row.household ?? []),
  )
  return best.map(({ row, reasons }) => {
    const label = row.household ? labels.get(row.household) : undefined
    return { ...lineOf(ctx, row), address: label?.address ?? '—', grid: label?.grid ?? null, reasons }
  })
}

type Entry = {
  id: Id
  name: string
  sex: string | null
  birthDate: string | null
  phoneFits: boolean
  documentFits: boolean
  documented: boolean
}
type Weighed = { readonly bits: number; readonly reasons: Text[] }

const withHome = ({ bits, reasons }: Weighed, home: boolean): Weighed =>
  home ? { bits: bits + bitsOf('place', 'dwelling'), reasons: [...reasons, wordsOf('place', 'dwelling')] } : { bits, reasons }

/** Entries by id that weigh enough, wherever they live: nothing but the entry itself is read for this. */
async function likelyEntries(ctx: Ctx, typed: Typed): Promise<Map<Id, Weighed>> {
  const tries = triesFor(ctx, typed)
  if (tries.length === 0) return new Map()
  const { rows } = await sql<Entry>`
    select p.id, p.name, p.sex, p.birth_date, p.id_digest is not null as documented, p.id in (${having(ctx, typed.phone)}) as phone_fits,
      coalesce(p.id_digest = ${documentOf(ctx, typed.idNumber)}, false) as document_fits
    from residents_persons as p where p.community = ${ctx.community} and p.id in (${sql.join(tries, sql` union all `)})`.execute(
    ctx.tx,
  )
  const name = typed.name ? readForm(typed.name) : undefined
  const today = dayOf(ctx.now)
  const weighed = rows.map((row) => [row.id, weigh(row, typed, name, today)] as const)
  return new Map(
    weighed
      .filter(([, { bits }]) => bits >= telling)
      .sort(([, a], [, b]) => b.bits - a.bits)
      .slice(0, kept),
  )
}

function weigh(row: Entry, typed: Typed, name: NameForm | undefined, today: string): Weighed {
  const named = compareNames(name, readForm(row.name))
  if (otherNames.has(named) && !row.documentFits) return { bits: -Infinity, reasons: [] }
  const told: [field: 'name' | 'birth' | 'sex' | 'phone' | 'id', level: string][] = [['name', named]]
  if (typed.birthDate && row.birthDate)
    told.push(['birth', compareBirths(readBirth(typed.birthDate, today), readBirth(String(row.birthDate), today))])
  if (typed.sex && row.sex) told.push(['sex', typed.sex === row.sex ? 'same' : 'other'])
  if (row.phoneFits) told.push(['phone', 'same'])
  if (typed.idNumber && row.documented) told.push(['id', row.documentFits ? 'same' : 'other'])
  const parts = told
    .filter(([, level]) => level !== 'unknown')
    .map(([field, level]) => ({ bits: bitsOf(field, level), say: wordsOf(field, level) }))
  return {
    bits: parts.reduce((sum, { bits }) => sum + bits, 0),
    reasons: parts
      .filter(({ bits }) => bits > 0)
      .sort((a, b) => b.bits - a.bits)
      .map(({ say }) => say),
  }
}

/** Each way to find somebody in an index of its own. */
function triesFor(ctx: Ctx, typed: Typed): RawBuilder<unknown>[] {
  const entries = (condition: RawBuilder<unknown>) =>
    sql`(select c.id from residents_persons as c where c.community = ${ctx.community} and ${condition} limit ${looked})`
  const tries: RawBuilder<unknown>[] = []
  const document = documentOf(ctx, typed.idNumber)
  if (document) tries.push(entries(sql`c.id_digest = ${document}`))
  if (numberOf(typed.phone)) tries.push(having(ctx, typed.phone))
  const form = typed.name ? readForm(typed.name) : undefined
  if (form && (form.kind === 'full' || form.kind === 'sound') && form.sounds.length > 1) {
    if (form.kind === 'full') tries.push(entries(sql`c.name = ${typed.name!.trim()}`))
    const { pinyin, initials } =
      form.kind === 'full'
        ? spell(form.text)
        : { pinyin: form.sounds.join(''), initials: form.sounds.map((sound) => sound[0]).join('') }
    tries.push(entries(sql`c.pinyin = ${pinyin}`))
    for (const start of othersOf(initials))
      tries.push(entries(initials.length < 3 ? sql`c.initials = ${start}` : startsWith('c.initials', start)))
  }
  return tries
}

/** Initials that a dialect hears instead: n for l, h for f, r for l. */
function othersOf(initials: string): string[] {
  const alike: Record<string, string> = { n: 'nl', l: 'nlr', r: 'rl', h: 'hfw', f: 'fh', w: 'wh' }
  return [...initials]
    .slice(0, 3)
    .reduce<string[]>((starts, sign) => starts.flatMap((start) => [...(alike[sign] ?? sign)].map((other) => start + other)), [''])
    .slice(0, 12)
}

const numberOf = (phone: string | undefined): string | undefined => {
  const number = phone ? dialled(phone) : ''
  return /^\+?\d{7,15}$/.test(number) ? number : undefined
}
const documentOf = (ctx: Ctx, number: string | undefined): Buffer | null => {
  const plain = number ? spelled('idCard', number) : ''
  return /^[A-Z0-9]{5,20}$/.test(plain) ? documentDigest(ctx, plain) : null
}
/** Entries that have the number as their first or a further one. */
function having(ctx: Ctx, phone: string | undefined): RawBuilder<unknown> {
  const number = numberOf(phone)
  if (!number) return sql`select null::uuid`
  const digest = phoneDigest(ctx, number)
  return sql`select c.id from residents_persons as c where c.community = ${ctx.community} and c.phone_digest = ${digest}
    union all select c.id from residents_phones as f join residents_persons as c on c.community = f.community and c.root = f.person
    where f.community = ${ctx.community} and f.phone_digest = ${digest} and ${standing('residents_phones', 'f')}`
}
