// Who may see the photo of a notice on a door: whoever may read the attempt and reaches the household where it lives now.
import { sql } from 'kysely'
import type { Id } from '#core/ids.ts'
import type { FileGuard, Named } from '#server/files/guards.ts'
import type { Ctx } from '#server/house.ts'
import { liesIn } from '#server/scope.ts'
import { attempts, recordAttempt } from '../api.ts'
import { placeOf } from './recording.ts'

type Found = { file: Id; household: Id; gone: boolean; persons: Id[] }

async function named(ctx: Ctx, files: readonly Id[]): Promise<readonly Named[]> {
  const { rows } = await sql<Found>`
    select distinct f.file, a.household, exists (
        select from screening_attempts as w where w.community = a.community and w.root = a.root and w.withdrawn) as gone,
      array(select distinct m.subject from residents_memberships as m where m.community = a.community and m.household = a.household) as persons
    from unnest(${[...files]}::uuid[]) as f(file)
    join screening_attempts as a on a.community = ${ctx.community} and a.photos @> array[f.file]`.execute(ctx.tx)
  const found: Named[] = []
  for (const { file, household, gone, persons } of rows)
    found.push({ file, persons, open: !gone && (await reaches(ctx, household)) })
  return found
}

async function reaches(ctx: Ctx, household: Id): Promise<boolean> {
  if (ctx.area.length <= 12) return true
  const { grid } = await placeOf(ctx, household)
  return grid !== null && liesIn(grid, ctx.area)
}

export const photosOfNotices: FileGuard = {
  of: 'screening',
  keep: 'response',
  add: recordAttempt.may as readonly string[],
  see: attempts.may as readonly string[],
  mask: 'text',
  papers: false,
  named,
}
