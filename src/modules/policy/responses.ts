// The response: proposed by one person, activated by another; extended, changed in level and ended in the same way; without one nothing restricts.
import { sql } from 'kysely'
import { dayOf, instantOf, type Day } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { wholePage } from '#core/paging.ts'
import { text, type Text } from '#core/text.ts'
import type { Tx } from '#server/database/connect.ts'
import { answer, handle, type Ctx, type Handled } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { areaNames } from '#modules/territory/server.ts'
import * as api from './api.ts'
import { can, say, type Response, type ResponseMove } from './model.ts'
import { requireOwn } from './versions.ts'

const of = (tx: Tx) => tx.withTables<{ policyResponses: Response; policyResponseMoves: ResponseMove }>()

/** The level that holds on a day: that of the response, or of its last approved change. */
const levelOn = (response: Pick<Response, 'id' | 'level'>, moves: readonly ResponseMove[], day: Day): string | null => {
  const changes = moves.filter(
    (m) => m.response === response.id && m.verb === 'level' && m.outcome === 'approved' && m.fromDay <= day,
  )
  const last = changes
    .sort((a, b) => (a.fromDay < b.fromDay ? -1 : a.fromDay > b.fromDay ? 1 : a.decidedAt! < b.decidedAt! ? -1 : 1))
    .at(-1)
  return last ? last.level : response.level
}

/** A response that was ended for a day to come is active until then. */
const stateOn = (r: Response, day: Day): Response['state'] =>
  r.state === 'active' && r.endsOn !== null && r.endsOn <= day ? 'ended' : r.state

async function shown(ctx: Ctx, rows: readonly Response[]): Promise<api.ResponseRow[]> {
  const moves =
    rows.length === 0
      ? []
      : await of(ctx.tx)
          .selectFrom('policyResponseMoves')
          .selectAll()
          .where(
            'response',
            'in',
            rows.map((r) => r.id),
          )
          .orderBy('proposedAt', 'desc')
          .orderBy('id', 'desc')
          .execute()
  const people = [
    ...rows.flatMap((r) => [r.proposedBy, r.activatedBy]),
    ...moves.flatMap((m) => [m.proposedBy, m.decidedBy]),
  ].filter((id) => id !== null)
  const accounts = await namesOf(ctx.house, ctx.tx, people)
  const nameOf = (id: Id | null) => id && (accounts.get(id) ?? '—')
  const areas = await areaNames(
    ctx.tx,
    rows.map((r) => r.areaCode),
  )
  const today = dayOf(ctx.now)
  return rows.map((r) => ({
    ...r,
    level: levelOn(r, moves, today),
    state: stateOn(r, today),
    areaName: areas.get(r.areaCode) ?? r.areaCode,
    proposedByName: nameOf(r.proposedBy) ?? '—',
    activatedByName: nameOf(r.activatedBy),
    reviewOverdue: stateOn(r, today) === 'active' && r.reviewOn < today,
    moves: moves
      .filter((m) => m.response === r.id)
      .map((m) => ({ ...m, proposedByName: nameOf(m.proposedBy) ?? '—', decidedByName: nameOf(m.decidedBy) })),
  }))
}

