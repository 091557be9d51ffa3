// Hears from the server which list changed in which area. The event holds no content: pages ask again through the door.
import type { QueryClient } from '@tanstack/react-query'
import { LiveEvent } from '#core/envelope.ts'
import { session, sessionLost, watchSession } from './session.ts'

const longestWait = 60_000

/**
 * Calls `changed` for each event, and with undefined after a gap in which events may have been missed.
 * Follows the session: closed when it ends, opened anew for another post. Answers the way to stop.
 */
export function listen(changed: (event: LiveEvent | undefined) => void): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = 1000
  let gap = false
  let at = ''

  const close = () => {
    clearTimeout(timer)
    source?.close()
    source = undefined
  }
  const open = () => {
    close()
    const { state } = session()
    if (state !== 'signedIn' || typeof EventSource === 'undefined') return
    source = new EventSource('/api/live')
    source.addEventListener('open', () => {
      wait = 1000
      if (gap) changed(undefined)
      gap = false
    })
    source.addEventListener('changed', (event) => {
      const read = LiveEvent.safeParse(parsed(event.data))
      if (read.success) changed(read.data)
    })
    source.addEventListener('ended', () => {
      close()
      sessionLost()
    })
    source.addEventListener('error', () => {
      gap = true
      // The browser itself tries again unless the server refused: then later and later.
      if (source?.readyState !== EventSource.CLOSED) return
      timer = setTimeout(open, wait * (0.75 + Math.random() / 2))
      wait = Math.min(wait * 2, longestWait)
    })
  }
  const stop = watchSession(({ state, account, post }) => {
    const now = `${state} ${account} ${post?.id}`
    if (now !== at) open()
    at = now
  })
  open()
  return () => {
    stop()
    close()
  }
}

function parsed(data: unknown): unknown {
  try {
    return JSON.parse(String(data))
  } catch {
    return undefined
  }
}

const refreshing = new Set<string>()

/** Whether the query with this hash is being asked again because of a live event. */
export const isRefresh = (queryHash: string): boolean => refreshing.has(queryHash)

/** Whether a query's key belongs to a list: `orders` → `orders` and `orders.list`. */
export const belongs = (key: readonly unknown[], list: string): boolean =>
  typeof key[0] === 'string' && (key[0] === list || key[0].startsWith(`${list}.`))

/** Asks again what an event touched; what is on a screen now is asked as a refresh. */
export async function refresh(client: QueryClient, event: LiveEvent | undefined): Promise<void> {
  const predicate = ({ queryKey }: { queryKey: readonly unknown[] }) => !event || belongs(queryKey, event.list)
  const shown = client
    .getQueryCache()
    .findAll({ predicate, type: 'active' })
    .map((query) => query.queryHash)
  for (const hash of shown) refreshing.add(hash)
  try {
    await client.invalidateQueries({ predicate })
  } finally {
    for (const hash of shown) refreshing.delete(hash)
  }
}
