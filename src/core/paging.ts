// Lists are read by key, never by offset: the cursor is the sort key of the last row seen, sealed as text.
import { z } from 'zod'
import { label } from './labels.ts'

/** What every list takes beside its own filters. */
export const paging = {
  after: label(z.string().max(400).optional(), '上一页末行', 'After', { harmless: 'a cursor made by the server' }),
  limit: label(z.int().min(1).max(200).default(50), '每页行数', 'Rows a page'),
}

/** A page of `rows`, the cursor of the `next` page or null at the end, and the honest `total` of what the filter matches. */
export const pageOf = <R extends z.ZodType>(row: R) =>
  z.object({ rows: z.array(row), next: z.string().nullable(), total: z.int().nullable() })
export type Page<R> = { rows: R[]; next: string | null; total: number | null }

/** A list that is short by nature, as its only page. */
export const wholePage = <R>(rows: R[]): Page<R> => ({ rows, next: null, total: rows.length })

type Key = readonly (string | number | null)[]

/** A cursor as text that fits an address: base64url of the key's JSON. */
export const toCursor = (key: Key): string =>
  btoa(Array.from(new TextEncoder().encode(JSON.stringify(key)), (b) => String.fromCharCode(b)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

/** The key of a cursor, or undefined when the text is no cursor of `length` parts. */
export function fromCursor(cursor: string | undefined, length: number): Key | undefined {
  if (!cursor) return undefined
  try {
    const bytes = Uint8Array.from(atob(cursor.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
    const key: unknown = JSON.parse(new TextDecoder().decode(bytes))
    const fits =
      Array.isArray(key) &&
      key.length === length &&
      key.every((part) => part === null || typeof part === 'string' || typeof part === 'number')
    return fits ? (key as Key) : undefined
  } catch {
    return undefined
  }
}

/** The page that `found` makes, read one row beyond `limit` so that the end is known: the next one begins after the key of its last row. */
export function pageFrom<R>(found: readonly R[], limit: number, total: number | null, keyOf: (row: R) => Key): Page<R> {
  const rows = found.slice(0, limit)
  return { rows, next: found.length > limit ? toCursor(keyOf(rows.at(-1)!)) : null, total }
}
