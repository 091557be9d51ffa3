// Longer exports: made by a job in the name of whoever asked, closed piece by piece; then fetched by that person alone.
import { z } from 'zod'
import { can, say } from '#core/exports.ts'
import { instantOf } from '#core/dates.ts'
import { timing } from '#core/fact.ts'
import { Id, newId } from '#core/ids.ts'
import type { MaskKind } from '#core/labels.ts'
import { isProblem } from '#core/problem.ts'
import { audit, lookedAt } from '../audit.ts'
import type { Tx } from '../database/connect.ts'
import { job, type Ctx, type House, type Job, type Made } from '../house.ts'
import { say as broken } from '../http/say.ts'
import { touch } from '../http/live.ts'
import { everywhere } from '../imports/runs.ts'
import { isCommunity, padded, say as scopeSay } from '../scope.ts'
import { exportRules, flowOf, makeJob, plannerOf, termsOf, typeOf, usualRules } from './exporting.ts'
import { changeRun, dropParts, findRun, holdRun, keepPart, partsOf, purgeOld, requireCan, type Run } from './runs.ts'

/** What a role reads unmasked: the register's own answer, handed over with the jobs. */
type Sees = (role: string) => ReadonlySet<MaskKind>

const Named = z.object({ area: z.string(), run: Id })
const pieceSize = 256 * 1024

/** Jobs of the exports: the register entry of whoever shows them spreads these. */
export const exportJobs = (sees: Sees): readonly Job<never>[] => [
  job({ name: makeJob, data: Named, run: ({ area, run }, house, { signal }) => make(house, sees, area, run, signal) }),
  job({
    name: 'exports.sweep',
    data: z.object({}),
    cron: '*/10 * * * *',
    run: async (_, house) => {
      for (const scope of everywhere) await house.within(scope, (tx) => purgeOld(tx, house.now()))
    },
  }),
]

/** Takes up what a stop of the house interrupted. */
export async function resumeExports(house: House): Promise<void> {
  for (const scope of everywhere) {
    await house.within(scope, async (tx) => {
      const { rows } = await unfinished(tx)
      for (const { area, id } of rows) await house.enqueue(tx, makeJob, { area, run: id })
    })
  }
}

const unfinished = async (tx: Tx) => ({
  rows: await tx
    .withTables<{ exportRuns: { area: string; id: Id; state: string } }>()
    .selectFrom('exportRuns')
    .select(['area', 'id'])
    .where('state', 'in', ['queued', 'making'])
    .execute(),
})

class Stopped extends Error {}

async function make(house: House, sees: Sees, area: string, id: Id, signal: AbortSignal): Promise<void> {
  const run = await house.within(area, async (tx) => {
    const held = await holdRun(tx, id)
    if (held.state !== 'queued' && held.state !== 'making') return undefined
    await dropParts(tx, held)
    await changeRun(tx, held, { state: can.make.to, made: 0 })
    return held
  })
  if (!run) return
  try {
    await house.within(area, (tx) => write(house, sees, tx, run, signal))
  } catch (error) {
    const stopped = error instanceof Stopped
    if (!stopped && !isProblem(error)) house.log.error('export.failed', error, { contract: run.contract, run: id })
    await house.within(area, async (tx) => {
      await dropParts(tx, run)
      if (!stopped) await changeRun(tx, run, { state: 'failed', failure: (isProblem(error) ? error : broken.broken()).say })
      await touch(tx, 'oversight', run.community)
    })
  }
}

