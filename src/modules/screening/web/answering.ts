// What an answer at a door records: a new attempt, or a correction; and why it may not be recorded now.
import type { Id } from '#core/ids.ts'
import { text, type Text } from '#core/text.ts'
import { correctAttempt, recordAttempt } from '../api.ts'
import type { Outcome } from '../model.ts'
import type { Member, Stop } from './doors.ts'
import { listPath, useParties, useRecord, way, type Doors, type Said, type Visit } from './useDoors.ts'

/** The answers in words, as buttons and in the toast. */
export const said: Record<'normal' | Outcome, Text> = {
  normal: text('全户正常', 'All well'),
  reached: text('已登记', 'Recorded'),
  nobody: text('家中无人', 'Nobody home'),
  refused: text('不配合', 'Refused'),
  vacant: text('空置', 'Vacant'),
  moved: text('已搬离', 'Moved away'),
}

export type Saying = {
  outcome: Outcome
  allNormal?: true
  present?: Id[]
  statements?: { person: Id; well: boolean; symptoms: string[]; answers: Said['answers'] }[]
}

/** Records an answer at this door: as a new attempt, or in the place of the entry that is being corrected. */
export function useAnswer(doors: Doors, stop: Stop, visit: Visit, forget: () => void) {
  const record = useRecord(doors)
  const [parties] = useParties()
  const how = way.use()
  return async (saying: Saying, goTo?: string) => {
    const words = saying.allNormal ? said.normal : said[saying.outcome]
    const entry = { household: stop.household?.id ?? visit.household ?? stop.key, how, parties, ...saying }
    const terms = { at: stop, words, ...(goTo ? { goTo } : {}) }
    if (visit.correcting) {
      await record(
        correctAttempt,
        { replaces: visit.correcting.id, reason: visit.correcting.reason ?? '', entry },
        { ...terms, goTo: listPath(stop) },
      )
    } else {
      await record(
        recordAttempt,
        {
          ...entry,
          campaign: doors.campaign!.id,
          ...(stop.household ? {} : { newHousehold: { dwelling: stop.dwelling } }),
          ...(saying.outcome === 'reached' && visit.newPeople.length > 0 ? { newPeople: visit.newPeople } : {}),
        },
        terms,
      )
    }
    forget()
  }
}

/** Members, and people who were named at this visit and are not registered yet. */
export function peopleOf(stop: Stop, visit: Visit): Member[] {
  const members = stop.household?.members ?? []
  const known = new Set(members.map((member) => member.id))
  const added = visit.newPeople
    .filter((one) => !known.has(one.id))
    .map(({ id, entry }): Member => ({
      id,
      name: entry.name,
      sex: entry.sex ?? null,
      age: null,
      relation: entry.relation,
      phone: entry.phone ?? null,
      tags: [],
      keyPerson: false,
    }))
  return [...members, ...added]
}

/** Why nothing can be recorded now; undefined when it can. */
export function useHindrance(doors: Doors, visit: Visit): Text | undefined {
  if (!doors.campaign) return text('现在没有进行中的排查', 'No campaign is open')
  if (visit.correcting && !visit.correcting.reason) return text('请先选更正原因', 'Choose the reason of the correction first')
  return undefined
}
