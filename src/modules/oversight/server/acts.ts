// Acts and looks as lists: which lie outside the work, and why, said by the rules and by what others know of dealings.
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import { addDays, dayOf, instantAt, instantOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { fromCursor, pageFrom } from '#core/paging.ts'
import { text, type Text } from '#core/text.ts'
import { dealings } from '#server/audit.ts'
import { lastLink } from '#server/facts.ts'
import { answer, type Ctx, type Handled } from '#server/house.ts'
import { namesOf, placesOf } from '#server/names.ts'
import { Role } from '#modules/identity/model.ts'
import { policy } from '#modules/policy/server.ts'
import { personNames } from '#modules/residents/server.ts'
import { gridBeside } from '#modules/territory/server.ts'
import * as api from '../api.ts'
import { dealingDays, workHours, type Outcome, type Reason } from '../model.ts'

/** One act as the log keeps it, with how many persons it showed and why it is listed. */
export type Row = {
  id: Id
  community: string
  at: string
  account: Id
  role: string
  area: string
  contract: string
  outcome: Outcome
  problem: string | null
  shown: number | null
  purpose: string | null
  persons: number
  reasons: Reason[]
}
type Asked = Parsed<typeof api.acts>
/** What narrows the list, without its page. */
type Sought = Omit<Asked, 'after' | 'limit'>

/** A week back from today, where nobody says otherwise. */
const usualSpan = 6

/** A secretary sees what the posts of the own community did; auditors and the levels above are not hers to watch. */
const mine = (ctx: Ctx): RawBuilder<SqlBool> =>
  ctx.role === 'communitySecretary'
    ? sql<SqlBool>`a.area collate "C" >= ${ctx.area} and a.area collate "C" < ${`${ctx.area}~`} and a.role <> 'auditor'`
    : sql<SqlBool>`true`

const filtered = (ctx: Ctx, { account, contract, outcome, role, area, from, to }: Sought): RawBuilder<SqlBool> => sql<SqlBool>`
  ${mine(ctx)} and a.at >= ${instantAt(from ?? addDays(dayOf(ctx.now), -usualSpan))}::timestamptz
  and ${to ? sql`a.at < ${instantAt(addDays(to, 1))}::timestamptz` : sql`true`}
  and ${account ? sql`a.account = ${account}` : sql`true`} and ${contract ? sql`a.contract = ${contract}` : sql`true`}
  and ${outcome ? sql`a.outcome = ${outcome}` : sql`true`} and ${role ? sql`a.role = ${role}` : sql`true`}
  and ${area ? sql`a.area collate "C" >= ${area} and a.area collate "C" < ${`${area}~`}` : sql`true`}`

/** Whether the account recorded anything about the person around the look, as any module knows. */
function dealt(ctx: Ctx, days: number): RawBuilder<SqlBool> {
  const asked = {
    community: sql`k.community`,
    person: sql`k.person`,
    account: sql`a.account`,
    from: sql`k.at - make_interval(days => ${days}::int)`,
    to: sql`k.at + make_interval(days => ${days}::int)`,
  }
  const known = ctx.house.offered(dealings).map((of) => of(asked))
  return known.length ? sql<SqlBool>`(${sql.join(known, sql` or `)})` : sql<SqlBool>`true`
}

/** For each act beside it (`a`): how many persons it showed, how many of them without a dealing or outside the account's area. */
const peopleSeen = (ctx: Ctx, days: number) => sql`(
  select count(*)::int as persons, (count(*) filter (where not ${dealt(ctx, days)}))::int as strangers,
    (count(*) filter (where g.grid is not null
      and case when r.answers then not r.near else length(a.area) > 12 and not starts_with(g.grid, a.area) end))::int as outside
  from audit_looks as k
  left join lateral ${lastLink('residents_memberships', 'k.person', 'k.community')} as m on true
  left join lateral ${lastLink('residents_occupancies', 'm.household', 'k.community')} as o on true
  left join lateral ${gridBeside('o.dwelling', 'k.community')} as g on true
  left join lateral (
    select count(*) > 0 as answers, bool_or(starts_with(g.grid, t.area_code)) as near from (
      select distinct on (area_code, duty) area_code, account from territory_responsibilities where since <= a.at
      order by area_code, duty, since desc, recorded_at desc) as t where t.account = a.account) as r on true
  where k.community = a.community and k.audit = a.id)`

/** Acts with the reasons for which they are listed first. Whoever answers a resident need have had no dealing with that person. */
async function judged(ctx: Ctx, among: RawBuilder<unknown>): Promise<RawBuilder<unknown>> {
  const at = instantOf(ctx.now)
  const { value: hours } = await policy(ctx.tx, workHours, ctx.area, at)
  const { value: days } = await policy(ctx.tx, dealingDays, ctx.area, at)
  const clock = sql`(a.at at time zone 'Asia/Shanghai')::time`
  const inside =
    hours.from <= hours.to
      ? sql`${clock} between ${hours.from}::time and ${hours.to}::time`
      : sql`(${clock} >= ${hours.from}::time or ${clock} <= ${hours.to}::time)`
  return sql`(select a.*, p.persons, array_remove(array[
      case when p.persons > 0 and not ${inside} then 'hours' end,
      case when p.outside > 0 then 'area' end,
      case when p.persons > 0 and p.strangers = p.persons and a.contract <> ${api.history.name} then 'noDealing' end], null) as reasons
    from ${among} as a left join lateral ${peopleSeen(ctx, days)} as p on true)`
}

const columns = sql`a.id, a.community, a.at, a.account, a.role, a.area, a.contract, a.outcome, a.problem, a.shown, a.purpose`

/** A table of the looks that lie outside the work, or for the one reason that is asked for. */
async function unusualActs(ctx: Ctx, input: Sought): Promise<RawBuilder<unknown>> {
  const looks = sql`(select ${columns} from audit_log as a where ${filtered(ctx, input)} and a.outcome = 'looked'
    and exists (select from audit_looks l where l.community = a.community and l.audit = a.id))`
  const wanted = input.reason ? sql`${input.reason} = any(a.reasons)` : sql`cardinality(a.reasons) > 0`
  return sql`(select * from ${await judged(ctx, looks)} as a where ${wanted})`
}

/** A table of all acts that an export asks for, and how many they are. */
export async function actsFound(ctx: Ctx, input: Sought): Promise<{ table: RawBuilder<unknown>; count: number }> {
  const plain = sql`(select ${columns} from audit_log as a where ${filtered(ctx, input)})`
  const found = input.unusual || input.reason ? await unusualActs(ctx, input) : undefined
  const {
    rows: [count],
  } = await sql<{ n: number }>`select count(*)::int as n from ${found ?? plain} as a`.execute(ctx.tx)
  return { table: found ?? (await judged(ctx, plain)), count: count!.n }
}

async function list(ctx: Ctx, input: Asked) {
  const key = fromCursor(input.after, 2)
  const before = key ? sql`(a.at, a.id) < (${key[0]}::timestamptz, ${key[1]}::uuid)` : sql`true`
  const where = filtered(ctx, input)
  if (input.unusual || input.reason) {
    const found = await unusualActs(ctx, input)
    const { rows } = await sql<
      Row & { n: number }
    >`select * from (select a.*, (count(*) over ())::int as n from ${found} as a) as a
      where ${before} order by a.at desc, a.id desc limit ${input.limit + 1}`.execute(ctx.tx)
    return page(ctx, rows, input.limit, rows[0]?.n ?? (key ? null : 0))
  }
  const {
    rows: [count],
  } = await sql<{ n: number }>`select count(*)::int as n from audit_log as a where ${where}`.execute(ctx.tx)
  const some = sql`(select ${columns} from audit_log as a where ${where} and ${before} order by a.at desc, a.id desc limit ${input.limit + 1})`
  const { rows } = await sql<Row>`select * from ${await judged(ctx, some)} as a order by a.at desc, a.id desc`.execute(ctx.tx)
  return page(ctx, rows, input.limit, count!.n)
}

async function page(ctx: Ctx, found: readonly Row[], limit: number, total: number | null) {
  const one = pageFrom(found, limit, total, (row) => [row.at, row.id])
  return { ...one, rows: await worded(ctx, one.rows) }
}

const system = text('系统', 'The house')
export const roleText = (role: string): Text => (role === 'system' ? system : choiceText(Role, role))
const itself = text('系统自动任务', 'A task of the house')
/** What was done, in words; of a ledger's steps, which all ledgers have, also in which ledger. */
export function wordsOf({ house }: Ctx, contract: string): Text {
  const own = house.titleOf(contract)
  const [ledger, step] = contract.split('.')
  const kept = ['record', 'correct', 'withdraw', 'history'].includes(step ?? '') ? house.titleOf(`${ledger}.list`) : undefined
  return own && kept ? text(`${kept.zh}：${own.zh}`, `${kept.en}: ${own.en.toLowerCase()}`) : (own ?? itself)
}

/** Rows with the words for account, place, role and deed. */
export async function worded<R extends Pick<Row, 'account' | 'area' | 'role' | 'contract'>>(ctx: Ctx, rows: readonly R[]) {
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    rows.map((r) => r.account),
  )
  const places = await placesOf(
    ctx.house,
    ctx.tx,
    rows.map((r) => r.area),
  )
  return rows.map((row) => ({
    ...row,
    accountName: names.get(row.account) ?? '—',
    areaName: places.get(row.area) ?? row.area,
    roleText: roleText(row.role),
    what: wordsOf(ctx, row.contract),
  }))
}

