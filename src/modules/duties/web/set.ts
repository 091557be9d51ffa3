// What a phone keeps of today for a shift: the worker's own slots; an excuse that waits to go out lies over them.
import type { Contract } from '#core/contract.ts'
import { text } from '#core/text.ts'
import { queued, type Queued } from '#web/phone/parts.ts'
import { syncSet } from '#web/phone/sync.ts'
import { excuse, today } from '../api.ts'

export const mineToday = syncSet({
  key: 'today',
  title: text('我的今日任务', 'My duties today'),
  contract: today,
  input: ({ post }) => (post && (today.may as readonly string[]).includes(post.role) ? { mine: true, limit: 200 } : undefined),
  overlay: [excuse],
})

/** The same, taken anew as soon as something that closes slots has arrived: the contracts of the modules that are in the house. */
export const mineTodayAfter = (...closing: readonly Contract<'command'>[]): typeof mineToday => ({
  ...mineToday,
  overlay: [...mineToday.overlay, ...closing],
})

export const queuedExcuses: readonly Queued[] = [queued(excuse, ({ why }) => why)]