/** Every response that the asker may see, the latest first. Proposals of other levels are their own affair. */
async function responseRows(ctx: Ctx): Promise<api.ResponseRow[]> {
  const rows = await of(ctx.tx)
    .selectFrom('policyResponses')
    .selectAll()
    .orderBy('startsOn', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return shown(
    ctx,
    rows.filter((r) => r.activatedBy !== null || r.areaCode.startsWith(ctx.area)),
  )
}

async function getShown(ctx: Ctx, id: Id): Promise<api.ResponseRow> {
  const row = await of(ctx.tx).selectFrom('policyResponses').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw say.unknownResponse()
  return (await shown(ctx, [row]))[0]!
}

/** The response to be moved, locked, if it lies in the caller's own area. `state` is today's. */
async function taken(ctx: Ctx, id: Id): Promise<Response> {
  const row = await of(ctx.tx).selectFrom('policyResponses').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw say.unknownResponse()
  requireOwn(ctx, row.areaCode)
  return { ...row, state: stateOn(row, dayOf(ctx.now)) }
}

async function put(ctx: Ctx, { areaCode, id }: Response, change: Partial<Response>): Promise<api.ResponseRow> {
  await of(ctx.tx).updateTable('policyResponses').set(change).where('areaCode', '=', areaCode).where('id', '=', id).execute()
  return getShown(ctx, id)
}

// --- steps after it began ---------------------------------------------------------------------------------------------

type Step = Pick<ResponseMove, 'verb' | 'document' | 'fromDay'> & Partial<Pick<ResponseMove, 'reviewOn' | 'level'>>

async function propose(ctx: Ctx, id: Id, step: Step): Promise<api.ResponseRow> {
  const row = await taken(ctx, id)
  if (!can[step.verb](row)) throw say.wrongState()
  await requireSense(ctx, row, step)
  await of(ctx.tx)
    .insertInto('policyResponseMoves')
    .values({
      reviewOn: null,
      level: null,
      ...step,
      areaCode: row.areaCode,
      id: ctx.id,
      response: id,
      proposedBy: ctx.who.account,
      proposedAt: instantOf(ctx.now),
      decidedBy: null,
      decidedAt: null,
      outcome: null,
      reason: null,
    })
    .execute()
  return getShown(ctx, id)
}

/** Nothing takes effect in the past, and a change changes something. */
async function requireSense(ctx: Ctx, row: Response, { verb, fromDay, reviewOn, level }: Step): Promise<void> {
  const today = dayOf(ctx.now)
  const moves = await of(ctx.tx).selectFrom('policyResponseMoves').selectAll().where('response', '=', row.id).execute()
  if (moves.some((m) => m.outcome === null)) throw say.moveWaits()
  if (verb === 'extend' && reviewOn! <= today) throw say.wrongDates()
  if (verb !== 'extend' && (fromDay < today || fromDay < row.startsOn)) throw say.wrongEnd()
  if (verb === 'level' && level === levelOn(row, moves, fromDay)) throw say.sameLevel()
}

async function waitingMove(ctx: Ctx, id: Id): Promise<ResponseMove> {
  const move = await of(ctx.tx).selectFrom('policyResponseMoves').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!move) throw say.unknownMove()
  requireOwn(ctx, move.areaCode)
  if (move.outcome !== null) throw say.alreadyDecided()
  return move
}

async function settle(
  ctx: Ctx,
  move: ResponseMove,
  outcome: 'approved' | 'refused' | 'dropped',
  more: Partial<ResponseMove> = {},
): Promise<void> {
  await of(ctx.tx)
    .updateTable('policyResponseMoves')
    .set({ outcome, decidedBy: ctx.who.account, decidedAt: instantOf(ctx.now), ...more })
    .where('areaCode', '=', move.areaCode)
    .where('id', '=', move.id)
    .execute()
}

/** A step whose day has passed while it waited counts from today: nothing begins before its second signature. */
async function approve(ctx: Ctx, id: Id): Promise<api.ResponseRow> {
  const move = await waitingMove(ctx, id)
  if (move.proposedBy === ctx.who.account) throw say.secondPersonNeeded()
  const row = await taken(ctx, move.response)
  if (!can[move.verb](row)) throw say.wrongState()
  const today = dayOf(ctx.now)
  if (move.verb === 'extend' && move.reviewOn! <= today) throw say.wrongDates()
  const fromDay = move.fromDay < today ? today : move.fromDay
  await settle(ctx, move, 'approved', { fromDay })
  if (move.verb === 'extend') return put(ctx, row, { reviewOn: move.reviewOn! })
  if (move.verb === 'level') return getShown(ctx, row.id)
  const ended = fromDay <= today ? { state: can.end.to } : {}
  return put(ctx, row, { ...ended, endsOn: fromDay, endDocument: move.document, endedBy: ctx.who.account })
}

const responseOf = async (ctx: Ctx, move: Id) => {
  const found = await of(ctx.tx).selectFrom('policyResponseMoves').select('response').where('id', '=', move).executeTakeFirst()
  if (!found) throw say.unknownMove()
  return getShown(ctx, found.response)
}

// --- what it brings ---------------------------------------------------------------------------------------------------