/** Who looked at one person, newest first. Everybody who looked stands in it: the person may know. */
async function history(ctx: Ctx, { after, limit, ...asked }: Parsed<typeof api.history>) {
  const key = fromCursor(after, 2)
  const { table, count } = await looksAt(ctx, asked)
  const { rows } = await sql<Row>`select * from ${table} as a
    where ${key ? sql`(a.at, a.id) < (${key[0]}::timestamptz, ${key[1]}::uuid)` : sql`true`}
    order by a.at desc, a.id desc limit ${limit + 1}`.execute(ctx.tx)
  return { ...(await page(ctx, rows, limit, count)), person: asked.person }
}

type OfPerson = Omit<Parsed<typeof api.history>, 'after' | 'limit'>

/** A table of the looks at one person, and how many they are. */
export async function looksAt(
  ctx: Ctx,
  { person, community, from, to }: OfPerson,
): Promise<{ table: RawBuilder<unknown>; count: number }> {
  const where = community ?? (ctx.area.length >= 12 ? ctx.community : undefined)
  if (community) ctx.at(community)
  const table = sql`(select ${columns} from audit_looks l join audit_log as a on a.community = l.community and a.id = l.audit
    where l.person = ${person} and ${where ? sql`l.community = ${where}` : sql`true`}
      and ${from ? sql`l.at >= ${instantAt(from)}::timestamptz` : sql`true`}
      and ${to ? sql`l.at < ${instantAt(addDays(to, 1))}::timestamptz` : sql`true`})`
  const {
    rows: [count],
  } = await sql<{ n: number }>`select count(*)::int as n from ${table} as a`.execute(ctx.tx)
  return { table, count: count!.n }
}

async function seen(ctx: Ctx, { act, community, after, limit }: Parsed<typeof api.seen>) {
  ctx.at(community)
  const [from] = fromCursor(after, 1) ?? []
  const of = sql`audit_looks as l join audit_log as a on a.community = l.community and a.id = l.audit
    where l.community = ${community} and l.audit = ${act} and ${mine(ctx)}`
  const {
    rows: [count],
  } = await sql<{ n: number }>`select count(*)::int as n from ${of}`.execute(ctx.tx)
  const { rows } = await sql<{ person: Id }>`select l.person from ${of} and ${from ? sql`l.person > ${from}::uuid` : sql`true`}
    order by l.person limit ${limit + 1}`.execute(ctx.tx)
  const one = pageFrom(
    rows.map((r) => r.person),
    limit,
    count!.n,
    (id) => [id],
  )
  const names = await personNames(ctx.tx, one.rows)
  return { ...one, rows: one.rows.map((id) => ({ id, community, name: names.get(id) ?? '—' })) }
}

export const actHandlers: readonly Handled[] = [
  answer(api.acts, (input, ctx) => list(ctx, input)),
  answer(api.seen, (input, ctx) => seen(ctx, input)),
  answer(api.history, (input, ctx) => history(ctx, input)),
]
