// The embedded database as people meet it: started, killed, shared, moved, refused. Real PostgreSQL, real kills.
import { type ChildProcess, spawn } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { isProblem, type Problem } from '#core/problem.ts'
import { copyPrograms, findBinaries, linkLibraries, npmNative, program, systemProgramsOf } from './binaries.ts'
import { type Embedded, type EmbeddedOptions, startEmbedded } from './launcher.ts'
import { canRun, isRoot, osUserFor } from './osUser.ts'
import { clusterOf } from './place.ts'
import { bringDown, findPostmaster } from './postmaster.ts'
import { recognise } from './say.ts'
import { throwAwayCluster } from './throwAway.ts'

const base = mkdtempSync(join(realpathSync(tmpdir()), 'linli-embedded-'))
chmodSync(base, 0o711)
const plain = { ...process.env, PG_BIN: undefined }
const started: Embedded[] = []
const children: ChildProcess[] = []
let count = 0

/** A data directory and a keys directory that nobody has used. */
const place = (): Pick<EmbeddedOptions, 'dataDir' | 'keysDir'> => {
  count += 1
  return { dataDir: join(base, `town${count}`, 'data'), keysDir: join(base, `keys${count}`) }
}

const start = async (options: EmbeddedOptions): Promise<Embedded> => {
  const embedded = await startEmbedded({ env: plain, ...options })
  started.push(embedded)
  return embedded
}

/** The same in a process of its own, so that it can be killed, and under the strictest umask. */
async function startElsewhere(options: Pick<EmbeddedOptions, 'dataDir' | 'keysDir'>) {
  const script = `
    process.umask(0o077)
    const { startEmbedded } = await import(${JSON.stringify(join(import.meta.dirname, 'launcher.ts'))})
    const embedded = await startEmbedded(${JSON.stringify(options)})
    console.log(JSON.stringify({ url: embedded.url, adopted: embedded.adopted }))
    process.stdin.once('data', () => embedded.stop().then(() => process.exit(0)))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    cwd: import.meta.dirname,
    env: { ...process.env, PG_BIN: '' },
  })
  children.push(child)
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk) => resolve(String(chunk)))
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it was ready`)))
  })
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  const stop = async () => {
    child.stdin.write('stop\n')
    await ended
  }
  return { ...(JSON.parse(line) as { url: string; adopted: boolean }), kill, stop }
}

async function ask<T extends pg.QueryResultRow>(url: string, sql: string, values: unknown[] = []): Promise<T[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<T>(sql, values)).rows
  } finally {
    await client.end()
  }
}

const problemOf = async (promise: Promise<unknown>): Promise<Problem> => {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!isProblem(error)) throw new Error(`expected a problem, got ${String(error)}`)
  return error
}

const problemIn = (attempt: () => unknown): Promise<Problem> => problemOf(Promise.resolve().then(attempt))

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const embedded of started.splice(0)) await embedded.stop()
}, 30_000)

afterAll(async () => {
  for (let i = 1; i <= count; i += 1) {
    const cluster = clusterOf(join(base, `town${i}`, 'data'))
    if (existsSync(cluster)) await bringDown(cluster, findBinaries())
  }
  rmSync(base, { recursive: true, force: true })
})

describe('a life', { timeout: 60_000 }, () => {
  test('what was committed before kill -9 is there afterwards, in the database that went on running', async () => {
    const where = place()
    const first = await startElsewhere(where)
    expect(first.adopted).toBe(false)
    await ask(first.url, 'create table kept (n int)')
    await ask(first.url, 'insert into kept select generate_series(1, 1000)')
    await first.kill()

    const second = await start(where)
    expect(second).toMatchObject({ adopted: true, url: first.url })
    expect(await ask(second.url, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }])
    await second.stop()
    expect(findPostmaster(clusterOf(where.dataDir))).toBeUndefined()

    const third = await start(where)
    expect(third.adopted).toBe(false)
    expect(await ask(third.url, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }])
  })

  test('it keeps what it promises, listens on the loopback only and takes no connection without the password', async () => {
    const embedded = await start(place())
    const [settings] = await ask<Record<string, string>>(
      embedded.url,
      `select current_setting('fsync') as fsync,
      current_setting('full_page_writes') as pages, current_setting('listen_addresses') as listens, current_setting('timezone') as zone,
      current_setting('data_checksums') as checksums, current_setting('server_encoding') as encoding, current_database() as name`,
    )
    expect(settings).toEqual({
      fsync: 'on',
      pages: 'on',
      listens: '127.0.0.1',
      zone: 'UTC',
      checksums: 'on',
      encoding: 'UTF8',
      name: 'linli',
    })
    const wrong = new URL(embedded.url)
    wrong.password = 'guessed'
    await expect(ask(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  })

  test('a value that was refused does not reach the log of the database', async () => {
    const where = place()
    const { url } = await start(where)
    await ask(url, 'create table one (name text primary key)')
    await ask(url, 'insert into one values ($1)', ['somebody-by-name'])
    await expect(ask(url, `insert into one values ('somebody-by-name')`)).rejects.toMatchObject({ code: '23505' })
    await expect(ask(url, `select 'somebody-by-name'::date`)).rejects.toMatchObject({ code: '22007' })
    const log = readFileSync(join(clusterOf(where.dataDir), 'log', 'postgres.log'), 'utf8')
    expect(log).toContain('ready to accept connections')
    expect(log).not.toContain('somebody-by-name')
  })

  test('when PostgreSQL itself is killed it comes up again at the same address, with its data', async () => {
    const where = place()
    const lines: string[] = []
    const { url } = await start({ ...where, log: (line) => lines.push(line.en) })
    await ask(url, 'create table kept as select 7 as n')
    process.kill(findPostmaster(clusterOf(where.dataDir))!.pid, 'SIGKILL')
    await expect.poll(() => ask(url, 'select n from kept').catch(() => []), { timeout: 20_000 }).toEqual([{ n: 7 }])
    await expect.poll(() => lines.join()).toContain('started again')
  })

  test('a pid file whose number belongs to a stranger by now does not stop it', async () => {
    const where = place()
    const first = await start(where)
    await first.stop()
    const cluster = clusterOf(where.dataDir)
    writeFileSync(join(cluster, 'postmaster.pid'), `${process.pid}\n${cluster}\n1\n5432\n\n127.0.0.1\n\nready\n`)
    expect(findPostmaster(cluster)).toBeUndefined()
    const second = await start(where)
    expect(second.adopted).toBe(false)
    expect(await ask(second.url, 'select 1 as n')).toEqual([{ n: 1 }])
  })
})

