// What a shift needs of the modules: sets to download, and the contracts that pass through the outbox with how an item reads there.
import type { Shift } from '#web/phone/parts.ts'

export const shift: Shift = {
  sets: [],
  queued: [],
}
