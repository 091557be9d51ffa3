// Who reaches where. The database guards the community and what lies above; the narrower place is judged here, once.
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import { problems } from '#core/problem.ts'
import type { Ctx } from './house.ts'

export const say = problems('scope', {
  outOfReach: [
    403,
    {
      zh: '这不在您当前的工作范围内。请切换岗位，或请该区域的负责人办理。',
      en: 'This lies outside the area in which you work now. Switch your post, or ask whoever is responsible there.',
    },
  ],
  communityNeeded: [
    409,
    {
      zh: '请先选定一个社区再办理。',
      en: 'Choose one community first.',
    },
  ],
})

/** Widths of a code: county 6, street 9, community 12, precinct 14, grid 17. */
export const isCommunity = (code: string): boolean => code.length >= 12
export const communityOf = (code: string): string => code.slice(0, 12)
/** An area code as a community key for rows written above a community: padded with zeros to 12 digits. */
export const padded = (code: string): string => code.slice(0, 12).padEnd(12, '0')

/** Codes begin with a digit from 1 to 9, so nine scopes reach every community of the house without a list of its counties. */
export const everywhere: readonly string[] = ['1', '2', '3', '4', '5', '6', '7', '8', '9']

/** Whether `code` lies in `area` or is it. */
export const liesIn = (code: string, area: string): boolean => code.startsWith(area)

/** Throws unless the caller's post covers `code`, or `code` is unknown and the post covers its whole community. */
export function requireReach(ctx: Pick<Ctx, 'area'>, code: string | null | undefined): void {
  if (code ? !liesIn(code, ctx.area) : ctx.area.length > 12) throw say.outOfReach()
}

/**
 * The predicate "this row's place lies in my area", as a range on a column in the "C" collation.
 * `column` holds a grid code; a row without one is reached only by posts that cover the whole community.
 */
export function reached(ctx: Pick<Ctx, 'area'>, column: string): RawBuilder<SqlBool> {
  if (ctx.area.length <= 12) return sql<SqlBool>`true`
  return sql<SqlBool>`(${sql.ref(column)} collate "C" >= ${ctx.area} and ${sql.ref(column)} collate "C" < ${`${ctx.area}~`})`
}
