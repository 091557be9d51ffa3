// Before anybody signs: what a version changes, what holds instead of it, which lower versions it overrules, and what modules foresee.
import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import type { z } from 'zod'
import { instantOf, msOf, sayMinute, type Instant } from '#core/dates.ts'
import type { PolicyKey } from '#core/policy.ts'
import { text, type Text } from '#core/text.ts'
import type { Ctx } from '#server/house.ts'
import { liesIn } from '#server/scope.ts'
import { areaNames } from '#modules/territory/server.ts'
import type * as api from './api.ts'
import { levelsActive, levelsOf, saidIn, voicesAt, type Voice } from './ask.ts'
import { diffInWords } from './diff.ts'
import { policyEffects, type RuleChange } from './effects.ts'
import { groupOf } from './foreseen.ts'
import { combined, type AnyPolicyKey } from './model.ts'
import { shapeOf } from './shapes.ts'
import { beginsAt, keysOf, of, schemaOf, usedKeys, type FullRow } from './versions.ts'
import { inWords } from './words.ts'

const holding = (key: AnyPolicyKey, voices: readonly Voice[]) =>
  combined(key as unknown as PolicyKey<unknown>, saidIn(voices, key.key))
/** Whether what a version says is what holds: compared as the key reads it. */
const holdsAs = (key: AnyPolicyKey, voices: readonly Voice[], value: unknown): boolean => {
  const read = key.schema.safeParse(value)
  return !read.success || isDeepStrictEqual(holding(key, voices).value, read.data)
}

const voiceOf = (v: FullRow, from: Instant): Voice => ({ ...v, effectiveFrom: from })
/** The same voices with one version in the place of whatever its pack said. Levels from the top, later ones last. */
const withVersion = (voices: readonly Voice[], one: Voice | undefined, pack: string): Voice[] =>
  [...voices.filter((v) => v.pack !== pack), ...(one ? [one] : [])].sort(
    (a, b) => a.areaCode.length - b.areaCode.length || msOf(a.effectiveFrom) - msOf(b.effectiveFrom),
  )

/** Whoever speaks over a version: for a key that the top decides the top, otherwise the nearest level above or a later pack beside it. */
function overruler(key: AnyPolicyKey, voices: readonly Voice[], own: Voice): Voice | undefined {
  const others = voices.filter((v) => v.id !== own.id && key.key in v.values)
  const beside = others.filter((v) => v.areaCode === own.areaCode).at(-1)
  const above = others.filter((v) => v.areaCode.length < own.areaCode.length)
  return (key.how === 'upperWins' ? above[0] : above.at(-1)) ?? beside
}

async function overruledAt(
  ctx: Ctx,
  key: AnyPolicyKey,
  voices: readonly Voice[],
  own: Voice,
  from: Instant,
): Promise<api.Overruled | null> {
  if (holdsAs(key, voices, own.values[key.key])) return null
  const by = overruler(key, voices, own)
  const names = await areaNames(ctx.tx, by ? [by.areaCode] : [])
  return {
    from,
    areaName: by ? (names.get(by.areaCode) ?? by.areaCode) : '—',
    document: by?.document ?? '—',
    holds: inWords(key.schema, holding(key, voices).value),
  }
}

/** Rules of a version that do not hold as written, now or from a moment that is known already, by key. */
export async function overruledIn(ctx: Ctx, version: FullRow): Promise<ReadonlyMap<string, api.Overruled>> {
  const keys = keysOf(ctx)
  const from = beginsAt(version, ctx.now)
  const own = voiceOf(version, from)
  const { rows: starts } = await sql<{ at: Instant }>`
    select distinct effective_from as at from policy_versions where area_code = any(${levelsOf(version.areaCode)}) and approved_at is not null
      and dropped_at is null and effective_from > ${from}::timestamptz order by 1 limit 20`.execute(ctx.tx)
  const found = new Map<string, api.Overruled>()
  for (const at of [from, ...starts.map((s) => s.at)]) {
    if (version.effectiveTo !== null && msOf(at) >= msOf(version.effectiveTo)) break
    const voices = withVersion(await voicesAt(ctx.tx, version.areaCode, at), own, version.pack)
    for (const name of Object.keys(version.values)) {
      const key = keys.get(name)
      const overruled = key && (await overruledAt(ctx, key, voices, own, at))
      if (!overruled) {
        // What is lifted before the present is history; what is still to come is not forgotten by a later change.
        if (msOf(at) <= ctx.now) found.delete(name)
      } else if (!found.has(name)) found.set(name, overruled)
    }
  }
  return found
}

