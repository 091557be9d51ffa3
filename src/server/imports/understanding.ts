// Which column of a stranger's workbook is taken for what: proposed by the house, corrected by hand, remembered for the next file alike.
import { sql } from 'kysely'
import { instantOf } from '#core/dates.ts'
import type { FieldChoice, Importing, SheetChoice, SheetProposal, Sure } from '#core/imports.ts'
import { infoOf, isRequired, labelOf } from '#core/labels.ts'
import { masks } from '#core/masking.ts'
import { text, type Text } from '#core/text.ts'
import type { z } from 'zod'
import type { Tx } from '../database/connect.ts'
import type { Ctx, House } from '../house.ts'
import type { SheetRead, WorkbookRead } from '../spreadsheet/cells.ts'
import type { Mapping, MappedSheet, Understood, UnderstoodSheet, Words } from './understand/model.ts'
import type { ReadRow } from './runs.ts'
import { reasonHead } from './sheet.ts'

/** How an import reads workbooks that are not its template. */
export type Understands<E> = {
  readonly words: Words
  /** Fields without which nothing can be read: of each group at least one must have a column. */
  readonly needs: readonly (readonly string[])[]
  /** Every row of data once, in the order of the file: as an entry, or with the reasons why it is none. */
  readonly read: (understood: Understood, ctx: Ctx) => Promise<readonly ReadRow<E>[]> | readonly ReadRow<E>[]
}

/** What is kept of a file that was understood: the proposal, what somebody said of it, and by which heads it is known again. */
export type Kept = {
  readonly sheets: readonly (SheetProposal & { readonly signature: string })[]
  /** What a person chose; `anew`: the house's own proposal is asked for, whatever was remembered. */
  readonly given?: readonly SheetChoice[]
  readonly anew?: true
}

/** Heads of the columns that a workbook of rows to mend has of its own: they are not read in. */
export const ownHeads = { reason: reasonHead, sheet: '原工作表', row: '原行号' } as const
const own = new Set<string>(Object.values(ownHeads))
const searched = 20

/** The workbook without the columns that the house itself added when it gave rows back. */
export function withoutOwn(workbook: WorkbookRead): WorkbookRead {
  return { ...workbook, sheets: workbook.sheets.map((sheet) => withoutOwnColumns(sheet)) }
}

function withoutOwnColumns(sheet: SheetRead): SheetRead {
  const head = sheet.rows.slice(0, searched).find((row) => row.cells.some((cell) => cell.text.trim() === reasonHead))
  if (!head) return sheet
  const gone = new Set(head.cells.flatMap((cell, at) => (own.has(cell.text.trim()) ? [at] : [])))
  for (const row of sheet.rows) row.cells = row.cells.map((cell, at) => (gone.has(at) ? { text: '', kind: 'blank' } : cell))
  return sheet
}

/** Columns that say anything, in the order of the sheet: by their number among these a choice is found again. */
const told = <C extends { head: string; sample: readonly string[] }>(columns: readonly C[]): C[] =>
  columns.filter((column) => column.head.trim() !== '' || column.sample.length > 0)

const bare = (head: string): string => head.normalize('NFKC').replaceAll(/[\s*]/g, '').toLowerCase()

/** By what a sheet is known again: its heads in their order, whatever the sheet and its title are called. */
const signatureOf = (house: House, of: Importing, { columns }: UnderstoodSheet): string =>
  house.keys.digest([of.full, ...told(columns).map((column) => bare(column.head))]).toString('hex')

// --- proposal ---------------------------------------------------------------------------------------------------------

/** The proposal as people see it; `first` is what the house proposed by itself. */
export function proposalOf(house: House, of: Importing, understood: Understood, first: Understood): Kept['sheets'] {
  return understood.sheets.map((sheet, i) => {
    const origin = first.sheets[i] ?? sheet
    const mapped = understood.mapping.sheets[i]
    return {
      name: sheet.name,
      taken: sheet.taken,
      title: sheet.title.slice(0, 200),
      rows: sheet.rows.length,
      signature: signatureOf(house, of, origin),
      headRows: mapped?.headRows ? [mapped.headRows[0], mapped.headRows[1]] : null,
      columns: told(sheet.columns).map((column) => {
        const { at, head, sample } = column
        const proposed = origin.columns.find((one) => one.at === at)
        const field = taken(column.field)
        const sure: Sure | null = field === null ? null : proposed?.field === field ? proposed.sure : column.sure
        return { at, head, field, sure, sample: [...sample].slice(0, 3) }
      }),
    }
  })
}

