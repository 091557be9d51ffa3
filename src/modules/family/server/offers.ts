// What family tells others: codes for the contact card, a line in every dossier, and who a view is where an account is named.
import { sql, type SqlBool } from 'kysely'
import { dayOf } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import { text } from '#core/text.ts'
import type { Dealing } from '#server/audit.ts'
import { namesOf, type AccountNames } from '#server/names.ts'
import type { EntryCodes } from '#modules/observation/entries.ts'
import { ageOf } from '#modules/residents/model.ts'
import { getMember, type DossierSection } from '#modules/residents/server.ts'
import { choiceText } from '#core/labels.ts'
import { ObjectionState, ViewKind, type ObjectionState as Stands, type View } from '../model.ts'
import { of } from './tables.ts'
import { addView, slipsOf } from './views.ts'

/** A code for each person of an order. Whoever has none gets one: the paper is handed over inside, and without the worker it opens nothing. */
export const entryCodes: EntryCodes = async (ctx, { persons }) => {
  const views = () =>
    of(ctx.tx)
      .selectFrom('familyViews')
      .select(['id', 'person', 'offAt'])
      .where('community', '=', ctx.community)
      .where('kind', '=', 'member')
      .where('endedAt', 'is', null)
      .where('person', 'in', [...persons])
      .execute()
  const before = await views()
  for (const person of persons.filter((one) => !before.some((view) => view.person === one))) {
    const { member } = await getMember(ctx, person)
    // A child has no page of its own unless somebody asks for one: the guardian may be shown what concerns it.
    if ((ageOf(member.birthDate, dayOf(ctx.now)) ?? 14) >= 14) await addView(ctx, { id: newId(), person, kind: 'member' })
  }
  const { rows } = await slipsOf(
    ctx,
    (await views()).map((view) => view.id),
  )
  return rows.map(({ person, name, qr, typed }) => ({ person, name, qr, typed }))
}

type Row = { id: Id; at: string; by: Id; what: 'view' | 'objection'; kind: View['kind']; state: Stands; document: string }
export const familySection: DossierSection = {
  key: 'family.views',
  title: text('居民页和异议', 'Own page and objections'),
  of: async (ctx, { person, household }) => {
    const whose = (alias: string) =>
      person
        ? sql`${sql.ref(`${alias}.person`)} = ${person}`
        : sql`${sql.ref(`${alias}.person`)} in (
      select v.person from family_views v where v.community = ${ctx.community} and v.household = ${household ?? null}::uuid)`
    const { rows } = await sql<Row>`
      select v.id, v.issued_at as at, v.issued_by as by, 'view' as what, v.kind, null as state, null as document from family_views v
        where v.community = ${ctx.community} and ${whose('v')}
      union all select o.id, o.received_at, o.received_by, 'objection', null, o.state, o.document from family_objections o
        where o.community = ${ctx.community} and ${whose('o')} order by at desc`.execute(ctx.tx)
    const names = await namesOf(
      ctx.house,
      ctx.tx,
      rows.map((row) => row.by),
    )
    return {
      rows: rows.map((row) => {
        const kind = row.what === 'view' ? choiceText(ViewKind, row.kind) : choiceText(ObjectionState, row.state)
        return {
          id: row.id,
          at: row.at,
          by: names.get(row.by) ?? null,
          detail: row.document ? text(row.document, row.document) : null,
          what:
            row.what === 'view'
              ? text(`发放居民页（${kind.zh}）`, `View issued (${kind.en.toLowerCase()})`)
              : text(`异议：${kind.zh}`, `Objection: ${kind.en.toLowerCase()}`),
        }
      }),
    }
  },
}

/** Where an account would be named: a view, without whose. */
export const viewNames: AccountNames = async (tx, ids) => {
  const found = await of(tx)
    .selectFrom('familyViews')
    .select(['id', 'kind'])
    .where('id', 'in', [...ids])
    .execute()
  return new Map(found.map(({ id, kind }) => [id, kind === 'member' ? '居民本人' : '代办人']))
}

/** A view deals with whom it shows; staff with those whose views they issued or whose objections they answered. */
export const familyDealings: Dealing = ({ community, person, account, from, to }) => sql<SqlBool>`(
  exists (select from family_views v where v.community = ${community} and ((v.id = ${account} and (v.person = ${person} or ${person} = any(v.shared)))
    or (v.person = ${person} and v.issued_by = ${account} and v.issued_at between ${from} and ${to})))
  or exists (select from family_objections o where o.community = ${community} and o.person = ${person}
    and (o.answered_by = ${account} and o.answered_at between ${from} and ${to} or o.received_by = ${account} and o.received_at between ${from} and ${to})))`
