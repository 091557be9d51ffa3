// Plays the three days of screening: what each worker did, in the order in which phones sent it, some of it late, some twice.
import { instantAt, instantOf, addDays, msOf, type Day } from '#core/dates.ts'
import type { Input } from '#core/contract.ts'
import { newId, type Id } from '#core/ids.ts'
import { recordAttempt } from '#modules/screening/api.ts'
import type { Chance } from '../town/chance.ts'
import type { Caller } from './caller.ts'
import type { Deeds } from './scenario.ts'

/** A household as a worker finds it on the list; `door` says compound, building, unit and room. Of a `quiet` community nothing is left for the last day. */
export type Target = {
  readonly household: Id
  readonly members: readonly Id[]
  readonly worker: Caller
  readonly campaign: Id
  readonly quiet?: boolean
  readonly building: Id
  readonly door: string
}

type Attempt = Input<typeof recordAttempt>
type Deed = { readonly at: number; readonly by: Caller; readonly entry: Attempt; readonly id: Id }

export type Played = { sent: number; sentTwice: number; outOfOrder: number }

/** One in so many is sent again, as a phone does whose answer was lost. */
const twiceOneIn = 12
/** How many deeds a phone may hold back while it has no network. */
const heldBack = 40

/**
 * @param setClock the server's clock in ms. @param onDay called at the end of each day with that day.
 */
export async function play({
  deeds,
  chance,
  targets,
  firstDay,
  setClock,
  onDay,
  progress,
}: {
  deeds: Deeds
  chance: Chance
  targets: readonly Target[]
  firstDay: Day
  setClock: (ms: number) => void
  onDay: (day: Day) => Promise<void>
  progress: (done: number, of: number) => void
}): Promise<Played> {
  const order = chance.shuffled(targets)
  const byPhone = order.slice(0, deeds.answered)
  const visited = order.slice(deeds.answered, deeds.answered + deeds.firstSheets)
  const out = [...visited.filter((t) => !t.quiet), ...visited.filter((t) => t.quiet)]
  const returnees = new Set(byPhone.slice(0, deeds.returnees).map((t) => t.household))
  const unwell = new Set(byPhone.slice(0, deeds.unwell).map((t) => t.household))
  const attempt = (t: Target, how: 'phone' | 'door' | 'notice', reached: boolean): Attempt => ({
    campaign: t.campaign,
    household: t.household,
    how,
    outcome: reached ? 'reached' : 'nobody',
    ...(reached && !unwell.has(t.household) ? { allNormal: true as const, present: [...t.members] } : {}),
    ...(reached && unwell.has(t.household) ? { statements: [{ person: t.members[0]!, well: false, symptoms: ['fever'] }] } : {}),
    ...(returnees.has(t.household) && how === 'phone'
      ? {
          keyPersons: [
            {
              id: newId(),
              person: t.members[0]!,
              category: 'returnee' as const,
              origin: '外省',
              arrivedOn: addDays(firstDay, -3),
            },
          ],
        }
      : {}),
  })
  const days: [Day, readonly (readonly [Target, 'phone' | 'door' | 'notice', boolean])[]][] = [
    [firstDay, byPhone.map((t) => [t, 'phone', true] as const)],
    [addDays(firstDay, 1), [...out, ...out.slice(0, deeds.secondSheets)].map((t) => [t, 'notice', false] as const)],
    [addDays(firstDay, 2), out.slice(0, deeds.openLater).map((t) => [t, 'door', true] as const)],
  ]
  const total = days.reduce((sum, [, list]) => sum + list.length, 0)
  const played: Played = { sent: 0, sentTwice: 0, outOfOrder: 0 }
  for (const [day, list] of days) {
    const begin = msOf(instantAt(day, '08:00'))
    const step = Math.floor((9 * 3_600_000) / Math.max(1, list.length))
    const done = list.map(([t, how, reached], i): Deed => ({
      at: begin + i * step,
      by: t.worker,
      entry: attempt(t, how, reached),
      id: newId(begin + i * step),
    }))
    await send(done, { chance, setClock, played, progress: () => progress(played.sent, total) })
    setClock(msOf(instantAt(day, '17:00')))
    await onDay(day)
  }
  return played
}

/** Sends a day's deeds as phones do: in stretches, some stretches late and out of order, some items twice. */
async function send(
  done: readonly Deed[],
  {
    chance,
    setClock,
    played,
    progress,
  }: {
    chance: Chance
    setClock: (ms: number) => void
    played: Played
    progress: () => void
  },
): Promise<void> {
  const run = newId()
  for (let from = 0; from < done.length; from += heldBack) {
    const stretch = done.slice(from, from + heldBack)
    const late = chance.next() < 0.3
    const sent = late ? chance.shuffled(stretch) : stretch
    if (late) played.outOfOrder += sent.length
    setClock(stretch.at(-1)!.at + 60_000)
    for (const deed of sent) {
      const clock = { at: instantOf(deed.at), before: 0, tick: deed.at - done[0]!.at, run }
      await deed.by.tell(recordAttempt, deed.entry, { id: deed.id, clock })
      played.sent++
      if (chance.below(twiceOneIn) === 0) {
        await deed.by.tell(recordAttempt, deed.entry, { id: deed.id, clock })
        played.sentTwice++
      }
    }
    progress()
  }
}
