// Who a cookie belongs to, remembered for some seconds, so that not every request asks the database; forgotten at once when it ends.
import type { Id } from '#core/ids.ts'
import type { Who } from '#server/house.ts'
import { rememberedFor } from '../model.ts'

/** A session as it was found: who, on which device, and what has to be done first: a one-time password changed, a second step set up. */
export type Found = { readonly who: Who; readonly device: Id | null; readonly mustChange: boolean; readonly mustSetUp: boolean }

export type Memory = {
  readonly recall: (key: string) => Found | undefined
  /** Finds by `look` and remembers what it found, unless something ended meanwhile. */
  readonly find: (key: string, look: () => Promise<Found | undefined>) => Promise<Found | undefined>
  /** Forgets whatever belongs to a session, an account or a device of this id. */
  readonly forget: (ended: string) => void
}

const most = 5_000

export function memoryOf(): Memory {
  const kept = new Map<string, Found & { readonly until: number }>()
  let endings = 0

  const keep = (key: string, found: Found) => {
    if (kept.size >= most) kept.delete(kept.keys().next().value!)
    kept.set(key, { ...found, until: performance.now() + rememberedFor })
  }
  return {
    recall: (key) => {
      const found = kept.get(key)
      if (found && found.until > performance.now()) return found
      kept.delete(key)
      return undefined
    },
    find: async (key, look) => {
      const before = endings
      const found = await look()
      if (found && endings === before) keep(key, found)
      return found
    },
    forget: (ended) => {
      endings += 1
      for (const [key, { who, device }] of kept) {
        if (who.session === ended || who.account === ended || device === ended) kept.delete(key)
      }
    },
  }
}