type Moment = {
  readonly version: FullRow
  readonly own: Voice
  readonly from: Instant
  readonly old: Voice | undefined
  readonly voices: readonly Voice[]
}

/** The approved version of the same pack whose place it takes. */
async function replaced(ctx: Ctx, version: FullRow, from: Instant): Promise<Voice | undefined> {
  return of(ctx.tx)
    .selectFrom('policyVersions')
    .selectAll()
    .where('areaCode', '=', version.areaCode)
    .where('pack', '=', version.pack)
    .where('number', '<', version.number)
    .where('approvedAt', 'is not', null)
    .where('effectiveFrom', '<=', from)
    .where((eb) => eb.or([eb('effectiveTo', 'is', null), eb('effectiveTo', '>', from)]))
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
}

export async function changeOf(ctx: Ctx, version: FullRow): Promise<z.input<typeof api.change.output>> {
  const from = beginsAt(version, ctx.now)
  const old = await replaced(ctx, version, from)
  const moment: Moment = {
    version,
    from,
    old,
    own: voiceOf(version, from),
    voices: await voicesAt(ctx.tx, version.areaCode, from),
  }
  const names = [...new Set([...Object.keys(old?.values ?? {}), ...Object.keys(version.values)])]
  const below = await versionsBelow(ctx, moment)
  const changed = names.filter((name) => !isDeepStrictEqual(old?.values[name], version.values[name]))
  const changes: z.input<typeof api.Change>[] = []
  for (const name of changed) changes.push(await oneChange(ctx, moment, name, below))
  return {
    against: old?.number ?? null,
    from,
    summary: await summaryOf(ctx, moment),
    changes,
    same: names.length - changed.length,
    communities: await communitiesIn(ctx, counted(ctx, version.areaCode)),
  }
}

/** Never wider than the asker: a level below sees what a rule of the level above does to itself. */
const counted = (ctx: Ctx, area: string): string => (liesIn(area, ctx.area) ? area : ctx.area)

