// The doors of a grid as its worker sees them: the downloaded set, with what this phone recorded since laid over it. Pure.
import type { Instant } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import type { GridSet } from '../api.ts'
import type { AttemptHow, Outcome } from '../model.ts'
import type { HouseholdState } from '../rules.ts'

type SetBuilding = GridSet['buildings'][number]
type SetUnit = SetBuilding['units'][number]
type SetDoor = SetUnit['doors'][number]
type SetHousehold = SetDoor['households'][number]
export type Member = SetHousehold['members'][number]

/** Where an entry of this phone stands: on the server, on its way, or sent back. */
export type Whereabouts = 'server' | 'sent' | 'waiting' | 'refused'
/** The attempt that stands last. `at`: when it happened, as well as the phone knows it. */
export type Last = { id: Id; how: AttemptHow; outcome: Outcome; at: Instant; mine: boolean; by: string; where: Whereabouts }

export type Household = {
  id: Id
  members: readonly Member[]
  state: HouseholdState
  attempts: number
  last: Last | null
  /** Something recorded here waits under 待上传 with its reason. */
  refused: boolean
}

/** One household at its door; `household` null where nobody is registered behind it. */
export type Stop = {
  key: string
  /** `compound` is null where the grid holds one only: nobody needs its name to find the door. */
  building: { id: Id; name: string; compound: string | null }
  unit: { id: Id | null; name: string | null }
  dwelling: Id
  room: string
  floor: number | null
  vacant: boolean
  household: Household | null
}

/** What the overlay needs of an entry of this phone (`Pending` of web/phone/sync.ts). */
export type Entry = { id: Id; contract: string; input: unknown; at: Instant; state: 'waiting' | 'refused' | 'sent' }

type AttemptInput = {
  household: Id
  how: AttemptHow
  outcome: Outcome
  newHousehold?: { dwelling: Id }
  newPeople?: readonly {
    id: Id
    entry: { name: string; phone?: string | null; relation: string; sex?: 'male' | 'female' | null }
  }[]
  keyPersons?: readonly { person: Id }[]
}

const weight: Record<HouseholdState, number> = { covered: 6, vacant: 5, moved: 5, refused: 4, notice: 3, nobody: 2, untouched: 1 }
const stateOf = (how: AttemptHow, outcome: Outcome): HouseholdState =>
  outcome === 'reached' ? 'covered' : outcome === 'nobody' ? (how === 'notice' ? 'notice' : 'nobody') : outcome

/** What one more attempt makes of a household: the weightier state stays; of vacant and moved the later one. */
export const further = (state: HouseholdState, how: AttemptHow, outcome: Outcome): HouseholdState => {
  const next = stateOf(how, outcome)
  return weight[next] >= weight[state] ? next : state
}

type Working = Household & { base: SetHousehold | null; own: Last[] }

/** Every stop of the set in the order of the walk, with `entries` (oldest first) laid over it. */
export function stopsOf(set: Pick<GridSet, 'buildings'>, entries: readonly Entry[]): Stop[] {
  const several = new Set(set.buildings.map((building) => building.compound)).size > 1
  const stops = set.buildings.flatMap(({ units, id, name, compound }) => {
    const building = { id, name, compound: several ? compound : null }
    return units.flatMap((unit) => unit.doors.flatMap((door) => stopsAt(building, unit, door)))
  })
  const households = new Map(stops.flatMap((stop) => (stop.household ? [[stop.household.id, stop.household as Working]] : [])))
  for (const entry of entries) lay(entry, stops, households)
  for (const stop of stops) if (stop.household) stop.household = shown(stop.household as Working)
  return stops
}

function stopsAt(building: Stop['building'], unit: SetUnit, door: SetDoor): Stop[] {
  const place = {
    building,
    unit: { id: unit.id, name: unit.name },
    dwelling: door.dwelling,
    room: door.room,
    floor: door.floor,
    vacant: door.use === 'vacant',
  }
  if (door.households.length === 0) return [{ ...place, key: door.dwelling, household: null }]
  return door.households.map((household) => ({ ...place, key: household.id, household: begun(household) }))
}

function begun(base: SetHousehold): Working {
  const last = base.last && {
    id: base.last.id,
    how: base.last.how,
    outcome: base.last.outcome,
    at: base.last.occurredAt,
    mine: base.last.mine,
    by: base.last.by,
    where: 'server' as const,
  }
  return { id: base.id, members: base.members, state: base.state, attempts: base.attempts, last, refused: false, base, own: [] }
}

const nameOf = (contract: string): string => contract.slice(contract.indexOf('.') + 1)

function lay(entry: Entry, stops: Stop[], households: Map<Id, Working>): void {
  switch (nameOf(entry.contract)) {
    case 'recordAttempt':
      return attempted(entry, entry.input as AttemptInput, stops, households)
    case 'correctAttempt': {
      const { replaces, entry: said } = entry.input as { replaces: Id; entry: AttemptInput }
      return replaced(entry, replaces, households, said)
    }
    case 'withdrawAttempt':
      return replaced(entry, (entry.input as { replaces: Id }).replaces, households)
    case 'registerReturnee': {
      const { person, household } = entry.input as { person?: Id; household?: Id }
      for (const each of households.values()) {
        const here = each.id === household || each.members.some((member) => member.id === person)
        if (here && entry.state === 'refused') each.refused = true
        else if (here)
          each.members = each.members.map((member) => (member.id === person ? { ...member, keyPerson: true } : member))
      }
    }
  }
}

