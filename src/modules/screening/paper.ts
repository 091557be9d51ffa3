// Paper rounds: a list printed with numbered lines, walked without a phone, keyed back by keyboard. Nouns, numbers and contracts.
import { z } from 'zod'
import { command, query } from '#core/contract.ts'
import { Day, Instant } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import { choice, label, personal } from '#core/labels.ts'
import { pageOf, paging } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { by } from '#modules/identity/model.ts'
import { Questions } from '#modules/policy/model.ts'
import { Address, Name } from '#modules/residents/model.ts'
import { StatementEntry } from './entries.ts'
import { Attempt, AttemptHow, CampaignState, Outcome } from './model.ts'

const workers = by('gridWorker', 'gridLeader', 'communityStaff', 'communitySecretary')
const keep = 'response'
const dutyName = (zh: string, en: string) => label(z.string(), zh, en, { harmless: 'duty name, posted publicly' })
const placeName = (zh: string, en: string) => label(z.string(), zh, en, { harmless: 'name of a place' })

export const Picked = choice({
  left: text('还没联系上的住户', 'Households not reached yet'),
  all: text('全部住户', 'All households'),
})
export type Picked = z.infer<typeof Picked>

/** What is ticked on a line. "All well" speaks of everybody registered there, or of those who are named; the form says so. */
export const Mark = choice({
  allWell: text('全户正常', 'All well'),
  unwell: text('有不适', 'Somebody unwell'),
  nobody: text('无人', 'Nobody there'),
  refused: text('拒绝', 'Refused'),
  vacant: text('空置', 'Vacant'),
  moved: text('搬走', 'Moved away'),
})
export type Mark = z.infer<typeof Mark>

export const outcomeOf: Record<Mark, Outcome> = {
  allWell: 'reached',
  unwell: 'reached',
  nobody: 'nobody',
  refused: 'refused',
  vacant: 'vacant',
  moved: 'moved',
}

// --- the number of a list ---------------------------------------------------------------------------------------------

// Damm's quasigroup of order 10: finds every single wrong digit and every two neighbours that changed places.
const damm = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
]
const checked = (digits: string): number => [...digits].reduce((carry, digit) => Number(damm[carry]![Number(digit)]), 0)

/** `42` → `000042-X`: six digits and a check digit. */
export function paperNumber(n: number): string {
  const digits = String(n).padStart(6, '0')
  return `${digits}-${checked(digits)}`
}

/** What somebody typed, as the running number; undefined where the check digit does not fit. Blanks and dashes are nothing. */
export function readNumber(typed: string): number | undefined {
  const digits = typed.normalize('NFKC').replaceAll(/[\s-]/g, '').padStart(7, '0')
  return /^\d{7}$/.test(digits) && checked(digits) === 0 && Number(digits) >= 10 ? Number(digits.slice(0, -1)) : undefined
}

/** More lines than this are no walk of one day. */
export const mostLines = 400

// --- what is stored ---------------------------------------------------------------------------------------------------

const community = z.string().regex(/^\d{12}$/)
const code = z.string().regex(/^(\d{12}|\d{14}|\d{17})$/)

/** One row of `screening_papers`. */
export const Paper = z.object({
  community,
  id: Id,
  number: z.int(),
  campaign: Id,
  area: code,
  building: Id.nullable(),
  picked: label(Picked, '名单', 'List'),
  lines: label(z.int(), '行数', 'Lines'),
  printedAt: label(Instant, '打印时间', 'Printed'),
  printedBy: Id,
})
export type Paper = z.infer<typeof Paper>
/** One row of `screening_paper_lines`. */
export const PaperLine = z.object({ community, paper: Id, line: z.int(), household: Id })

// --- what pages show --------------------------------------------------------------------------------------------------

export const PaperShown = Paper.extend({
  number: label(z.string(), '编号', 'No.', { harmless: 'number of a list' }),
  campaignTitle: label(z.string(), '排查', 'Campaign', { harmless: 'name of a campaign' }),
  campaignState: CampaignState,
  areaName: placeName('范围', 'Area'),
  buildingName: placeName('楼栋', 'Building').nullable(),
  printedByName: dutyName('打印人', 'Printed by'),
  keyed: label(z.int(), '已录入', 'Keyed'),
  keyedAt: label(Instant.nullable(), '最近录入', 'Last keyed'),
})
export type PaperShown = z.infer<typeof PaperShown>