describe('several at once', { timeout: 90_000 }, () => {
  test('five processes that start on an empty directory share one database, and the last one out stops it', async () => {
    const where = place()
    const five = await Promise.all(Array.from({ length: 5 }, () => startElsewhere(where)))
    expect(new Set(five.map((one) => one.url)).size).toBe(1)
    expect(readdirSync(where.dataDir)).toEqual(['postgresql'])
    expect(readdirSync(where.keysDir)).toHaveLength(1)
    for (const one of five.slice(1)) await one.stop()
    expect(await ask(five[0]!.url, 'select 1 as n')).toEqual([{ n: 1 }])
    await five[0]!.stop()
    expect(findPostmaster(clusterOf(where.dataDir))).toBeUndefined()
  })

  test('a process that comes while the last one leaves always ends up with a database', async () => {
    const where = place()
    let leaving = await start(where)
    // Sometimes it adopts in time and sometimes it finds the database gone; both must end well.
    for (let round = 0; round < 8; round += 1) {
      const [coming] = await Promise.all([start(where), leaving.stop()])
      expect(await ask(coming.url, 'select 1 as n')).toEqual([{ n: 1 }])
      leaving = coming
    }
  })
})

describe('refusals that say what to do', { timeout: 60_000 }, () => {
  test('data of another major version is left untouched', async () => {
    const where = place()
    const cluster = clusterOf(where.dataDir)
    mkdirSync(cluster, { recursive: true })
    writeFileSync(join(cluster, 'PG_VERSION'), '12\n')
    const problem = await problemOf(start(where))
    expect(problem.code).toBe('embedded.otherVersion')
    expect(problem.say.en).toContain('PostgreSQL 12')
    expect(problem.say.en).toContain('PG_BIN')
    expect(readdirSync(cluster)).toEqual(['PG_VERSION'])
  })

  const older = [15, 16, 17].map(systemProgramsOf).find((dir) => dir !== undefined)
  test.skipIf(!older || !npmNative())(
    'data of an older PostgreSQL opens with its PG_BIN, and without it names that PG_BIN',
    async () => {
      const where = place()
      const withOlder = { ...where, env: { ...plain, PG_BIN: older } }
      const first = await start(withOlder)
      await ask(first.url, 'create table kept as select 7 as n')
      await first.stop()
      expect((await problemOf(start(where))).say.en).toContain(`PG_BIN=${older}`)
      const again = await start(withOlder)
      expect(await ask(again.url, 'select n from kept')).toEqual([{ n: 7 }])
    },
  )

  test('data without its key file is not opened and gets no new one', async () => {
    const where = place()
    await (await start(where)).stop()
    rmSync(where.keysDir, { recursive: true })
    expect((await problemOf(start(where))).code).toBe('embedded.passwordMissing')
    expect(existsSync(where.keysDir)).toBe(false)
  })

  test('a password that is not the one of this data', async () => {
    const where = place()
    await (await start(where)).stop()
    writeFileSync(join(where.keysDir, readdirSync(where.keysDir)[0]!), 'another\n')
    expect((await problemOf(start(where))).code).toBe('embedded.passwordWrong')
  })

  test('keys are kept apart from the data and closed to others', async () => {
    const where = place()
    const inside = await problemOf(start({ ...where, keysDir: join(where.dataDir, 'keys') }))
    expect(inside.code).toBe('embedded.keysInside')
    expect(existsSync(where.dataDir)).toBe(false)
    await start(where)
    const [file] = readdirSync(where.keysDir)
    expect(statSync(join(where.keysDir, file!)).mode & 0o777).toBe(0o600)
    expect(statSync(clusterOf(where.dataDir)).mode & 0o777).toBe(0o700)
  })

  test('a directory that the database cannot enter or write', async () => {
    const where = place()
    const closed = join(where.dataDir, 'closed')
    mkdirSync(closed, { recursive: true })
    chmodSync(closed, isRoot() ? 0o700 : 0o500)
    const problem = await problemOf(start({ ...where, dataDir: join(closed, 'data') }))
    expect(problem.code).toBe(isRoot() ? 'embedded.unreachable' : 'embedded.unreadable')
    expect(problem.say.zh).toContain(closed)
  })

  test('a directory with something else in it', async () => {
    const where = place()
    mkdirSync(clusterOf(where.dataDir), { recursive: true })
    writeFileSync(join(clusterOf(where.dataDir), 'letter.txt'), 'mine')
    expect((await problemOf(start(where))).code).toBe('embedded.notACluster')
  })

  test('a port that is taken', async () => {
    const first = await start(place())
    const port = Number(new URL(first.url).port)
    expect((await problemOf(start({ ...place(), port }))).details).toEqual({ port })
  })

  test.each([
    ['PANIC:  could not write to file "pg_wal/xlogtemp.1": No space left on device', 'embedded.diskFull'],
    ['initdb: error: could not create directory "/x": Permission denied', 'embedded.unreadable'],
    ['FATAL:  data directory "/x" has wrong ownership', 'embedded.unreadable'],
    ['FATAL:  something else', undefined],
  ])('%s', (words, code) => {
    expect(recognise(words, '/x')?.code).toBe(code)
  })
})

