// Somebody types a person who may be registered already: found by sound, telephone, document; only within reach, with reasons in words.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { sample, story, type Town } from '#app/testing.ts'
import type { Id } from '#core/ids.ts'
import { Problem } from '#core/problem.ts'
import { asSystem } from '#server/system.ts'
import { loadTown } from '#modules/territory/server.ts'
import * as api from './api.ts'
import { checkDigit } from './documents.ts'

const idNumber = (() => {
  const digits = '34030119800305001'
  return digits + checkDigit(digits)
})()

async function settled(town: Town): Promise<(room: string) => Id> {
  const { house } = town.running
  const dwellings = [
    ...['101', '102'].map((room) => ({ compound: '桂园小区', building: '3号楼', unit: '1单元', room, grid: sample.grid })),
    { compound: '桂园小区', building: '5号楼', unit: '1单元', room: '501', grid: sample.grid2 },
  ]
  await house.within(sample.county, (tx) =>
    loadTown(
      { tx, timing: null as never, who: null as never },
      {
        areas: [
          { code: sample.county, name: '样例区' },
          { code: sample.street, name: '样例街道' },
          { code: sample.community, name: '桂园社区' },
          { code: sample.precinct, name: '第一片区' },
          { code: sample.grid, name: '第一网格' },
          { code: sample.grid2, name: '第二网格' },
        ],
      },
    ),
  )
  const loaded = await asSystem(house, sample.community, 'test.houses', (ctx) =>
    loadTown(ctx, { community: sample.community, dwellings }),
  )
  const ids = new Map(dwellings.map(({ room }, i) => [room, loaded.dwellings[i]!]))
  return (room) => ids.get(room)!
}

test(
  'what is typed finds who may be the same, near in sound, by telephone, by document, with reasons; strangers are not offered',
  story(async (town) => {
    const at = await settled(town)
    const worker = town.as('gridWorker', sample.grid)
    const { id: household } = await worker.tell(api.register, {
      dwelling: at('101'),
      members: [
        { name: '陈丽娜', relation: 'head', phone: '13800135678', idType: 'idCard', idNumber },
        { name: '王小明', relation: 'spouse', birthDate: '1979-01-02' },
      ],
    })
    await worker.tell(api.register, {
      dwelling: at('102'),
      members: [{ name: '陈国强', relation: 'head', phone: '13900001111' }],
    })
    const found = async (typed: object) => (await worker.ask(api.alike, typed)).rows.map(({ name }) => name)
    expect(await found({ name: '陈丽娜' })).toEqual(['陈丽娜'])
    expect(await found({ name: '程丽拉' })).toEqual(['陈丽娜'])
    expect(await found({ name: '王晓明' })).toEqual(['王小明'])
    expect(await found({ name: 'chen li na' })).toEqual(['陈丽娜'])
    expect(await found({ phone: '138 0013 5678' })).toEqual(['陈丽娜'])
    expect(await found({ idNumber: idNumber.toLowerCase() })).toEqual(['陈丽娜'])
    expect(await found({ name: '李雷' })).toEqual([])
    expect(await found({ name: '陈丽君', phone: '13800135678', household })).toEqual([])
    expect(await found({ name: '王' })).toEqual([])
    expect(await found({})).toEqual([])
    const {
      rows: [one],
    } = await worker.ask(api.alike, { name: '程丽娜', phone: '13800135678', household })
    expect(one).toMatchObject({ address: '桂园小区 3号楼 1单元 101', phone: '138****5678' })
    expect(one!.reasons.map(({ zh }) => zh).sort()).toEqual(['姓名方音相近', '电话相同', '同一房号'].sort())
  }),
)

test(
  'the next grid and another community are never told of; who may not register may not ask',
  story(async (town) => {
    const at = await settled(town)
    await town
      .as('gridWorker', sample.grid)
      .tell(api.register, { dwelling: at('101'), members: [{ name: '陈丽娜', relation: 'head', phone: '13800135678' }] })
    const typed = { name: '陈丽娜', phone: '13800135678' }
    expect((await town.as('communitySecretary', sample.community).ask(api.alike, typed)).rows).toHaveLength(1)
    expect((await town.as('gridWorker', sample.grid2).ask(api.alike, typed)).rows).toEqual([])
    expect((await town.as('communitySecretary', sample.other).ask(api.alike, typed)).rows).toEqual([])
    const refused = await town
      .as('gateGuard', sample.community)
      .ask(api.alike, typed)
      .then(
        () => 'done',
        (error: unknown) => (error instanceof Problem ? error.code : String(error)),
      )
    expect(refused).toBe('door.notAllowed')
    const { rows } = await sql<{
      words: string
    }>`select row_to_json(a)::text as words from audit_log as a where contract = 'residents.alike'`.execute(town.admin)
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.map(({ words }) => words).join()).not.toMatch(/13800135678|陈丽娜/)
  }),
)
