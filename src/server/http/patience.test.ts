// A query that runs away is stopped: by the clock, and when whoever asked has gone. What is told is carried out all the same.
import { serve } from '@hono/node-server'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { sample, story, type Town } from '#app/testing.ts'
import { command, query } from '#core/contract.ts'
import { newId } from '#core/ids.ts'
import { text } from '#core/text.ts'
import { answer, handle, type House } from '../house.ts'
import { appOf } from './app.ts'

const terms = {
  title: text('慢', 'Slow'),
  may: ['communitySecretary'],
  input: z.object({ seconds: z.number() }),
  output: z.object({ slept: z.boolean() }),
}
const [ask, tell] = [query('lamps.wait', terms), command('lamps.sleep', terms)]

/** A server with one slow question and one slow deed. */
async function slow(town: Town, change: Partial<House> = {}) {
  const { who } = town.as('communitySecretary', sample.community)
  let done = 0
  const sleep = async ({ seconds }: { seconds: number }, { tx }: { tx: Parameters<Parameters<House['within']>[1]>[0] }) => {
    await sql`select pg_sleep(${seconds}::float8)`.execute(tx)
    done++
    return { slept: true }
  }
  const app = appOf({
    house: { ...town.running.house, ...change },
    live: town.running.live,
    healthy: async () => true,
    sees: () => new Set(),
    identify: async () => who,
    modules: [{ name: 'lamps', handlers: [answer(ask, sleep), handle(tell, sleep, sleep)], tables: {}, migrations: [] }],
  })
  const listening = await new Promise<{ port: number; server: ReturnType<typeof serve> }>((ready) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => ready({ port, server }))
  })
  const post = (name: string, seconds: number, signal?: AbortSignal) =>
    fetch(`http://127.0.0.1:${listening.port}/api/${name}`, {
      method: 'POST',
      body: JSON.stringify({ input: { seconds } }),
      signal: signal ?? null,
      headers: { 'content-type': 'application/json', 'idempotency-key': newId() },
    })
  return {
    post,
    done: () => done,
    close: () => {
      listening.server.close()
    },
  }
}

const sleeping = async (town: Town): Promise<number> =>
  (
    await sql<{ n: number }>`
  select count(*)::int as n from pg_stat_activity where datname = current_database() and state = 'active' and query like 'select pg_sleep%'`.execute(
      town.admin,
    )
  ).rows[0]!.n

test(
  'what takes too long is stopped and answered in words',
  story(async (town) => {
    const { within } = town.running.house
    const { post, close } = await slow(town, {
      within: (scope, work, patience) =>
        within(scope, work, { ...patience, longest: Math.min(patience?.longest ?? Infinity, 300) }),
    })
    const response = await post('lamps.wait', 60)
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({
      code: 'door.tookTooLong',
      title: { zh: expect.stringMatching(/请缩短/), en: expect.stringMatching(/Narrow/) },
    })
    expect(await sleeping(town)).toBe(0)
    close()
  }),
)

test(
  'requests have a limit, jobs a longer one',
  story(async (town) => {
    const limit = async (longest?: number) =>
      town.running.house.within(
        sample.community,
        async (tx) =>
          (
            await sql<{
              ms: number
            }>`select extract(epoch from current_setting('statement_timeout')::interval) * 1000 as ms`.execute(tx)
          ).rows[0]!.ms,
        longest ? { longest } : {},
      )
    expect(await limit(60_000)).toBe(60_000)
    expect(await limit()).toBe(600_000)
  }),
)

test(
  'a question is dropped when whoever asked has gone; a deed is done',
  story(async (town) => {
    const { post, done, close } = await slow(town)
    const asking = new AbortController()
    const asked = post('lamps.wait', 600, asking.signal).catch(() => 'gone')
    await expect.poll(() => sleeping(town), { timeout: 20_000 }).toBe(1)
    asking.abort()
    expect(await asked).toBe('gone')
    await expect.poll(() => sleeping(town), { timeout: 20_000 }).toBe(0)
    expect(done()).toBe(0)
    const telling = new AbortController()
    const told = post('lamps.sleep', 1.5, telling.signal).catch(() => 'gone')
    await expect.poll(() => sleeping(town), { timeout: 20_000 }).toBe(1)
    telling.abort()
    await told
    await expect.poll(done, { timeout: 20_000 }).toBe(1)
    close()
  }),
)
