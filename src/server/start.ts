// Opens a house over a database: migrates, checks the working login, opens keys, jobs, live pages and the door.
import type { Hono } from 'hono'
import type { Pool } from 'pg'
import { backupsOf, type Backups, type BackupTerms } from './backup/backups.ts'
import { createOffers } from './offers.ts'
import { kyselyOf, poolOf, within, type Db } from './database/connect.ts'
import { houseMigrations, migrate, type Meta } from './database/migrate.ts'
import { refuseStrongLogin } from './database/roles.ts'
import type { House, Identify, Module, Sees } from './house.ts'
import { appOf } from './http/app.ts'
import { liveHub, touch, type LiveHub } from './http/live.ts'
import { bossJobs, memoryJobs, type Jobs } from './jobs.ts'
import { openKeyRing, type KeyRing } from './keys/ring.ts'
import { namedPassword } from './keys/passwords.ts'
import { stderrLog, type Log } from './log.ts'

export type Opening = {
  /** May create roles; used to migrate only. */
  readonly adminUrl: string
  /** A working login of the operator's; else one is made with a generated password beside the keys. */
  readonly appUrl?: string | undefined
  readonly kind: 'real' | 'demo'
  readonly keysDir: string
  readonly modules: readonly Module[]
  readonly identify: Identify
  readonly sees: Sees
  readonly now?: () => number
  readonly log?: Log
  readonly web?: string
  /** `memory`: jobs wait in this process and run by `jobs.drain`; for replays that live through other days than today. */
  readonly jobsIn?: 'database' | 'memory'
  /** Where backups go and how they are kept; without it the house makes none. */
  readonly backups?: Omit<BackupTerms, 'adminUrl' | 'keysDir'>
}

export type Running = {
  readonly house: House
  readonly app: Hono
  readonly jobs: Jobs
  readonly live: LiveHub
  readonly meta: Meta
  /** The working login's address, for the sign-in store's own pool. */
  readonly appUrl: string
  readonly close: () => Promise<void>
}

export const migrationsOf = (modules: readonly Module[]) => [...houseMigrations(), ...modules.flatMap((m) => m.migrations)]

/** Brings the database up to date and opens it for work. Jobs begin with `running.jobs.start(house)`. */
export async function openHouse(opening: Opening): Promise<Running> {
  const { adminUrl, appUrl, kind, keysDir, modules } = opening
  const password = appUrl ? undefined : namedPassword(keysDir, 'app')
  const login = appUrl ? { name: decodeURIComponent(new URL(appUrl).username) } : { password: password! }
  let keys: KeyRing | undefined
  const meta = await migrate(adminUrl, kind, migrationsOf(modules), async ({ dataId, keysMade }) => {
    keys = await openKeyRing({ dir: keysDir, dataId, fresh: !keysMade })
    return login
  })
  const working = appUrl ?? loginUrl(adminUrl, `${meta.rolePrefix}_app`, password!)
  const log = opening.log ?? stderrLog
  const known = modules.flatMap((m) => m.jobs ?? [])
  const jobs = opening.jobsIn === 'memory' ? memoryJobs(known) : await bossJobs(working, meta.rolePrefix, known, log)
  const backups = opening.backups && backupsOf({ ...opening.backups, adminUrl, keysDir }, keys!, migrationsOf(modules))
  const running = await openOver({ ...opening, meta, keys: keys!, working, jobs, log, backups })
  for (const { prepare } of modules) await prepare?.(running.house)
  return running
}

export const loginUrl = (adminUrl: string, user: string, password: string): string => {
  const url = new URL(adminUrl)
  url.username = encodeURIComponent(user)
  url.password = encodeURIComponent(password)
  return url.href
}

export type Over = Pick<Opening, 'modules' | 'identify' | 'sees' | 'now' | 'web'> & {
  readonly meta: Meta
  readonly keys: KeyRing
  readonly working: string
  readonly jobs: Jobs
  readonly log: Log
  readonly backups?: Backups | undefined
}

/** The house over a database that is up to date already: tests and replays open clones this way. */
export async function openOver({
  modules,
  identify,
  sees,
  now = Date.now,
  web,
  meta,
  keys,
  working,
  jobs,
  log,
  backups,
}: Over): Promise<Running> {
  const pool = poolOf(working)
  await refuseStrongLogin(pool, meta.rolePrefix)
  const db: Db = kyselyOf(pool)
  const live = liveHub(working, log)
  const besides: Pool[] = []
  const connect: House['connect'] = ({ role, ...options }) => {
    const beside = poolOf(working, { role: `${meta.rolePrefix}_${role}`, ...options })
    besides.push(beside)
    return beside
  }
  const titles = new Map(modules.flatMap((m) => m.handlers.map(({ contract }) => [contract.name, contract.title] as const)))
  const inputs = new Map(modules.flatMap((m) => m.handlers.map(({ contract }) => [contract.name, contract.input] as const)))
  const house: House = {
    db,
    rolePrefix: meta.rolePrefix,
    demo: meta.kind === 'demo',
    keys,
    log,
    now,
    backups,
    within: (scope, work, patience) => within(db, meta.rolePrefix, { scope, ...patience }, work),
    offered: createOffers(modules),
    titleOf: (contract) => titles.get(contract),
    inputOf: (contract) => inputs.get(contract),
    connect,
    enqueue: jobs.enqueue,
    touch,
    onEnd: live.onEnd,
  }
  const healthy = async () =>
    pool.query('select 1').then(
      () => true,
      () => false,
    )
  const app = appOf({ house, modules, identify, sees, live, healthy, ...(web ? { web } : {}) })
  const close = async () => {
    await jobs.close()
    await live.close()
    for (const beside of besides) await beside.end()
    // Kysely ends a pool only after its first query; the pool is ours either way.
    await pool.end()
  }
  return { house, app, jobs, live, meta, appUrl: working, close }
}
