// What residents find wrong in what is kept about them. Registers are corrected where they are kept; here stands who asked and what became of it.
import { sql } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import { instantOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { fromCursor, pageFrom } from '#core/paging.ts'
import { text } from '#core/text.ts'
import type { Ctx } from '#server/house.ts'
import { notify } from '#modules/identity/news.ts'
import { householdLabels, personNames } from '#modules/residents/server.ts'
import type * as api from '../api.ts'
import { canCorrect, say, type Correction, type View } from '../model.ts'
import { of } from './tables.ts'

export async function askCorrection(ctx: Ctx, view: View, person: Id, words: string): Promise<void> {
  await of(ctx.tx)
    .insertInto('familyCorrections')
    .values({
      community: ctx.community,
      id: ctx.id,
      person,
      household: view.household,
      grid: view.grid,
      view: view.id,
      words,
      askedAt: instantOf(ctx.now),
      state: 'asked',
      answer: null,
      answeredBy: null,
      answeredAt: null,
    })
    .execute()
  await notify(ctx, {
    topic: 'waiting',
    path: '/family?tab=corrections',
    to: { roles: ['communitySecretary', 'communityStaff'], area: ctx.community },
    title: text('有 1 条居民资料更正申请', '1 resident asks for a correction'),
  })
}

async function linesOf(ctx: Ctx, rows: readonly Correction[]): Promise<api.CorrectionLine[]> {
  const names = await personNames(
    ctx.tx,
    rows.map((r) => r.person),
  )
  const labels = await householdLabels(
    ctx.tx,
    rows.flatMap((r) => r.household ?? []),
  )
  return rows.map(({ id, person, household, words, askedAt, state, answer, answeredAt }) => ({
    id,
    person,
    words,
    askedAt,
    state,
    answer,
    answeredAt,
    name: names.get(person) ?? null,
    address: (household && labels.get(household)?.address) || null,
  }))
}

export async function listCorrections(ctx: Ctx, { state, after, limit }: Parsed<typeof api.corrections>) {
  const here = sql`from family_corrections x where x.community = ${ctx.community} and ${state ? sql`x.state = ${state}` : sql`true`}`
  const last = fromCursor(after, 2)
  const {
    rows: [count],
  } = await sql<{ n: number }>`select count(*)::int as n ${here}`.execute(ctx.tx)
  const { rows } = await sql<Correction>`select x.* ${here}
    and ${last ? sql`(x.asked_at, x.id) < (${last[0]}::timestamptz, ${last[1]}::uuid)` : sql`true`}
    order by x.asked_at desc, x.id desc limit ${limit + 1}`.execute(ctx.tx)
  const page = pageFrom(rows, limit, count!.n, (r) => [r.askedAt, r.id])
  return { ...page, rows: await linesOf(ctx, page.rows) }
}

export async function showCorrection(ctx: Ctx, id: Id, hold = false): Promise<api.CorrectionLine> {
  let asked = of(ctx.tx).selectFrom('familyCorrections').selectAll().where('community', '=', ctx.community).where('id', '=', id)
  if (hold) asked = asked.forUpdate()
  const [line] = await linesOf(ctx, (await asked.execute()) as Correction[])
  if (!line) throw say.unknownCorrection()
  return line
}

export async function answerCorrection(ctx: Ctx, { correction, corrected, answer }: Parsed<typeof api.answerCorrection>) {
  const move = corrected ? canCorrect.correct : canCorrect.decline
  if (!move(await showCorrection(ctx, correction, true))) throw say.wrongState()
  await of(ctx.tx)
    .updateTable('familyCorrections')
    .set({
      state: move.to,
      answer,
      answeredBy: ctx.who.account,
      answeredAt: instantOf(ctx.now),
    })
    .where('community', '=', ctx.community)
    .where('id', '=', correction)
    .execute()
  return showCorrection(ctx, correction)
}
