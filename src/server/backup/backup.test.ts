// Backups, told with real databases and real files: what was saved comes back elsewhere, row for row; nothing else ever opens or half-opens.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { modules } from '#app/modules.ts'
import { sample } from '#app/testing.ts'
import { databaseUrl, onServer } from '#app/testing-setup.ts'
import type { Id } from '#core/ids.ts'
import { isProblem } from '#core/problem.ts'
import { pdf, pixel } from '#modules/files/pictures.testing.ts'
import { signIn, setUp } from '#modules/identity/api.ts'
import { identify, sees, setUpToken } from '#modules/identity/server.ts'
import { browser, secret } from '#modules/identity/testing.ts'
import { migrate } from '#server/database/migrate.ts'
import { cleaned } from '#server/files/cleaned.ts'
import { bytesOf, filesOf, thumbIn, writeFile } from '#server/files/store.ts'
import { openKeyRing } from '#server/keys/ring.ts'
import { verifyKeys } from '#server/keys/verify.ts'
import { silentLog } from '#server/log.ts'
import { migrationsOf, openHouse, type Running } from '#server/start.ts'
import { asSystem } from '#server/system.ts'
import { backupsOf, type Backups, type BackupTerms } from './backups.ts'
import { bringBack, drill } from './bringBack.ts'
import { makeBackup } from './make.ts'
import { headOf } from './restore.ts'
import { newSheet, readSheet } from './sheet.ts'

const ground = inject('ground')
const all = migrationsOf(modules)
const root = mkdtempSync(join(tmpdir(), 'linli-backup-test-'))
const made: string[] = []
const place = (name: string) => join(root, name)

/** An empty database of this test; its roles go with those of the run. */
async function database(called: string): Promise<string> {
  const name = `${ground.template}_b${process.pid}_${called}`
  await onServer(ground.adminUrl, `create database ${name}`)
  made.push(name)
  return databaseUrl(ground.adminUrl, name)
}

async function inDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return work(client).finally(() => client.end())
}

/** Every table of two schemas by plain SQL: rows and the digest of their sorted text. */
const pictureOf = (url: string): Promise<Record<string, string>> =>
  inDatabase(url, async (client) => {
    const { rows: tables } = await client.query<{
      name: string
    }>(`select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname in ('public', 'auth') and tablename not in ('linli_meta', 'linli_migrations', 'session', 'verification') order by 1`)
    const picture: Record<string, string> = {}
    for (const { name } of tables) {
      const { rows } = await client.query(
        `select count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' order by t::text collate "C")), '') as p from ${name} t`,
      )
      picture[name] = rows[0].p
    }
    return picture
  })

const open = (adminUrl: string, keysDir: string): Promise<Running> =>
  openHouse({ adminUrl, kind: 'real', keysDir, modules, identify, sees, log: silentLog, jobsIn: 'memory' })

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => {
      if (isProblem(error)) return error.code
      throw error
    },
  )

let url: string
let terms: BackupTerms
let backups: Backups
let house: Running
let closed: Buffer
/** A scan in two pieces, kept as a row under this id. */
const scan = Buffer.concat([pdf().subarray(0, -6), Buffer.alloc(200_000, '% scan\n'), Buffer.from('%%EOF\n')])
let photo: Id
const sheet = newSheet().join(' ')
const login = () => ({ password: 'a-password-of-this-test' })
const again = (name: string, more: object = {}) => ({
  file: place(`backups/${name}`),
  migrations: all,
  sheet,
  epochs: place('medium'),
  keysDir: place('keys-elsewhere'),
  ...more,
})