/** What begins or ceases with a response or with the step that waits. */
async function effectsOf(ctx: Ctx, row: api.ResponseRow): Promise<Text[]> {
  const step = row.moves.find((m) => m.outcome === null)
  if (row.state === 'proposed') {
    return [
      text(
        `启动后，${row.areaName}可以依规定采取限制措施；日报自${row.startsOn}起开始要求。`,
        `Once active, measures that restrict may run in ${row.areaName} as the rules say, and the daily report is called for from ${row.startsOn}.`,
      ),
      ...(row.startsOn < dayOf(ctx.now)
        ? [
            text(
              '开始日期早于今天：这几天也算在响应期内，但在启动之前采取的措施没有依据。',
              'It starts before today: those days count as days of the response, but nothing done before it was active rests on it.',
            ),
          ]
        : []),
      ...(await versionsOf(ctx, row, row.level, 'begin')),
    ]
  }
  if (!step) return []
  if (step.verb === 'extend')
    return [
      text(
        `复核日期：${row.reviewOn} → ${step.reviewOn}。其他不变。`,
        `Review: ${row.reviewOn} → ${step.reviewOn}. Nothing else changes.`,
      ),
    ]
  if (step.verb === 'level') {
    return [
      text(
        `响应级别：${row.level ?? '不分级'} → ${step.level ?? '不分级'}，自${step.fromDay}起。`,
        `Level: ${row.level ?? 'none'} → ${step.level ?? 'none'}, from ${step.fromDay}.`,
      ),
      ...(await versionsOf(ctx, row, row.level, 'end')),
      ...(await versionsOf(ctx, row, step.level, 'begin')),
    ]
  }
  return [
    text(
      `自${step.fromDay}起，${row.areaName}不能再依据本次响应采取限制措施。`,
      `From ${step.fromDay} nothing restrictive may rest on this response in ${row.areaName}.`,
    ),
    ...(await versionsOf(ctx, row, row.level, 'end')),
  ]
}

/** Approved versions that wait for a level, or stand on it. */
async function versionsOf(ctx: Ctx, row: api.ResponseRow, level: string | null, what: 'begin' | 'end'): Promise<Text[]> {
  if (level === null) return []
  const { rows } = await sql<{ title: string; number: number; rules: number }>`
    select distinct on (v.area_code, v.pack) p.title, v.number, (select count(*)::int from json_object_keys(v.values)) as rules
    from policy_versions v join policy_packs p on p.area_code = v.area_code and p.id = v.pack
    where v.level = ${level} and v.approved_at is not null and (v.effective_to is null or v.effective_to > ${instantOf(ctx.now)}::timestamptz)
      and (starts_with(v.area_code, ${row.areaCode}) or starts_with(${row.areaCode}::text, v.area_code))
    order by v.area_code, v.pack, v.number desc`.execute(ctx.tx)
  return rows.map(({ title, number, rules }) =>
    what === 'begin'
      ? text(
          `规则包“${title}”第 ${number} 版随之生效（${rules} 项规则）。`,
          `Version ${number} of "${title}" comes into force with it (${rules} rules).`,
        )
      : text(
          `规则包“${title}”第 ${number} 版随之停用（${rules} 项规则）。`,
          `Version ${number} of "${title}" ceases with it (${rules} rules).`,
        ),
  )
}

// --- waiting ----------------------------------------------------------------------------------------------------------

/** Responses and steps in the asker's own area that want a second signature. */
export async function waitingResponses(ctx: Ctx): Promise<api.Waiting[]> {
  const rows = (await responseRows(ctx)).filter((r) => r.areaCode.startsWith(ctx.area))
  const me = ctx.who.account
  return rows.flatMap((r) => {
    const base = { title: r.disease, areaName: r.areaName, returned: false }
    const proposal =
      r.state !== 'proposed'
        ? []
        : [
            {
              ...base,
              kind: 'response' as const,
              id: r.id,
              what: text(`自${r.startsOn}起，${r.document}`, `from ${r.startsOn}, ${r.document}`),
              byName: r.proposedByName,
              at: r.proposedAt,
              own: r.proposedBy === me,
            },
          ]
    return [
      ...proposal,
      ...r.moves
        .filter((m) => m.outcome === null)
        .map((m) => ({
          ...base,
          kind: 'move' as const,
          id: r.id,
          what: moveInWords(m),
          byName: m.proposedByName,
          at: m.proposedAt,
          own: m.proposedBy === me,
        })),
    ]
  })
}

/** `延长至 2026-04-01，样例公告〔2026〕2号` */
function moveInWords(move: ResponseMove): Text {
  const [zh, en] = {
    extend: [`延长至 ${move.reviewOn}`, `extend to ${move.reviewOn}`],
    level: [`自${move.fromDay}起调整为“${move.level ?? '不分级'}”`, `level ${move.level ?? 'none'} from ${move.fromDay}`],
    end: [`自${move.fromDay}起终止`, `end from ${move.fromDay}`],
  }[move.verb] as [string, string]
  return text(`${zh}，${move.document}`, `${en}, ${move.document}`)
}

