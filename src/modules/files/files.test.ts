// Photos and scans told through the door: what is taken and in which shape, who sees what, and that nothing is kept in the clear.
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { sample, story, type Person, type Town } from '#app/testing.ts'
import type { Input } from '#core/contract.ts'
import { addFile, photoTerms, seeFile, thumbs } from '#core/files.ts'
import { newId, type Id } from '#core/ids.ts'
import { Problem } from '#core/problem.ts'
import { cleaned } from '#server/files/cleaned.ts'
import { rounds } from '#modules/disinfection/api.ts'
import { approveVersion, writePack } from '#modules/policy/api.ts'
import { held } from './api.ts'
import { pdf, pixel, png, tellsOf, tellTale, webp } from './pictures.testing.ts'

const { record, correct, withdraw, list, history } = rounds.contracts
const of = 'disinfection'
const round: Input<typeof record> = { begins: '08:00', ends: '08:20', place: 'elevator', surfaces: ['buttons'], method: 'wipe' }

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  )
const refusal = (bytes: Buffer): string => {
  try {
    cleaned(bytes)
    return 'taken'
  } catch (error) {
    return error instanceof Problem ? error.code : String(error)
  }
}
const add = (who: Person, bytes: Buffer, id: Id = newId(), thumb: Buffer | null = pixel) =>
  who.tell(addFile, { of, content: bytes.toString('base64'), thumb: thumb && thumb.toString('base64') }, { id })
const seenBy = (who: Person, file: Id) => codeOf(who.fetch(seeFile, { of, file }))
const people = (town: Town) => ({
  worker: town.as('gridWorker', sample.grid, '李网格员'),
  other: town.as('gridWorker', sample.grid2, '赵网格员'),
  secretary: town.as('communitySecretary', sample.community, '孙书记'),
  officer: town.as('subdistrictOfficer', sample.street),
  stranger: town.as('communitySecretary', sample.other),
  admin: town.as('administrator', sample.community),
})

describe('what is taken', () => {
  test('a picture is kept without anything written beside or behind it', () => {
    for (const [bytes, type] of [
      [tellTale(pixel, { behind: '<script>alert(1)</script>' }), 'jpeg'],
      [png(), 'png'],
      [webp(), 'webp'],
    ] as const) {
      expect(tellsOf(bytes), `${type} as it came`).not.toEqual([])
      const kept = cleaned(bytes)
      expect(kept).toMatchObject({ type, width: 1, height: 1 })
      expect(tellsOf(kept.bytes), type).toEqual([])
      expect(cleaned(kept.bytes).bytes, `${type}: cleaning twice changes nothing`).toEqual(kept.bytes)
    }
    expect(cleaned(pixel).bytes).toEqual(pixel)
  })

  test('type by content: markup, programs, half files and moving pictures are refused', () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    expect(refusal(svg)).toBe('files.wrongType')
    expect(refusal(Buffer.from('<!doctype html><html><body>not a picture</body></html>'))).toBe('files.wrongType')
    expect(refusal(Buffer.from('GIF89a and so on and on and on'))).toBe('files.wrongType')
    expect(refusal(Buffer.alloc(0))).toBe('files.wrongType')
    for (const whole of [pixel, png(), webp()])
      expect(refusal(whole.subarray(0, whole.length - 20)), 'cut off').toBe('files.damaged')
    expect(refusal(webp({ moving: true }))).toBe('files.moving')
    const changed = png()
    changed[changed.length - 14]! ^= 1
    expect(refusal(changed)).toBe('files.damaged')
  })

  test('a bomb of pixels is refused by its head', () => {
    expect(refusal(png(60_000, 60_000))).toBe('files.tooManyPixels')
    expect(refusal(png(0, 10))).toBe('files.damaged')
  })

  test('a scan passes; one that acts, carries or hides does not', () => {
    expect(refusal(pdf())).toBe('taken')
    expect(refusal(pdf({ packed: '1 0 << /Type /Page >>' }))).toBe('taken')
    for (const inside of [
      '/OpenAction << /S /JavaScript /JS (app.alert(1)) >>',
      '/OpenAction << /S /J#61vaScript >>',
      '/AA << /O << /S /Launch >> >>',
      '/Names << /EmbeddedFiles 3 0 R >>',
      '/AcroForm << >>',
    ]) {
      expect(refusal(pdf({ inside })), inside).toBe('files.activePdf')
    }
    expect(refusal(pdf({ packed: '1 0 << /S /JavaScript /JS (x) >>' })), 'in an object stream').toBe('files.activePdf')
    expect(refusal(pdf({ packed: ' '.repeat(80 * 1024 * 1024) })), 'a bomb').toBe('files.activePdf')
    expect(refusal(Buffer.concat([pdf(), Buffer.from('<script>x</script>')])), 'something behind its end').toBe('files.damaged')
  })
})