/** What stands for a line: the attempt that was keyed from it. */
const Entry = z.object({
  attempt: Id,
  mark: label(Mark, '结果', 'Outcome'),
  how: label(AttemptHow, '方式', 'How'),
  at: label(Instant, '时间', 'When'),
  note: Attempt.shape.note,
  walkedByName: dutyName('走访人', 'Walked by'),
  keyedByName: dutyName('录入人', 'Keyed by'),
})
/** What others recorded of the household in the same campaign: seen before it is recorded once more. */
const Elsewhere = z.object({ outcome: Outcome, how: AttemptHow, at: Instant, byName: dutyName('排查人', 'By') })
export const LineShown = z.object({
  line: label(z.int(), '行', 'Line'),
  household: Id,
  address: Address,
  head: personal(z.string().nullable(), '户主', 'Head', { mask: 'name', keep }),
  people: label(z.int(), '人数', 'People'),
  entry: Entry.nullable(),
  elsewhere: Elsewhere.nullable(),
})
export type LineShown = z.infer<typeof LineShown>

// --- contracts --------------------------------------------------------------------------------------------------------

/** The list becomes a record before it is on paper: its lines keep their meaning. */
export const printPaper = command('screening.printPaper', {
  title: text('打印排查名单', 'Print a list'),
  may: workers,
  input: z.object({
    area: label(code.optional(), '网格', 'Grid'),
    building: label(Id.optional(), '楼栋', 'Building'),
    picked: label(Picked.default('left'), '名单', 'List'),
  }),
  output: z.object({ paper: PaperShown, rows: z.array(LineShown) }),
})
export const papers = query('screening.papers', {
  title: text('打印过的名单', 'Lists on paper'),
  may: workers,
  input: z.object({ area: label(code.optional(), '网格', 'Grid'), ...paging }),
  output: pageOf(PaperShown),
})
/** One list with what was keyed from it, who can have walked it, and the questions for whoever is unwell. */
export const paper = query('screening.paper', {
  title: text('一张名单', 'One list'),
  may: workers,
  input: z.object({ number: label(z.string().max(20), '编号', 'No.', { harmless: 'number of a list' }) }),
  output: z.object({
    paper: PaperShown,
    rows: z.array(LineShown),
    form: Questions,
    walkers: z.array(z.object({ account: Id, name: dutyName('走访人', 'Walked by') })),
  }),
})
/** Who lives behind a line, for saying who is unwell. */
export const lineMembers = query('screening.lineMembers', {
  title: text('这一户的成员', 'Members of the household'),
  may: workers,
  input: z.object({ paper: Id, line: z.int() }),
  output: z.object({ rows: z.array(z.object({ person: Id, name: Name })) }),
})
export const keyLine = command('screening.keyLine', {
  title: text('录入一行', 'Key a line'),
  may: workers,
  input: z
    .object({
      paper: Id,
      line: label(z.int().min(1), '行', 'Line'),
      mark: label(Mark, '结果', 'Outcome'),
      how: label(AttemptHow, '方式', 'How'),
      day: label(Day, '走访日期', 'Day of the walk'),
      time: label(z.iso.time({ precision: -1 }), '时间', 'Time'),
      walkedBy: label(Id, '走访人', 'Walked by'),
      note: Attempt.shape.note.default(null),
      statements: label(z.array(StatementEntry).max(60).default([]), '健康状况', 'How they are'),
      /** The entry that is put right, and why. */
      replaces: Id.optional(),
      reason: label(z.string().trim().min(1).max(200).optional(), '更正原因', 'Reason of the correction', { keep }),
    })
    .refine((l) => (l.replaces === undefined) === (l.reason === undefined), { path: ['reason'] })
    .refine((l) => l.mark === 'unwell' || l.statements.every((s) => l.mark === 'allWell' && s.well), { path: ['statements'] })
    .refine((l) => l.how !== 'notice' || l.mark === 'nobody', { path: ['mark'] }),
  output: z.object({
    row: LineShown,
    keyed: z.int(),
    lines: z.int(),
    /** The same had been keyed already. */ before: z.boolean(),
  }),
})