function attempted(entry: Entry, input: AttemptInput, stops: Stop[], households: Map<Id, Working>): void {
  const household = households.get(input.household) ?? moveIn(input, stops, households)
  if (!household) return
  if (entry.state === 'refused') {
    household.refused = true
    return
  }
  const keyPersons = new Set(input.keyPersons?.map((one) => one.person))
  const known = new Set(household.members.map((member) => member.id))
  const added = (input.newPeople ?? [])
    .filter((one) => !known.has(one.id))
    .map(({ id, entry: said }): Member => ({
      id,
      name: said.name,
      sex: said.sex ?? null,
      age: null,
      relation: said.relation,
      phone: said.phone ?? null,
      tags: [],
      keyPerson: false,
    }))
  household.members = [...household.members, ...added].map((member) =>
    keyPersons.has(member.id) ? { ...member, keyPerson: true } : member,
  )
  // A lost reply leaves the item in the queue although the set holds it already.
  if (household.base?.last?.id !== entry.id) household.own.push(ownOf(entry, input))
}

const ownOf = (entry: Entry, { how, outcome }: Pick<AttemptInput, 'how' | 'outcome'>): Last => ({
  id: entry.id,
  how,
  outcome,
  at: entry.at,
  mine: true,
  by: '',
  where: entry.state,
})

/** A household met for the first time appears at its door. */
function moveIn(input: AttemptInput, stops: Stop[], households: Map<Id, Working>): Working | undefined {
  const at = stops.findIndex((stop) => stop.dwelling === input.newHousehold?.dwelling)
  const place = stops[at]
  if (!place) return undefined
  const made: Working = {
    id: input.household,
    members: [],
    state: 'untouched',
    attempts: 0,
    last: null,
    refused: false,
    base: null,
    own: [],
  }
  households.set(made.id, made)
  const stop: Stop = { ...place, key: made.id, household: made }
  if (place.household) stops.splice(at + 1, 0, stop)
  else stops[at] = stop
  return made
}

/** A correction takes the place of the attempt that it names; without `said` it was withdrawn. */
function replaced(entry: Entry, replaces: Id, households: Map<Id, Working>, said?: AttemptInput): void {
  for (const household of households.values()) {
    const own = household.own.findIndex((one) => one.id === replaces)
    if (own < 0 && household.base?.last?.id !== replaces) continue
    if (entry.state === 'refused') {
      household.refused = true
      return
    }
    const next = said ? [ownOf(entry, said)] : []
    if (own >= 0) household.own.splice(own, 1, ...next)
    else {
      household.base = lessLast(household.base!)
      household.own.unshift(...next)
    }
    return
  }
}

/** A set tells of the last attempt only: what stood before it is known when it was the only one, and otherwise shown as tried. */
const lessLast = (base: SetHousehold): SetHousehold => ({
  ...base,
  last: null,
  attempts: base.attempts - 1,
  channel: null,
  state: base.attempts <= 1 ? 'untouched' : base.last?.outcome === 'reached' ? 'nobody' : base.state,
})

function shown({ base, own, ...household }: Working): Household {
  const begin = base ? begun(base) : { state: 'untouched' as const, attempts: 0, last: null }
  const state = own.reduce((at, { how, outcome }) => further(at, how, outcome), begin.state)
  return { ...household, state, attempts: begin.attempts + own.length, last: own.at(-1) ?? begin.last }
}

// --- the walk ---------------------------------------------------------------------------------------------------------

/** `todo`: nobody has tried yet; `again`: tried in vain; `done`: spoken with, or nobody lives there. */
export type Pile = 'todo' | 'again' | 'done'
export function pileOf({ household, vacant }: Stop): Pile {
  if (!household) return vacant ? 'done' : 'todo'
  if (household.state === 'untouched') return 'todo'
  return household.state === 'covered' || household.state === 'vacant' || household.state === 'moved' ? 'done' : 'again'
}

/** The stop from which the walk goes on: where this worker recorded last. */
export const lastVisited = (stops: readonly Stop[]): Stop | undefined =>
  stops.reduce<Stop | undefined>((latest, stop) => {
    const at = stop.household?.last
    return at?.mine && (!latest || Date.parse(at.at) >= Date.parse(latest.household!.last!.at)) ? stop : latest
  }, undefined)

/** The stops after `from`, then those before it: next door first. */
export function goingOn(stops: readonly Stop[], from: Stop | undefined): Stop[] {
  const at = from ? stops.findIndex((stop) => stop.key === from.key) : -1
  return [...stops.slice(at + 1), ...stops.slice(0, at + 1)]
}

/** The next door at which nobody has been yet; undefined when all have been tried. */
export const nextStop = (stops: readonly Stop[], from: Stop | undefined): Stop | undefined =>
  goingOn(stops, from).find((stop) => pileOf(stop) === 'todo' && stop.key !== from?.key)

/** Households and how many of them are covered; doors without a household count for nothing. */
export function tally(stops: readonly Stop[]): { households: number; covered: number; again: number } {
  const households = stops.filter((stop) => stop.household)
  return {
    households: households.length,
    covered: households.filter((stop) => stop.household!.state === 'covered').length,
    again: households.filter((stop) => pileOf(stop) === 'again').length,
  }
}

/** `3号楼`, or `桂园 3号楼` where the grid holds several compounds. */
export const buildingOf = ({ building }: Pick<Stop, 'building'>): string =>
  [building.compound, building.name].filter(Boolean).join(' ')

/** `3号楼 1单元`: where a stop is, without its room; the compound before it as `buildingOf` has it. */
export const placeOf = (stop: Pick<Stop, 'building' | 'unit'>): string =>
  [buildingOf(stop), stop.unit.name].filter(Boolean).join(' ')
