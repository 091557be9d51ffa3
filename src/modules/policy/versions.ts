// Versions as the page lists them: how each stands now, who may touch it, and the keys that its values are read by.
import { sql } from 'kysely'
import { z } from 'zod'
import { complaints, type Complaints } from '#core/complaints.ts'
import { instantOf, msOf, type Instant } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import type { Json, Tx } from '#server/database/connect.ts'
import type { Ctx } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { liesIn } from '#server/scope.ts'
import { areaNames } from '#modules/territory/server.ts'
import type * as api from './api.ts'
import { versionsInForce } from './ask.ts'
import { foreseenKeys } from './foreseen.ts'
import { policyKeys, say, type AnyPolicyKey, type Pack, type Values, type Version } from './model.ts'

type VersionTable = Omit<Version, 'values' | 'sources'> & { values: Json<Values>; sources: Json<Record<string, string>> }
export const of = (tx: Tx) => tx.withTables<{ policyPacks: Pack; policyVersions: VersionTable }>()

export function requireOwn(ctx: Ctx, area: string): void {
  if (!liesIn(area, ctx.area)) throw say.outsideArea()
}

/** Keys that some module asks for. */
export const usedKeys = (ctx: Pick<Ctx, 'house'>): ReadonlyMap<string, AnyPolicyKey> =>
  new Map(ctx.house.offered(policyKeys).map((key) => [key.key, key]))
/** Keys whose words are known: those that are used, and those that will be. */
export const keysOf = (ctx: Pick<Ctx, 'house'>): ReadonlyMap<string, AnyPolicyKey> =>
  new Map([...foreseenKeys.map((key) => [key.key, key] as const), ...usedKeys(ctx)])
export const schemaOf = (key: AnyPolicyKey | undefined): z.ZodType => key?.schema ?? z.unknown()

/** Known keys must fit; keys that nobody here knows are kept as they are. The refusal names the field in each value. */
export function requireFitting(ctx: Ctx, values: Values): void {
  const keys = keysOf(ctx)
  const wrong: string[] = []
  const fields: Record<string, Complaints[string]> = {}
  for (const [key, value] of Object.entries(values)) {
    const found = complaints(schemaOf(keys.get(key)), value)
    if (Object.keys(found).length > 0) wrong.push(key)
    for (const [path, said] of Object.entries(found)) fields[`values.${key}${path ? `.${path}` : ''}`] = said
  }
  if (wrong.length > 0) throw say.wrongValue({ keys: wrong, fields })
}

export type FullRow = api.VersionRow & { values: Values; sources: Record<string, string> }

/** Every version with how it stands now. Drafts of other levels are their own affair. */
async function versionRows(ctx: Ctx): Promise<FullRow[]> {
  const all = await of(ctx.tx).selectFrom('policyVersions').selectAll().orderBy('number', 'desc').execute()
  const versions = all.filter((v) => v.approvedAt !== null || liesIn(v.areaCode, ctx.area))
  const now = instantOf(ctx.now)
  const holding = new Set<string>()
  for (const area of new Set(versions.map((v) => v.areaCode))) {
    const { rows } = await sql<{ id: Id }>`select s.id from ${versionsInForce(area, now)} s where s.area_code = ${area}`.execute(
      ctx.tx,
    )
    for (const { id } of rows) holding.add(id)
  }
  const accounts = versions.flatMap((v) => [v.author, v.approvedBy, v.refusedBy]).filter((id) => id !== null)
  const names = await namesOf(ctx.house, ctx.tx, accounts)
  const nameOf = (id: Id | null) => id && (names.get(id) ?? '—')
  return versions.map((v) => ({
    ...v,
    rules: Object.keys(v.values).length,
    authorName: nameOf(v.author) ?? '—',
    approvedByName: nameOf(v.approvedBy),
    refusedByName: nameOf(v.refusedBy),
    state: standingOf(v, versions, holding, ctx.now),
  }))
}

type Dated = Pick<
  Version,
  'id' | 'pack' | 'number' | 'effectiveFrom' | 'effectiveTo' | 'approvedAt' | 'submittedAt' | 'refusedAt' | 'droppedAt'
>

function standingOf(v: Dated, all: readonly Dated[], holding: ReadonlySet<string>, now: number): api.VersionState {
  if (v.droppedAt !== null) return 'dropped'
  if (v.approvedAt === null) return v.submittedAt !== null ? 'submitted' : v.refusedAt !== null ? 'returned' : 'draft'
  if (holding.has(v.id)) return 'inForce'
  if (msOf(v.effectiveFrom) > now) return 'coming'
  if (v.effectiveTo !== null && msOf(v.effectiveTo) <= now) return 'past'
  return all.some((other) => other.pack === v.pack && other.number > v.number && holding.has(other.id)) ? 'replaced' : 'waiting'
}

/** When a version begins: as written once it is approved; before that never earlier than its second signature, unless it corrects the past. */
export const beginsAt = (v: Pick<Version, 'effectiveFrom' | 'approvedAt' | 'correction'>, now: number): Instant =>
  v.approvedAt === null && v.correction === null && msOf(v.effectiveFrom) < now ? instantOf(now) : v.effectiveFrom

export async function packRows(ctx: Ctx): Promise<api.PackRow[]> {
  const packs = await of(ctx.tx).selectFrom('policyPacks').selectAll().orderBy('areaCode').orderBy('createdAt').execute()
  const versions = Map.groupBy(await versionRows(ctx), (v) => v.pack)
  const names = await areaNames(
    ctx.tx,
    packs.map((p) => p.areaCode),
  )
  return packs
    .map((pack) => ({ ...pack, areaName: names.get(pack.areaCode) ?? pack.areaCode, versions: versions.get(pack.id) ?? [] }))
    .filter((pack) => pack.versions.length > 0)
}

export async function getPackRow(ctx: Ctx, id: Id): Promise<api.PackRow> {
  const found = (await packRows(ctx)).find((pack) => pack.id === id)
  if (!found) throw say.unknownPack()
  return found
}

export async function getVersion(ctx: Ctx, id: Id): Promise<FullRow> {
  const found = (await versionRows(ctx)).find((version) => version.id === id)
  if (!found) throw say.unknownVersion()
  return found
}
