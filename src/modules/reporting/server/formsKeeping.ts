// Adding a form, its next version, its words; saving what answers its cells; and who asks what.
import { dayOf, instantOf, type Day } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { wholePage } from '#core/paging.ts'
import { answer, handle, type Ctx, type Handled } from '#server/house.ts'
import * as api from '../formsApi.ts'
import { inForce, say, type Bound, type Form } from '../forms.ts'
import { countedBy, sameName, suggested } from '../formsFields.ts'
import type { Numbers } from '../model.ts'
import { choiceText } from '#core/labels.ts'
import { PlainFact } from '../forms.ts'
import { allIndicators, asKnown, countDay, findIndicator, shownIndicator } from './counting.ts'
import {
  allForms,
  getForm,
  getVersion,
  isAsked,
  keeps,
  keepVersion,
  of,
  ownForm,
  shownForms,
  tallyOf,
  versionsOf,
  wholeFields,
  type Version,
} from './forms.ts'
import { added, sumsBy } from './overview.ts'

const shown = async (ctx: Ctx, id: Id, day?: Day) => (await shownForms(ctx, [await getForm(ctx, id)], day))[0]!

/** Today's numbers of every indicator where the caller works, for whoever chooses among them. */
async function numbersNow(ctx: Ctx): Promise<Record<string, Numbers>> {
  const day = dayOf(ctx.now)
  if (ctx.area.length >= 12) return (await countDay(ctx, asKnown({ community: ctx.community, day }, ctx.now))).figures
  const sums = Map.groupBy(await sumsBy(ctx, ctx.area, day, ctx.area.length as 6 | 9), (sum) => sum.indicator)
  return Object.fromEntries([...sums].map(([indicator, of]) => [indicator, added(of)]))
}

async function typedNames(ctx: Ctx): Promise<string[]> {
  const versions = await versionsOf(
    ctx,
    (await allForms(ctx)).map(({ id }) => id),
  )
  return [
    ...new Set(versions.flatMap(({ cells }) => cells.flatMap(({ answer: a }) => (a.by === 'typed' ? [a.name] : [])))),
  ].toSorted()
}

const nothing: Numbers = { current: null, today: null, total: null, doubted: 0 }

async function versionShown(ctx: Ctx, version: Version) {
  const now = await numbersNow(ctx)
  const indicators = allIndicators(ctx.house).map((one) => ({ ...shownIndicator(one), now: now[one.key] ?? nothing }))
  const suggestions = wholeFields(version)
    .filter((field) => !field.answer)
    .flatMap((field): Bound[] => {
      const found = suggested(field, indicators)
      return found ? [{ sheet: field.sheet, cell: field.cell, answer: found }] : []
    })
  const { uploadedBy: _, ...rest } = version
  return {
    ...rest,
    mine: keeps(ctx, await getForm(ctx, version.form)),
    suggestions,
    indicators,
    typedNames: await typedNames(ctx),
  }
}

/** Refuses cells that the form does not have, formulas, figures that no indicator counts, and typing what is counted. */
function checkCells(ctx: Ctx, { drawn }: Version, cells: readonly Bound[]): void {
  const known = new Map(
    drawn.flatMap((sheet) =>
      sheet.rows.flatMap((row) => row.cells.map((cell) => [`${sheet.name}\n${cell.cell}`, cell] as const)),
    ),
  )
  const wrong = (which: (bound: Bound) => boolean) => cells.filter(which).map(({ cell }) => cell)
  const missing = wrong(({ sheet, cell }) => !known.has(`${sheet}\n${cell}`))
  if (missing.length > 0 || new Set(cells.map(({ sheet, cell }) => `${sheet}\n${cell}`)).size < cells.length)
    throw say.formCellUnknown({ cells: missing })
  const sums = wrong(({ sheet, cell }) => known.get(`${sheet}\n${cell}`)!.sum === true)
  if (sums.length > 0) throw say.formCellComputed({ cells: sums })
  const indicators = allIndicators(ctx.house).map(shownIndicator)
  for (const { answer: a } of cells) {
    if (a.by === 'figure' && !findIndicator(ctx.house, a.indicator)?.columns.includes(a.column))
      throw say.formCellUnknown({ cells: [a.indicator] })
    const counted = a.by === 'typed' ? countedBy(a.name, indicators) : undefined
    if (counted) throw say.countedAlready({ name: counted.title.zh })
  }
}

// --- who asks what ----------------------------------------------------------------------------------------------------

/** What makes two fields the same fact: the same figure and column, the same plain fact, the same typed name or words. */
const factKey = ({ label, answer: a }: ReturnType<typeof wholeFields>[number]): string =>
  a?.by === 'figure'
    ? `figure ${a.indicator} ${a.column} ${a.area ?? ''}`
    : a?.by === 'fact'
      ? `fact ${a.fact}`
      : `words ${sameName(a?.by === 'typed' ? a.name : label)}`