beforeAll(async () => {
  url = await database('home')
  terms = {
    adminUrl: url,
    keysDir: place('keys'),
    folder: place('backups'),
    dataDir: place('data'),
    most: 20,
    epochs: 'month',
    at: '02:30',
  }
  house = await open(url, terms.keysDir)
  backups = backupsOf(terms, house.house.keys, all)
  const { id, publicKey } = readSheet(sheet)
  closed = house.house.keys.encrypt(sample.community, 'register', '13800000000', 'x')
  photo = await asSystem(house.house, sample.community, 'story', async (ctx) => {
    await writeFile(ctx, { of: 'disinfection', keep: 'work', purpose: 'register', file: cleaned(scan), thumb: pixel })
    return ctx.id
  })
  mkdirSync(place('medium'))
  mkdirSync(place('data/files/340301001001'), { recursive: true })
  writeFileSync(place('data/files/340301001001/a.blob'), randomBytes(3_000_000))
  writeFileSync(
    join(terms.keysDir, 'backup.json'),
    JSON.stringify({ format: 1, sheets: [{ id, publicKey, confirmed: '' }], secondCopy: null, failure: null }),
    { mode: 0o600 },
  )
  const token = await setUpToken(house.house)
  await browser({ running: house, at: () => {} }).does(setUp, {
    token: token!,
    areaCode: sample.county,
    areaName: '望江区',
    communityCode: sample.community,
    communityName: '桃园社区',
    name: '管理员',
    username: 'keeper',
    password: secret,
  } as never)
  // Rows enough for several chunks, spelled in every awkward way, in a table of which nobody may change a row.
  await inDatabase(url, (client) =>
    client.query(`insert into audit_log (community, id, at, account, session, role, area, contract, outcome, purpose)
    select '340301001001', gen_random_uuid(), now(), gen_random_uuid(), 's', 'role', '340301001001', 'x.y', 'looked', repeat(md5(n::text), 12) || E'\\t\\\\N\\n\\r老王👵' || n
    from generate_series(1, 9000) n`),
  )
  await backups.exportEpochs(place('medium'))
})

afterAll(async () => {
  await house.close()
  for (const name of made) await onServer(ground.adminUrl, `drop database if exists ${name} with (force)`)
  rmSync(root, { recursive: true, force: true })
})

test('a sheet says which group is mistyped, and forgives what paper confuses', () => {
  const groups = newSheet()
  const typed = groups.join('-').toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l')
  expect(readSheet(typed).id).toBe(readSheet(groups.join('')).id)
  const other = (c: string) => (c === 'A' ? 'B' : 'A')
  for (let at = 0; at < 5; at += 1) {
    const wrong = groups.map((g, i) => (i === 2 ? g.slice(0, at) + other(g[at]!) + g.slice(at + 1) : g))
    expect(() => readSheet(wrong.join(''))).toThrow(/Group 3 /)
  }
  expect(() => readSheet(groups.slice(1).join(''))).toThrow(/there are 35/)
})

