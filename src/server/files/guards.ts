// Who may add and see the files of a record is for its module to say: this is the question that it answers.
import { sql } from 'kysely'
import type { Id } from '#core/ids.ts'
import type { MaskKind } from '#core/labels.ts'
import { offer, type Ctx } from '../house.ts'
import type { Purpose } from '../keys/names.ts'
import { reached } from '../scope.ts'

/** A file that some record names. `open`: the caller may read one of them and it was not withdrawn. `persons`: whom it may show. */
export type Named = { readonly file: Id; readonly open: boolean; readonly persons?: readonly Id[] }

export type FileGuard = {
  /** The name under which a field's declaration finds it: `photos('<of>', …)`. */
  readonly of: string
  /** Retention class, as in docs/retention.md. */
  readonly keep: 'register' | 'response' | 'work'
  /** Whose keys close it; the community's register where left out. */
  readonly purpose?: (ctx: Ctx) => Promise<Purpose>
  readonly add: readonly string[]
  readonly see: readonly string[]
  /** Who does not see this kind unmasked sees no file. */
  readonly mask: MaskKind
  readonly papers: boolean
  /** Which of these files records name; one that no record names yet is seen by whoever handed it over alone. */
  readonly named: (ctx: Ctx, files: readonly Id[]) => Promise<readonly Named[]>
}

export const fileGuards = offer<FileGuard>('fileGuards')

type Where = { readonly table: string; readonly column: string; readonly place: string }

/** Files that facts name in columns of ids. All of a withdrawn chain is closed. `place`: the column of the grid, for narrower posts. */
export async function namedInFacts(ctx: Ctx, where: readonly Where[], files: readonly Id[]): Promise<readonly Named[]> {
  const found: Named[] = []
  for (const { table, column, place } of where) {
    const { rows } = await sql<Named>`
      select f.file, bool_or(${reached(ctx, `e.${place}`)} and not exists (
        select from ${sql.table(table)} as gone where gone.community = e.community and gone.root = e.root and gone.withdrawn)) as open
      from unnest(${[...files]}::uuid[]) as f(file)
      join ${sql.table(table)} as e on e.community = ${ctx.community} and e.${sql.ref(column)} @> array[f.file]
      group by f.file`.execute(ctx.tx)
    found.push(...rows)
  }
  return found
}
