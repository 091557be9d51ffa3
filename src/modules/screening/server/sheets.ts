// What the official sheets of screening have in common: who may take out how much, head lines, masks, stamp.
import type { z } from 'zod'
import { dayOf, instantOf, sayDay } from '#core/dates.ts'
import type { MaskKind } from '#core/labels.ts'
import { masked } from '#core/masking.ts'
import type { Id } from '#core/ids.ts'
import type { Ctx, Made } from '#server/house.ts'
import type { Column } from '#server/spreadsheet/official.ts'
import { writeOfficialSheet } from '#server/spreadsheet/write.ts'
import { areaNames } from '#modules/territory/server.ts'
import { say } from '../model.ts'

export type Asked = { full: boolean; purpose?: string | undefined }

const everything: ReadonlySet<MaskKind> = new Set(['name', 'phone', 'document', 'room', 'text'])

/** What the sheet may show: what the post sees, or all of it for the secretary who says what for. The purpose goes into the audit. */
export function seenBy(ctx: Ctx, { full, purpose }: Asked): ReadonlySet<MaskKind> {
  if (purpose) ctx.purpose(purpose)
  if (!full) return ctx.sees
  if (ctx.role !== 'communitySecretary') throw say.maskedOnly()
  if (!purpose) throw say.purposeNeeded()
  return everything
}

type Sheet = {
  title: string; area: string; columns: readonly Column[]; row: z.ZodType; rows: readonly Record<string, unknown>[]
  notes: readonly string[]; sees: ReadonlySet<MaskKind>; persons: readonly Id[]; purpose?: string | undefined
}

/** The sheet as a file. Everybody whose name it shows is named in the look. */
export async function made(ctx: Ctx, { title, area, columns, row, rows, notes, sees, persons, purpose }: Sheet): Promise<Made> {
  const today = dayOf(ctx.now)
  const place = (await areaNames(ctx.tx, [area])).get(area) ?? area
  const body = await writeOfficialSheet([{
    name: title, title,
    lines: [`填报单位：${place}`, `填报人：${ctx.who.name}`, '审核人：', `填报时间：${sayDay(today, 'zh')}`],
    columns, rows: rows.map((one) => masked(row, one, sees) as Record<string, unknown>), notes,
    stamp: [ctx.who.name, instantOf(ctx.now), title, purpose, ctx.id].filter(Boolean).join(' · '),
  }])
  return {
    name: `${title} ${place} ${today}.xlsx`, type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    body, count: rows.length, looks: sees.has('name') ? persons : [],
  }
}

export const column = (key: string, head: string, more: Partial<Column> = {}): Column => ({ key, head, type: 'text', ...more })
