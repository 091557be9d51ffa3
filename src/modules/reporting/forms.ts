// An office's own form: a workbook that is uploaded once, and what each of its cells is answered by.
import { z } from 'zod'
import { Day, Instant } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import { choice, label, personal } from '#core/labels.ts'
import { problems } from '#core/problem.ts'
import { text } from '#core/text.ts'
import { FigureColumn } from './model.ts'

const harmless = 'a form that an office publishes, names nobody'
const FormArea = z.string().regex(/^(\d{6}|\d{9}|\d{12})$/)

/** A form weighs at most so many bytes. */
export const heaviestForm = 2_000_000

// --- what answers a cell ------------------------------------------------------------------------------------------------

export const SheetName = label(z.string().min(1).max(100), '工作表', 'Sheet', { harmless })
export const CellRef = label(z.string().regex(/^[A-Z]{1,3}[1-9]\d{0,5}$/), '单元格', 'Cell', { harmless })

/** What a form asks beside figures, and the house knows. `line` fills the blanks behind the words of one cell (填报单位：… 填报人：…). */
export const PlainFact = choice({
  day: text('日期', 'Date'),
  place: text('填报单位', 'Reporting unit'),
  above: text('上级单位', 'Level above'),
  reporter: text('填报人', 'Sent by'),
  checker: text('审核人', 'Checked by'),
  sentAt: text('填报时间', 'Sent at'),
  line: text('本格内的填报单位、填报人、日期', 'Unit, person and date within the cell'),
  partName: text('下一级的名称', 'Name of the place of the row'),
  partNumber: text('序号', 'Running number'),
})
export type PlainFact = z.infer<typeof PlainFact>

/** What stands in a field that nobody counts, named once for all forms that ask it. */
export const TypedName = label(z.string().trim().min(1).max(60), '名称', 'Name', { harmless })

export const Answer = z.discriminatedUnion('by', [
  /** `area` is a precinct or grid; the place of the form, or of the row, where left out. */
  z.object({
    by: z.literal('figure'),
    indicator: z.string().regex(/^[a-z][a-zA-Z]*\.[a-zA-Z]+$/),
    column: FigureColumn,
    area: z
      .string()
      .regex(/^(\d{14}|\d{17})$/)
      .optional(),
  }),
  z.object({ by: z.literal('fact'), fact: PlainFact }),
  z.object({ by: z.literal('typed'), name: TypedName }),
  /** Left blank on purpose: remarks, a stamp. */
  z.object({ by: z.literal('blank') }),
])
export type Answer = z.infer<typeof Answer>

export const Bound = z.object({ sheet: SheetName, cell: CellRef, answer: Answer })
export type Bound = z.infer<typeof Bound>

/** From row `from` on, so many `rows` stand for one place each of the level below: grids, communities, streets. Answers stand in the first. */
export const Repeat = z.object({ sheet: SheetName, from: z.int().min(1).max(1000), rows: z.int().min(1).max(300) })
export type Repeat = z.infer<typeof Repeat>

/** A cell that is there to be filled, with the words around it. */
export const FormField = z.object({ sheet: SheetName, cell: CellRef, label: z.string(), row: z.string(), column: z.string() })
export type FormField = z.infer<typeof FormField>

const DrawnCell = z.object({
  cell: CellRef,
  column: z.int(),
  across: z.int(),
  down: z.int(),
  text: z.string(),
  lined: z.literal(true).optional(),
  bold: z.literal(true).optional(),
  sum: z.literal(true).optional(),
  align: z.enum(['left', 'center', 'right']).optional(),
  size: z.number().optional(),
})
export const DrawnSheet = z.object({
  name: SheetName,
  hidden: z.boolean(),
  widths: z.array(z.number()),
  left: z.int(),
  rows: z.array(z.object({ row: z.int(), cells: z.array(DrawnCell) })),
})
export type DrawnSheet = z.infer<typeof DrawnSheet>

/** What was seen at the upload and is better looked at: a phone number in cells, hidden sheets, more rows than are shown. */
export const FormWarning = z.object({ kind: z.enum(['phones', 'hidden', 'cut']), cells: z.array(z.string()) })
export type FormWarning = z.infer<typeof FormWarning>

// --- tables -------------------------------------------------------------------------------------------------------------

/** `reporting_forms`: who asks. */
export const Form = z.object({
  areaCode: label(FormArea, '适用区域', 'Area'),
  id: Id,
  office: label(z.string().trim().min(1).max(60), '哪个部门要的', 'Which office asks', {
    harmless,
    hint: text('如：区民政局', 'For example: civil affairs office'),
  }),
  title: label(z.string().trim().min(1).max(80), '表名', 'Title', { harmless }),
  due: label(z.iso.time({ precision: -1 }).nullable(), '每天几点前报', 'Due each day at'),
  basis: label(z.string().trim().max(200).nullable(), '依据', 'Basis', {
    harmless,
    hint: text('文件名称和文号', 'Title and number of the document'),
  }),
  endsOn: label(Day.nullable(), '停用日期', 'No longer asked from', {
    hint: text('从这一天起不再填', 'Not filled from that day on'),
  }),
  madeBy: label(Id, '添加人', 'Added by'),
  madeAt: Instant,
})
export type Form = z.infer<typeof Form>