describe('through the door', () => {
  test(
    'a photo arrives once, cleaned, closed in the database, and is shown with headers that let nothing run',
    story(async (town) => {
      const { worker, secretary } = people(town)
      const id = newId()
      const first = await add(worker, tellTale(), id)
      expect(first).toEqual({ id, of, type: 'jpeg', bytes: pixel.length, width: 1, height: 1 })
      expect(await add(worker, tellTale(), id)).toEqual(first)
      expect(await codeOf(add(worker, webp(), id))).toBe('door.idTaken')
      await sql`delete from idempotency_keys`.execute(town.admin)
      expect(await add(worker, tellTale(), id), 'after the keys were swept').toEqual(first)
      const { rows } = await sql<{
        closed: Buffer
        thumb: Buffer
      }>`select closed, thumb from file_parts p join files f on f.id = p.file`.execute(town.admin)
      expect(rows).toHaveLength(1)
      for (const bytes of [rows[0]!.closed, rows[0]!.thumb]) {
        expect(bytes.includes('JFIF')).toBe(false)
        expect(bytes.toString('latin1')).not.toContain(pixel.toString('base64').slice(0, 40))
      }
      await worker.tell(record, { ...round, photos: [id] })
      expect(Buffer.from(await secretary.fetch(seeFile, { of, file: id }))).toEqual(pixel)
      const response = await secretary.raw(seeFile.name, { input: { of, file: id } })
      expect(
        Object.fromEntries(
          ['content-type', 'x-content-type-options', 'cache-control', 'content-security-policy'].map((name) => [
            name,
            response.headers.get(name),
          ]),
        ),
      ).toEqual({
        'content-type': 'image/jpeg',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'content-security-policy': `default-src 'none'; sandbox; frame-ancestors 'none'`,
      })
      expect(response.headers.get('content-disposition')).toMatch(
        /^attachment; filename\*=UTF-8''disinfection-2026-03-02-[0-9a-f]{6}\.jpg$/,
      )
      const { rows: looks } = await sql<{ outcome: string; record: string }>`
      select outcome, record from audit_log where contract = 'files.see' and record = ${id}`.execute(town.admin)
      expect(looks).toHaveLength(2)
      expect(await secretary.ask(held, {})).toEqual({ rows: [{ of, keep: 'work', files: 1, bytes: pixel.length }] })
    }),
  )

  test(
    'who sees it: its grid and the community; not the next grid, another community, a masked or an unrelated role',
    story(async (town) => {
      const { worker, other, secretary, officer, stranger, admin } = people(town)
      const { id } = await add(worker, tellTale())
      expect([await seenBy(worker, id), await seenBy(secretary, id)], 'no record names it yet').toEqual(['done', 'files.unknown'])
      const row = await worker.tell(record, { ...round, photos: [id] })
      expect(await seenBy(secretary, id)).toBe('done')
      expect(await seenBy(other, id)).toBe('files.unknown')
      expect(await seenBy(stranger, id)).toBe('files.unknown')
      expect(await codeOf(officer.fetch(seeFile, { of, file: id, community: sample.community }))).toBe('files.hidden')
      expect((await officer.ask(thumbs, { of, files: [id], community: sample.community })).rows).toEqual([])
      expect((await officer.ask(list, {})).rows[0]).toMatchObject({ id: row.id, photos: ['***'] })
      expect(['files.hidden', 'files.unknown']).toContain(await seenBy(admin, id))
      expect(await codeOf(admin.tell(addFile, { of, content: pixel.toString('base64') }))).toBe('files.notTaken')
      expect(await codeOf(worker.tell(addFile, { of: 'nothing', content: pixel.toString('base64') }))).toBe('files.hidden')
      expect(await codeOf(stranger.fetch(seeFile, { of, file: id, community: sample.community }))).toBe('scope.outOfReach')
      const small = await secretary.ask(thumbs, { of, files: [id, newId()] })
      expect(small.rows).toMatchObject([{ id, thumb: pixel.toString('base64') }])
    }),
  )

  test(
    'a correction keeps or replaces; the history shows both; a withdrawn record hides all',
    story(async (town) => {
      const { worker, secretary } = people(town)
      const [before, after] = [await add(worker, pixel), await add(worker, png())]
      const row = await worker.tell(record, { ...round, photos: [before.id] })
      const mended = await secretary.tell(correct, {
        replaces: row.id,
        reason: '补充',
        entry: { ...round, minutes: 30, photos: [before.id] },
      })
      expect(mended.photos).toEqual([before.id])
      const own = await add(secretary, webp())
      const twice = await secretary.tell(correct, {
        replaces: mended.id,
        reason: '换一张',
        entry: { ...round, photos: [own.id] },
      })
      expect((await worker.ask(history, { root: row.id })).rows.map((r) => r.photos)).toEqual([
        [before.id],
        [before.id],
        [own.id],
      ])
      expect([await seenBy(worker, before.id), await seenBy(worker, own.id), await seenBy(secretary, after.id)]).toEqual([
        'done',
        'done',
        'files.unknown',
      ])
      await secretary.tell(withdraw, { replaces: twice.id, reason: '重复登记' })
      expect([await seenBy(worker, before.id), await seenBy(secretary, own.id)]).toEqual(['files.unknown', 'files.unknown'])
      expect((await secretary.ask(thumbs, { of, files: [before.id, own.id] })).rows).toEqual([])
    }),
  )

  test(
    "naming somebody else's photo gives no right to it; a photo may come after its record",
    story(async (town) => {
      const { worker, other } = people(town)
      const { id } = await add(worker, pixel)
      expect(await codeOf(other.tell(record, { ...round, photos: [id] }))).toBe('files.notYours')
      const later = newId()
      await worker.tell(record, { ...round, photos: [later] })
      expect(await seenBy(worker, later)).toBe('files.unknown')
      await add(worker, pixel, later)
      expect(await seenBy(worker, later)).toBe('done')
      expect(await codeOf(worker.tell(record, { ...round, photos: [newId(), newId(), newId(), newId(), newId()] }))).toBe(
        'door.unreadable',
      )
    }),
  )

  test(
    'too long a file is refused; a long one comes back whole from its pieces',
    story(async (town) => {
      const { worker } = people(town)
      const long = Buffer.concat([pdf().subarray(0, -6), Buffer.alloc(500_000, '% scan\n'), Buffer.from('%%EOF\n')])
      const { id, type } = await add(worker, long, newId(), null)
      expect(type).toBe('pdf')
      expect(Buffer.from(await worker.fetch(seeFile, { of, file: id }))).toEqual(long)
      const tooLong = Buffer.concat([pdf().subarray(0, -6), Buffer.alloc(5 * 1024 * 1024, '% scan\n'), Buffer.from('%%EOF\n')])
      expect(['files.tooLarge', 'door.unreadable']).toContain(await codeOf(add(worker, tooLong, newId(), null)))
    }),
  )
})

