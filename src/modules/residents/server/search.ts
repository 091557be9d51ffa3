// Finding people by what somebody remembers: a name, its sound, the end of a phone, a room, a whole number. Ranges only, never LIKE.
import { sql, type RawBuilder } from 'kysely'
import { fromCursor, toCursor } from '#core/paging.ts'
import type { Id } from '#core/ids.ts'
import { lastLink, standing } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import { reached } from '#server/scope.ts'
import { positionOf, tidy } from '#modules/territory/sorting.ts'
import { spelled } from '../documents.ts'
import { dialled, type PersonLine } from '../model.ts'
import { documentDigest, phoneDigest } from './entering.ts'
import { lineOf, type Member } from './finding.ts'
import { otherPhonesSql } from './phones.ts'
import { householdLabels, membersOf, startsWith } from './standing.ts'

export type Found = PersonLine & { address: string; grid: string | null }

/** Persons whom the words may mean, within reach: whole syllables before parts of one, then by name. */
export async function searchPersons(
  ctx: Ctx,
  { words, after, limit }: { words: string; after?: string | undefined; limit: number },
) {
  const last = fromCursor(after, 1)?.[0]
  const part = partOf(words)
  const { rows } = await sql<Member>`
    select p.*, m.household, m.relation, (select coalesce(array_agg(distinct t.tag), '{}') from residents_tags as t
      where t.community = p.community and t.person = p.root and ${standing('residents_tags', 't')}) as tags,
      ${otherPhonesSql(sql.ref('p.community'), sql.ref('p.root'))} as other_phones
    from residents_persons as p
    left join lateral ${lastLink('residents_memberships', 'p.root', 'p.community')} as m on true
    left join lateral ${lastLink('residents_occupancies', 'm.household', 'p.community')} as o on true
    left join lateral ${lastLink('territory_dwelling_grids', 'o.dwelling', 'p.community')} as g on true
    where p.community = ${ctx.community} and ${standing('residents_persons', 'p')} and p.id in (${meant(ctx, words)})
      and ${reached(ctx, 'g.grid')}
      and ${
        last
          ? sql`(${part('p')}, p.name, p.root) > (select ${part('l')}, l.name, l.root from residents_persons as l
        where l.community = ${ctx.community} and l.root = ${last} and ${standing('residents_persons', 'l')})`
          : sql`true`
      }
    order by ${part('p')}, p.name, p.root limit ${limit + 1}`.execute(ctx.tx)
  const page = rows.slice(0, limit)
  const labels = await householdLabels(
    ctx.tx,
    page.flatMap((r) => r.household ?? []),
  )
  return {
    rows: page.map((row): Found => {
      const label = row.household ? labels.get(row.household as Id) : undefined
      return { ...lineOf(ctx, row), address: label?.address ?? '—', grid: label?.grid ?? null }
    }),
    next: rows.length > limit ? toCursor([page.at(-1)!.root]) : null,
    total: null,
  }
}

/** How words sound when they are typed as pinyin. */
const soundOf = (plain: string): string =>
  plain
    .toLowerCase()
    .replaceAll(/[\s'’]/g, '')
    .replaceAll('ü', 'v')

/** What begins the next syllable after a whole one. */
const syllable = '^($|(zh|ch|sh|[bpmfdtnlgkhjqxzcsryw])[aeiouv])'

/** Whether only a part of a syllable was typed: `chen` is all of 陈, but a part of 程. */
function partOf(words: string): (alias: string) => RawBuilder<boolean> {
  const sound = soundOf(words.normalize('NFKC').trim())
  if (!/^[a-z]+$/.test(sound)) return () => sql`false::boolean`
  return (alias) => {
    const [pinyin, initials] = [sql.ref(`${alias}.pinyin`), sql.ref(`${alias}.initials`)]
    return sql`not (${initials} = ${sound} or (starts_with(${pinyin}, ${sound}) and substr(${pinyin}, ${sound.length + 1}::int) ~ ${syllable}))`
  }
}

/** Entries that the words can mean: each meaning is looked up in its own index, and all are joined. */
function meant(ctx: Ctx, words: string): RawBuilder<unknown> {
  const plain = words.normalize('NFKC').trim()
  const entries = (condition: RawBuilder<unknown>) =>
    sql`select c.id from residents_persons as c where c.community = ${ctx.community} and ${condition}`
  const having = (condition: RawBuilder<unknown>) => sql`select c.id from residents_phones as f
    join residents_persons as c on c.community = f.community and c.root = f.person
    where f.community = ${ctx.community} and ${condition} and ${standing('residents_phones', 'f')}`
  const tries: RawBuilder<unknown>[] = []
  const sound = soundOf(plain)
  if (/^[a-z]+$/.test(sound)) tries.push(entries(startsWith('c.pinyin', sound)), entries(startsWith('c.initials', sound)))
  if (/^\d{1,4}$/.test(plain)) tries.push(entries(startsWith('c.phone_tail', plain)), having(startsWith('f.phone_tail', plain)))
  const number = dialled(plain)
  if (/^\+?\d{7,15}$/.test(number)) {
    const digest = phoneDigest(ctx, number)
    tries.push(entries(sql`c.phone_digest = ${digest}`), having(sql`f.phone_digest = ${digest}`))
  }
  if (/^[A-Za-z0-9]{5,20}$/.test(plain)) {
    const spellings = new Set([spelled('idCard', plain), spelled('passport', plain)])
    for (const value of spellings) tries.push(entries(sql`c.id_digest = ${documentDigest(ctx, value)}`))
  }
  const place = placeOf(plain)
  if (place) tries.push(livingIn(ctx, place))
  if (!/^[\d-]+$/.test(plain)) tries.push(entries(startsWith('c.name', plain)))
  return tries.length ? sql.join(tries, sql` union all `) : sql`select null::uuid`
}

type Place = { building?: string; unit?: string; room: string }

/** `402`, `3-402`, `3-1-402`, `3号楼 402`: the last part is the room. Words without any digit are no place. */
function placeOf(words: string): Place | undefined {
  const parts = words.split(/[\s\-—/]+/).filter(Boolean)
  const room = parts.at(-1)?.replace(/室$/, '')
  if (!room || !/\d/.test(room) || room.length > 8 || parts.length > 3) return undefined
  const [building, unit] = [parts.length > 1 ? parts[0] : undefined, parts.length > 2 ? parts[1] : undefined]
  return { room, ...(building ? { building } : {}), ...(unit ? { unit } : {}) }
}

/** Buildings and units are told by their place among their neighbours, so that 3 finds 3号楼 and 三幢. */
const livingIn = (ctx: Ctx, { building, unit, room }: Place) => sql`
  select c.id from territory_dwellings as d
  join territory_buildings as b on b.community = d.community and b.id = d.building
  left join territory_units as u on u.community = d.community and u.id = d.unit
  join residents_occupancies as o on o.community = d.community and o.dwelling = d.id
  cross join lateral ${membersOf(sql.ref('o.community'), sql.ref('o.subject'))} as m
  join residents_persons as c on c.community = m.community and c.root = m.subject
  where d.community = ${ctx.community} and ${startsWith('d.room', tidy(room))}
    and ${building ? sql`b.position = ${positionOf(building)}` : sql`true`}
    and ${unit ? sql`u.position = ${positionOf(unit)}` : sql`true`}
    and not exists (select from residents_occupancies as later where later.community = o.community and later.subject = o.subject
      and (later.since, later.generation, later.xid, later.seq) > (o.since, o.generation, o.xid, o.seq))`