/** Reads in one transaction, so that the whole is of one instant; each piece is kept in one of its own, so that progress is seen. */
async function write(house: House, sees: Sees, tx: Tx, run: Run, signal: AbortSignal): Promise<void> {
  const ctx = ctxFor(house, sees, tx, run)
  const [rules] = house.offered(exportRules)
  if (rules && !(await rules.holds(tx, run.account, run.role, run.area))) throw say.noRight()
  const plan = await plannerOf(run.contract)!(ctx, run.input as never)
  if (run.decidedBy && plan.persons > run.persons) throw say.grown()
  const { kept, secondPersonAbove } = (await rules?.of(tx, run.area, ctx.now)) ?? usualRules
  // Who came in between asking and making must not carry an export past its second person.
  if (run.full && !run.decidedBy && plan.persons > secondPersonAbove) throw say.grown()
  const act = newId()
  const looked = (persons: readonly Id[]) =>
    lookedAt(tx, { community: run.community, audit: act, at: instantOf(ctx.now) }, persons)
  const flow = flowOf(ctx, plan, termsOf(run.input), run.id, looked)
  const keep = (part: number, bytes: Buffer) =>
    house.within(run.area, async (own) => {
      if (signal.aborted || (await findRun(own, run.id))?.state !== 'making') throw new Stopped()
      await keepPart(own, house, run, part, bytes)
      await changeRun(own, run, { made: flow.rows() })
      await touch(own, 'oversight', run.community)
    })
  let [pieces, size, part] = [[] as Uint8Array[], 0, 0]
  for await (const piece of flow.bytes) {
    pieces.push(piece)
    size += piece.length
    if (size < pieceSize) continue
    await keep(part++, Buffer.concat(pieces))
    pieces = []
    size = 0
  }
  await keep(part, Buffer.concat(pieces))
  if ((await holdRun(tx, run.id)).state !== 'making') throw new Stopped()
  await changeRun(tx, run, {
    state: 'ready',
    rows: flow.rows(),
    made: flow.rows(),
    persons: plan.persons,
    fileName: flow.name,
    until: instantOf(house.now() + kept),
  })
  await audit(tx, {
    id: act,
    community: run.community,
    at: ctx.now,
    account: run.account,
    session: run.session,
    device: run.device,
    role: run.role,
    area: run.area,
    contract: run.contract,
    outcome: 'looked',
    record: run.id,
    inputDigest: run.digest,
    shown: flow.rows(),
    ...(run.purpose ? { purpose: run.purpose } : {}),
  })
  await touch(tx, 'oversight', run.community)
}

/** As whoever asked, with the rights of that post. */
function ctxFor(house: House, sees: Sees, tx: Tx, run: Run): Ctx {
  const now = house.now()
  const post = { id: run.id, role: run.role, area: run.area }
  let acting = padded(run.area)
  return {
    house,
    tx,
    id: run.id,
    now,
    who: { account: run.account, name: run.accountName, session: run.session, posts: [post] },
    post,
    role: run.role,
    area: run.area,
    sees: sees(run.role),
    get community() {
      if (isCommunity(acting) && !acting.endsWith('000')) return acting
      throw scopeSay.communityNeeded()
    },
    at: (community) => {
      acting = community
      return community
    },
    device: run.device,
    timing: timing(now),
    digest: run.digest,
    touched: (list) => touch(tx, list, acting),
    looked: () => {},
    purpose: () => {},
  }
}

/** The file of an export that is ready, for the one who asked. Nothing of it is held. */
export async function fileOf(ctx: Ctx, id: Id): Promise<Made> {
  const run = await holdRun(ctx.tx, id)
  if (run.account !== ctx.who.account) throw say.notYours()
  requireCan(run, 'fetch', ctx.now)
  await changeRun(ctx.tx, run, { fetched: run.fetched + 1 })
  return { name: run.fileName!, type: typeOf[run.format], body: partsOf(ctx.house, run), count: run.rows, record: id }
}

/** A second person agrees: the export is queued, once. Throws unless it waits, in time, and somebody else asked. */
export async function decide(ctx: Ctx, id: Id, step: 'approve' | 'refuse', remark: string | undefined): Promise<Run> {
  const run = await holdRun(ctx.tx, id)
  if (run.account === ctx.who.account) throw say.notYourself()
  requireCan(run, step, ctx.now)
  await changeRun(ctx.tx, run, {
    state: can[step].to,
    decidedBy: ctx.who.account,
    decidedAt: instantOf(ctx.now),
    decision: remark ?? null,
    until: null,
  })
  if (step === 'approve') await ctx.house.enqueue(ctx.tx, makeJob, { area: run.area, run: id })
  return holdRun(ctx.tx, id)
}

/** Whoever asked takes it back, also while it is being made. */
export async function cancel(ctx: Ctx, id: Id): Promise<Run> {
  const run = await holdRun(ctx.tx, id)
  if (run.account !== ctx.who.account) throw say.notYours()
  requireCan(run, 'cancel', ctx.now)
  await dropParts(ctx.tx, run)
  await changeRun(ctx.tx, run, { state: can.cancel.to })
  return holdRun(ctx.tx, id)
}