describe('from here to elsewhere', () => {
  let file: string
  beforeAll(async () => {
    const kept = await backups.make(Date.now)
    expect(kept.proved).toMatchObject({ ok: true })
    file = kept.file
  })

  test('every row, every key, every file; people sign in with the same password; the generation rises', async () => {
    const elsewhere = await database('elsewhere')
    const restored = await bringBack(again(file), { adminUrl: elsewhere, filesTo: place('data-elsewhere'), login })
    expect(restored.rows).toBeGreaterThan(9000)
    expect(await pictureOf(elsewhere)).toEqual(await pictureOf(url))
    expect(
      readFileSync(place('data-elsewhere/files/340301001001/a.blob')).equals(
        readFileSync(place('data/files/340301001001/a.blob')),
      ),
    ).toBe(true)

    const running = await open(elsewhere, place('keys-elsewhere'))
    try {
      expect(running.meta.dataId).toBe(house.meta.dataId)
      expect(running.meta.generation).toBeGreaterThan(house.meta.generation)
      expect(verifyKeys({ dir: place('keys-elsewhere'), dataId: house.meta.dataId }).problems).toEqual([])
      const b = browser({ running, at: () => {} })
      expect(await b.try(signIn, { username: 'keeper', password: 'something else' } as never)).toBe('identity.wrong')
      expect(await b.try(signIn, { username: 'keeper', password: secret } as never)).toMatchObject({ name: '管理员' })
      // Closed fields open with the keys that came along, and rows are numbered on from where they stood.
      expect(running.house.keys.decrypt(sample.community, closed, 'x')).toBe('13800000000')
      await asSystem(running.house, sample.community, 'story', async (ctx) => {
        expect((await bytesOf(ctx, photo)).equals(scan)).toBe(true)
        expect(thumbIn(ctx, (await filesOf(ctx, 'disinfection', [photo]))[0]!)).toBe(pixel.toString('base64'))
      })
      const seqs = await inDatabase(
        elsewhere,
        async (client) =>
          (await client.query('select max(seq) as seq, count(distinct seq)::int as n, count(*)::int as all from audit_log'))
            .rows[0],
      )
      expect(seqs.n).toBe(seqs.all)
      // Row security binds again, the owner included.
      const loose = await inDatabase(elsewhere, (client) =>
        client.query(`select relname from pg_class where relrowsecurity and not relforcerowsecurity`),
      )
      expect(loose.rows).toEqual([])
    } finally {
      await running.close()
    }
  })

  test('a target that is not empty is refused, and keys of other data too', async () => {
    expect(
      await codeOf(
        bringBack(again(file, { keysDir: place('keys'), epochs: undefined }), { adminUrl: url, filesTo: null, login }),
      ),
    ).toBe('backup.notEmpty')
    const strange = place('keys-strange')
    await openKeyRing({ dir: strange, dataId: crypto.randomUUID(), fresh: true })
    expect(
      await codeOf(bringBack(again(file, { keysDir: strange }), { adminUrl: await database('strange'), filesTo: null, login })),
    ).toBe('keys.foreign')
  })

  test('another sheet, no epoch key, the epochs of other data: each is said', async () => {
    const empty = { keysDir: place('keys-none') }
    expect(await codeOf(drill(again(file, { ...empty, sheet: newSheet().join('') })))).toBe('backup.otherSheet')
    expect(await codeOf(drill(again(file, { ...empty, epochs: undefined })))).toBe('backup.epochMissing')
    const copy = JSON.parse(readFileSync(readdir(place('medium')), 'utf8'))
    writeFileSync(place('others.json'), JSON.stringify({ ...copy, dataId: crypto.randomUUID() }))
    expect(await codeOf(drill(again(file, { ...empty, epochs: place('others.json') })))).toBe('backup.epochsOfOthers')
    writeFileSync(place('broken.json'), '{')
    expect(await codeOf(drill(again(file, { ...empty, epochs: place('broken.json') })))).toBe('backup.notEpochs')
    // An epoch key that is not the one of this backup, under its name.
    const forged = copy.epochs.map((one: { material: string }) => ({
      ...one,
      material: Buffer.alloc(32, 1).toString('base64url'),
    }))
    writeFileSync(place('forged.json'), JSON.stringify({ ...copy, epochs: forged }))
    expect(await codeOf(drill(again(file, { ...empty, epochs: place('forged.json') })))).toBe('backup.altered')
  })

  test('a changed byte, an exchanged chunk, a missing end, something added: nothing is restored', async () => {
    const whole = readFileSync(place(`backups/${file}`))
    const { bytes: begin } = await headOf(place(`backups/${file}`))
    const chunks: Buffer[] = []
    for (let at = begin; at < whole.length;) {
      const length = 4 + (whole.readUInt32BE(at) & 0x7fff_ffff)
      chunks.push(whole.subarray(at, at + length))
      at += length
    }
    expect(chunks.length).toBeGreaterThan(2)
    const head = whole.subarray(0, begin)
    const flipped = (at: number) => {
      const copy = Buffer.from(whole)
      copy[at]! ^= 1
      return copy
    }
    const [one, two, ...rest] = chunks as [Buffer, Buffer, ...Buffer[]]
    const cases: Record<string, [Buffer, string]> = {
      head: [flipped(whole.indexOf('"made":"') + 11), 'backup.altered'],
      key: [flipped(begin - 20), 'backup.altered'],
      body: [flipped(begin + 5_000), 'backup.altered'],
      last: [flipped(whole.length - 1), 'backup.altered'],
      exchanged: [Buffer.concat([head, two, one, ...rest]), 'backup.altered'],
      without: [Buffer.concat([head, one, ...rest]), 'backup.altered'],
      short: [whole.subarray(0, whole.length - 100), 'backup.cutShort'],
      endless: [Buffer.concat([head, ...chunks.slice(0, -1)]), 'backup.cutShort'],
      longer: [Buffer.concat([whole, whole.subarray(begin)]), 'backup.altered'],
      other: [Buffer.from('PK something else entirely'), 'backup.notABackup'],
      empty: [head.subarray(0, 40), 'backup.cutShort'],
    }
    const target = await database('refused')
    for (const [name, [content, code]] of Object.entries(cases)) {
      writeFileSync(place(`backups/${name}.bad`), content)
      await onServer(
        ground.adminUrl,
        `drop database ${new URL(target).pathname.slice(1)} with (force)`,
        `create database ${new URL(target).pathname.slice(1)}`,
      )
      expect([
        name,
        await codeOf(
          bringBack(again(`${name}.bad`, { keysDir: place(`keys-${name}`) }), { adminUrl: target, filesTo: null, login }),
        ),
      ]).toEqual([name, code])
      const rows = await inDatabase(target, async (c) =>
        (await c.query(`select to_regclass('audit_log') as t`)).rows[0].t ? (await c.query('select from audit_log')).rowCount : 0,
      )
      expect([name, rows]).toEqual([name, 0])
    }
    expect(await codeOf(bringBack(again('nowhere.linli'), { adminUrl: target, filesTo: null, login }))).toBe('backup.noFile')
  }, 180_000)

  test('a file that changed on the disk is noticed without any key', async () => {
    const path = place(`backups/${file}`)
    const whole = readFileSync(path)
    expect(await backups.check(Date.now())).toMatchObject({ file })
    writeFileSync(path, Buffer.concat([whole.subarray(0, -1), Buffer.from([whole.at(-1)! ^ 1])]))
    expect(await codeOf(backups.check(Date.now()))).toBe('backup.changedOnDisk')
    expect(backups.standing(Date.now()).failure).toMatchObject({ code: 'backup.changedOnDisk' })
    writeFileSync(path, whole)
  })
})