test(
  'how far photos are shrunk is a rule of the place',
  story(async (town) => {
    const { worker } = people(town)
    expect(await worker.ask(photoTerms, {})).toEqual({ longest: 1600, kilobytes: 300 })
    const admin = (name: string) => town.as('administrator', sample.community, name)
    const pack = await admin('甲').tell(writePack, {
      areaCode: sample.community,
      title: '照片',
      effectiveFrom: '2026-03-01T16:00:00.000Z',
      correction: '网络慢',
      document: '本社区约定',
      values: { 'files.photos': { longest: 1024, kilobytes: 120 } },
    })
    await admin('乙').tell(approveVersion, { version: pack.versions[0]!.id })
    expect(await worker.ask(photoTerms, {})).toEqual({ longest: 1024, kilobytes: 120 })
  }),
)

test(
  'a file that no record names goes after the hours of the rule; one that any record ever named stays; the house says so in its log',
  story(async (town) => {
    const { worker } = people(town)
    const { house } = town.running
    const [lost, named, replaced, withdrawn] = [
      await add(worker, pixel),
      await add(worker, png()),
      await add(worker, webp()),
      await add(worker, pdf()),
    ]
    const row = await worker.tell(record, { ...round, photos: [replaced.id] })
    await worker.tell(correct, { replaces: row.id, reason: '换一张', entry: { ...round, photos: [named.id] } })
    const wrong = await worker.tell(record, { ...round, photos: [withdrawn.id] })
    await worker.tell(withdraw, { replaces: wrong.id, reason: '重复登记' })
    const left = async () =>
      (
        await sql<{ id: Id }>`select id from files where exists (select from file_parts p where p.file = id)`.execute(town.admin)
      ).rows
        .map(({ id }) => id)
        .sort()
    const sweep = async () => {
      await house.within(sample.community, (tx) => house.enqueue(tx, 'files.sweep', {}))
      await town.drain()
    }
    const all = [lost, named, replaced, withdrawn].map(({ id }) => id).sort()

    town.at('2026-03-04T00:59:00.000Z')
    const young = await add(worker, pixel)
    await sweep()
    expect(await left(), 'before 48 hours are over').toEqual([...all, young.id].sort())
    town.at('2026-03-04T01:01:00.000Z')
    await sweep()
    await sweep()
    expect(await left()).toEqual([...all.filter((id) => id !== lost.id), young.id].sort())
    expect(await seenBy(worker, lost.id)).toBe('files.unknown')
    const { rows } = await sql`select record, role, contract from audit_log where contract = 'files.forget'`.execute(town.admin)
    expect(rows).toEqual([{ record: lost.id, role: 'system', contract: 'files.forget' }])

    // The database itself keeps to it: no other community, and no bare delete.
    const inOther = (statement: ReturnType<typeof sql>) => house.within(sample.other, (tx) => statement.execute(tx))
    await expect(inOther(sql`select linli_forget_files(${sample.community}, now())`)).rejects.toThrow(/out of scope/)
    await expect(inOther(sql`delete from files`)).rejects.toThrow(/permission denied/)
  }),
)
