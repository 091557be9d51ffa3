// A verdict at a connected gate: a pass, a code or a room; the same rules as on a phone without a network.
import type { Parsed } from '#core/contract.ts'
import { dayOf, instantOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import type { Ctx } from '#server/house.ts'
import { verdictAt, type GateRow } from '../atGate.ts'
import type * as api from '../gateApi.ts'
import { hex, judge } from '../pass.ts'
import { readShortCode } from '../shortCode.ts'
import { rowFor, rowsFound, rulesNow } from './knowing.ts'
import { trustOf } from './passes.ts'
import { verifierOf } from './signing.ts'
import { of } from './tables.ts'

type Shown = { card: string | null; pass: string | null; household: Id | undefined }
const nothing: Shown = { card: null, pass: null, household: undefined }

async function onRecord(ctx: Ctx, column: 'pass' | 'shortCode', value: string) {
  const [found] = await of(ctx.tx)
    .selectFrom('accessPasses')
    .select(['pass', 'household', 'state'])
    .where('community', '=', ctx.community)
    .where(column, '=', value)
    .execute()
  return found
}

/** What was held before the guard: a text is verified by signature first and then found on record. */
async function shownPass(ctx: Ctx, { pass, shortCode }: Parsed<typeof api.check>): Promise<Shown> {
  if (pass) {
    const { keys, stopped } = await trustOf(ctx)
    const list = keys.map((key) => ({ ...key, created: '', ended: null }))
    const said = judge(pass.trim(), { verifies: verifierOf(list), stopped: (id) => stopped.includes(id) }, dayOf(ctx.now))
    // A forged text names a household as it likes: only a signed one is looked up.
    const signed = said.valid || ['stopped', 'expired', 'notYet'].includes(said.reason)
    if (!signed || !said.pass) return { ...nothing, card: said.valid ? null : said.reason }
    const id = hex(said.pass.claims.id)
    return { card: said.valid ? null : said.reason, pass: id, household: (await onRecord(ctx, 'pass', id))?.household }
  }
  if (shortCode) {
    const code = readShortCode(shortCode)
    if (code === undefined || code === 'mistyped') return { ...nothing, card: code ?? 'notAPass' }
    const found = await onRecord(ctx, 'shortCode', code)
    return found
      ? { card: found.state === 'good' ? null : 'stopped', pass: found.pass, household: found.household }
      : { ...nothing, card: 'unknownCode' }
  }
  return nothing
}

export async function checkAt(ctx: Ctx, asked: Parsed<typeof api.check>) {
  const shown = await shownPass(ctx, asked)
  const household = asked.household ?? shown.household
  const found: GateRow[] = household
    ? [await rowFor(ctx, household)].filter((row) => row !== undefined)
    : asked.find
      ? await rowsFound(ctx, asked.find)
      : []
  const row = found.length === 1 ? found[0] : undefined
  const { direction, emergency, visitor, person } = asked
  const { quota, ...said } = verdictAt(
    row,
    await rulesNow(ctx),
    {
      direction,
      emergency,
      person,
      who: visitor ? 'visitor' : 'resident',
      pass: shown.pass ?? undefined,
      // A room was compared by the guard; a pass alone was not.
      known: asked.household !== undefined || asked.find !== undefined,
    },
    instantOf(ctx.now),
  )
  return {
    verdict: said,
    card: shown.card,
    pass: shown.pass,
    found: found.map(({ household: id, room, people }) => ({ household: id, room, people })),
    used: quota?.used ?? 0,
  }
}
