// Stories of a new generation of keys: real rows, a writer beside it, a crash in the middle, and the end of the old generation.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { sql } from 'kysely'
import { addFile, seeFile, thumbs } from '#core/files.ts'
import { newId, type Id } from '#core/ids.ts'
import { story, type Town } from '#app/testing.ts'
import { databaseUrl } from '#app/testing-setup.ts'
import { pdf, pixel } from '#modules/files/pictures.testing.ts'
import { addPerson, personColumns } from '#modules/residents/server/entering.ts'
import { documentOf, phoneOf } from '#modules/residents/server/standing.ts'
import { asSystem } from '../system.ts'
import { closedColumns, fieldsLeft, retireFields, rotateFields } from './rotate.ts'

let last = 0
/** A community of its own for each story: the stories of a run share one folder of keys. */
const ownCommunity = () => `34039900${process.pid % 100}${String(++last).padStart(2, '0')}`.padEnd(12, '1').slice(0, 12)

const numberOf = (n: number): string => `1380000${String(n).padStart(4, '0')}`

/** Registers people with a phone and a document; answers their roots. */
const settle = (town: Town, community: string, count: number): Promise<Id[]> =>
  asSystem(town.running.house, community, 'story', async (ctx) => {
    const people: Id[] = []
    for (let n = 0; n < count; n++) {
      people.push(
        await addPerson(
          ctx,
          { name: `居民${n}`, idType: 'passport', idNumber: `E${10_000_000 + n}`, phone: numberOf(n) },
          'import',
          newId(),
        ),
      )
    }
    return people
  })

const termsOf = async (town: Town) => ({
  admin: town.admin,
  rolePrefix: town.running.house.rolePrefix,
  keys: town.running.house.keys,
  now: town.running.house.now,
})

type Person = { root: Id; idCipher: Buffer; phoneCipher: Buffer; idDigest: Buffer }
const peopleOf = async (town: Town, community: string) =>
  (
    await sql<Person>`select root, id_cipher, phone_cipher, id_digest from residents_persons where community = ${community} order by phone_tail`.execute(
      town.admin,
    )
  ).rows

/** What every field says, opened by the key that it names. */
async function readAll(town: Town, community: string): Promise<[string, string][]> {
  const { keys } = town.running.house
  return (await peopleOf(town, community)).map((p) => [
    keys.decrypt(community, p.idCipher, documentOf(p.root)),
    keys.decrypt(community, p.phoneCipher, phoneOf(p.root)),
  ])
}
const expected = (count: number) => Array.from({ length: count }, (_, n) => [`E${10_000_000 + n}`, numberOf(n)])

test(
  'everything is closed again under the new generation, says the same, and is found by the same digests',
  story(async (town) => {
    const community = ownCommunity()
    await settle(town, community, 12)
    const before = await peopleOf(town, community)
    const terms = await termsOf(town)
    const told: string[] = []
    const done = await rotateFields({ ...terms, batch: 5, progress: (p) => told.push(`${p.column} ${p.rows}`) }, community)
    expect(done).toEqual({ community, resumed: false, closedAgain: 24, left: 0, unreadable: 0 })
    expect(told).toEqual(['id_cipher 5', 'id_cipher 5', 'id_cipher 2', 'phone_cipher 5', 'phone_cipher 5', 'phone_cipher 2'])
    expect(await readAll(town, community)).toEqual(expected(12))
    const after = await peopleOf(town, community)
    const active = terms.keys.fieldKeysOf(community).find((k) => k.state === 'active')!
    for (const [i, person] of after.entries()) {
      expect(person.idCipher.toString('base64url', 1, 7)).toBe(active.id)
      expect(person.idCipher.equals(before[i]!.idCipher)).toBe(false)
      expect(person.idDigest.equals(before[i]!.idDigest)).toBe(true)
    }
    const { rows } =
      await sql`select contract, shown from audit_log where community = ${community} and contract like 'keys.%'`.execute(
        town.admin,
      )
    expect(rows).toEqual([{ contract: 'keys.rotate', shown: 24 }])
  }),
)

