// Stories: each is told through the HTTP door of a house of its own, on a clone of the template, with real commits.
import { inject } from 'vitest'
import { headers, type Contract, type Input, type Output } from '#core/contract.ts'
import { instantOf, type Instant } from '#core/dates.ts'
import type { Clock } from '#core/fact.ts'
import { newId, type Id } from '#core/ids.ts'
import { fromBody, type ProblemBody } from '#core/problem.ts'
import { bodyOf } from '#core/upload.ts'
import { kyselyOf, poolOf, type Db } from '#server/database/connect.ts'
import type { Identify, Who } from '#server/house.ts'
import { memoryJobs } from '#server/jobs.ts'
import { openKeyRing } from '#server/keys/ring.ts'
import { silentLog } from '#server/log.ts'
import { openOver, type Running } from '#server/start.ts'
import { modules } from './modules.ts'
import { databaseUrl, onServer } from './testing-setup.ts'

/** A sample tree: one county, one street, two communities, grids 01 and 02 in precinct 01 of the first. */
export const sample = {
  county: '340301',
  street: '340301001',
  community: '340301001001',
  other: '340301001002',
  elsewhere: '340301002001',
  precinct: '34030100100101',
  grid: '34030100100101001',
  grid2: '34030100100101002',
} as const

type Telling = { id?: Id; clock?: Clock; sentAt?: Instant; device?: Id; post?: Id; refresh?: boolean }

/** Somebody at a post. `ask`, `tell` and `fetch` go through HTTP and throw the `Problem` that comes back. */
export type Person = {
  readonly who: Who
  readonly ask: <C extends Contract<'query'>>(contract: C, input: Input<C>, telling?: Telling) => Promise<Output<C>>
  readonly tell: <C extends Contract<'command'>>(contract: C, input: Input<C>, telling?: Telling) => Promise<Output<C>>
  readonly fetch: <C extends Contract<'download'>>(contract: C, input: Input<C>, telling?: Telling) => Promise<Uint8Array>
  readonly raw: (contract: string, body: unknown, telling?: Telling) => Promise<Response>
}

export type Town = {
  readonly running: Running
  /** Sets the server's clock. */
  readonly at: (instant: Instant) => void
  /** Somebody in a role at an area, signed in. The same name is the same account. */
  readonly as: (role: string, area: string, name?: string) => Person
  /** Runs what jobs are queued; answers how many ran. */
  readonly drain: () => Promise<number>
  /** The administrator's own connection: sees every row, for looking behind the door. */
  readonly admin: Db
  readonly request: (path: string, init?: RequestInit) => Promise<Response>
}

const morning: Instant = '2026-03-02T01:00:00.000Z'
let clones = 0

/** `test('…', story(async (town) => …))`. `identify` replaces the story's own sign-in by the real one. */
export const story =
  (tell: (town: Town) => Promise<void>, options: { identify?: Identify } = {}) =>
  async () => {
    const ground = inject('ground')
    const name = `${ground.template}_${process.pid}_${++clones}`
    await onServer(ground.adminUrl, `create database ${name} template ${ground.template}`)
    const adminPool = poolOf(databaseUrl(ground.adminUrl, name), { max: 2 })
    const admin = kyselyOf(adminPool)
    let now = Date.parse(morning)
    const people = new Map<string, Who>()
    const keys = await openKeyRing({ dir: ground.keysDir, dataId: ground.meta.dataId, fresh: false })
    const running = await openOver({
      modules,
      keys,
      meta: ground.meta,
      working: databaseUrl(ground.workingUrl, name),
      log: silentLog,
      now: () => now,
      jobs: memoryJobs(modules.flatMap((m) => m.jobs ?? [])),
      identify: options.identify ?? (async (request) => people.get(decodeURIComponent(request.headers.get('cookie') ?? ''))),
      sees: await seesOf(),
    })
    const request: Town['request'] = async (path, init) => running.app.request(path, init)
    const as: Town['as'] = (role, area, called = `${role}@${area}`) => {
      const before = people.get(called)
      const post = before?.posts.find((p) => p.role === role && p.area === area) ?? { id: newId(), role, area }
      const who: Who = {
        account: before?.account ?? newId(),
        name: called,
        session: before?.session ?? newId(),
        posts: [...(before?.posts ?? []).filter((p) => p !== post), post],
      }
      people.set(called, who)
      return personOf(request, who, called, post.id, () => now)
    }
    try {
      await tell({
        running,
        at: (instant) => {
          now = Date.parse(instant)
        },
        as,
        drain: () => running.jobs.drain(running.house),
        admin,
        request,
      })
    } finally {
      await running.close()
      await adminPool.end()
      await onServer(ground.adminUrl, `drop database if exists ${name} with (force)`)
    }
  }

/** What each role sees unmasked is identity's to say; before that module is registered nobody sees anything. */
async function seesOf() {
  const found = modules.find((m) => m.name === 'identity')
  if (!found) return () => new Set<never>()
  const { sees } = await import('#modules/identity/server.ts')
  return sees
}

function personOf(request: Town['request'], who: Who, called: string, postId: Id, now: () => number): Person {
  const raw: Person['raw'] = (contract, body, telling = {}) =>
    posted(contract, { body: JSON.stringify(body), type: 'application/json' }, telling)
  const posted = (
    contract: string,
    { body, type }: ReturnType<typeof bodyOf>,
    { id = newId(), sentAt, device, post = postId, refresh }: Telling,
  ) =>
    request(`/api/${contract}`, {
      method: 'POST',
      headers: {
        'content-type': type,
        cookie: encodeURIComponent(called),
        [headers.key]: id,
        [headers.post]: post,
        [headers.sentAt]: sentAt ?? instantOf(now()),
        ...(device ? { [headers.device]: device } : {}),
        ...(refresh ? { [headers.refresh]: '1' } : {}),
      },
      body,
    })
  const send = async (contract: Contract, input: unknown, telling: Telling = {}) => {
    const response = await posted(
      contract.name,
      bodyOf(contract, { input, ...(telling.clock ? { clock: telling.clock } : {}) }),
      telling,
    )
    if (!response.ok) throw fromBody((await response.json()) as ProblemBody)
    return response
  }
  return {
    who,
    raw,
    ask: async (contract, input, telling) => (await send(contract, input, telling)).json() as never,
    tell: async (contract, input, telling) => (await send(contract, input, telling)).json() as never,
    fetch: async (contract, input, telling) => new Uint8Array(await (await send(contract, input, telling)).arrayBuffer()),
  }
}
