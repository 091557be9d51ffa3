// Packs and their versions: drafted by one person, approved by another, never changed afterwards.
import { sql } from 'kysely'
import { z } from 'zod'
import { instantOf } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import { wholePage } from '#core/paging.ts'
import type { Json, Tx } from '#server/database/connect.ts'
import { answer, handle, type Ctx, type Handled } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { liesIn } from '#server/scope.ts'
import { areaNames } from '#modules/territory/server.ts'
import * as api from './api.ts'
import { levelsOf, policy, saidOf, versionsInForce } from './ask.ts'
import { combined, policyKeys, privacyNotice, say, type AnyPolicyKey, type Pack, type Values, type Version } from './model.ts'
import { shippedPacks, valuesOf } from './shipped.ts'
import { inWords } from './words.ts'

type VersionTable = Omit<Version, 'values' | 'sources'> & { values: Json<Values>; sources: Json<Record<string, string>> }
const of = (tx: Tx) => tx.withTables<{ policyPacks: Pack; policyVersions: VersionTable }>()

export function requireOwn(ctx: Ctx, area: string): void {
  if (!liesIn(area, ctx.area)) throw say.outsideArea()
}

const keysOf = (ctx: Ctx): ReadonlyMap<string, AnyPolicyKey> => new Map(ctx.house.offered(policyKeys).map((key) => [key.key, key]))

/** Known keys must fit; keys that nobody here knows are kept as they are. */
function requireFitting(ctx: Ctx, values: Values): void {
  const keys = keysOf(ctx)
  const wrong = Object.entries(values).filter(([key, value]) => keys.get(key)?.schema.safeParse(value).success === false).map(([key]) => key)
  if (wrong.length > 0) throw say.wrongValue({ keys: wrong })
}

type Draft = Pick<Version, 'effectiveFrom' | 'effectiveTo' | 'level' | 'document' | 'values' | 'sources'>

async function addVersion(ctx: Ctx, pack: Pack, id: Id, draft: Draft): Promise<void> {
  requireFitting(ctx, draft.values)
  if (draft.effectiveTo !== null && Date.parse(draft.effectiveTo) <= Date.parse(draft.effectiveFrom)) throw say.wrongPeriod()
  const last = await of(ctx.tx).selectFrom('policyVersions').select((eb) => eb.fn.max('number').as('number'))
    .where('areaCode', '=', pack.areaCode).where('pack', '=', pack.id).executeTakeFirst()
  await of(ctx.tx).insertInto('policyVersions').values({
    ...draft, areaCode: pack.areaCode, id, pack: pack.id, number: (last?.number ?? 0) + 1,
    values: JSON.stringify(draft.values), sources: JSON.stringify(draft.sources),
    author: ctx.who.account, recordedAt: instantOf(ctx.now), approvedBy: null, approvedAt: null,
  }).execute()
}

async function addPack(ctx: Ctx, pack: Pick<Pack, 'areaCode' | 'title' | 'disease' | 'origin'>, draft: Draft): Promise<api.PackRow> {
  requireOwn(ctx, pack.areaCode)
  const added = await of(ctx.tx).insertInto('policyPacks')
    .values({ ...pack, id: ctx.id, createdAt: instantOf(ctx.now) }).returningAll().executeTakeFirstOrThrow()
  await addVersion(ctx, added, newId(), draft)
  return getPackRow(ctx, ctx.id)
}

/** Every version with how it stands now, as the page of rules lists it. */
async function versionRows(ctx: Ctx): Promise<(api.VersionRow & { values: Values; sources: Record<string, string> })[]> {
  const versions = await of(ctx.tx).selectFrom('policyVersions').selectAll().orderBy('number', 'desc').execute()
  const now = instantOf(ctx.now)
  const areas = [...new Set(versions.map((v) => v.areaCode))]
  const holding = new Set<string>()
  for (const area of areas) {
    const { rows } = await sql<{ id: Id }>`select s.id from ${versionsInForce(area, now)} s where s.area_code = ${area}`.execute(ctx.tx)
    for (const { id } of rows) holding.add(id)
  }
  const names = await namesOf(ctx.house, ctx.tx, versions.flatMap((v) => [v.author, ...(v.approvedBy ? [v.approvedBy] : [])]))
  return versions.map((v) => ({
    ...v, rules: Object.keys(v.values).length,
    authorName: names.get(v.author) ?? '—', approvedByName: v.approvedBy && (names.get(v.approvedBy) ?? '—'),
    state: standingOf(v, versions, holding, ctx.now),
  }))
}

type Dated = Pick<Version, 'id' | 'pack' | 'number' | 'effectiveFrom' | 'effectiveTo' | 'approvedAt' | 'level'>

function standingOf(v: Dated, all: readonly Dated[], holding: ReadonlySet<string>, now: number): api.VersionState {
  if (v.approvedAt === null) return 'draft'
  if (holding.has(v.id)) return 'inForce'
  if (Date.parse(v.effectiveFrom) > now) return 'coming'
  if (v.effectiveTo !== null && Date.parse(v.effectiveTo) <= now) return 'past'
  return all.some((other) => other.pack === v.pack && other.number > v.number && holding.has(other.id)) ? 'replaced' : 'waiting'
}

