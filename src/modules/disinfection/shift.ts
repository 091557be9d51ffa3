// How a round that waits to go out reads in a phone's outbox.
import { choiceText } from '#core/labels.ts'
import { queued, type Queued } from '#web/phone/parts.ts'
import { rounds } from './api.ts'
import { Place } from './model.ts'

export const queuedRounds: readonly Queued[] = [
  queued(rounds.contracts.record, ({ place, spot }, language) =>
    [choiceText(Place, place)[language], spot].filter(Boolean).join(' '),
  ),
]
