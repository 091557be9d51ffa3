// What the official sheets of screening have in common: head lines, columns, the place that they are of.
import { dayOf, sayDay } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import type { ExportPlan, ExportSheet } from '#server/exports/exporting.ts'
import type { Ctx } from '#server/house.ts'
import type { Column } from '#server/spreadsheet/official.ts'
import { areaNames } from '#modules/territory/server.ts'

type Sheet = Pick<ExportSheet, 'row' | 'columns' | 'batches'> & {
  title: string
  community: string
  area: string
  notes: readonly string[]
  rows: number
  persons: number
}

/** The sheet as it will be written. */
export async function planned(
  ctx: Ctx,
  { title, community, area, columns, row, batches, notes, rows, persons }: Sheet,
): Promise<ExportPlan> {
  const place = (await areaNames(ctx.tx, [area])).get(area) ?? area
  return {
    title,
    place,
    community,
    rows,
    persons,
    sheets: [
      {
        name: title,
        title,
        lines: [`填报单位：${place}`, `填报人：${ctx.who.name}`, '审核人：', `填报时间：${sayDay(dayOf(ctx.now), 'zh')}`],
        columns,
        ...(row ? { row } : {}),
        batches,
        tail: () => ({ notes }),
      },
    ],
  }
}

/** Each person once. */
export const once = (persons: readonly Id[]): Id[] => [...new Set(persons)]

export const column = (key: string, head: string, more: Partial<Column> = {}): Column => ({ key, head, type: 'text', ...more })
