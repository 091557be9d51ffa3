// A town for journeys: a real server with the real sign-in over a database of its own, and a small community of invented people.
// The server can be stopped and started again on the same port, as a network goes and comes.
import { createServer as plain } from 'node:http'
import { createServer as secure } from 'node:https'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { serve } from '@hono/node-server'
import { sql, type RawBuilder } from 'kysely'
import type { Page } from 'playwright-core'
import { inject } from 'vitest'
import { headers, type Contract, type Input, type Output } from '#core/contract.ts'
import { instantOf } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import { fromBody, type ProblemBody } from '#core/problem.ts'
import { kyselyOf, poolOf } from '#server/database/connect.ts'
import { bossJobs } from '#server/jobs.ts'
import { openKeyRing } from '#server/keys/ring.ts'
import { silentLog } from '#server/log.ts'
import { openOver, type Running } from '#server/start.ts'
import { asSystem } from '#server/system.ts'
import { ensureWeb } from '#server/web-build.ts'
import type { Ctx } from '#server/house.ts'
import type { Role } from '#modules/identity/model.ts'
import { createAccount, identify, openSession, sees } from '#modules/identity/server.ts'
import { addHousehold, addPerson, addTag, joinHousehold } from '#modules/residents/server.ts'
import type { PersonDetails, Relation, Tag } from '#modules/residents/model.ts'
import { loadTown } from '#modules/territory/server.ts'
import { modules } from '#app/modules.ts'
import { databaseUrl, onServer } from '#app/testing-setup.ts'
import { secureHost, type Certificates } from './browser/tls.ts'

/** Codes of the sample tree: one community of one precinct with two grids. */
export const places = {
  county: '340301',
  street: '340301001',
  community: '340301001001',
  precinct: '34030100100101',
  grid: '34030100100101001',
  grid2: '34030100100101002',
} as const

/** Everybody's password. It opens nothing but throw-away towns. */
export const password = 'plum-garden-22'

/** Who works here, by user name. `secretary` sees the whole community, `li` and `wang` one grid each. */
const staff = {
  li: ['李网格', 'gridWorker', places.grid],
  wang: ['王网格', 'gridWorker', places.grid2],
  secretary: ['陈书记', 'communitySecretary', places.community],
  officer: ['街道周专员', 'subdistrictOfficer', places.street],
  auditor: ['审计员', 'auditor', places.county],
} as const satisfies Record<string, readonly [name: string, role: Role, area: string]>
export type Staff = keyof typeof staff

type Someone = { name: string; relation: Relation; phone?: string; idNumber?: string; tag?: Tag }
type Home = { building: string; unit: string | null; room: string; grid: string; people: readonly Someone[]; vacant?: true }

const head = (name: string, phone?: string, tag?: Tag): Someone => ({
  name,
  relation: 'head',
  ...(phone ? { phone } : {}),
  ...(tag ? { tag } : {}),
})
const kin = (name: string, relation: Relation): Someone => ({ name, relation })
const at = (building: string, unit: string | null, room: string, grid: string, ...people: Someone[]): Home => ({
  building,
  unit,
  room,
  grid,
  people,
})

/** A made-up number whose check digit fits; registered in grid 2. */
export const knownIdNumber = '340301198001010014'

/**
 * Fourteen doors. Grid 1: building 1 in two units; two households share 202, nobody is registered at 302, 301 of unit 2 is vacant.
 * Grid 2: building 2 without units.
 */
export const homes: readonly Home[] = [
  at('1号楼', '1单元', '101', places.grid, head('王秀兰', '13800000101', 'livesAlone')),
  at('1号楼', '1单元', '102', places.grid, head('张建国', '13800000102'), kin('刘桂芳', 'spouse'), kin('张小宝', 'grandchild')),
  at('1号楼', '1单元', '201', places.grid, head('赵德柱', '13800000201'), kin('孙丽华', 'spouse')),
  at('1号楼', '1单元', '202', places.grid, head('周海燕', '13800000202')),
  at('1号楼', '1单元', '202', places.grid, head('吴志强', '13800000203')),
  at('1号楼', '1单元', '301', places.grid, head('郑文静', '13800000301'), kin('何俊杰', 'spouse'), kin('何雨桐', 'child')),
  at('1号楼', '1单元', '302', places.grid),
  at('1号楼', '2单元', '101', places.grid, head('冯国庆', '13800000111')),
  at('1号楼', '2单元', '102', places.grid, head('陈美玲', undefined, 'noSmartphone'), kin('褚伟', 'child')),
  at('1号楼', '2单元', '201', places.grid, head('欧阳雪', '13800000121')),
  at('1号楼', '2单元', '202', places.grid, head('阿依古丽·买买提', '13800000122'), kin('沈阳', 'spouse')),
  { ...at('1号楼', '2单元', '301', places.grid), vacant: true },
  at('2号楼', null, '101', places.grid2, { ...head('韩冰', '13800000131'), idNumber: knownIdNumber }),
  at('2号楼', null, '102', places.grid2, head('杨帆', '13800000132'), kin('朱琳', 'spouse')),
]

