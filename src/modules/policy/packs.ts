// Packs and their versions: drafted by one person, approved or returned by another, never changed once approved.
import { z } from 'zod'
import { instantOf, msOf, type Instant } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import { wholePage } from '#core/paging.ts'
import { answer, handle, type Ctx, type Handled } from '#server/house.ts'
import { liesIn } from '#server/scope.ts'
import * as api from './api.ts'
import { levelsOf, policy, saidOf } from './ask.ts'
import { changeOf, inheritedKeys, overruledIn } from './changes.ts'
import { combined, privacyNotice, say, type AnyPolicyKey, type Pack, type Version } from './model.ts'
import { keepsDraft } from './owned.ts'
import { shippedPacks, valuesOf } from './shipped.ts'
import { beginsAt, getPackRow, getVersion, keysOf, of, packRows, requireFitting, requireOwn, usedKeys } from './versions.ts'
import { inWords } from './words.ts'

type Written = {
  effectiveFrom?: Instant | undefined
} & Pick<Version, 'effectiveTo' | 'level' | 'document' | 'values' | 'sources' | 'correction'>

/** What was written as it is kept: the beginning is never in the past without a reason, and never after the end. */
function judged(ctx: Ctx, { effectiveFrom = instantOf(ctx.now), ...written }: Written) {
  requireFitting(ctx, written.values)
  const past = msOf(effectiveFrom) < ctx.now
  if (past && written.correction === null) throw say.inThePast()
  if (!past && written.correction !== null) throw say.needless()
  if (written.effectiveTo !== null && msOf(written.effectiveTo) <= msOf(effectiveFrom)) throw say.wrongPeriod()
  return { ...written, effectiveFrom, values: JSON.stringify(written.values), sources: JSON.stringify(written.sources) }
}

async function addVersion(ctx: Ctx, pack: Pack, id: Id, { submit, ...written }: Written & { submit: boolean }): Promise<void> {
  const kept = judged(ctx, written)
  const last = await of(ctx.tx)
    .selectFrom('policyVersions')
    .select((eb) => eb.fn.max('number').as('number'))
    .where('areaCode', '=', pack.areaCode)
    .where('pack', '=', pack.id)
    .executeTakeFirst()
  const now = instantOf(ctx.now)
  await of(ctx.tx)
    .insertInto('policyVersions')
    .values({
      ...kept,
      areaCode: pack.areaCode,
      id,
      pack: pack.id,
      number: (last?.number ?? 0) + 1,
      author: ctx.who.account,
      recordedAt: now,
      submittedAt: submit ? now : null,
      approvedBy: null,
      approvedAt: null,
      refusedBy: null,
      refusedAt: null,
      refusal: null,
      droppedAt: null,
    })
    .execute()
}

async function addPack(
  ctx: Ctx,
  pack: Pick<Pack, 'areaCode' | 'title' | 'disease' | 'origin'>,
  written: Written & { submit: boolean },
): Promise<api.PackRow> {
  requireOwn(ctx, pack.areaCode)
  const added = await of(ctx.tx)
    .insertInto('policyPacks')
    .values({ ...pack, id: ctx.id, createdAt: instantOf(ctx.now) })
    .returningAll()
    .executeTakeFirstOrThrow()
  await addVersion(ctx, added, newId(), written)
  return getPackRow(ctx, ctx.id)
}

/** The version to be moved, locked, if it lies in the caller's own area. */
async function taken(ctx: Ctx, id: Id): Promise<Version> {
  const version = await of(ctx.tx).selectFrom('policyVersions').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!version) throw say.unknownVersion()
  requireOwn(ctx, version.areaCode)
  if (version.approvedBy !== null) throw say.alreadyApproved()
  if (version.droppedAt !== null) throw say.notDraft()
  return version
}

/** One that waits for its second signature, taken by somebody other than its author. */
async function awaited(ctx: Ctx, id: Id): Promise<Version> {
  const version = await taken(ctx, id)
  if (version.submittedAt === null) throw say.notSubmitted()
  return version
}

async function put(ctx: Ctx, { areaCode, id }: Version, change: object): Promise<api.VersionRow> {
  await of(ctx.tx).updateTable('policyVersions').set(change).where('areaCode', '=', areaCode).where('id', '=', id).execute()
  return getVersion(ctx, id)
}

/** One rule of a version in words. */
function ruleOf(ctx: Ctx, key: string, value: unknown, source: string | undefined): api.Rule {
  const known: AnyPolicyKey | undefined = keysOf(ctx).get(key)
  const fits = known?.schema.safeParse(value).success ?? false
  return {
    key,
    value,
    source: source ?? null,
    title: known?.title ?? { zh: key, en: key },
    combines: known?.combineText ?? null,
    words: inWords(known && fits ? known.schema : z.unknown(), value),
    standing: known && !fits ? 'unread' : usedKeys(ctx).has(key) ? 'known' : 'unknown',
  }
}

const again = ({ version }: { version: Id }, ctx: Ctx) => getVersion(ctx, version)