test(
  'killed in the middle: both generations open, and the next run goes on with the same one',
  story(async (town) => {
    const community = ownCommunity()
    const count = 40
    await settle(town, community, count)
    const ground = inject('ground')
    const {
      rows: [here],
    } = await sql<{ name: string }>`select current_database() as name`.execute(town.admin)
    const child = spawn(
      process.execPath,
      [
        join(import.meta.dirname, 'rotate.testing.ts'),
        databaseUrl(ground.adminUrl, here!.name),
        ground.keysDir,
        ground.meta.dataId,
        ground.meta.rolePrefix,
        community,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    await once(child.stdout!, 'data')
    child.kill('SIGKILL')
    await once(child, 'exit')

    const terms = await termsOf(town)
    const left = await fieldsLeft(terms, community)
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThan(2 * count)
    expect(await readAll(town, community)).toEqual(expected(count))
    const generations = terms.keys.fieldKeysOf(community).length

    expect(await retireFields(terms, community, '9999')).toEqual([])
    expect(await rotateFields(terms, community)).toEqual({ community, resumed: true, closedAgain: left, left: 0, unreadable: 0 })
    expect(terms.keys.fieldKeysOf(community)).toHaveLength(generations)
    expect(await readAll(town, community)).toEqual(expected(count))
  }),
)

test(
  'who writes meanwhile is not lost, and the old generation ends only when nothing refers to it',
  story(async (town) => {
    const community = ownCommunity()
    await settle(town, community, 6)
    const terms = await termsOf(town)
    const { house } = town.running
    // A writer that had the old key in mind commits after the rotation.
    const late = newId()
    const columns = await asSystem(house, community, 'story', async (ctx) =>
      personColumns(ctx, late, { name: '晚到', idType: 'passport', idNumber: 'E10000006', phone: numberOf(6) }),
    )
    await rotateFields(terms, community)
    await sql`insert into residents_persons (community, id, root, occurred_at, counted_on, recorded_at, recorded_by, how, digest, name, pinyin, initials,
      id_type, id_cipher, id_digest, phone_cipher, phone_digest, phone_tail)
    values (${community}, ${late}, ${late}, now(), current_date, now(), ${late}, 'door', '\\x00', '晚到', ${columns.pinyin}, ${columns.initials},
      'passport', ${columns.idCipher}, ${columns.idDigest}, ${columns.phoneCipher}, ${columns.phoneDigest}, ${columns.phoneTail})`.execute(
      town.admin,
    )
    expect(await fieldsLeft(terms, community)).toBe(2)
    expect(await retireFields(terms, community, '9999')).toEqual([])
    expect(await readAll(town, community)).toEqual(expected(7))

    expect(await rotateFields(terms, community)).toMatchObject({ resumed: true, closedAgain: 2, left: 0 })
    expect(await retireFields(terms, community, new Date(Date.now() - 86_400_000).toISOString())).toEqual([])
    expect(await retireFields(terms, community, '9999')).toMatchObject([{ state: 'destroyed' }])
    expect(await readAll(town, community)).toEqual(expected(7))
  }),
)

test(
  'a scan in two pieces and its small picture open after their generation is gone',
  story(async (town) => {
    const community = ownCommunity()
    const worker = town.as('gridWorker', community)
    const scan = Buffer.concat([pdf().subarray(0, -6), Buffer.alloc(200_000, '% scan\n'), Buffer.from('%%EOF\n')])
    const file = newId()
    await worker.tell(
      addFile,
      { of: 'disinfection', content: scan.toString('base64'), thumb: pixel.toString('base64') },
      { id: file },
    )
    const terms = await termsOf(town)
    expect(await rotateFields(terms, community)).toMatchObject({ closedAgain: 3, left: 0, unreadable: 0 })
    expect(await retireFields(terms, community, '9999')).toMatchObject([{ state: 'destroyed' }])
    expect(Buffer.from(await worker.fetch(seeFile, { of: 'disinfection', file })).equals(scan)).toBe(true)
    const {
      rows: [small],
    } = await worker.ask(thumbs, { of: 'disinfection', files: [file] })
    expect(small!.thumb).toBe(pixel.toString('base64'))
  }),
)

test(
  'a field that does not open is counted and left as it is',
  story(async (town) => {
    const community = ownCommunity()
    const [one] = await settle(town, community, 2)
    await sql`update residents_persons set phone_cipher = overlay(phone_cipher placing '\\x00'::bytea from 30 for 1) where root = ${one}`.execute(
      town.admin,
    )
    const terms = await termsOf(town)
    expect(await rotateFields(terms, community)).toMatchObject({ closedAgain: 3, left: 1, unreadable: 1 })
    expect(await retireFields(terms, community, '9999')).toEqual([])
  }),
)

test(
  'the catalogue tells of every column whether it is closed',
  story(async (town) => {
    const { rows } = await sql<{ name: string }>`
    select c.relname || '.' || a.attname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where n.nspname = 'public' and c.relkind = 'r' and a.atttypid = 'bytea'::regtype and obj_description(c.oid) like 'community%'
      and a.attname !~ '(digest|signature|sha256|hash|salt)$' and coalesce(col_description(c.oid, a.attnum), '') not like 'closed: %'`.execute(
      town.admin,
    )
    expect(rows).toEqual([])
    const known = (await closedColumns(town.admin)).map((c) => `${c.table}.${c.column}`)
    expect(known).toContain('import_rows.closed')
  }),
)
