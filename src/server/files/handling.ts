// The three doors to files: handing one over, small pictures for a list, the file itself.
import { addFile, longestFile, longestThumb, mediaTypes, seeFile, thumbs, thumbSide, type FileInfo } from '#core/files.ts'
import { dayOf, msOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { answer, handle, type Ctx } from '../house.ts'
import { cleaned } from './cleaned.ts'
import { fileGuards, type FileGuard } from './guards.ts'
import { say } from './say.ts'
import { bytesOf, filesOf, thumbIn, writeFile, type FileRow } from './store.ts'

const extension = { jpeg: 'jpg', png: 'png', webp: 'webp', pdf: 'pdf' } as const

function guardOf(ctx: Ctx, of: string): FileGuard {
  const guard = ctx.house.offered(fileGuards).find((one) => one.of === of)
  if (!guard) throw say.hidden()
  return guard
}

const infoOf = ({ id, of, type, bytes, width, height }: FileRow): FileInfo => ({ id, of, type, bytes, width, height })

async function own(ctx: Ctx, of: string): Promise<FileInfo> {
  const [row] = await filesOf(ctx, of, [ctx.id])
  if (!row || row.recordedBy !== ctx.who.account) throw say.unknown()
  return infoOf(row)
}

/** The small picture as it may be kept; what is none is left away, for the file itself is what counts. */
function smallOf(thumb: string | null): Buffer | null {
  if (!thumb) return null
  const bytes = Buffer.from(thumb, 'base64')
  const small = bytes.length <= longestThumb ? cleaned(bytes) : undefined
  const fits = small?.width && small.height && Math.max(small.width, small.height) <= thumbSide * 2
  if (!fits) throw say.damaged()
  return small.bytes
}

/** The files among `ids` that the caller may see, with whom each may show. */
async function seen(ctx: Ctx, guard: FileGuard, ids: readonly Id[]): Promise<{ row: FileRow; persons: readonly Id[] }[]> {
  if (!guard.see.includes(ctx.role) && !guard.add.includes(ctx.role)) return []
  const named = Object.groupBy(await guard.named(ctx, ids), ({ file }) => file)
  const rows = await filesOf(ctx, guard.of, ids)
  return rows.flatMap((row) => {
    const known = named[row.id]
    const open = known ? known.some((one) => one.open) : row.recordedBy === ctx.who.account
    return open ? [{ row, persons: known?.flatMap(({ persons = [] }) => persons) ?? [] }] : []
  })
}

const enter = (ctx: Ctx, community: string | undefined): void => {
  if (community) ctx.at(community)
}

export const fileHandlers = [
  handle(
    addFile,
    async ({ of, content, thumb }, ctx) => {
      const guard = guardOf(ctx, of)
      if (!guard.add.includes(ctx.role)) throw say.notTaken()
      const bytes = Buffer.from(content, 'base64')
      if (bytes.length > longestFile) throw say.tooLarge()
      const file = cleaned(bytes)
      if (file.type === 'pdf' && !guard.papers) throw say.noPapers()
      const purpose = (await guard.purpose?.(ctx)) ?? 'register'
      await writeFile(ctx, { of, keep: guard.keep, purpose, file, thumb: smallOf(thumb) })
      return own(ctx, of)
    },
    ({ of }, ctx) => own(ctx, of),
  ),

  answer(thumbs, async ({ of, files, community }, ctx) => {
    enter(ctx, community)
    const guard = guardOf(ctx, of)
    // Who sees masked values is told that there are files, and no more.
    const found = ctx.sees.has(guard.mask) ? await seen(ctx, guard, files) : []
    ctx.looked(found.flatMap(({ persons }) => persons))
    const rows = found.map(({ row }) => ({ ...infoOf(row), thumb: thumbIn(ctx, row) }))
    return { rows: files.flatMap((id) => rows.filter((row) => row.id === id)) }
  }),

  answer(seeFile, async ({ of, file, community }, ctx) => {
    enter(ctx, community)
    const guard = guardOf(ctx, of)
    if (!ctx.sees.has(guard.mask)) throw say.hidden()
    const [found] = await seen(ctx, guard, [file])
    if (!found) throw say.unknown()
    const { row, persons } = found
    const name = `${guard.of}-${dayOf(msOf(row.occurredAt))}-${row.id.slice(-6)}.${extension[row.type]}`
    return { name, type: mediaTypes[row.type], count: 1, looks: persons, record: row.id, body: await bytesOf(ctx, row.id) }
  }),
]

/**
 * Refuses a record that names somebody else's file, as if naming it gave a right to see it. Ids that have not arrived yet pass,
 * as do those that the replaced record named already.
 */
export async function requireOwn(ctx: Ctx, of: string, files: readonly Id[], before: readonly Id[] = []): Promise<void> {
  const fresh = files.filter((id) => !before.includes(id))
  if (fresh.length === 0) return
  const rows = await filesOf(ctx, of, fresh)
  if (rows.some((row) => row.recordedBy !== ctx.who.account)) throw say.notYours()
}