/** Somebody of the staff who speaks to the server without a page. Throws the `Problem` that comes back. */
export type Caller = {
  readonly account: Id
  readonly ask: <C extends Contract<'query'>>(contract: C, input: Input<C>) => Promise<Output<C>>
  readonly tell: <C extends Contract<'command'>>(contract: C, input: Input<C>, id?: Id) => Promise<Output<C>>
  /** `name=value` of the session's cookie, for a browser that need not sign in by hand. */
  readonly cookie: string
}

export type Town = {
  readonly running: Running
  readonly as: (who: Staff) => Promise<Caller>
  /** Rows as the superuser sees them: what is really in the database. */
  readonly rows: <T>(query: RawBuilder<T>) => Promise<T[]>
  /** The server, listening. `stop` ends it with all its connections, `start` puts it back on the same port. */
  readonly serve: (options?: { tls?: Certificates; host?: string }) => Promise<Served>
  readonly close: () => Promise<void>
}
export type Served = {
  readonly origin: string
  readonly port: number
  readonly stop: () => Promise<void>
  readonly start: () => Promise<void>
}

/** A page at an address of the house, signed in by a session's cookie. `open` makes it, in the size that is wanted. */
export async function signedIn(
  open: (url: string) => Promise<Page>,
  served: Served,
  cookie: string,
  path: string,
): Promise<Page> {
  const [name, value] = cookie.split('=') as [string, string]
  const page = await open(`${served.origin}/healthz`)
  await page.context().addCookies([{ name, value, url: served.origin }])
  await page.goto(`${served.origin}${path}`)
  return page
}

let towns = 0

type Raising = { web?: boolean; now?: () => number; empty?: boolean }
/**
 * Raises the town. `web: false` leaves the pages out, for a journey that needs none; `now` is another clock for the house; `empty`: nobody
 * has set it up yet.
 */
export async function raiseTown({ web = true, now = Date.now, empty = false }: Raising = {}): Promise<Town> {
  const ground = inject('ground')
  const dist = web ? await ensureWeb({ root: resolve(import.meta.dirname, '..') }) : undefined
  const name = `${ground.template}_${process.pid}_town${++towns}`
  await onServer(ground.adminUrl, `create database ${name} template ${ground.template}`)
  const adminPool = poolOf(databaseUrl(ground.adminUrl, name), { max: 2 })
  const admin = kyselyOf(adminPool)
  const working = databaseUrl(ground.workingUrl, name)
  const jobs = await bossJobs(
    working,
    ground.meta.rolePrefix,
    modules.flatMap((m) => m.jobs ?? []),
    silentLog,
  )
  const running = await openOver({
    modules,
    meta: ground.meta,
    working,
    log: silentLog,
    jobs,
    identify,
    sees,
    now,
    keys: await openKeyRing({ dir: ground.keysDir, dataId: ground.meta.dataId, fresh: false }),
    ...(dist ? { web: dist } : {}),
  })
  for (const { prepare } of modules) await prepare?.(running.house)
  await jobs.start(running.house)
  const accounts = empty ? undefined : await settle(running)
  const listening = new Set<Served>()
  return {
    running,
    as: async (who) => {
      if (!accounts) throw new Error('Nobody works in an empty house yet.')
      return callerOf(running, accounts[who])
    },
    rows: async <T>(query: RawBuilder<T>) => (await query.execute(admin)).rows,
    serve: async (options) => {
      const served = await listen(running, options)
      listening.add(served)
      return served
    },
    close: async () => {
      for (const served of listening) await served.stop()
      await running.close()
      await adminPool.end()
      await onServer(ground.adminUrl, `drop database if exists ${name} with (force)`)
    },
  }
}

