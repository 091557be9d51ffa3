// Codes that open nothing, counted by address in this process. They cannot be guessed anyway; this keeps the log readable and the door free.
import type { House } from '#server/house.ts'

/** So many from one address in so long; many phones may stand behind one. */
const most = 60
const within = 15 * 60_000

export type Misses = { readonly tooMany: (address: string) => boolean; readonly add: (address: string) => void }
const counted = new WeakMap<House, Misses>()

export function missesOf(house: House): Misses {
  const known = counted.get(house)
  if (known) return known
  const made = new Map<string, { since: number; count: number }>()
  const current = (address: string) => {
    const one = made.get(address)
    if (one && one.since > house.now() - within) return one
    made.delete(address)
    return undefined
  }
  const misses: Misses = {
    tooMany: (address) => (current(address)?.count ?? 0) >= most,
    add: (address) => {
      const one = current(address)
      if (one) one.count += 1
      else made.set(address, { since: house.now(), count: 1 })
      if (made.size > 10_000) for (const key of made.keys()) current(key)
    },
  }
  counted.set(house, misses)
  return misses
}
