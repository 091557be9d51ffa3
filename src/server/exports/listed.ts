// The plan of an export that is one plain list: its head lines, columns, and rows from a query in batches or at hand already.
import type { z } from 'zod'
import { dayOf, sayDay } from '#core/dates.ts'
import type { Ctx } from '../house.ts'
import { placesOf } from '../names.ts'
import type { Column } from '../spreadsheet/official.ts'
import type { Batch, ExportPlan } from './exporting.ts'

type Listed = {
  readonly title: string
  /** The area whose list it is, and the community in whose register the export stands, where it is of one. */
  readonly area: string
  readonly community?: string | undefined
  readonly row: z.ZodType
  readonly columns: readonly Column[]
  readonly rows: number
  /** How many persons the rows name. */
  readonly persons?: number
  readonly batches: () => AsyncIterable<Batch>
  readonly notes?: readonly string[]
}

export async function listPlan(
  ctx: Ctx,
  { title, area, community, row, columns, rows, persons = 0, batches, notes = [] }: Listed,
): Promise<ExportPlan> {
  const place = (await placesOf(ctx.house, ctx.tx, [area])).get(area) ?? area
  const lines = [`范围：${place}`, `填报人：${ctx.who.name}`, `填报时间：${sayDay(dayOf(ctx.now), 'zh')}`]
  const tail = () => ({ notes: [`共 ${rows} 行。`, ...notes] })
  return {
    title,
    place,
    rows,
    persons,
    sheets: [{ name: title, title, row, columns, batches, lines, tail }],
    ...(community ? { community } : {}),
  }
}

/** Rows that are at hand already, as one batch. */
export const atHand = (rows: Batch['rows']) =>
  async function* (): AsyncGenerator<Batch> {
    yield { rows }
  }

export const column = (key: string, head: string, more: Partial<Column> = {}): Column => ({ key, head, type: 'text', ...more })
