// Words, tones and groups that the pages of console and phone share.
import { sayTime } from '#core/dates.ts'
import { text, type Text } from '#core/text.ts'
import type { SlotRow } from '../api.ts'
import { stateOf, statesByNeed, type SlotState } from '../model.ts'

export const tones: Record<SlotState, 'danger' | 'look' | 'info' | 'ok' | 'quiet'> = {
  overdue: 'danger',
  open: 'look',
  later: 'quiet',
  missed: 'danger',
  done: 'ok',
  excused: 'info',
}

/** `07:00–12:00`, with the day where it is not today. */
export const windowOf = ({ opensAt, dueAt, day }: Pick<SlotRow, 'opensAt' | 'dueAt' | 'day'>, today: string): string =>
  `${day === today ? '' : `${day.slice(5)} `}${sayTime(opensAt)}–${sayTime(dueAt)}`

/** `1单元 301`; what lies in no dwelling says its place. */
export const doorOf = ({ unitName, room }: Pick<SlotRow, 'unitName' | 'room'>): string =>
  [unitName, room].filter(Boolean).join(' ')

export type Group = { readonly key: string; readonly name: Text; readonly rows: readonly SlotRow[] }
const elsewhere = text('其他地点', 'Elsewhere')
const need = (row: SlotRow): number => statesByNeed.indexOf(row.state)

/** Slots by building: the building with the greatest need first, inside it by need and then in the order of a walk. */
export function byBuilding(rows: readonly SlotRow[]): Group[] {
  const groups = Map.groupBy(rows, (row) => row.building ?? row.compound ?? '')
  return [...groups]
    .map(([key, those]) => {
      const [first] = those
      const place = [first!.compound, first!.buildingName].filter(Boolean).join(' ')
      return {
        key,
        name: place ? text(place, place) : elsewhere,
        rows: those.toSorted((a, b) => need(a) - need(b) || a.position - b.position || (a.dueAt < b.dueAt ? -1 : 1)),
      }
    })
    .toSorted((a, b) => need(a.rows[0]!) - need(b.rows[0]!))
}

/** A list that was taken some time ago: what has opened or come due since then shows so. A longer grace than the usual is left to the server. */
export const asOfNow = (row: SlotRow, now: number): SlotRow => {
  if (row.state === 'missed') return row
  const settled = row.state === 'done' || row.state === 'excused' ? row.state : null
  const state = stateOf(row, settled, now, Infinity)
  return { ...row, state }
}
export const isToDo = ({ state }: SlotRow): boolean => state === 'overdue' || state === 'open'