async function packRows(ctx: Ctx): Promise<api.PackRow[]> {
  const packs = await of(ctx.tx).selectFrom('policyPacks').selectAll().orderBy('areaCode').orderBy('createdAt').execute()
  const versions = Map.groupBy(await versionRows(ctx), (v) => v.pack)
  const names = await areaNames(ctx.tx, packs.map((p) => p.areaCode))
  return packs.map((pack) => ({ ...pack, areaName: names.get(pack.areaCode) ?? pack.areaCode, versions: versions.get(pack.id) ?? [] }))
}

async function getPackRow(ctx: Ctx, id: Id): Promise<api.PackRow> {
  const found = (await packRows(ctx)).find((pack) => pack.id === id)
  if (!found) throw say.unknownPack()
  return found
}

async function getVersion(ctx: Ctx, id: Id) {
  const found = (await versionRows(ctx)).find((version) => version.id === id)
  if (!found) throw say.unknownVersion()
  return found
}

/** One rule of a version in words. */
function ruleOf(keys: ReadonlyMap<string, AnyPolicyKey>, key: string, value: unknown, source: string | undefined): api.Rule {
  const known = keys.get(key)
  const fits = known?.schema.safeParse(value).success ?? false
  return {
    key, value, source: source ?? null, title: known?.title ?? { zh: key, en: key }, combines: known?.combineText ?? null,
    words: inWords(known && fits ? known.schema : z.unknown(), value),
    standing: !known ? 'unknown' : fits ? 'known' : 'unread',
  }
}

export const packHandlers: readonly Handled[] = [
  answer(api.packs, async (_, ctx) => wholePage(await packRows(ctx))),
  answer(api.version, async ({ version: id }, ctx) => {
    const version = await getVersion(ctx, id)
    const pack = await getPackRow(ctx, version.pack)
    const keys = keysOf(ctx)
    const all = Object.entries(version.values).map(([key, value]) => ruleOf(keys, key, value, version.sources[key]))
    return { ...version, packTitle: pack.title, all }
  }),
  answer(api.shipped, async () => wholePage(shippedPacks.map((p) => (
    { key: p.key, title: p.title, disease: p.disease, note: p.note, document: p.document, rules: Object.keys(p.rules).length })))),

  handle(api.importPack, async ({ areaCode, shipped: key, ...effective }, ctx) => {
    const pack = shippedPacks.find((p) => p.key === key)
    if (!pack) throw say.unknownShipped()
    const named = { areaCode, title: pack.title.zh, disease: pack.disease.zh, origin: key }
    return addPack(ctx, named, { ...effective, document: pack.document, ...valuesOf(pack) })
  }, (_, ctx) => getPackRow(ctx, ctx.id)),
  handle(api.writePack, async ({ areaCode, title, disease, ...draft }, ctx) =>
    addPack(ctx, { areaCode, title, disease: disease || null, origin: null }, { ...draft, sources: {} }),
  (_, ctx) => getPackRow(ctx, ctx.id)),

  handle(api.writeVersion, async ({ pack: id, ...draft }, ctx) => {
    const pack = await getPackRow(ctx, id)
    requireOwn(ctx, pack.areaCode)
    await addVersion(ctx, pack, ctx.id, draft)
    return getVersion(ctx, ctx.id)
  }, (_, ctx) => getVersion(ctx, ctx.id)),

  handle(api.approveVersion, async ({ version: id }, ctx) => {
    const version = await of(ctx.tx).selectFrom('policyVersions').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
    if (!version) throw say.unknownVersion()
    requireOwn(ctx, version.areaCode)
    if (version.approvedBy !== null) throw say.alreadyApproved()
    if (version.author === ctx.who.account) throw say.secondPersonNeeded()
    requireFitting(ctx, version.values)
    await of(ctx.tx).updateTable('policyVersions').set({ approvedBy: ctx.who.account, approvedAt: instantOf(ctx.now) })
      .where('areaCode', '=', version.areaCode).where('id', '=', id).execute()
    return getVersion(ctx, id)
  }, ({ version }, ctx) => getVersion(ctx, version)),

  answer(api.rules, async ({ areaCode, day, knownAt }, ctx) => {
    const area = areaCode ?? ctx.area
    // Rules above are read by everybody below; those of a neighbour are not.
    if (!liesIn(area, ctx.area) && !levelsOf(ctx.area).includes(area)) throw say.outsideArea()
    const rows: z.input<typeof api.RuleInForce>[] = []
    for (const key of keysOf(ctx).values()) {
      const { value, versions, document } = combined(key as never, await saidOf(ctx.tx, key.key, area, day ?? instantOf(ctx.now), knownAt))
      rows.push({ key: key.key, title: key.title, words: inWords(key.schema, value), value, combines: key.combineText, document, versions })
    }
    return wholePage(rows)
  }),
  answer(api.notice, async (_, ctx) => (await policy(ctx.tx, privacyNotice, ctx.area, instantOf(ctx.now))).value),
]
