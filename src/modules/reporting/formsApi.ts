// An office's own form, asked and told: the forms and their versions, what answers each cell, a day's form, who asks what.
import { z } from 'zod'
import { command, download, query } from '#core/contract.ts'
import { Day, Instant } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import { label } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { pageOf } from '#core/paging.ts'
import { by } from '#modules/identity/model.ts'
import { IndicatorShown } from './api.ts'
import { FigureColumn, Numbers } from './model.ts'
import { Answer, Bound, CellRef, Form, FormVersion, heaviestForm, Repeat, SheetName, TypedName, TypedValue } from './forms.ts'

const readers = by('communitySecretary', 'subdistrictOfficer', 'districtOfficer', 'auditor')
const keepers = by('communitySecretary', 'subdistrictOfficer', 'districtOfficer')
const harmless = 'words of a form, names nobody'
const day = label(Day.optional(), '日期', 'Day', { hint: text('不填即今天', 'Empty: today') })
const place = label(
  z
    .string()
    .regex(/^(\d{6}|\d{9}|\d{12})$/)
    .optional(),
  '填报单位',
  'Reporting unit',
)
const names = (zh: string, en: string) =>
  label(z.string(), zh, en, { harmless: 'name of a place, or a duty name posted publicly' })

/** How many fields a form has, and what answers them. `open` is what nobody has decided yet. */
const Tally = z.object({ fields: z.int(), counted: z.int(), facts: z.int(), typed: z.int(), blank: z.int(), open: z.int() })
export type Tally = z.infer<typeof Tally>

const VersionLine = FormVersion.pick({
  id: true,
  number: true,
  since: true,
  fileName: true,
  uploadedAt: true,
  warnings: true,
}).extend({
  uploadedByName: names('上传人', 'Uploaded by'),
  tally: Tally,
})
export const FormShown = Form.omit({ madeBy: true, madeAt: true }).extend({
  areaName: names('适用区域', 'Area'),
  /** Whether the reader may change it, or only fill it. */
  mine: z.boolean(),
  versions: z.array(VersionLine),
  /** The version in force on the day asked. */
  version: Id.nullable(),
})
export type FormShown = z.infer<typeof FormShown>

export const forms = query('reporting.forms', {
  title: text('上级要的表', 'Forms asked for'),
  may: readers,
  input: z.object({ day }),
  output: pageOf(FormShown),
})
export const form = query('reporting.form', {
  title: text('表', 'Form'),
  may: readers,
  input: z.object({ form: Id, day }),
  output: FormShown,
})

/** A version with what its cells are answered by, what they may be, and each indicator with its numbers as they stand. */
export const version = query('reporting.formVersion', {
  title: text('表的对应关系', 'What answers a form'),
  may: readers,
  input: z.object({ version: Id }),
  output: FormVersion.omit({ book: true, uploadedBy: true }).extend({
    mine: z.boolean(),
    suggestions: z.array(Bound),
    indicators: z.array(IndicatorShown.extend({ now: Numbers })),
    /** Names under which something is typed already, for any form. */
    typedNames: z.array(TypedName),
  }),
})
export type VersionShown = z.infer<typeof version.output>

const asked = {
  office: Form.shape.office,
  title: Form.shape.title,
  due: Form.shape.due.default(null),
  basis: Form.shape.basis.default(null),
}
const upload = {
  since: FormVersion.shape.since,
  fileName: FormVersion.shape.fileName,
  /** The workbook in base64. */
  content: label(z.base64().max(Math.ceil(heaviestForm / 3) * 4), '空白表', 'Blank form', {
    harmless: 'a blank form; refused where it holds identity numbers',
  }),
}
export const addForm = command('reporting.addForm', {
  title: text('添加一张表', 'Add a form'),
  may: keepers,
  input: z.object({ ...asked, ...upload }),
  output: FormShown,
  secret: ['content'],
})
/** A later version beside the earlier ones; answers go along where a field stands by the same words. */
export const addVersion = command('reporting.addFormVersion', {
  title: text('上传新的一版', 'Upload a new version'),
  may: keepers,
  input: z.object({ form: Id, ...upload }),
  output: FormShown,
  secret: ['content'],
})
export const changeForm = command('reporting.changeForm', {
  title: text('修改表的信息', 'Change a form'),
  may: keepers,
  input: z.object({ form: Id, ...asked, endsOn: Form.shape.endsOn.default(null) }),
  output: FormShown,
})
export const bindForm = command('reporting.bindForm', {
  title: text('保存对应关系', 'Save what answers the form'),
  may: keepers,
  input: z.object({ version: Id, revision: z.int(), cells: z.array(Bound).max(2000), repeat: Repeat.nullable() }),
  output: z.object({ version: Id, revision: z.int(), tally: Tally }),
})

