// Keeps the cluster for one process of ours: a session with a shared lock that PostgreSQL itself lets go when the process dies.
import pg from 'pg'
import { pause } from './programs.ts'

// Any constant will do; it only has to be the same in every version. The letters of "linli" in base 27.
const lock = 6_573_771
const longestPause = 5_000

// The client can do this; its published types leave it out.
type Client = pg.Client & { ref(): void; unref(): void }

export type Holder = {
  /** Lets go. True when nobody else holds the cluster: then it is ours to stop, and newcomers wait until it is gone. */
  letGo(): Promise<boolean>
  /** Ends the session, after letting go. */
  end(): Promise<void>
}

async function session(url: string, lost: () => void): Promise<Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'linli holder',
    connectionTimeoutMillis: 60_000,
    keepAlive: true,
  }) as Client
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query('select pg_advisory_lock_shared($1)', [lock])
  } catch (error) {
    await client.end().catch(() => undefined)
    throw error
  }
  client.on('end', lost)
  // A command that forgets to let go shall still end.
  client.unref()
  return client
}

/**
 * Holds the cluster at `url` until let go. When the session breaks although we did not let go, the database fell:
 * `raise` is asked to bring it up again, and again, at the same address, until it answers.
 */
export async function hold(url: string, raise: () => Promise<void>): Promise<Holder> {
  let leaving = false
  let client: Client | undefined = await session(url, lost)
  let raising: Promise<void> = Promise.resolve()

  function lost(): void {
    client = undefined
    if (!leaving) raising = raiseAgain()
  }

  async function raiseAgain(): Promise<void> {
    for (let wait = 50; !leaving; wait = Math.min(wait * 2, longestPause)) {
      try {
        await raise()
        client = await session(url, lost)
        return
      } catch {
        await pause(wait)
      }
    }
  }

  return {
    async letGo() {
      leaving = true
      await raising
      if (!client) return true
      client.ref()
      try {
        await client.query('select pg_advisory_unlock_shared($1)', [lock])
        const { rows } = await client.query('select pg_try_advisory_lock($1) as alone', [lock])
        return rows[0]?.alone === true
      } catch {
        return true
      }
    },
    async end() {
      await client?.end().catch(() => undefined)
    },
  }
}
