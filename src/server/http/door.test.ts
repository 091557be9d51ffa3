// What the door promises for every contract, told with the model ledger.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { sample, story, type Town } from '#app/testing.ts'
import { headers } from '#core/contract.ts'
import { seal, sealedFor, sealedType, SealKey } from '#core/envelope.ts'
import { newId } from '#core/ids.ts'
import { rounds } from '#modules/disinfection/api.ts'

const { record, list, withdraw } = rounds.contracts
const entry = {
  begins: '08:30',
  ends: '09:00',
  place: 'elevator',
  surfaces: ['buttons'],
  method: 'wipe',
  agent: '含氯消毒剂',
} as never

const rowsIn = async (town: Town, table: string): Promise<number> =>
  (await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(town.admin)).rows[0]!.n

const outcomes = async (town: Town): Promise<string[]> =>
  (await sql<{ outcome: string }>`select outcome from audit_log order by seq`.execute(town.admin)).rows.map((r) => r.outcome)

test(
  'an unknown request is answered in words; health and OpenAPI are there',
  story(async (town) => {
    const response = await town.as('communitySecretary', sample.community).raw('nothing.here', { input: {} })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: 'door.unknownContract', title: { zh: expect.any(String) } })
    expect((await town.request('/healthz')).status).toBe(200)
    expect(await (await town.request('/api/openapi.json')).json()).toMatchObject({
      openapi: '3.1.0',
      paths: { '/api/disinfection.record': {} },
    })
  }),
)

test(
  'what is sent twice is written once and answered twice',
  story(async (town) => {
    const worker = town.as('gridWorker', sample.grid)
    const id = newId()
    const first = await worker.tell(record, entry, { id })
    expect(await worker.tell(record, entry, { id })).toEqual(first)
    expect(await rowsIn(town, 'disinfection_rounds')).toBe(1)
    expect(await outcomes(town)).toEqual(['done', 'before'])
  }),
)

test(
  'ten at once with one id are one entry',
  story(async (town) => {
    const worker = town.as('gridWorker', sample.grid)
    const id = newId()
    const answers = await Promise.all(Array.from({ length: 10 }, () => worker.tell(record, entry, { id })))
    expect(new Set(answers.map((a) => a.recordedAt)).size).toBe(1)
    expect(await rowsIn(town, 'disinfection_rounds')).toBe(1)
  }),
)

test(
  'an id of other content, or of another account, is taken',
  story(async (town) => {
    const worker = town.as('gridWorker', sample.grid)
    const id = newId()
    await worker.tell(record, entry, { id })
    await expect(worker.tell(record, { ...(entry as object), agent: '75% 酒精' } as never, { id })).rejects.toMatchObject({
      code: 'door.idTaken',
    })
    await expect(town.as('gridWorker', sample.grid, 'another').tell(record, entry, { id })).rejects.toMatchObject({
      code: 'door.idTaken',
    })
    expect(await rowsIn(town, 'disinfection_rounds')).toBe(1)
  }),
)

test(
  'after the keys are swept a repeat still reads "done before", and others still hear "taken"',
  story(async (town) => {
    const worker = town.as('gridWorker', sample.grid)
    const id = newId()
    const first = await worker.tell(record, entry, { id })
    await sql`delete from idempotency_keys`.execute(town.admin)
    expect(await worker.tell(record, entry, { id })).toEqual(first)
    await sql`delete from idempotency_keys`.execute(town.admin)
    await expect(worker.tell(record, { ...(entry as object), agent: '75% 酒精' } as never, { id })).rejects.toMatchObject({
      code: 'door.idTaken',
    })
    await expect(town.as('gridWorker', sample.grid, 'another').tell(record, entry, { id })).rejects.toMatchObject({
      code: 'door.idTaken',
    })
  }),
)

test(
  'another community sees nothing, and a wider post must name the community it acts in',
  story(async (town) => {
    const row = await town.as('communitySecretary', sample.community).tell(record, entry)
    const stranger = town.as('communitySecretary', sample.other)
    expect(await stranger.ask(list, {})).toMatchObject({ rows: [], total: 0 })
    await expect(stranger.tell(withdraw, { replaces: row.id, reason: 'x' })).rejects.toMatchObject({ code: 'facts.unknown' })
    expect(await rowsIn(town, 'disinfection_rounds')).toBe(1)
  }),
)

