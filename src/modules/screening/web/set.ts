// The downloaded grid: which contract gives it, what is laid over it, and an entry of this phone as the overlay takes it.
import { instantOf, msOf } from '#core/dates.ts'
import { syncSet, type Pending } from '#web/phone/sync.ts'
import { correctAttempt, gridSet, recordAttempt, registerReturnee, withdrawAttempt } from '../api.ts'
import type { Entry } from './doors.ts'

/** The doors of the worker's own grid. */
export const gridDoors = syncSet({
  key: 'screening',
  title: { zh: '本网格排查清单', en: 'Doors of my grid' },
  contract: gridSet,
  input: ({ post }) => (post?.role === 'gridWorker' || post?.role === 'gridLeader' ? { area: post.area } : undefined),
  overlay: [recordAttempt, correctAttempt, withdrawAttempt, registerReturnee],
})

/** An entry of this phone as the overlay takes it; the time is that of the tap on the server's clock. */
export const entryOf = ({ id, contract, input, clock, state }: Pending): Entry => ({
  id,
  contract,
  input,
  state,
  at: instantOf(msOf(clock.at) + (clock.before ?? 0)),
})