async function communitiesIn(ctx: Ctx, area: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from territory_areas
    where level = 'community' and (starts_with(area_code, ${area}) or starts_with(${area}::text, area_code))`.execute(ctx.tx)
  return rows[0]!.n
}

async function oneChange(ctx: Ctx, moment: Moment, name: string, below: readonly Below[]): Promise<z.input<typeof api.Change>> {
  const { version, own, old, from, voices } = moment
  const key = keysOf(ctx).get(name)
  const [was, is] = [old?.values[name], version.values[name]]
  const kind = was === undefined ? ('added' as const) : is === undefined ? ('removed' as const) : ('changed' as const)
  const schema = schemaOf(key)
  const after = withVersion(voices, own, version.pack)
  return {
    key: name,
    title: key?.title ?? text(name, name),
    kind,
    lines: linesOf(schema, kind, was, is),
    overruled: key && kind !== 'removed' ? await overruledAt(ctx, key, after, own, from) : null,
    effects: key ? await effectsOf(ctx, moment, key, after) : [{ words: unused, loud: false }],
    loses: key
      ? below
          .filter((low) => loses(key, low, version))
          .map((low) => ({
            areaName: low.areaName,
            packTitle: low.packTitle,
            number: low.voice.number,
            said: inWords(schema, low.voice.values[name]),
            holds: inWords(schema, holding(key, withVersion(low.voices, own, version.pack)).value),
          }))
      : [],
  }
}

function linesOf(schema: z.ZodType, kind: 'added' | 'changed' | 'removed', was: unknown, is: unknown): Text[] {
  if (kind === 'changed') return diffInWords(schema, was, is)
  const words = inWords(schema, kind === 'added' ? is : was)
  return [kind === 'added' ? words : text(`${words.zh} → 本级不再规定`, `${words.en} → no longer ruled here`)]
}

const unused = text('目前没有功能使用这一项，只作记录。', 'Nothing here uses this rule yet; it is kept as a record.')

/** What the modules foresee when what holds in the area changes; that nothing changes is said too. */
async function effectsOf(ctx: Ctx, { version, old, from, voices }: Moment, key: AnyPolicyKey, after: readonly Voice[]) {
  const before = withVersion(voices, old, version.pack)
  const change: RuleChange = {
    key: key.key,
    area: counted(ctx, version.areaCode),
    at: from,
    before: holding(key, before).value,
    after: holding(key, after).value,
  }
  if (!usedKeys(ctx).has(key.key)) return [{ words: unused, loud: false }]
  if (isDeepStrictEqual(change.before, change.after)) {
    return [{ words: text('实际执行的规定不变。', 'What holds in practice stays the same.'), loud: false }]
  }
  const effects: { words: Text; loud: boolean }[] = []
  for (const answer of ctx.house.offered(policyEffects).filter(({ keys }) => keys.includes(key.key))) {
    for (const { words, loud = false } of await answer.foresee(change, ctx)) effects.push({ words, loud })
  }
  const group = groupOf(key.key)
  return effects.length > 0 ? effects : [{ words: text(`用于“${group.zh}”。`, `Used in "${group.en}".`), loud: false }]
}

type Below = { readonly voice: Voice; readonly voices: readonly Voice[]; readonly areaName: string; readonly packTitle: string }

/** Approved versions of levels below that hold when this one begins, or will, each with the voices around it then. Two hundred at most. */
async function versionsBelow(ctx: Ctx, { version, from }: Moment): Promise<Below[]> {
  const { rows } = await sql<Voice & { packTitle: string }>`
    select distinct on (v.area_code, v.pack) v.area_code, v.id, v.pack, v.number, greatest(v.effective_from, ${from}::timestamptz) as effective_from,
      v.effective_to, v.document, v.level, v.values, p.title as pack_title
    from policy_versions v join policy_packs p on p.area_code = v.area_code and p.id = v.pack
    where starts_with(v.area_code, ${version.areaCode}) and length(v.area_code) > length(${version.areaCode}::text) and v.approved_at is not null
      and (v.effective_to is null or v.effective_to > ${from}::timestamptz)
      and (${version.effectiveTo}::timestamptz is null or v.effective_from < ${version.effectiveTo}::timestamptz)
    order by v.area_code, v.pack, v.number desc limit 200`.execute(ctx.tx)
  const names = await areaNames(
    ctx.tx,
    rows.map((v) => v.areaCode),
  )
  const found: Below[] = []
  for (const { packTitle, ...voice } of rows) {
    const voices = withVersion(await voicesAt(ctx.tx, voice.areaCode, voice.effectiveFrom), voice, voice.pack).filter(
      (v) => v.id !== version.id,
    )
    found.push({ voice, voices, packTitle, areaName: names.get(voice.areaCode) ?? voice.areaCode })
  }
  return found
}

/** What held as written below no longer does once this version speaks. */
const loses = (key: AnyPolicyKey, { voice, voices }: Below, version: FullRow): boolean =>
  key.key in voice.values &&
  holdsAs(key, voices, voice.values[key.key]) &&
  !holdsAs(key, withVersion(voices, voiceOf(version, version.effectiveFrom), version.pack), voice.values[key.key])

/** From when to when and for whom, and what is unusual about it. */
async function summaryOf(ctx: Ctx, { version, from, old }: Moment): Promise<Text[]> {
  const names = await areaNames(ctx.tx, [version.areaCode])
  const area = names.get(version.areaCode) ?? version.areaCode
  const moved = version.approvedAt === null && from !== version.effectiveFrom
  const [zh, en] = [sayMinute(from, 'zh'), sayMinute(from, 'en')]
  const until = version.effectiveTo
  const lines = [
    text(
      `适用：${area}；${moved ? '自第二人复核时起' : `自${zh}起`}${until ? `，至${sayMinute(until, 'zh')}止` : '，直到下一版'}。`,
      `For ${area}; ${moved ? 'from the moment of the second signature' : `from ${en}`}${until ? ` until ${sayMinute(until, 'en')}` : ' until the next version'}.`,
    ),
  ]
  if (version.correction)
    lines.push(
      text(
        `这是对过去的更正（${version.correction}）：已经上报的数字不变，重新计算时按新规定。`,
        `This corrects the past (${version.correction}): figures handed over stay, what is computed anew follows the new rule.`,
      ),
    )
  if (version.level !== null && !(await isActive(ctx, version, from)))
    lines.push(
      text(
        `只在“${version.level}”响应进行期间有效；到时如果没有这一级响应，就先等待。`,
        `Holds only while a response of level ${version.level} is active; until there is one it waits.`,
      ),
    )
  for (const later of await coming(ctx, version, from))
    lines.push(
      text(
        `将代替尚未生效的第 ${later.number} 版（原定自${sayMinute(later.effectiveFrom, 'zh')}起）。`,
        `Takes the place of version ${later.number}, which was to begin ${sayMinute(later.effectiveFrom, 'en')}.`,
      ),
    )
  if (!old && version.number > 1) lines.push(text('届时本规则包没有其他有效版本。', 'No other version of this pack holds then.'))
  return lines
}

async function isActive(ctx: Ctx, version: FullRow, at: Instant): Promise<boolean> {
  const { rows } = await sql<{ level: string }>`select level from ${levelsActive(version.areaCode, at)} as active`.execute(ctx.tx)
  return rows.some(({ level }) => level === version.level)
}

/** Earlier versions of the pack that would begin within the period of this one. */
const coming = (ctx: Ctx, version: FullRow, from: Instant) =>
  of(ctx.tx)
    .selectFrom('policyVersions')
    .select(['number', 'effectiveFrom'])
    .where('areaCode', '=', version.areaCode)
    .where('pack', '=', version.pack)
    .where('number', '<', version.number)
    .where('approvedAt', 'is not', null)
    .where('effectiveFrom', '>', from)
    .where('effectiveFrom', '>', instantOf(ctx.now))
    .where((eb) => (version.effectiveTo === null ? eb.lit(true) : eb('effectiveFrom', '<', version.effectiveTo)))
    .orderBy('number')
    .execute()

/** Every key as a form for an area needs it: its shape, what the levels above say of it, and whether there is room to say otherwise. */
export async function inheritedKeys(ctx: Ctx, area: string, at: Instant): Promise<z.input<typeof api.KeyShown>[]> {
  const voices = await voicesAt(ctx.tx, area, at)
  const above = voices.filter((v) => v.areaCode.length < area.length)
  const names = await areaNames(
    ctx.tx,
    above.map((v) => v.areaCode),
  )
  const used = usedKeys(ctx)
  const known = keysOf(ctx)
  return [...known.values()].map((key) => {
    const { value, versions, document } = holding(key, above)
    const speakers = above.filter((v) => versions.includes(v.id))
    const by = key.how === 'upperWins' ? speakers[0] : speakers.at(-1)
    return {
      key: key.key,
      title: key.title,
      group: groupOf(key.key),
      shape: shapeOf(key.schema),
      used: used.has(key.key),
      combines: key.combineText,
      inherited: value,
      inheritedWords: inWords(key.schema, value),
      inheritedFrom: by ? (names.get(by.areaCode) ?? by.areaCode) : null,
      inheritedDocument: document,
      fixed: key.how === 'upperWins' && by !== undefined,
    }
  })
}