test(
  'whoever is not allowed is refused, and the refusal is audited',
  story(async (town) => {
    const auditor = town.as('auditor', sample.community)
    await expect(auditor.tell(record, entry)).rejects.toMatchObject({ code: 'door.notAllowed', status: 403 })
    expect(await outcomes(town)).toEqual(['refused'])
  }),
)

test(
  'a field that does not fit is named, and what was typed is not repeated',
  story(async (town) => {
    const secret = '<script>王小明</script>'
    const response = await town.as('gridWorker', sample.grid).raw(record.name, { input: { ...(entry as object), place: secret } })
    expect(response.status).toBe(400)
    const body = await response.text()
    expect(JSON.parse(body)).toMatchObject({ code: 'door.unreadable', details: { fields: ['place'] } })
    expect(body).not.toContain(secret)
  }),
)

test(
  'a stranger, a command without an id and a request from another site are refused',
  story(async (town) => {
    const post = (more: Record<string, string>) =>
      town.request(`/api/${record.name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...more },
        body: JSON.stringify({ input: entry }),
      })
    expect(await (await post({ [headers.key]: newId() })).json()).toMatchObject({ code: 'door.stranger' })
    expect(await (await post({})).json()).toMatchObject({ code: 'door.noKey' })
    expect(await (await post({ 'sec-fetch-site': 'cross-site' })).json()).toMatchObject({ code: 'door.crossSite' })
  }),
)

test(
  'a sealed item is opened, kept to its author and to its contract',
  story(async (town) => {
    const worker = town.as('gridWorker', sample.grid)
    const key = SealKey.parse(await (await town.request('/api/seal-key')).json())
    const id = newId()
    const content = { input: entry, account: worker.who.account, post: worker.who.posts[0]!.id, device: newId() }
    const send = (body: unknown, cookie: string, contract = record.name) =>
      town.request(`/api/${contract}`, {
        method: 'POST',
        headers: { 'content-type': sealedType, cookie, [headers.key]: id },
        body: JSON.stringify(body),
      })
    const sealed = await seal(key, content, sealedFor(record.name, id))
    town.as('gridWorker', sample.grid, 'another')
    expect(await (await send(sealed, 'another')).json()).toMatchObject({ code: 'door.otherAccount' })
    expect(await (await send(sealed, worker.who.name, withdraw.name)).json()).toMatchObject({ code: 'door.cannotUnseal' })
    expect(await (await send(sealed, worker.who.name)).json()).toMatchObject({ id, recordedBy: worker.who.account })
    expect(await (await send({ ...sealed, ct: `${sealed.ct.slice(0, -2)}AA` }, worker.who.name)).json()).toMatchObject({
      code: 'door.cannotUnseal',
    })
  }),
)

test(
  'the time of a phone is believed when its clock agrees, and doubted when it moved',
  story(async (town) => {
    town.at('2026-03-02T01:00:00.000Z')
    const worker = town.as('gridWorker', sample.grid)
    const yesterday = { at: '2026-03-01T14:00:00.000Z', before: 0, tick: 5, run: newId() }
    const fine = await worker.tell(record, entry, { clock: yesterday, sentAt: '2026-03-02T01:00:00.000Z' })
    expect(fine).toMatchObject({ occurredAt: '2026-03-01T14:00:00.000Z', countedOn: '2026-03-01', clockDoubt: null })
    const moved = await worker.tell(record, entry, { clock: yesterday, sentAt: '2026-03-01T23:00:00.000Z' })
    expect(moved).toMatchObject({ countedOn: '2026-03-02', clockDoubt: 'offsetsApart' })
  }),
)

test(
  'a broken connection string, an empty scope and a pooled session never widen what is seen',
  story(async (town) => {
    await town.as('communitySecretary', sample.community).tell(record, entry)
    const { db, rolePrefix } = town.running.house
    const seen = (scope: string) =>
      db.transaction().execute(async (tx) => {
        await sql`select set_config('role', ${`${rolePrefix}_app_user`}, true), set_config('app.scope', ${scope}, true)`.execute(
          tx,
        )
        return (await sql<{ n: number }>`select count(*)::int as n from disinfection_rounds`.execute(tx)).rows[0]!.n
      })
    expect(await seen('')).toBe(0)
    expect(await seen(sample.community)).toBe(1)
    expect(await seen(sample.street)).toBe(1)
    expect(await seen(sample.elsewhere)).toBe(0)
    for (let i = 0; i < 30; i++) expect(await seen('')).toBe(0)
  }),
)