// --- a day's form ---------------------------------------------------------------------------------------------------------

/** A filled cell: its value, what answers it, and where the rows behind it are found. */
export const FilledCell = z.object({
  sheet: SheetName,
  cell: CellRef,
  value: label(z.union([z.number(), z.string()]).nullable(), '值', 'Value', { keep: 'work' }),
  answer: Answer,
  /** Area whose rows are behind the figure, and the report in which it was frozen. */
  area: z.string().nullable(),
  report: Id.nullable(),
})
export type FilledCell = z.infer<typeof FilledCell>
export const FormDay = z.object({
  form: Id,
  title: z.string(),
  office: z.string(),
  due: Form.shape.due,
  version: FormVersion.pick({ id: true, number: true, since: true, drawn: true }),
  day: Day,
  place: z.string(),
  placeName: names('填报单位', 'Reporting unit'),
  /** From the frozen report, or as it stands now; until when it was counted. `received` of `called` communities where it is a sum. */
  report: Id.nullable(),
  countedUntil: Instant,
  received: z.int().nullable(),
  called: z.int().nullable(),
  /** The rows of the form come to another sum than the frozen report: something came later. */
  partsDiffer: z.boolean(),
  cells: z.array(FilledCell),
  /** Formulas of the form with what they come to; null where only the program that opens it can tell. */
  totals: z.array(z.object({ sheet: SheetName, cell: CellRef, value: z.number().nullable() })),
  typed: z.array(
    z.object({
      name: TypedName,
      value: TypedValue.nullable(),
      byName: names('填写人', 'Typed by').nullable(),
      at: Instant.nullable(),
      asked: z.array(z.string()),
    }),
  ),
  indicators: z.array(IndicatorShown),
  open: z.int(),
  /** Places below that have no row in the form. */
  without: z.int(),
})
export type FormDay = z.infer<typeof FormDay>
export const formDay = query('reporting.formDay', {
  title: text('当天的表', 'The form of a day'),
  may: readers,
  input: z.object({ form: Id, place, day }),
  output: FormDay,
})
/** Types what nobody counts, once for a day: it stands in every form that asks it. */
export const typeFact = command('reporting.typeFact', {
  title: text('填写', 'Type in'),
  may: keepers,
  input: z.object({ place, day: Day, name: TypedName, value: TypedValue }),
  output: z.object({ name: TypedName, value: TypedValue }),
  secret: ['value'],
})
export const exportForm = download('reporting.exportForm', {
  title: text('下载填好的表', 'Download the filled form'),
  may: readers,
  input: z.object({ form: Id, place, day }),
  output: z.object({ row: z.int() }),
})

// --- who asks what --------------------------------------------------------------------------------------------------------

export const Answered = z.enum(['counted', 'fact', 'typed', 'open'])
export const Asked = z.object({
  key: z.string(),
  name: label(z.string(), '栏目', 'Field', { harmless }),
  answered: Answered,
  figure: z
    .object({ indicator: z.string(), title: z.object({ zh: z.string(), en: z.string() }), column: FigureColumn })
    .nullable(),
  /** The forms that ask it, each with its cells. */
  by: z.array(z.object({ form: Id, office: z.string(), title: z.string(), cells: z.array(z.string()) })),
})
export type Asked = z.infer<typeof Asked>
/** Every fact that offices ask, once, with who asks it and what answers it. */
export const whoAsks = query('reporting.whoAsks', {
  title: text('谁要什么', 'Who asks what'),
  may: readers,
  input: z.object({ day }),
  output: z.object({
    forms: z.array(z.object({ form: Id, office: z.string(), title: z.string(), fields: z.int() })),
    rows: z.array(Asked),
    fields: z.int(),
  }),
})