export const packHandlers: readonly Handled[] = [
  answer(api.packs, async (_, ctx) => wholePage(await packRows(ctx))),
  answer(api.version, async ({ version: id }, ctx) => {
    const version = await getVersion(ctx, id)
    const pack = await getPackRow(ctx, version.pack)
    const overruled = await overruledIn(ctx, version)
    const all = Object.entries(version.values).map(([key, value]) => ({
      ...ruleOf(ctx, key, value, version.sources[key]),
      overruled: overruled.get(key) ?? null,
    }))
    return { ...version, packTitle: pack.title, areaName: pack.areaName, all }
  }),
  answer(api.change, async ({ version }, ctx) => changeOf(ctx, await getVersion(ctx, version))),
  answer(api.keys, async ({ areaCode, at }, ctx) => {
    if (!liesIn(areaCode, ctx.area) && !levelsOf(ctx.area).includes(areaCode)) throw say.outsideArea()
    return wholePage(await inheritedKeys(ctx, areaCode, at ?? instantOf(ctx.now)))
  }),
  answer(api.shipped, async () =>
    wholePage(
      shippedPacks.map((p) => ({
        key: p.key,
        title: p.title,
        disease: p.disease,
        note: p.note,
        document: p.document,
        rules: Object.keys(p.rules).length,
      })),
    ),
  ),

  handle(
    api.importPack,
    async ({ areaCode, shipped: key, ...effective }, ctx) => {
      const pack = shippedPacks.find((p) => p.key === key)
      if (!pack) throw say.unknownShipped()
      const named = { areaCode, title: pack.title.zh, disease: pack.disease.zh, origin: key }
      return addPack(ctx, named, { ...effective, document: pack.document, ...valuesOf(pack) })
    },
    (_, ctx) => getPackRow(ctx, ctx.id),
  ),
  handle(
    api.writePack,
    async ({ areaCode, title, disease, ...written }, ctx) =>
      addPack(ctx, { areaCode, title, disease: disease || null, origin: null }, { ...written, sources: {} }),
    (_, ctx) => getPackRow(ctx, ctx.id),
  ),
  handle(
    api.writeVersion,
    async ({ pack: id, ...written }, ctx) => {
      const pack = await getPackRow(ctx, id)
      requireOwn(ctx, pack.areaCode)
      await addVersion(ctx, pack, ctx.id, written)
      return getVersion(ctx, ctx.id)
    },
    (_, ctx) => getVersion(ctx, ctx.id),
  ),

  handle(
    api.editVersion,
    async ({ version: id, ...written }, ctx) => {
      const version = await taken(ctx, id)
      if (version.submittedAt !== null) throw say.notDraft()
      if (!(await keepsDraft(ctx, version))) throw say.authorOnly()
      return put(ctx, version, judged(ctx, written))
    },
    again,
  ),
  handle(
    api.submitVersion,
    async ({ version: id }, ctx) => {
      const version = await taken(ctx, id)
      if (version.submittedAt !== null) throw say.notDraft()
      if (!(await keepsDraft(ctx, version))) throw say.authorOnly()
      return put(ctx, version, { submittedAt: instantOf(ctx.now) })
    },
    again,
  ),
  handle(
    api.takeBackVersion,
    async ({ version: id }, ctx) => {
      const version = await awaited(ctx, id)
      if (!(await keepsDraft(ctx, version))) throw say.authorOnly()
      return put(ctx, version, { submittedAt: null })
    },
    again,
  ),
  handle(
    api.dropVersion,
    async ({ version: id }, ctx) => put(ctx, await taken(ctx, id), { droppedAt: instantOf(ctx.now), submittedAt: null }),
    again,
  ),

  handle(
    api.approveVersion,
    async ({ version: id }, ctx) => {
      const version = await awaited(ctx, id)
      // Whoever took a draft over writes it: that is no second person either.
      if (version.author === ctx.who.account || (await keepsDraft(ctx, version))) throw say.secondPersonNeeded()
      requireFitting(ctx, version.values)
      const effectiveFrom = beginsAt(version, ctx.now)
      if (version.effectiveTo !== null && msOf(version.effectiveTo) <= msOf(effectiveFrom)) throw say.wrongPeriod()
      return put(ctx, version, { approvedBy: ctx.who.account, approvedAt: instantOf(ctx.now), effectiveFrom })
    },
    again,
  ),
  handle(
    api.refuseVersion,
    async ({ version: id, reason }, ctx) => {
      const version = await awaited(ctx, id)
      if (version.author === ctx.who.account) throw say.refusalByAuthor()
      return put(ctx, version, { submittedAt: null, refusedBy: ctx.who.account, refusedAt: instantOf(ctx.now), refusal: reason })
    },
    again,
  ),

  answer(api.rules, async ({ areaCode, day, knownAt }, ctx) => {
    const area = areaCode ?? ctx.area
    // Rules above are read by everybody below; those of a neighbour are not.
    if (!liesIn(area, ctx.area) && !levelsOf(ctx.area).includes(area)) throw say.outsideArea()
    const rows: z.input<typeof api.RuleInForce>[] = []
    for (const key of usedKeys(ctx).values()) {
      const { value, versions, document } = combined(
        key as never,
        await saidOf(ctx.tx, key.key, area, day ?? instantOf(ctx.now), knownAt),
      )
      rows.push({
        key: key.key,
        title: key.title,
        words: inWords(key.schema, value),
        value,
        combines: key.combineText,
        document,
        versions,
      })
    }
    return wholePage(rows)
  }),
  answer(api.notice, async (_, ctx) => (await policy(ctx.tx, privacyNotice, ctx.area, instantOf(ctx.now))).value),
]