test('a backup of an older level comes back and is brought forward', async () => {
  const older = all.slice(0, -1)
  const before = await database('older')
  const keysDir = place('keys-older')
  await migrate(before, 'real', older, async ({ dataId }) => {
    await openKeyRing({ dir: keysDir, dataId, fresh: true })
    return login()
  })
  await inDatabase(before, (client) =>
    client.query(
      `insert into idempotency_keys values ('340301001001', gen_random_uuid(), 'a.b', gen_random_uuid(), '\\x00', now())`,
    ),
  )
  const { dataId } = await inDatabase(
    before,
    async (client) => (await client.query('select data_id as "dataId" from linli_meta')).rows[0],
  )
  const keys = await openKeyRing({ dir: keysDir, dataId, fresh: false })
  const source = {
    adminUrl: before,
    keysDir,
    dataDir: null,
    sheet: readSheet(sheet),
    epoch: keys.secret('backup'),
    made: new Date().toISOString(),
  }
  await makeBackup(source, place('older.linli'))
  const by = again('../older.linli', { keysDir, epochs: undefined })

  const after = await database('forward')
  const restored = await bringBack(by, { adminUrl: after, filesTo: null, login })
  expect(restored).toMatchObject({ level: older.length, ahead: 1, rows: 1 })
  const running = await open(after, keysDir)
  await running.close()
  const names = await inDatabase(after, async (client) =>
    (await client.query('select name from linli_migrations')).rows.map((r) => r.name),
  )
  expect(names).toContain(all.at(-1)!.name)

  const ours = { ...by, migrations: older.slice(0, -1) }
  expect(await codeOf(bringBack(ours, { adminUrl: await database('backward'), filesTo: null, login }))).toBe('backup.newerData')
  const changed = { ...by, migrations: older.map((m, i) => (i === 3 ? { ...m, sql: `${m.sql} ` } : m)) }
  expect(await codeOf(bringBack(changed, { adminUrl: await database('changed'), filesTo: null, login }))).toBe(
    'backup.otherMigration',
  )
})

