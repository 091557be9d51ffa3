// A ledger (台账) by declaration: from its fields come the contracts, the pages, the workbook, the printed form and the daily counts.
import { z } from 'zod'
import { command, download, query } from './contract.ts'
import { Day } from './dates.ts'
import { exportTerms } from './exports.ts'
import { Correction, factFields } from './fact.ts'
import { Id } from './ids.ts'
import { importing } from './imports.ts'
import { infoOf, isReference, label } from './labels.ts'
import { pageOf, paging } from './paging.ts'
import { text, type Text } from './text.ts'

/** One figure that the ledger gives to the daily report: rows counted, or a field summed. */
export type LedgerCount<K extends string = string> = {
  readonly key: string
  readonly title: Text
  readonly unit: Text
  readonly sum?: K
  readonly definition: Text
}

export type LedgerTerms<F extends z.ZodRawShape, K extends keyof F & string = keyof F & string> = {
  readonly title: Text
  /** Fields of one entry, in the order of form, table and sheet. */
  readonly fields: F
  /** Roles that write and correct, and roles that read. */
  readonly record: readonly string[]
  readonly read: readonly string[]
  /** Roles that may export it unmasked, for a purpose; left out: nobody. */
  readonly full?: readonly string[]
  /** Roles that may also correct what others recorded; left out: whoever records for the whole community. */
  readonly mend?: readonly string[]
  /** Fields that the list can be filtered by: enums and civil days only, they stand in the address. */
  readonly filters: readonly K[]
  readonly counts: readonly LedgerCount<keyof F & string>[]
  /** Footnotes of the official sheet. */
  readonly notes: readonly Text[]
}

/**
 * Declares a ledger. Contracts: record, correct, withdraw, list, history, export; and `importing` (core/imports.ts) of what stood on paper.
 * Rows are the entry's fields beside the fact's (core/fact.ts).
 */
export function ledger<const N extends string, F extends z.ZodRawShape, const K extends keyof F & string = never>(
  name: N,
  terms: LedgerTerms<F, K>,
) {
  const entry = z.object(terms.fields)
  const row = z.object({
    ...terms.fields,
    ...factFields,
    grid: label(z.string().nullable(), '网格', 'Grid', { harmless: 'area code of the post that recorded' }),
    recordedByName: label(z.string(), '登记人', 'Recorded by', { harmless: 'duty name, posted publicly' }),
  })
  const filters = z.object({
    ...(Object.fromEntries(
      terms.filters.map((key) => [key, (terms.fields[key] as unknown as z.ZodType).optional()]),
    ) as unknown as { [P in K]: z.ZodOptional<F[P]> }),
    from: label(Day.optional(), '起', 'From'),
    to: label(Day.optional(), '止', 'To'),
  })
  const { record, read, mend = record } = terms
  // An entry on paper says on which day it happened; everything else it says as the form does.
  // Photos and ids do not stand in a workbook.
  const written = Object.fromEntries(
    Object.entries(terms.fields).filter(
      ([, field]) => !infoOf(field as unknown as z.ZodType)?.files && !isReference(field as unknown as z.ZodType),
    ),
  )
  const imported = z.object({ countedOn: label(Day, '日期', 'Day'), ...written })
  return {
    name,
    ...terms,
    entry,
    row,
    filterShape: filters,
    importing: importing(name, 'import', { title: terms.title, may: mend, row: imported as unknown as z.ZodObject }),
    contracts: {
      record: command(`${name}.record`, { title: text('登记', 'Record'), may: record, input: entry, output: row, queued: true }),
      correct: command(`${name}.correct`, {
        title: text('更正', 'Correct'),
        may: record,
        input: z.object({ ...Correction, entry }),
        output: row,
        queued: true,
      }),
      withdraw: command(`${name}.withdraw`, {
        title: text('撤回', 'Withdraw'),
        may: record,
        input: z.object(Correction),
        output: row,
        queued: true,
      }),
      list: query(`${name}.list`, {
        title: terms.title,
        may: read,
        input: z.object({ ...filters.shape, ...paging }),
        output: pageOf(row),
      }),
      history: query(`${name}.history`, {
        title: text('更正记录', 'History'),
        may: read,
        input: z.object({ root: Id }),
        output: z.object({ rows: z.array(row) }),
      }),
      export: download(`${name}.export`, {
        title: text(`导出${terms.title.zh}`, `Export: ${terms.title.en}`),
        may: read,
        full: terms.full ?? [],
        input: z.object({ ...filters.shape, ...exportTerms }),
        output: row,
      }),
    },
  }
}

// The declaration with its fields' exact types lost: what generic pages and stores work with.
export type AnyLedger = Omit<ReturnType<typeof ledger<string, z.ZodRawShape>>, 'filters'> & {
  readonly filters: readonly string[]
}
