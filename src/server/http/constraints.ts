// The database is the last guard and speaks our language: constraint `module__some_problem` comes out as problem `module.someProblem`.
import { sql } from 'kysely'
import { knownProblem, Problem } from '#core/problem.ts'
import { say as factSay } from '../facts.ts'
import type { Ctx } from '../house.ts'
import { say as scopeSay } from '../scope.ts'
import { say } from './say.ts'

type Thrown = { code?: string; constraint?: string; table?: string }
const idTaken = /^([a-z_]+)__id_taken$/

/** The table whose primary key refused an id, or undefined for any other error. */
export const takenId = (error: unknown): string | undefined =>
  (error as Thrown)?.code === '23505' ? idTaken.exec((error as Thrown).constraint ?? '')?.[1] : undefined

/** A database error as the problem it stands for; anything unknown is handed on untouched. */
export function fromDatabase(error: unknown): unknown {
  if (error instanceof Problem) return error
  const { code, constraint = '' } = (error as Thrown) ?? {}
  if (constraint.endsWith('__id_taken')) return say.idTaken()
  if (constraint.endsWith('__replaced_already')) return factSay.replacedAlready()
  const found = knownProblem(problemCodeOf(constraint))
  if (found) return new Problem(found.code, found.status, found.say({}))
  // 42501 is what row security answers when a row would leave the scope.
  if (code === '42501') return scopeSay.outOfReach()
  // 57014: it took longer than a request may, or whoever asked has gone.
  if (code === '57014' || (error as Error | undefined)?.name === 'AbortError') return say.tookTooLong()
  if ((code && /^(08|57P0|53)/.test(code)) || code === 'ECONNREFUSED') return say.busy()
  return error
}

/** `module__already_open` → `module.alreadyOpen`. */
export function problemCodeOf(constraint: string): string {
  const [module, name] = constraint.split('__')
  return `${module}.${(name ?? '').replaceAll(/_([a-z])/g, (_, c: string) => c.toUpperCase())}`
}

/** Who recorded the fact with the request's id, and what it said, whatever the table. */
export async function factById(ctx: Ctx, table: string): Promise<{ recordedBy: string; digest: Buffer } | undefined> {
  const { rows } = await sql<{ recordedBy: string; digest: Buffer }>`
    select recorded_by, digest from ${sql.table(table)} where community = ${ctx.community} and id = ${ctx.id}`.execute(ctx.tx)
  return rows[0]
}
