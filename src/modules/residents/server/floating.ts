// People who rent, with their landlords: judged like a roster, and the landlord is remembered for the dwelling.
import { text } from '#core/text.ts'
import type { Ctx } from '#server/house.ts'
import type { Plan, Sent, Verdict } from '#server/imports/plan.ts'
import { tidy } from '#modules/territory/sorting.ts'
import type { FloatingRow } from '../lists.ts'
import { dialled } from '../model.ts'
import { addLandlords, landlordsOf, type LandlordEntry } from './landlords.ts'
import { inCell } from './listed.ts'
import { planRoster } from './roster.ts'

const otherLandlord = text(
  '这套房屋已登记另一位房东，两位都会保留，请核实',
  'Another landlord is on record for this dwelling; both are kept. Please check',
)

/** Judges a list of tenants; see `Planner`. A row whose person is known still brings a landlord that nobody has named yet. */
export async function planFloating(ctx: Ctx, rows: readonly Sent<FloatingRow>[]): Promise<Plan> {
  const plan = await planRoster(ctx, rows)
  const known = await landlordsOf(ctx)
  const places = new Map<string, { entry: FloatingRow; names: Set<string>; bringing: Omit<LandlordEntry, 'dwelling'>[] }>()
  const verdicts = rows.map(({ row, entry }, i): Verdict => {
    const verdict = plan.verdicts[i]!
    const name = entry.landlordName?.trim()
    if (!name || verdict.outcome === 'refused') return verdict
    const key = [entry.compound, entry.building, entry.unit ?? '', entry.room].map(tidy).join('\n')
    const dwelling = plan.dwellingOf(entry)
    const place = places.get(key) ?? {
      entry,
      names: new Set((dwelling ? (known.get(dwelling) ?? []) : []).map((one) => one.name)),
      bringing: [],
    }
    places.set(key, place)
    if (place.names.has(name)) return verdict
    const others = place.names.size > 0
    place.names.add(name)
    place.bringing.push({ name, phone: entry.landlordPhone ? dialled(entry.landlordPhone) : null })
    return {
      ...verdict,
      outcome: 'new',
      ...(others ? { remarks: [...(verdict.remarks ?? []), inCell(row, undefined, otherLandlord)] } : {}),
    }
  })
  return {
    verdicts,
    write: async (tell) => {
      await plan.write(tell)
      const entries = [...places.values()].flatMap(({ entry, bringing }) => {
        const dwelling = plan.dwellingOf(entry)
        return dwelling ? bringing.map((one) => ({ ...one, dwelling })) : []
      })
      await addLandlords(ctx, entries, 'import')
    },
  }
}
