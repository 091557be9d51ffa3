// Completes an entry of the register with what the house knows: the entrance's name, and the masked name and room of a household.
import type { z } from 'zod'
import { masks } from '#core/masking.ts'
import type { Ctx } from '#server/house.ts'
import { householdLabels } from '#modules/residents/server.ts'
import { sayGate as say } from '../gates.ts'
import type { passages } from '../passages.ts'
import { getGate } from './gates.ts'
import { of } from './tables.ts'

type Entry = z.output<typeof passages.entry>

/** Throws `access.unknownGate` and `access.refusalNeedsDocument`; nothing else is judged, because it has happened already. */
export async function filled(entry: Entry, ctx: Ctx): Promise<Entry> {
  if (entry.outcome === 'refused' && !entry.document) throw say.refusalNeedsDocument()
  const gateName = entry.gate ? (await getGate(ctx, entry.gate)).name : entry.gateName
  const household = entry.household ?? (entry.pass ? await householdOf(ctx, entry.pass) : null)
  const label = household ? (await householdLabels(ctx.tx, [household])).get(household) : undefined
  return {
    ...entry,
    gateName,
    household: label ? household : null,
    name: entry.name ?? (label?.head ? masks.name(label.head) : null),
    room: label?.address ?? entry.room,
  }
}

async function householdOf(ctx: Ctx, pass: string): Promise<string | null> {
  const [found] = await of(ctx.tx)
    .selectFrom('accessPasses')
    .select('household')
    .where('community', '=', ctx.community)
    .where('pass', '=', pass)
    .execute()
  return found?.household ?? null
}