/** Words that are known only to be left aside begin with a dash. */
const taken = (field: string | null): string | null => (field?.startsWith('-') ? null : field)

/** The mapping of `first` with what somebody chose put in its place. */
export function chosen(first: Mapping, choices: readonly SheetChoice[]): Mapping {
  return {
    sheets: first.sheets.map((sheet) => {
      const choice = choices.find((one) => one.name === sheet.name)
      return choice ? changed(sheet, choice) : sheet
    }),
  }
}

function changed(sheet: MappedSheet, { taken, headRows, columns }: SheetChoice): MappedSheet {
  const fields = new Map(columns.map((column) => [column.at, column.field]))
  const known = new Set(sheet.columns.map((column) => column.at))
  return {
    name: sheet.name,
    taken,
    headRows: headRows && [Math.min(...headRows), Math.max(...headRows)],
    columns: [
      ...sheet.columns.map((column) => ({ ...column, field: fields.has(column.at) ? fields.get(column.at)! : column.field })),
      ...columns.filter((column) => !known.has(column.at)).map(({ at, field }) => ({ at, head: '', field })),
    ],
  }
}

/** What must still be said by somebody: needed fields without a column. */
export function missingIn(of: Importing, { needs, words }: Understands<never>, { sheets }: Understood): Text[] {
  const have = new Set(
    sheets.filter((sheet) => sheet.taken).flatMap((sheet) => sheet.columns.flatMap((column) => column.field ?? [])),
  )
  return needs
    .filter((group) => !group.some((field) => have.has(field)))
    .map((group) => {
      const names = group.slice(0, 2).map((field) => wordOf(of, words, field))
      return text(names.map((name) => name.zh).join('／'), names.map((name) => name.en).join(' or '))
    })
}

/** Whether the house only guessed: then somebody looks before rows are shown. */
export const isGuessed = ({ sheets }: Pick<Kept, 'sheets'>): boolean =>
  sheets.some((sheet) => sheet.taken && sheet.columns.some((column) => column.sure === 'similar' || column.sure === 'values'))

/** Heads of columns from which nothing is taken, once each; running numbers go without saying. */
export const asideOf = ({ sheets }: Pick<Kept, 'sheets'>): string[] =>
  [
    ...new Set(
      sheets
        .filter((sheet) => sheet.taken)
        .flatMap((sheet) =>
          sheet.columns
            .filter((column) => column.field === null && column.head.trim() !== '')
            .map((column) => column.head.trim()),
        ),
    ),
  ]
    .filter((head) => !/^(序号|编号|no\.?)$/i.test(head))
    .slice(0, 100)

/** The fields that a column can be taken for, in words. */
export const fieldChoices = (of: Importing, { words }: Pick<Understands<never>, 'words'>): FieldChoice[] => {
  const fields = words.flatMap(({ field }) => taken(field) ?? [])
  const required = (schema: z.ZodType | undefined) => schema !== undefined && isRequired(schema)
  return fields.map((field) => ({ field, ...wordOf(of, words, field), required: required(shapeOf(of)[field]) }))
}

const shapeOf = (of: Importing) => of.row.shape as Readonly<Record<string, z.ZodType>>

/** The label of a field; one that the template does not have is called by its first Chinese and its first English name. */
function wordOf(of: Importing, words: Words, field: string): Text {
  const schema = shapeOf(of)[field]
  if (schema) return labelOf(schema, field)
  const names = words.find((word) => word.field === field)?.names ?? []
  const zh = names.find((name) => /\p{Script=Han}/u.test(name)) ?? field
  const en = names.find((name) => /^[a-z]/i.test(name)) ?? zh
  return text(zh, en[0]!.toUpperCase() + en.slice(1))
}

