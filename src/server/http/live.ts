// Live pages: an event says only that a list changed in an area; the page asks again through the door.
import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import { sql } from 'kysely'
import pg from 'pg'
import type { LiveEvent } from '#core/envelope.ts'
import type { Tx } from '../database/connect.ts'
import type { Who } from '../house.ts'
import type { Log } from '../log.ts'
import { communityOf } from '../scope.ts'

type Listener = { who: Who; send: (event: LiveEvent) => void; end: () => void }

export type LiveHub = {
  readonly add: (listener: Listener) => () => void
  /** Ends the streams of a session or of an account: it was revoked, signed out, or its posts changed. */
  readonly endSession: (ended: string) => void
  /** Called with the id of every session, account or device that ends in any process. */
  readonly onEnd: (hear: (ended: string) => void) => void
  readonly close: () => Promise<void>
}

const channel = 'linli_live'
const ending = 'linli_session_ended'

/** Tells live pages when the transaction commits; PostgreSQL sends equal notices of one transaction once. */
export async function touch(tx: Tx, list: string, area: string): Promise<void> {
  await sql`select pg_notify(${channel}, ${JSON.stringify({ list, area })})`.execute(tx)
}

/** Tells every server process, when the transaction commits, that a session, or all that an account or a device has open, ended. */
export async function announceEnd(tx: Tx, ended: string): Promise<void> {
  await sql`select pg_notify(${ending}, ${ended})`.execute(tx)
}

/** Whether a change in `area` (12 digits, padded above a community) concerns a post. */
const concerns = (who: Who, area: string): boolean => {
  const own = area.replace(/(000)+$/, '')
  return who.posts.some((p) => area.startsWith(communityOf(p.area)) || p.area.startsWith(own))
}

/** Listens on one connection of its own and hands events to the streams; reconnects when the database comes back. */
export function liveHub(url: string, log: Log): LiveHub {
  const listeners = new Set<Listener>()
  let closed = false
  let client: pg.Client | undefined

  const hearers: ((ended: string) => void)[] = []
  const endSession = (ended: string) => {
    for (const hear of hearers) hear(ended)
    for (const l of listeners) if (l.who.session === ended || l.who.account === ended) l.end()
  }
  const hear = ({ channel: on, payload }: pg.Notification) => {
    if (on === ending) return endSession(payload ?? '')
    const event = JSON.parse(payload ?? '{}') as LiveEvent
    for (const l of listeners) if (concerns(l.who, event.area)) l.send(event)
  }
  const connect = async (): Promise<void> => {
    if (closed) return
    client = new pg.Client({ connectionString: url })
    client.on('notification', hear)
    client.on('error', () => {})
    client.on('end', () => {
      if (!closed) setTimeout(() => void connect(), 1000)
    })
    try {
      await client.connect()
      await client.query(`listen ${channel}; listen ${ending}`)
    } catch (error) {
      log.warn('live.reconnect', { error: error instanceof Error ? error.name : '' })
      await client.end().catch(() => {})
    }
  }
  void connect()

  return {
    add: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    endSession,
    onEnd: (hear) => {
      hearers.push(hear)
    },
    close: async () => {
      closed = true
      for (const l of listeners) l.end()
      await client?.end().catch(() => {})
    },
  }
}

/** The stream of one page. A comment every 25 s keeps proxies from closing it. */
export function liveStream(c: Context, hub: LiveHub, who: Who): Response {
  return streamSSE(c, async (stream) => {
    await new Promise<void>((resolve) => {
      const remove = hub.add({
        who,
        send: (event) => void stream.writeSSE({ event: 'changed', data: JSON.stringify(event) }),
        end: () => {
          void stream.writeSSE({ event: 'ended', data: '{}' }).finally(resolve)
        },
      })
      const beat = setInterval(() => void stream.write(': beat\n\n'), 25_000)
      stream.onAbort(() => resolve())
      void stream.write(': open\n\n')
      const done = () => {
        clearInterval(beat)
        remove()
      }
      stream.onAbort(done)
    })
  })
}
