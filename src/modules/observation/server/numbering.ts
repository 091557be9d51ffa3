// Numbers of notices: counted in the year of the community, worded as its rules say, no number twice and none left out.
import { sql } from 'kysely'
import { dayOf, instantOf } from '#core/dates.ts'
import type { Ctx } from '#server/house.ts'
import { policy } from '#modules/policy/server.ts'
import type { Order } from '../model.ts'
import { noticeNumbering, numberedBy, numbering } from '../notices.ts'

type NoticeNumber = Pick<Order, 'noticeNumber' | 'noticeYear' | 'noticeSerial'>
type ReleaseNumber = Pick<Order, 'releaseNumber' | 'releaseYear' | 'releaseSerial'>

const kinds = {
  notice: { rule: noticeNumbering, year: 'notice_year', serial: 'notice_serial' },
  release: { rule: numbering, year: 'release_year', serial: 'release_serial' },
} as const

/**
 * The next numbers of one kind: the answer counts on from the last. Taken under a lock until the transaction ends, so that none is given
 * twice and none is left out, whoever else signs meanwhile.
 */
async function nextOf(ctx: Ctx, kind: keyof typeof kinds): Promise<() => { number: string; year: number; serial: number }> {
  const { rule, year: yearColumn, serial: serialColumn } = kinds[kind]
  const year = Number(dayOf(ctx.now).slice(0, 4))
  const { value: pattern } = await policy(ctx.tx, rule, ctx.community, instantOf(ctx.now))
  await sql`select pg_advisory_xact_lock(hashtextextended(${`observation.${kind} ${ctx.community}`}, 0))`.execute(ctx.tx)
  const {
    rows: [row],
  } = await sql<{ last: number }>`
    select coalesce(max(${sql.ref(serialColumn)}), 0)::int as last from observation_orders
    where community = ${ctx.community} and ${sql.ref(yearColumn)} = ${year}`.execute(ctx.tx)
  let serial = row!.last
  return () => ({ year, serial: ++serial, number: numberedBy(pattern, year, serial) })
}

export async function nextNotices(ctx: Ctx): Promise<() => NoticeNumber> {
  const next = await nextOf(ctx, 'notice')
  return () => {
    const { number, year, serial } = next()
    return { noticeNumber: number, noticeYear: year, noticeSerial: serial }
  }
}

export async function nextReleases(ctx: Ctx): Promise<() => ReleaseNumber> {
  const next = await nextOf(ctx, 'release')
  return () => {
    const { number, year, serial } = next()
    return { releaseNumber: number, releaseYear: year, releaseSerial: serial }
  }
}