/** Samples as the asker may see them: numbers that name a person are never whole, words of rooms and texts as the role allows. */
export function masking(of: Importing, ctx: Pick<Ctx, 'sees'>, { sheets }: Kept): SheetProposal[] {
  return sheets.map(({ signature: _, ...sheet }) => ({
    ...sheet,
    columns: sheet.columns.map((column) => {
      const kind = column.field === null ? undefined : infoOf(shapeOf(of)[column.field] ?? of.row)?.mask
      const hide = kind && !ctx.sees.has(kind) && !(kind === 'address' && ctx.sees.has('room')) ? masks[kind] : starred
      return { ...column, sample: column.sample.map(hide) }
    }),
  }))
}

/** Long runs of digits lose their middle. */
const starred = (said: string): string => said.replaceAll(/\d{7,}[\dxX]?/g, (digits) => masks.phone(digits))

// --- memory -----------------------------------------------------------------------------------------------------------

type Remembered = {
  taken: boolean
  /** How far the head was moved from where the house saw it; null where there is none. */
  head: [number, number] | null
  /** Fields of the columns that say anything, in their order. */
  fields: (string | null)[]
}
type SourceRow = {
  community: string
  importing: string
  signature: Buffer
  choice: Remembered
  recordedAt: string
  recordedBy: string
}
const sources = (tx: Tx) => tx.withTables<{ importSources: SourceRow }>()

/** Keeps what somebody chose, for the next file with the same heads. */
export async function remember(ctx: Ctx, of: Importing, { sheets }: Kept, choices: readonly SheetChoice[]): Promise<void> {
  for (const sheet of sheets) {
    const choice = choices.find((one) => one.name === sheet.name)
    if (!choice) continue
    const fields = new Map(choice.columns.map((column) => [column.at, column.field]))
    const [from, to] = sheet.headRows ?? [0, 0]
    const kept: Remembered = {
      taken: choice.taken,
      head: choice.headRows && [choice.headRows[0] - from, choice.headRows[1] - to],
      fields: sheet.columns.map((column) => (fields.has(column.at) ? fields.get(column.at)! : column.field)),
    }
    await sql`insert into import_sources (community, importing, signature, choice, recorded_at, recorded_by)
      values (${ctx.community}, ${of.full}, ${Buffer.from(sheet.signature, 'hex')}, ${JSON.stringify(kept)}::jsonb,
        ${instantOf(ctx.now)}, ${ctx.who.account})
      on conflict on constraint import_sources__derived do update set
        choice = excluded.choice, recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by`.execute(ctx.tx)
  }
}

/** Forgets what was chosen for sheets with these heads. */
export async function forget(ctx: Ctx, of: Importing, { sheets }: Kept): Promise<void> {
  for (const { signature } of sheets) {
    await sources(ctx.tx)
      .deleteFrom('importSources')
      .where('community', '=', ctx.community)
      .where('importing', '=', of.full)
      .where('signature', '=', Buffer.from(signature, 'hex'))
      .execute()
  }
}

/** What was once chosen for sheets with these heads; undefined where nothing was. */
export async function recall(
  tx: Tx,
  house: House,
  of: Importing,
  community: string,
  first: Understood,
): Promise<SheetChoice[] | undefined> {
  const choices: SheetChoice[] = []
  for (const [i, sheet] of first.sheets.entries()) {
    const row = await sources(tx)
      .selectFrom('importSources')
      .select('choice')
      .where('community', '=', community)
      .where('importing', '=', of.full)
      .where('signature', '=', Buffer.from(signatureOf(house, of, sheet), 'hex'))
      .executeTakeFirst()
    if (!row) continue
    const { taken, head, fields } = row.choice
    const [from, to] = first.mapping.sheets[i]?.headRows ?? [0, 0]
    choices.push({
      name: sheet.name,
      taken,
      headRows: head && [from + head[0], to + head[1]],
      columns: told(sheet.columns).map(({ at }, n) => ({ at, field: fields[n] ?? null })),
    })
  }
  return choices.length > 0 ? choices : undefined
}