async function whoAsks(ctx: Ctx, day: Day) {
  const forms = (await allForms(ctx)).filter((form) => isAsked(form, day))
  const versions = Map.groupBy(
    await versionsOf(
      ctx,
      forms.map(({ id }) => id),
    ),
    ({ form }) => form,
  )
  const rows = new Map<string, api.Asked>()
  const listed: { form: Id; office: string; title: string; fields: number }[] = []
  for (const form of forms) {
    const version = inForce(versions.get(form.id) ?? [], day)
    if (!version) continue
    const fields = wholeFields(version).filter(({ answer: a }) => a?.by !== 'blank')
    listed.push({ form: form.id, office: form.office, title: form.title, fields: fields.length })
    for (const field of fields) note(ctx, rows, form, field)
  }
  const rank: Record<api.Asked['answered'], number> = { open: 0, typed: 1, counted: 2, fact: 3 }
  return {
    forms: listed,
    fields: listed.reduce((n, { fields }) => n + fields, 0),
    rows: [...rows.values()].toSorted(
      (a, b) => rank[a.answered] - rank[b.answered] || b.by.length - a.by.length || (a.name < b.name ? -1 : 1),
    ),
  }
}

function note(ctx: Ctx, rows: Map<string, api.Asked>, form: Form, field: ReturnType<typeof wholeFields>[number]): void {
  const { answer: a, label, cell } = field
  const key = factKey(field)
  const indicator = a?.by === 'figure' ? findIndicator(ctx.house, a.indicator) : undefined
  const answered =
    a === undefined
      ? ('open' as const)
      : a.by === 'figure'
        ? ('counted' as const)
        : a.by === 'fact'
          ? ('fact' as const)
          : ('typed' as const)
  const row: api.Asked = rows.get(key) ?? {
    key,
    answered,
    by: [],
    name: indicator
      ? indicator.title.zh
      : a?.by === 'fact'
        ? choiceText(PlainFact, a.fact).zh
        : a?.by === 'typed'
          ? a.name
          : label,
    figure: indicator && a?.by === 'figure' ? { indicator: indicator.key, title: indicator.title, column: a.column } : null,
  }
  // Typed for one form, it need not be decided again for another.
  if (row.answered === 'open' && answered === 'typed') row.answered = 'typed'
  const mine = row.by.find((one) => one.form === form.id)
  if (mine) mine.cells.push(cell)
  else row.by.push({ form: form.id, office: form.office, title: form.title, cells: [cell] })
  rows.set(key, row)
}

export const formsKeeping: readonly Handled[] = [
  answer(api.forms, async ({ day }, ctx) => wholePage(await shownForms(ctx, await allForms(ctx), day))),
  answer(api.form, async ({ form, day }, ctx) => shown(ctx, form, day)),
  answer(api.version, async ({ version }, ctx) => versionShown(ctx, await getVersion(ctx, version))),
  answer(api.whoAsks, async ({ day }, ctx) => whoAsks(ctx, day ?? dayOf(ctx.now))),

  handle(
    api.addForm,
    async ({ office, title, due, basis, ...upload }, ctx) => {
      const form: Form = {
        areaCode: ctx.area,
        id: ctx.id,
        office,
        title,
        due,
        basis: basis || null,
        endsOn: null,
        madeBy: ctx.who.account,
        madeAt: instantOf(ctx.now),
      }
      // A form is asked for by its id alone: none may stand under the id of one that is kept above.
      if (await of(ctx.tx).selectFrom('reportingForms').select('id').where('id', '=', form.id).executeTakeFirst())
        throw say.formVersionTaken()
      await of(ctx.tx).insertInto('reportingForms').values(form).execute()
      await keepVersion(ctx, form, upload)
      return shown(ctx, form.id)
    },
    async (_, ctx) => shown(ctx, ctx.id),
  ),

  handle(
    api.addVersion,
    async ({ form: id, ...upload }, ctx) => {
      await keepVersion(ctx, await ownForm(ctx, id), upload)
      return shown(ctx, id)
    },
    async ({ form }, ctx) => shown(ctx, form),
  ),

  handle(
    api.changeForm,
    async ({ form: id, office, title, due, basis, endsOn }, ctx) => {
      const form = await ownForm(ctx, id)
      await of(ctx.tx)
        .updateTable('reportingForms')
        .set({ office, title, due, basis: basis || null, endsOn })
        .where('areaCode', '=', form.areaCode)
        .where('id', '=', id)
        .execute()
      return shown(ctx, id)
    },
    async ({ form }, ctx) => shown(ctx, form),
  ),

  handle(
    api.bindForm,
    async ({ version: id, revision, cells, repeat }, ctx) => {
      const version = await getVersion(ctx, id)
      await ownForm(ctx, version.form)
      checkCells(ctx, version, cells)
      if (
        repeat &&
        !version.drawn.some(({ name, rows }) => name === repeat.sheet && repeat.from + repeat.rows - 1 <= rows.length)
      ) {
        throw say.formCellUnknown({ cells: [`${repeat.sheet} ${repeat.from}`] })
      }
      const { numUpdatedRows } = await of(ctx.tx)
        .updateTable('reportingFormVersions')
        .set({ cells: JSON.stringify(cells), repeat: repeat && JSON.stringify(repeat), revision: revision + 1 })
        .where('areaCode', '=', version.areaCode)
        .where('id', '=', id)
        .where('revision', '=', revision)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) throw say.formChanged()
      return { version: id, revision: revision + 1, tally: tallyOf({ ...version, cells, repeat }) }
    },
    async ({ version: id }, ctx) => {
      const version = await getVersion(ctx, id)
      return { version: id, revision: version.revision, tally: tallyOf(version) }
    },
  ),
]