/** `reporting_form_versions`: the workbook as it came (`book`), drawn for the page, its fields, and what answers them. */
export const FormVersion = z.object({
  areaCode: FormArea,
  id: Id,
  form: Id,
  number: label(z.int(), '版本', 'Version'),
  since: label(Day, '从哪天起用', 'In use from'),
  fileName: label(z.string().max(200), '文件名', 'File name', { harmless }),
  book: z.instanceof(Uint8Array),
  drawn: z.array(DrawnSheet),
  fields: z.array(FormField),
  cells: z.array(Bound),
  repeat: Repeat.nullable(),
  warnings: z.array(FormWarning),
  /** Counts how often the answers were saved: who saves an older one is told. */
  revision: z.int(),
  uploadedBy: label(Id, '上传人', 'Uploaded by'),
  uploadedAt: label(Instant, '上传时间', 'Uploaded'),
})
export type FormVersion = z.infer<typeof FormVersion>

export const TypedValue = personal(z.string().trim().min(1).max(500), '填写内容', 'Value', {
  keep: 'work',
  hint: text('数字或文字；不写居民姓名、证件号', 'A number or words; no residents’ names or document numbers'),
})

/** `reporting_typed`: a fact of a day that somebody typed, for every form that asks it. Added only; the last one stands. */
export const Typed = z.object({
  community: z.string().regex(/^\d{12}$/),
  id: Id,
  day: Day,
  name: TypedName,
  value: TypedValue,
  at: Instant,
  recordedBy: Id,
  digest: z.instanceof(Uint8Array),
})
export type Typed = z.infer<typeof Typed>

/** The version in force on a day: the latest that has begun, and of those of one day the last uploaded. */
export const inForce = <V extends Pick<FormVersion, 'since' | 'number'>>(versions: readonly V[], day: Day): V | undefined =>
  versions
    .filter(({ since }) => since <= day)
    .toSorted((a, b) => (a.since === b.since ? b.number - a.number : a.since < b.since ? 1 : -1))[0]

// --- words ----------------------------------------------------------------------------------------------------------------

export const say = problems('reporting', {
  formUnknown: [
    404,
    { zh: '没有找到这张表，可能不在您的工作范围内。', en: 'This form was not found; it may lie outside your area.' },
  ],
  unknownForm: [404, { zh: '没有找到这张表，请刷新后再试。', en: 'This form was not found. Refresh and try again.' }],
  formVersionTaken: [
    409,
    { zh: '刚刚有人上传了新的一版，请刷新后再试。', en: 'A new version has just been uploaded. Refresh and try again.' },
  ],
  formNotYet: [
    409,
    {
      zh: '这一天还没有启用的版本，请换一天，或把启用日期提前。',
      en: 'No version was in use on that day. Choose another day, or let one begin earlier.',
    },
  ],
  formHoldsNumbers: [
    422,
    ({ cells }: { cells: readonly string[] }) => ({
      zh: `表里有居民身份证号（${cells.join('、')}）。请清空后再上传：上传的应当是空白表。`,
      en: `The form holds identity numbers (${cells.join(', ')}). Clear them and upload again: a blank form is needed.`,
    }),
  ],
  formIsEmpty: [422, { zh: '这个工作簿里没有内容，请核对文件。', en: 'This workbook holds nothing. Check the file.' }],
  formNotWorkbook: [
    422,
    {
      zh: '请上传 .xlsx 工作簿：文本文件没有格式，无法照原样填写。',
      en: 'Upload an .xlsx workbook: a text file has no look to keep.',
    },
  ],
  formCellComputed: [
    422,
    ({ cells }: { cells: readonly string[] }) => ({
      zh: `${cells.join('、')} 是表里的公式，会自动计算，不需要指定。`,
      en: `${cells.join(', ')} are formulas of the form; they compute themselves.`,
    }),
  ],
  formCellUnknown: [
    422,
    ({ cells }: { cells: readonly string[] }) => ({
      zh: `表里没有这些格子：${cells.join('、')}。请刷新后再试。`,
      en: `The form has no such cells: ${cells.join(', ')}. Refresh and try again.`,
    }),
  ],
  formChanged: [
    409,
    {
      zh: '别人刚刚改过这一版的对应关系，请刷新后再改。',
      en: 'Somebody has just changed what answers this version. Refresh and change it again.',
    },
  ],
  formNotYours: [
    403,
    {
      zh: '这张表由上级维护，本级只填写，不能修改。',
      en: 'This form is kept by the level above; here it is filled, not changed.',
    },
  ],
  countedAlready: [
    422,
    ({ name }: { name: string }) => ({
      zh: `系统已统计“${name}”，不用人工填写：请把这一格对应到这个指标。`,
      en: `"${name}" is counted already; point the cell at that figure instead of typing it.`,
    }),
  ],
  typedHoldsNumbers: [
    422,
    { zh: '这里不能写身份证号，请删去后再保存。', en: 'No identity numbers here. Remove it and save again.' },
  ],
  tooFewRows: [
    422,
    ({ rows, parts }: { rows: number; parts: number }) => ({
      zh: `表里只留了 ${rows} 行，本级下面有 ${parts} 个单位。请在表里加够行再上传一版，或增加“逐行填写”的行数。`,
      en: `The form has ${rows} rows for ${parts} places below. Add rows and upload a new version, or let more rows repeat.`,
    }),
  ],
})
