// What a guard's phone takes along for a shift, and how passages that wait to go out read there. Pure but for the set.
import { instantOf, msOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { queued, type Queued } from '#web/phone/parts.ts'
import { syncSet, taken, type Pending } from '#web/phone/sync.ts'
import type { GateRow } from '../atGate.ts'
import { gateSet, raise } from '../gateApi.ts'
import { IncidentKind } from '../gates.ts'
import { hex, readPass } from '../pass.ts'
import { Direction, Outcome, passages } from '../passages.ts'
import { readShortCode } from '../shortCode.ts'

const { record, correct, withdraw } = passages.contracts
/** Who stands at gates and takes the list along; others look up when they are connected. */
export const gateRoles = ['gateGuard', 'propertyManager', 'volunteer'] as const

export const gateSetDown = syncSet({
  key: 'gate',
  title: text('门岗名单', 'List of the gate'),
  contract: gateSet,
  input: ({ post }) => (post && (gateRoles as readonly string[]).includes(post.role) ? { limit: 200 } : undefined),
  overlay: [record],
})

const rowOf = (household: Id | null | undefined): GateRow | undefined =>
  taken(gateSetDown)?.rows.find((row) => row.household === household)

export const queuedGate: readonly Queued[] = [
  queued(record, ({ direction, outcome, household, name }, language) =>
    [choiceText(Direction, direction)[language], choiceText(Outcome, outcome)[language], rowOf(household)?.room ?? name]
      .filter(Boolean)
      .join(' · '),
  ),
  queued(correct, ({ reason }) => reason),
  queued(withdraw, ({ reason }) => reason),
  queued(raise, ({ kind }, language) => choiceText(IncidentKind, kind)[language]),
]

/** Exits of a household that this phone recorded and the list does not hold yet. */
export const ownExits = (pending: readonly Pending[], household: Id | undefined): GateRow['exits'] =>
  pending.flatMap(({ input, clock, state }) => {
    const said = input as { household?: Id; direction?: string; outcome?: string; pass?: string | null }
    const counts = said.household === household && said.direction === 'out' && said.outcome === 'passed' && state !== 'refused'
    return counts ? [{ at: instantOf(msOf(clock.at) + (clock.before ?? 0)), pass: said.pass ?? null }] : []
  })

/** What was typed or scanned: a pass to verify, or rows by code or room. */
export type Sought =
  | { readonly what: 'pass'; readonly text: string }
  | { readonly what: 'rows'; readonly rows: readonly GateRow[]; readonly pass?: string }
  | { readonly what: 'mistyped' }
  | { readonly what: 'nothing' }

export function seek(rows: readonly GateRow[], typed: string): Sought {
  const words = typed.trim()
  if (typeof readPass(words) !== 'string') return { what: 'pass', text: words }
  const code = readShortCode(words)
  if (code === 'mistyped' && !/^\d+$/.test(words)) return { what: 'mistyped' }
  if (code && code !== 'mistyped') {
    const row = rows.find((r) => r.passes.some((p) => p.shortCode === code))
    const pass = row?.passes.find((p) => p.shortCode === code)?.pass
    return row && pass ? { what: 'rows', rows: [row], pass } : { what: 'nothing' }
  }
  const parts = words.split(/[\s\-—/]+/).filter(Boolean)
  const room = parts.at(-1)?.replace(/室$/, '')
  const found = rows.filter((row) => {
    const places = row.room.split(' ')
    return places.at(-1) === room && parts.slice(0, -1).every((part) => places.some((place) => place.startsWith(part)))
  })
  return found.length > 0 ? { what: 'rows', rows: found } : { what: 'nothing' }
}

/** The household that a verified pass stands for. */
export function rowOfPass(rows: readonly GateRow[], pass: { id: Uint8Array; household: Uint8Array }): GateRow | undefined {
  const [id, reference] = [hex(pass.id), hex(pass.household)]
  return rows.find((row) => row.passes.some((p) => p.pass === id)) ?? rows.find((row) => row.reference === reference)
}
