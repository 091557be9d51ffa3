// Areas, buildings and dwellings as sheets for the office's own files.
import { sql } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import { dayOf, sayDay } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import { inBatches } from '#server/exports/batches.ts'
import { exporting, type ExportPlan } from '#server/exports/exporting.ts'
import { atHand, column, listPlan } from '#server/exports/listed.ts'
import type { Ctx, Handled } from '#server/house.ts'
import { areaNames, walkSql } from './addresses.ts'
import * as api from './api.ts'
import { areasUnder } from './areas.ts'
import { buildingRows, communityOf, dwellingRows, shown } from './houses.ts'
import { AreaLevel, Duty, Use } from './model.ts'

const count = (key: string, head: string) => column(key, head, { type: 'number' })

/** One line for each duty that somebody holds, one for an area without any. */
async function areasSheet(ctx: Ctx, { under }: Parsed<typeof api.exportAreas>): Promise<ExportPlan> {
  const rows = (await areasUnder(ctx, under)).flatMap(({ areaCode, name, level, responsible }) => {
    const area = { areaCode, name, level: choiceText(AreaLevel, level).zh }
    const held = responsible.map((r) => ({
      ...area,
      duty: choiceText(Duty, r.duty).zh,
      holder: r.name,
      since: sayDay(dayOf(r.since), 'zh'),
    }))
    return held.length ? held : [area]
  })
  return listPlan(ctx, {
    title: '区域和责任人表',
    area: under ?? ctx.area,
    row: api.AreaWithHolders,
    rows: rows.length,
    batches: atHand(rows),
    columns: [
      column('areaCode', '编码', { width: 20 }),
      column('name', '名称', { width: 20 }),
      column('level', '级别'),
      column('duty', '职责', { width: 14 }),
      column('holder', '责任人', { width: 16 }),
      column('since', '任职起', { width: 14 }),
    ],
  })
}

async function buildingsSheet(ctx: Ctx, { community: named }: Parsed<typeof api.exportBuildings>): Promise<ExportPlan> {
  const community = communityOf(ctx, named)
  const { rows } = await buildingRows(ctx, community, undefined)
  const names = await areaNames(
    ctx.tx,
    rows.flatMap((b) => b.grids),
  )
  const lines = rows.map((b) => ({ ...b, grids: b.grids.map((grid) => names.get(grid) ?? grid).join('、') || null }))
  return listPlan(ctx, {
    title: '楼栋表',
    area: community,
    community,
    row: api.BuildingRow,
    rows: lines.length,
    batches: atHand(lines),
    columns: [
      column('compoundName', '小区', { width: 18 }),
      column('name', '楼栋'),
      count('units', '单元数'),
      count('dwellings', '房屋数'),
      column('grids', '网格', { width: 24 }),
    ],
  })
}

async function dwellingsSheet(
  ctx: Ctx,
  { community: named, ...wanted }: Parsed<typeof api.exportDwellings>,
): Promise<ExportPlan> {
  const community = communityOf(ctx, named)
  const all = dwellingRows(ctx, community, wanted)
  const {
    rows: [size],
  } = await sql<{ n: number }>`select count(*)::int as n from ${all} r`.execute(ctx.tx)
  const batches = async function* () {
    for await (const found of inBatches(ctx.tx, sql<api.DwellingRow>`select ${shown} from ${all} r order by ${walkSql('r')}`)) {
      const names = await areaNames(
        ctx.tx,
        found.flatMap((d) => d.grid ?? []),
      )
      yield { rows: found.map((d) => ({ ...d, use: choiceText(Use, d.use).zh, grid: d.grid && (names.get(d.grid) ?? d.grid) })) }
    }
  }
  return listPlan(ctx, {
    title: '房屋表',
    area: wanted.grid ?? community,
    community,
    row: api.DwellingRow,
    rows: size!.n,
    batches,
    columns: [
      column('compoundName', '小区', { width: 18 }),
      column('buildingName', '楼栋'),
      column('unitName', '单元'),
      column('room', '房号'),
      count('floor', '楼层'),
      column('use', '房屋性质'),
      column('grid', '网格', { width: 16 }),
    ],
  })
}

export const sheetHandlers: readonly Handled[] = [
  exporting(api.exportAreas, (ctx, input) => areasSheet(ctx, input)),
  exporting(api.exportBuildings, (ctx, input) => buildingsSheet(ctx, input)),
  exporting(api.exportDwellings, (ctx, input) => dwellingsSheet(ctx, input)),
]
