// Notices on paper: how they are numbered, and what their code says to whoever wants to know whether one is genuine.
import { z } from 'zod'
import { Day } from '#core/dates.ts'
import { choice, label } from '#core/labels.ts'
import { lowerWins, type PolicyKey } from '#core/policy.ts'
import { text } from '#core/text.ts'

export const NoticeKind = choice({
  observation: text('医学观察告知书', 'Notice of observation'),
  release: text('解除医学观察告知书', 'Notice of release from observation'),
})
export type NoticeKind = z.infer<typeof NoticeKind>

/** How a kind of notice is numbered: `{year}`, and `{number}` or `{number:3}` for at least so many digits. */
const Pattern = label(
  z
    .string()
    .trim()
    .max(40)
    .regex(/^(?=.*\{year\}).*\{number(?::\d)?\}.*$/),
  '编号格式',
  'Pattern',
  {
    hint: text('必须有 {year} 和 {number:3}；3 表示至少三位', 'Holds {year} and {number:3}; 3 stands for three digits at least'),
  },
)
export const noticeNumbering: PolicyKey<string> = lowerWins('observation.noticeNumber', {
  title: text('观察告知书编号', 'Numbers of notices of observation'),
  schema: Pattern,
  unset: '观〔{year}〕{number:3}号',
})
export const numbering: PolicyKey<string> = lowerWins('observation.releaseNumber', {
  title: text('解除告知书编号', 'Numbers of release notices'),
  schema: Pattern,
  unset: '解观〔{year}〕{number:3}号',
})

/** `解观〔2026〕012号` */
export const numberedBy = (pattern: string, year: number, serial: number): string =>
  pattern
    .replace('{year}', String(year))
    .replace(/\{number(?::(\d))?\}/, (_, digits: string | undefined) => String(serial).padStart(Number(digits ?? 1), '0'))

/** All that the code of a notice says: its own words, nobody's name. */
export const NoticeFacts = z.object({
  community: z.string().regex(/^\d{12}$/),
  kind: label(NoticeKind, '文书', 'Paper'),
  number: label(z.string().min(1).max(60), '编号', 'Number', { harmless: 'number of a paper' }),
  from: label(Day, '观察开始', 'From'),
  lastDay: label(Day, '观察最后一天', 'Last day'),
  issuedOn: label(Day, '签发日期', 'Issued on'),
})
export type NoticeFacts = z.infer<typeof NoticeFacts>

/** What a code carries: the facts and their seal, 16 bytes in base64url. */
export const Sealed = NoticeFacts.extend({ seal: z.string().regex(/^[A-Za-z0-9_-]{22}$/) })
export type SealedNotice = z.infer<typeof Sealed>

const letters = { community: 'c', kind: 'k', number: 'n', from: 'f', lastDay: 't', issuedOn: 'd', seal: 's' } as const
const names = Object.keys(letters) as (keyof typeof letters)[]

/** Address of the page that judges a notice, below the origin of the house. */
export const verifyPath = (notice: SealedNotice): string =>
  `/verify?${new URLSearchParams(names.map((name) => [letters[name], name === 'kind' ? notice.kind[0]! : notice[name]]))}`

/** Reads such an address back; undefined where it is none. */
export function readVerifyPath(search: string): SealedNotice | undefined {
  const said = new URLSearchParams(search)
  const read = Sealed.safeParse(
    Object.fromEntries(
      names.map((name) => [
        name,
        name === 'kind' ? NoticeKind.options.find((kind) => kind[0] === said.get('k')) : said.get(letters[name]),
      ]),
    ),
  )
  return read.success ? read.data : undefined
}
