// What of screening passes through the outbox, how an item reads there while it waits, and how a refused one is mended.
import { choiceText } from '#core/labels.ts'
import type { Language } from '#core/text.ts'
import type { Id } from '#core/ids.ts'
import { lazily } from '#web/phone/lazily.ts'
import { queued, type Queued } from '#web/phone/parts.ts'
import { taken } from '#web/phone/sync.ts'
import {
  correctAttempt,
  correctKeyPerson,
  followUp,
  recordAttempt,
  registerReturnee,
  withdrawAttempt,
  withdrawKeyPerson,
} from '../api.ts'
import { AttemptHow, Outcome } from '../model.ts'
import { placeOf, stopsOf } from './doors.ts'
import { gridDoors } from './set.ts'

/** `1号楼 1单元 301`, from the set that lies open; nothing while it is locked. */
function whereIs(household: Id | undefined): string {
  const set = household && taken(gridDoors)
  const stop = set && stopsOf(set, []).find((one) => one.key === household || one.dwelling === household)
  return stop ? `${placeOf(stop)} ${stop.room}` : ''
}

const said = (household: Id, outcome: Outcome, how: string, language: Language): string =>
  [whereIs(household), how === 'notice' ? choiceText(AttemptHow, how)[language] : choiceText(Outcome, outcome)[language]]
    .filter(Boolean)
    .join(' · ')

export const queuedHere: readonly Queued[] = [
  queued(
    recordAttempt,
    (input, language) =>
      [
        said(input.newHousehold?.dwelling ?? input.household, input.outcome, input.how, language),
        ...(input.newPeople ?? []).map((one) => `＋${one.entry.name}`),
      ].join(' '),
    lazily(() => import('./mend.tsx'), 'MendAttempt'),
  ),
  queued(correctAttempt, ({ entry }, language) => said(entry.household, entry.outcome, entry.how, language)),
  queued(withdrawAttempt),
  queued(registerReturnee, (input) => whereIs(input.household)),
  queued(correctKeyPerson),
  queued(withdrawKeyPerson),
  queued(followUp),
]
