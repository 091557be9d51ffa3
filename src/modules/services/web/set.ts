// What a phone keeps of services for a shift, and how an item that waits to go out reads there.
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { queued, type Queued } from '#web/phone/parts.ts'
import { syncSet } from '#web/phone/sync.ts'
import { ask, buy, call, deliver, feedback, shift, signKit, visit } from '../api.ts'
import { CallOutcome } from '../model.ts'

export const servicesSet = syncSet({
  key: 'services',
  title: text('代办和物品', 'Errands and items'),
  contract: shift,
  input: ({ post }) => (post && (shift.may as readonly string[]).includes(post.role) ? {} : undefined),
  overlay: [buy, deliver, signKit, feedback],
})

/** Names no household: the outbox stands open on the phone. */
export const queuedServices: readonly Queued[] = [
  queued(call, ({ outcome }, language) => choiceText(CallOutcome, outcome)[language]),
  queued(visit, ({ outcome }, language) => choiceText(CallOutcome, outcome)[language]),
  queued(ask),
  queued(buy, ({ amount }) => `${amount.toFixed(2)} 元`),
  queued(deliver),
  queued(signKit, ({ items }) => `${items.length}`),
  queued(feedback, ({ score }) => `${score}`),
]
