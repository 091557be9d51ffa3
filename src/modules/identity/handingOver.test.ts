// Stories of leaving: what somebody still answers for, handing it over, and what is over at once, told through the door.
import { expect, test } from 'vitest'
import { sql } from 'kysely'
import { newId } from '#core/ids.ts'
import { sample, story, type Town } from '#app/testing.ts'
import { openCampaign } from '#modules/screening/api.ts'
import { appoint, areas } from '#modules/territory/api.ts'
import { loadTown } from '#modules/territory/town.ts'
import { asSystem } from '#server/system.ts'
import * as api from './api.ts'
import { identify } from './server.ts'
import { browser, hire, later, minute, secret, signedIn } from './testing.ts'

const told = (tell: (town: Town) => Promise<void>) => story(tell, { identify })

/** A community whose grid worker answers for two grids. */
async function settled(town: Town) {
  await asSystem(town.running.house, sample.county, 'story', (ctx) =>
    loadTown(ctx, {
      areas: [
        { code: sample.county, name: '县' },
        { code: sample.street, name: '街道' },
        { code: sample.community, name: '和平社区' },
        { code: sample.precinct, name: '一片区' },
        { code: sample.grid, name: '第1网格' },
        { code: sample.grid2, name: '第2网格' },
      ],
    }),
  )
  const secretary = await signedIn(town, 'communitySecretary', sample.community)
  const wang = await hire(town, 'gridWorker', sample.precinct, 'wang.fang')
  for (const areaCode of [sample.grid, sample.grid2])
    await secretary.does(appoint, { areaCode, account: wang, duty: 'gridWorker' })
  return { secretary, wang }
}

test(
  'nobody leaves while he answers for something; after the hand-over sessions and phone end at once',
  told(async (town) => {
    const { secretary, wang } = await settled(town)
    const li = await hire(town, 'gridWorker', sample.precinct, 'li.na')
    const phone = Object.assign(browser(town), { device: newId() })
    await phone.does(api.signIn, { username: 'wang.fang', password: secret })
    await phone.does(api.enrolDevice, { device: phone.device, name: '王芳的手机' })

    expect((await secretary.does(api.owned, { account: wang })).rows.map((r) => [r.kind, r.name.zh, r.path])).toEqual([
      ['territory.responsibility', '第1网格 · 网格员', '/territory'],
      ['territory.responsibility', '第2网格 · 网格员', '/territory'],
    ])
    expect(await secretary.try(api.dismiss, { account: wang })).toBe('identity.stillOwns')
    expect(await phone.try(api.devices, {})).toMatchObject({ total: 1 })

    later(town, minute)
    const one = { kind: 'territory.responsibility', item: `${sample.grid}:gridWorker` }
    expect(await secretary.does(api.handOver, { account: wang, to: li, items: [one] })).toEqual({ moved: 1, left: 1 })
    expect(await secretary.try(api.handOver, { account: wang, to: li, items: [one] })).toBe('identity.ownedNoMore')
    expect(await secretary.does(api.handOver, { account: wang, to: li, reason: '调离' })).toEqual({ moved: 1, left: 0 })
    expect(
      (await secretary.does(areas, { under: sample.precinct })).rows.flatMap((a) => a.responsible.map((r) => r.account)),
    ).toEqual([li, li])

    expect((await secretary.does(api.dismiss, { account: wang })).state).toBe('left')
    expect(await phone.try(api.devices, {})).toBe('identity.deviceRevoked')
    expect(await browser(town, { cookie: phone.cookie }).try(api.devices, {})).toBe('door.stranger')
    const { rows } = await sql`select kind, item, giver, receiver, reason from identity_hand_overs order by id`.execute(
      town.admin,
    )
    expect(rows).toEqual([
      { kind: one.kind, item: one.item, giver: wang, receiver: li, reason: null },
      { kind: one.kind, item: `${sample.grid2}:gridWorker`, giver: wang, receiver: li, reason: '调离' },
    ])
    const { rows: earlier } = await sql<{
      n: number
    }>`select count(*)::int as n from territory_responsibilities where account = ${wang}`.execute(town.admin)
    expect(earlier[0]!.n).toBe(2)
  }),
)

test(
  'the receiver works there, or is given the same posts with it; all or nothing',
  told(async (town) => {
    const { secretary, wang } = await settled(town)
    const li = await hire(town, 'gridWorker', sample.grid2, 'li.na')
    const stranger = await signedIn(town, 'communitySecretary', sample.other)
    expect(await secretary.try(api.handOver, { account: wang, to: li })).toBe('identity.noPostThere')
    expect((await secretary.does(api.owned, { account: wang })).total).toBe(2)
    expect(await secretary.try(api.handOver, { account: wang, to: wang })).toBe('identity.toSomebodyElse')
    expect(await stranger.try(api.handOver, { account: wang, to: li })).toBe('identity.unknownAccount')
    expect(await secretary.does(api.handOver, { account: wang, to: li, posts: true })).toEqual({ moved: 2, left: 0 })
    expect((await secretary.does(api.account, { account: li })).posts.map((p) => p.area).toSorted()).toEqual([
      sample.precinct,
      sample.grid2,
    ])
    // Undo is another hand-over.
    expect(await secretary.does(api.handOver, { account: li, to: wang })).toEqual({ moved: 2, left: 0 })
  }),
)

test(
  'a screening under way is handed over without changing who opened it',
  told(async (town) => {
    const { secretary } = await settled(town)
    const administrator = await signedIn(town, 'administrator', sample.county)
    const next = await signedIn(town, 'communitySecretary', sample.community)
    const { id } = await secretary.does(openCampaign, { title: '全面排查', area: sample.community })
    expect((await administrator.does(api.owned, { account: secretary.account })).rows).toMatchObject([
      { kind: 'screening.campaign', item: id },
    ])
    await administrator.does(api.handOver, { account: secretary.account, to: next.account })
    expect((await administrator.does(api.owned, { account: next.account })).rows).toMatchObject([
      { item: id, area: sample.community },
    ])
    const { rows } = await sql<{ openedBy: string }>`select opened_by from screening_campaigns`.execute(town.admin)
    expect(rows).toEqual([{ openedBy: secretary.account }])
    expect((await administrator.does(api.dismiss, { account: secretary.account })).state).toBe('left')
  }),
)

test(
  'a shared phone stays with the colleague who works on it',
  told(async (town) => {
    const { secretary } = await settled(town)
    const device = newId()
    const [a, b] = [await signedIn(town, 'gridWorker', sample.grid), await signedIn(town, 'volunteer', sample.community)]
    for (const one of [a, b]) await Object.assign(one, { device }).does(api.enrolDevice, { device, name: '值班手机' })
    await secretary.does(api.dismiss, { account: a.account })
    expect((await b.does(api.devices, {})).rows[0]).toMatchObject({ revokedAt: null })
    expect(await a.try(api.devices, {})).toBe('door.stranger')
  }),
)
