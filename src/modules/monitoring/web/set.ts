// What a phone keeps of the round for a shift, who is still to be checked, and what waits to go out laid over it. Pure but for the set.
import { instantOf, msOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { queued, type Queued } from '#web/phone/parts.ts'
import { syncSet, taken, type Pending } from '#web/phone/sync.ts'
import { stateOf } from '#modules/duties/model.ts'
import { checkers, correct, record, round, withdraw, type RoundRow, type RoundSlot } from '../api.ts'
import { CheckHow } from '../model.ts'

export const roundSet = syncSet({
  key: 'monitoring',
  title: text('巡测名单', 'Round of checks'),
  contract: round,
  input: ({ post }) => (post && (checkers as readonly string[]).includes(post.role) ? { limit: 200 } : undefined),
  overlay: [record],
})

/** `1单元 301`; nothing where somebody lives in no dwelling. */
export const doorOf = ({ unitName, room }: Pick<RoundRow, 'unitName' | 'room'>): string =>
  [unitName, room].filter(Boolean).join(' ')

const rowOf = (person: Id): RoundRow | undefined => taken(roundSet)?.rows.find((row) => row.id === person)

export const queuedChecks: readonly Queued[] = [
  queued(record, ({ person, value, how }, language) => {
    const row = rowOf(person)
    return [
      row && doorOf(row),
      row?.name,
      value === null || value === undefined ? undefined : String(value),
      choiceText(CheckHow, how)[language],
    ]
      .filter(Boolean)
      .join(' · ')
  }),
  queued(correct, ({ reason }) => reason),
  queued(withdraw, ({ reason }) => reason),
]

/** A check of this phone as the overlay takes it; the time is that of the tap on the server's clock. */
export type Laid = {
  readonly id: Id
  readonly kind: string
  readonly value: number | null
  readonly symptoms: string[] | null
  readonly at: string
  readonly state: Pending['state']
}
export const laidOf = (pending: readonly Pending[]): ReadonlyMap<Id, Laid[]> =>
  Map.groupBy(
    pending.map(({ id, input, clock, state }) => {
      const {
        person,
        kind = 'temperature',
        value = null,
        symptoms = null,
      } = input as { person: Id; kind?: string; value?: number | null; symptoms?: string[] | null }
      return { person, id, kind, value, symptoms, at: instantOf(msOf(clock.at) + (clock.before ?? 0)), state }
    }),
    (one) => one.person,
  )

const answers = (slot: RoundSlot, { kind, symptoms }: Laid): boolean =>
  slot.kind === `monitoring.${kind}` ||
  (slot.kind === 'monitoring.symptoms' && symptoms !== null) ||
  (kind === 'temperature' && (slot.kind === 'monitoring.verify' || slot.kind === 'monitoring.recheck'))

export type Stop = RoundRow & { readonly laid: readonly Laid[] }

/** The list as it stands on this phone now: windows that have opened since, and slots that an entry of this phone answers. */
export function stopsOf(rows: readonly RoundRow[], laid: ReadonlyMap<Id, Laid[]>, now: number): Stop[] {
  return rows.map((row) => {
    const mine = (laid.get(row.id) ?? []).filter((one) => one.state !== 'refused')
    return {
      ...row,
      laid: laid.get(row.id) ?? [],
      slots: row.slots.map((slot) => {
        if (slot.state === 'missed' || slot.state === 'done' || slot.state === 'excused') return slot
        const done = mine.some((one) => answers(slot, one) && one.at >= slot.opensAt)
        return { ...slot, state: done ? ('done' as const) : stateOf(slot, null, now, Infinity) }
      }),
    }
  })
}

export const toDo = ({ slots }: Pick<Stop, 'slots'>): RoundSlot[] =>
  slots.filter(({ state }) => state === 'open' || state === 'overdue')

/** Who comes next in the walk: after this one, else from the beginning. */
export function nextStop(stops: readonly Stop[], after?: Id): Stop | undefined {
  const at = stops.findIndex((stop) => stop.id === after)
  return [...stops.slice(at + 1), ...stops.slice(0, Math.max(at, 0))].find((stop) => toDo(stop).length > 0)
}