const again = ({ response }: { response: Id }, ctx: Ctx) => getShown(ctx, response)
const movedAgain = ({ move }: { move: Id }, ctx: Ctx) => responseOf(ctx, move)

export const responseHandlers: readonly Handled[] = [
  answer(api.responses, async (_, ctx) => wholePage(await responseRows(ctx))),
  answer(api.levels, async (_, ctx) => {
    const { rows } = await sql<{ level: string; packs: string[] }>`
      select v.level, array_agg(distinct p.title order by p.title) as packs
      from policy_versions v join policy_packs p on p.area_code = v.area_code and p.id = v.pack
      where v.level is not null and v.approved_at is not null and (v.effective_to is null or v.effective_to > ${instantOf(ctx.now)})
      group by v.level order by v.level`.execute(ctx.tx)
    return { rows }
  }),
  answer(api.responseEffects, async ({ response }, ctx) => ({ lines: await effectsOf(ctx, await getShown(ctx, response)) })),

  handle(
    api.proposeResponse,
    async (input, ctx) => {
      requireOwn(ctx, input.areaCode)
      if (input.reviewOn <= input.startsOn || input.reviewOn < dayOf(ctx.now)) throw say.wrongDates()
      await of(ctx.tx)
        .insertInto('policyResponses')
        .values({
          ...input,
          id: ctx.id,
          state: 'proposed',
          endsOn: null,
          endDocument: null,
          proposedBy: ctx.who.account,
          proposedAt: instantOf(ctx.now),
          activatedBy: null,
          activatedAt: null,
          endedBy: null,
          refusal: null,
        })
        .execute()
      return getShown(ctx, ctx.id)
    },
    (_, ctx) => getShown(ctx, ctx.id),
  ),
  handle(
    api.activateResponse,
    async ({ response }, ctx) => {
      const row = await taken(ctx, response)
      if (!can.activate(row)) throw say.wrongState()
      if (row.proposedBy === ctx.who.account) throw say.secondPersonNeeded()
      return put(ctx, row, { state: can.activate.to, activatedBy: ctx.who.account, activatedAt: instantOf(ctx.now) })
    },
    again,
  ),
  handle(
    api.refuseResponse,
    async ({ response, reason }, ctx) => {
      const row = await taken(ctx, response)
      if (!can.refuse(row)) throw say.wrongState()
      if (row.proposedBy === ctx.who.account) throw say.refusalByAuthor()
      return put(ctx, row, { state: can.refuse.to, endsOn: dayOf(ctx.now), endedBy: ctx.who.account, refusal: reason })
    },
    again,
  ),
  handle(
    api.dropResponse,
    async ({ response }, ctx) => {
      const row = await taken(ctx, response)
      if (!can.drop(row)) throw say.wrongState()
      return put(ctx, row, { state: can.drop.to, endsOn: dayOf(ctx.now), endedBy: ctx.who.account })
    },
    again,
  ),

  handle(
    api.extendResponse,
    async ({ response, ...step }, ctx) => propose(ctx, response, { verb: 'extend', fromDay: dayOf(ctx.now), ...step }),
    again,
  ),
  handle(
    api.changeLevel,
    async ({ response, level, ...step }, ctx) => propose(ctx, response, { verb: 'level', level: level || null, ...step }),
    again,
  ),
  handle(api.endResponse, async ({ response, ...step }, ctx) => propose(ctx, response, { verb: 'end', ...step }), again),
  handle(api.approveMove, async ({ move }, ctx) => approve(ctx, move), movedAgain),
  handle(
    api.refuseMove,
    async ({ move: id, reason }, ctx) => {
      const move = await waitingMove(ctx, id)
      if (move.proposedBy === ctx.who.account) throw say.refusalByAuthor()
      await settle(ctx, move, 'refused', { reason })
      return getShown(ctx, move.response)
    },
    movedAgain,
  ),
  handle(
    api.dropMove,
    async ({ move: id }, ctx) => {
      const move = await waitingMove(ctx, id)
      await settle(ctx, move, 'dropped')
      return getShown(ctx, move.response)
    },
    movedAgain,
  ),
]
