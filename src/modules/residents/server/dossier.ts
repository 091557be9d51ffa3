// One dossier for a person, one for a household: what residents knows itself, and a section from each module that has something to say.
import { sql } from 'kysely'
import type { Id } from '#core/ids.ts'
import { text, type Text } from '#core/text.ts'
import { choiceText } from '#core/labels.ts'
import { offer, type Ctx } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { addressSql, dwellingAddresses } from '#modules/territory/server.ts'
import { Relation, Tag, Tenure, type Section, type SectionRow } from '../model.ts'
import { householdLabels } from './standing.ts'

/** Whose dossier is open: one of the two. */
export type DossierAbout = { readonly person?: Id; readonly household?: Id }
/** `of` answers the rows of a section, the newest first; for a dossier of which it knows nothing, none. */
export type DossierSection = {
  readonly key: string
  readonly title: Text
  readonly of: (ctx: Ctx, about: DossierAbout) => Promise<{ readonly rows: readonly SectionRow[] }>
}
/** `offers: [...answering(dossierSections, { key: 'screening', title: text('排查', 'Screening'), of: … })]` */
export const dossierSections = offer<DossierSection>('dossierSections')

/** All sections that hold something. One that fails is shown as not readable and takes no other with it. */
export async function sectionsOf(ctx: Ctx, about: DossierAbout): Promise<Section[]> {
  const sections: Section[] = []
  for (const { key, title, of } of ctx.house.offered(dossierSections)) {
    await sql`savepoint section`.execute(ctx.tx)
    try {
      const { rows } = await of(ctx, about)
      if (rows.length) sections.push({ key, title, failed: false, rows: [...rows] })
    } catch (error) {
      await sql`rollback to savepoint section`.execute(ctx.tx)
      ctx.house.log.error('dossier.section', error, { section: key })
      sections.push({ key, title, failed: true, rows: [] })
    }
    await sql`release savepoint section`.execute(ctx.tx)
  }
  return sections
}

type Signed = { recordedBy: Id }
const signed = async (ctx: Ctx, rows: readonly (Signed & Omit<SectionRow, 'by'>)[]): Promise<{ rows: SectionRow[] }> => {
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    rows.map((r) => r.recordedBy),
  )
  return { rows: rows.map(({ recordedBy, ...row }) => ({ ...row, by: names.get(recordedBy) ?? null })) }
}

const same = (words: string): Text => text(words, words)
const joined = (parts: readonly (Text | string | null | undefined)[]): Text | null => {
  const said = parts.filter((p) => p !== null && p !== undefined && p !== '').map((p) => (typeof p === 'string' ? same(p) : p!))
  return said.length ? text(said.map((p) => p.zh).join(' · '), said.map((p) => p.en).join(' · ')) : null
}

/** Where a household has lived, or to which households a person has belonged. */
export const moves: DossierSection = {
  key: 'residents.moves',
  title: text('居住变动', 'Moves'),
  of: async (ctx, { person, household }) =>
    household ? dwellingsOf(ctx, household) : person ? householdsOf(ctx, person) : { rows: [] },
}

async function dwellingsOf(ctx: Ctx, household: Id) {
  type Row = Signed & {
    id: Id
    since: string
    dwelling: Id | null
    address: string | null
    tenure: Tenure | null
    why: string | null
  }
  const { rows } = await sql<Row>`
    select o.id, o.since, o.dwelling, ${addressSql('a')} as address, o.tenure, o.why, o.recorded_by
    from residents_occupancies as o left join ${dwellingAddresses(ctx.community)} as a on a.dwelling = o.dwelling
    where o.community = ${ctx.community} and o.subject = ${household} order by o.since desc, o.seq desc`.execute(ctx.tx)
  return signed(
    ctx,
    rows.map(({ id, since, dwelling, address, tenure, why, recordedBy }, i) => ({
      id,
      at: since,
      recordedBy,
      what: !dwelling
        ? text('迁出本社区', 'Left the community')
        : i === rows.length - 1
          ? text('入住', 'Moved in')
          : text('迁入', 'Moved'),
      detail: joined([dwelling ? address : null, tenure && choiceText(Tenure, tenure), why]),
    })),
  )
}

async function householdsOf(ctx: Ctx, person: Id) {
  const { rows } = await sql<Signed & { id: Id; since: string; household: Id | null; relation: Relation; why: string | null }>`
    select id, since, household, relation, why, recorded_by from residents_memberships
    where community = ${ctx.community} and subject = ${person} order by since desc, seq desc`.execute(ctx.tx)
  const labels = await householdLabels(
    ctx.tx,
    rows.flatMap((r) => r.household ?? []),
  )
  return signed(
    ctx,
    rows.map(({ id, since, household, relation, why, recordedBy }) => ({
      id,
      at: since,
      recordedBy,
      what: household ? text('属于一户', 'Belongs to a household') : text('离开本户', 'Left the household'),
      detail: joined([household && labels.get(household)?.address, household && choiceText(Relation, relation), why]),
    })),
  )
}

/** Entries that took each other's place, and tags that came and went. Says that something changed, never both values side by side. */
export const corrections: DossierSection = {
  key: 'residents.corrections',
  title: text('登记与更正', 'Entries and corrections'),
  of: async (ctx, { person }) => {
    if (!person) return { rows: [] }
    const { rows } = await sql<Signed & { id: Id; at: string; first: boolean; reason: string | null }>`
      select id, recorded_at as at, replaces is null as first, reason, recorded_by from residents_persons
      where community = ${ctx.community} and root = ${person} order by recorded_at desc, seq desc`.execute(ctx.tx)
    const tags = await sql<Signed & { id: Id; at: string; tag: Tag; withdrawn: boolean; reason: string | null }>`
      select id, recorded_at as at, tag, withdrawn, reason, recorded_by from residents_tags
      where community = ${ctx.community} and person = ${person} order by recorded_at desc, seq desc`.execute(ctx.tx)
    const phones = await sql<Signed & { id: Id; at: string; first: boolean; withdrawn: boolean; reason: string | null }>`
      select id, recorded_at as at, replaces is null as first, withdrawn, reason, recorded_by from residents_phones
      where community = ${ctx.community} and person = ${person} order by recorded_at desc, seq desc`.execute(ctx.tx)
    const entries = [
      ...rows.map(({ id, at, first, reason, recordedBy }) => ({
        id,
        at,
        recordedBy,
        what: first ? text('登记', 'Registered') : text('更正', 'Corrected'),
        detail: joined([reason]),
      })),
      ...tags.rows.map(({ id, at, tag, withdrawn, reason, recordedBy }) => ({
        id,
        at,
        recordedBy,
        what: withdrawn ? text('移除标签', 'Tag removed') : text('添加标签', 'Tag added'),
        detail: joined([choiceText(Tag, tag), reason]),
      })),
      ...phones.rows.map(({ id, at, first, withdrawn, reason, recordedBy }) => ({
        id,
        at,
        recordedBy,
        detail: joined([reason]),
        what: first
          ? text('添加电话', 'Phone added')
          : withdrawn
            ? text('移除电话', 'Phone removed')
            : text('更正电话', 'Phone corrected'),
      })),
    ]
    return signed(
      ctx,
      entries.toSorted((a, b) => b.at.localeCompare(a.at)),
    )
  },
}