/** Areas, accounts, houses and who lives there. */
async function settle({ house }: Running): Promise<Record<Staff, Id>> {
  await asSystem(house, places.county, 'journey.areas', (ctx) =>
    loadTown(ctx, {
      areas: [
        { code: places.county, name: '江湾区' },
        { code: places.street, name: '临江街道' },
        { code: places.community, name: '梅园社区' },
        { code: places.precinct, name: '第一片区' },
        { code: places.grid, name: '第1网格' },
        { code: places.grid2, name: '第2网格' },
      ],
    }),
  )
  const accounts = {} as Record<Staff, Id>
  for (const [username, [name, role, area]] of Object.entries(staff) as [Staff, readonly [string, Role, string]][]) {
    accounts[username] = await createAccount(house, {
      area: area.slice(0, 12),
      username,
      name,
      password,
      assignments: [{ role, area }],
    })
  }
  await asSystem(house, places.community, 'journey.homes', async (ctx) => {
    const { dwellings } = await loadTown(ctx, {
      community: places.community,
      compounds: [{ name: '梅园小区', type: 'commodityHousing', propertyManager: '梅园物业' }],
      dwellings: homes.map(({ building, unit, room, grid, vacant }) => ({
        compound: '梅园小区',
        building,
        unit,
        room,
        grid,
        use: vacant ? 'vacant' : 'owner',
      })),
    })
    for (const [i, home] of homes.entries()) if (home.people.length > 0) await moveIn(ctx, dwellings[i]!, home)
  })
  return accounts
}

async function moveIn(ctx: Ctx, dwelling: Id, { people }: Home): Promise<void> {
  const household = await addHousehold(ctx, { dwelling, tenure: 'owner' }, 'import', newId())
  for (const { name, relation, phone, idNumber, tag } of people) {
    const entry: PersonDetails = {
      name,
      idType: idNumber ? 'idCard' : 'notRecorded',
      ...(phone ? { phone } : {}),
      ...(idNumber ? { idNumber } : {}),
    }
    const person = await addPerson(ctx, entry, 'import', newId())
    await joinHousehold(ctx, person, household, relation)
    if (tag) await addTag(ctx, person, tag, 'import', newId())
  }
}

async function callerOf({ house, app }: Running, account: Id): Promise<Caller> {
  const { cookie } = await openSession(house, account)
  const send = async (contract: Contract, input: unknown, id: Id) => {
    const response = await app.request(`/api/${contract.name}`, {
      method: 'POST',
      body: JSON.stringify({ input }),
      headers: { 'content-type': 'application/json', cookie, [headers.key]: id, [headers.sentAt]: instantOf(Date.now()) },
    })
    const body: unknown = await response.json()
    if (!response.ok) throw fromBody(body as ProblemBody)
    return body
  }
  return {
    account,
    cookie,
    ask: (contract, input) => send(contract, input, newId()) as never,
    tell: (contract, input, id = newId()) => send(contract, input, id) as never,
  }
}

async function listen(
  { app }: Running,
  { tls, host = tls ? secureHost : '127.0.0.1' }: { tls?: Certificates; host?: string } = {},
): Promise<Served> {
  const open = (port: number) =>
    new Promise<ReturnType<typeof serve>>((ready, failed) => {
      const server = serve(
        {
          fetch: app.fetch,
          port,
          hostname: '127.0.0.1',
          ...(tls
            ? { createServer: secure, serverOptions: { key: readFileSync(tls.keyFile), cert: readFileSync(tls.certFile) } }
            : { createServer: plain }),
        },
        () => ready(server),
      )
      server.once('error', failed)
    })
  let server: ReturnType<typeof serve> | undefined = await open(0)
  const { port } = server.address() as AddressInfo
  return {
    port,
    origin: `${tls ? 'https' : 'http'}://${host}:${port}`,
    start: async () => {
      server ??= await open(port)
    },
    stop: async () => {
      const running = server
      server = undefined
      if (!running) return
      await new Promise<void>((done) => {
        running.close(() => done())
        if ('closeAllConnections' in running) running.closeAllConnections()
      })
    },
  }
}

/** How many rows of a table stand, for the plainest of questions. */
export const countOf = async (town: Town, table: string): Promise<number> =>
  (await town.rows(sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`))[0]!.n
