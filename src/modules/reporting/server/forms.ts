// The forms that offices ask: kept with their versions, each a workbook as it came; read, drawn, checked at the upload.
import type { ColumnType } from 'kysely'
import { dayOf, instantOf, type Day } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import type { Json, Tx } from '#server/database/connect.ts'
import type { Ctx } from '#server/house.ts'
import { namesOf, placesOf } from '#server/names.ts'
import { liesIn } from '#server/scope.ts'
import { drawWorkbook, formLimits } from '#server/spreadsheet/fillDraw.ts'
import { inspect } from '#server/spreadsheet/inspect.ts'
import { plainName, readDirectory, unpack } from '#server/spreadsheet/zip.ts'
import type { FormShown, Tally } from '../formsApi.ts'
import {
  inForce,
  say,
  type Bound,
  type DrawnSheet,
  type Form,
  type FormField,
  type FormVersion,
  type FormWarning,
  type Repeat,
} from '../forms.ts'
import { fieldsOf, holdsIdNumber, holdsPhone } from '../formsFields.ts'

type Read<T> = ColumnType<T, string, string>
export type FormTables = {
  reportingForms: Form
  reportingFormVersions: Omit<FormVersion, 'book' | 'drawn' | 'fields' | 'cells' | 'repeat' | 'warnings'> & {
    book: ColumnType<Buffer, Uint8Array, never>
    drawn: Json<DrawnSheet[]>
    fields: Json<FormField[]>
    cells: Json<Bound[]>
    warnings: Json<FormWarning[]>
    repeat: ColumnType<Repeat | null, string | null, string | null>
  }
  reportingTyped: {
    community: string
    id: Id
    day: Day
    name: string
    value: string
    at: string
    recordedBy: Id
    digest: Buffer
    seq: Read<number>
  }
}
export const of = (tx: Tx) => tx.withTables<FormTables>()

/** A version without its workbook. */
export type Version = Omit<FormVersion, 'book'>
const columns = [
  'areaCode',
  'id',
  'form',
  'number',
  'since',
  'fileName',
  'drawn',
  'fields',
  'cells',
  'repeat',
  'warnings',
  'revision',
  'uploadedBy',
  'uploadedAt',
] as const

export async function getForm(ctx: Pick<Ctx, 'tx'>, id: Id): Promise<Form> {
  const form = await of(ctx.tx).selectFrom('reportingForms').selectAll().where('id', '=', id).executeTakeFirst()
  if (!form) throw say.formUnknown()
  return form
}

/** A form that the caller keeps: of the own area, or of one below. */
export async function ownForm(ctx: Ctx, id: Id): Promise<Form> {
  const form = await getForm(ctx, id)
  if (!keeps(ctx, form)) throw say.formNotYours()
  return form
}
export const keeps = (ctx: Ctx, { areaCode }: Pick<Form, 'areaCode'>): boolean =>
  liesIn(areaCode, ctx.area) && ctx.role !== 'auditor'

export async function versionsOf(ctx: Pick<Ctx, 'tx'>, forms: readonly Id[]): Promise<Version[]> {
  if (forms.length === 0) return []
  return of(ctx.tx)
    .selectFrom('reportingFormVersions')
    .select(columns)
    .where('form', 'in', forms)
    .orderBy('number', 'desc')
    .execute()
}

export async function getVersion(ctx: Pick<Ctx, 'tx'>, id: Id): Promise<Version> {
  const version = await of(ctx.tx).selectFrom('reportingFormVersions').select(columns).where('id', '=', id).executeTakeFirst()
  if (!version) throw say.formUnknown()
  return version
}

export async function bookOf(ctx: Pick<Ctx, 'tx'>, version: Id): Promise<Uint8Array> {
  return (await of(ctx.tx).selectFrom('reportingFormVersions').select('book').where('id', '=', version).executeTakeFirstOrThrow())
    .book
}

/** Every form that can be seen, whether still asked on a day or not. */
export const allForms = (ctx: Pick<Ctx, 'tx'>): Promise<Form[]> =>
  of(ctx.tx).selectFrom('reportingForms').selectAll().orderBy('office').orderBy('title').orderBy('id').execute()

export const isAsked = ({ endsOn }: Pick<Form, 'endsOn'>, day: Day): boolean => endsOn === null || day < endsOn

// --- fields -----------------------------------------------------------------------------------------------------------

/** Where a form repeats a row, the other rows are copies of the first: their cells are no fields of their own. */
export const isCopy = (repeat: Repeat | null, { sheet, cell }: { sheet: string; cell: string }): boolean => {
  const row = Number(/\d+$/.exec(cell)?.[0])
  return repeat !== null && repeat.sheet === sheet && row > repeat.from && row < repeat.from + repeat.rows
}

/** The fields of a version: those that were found, and the cells that somebody pointed at besides. */
export function wholeFields({
  fields,
  cells,
  repeat,
}: Pick<Version, 'fields' | 'cells' | 'repeat'>): (FormField & { answer?: Bound['answer'] })[] {
  const key = ({ sheet, cell }: { sheet: string; cell: string }) => `${sheet}\n${cell}`
  const answers = new Map(cells.map((bound) => [key(bound), bound.answer]))
  const more = cells
    .filter((bound) => !fields.some((field) => key(field) === key(bound)))
    .map(({ sheet, cell }) => ({ sheet, cell, label: cell, row: '', column: '' }))
  return [...fields, ...more]
    .filter((field) => !isCopy(repeat, field))
    .map((field) => {
      const answer = answers.get(key(field))
      return answer ? { ...field, answer } : field
    })
}