describe('where programs are', { timeout: 60_000 }, () => {
  test('PG_BIN comes first, and a wrong one is refused rather than passed over', async () => {
    const found = findBinaries(plain)
    expect(found.version).toBeGreaterThanOrEqual(15)
    expect(found.from).toBe(npmNative() ? 'npm' : 'system')
    expect(findBinaries({ PG_BIN: found.dir })).toEqual({ ...found, from: 'PG_BIN' })
    expect((await problemIn(() => findBinaries({ PG_BIN: base }))).code).toBe('embedded.programsUnusable')
  })

  const native = npmNative()
  const onLinux = native && process.platform === 'linux'
  test.skipIf(!onLinux)('programs whose library links were never made are mended, and run for the OS user', async () => {
    const bare = join(base, 'package', 'native')
    cpSync(native!, bare, { recursive: true, filter: (path) => !isLink(path) })
    cpSync(join(native!, '..', 'package.json'), join(bare, '..', 'package.json'))
    expect((await problemIn(() => findBinaries({ PG_BIN: join(bare, 'bin') }))).code).toBe('embedded.programsUnusable')

    const copied = copyPrograms(bare, join(base, 'programs'))
    expect(findBinaries({ PG_BIN: copied }).version).toBe(findBinaries(plain).version)
    const user = osUserFor(copied)
    if (user) expect(canRun(program({ dir: copied }, 'postgres'), user)).toBe(true)

    linkLibraries(bare)
    linkLibraries(bare)
    expect(findBinaries({ PG_BIN: join(bare, 'bin') }).version).toBe(findBinaries(plain).version)
  })
})

const links = new Set<string>()
const isLink = (path: string): boolean => {
  if (links.size === 0) {
    const list = JSON.parse(readFileSync(join(npmNative()!, 'pg-symlinks.json'), 'utf8')) as { target: string }[]
    for (const { target } of list) links.add(join(npmNative()!, '..', target))
  }
  return links.has(path)
}

describe('a cluster to throw away', { timeout: 60_000 }, () => {
  test('is there for a run and leaves nothing', async () => {
    const cluster = await throwAwayCluster()
    const [row] = await ask<{ dir: string; fsync: string }>(
      cluster.url,
      `select current_setting('data_directory') as dir, current_setting('fsync') as fsync`,
    )
    expect(row?.fsync).toBe('off')
    expect(existsSync(row!.dir)).toBe(true)
    await cluster.stop()
    expect(existsSync(row!.dir)).toBe(false)
    await expect(ask(cluster.url, 'select 1')).rejects.toThrow('ECONNREFUSED')
  })

  test('goes away by itself when the run is killed', async () => {
    const script = `
      const { throwAwayCluster } = await import(${JSON.stringify(join(import.meta.dirname, 'throwAway.ts'))})
      console.log((await throwAwayCluster()).url)
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: import.meta.dirname,
    })
    children.push(child)
    const url = await new Promise<string>((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk).trim())))
    const [row] = await ask<{ dir: string }>(url, `select current_setting('data_directory') as dir`)
    child.kill('SIGKILL')
    await expect.poll(() => existsSync(join(row!.dir, '..')), { timeout: 20_000 }).toBe(false)
    await expect(ask(url, 'select 1')).rejects.toThrow('ECONNREFUSED')
  })
})
