// The doors of my grid in a component, and the way from one answer to the next door.
import { useMemo } from 'react'
import type { Contract, Input } from '#core/contract.ts'
import type { Id } from '#core/ids.ts'
import { text, type Text } from '#core/text.ts'
import { record, type Recorded } from '#web/phone/outbox.ts'
import { sendPhotos } from '#web/phone/photo.ts'
import { useParams, usePhoneRoute } from '#web/phone/route.ts'
import { usePendingFor, useSet, useKeptDraft } from '#web/phone/sync.ts'
import { toast } from '#web/phone/ui.tsx'
import { store } from '#web/store.ts'
import type { PersonEntry } from '#modules/residents/model.ts'
import type { AttemptHow, Party } from '../model.ts'
import { goingOn, lastVisited, nextStop, stopsOf, type Stop } from './doors.ts'
import { entryOf, gridDoors } from './set.ts'

export const home = '/screening'
export const listPath = ({ building, unit }: Pick<Stop, 'building' | 'unit'>): string =>
  `${home}/b/${building.id}/${unit.id ?? 'all'}`
export const stopPath = (stop: Pick<Stop, 'key'>, step?: 'people' | 'person' | 'returnee' | 'notice'): string =>
  `${home}/h/${stop.key}${step ? `/${step}` : ''}`

/** The grid with everything that this phone knows about it. */
export function useDoors() {
  const set = useSet(gridDoors)
  const pending = usePendingFor(gridDoors)
  const stops = useMemo(() => (set.data ? stopsOf(set.data, pending.map(entryOf)) : []), [set.data, pending])
  return { ...set, stops, campaign: set.data?.campaign ?? null, form: set.data?.form ?? [], notice: set.data?.notice }
}
export type Doors = ReturnType<typeof useDoors>

/** The stop that the address names. */
export function useStop(doors: Doors, pattern: string): Stop | undefined {
  const key = useParams(pattern)?.['key']
  return doors.stops.find((stop) => stop.key === key)
}

/** How this visit is made. Kept from door to door: who telephones goes on telephoning. */
export const way = store<Extract<AttemptHow, 'door' | 'phone'>>('door')

export type Said = { well: boolean | null; symptoms: string[]; answers: Record<string, boolean | number | string | string[]> }
/** What has been said at a door and is not recorded yet. */
export type Visit = {
  /** Born here for a household that nobody knows yet. */
  household?: Id
  newPeople: { id: Id; entry: PersonEntry }[]
  /** Members of whom nothing was said. */
  away: Id[]
  said: Record<Id, Said>
  othersWell: boolean | null
  correcting: { id: Id; reason: string | null } | null
}
export const noVisit: Visit = { newPeople: [], away: [], said: {}, othersWell: null, correcting: null }
export const useVisit = (stop: Pick<Stop, 'key'> | undefined) =>
  useKeptDraft<Visit>(`screening.visit.${stop?.key ?? ''}`, noVisit)

/** Who goes along today: several parties, one visit. */
export const useParties = () => useKeptDraft<Party[]>('screening.parties', [])

/** Records something at a stop, offers to take it back, and goes where the worker goes next. */
export function useRecord(doors: Doors) {
  const [, go] = usePhoneRoute()
  return async <C extends Contract<'command'>>(
    contract: C,
    input: Input<C>,
    { at, words, goTo }: { at: Stop; words: Text; goTo?: string },
  ): Promise<Recorded> => {
    const photos = await sendPhotos((input as { photos?: Id[] }).photos ?? [])
    const made = await record(contract, input, { undoable: true })
    await photos.done()
    const undo = async () => {
      const taken = (await made.undo()) && (await photos.undo())
      if (taken) go(stopPath(at))
      return taken
    }
    toast(text(`${at.room} ${words.zh}`, `${at.room}: ${words.en}`), made.queued ? { undo, tone: 'go' } : { tone: 'go' })
    // Nothing is laid over the set where nothing may be kept: there the page asks anew.
    if (!made.queued) await doors.refresh()
    const next = nextStop(doors.stops, at)
    go(goTo ?? (next ? stopPath(next) : listPath(at)), { replace: true })
    return made
  }
}

/** The walk from where this worker recorded last. */
export const walkOf = (stops: readonly Stop[], within: readonly Stop[] = stops): Stop[] => {
  const order = goingOn(stops, lastVisited(stops))
  const inside = new Set(within)
  return order.filter((stop) => inside.has(stop))
}