export function tallyOf(version: Pick<Version, 'fields' | 'cells' | 'repeat'>): Tally {
  const all = wholeFields(version)
  const count = (by: Bound['answer']['by']) => all.filter(({ answer }) => answer?.by === by).length
  return {
    fields: all.length,
    counted: count('figure'),
    facts: count('fact'),
    typed: count('typed'),
    blank: count('blank'),
    open: all.filter(({ answer }) => answer === undefined).length,
  }
}

// --- upload -----------------------------------------------------------------------------------------------------------

type Upload = { since: Day; fileName: string; content: string }
type Taken = Pick<FormVersion, 'book' | 'drawn' | 'fields' | 'warnings'>

/** Reads an upload as one reads a file of a stranger; refuses what is hostile, what is empty, and what holds identity numbers. */
export async function takeUpload({ fileName, content }: Upload): Promise<Taken> {
  const book = Buffer.from(content, 'base64')
  if (inspect(book, fileName, formLimits).format !== 'xlsx') throw say.formNotWorkbook()
  const drawn = await drawWorkbook(book, fileName)
  const cells = drawn.flatMap((sheet) =>
    sheet.rows.flatMap((row) => row.cells.map(({ cell, text }) => ({ at: `${sheet.name}!${cell}`, text }))),
  )
  if (!cells.some(({ text }) => text.trim() !== '')) throw say.formIsEmpty()
  const bare = besides(book)
  const numbers = [
    ...cells.filter(({ text }) => holdsIdNumber(text)).map(({ at }) => at),
    ...bare.filter(({ words }) => holdsIdNumber(words)).map(({ part }) => part),
  ]
  if (numbers.length > 0) throw say.formHoldsNumbers({ cells: numbers.slice(0, 10) })
  const phones = [
    ...cells.filter(({ text }) => holdsPhone(text)).map(({ at }) => at),
    ...bare.filter(({ words }) => holdsPhone(words)).map(({ part }) => part),
  ]
  const warnings: FormWarning[] = [
    { kind: 'phones' as const, cells: phones.slice(0, 20) },
    { kind: 'hidden' as const, cells: drawn.filter(({ hidden }) => hidden).map(({ name }) => name) },
    { kind: 'cut' as const, cells: drawn.filter(({ left }) => left > 0).map(({ name }) => name) },
  ].filter((warning) => warning.cells.length > 0)
  return { book, drawn, fields: fieldsOf(drawn), warnings }
}

/** Words that stand beside the cells: shared texts nobody points at, comments, drawings, properties. */
const besides = (book: Uint8Array): { part: string; words: string }[] =>
  readDirectory(book)
    .filter(
      ({ name }) => /(comments|persons|drawing|docProps|sharedStrings|headerFooter)/i.test(name) && /\.(xml|vml)$/i.test(name),
    )
    .map((entry) => ({
      part: plainName(entry.name),
      words: new TextDecoder()
        .decode(unpack(book, entry))
        .replace(/<\/?(?:\w+:)?r\b[^>]*>|<[^>]*>/g, '\n')
        .replaceAll('\n', '|'),
    }))

/** Keeps an upload as the next version of a form. Answers go along where a field stands by the same words as before. */
export async function keepVersion(ctx: Ctx, form: Form, upload: Upload): Promise<void> {
  const taken = await takeUpload(upload)
  const [last] = await versionsOf(ctx, [form.id])
  const cells = last ? carried(last, taken.fields) : []
  await of(ctx.tx)
    .insertInto('reportingFormVersions')
    .values({
      areaCode: form.areaCode,
      id: newId(),
      form: form.id,
      number: (last?.number ?? 0) + 1,
      since: upload.since,
      fileName: upload.fileName,
      book: taken.book,
      drawn: JSON.stringify(taken.drawn),
      fields: JSON.stringify(taken.fields),
      cells: JSON.stringify(cells),
      repeat: null,
      warnings: JSON.stringify(taken.warnings),
      revision: 1,
      uploadedBy: ctx.who.account,
      uploadedAt: instantOf(ctx.now),
    } as never)
    .execute()
}

function carried(last: Version, fields: readonly FormField[]): Bound[] {
  const answers = new Map(wholeFields(last).flatMap(({ label, answer }) => (answer ? [[label, answer] as const] : [])))
  return fields.flatMap(({ sheet, cell, label }) => {
    const answer = answers.get(label)
    return answer ? [{ sheet, cell, answer }] : []
  })
}

// --- shown ------------------------------------------------------------------------------------------------------------

/** Forms in words, each with its versions and the one in force on a day. */
export async function shownForms(ctx: Ctx, forms: readonly Form[], day: Day = dayOf(ctx.now)): Promise<FormShown[]> {
  const versions = Map.groupBy(
    await versionsOf(
      ctx,
      forms.map(({ id }) => id),
    ),
    ({ form }) => form,
  )
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    [...versions.values()].flat().map(({ uploadedBy }) => uploadedBy),
  )
  const places = await placesOf(
    ctx.house,
    ctx.tx,
    forms.map(({ areaCode }) => areaCode),
  )
  return forms.map(({ madeBy: _, madeAt: __, ...form }) => {
    const mine = versions.get(form.id) ?? []
    return {
      ...form,
      areaName: places.get(form.areaCode) ?? form.areaCode,
      mine: keeps(ctx, form),
      versions: mine.map(({ id, number, since, fileName, uploadedAt, uploadedBy, warnings, ...rest }) => ({
        id,
        number,
        since,
        fileName,
        uploadedAt,
        warnings,
        uploadedByName: names.get(uploadedBy) ?? '—',
        tally: tallyOf(rest),
      })),
      version: isAsked(form, day) ? (inForce(mine, day)?.id ?? null) : null,
    }
  })
}
