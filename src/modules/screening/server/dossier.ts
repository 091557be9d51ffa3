// What screening tells a dossier: the attempts of a household, what was said of a person, and where somebody came from.
import { sql } from 'kysely'
import type { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { standing } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import type { DossierSection } from '#modules/residents/server.ts'
import { AttemptHow, Category, Outcome, Risk } from '../model.ts'

const joined = (parts: readonly (Text | string | null)[]): Text | null => {
  const said = parts.filter((p) => p !== null && p !== '').map((p) => (typeof p === 'string' ? text(p, p) : p!))
  return said.length ? text(said.map((p) => p.zh).join(' · '), said.map((p) => p.en).join(' · ')) : null
}

type Row = { id: Id; at: string; recordedBy: Id; what: Text; detail: Text | null }

async function signed(ctx: Ctx, rows: readonly Row[]) {
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    rows.map((r) => r.recordedBy),
  )
  return { rows: rows.map(({ recordedBy, ...row }) => ({ ...row, by: names.get(recordedBy) ?? null })) }
}

type Attempted = { id: Id; at: string; recordedBy: Id; how: AttemptHow; outcome: Outcome; title: string; note: string | null }

async function ofHousehold(ctx: Ctx, household: Id) {
  const { rows } = await sql<Attempted>`
    select e.id, e.occurred_at as at, coalesce(e.walked_by, e.recorded_by) as recorded_by, e.how, e.outcome, e.note, c.title
    from screening_attempts as e join screening_campaigns as c on c.community = e.community and c.id = e.campaign
    where e.community = ${ctx.community} and e.household = ${household} and ${standing('screening_attempts', 'e')}
    order by e.occurred_at desc, e.root desc`.execute(ctx.tx)
  return signed(
    ctx,
    rows.map(({ how, outcome, title, note, ...row }) => {
      const [by, result] = [choiceText(AttemptHow, how), choiceText(Outcome, outcome)]
      return { ...row, what: text(`${by.zh}：${result.zh}`, `${by.en}: ${result.en}`), detail: joined([title, note]) }
    }),
  )
}

type SaidThere = { id: Id; at: string; recordedBy: Id; how: AttemptHow; well: boolean }

async function ofPerson(ctx: Ctx, person: Id) {
  const { rows } = await sql<SaidThere>`
    select e.id, e.occurred_at as at, e.recorded_by, e.how, e.well from screening_statements as e
    where e.community = ${ctx.community} and e.person = ${person} and ${standing('screening_statements', 'e')}
    order by e.occurred_at desc, e.root desc`.execute(ctx.tx)
  // How somebody was is health: it stands in the details, which only those read who may.
  return signed(
    ctx,
    rows.map(({ how, well, ...row }) => {
      const by = choiceText(AttemptHow, how)
      return {
        ...row,
        what: text(`询问健康状况（${by.zh}）`, `Asked how they are (${by.en.toLowerCase()})`),
        detail: well ? text('正常', 'Well') : text('有症状', 'With symptoms'),
      }
    }),
  )
}

/** Attempts of a household; of a person what was asked and how it was answered. */
export const screeningSection: DossierSection = {
  key: 'screening.attempts',
  title: text('排查', 'Screening'),
  of: async (ctx, { person, household }) =>
    household ? ofHousehold(ctx, household) : person ? ofPerson(ctx, person) : { rows: [] },
}

type Found = {
  id: Id
  at: string
  recordedBy: Id
  category: Category
  sourceRisk: Risk
  origin: string | null
  arrivedOn: string | null
}

/** Entries of a person in the ledger of key persons. */
export const keyPersonSection: DossierSection = {
  key: 'screening.keyPersons',
  title: text('重点人员登记', 'Entries as a key person'),
  of: async (ctx, { person }) => {
    if (!person) return { rows: [] }
    const { rows } = await sql<Found>`
      select e.id, e.occurred_at as at, e.recorded_by, e.category, e.source_risk, e.origin, e.arrived_on
        from screening_key_persons as e
      where e.community = ${ctx.community} and e.person = ${person} and ${standing('screening_key_persons', 'e')}
      order by e.occurred_at desc, e.root desc`.execute(ctx.tx)
    return signed(
      ctx,
      rows.map(({ category, sourceRisk, origin, arrivedOn, ...row }) => ({
        ...row,
        what: choiceText(Category, category),
        detail: joined([origin, arrivedOn, choiceText(Risk, sourceRisk)]),
      })),
    )
  },
}