describe('the end of an epoch', () => {
  test('ends its backups, those before and after stay', async () => {
    const first = await backups.make(Date.now, { prove: false })
    const second = house.house.keys.rotate('backup').id
    const later = await backups.make(Date.now, { prove: false })
    expect([first.epoch === later.epoch, later.epoch]).toEqual([false, second])
    // The medium was there: the second copy has followed by itself.
    expect(['well', 'sameDisk']).toContain(backups.standing(Date.now()).secondCopy.standing)
    writeFileSync(place('kept.linli'), readFileSync(place(`backups/${first.file}`)))

    const asked = backups.endEpoch(first.epoch, undefined, Date.now())
    expect(asked).toMatchObject({ ended: null, left: expect.any(Number) })
    expect(asked.lost).toContain(first.file)
    expect(() => backups.endEpoch(first.epoch, 'AAAAAA', Date.now())).toThrow(/confirmation code is wrong/)
    expect(existsSync(place(`backups/${first.file}`))).toBe(true)
    expect(backups.endEpoch(first.epoch, asked.code, Date.now()).ended).not.toBeNull()

    expect(existsSync(place(`backups/${first.file}`))).toBe(false)
    for (const from of [{ keysDir: terms.keysDir, epochs: undefined }, { keysDir: place('keys-none') }]) {
      expect(await codeOf(drill(again('../kept.linli', from)))).toBe('backup.epochEnded')
    }
    // Not even the ring inside a later backup opens it: epochs do not travel in backups.
    const elsewhere = place('keys-after')
    await bringBack(again(later.file, { keysDir: elsewhere }), { adminUrl: await database('after'), filesTo: null, login })
    expect(await codeOf(drill(again('../kept.linli', { keysDir: elsewhere, epochs: undefined })))).toBe('backup.epochEnded')
    const { epochs } = JSON.parse(readFileSync(readdir(place('medium')), 'utf8'))
    for (const { material } of epochs.filter((e: { id: string }) => e.id === first.epoch)) expect(material).toBeNull()
  })
})

test('without a sheet, inside the data, beside the keys: refused before anything is read, and the failure is kept for the page', async () => {
  const none = backupsOf({ ...terms, keysDir: place('keys-older') }, house.house.keys, all)
  expect(await codeOf(backupsOf({ ...terms, folder: place('data/backups') }, house.house.keys, all).make(Date.now))).toBe(
    'backup.insideData',
  )
  expect(await codeOf(backupsOf({ ...terms, folder: place('keys/backups') }, house.house.keys, all).make(Date.now))).toBe(
    'backup.besideKeys',
  )
  expect(backups.standing(Date.now()).failure).toMatchObject({ code: 'backup.besideKeys' })
  rmSync(place('keys-older/backup.json'), { force: true })
  expect(await codeOf(none.make(Date.now))).toBe('backup.noSheet')
})

test('a sheet counts when its groups were typed back', () => {
  const { id, groups, ask } = backups.newSheet(0)
  expect(() => backups.confirmSheet(id, ['AAAAA', groups[ask[1]! - 1]!], 0)).toThrow(new RegExp(`Group ${ask[0]} `))
  expect(() =>
    backups.confirmSheet(
      id,
      ask.map((n) => groups[n - 1]!),
      2 * 3_600_000,
    ),
  ).toThrow(/void/)
  backups.confirmSheet(
    id,
    ask.map((n) => groups[n - 1]!.toLowerCase()),
    0,
  )
  expect(backups.standing(0).sheet).toMatchObject({ id })
  expect(readFileSync(join(terms.keysDir, 'backup.json'), 'utf8')).not.toContain(groups[ask[0]! - 1])
})

test('only so many are kept, the last proved one always', async () => {
  const few = backupsOf({ ...terms, most: 1 }, house.house.keys, all)
  const proved = backups
    .standing(Date.now())
    .kept.filter(({ proved: p }) => p?.ok)
    .at(-1)
  await few.make(Date.now, { prove: false })
  const last = await few.make(Date.now, { prove: false })
  expect(few.standing(Date.now()).kept.map(({ file }) => file)).toEqual([...(proved ? [proved.file] : []), last.file])
})

const readdir = (folder: string): string => join(folder, `linli-epochs-${house.meta.dataId.slice(0, 8)}.json`)
