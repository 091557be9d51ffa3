// Keys of the desk where a list on paper is typed in: which key means what, what is still missing, which line comes next.
import { choiceText } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { AttemptHow } from '../model.ts'
import { Mark, type LineShown } from '../paper.ts'

type Key<V> = {
  readonly key: string
  readonly value: V
  readonly words: Text
  /** As it stands over a narrow column. */ readonly short: Text
}

const mark = (key: string, value: Mark, zh: string, en: string): Key<Mark> => ({
  key,
  value,
  words: choiceText(Mark, value),
  short: text(zh, en),
})
/** The digits printed over the boxes of a list are the keys that say the same. */
export const markKeys: readonly Key<Mark>[] = [
  mark('1', 'allWell', '正常', 'Well'),
  mark('2', 'unwell', '不适', 'Unwell'),
  mark('3', 'nobody', '无人', 'Nobody'),
  mark('4', 'refused', '拒绝', 'Refused'),
  mark('5', 'vacant', '空置', 'Vacant'),
  mark('6', 'moved', '搬走', 'Moved'),
]
const how = (key: string, value: AttemptHow, zh: string, en: string): Key<AttemptHow> => ({
  key,
  value,
  words: choiceText(AttemptHow, value),
  short: text(zh, en),
})
export const howKeys: readonly Key<AttemptHow>[] = [
  how('7', 'phone', '电话', 'Phone'),
  how('8', 'door', '上门', 'Door'),
  how('9', 'notice', '提示', 'Notice'),
]

/** What is being typed for one line. `time` is four digits; `usual` is the way to which a line without a notice returns. */
export type Typed = {
  readonly line: string
  readonly mark: Mark | undefined
  readonly how: AttemptHow | undefined
  readonly usual: AttemptHow | undefined
  readonly time: string
  readonly note: string
}
export const nothingTyped: Typed = { line: '', mark: undefined, how: undefined, usual: undefined, time: '', note: '' }

/** A notice means that nobody was there; any other outcome is no notice. */
export const withMark = (now: Typed, value: Mark | undefined): Typed => ({
  ...now,
  mark: value,
  how: now.how === 'notice' && value !== 'nobody' ? now.usual : now.how,
})
export const withHow = (now: Typed, value: AttemptHow): Typed =>
  value === 'notice' ? { ...now, how: value, mark: 'nobody' } : { ...now, how: value, usual: value }

/** `0930` → `09:30`; undefined where it is no time of a day. */
export function timeOf(typed: string): string | undefined {
  const digits = typed.normalize('NFKC').replaceAll(/\D/g, '').padStart(4, '0')
  return typed.trim() && /^([01]\d|2[0-3])[0-5]\d$/.test(digits) ? `${digits.slice(0, 2)}:${digits.slice(2)}` : undefined
}

/** The next line of which nothing is known; after the last, the first one that was passed over; undefined where all are keyed. */
export function nextLine(
  rows: readonly Pick<LineShown, 'line' | 'entry'>[],
  from: number,
  sent: ReadonlySet<number> = new Set(),
): number | undefined {
  const open = rows.filter((row) => !row.entry && !sent.has(row.line)).map((row) => row.line)
  return open.find((line) => line > from) ?? open.find((line) => line !== from)
}

/** Key and keypad alike, whatever input method is on. */
export const keyOf = ({ code, key }: { code: string; key: string }): string => /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1] ?? key

/** The field that still has to be filled in, in the order of the desk. */
export type Missing = 'walkedBy' | 'day' | 'line' | 'mark' | 'how' | 'time'
export const missingSaid: Record<Missing, Text> = {
  walkedBy: text('请先选走访人。', 'Choose who walked first.'),
  day: text('请先填走访日期。', 'Enter the day of the walk first.'),
  line: text('没有这一行，请核对行号。', 'There is no such line. Check its number.'),
  mark: text('请按 1–6 选结果。', 'Press 1 to 6 for the outcome.'),
  how: text(
    '请按 7–9 选方式；以后各行沿用，直到再按。',
    'Press 7 to 9 for how; it holds for the next lines until you press another.',
  ),
  time: text(
    '请填时间，四位数字，例如 0930；以后各行沿用，按 0 可改。',
    'Enter the time as four digits, such as 0930; it holds for the next lines until you press 0.',
  ),
}
export function missing(typed: Typed, once: { walkedBy: string | undefined; day: string }, lines: number): Missing | undefined {
  const line = Number(typed.line)
  if (!once.walkedBy) return 'walkedBy'
  if (!once.day) return 'day'
  if (!Number.isInteger(line) || line < 1 || line > lines) return 'line'
  if (!typed.mark) return 'mark'
  if (!typed.how) return 'how'
  return timeOf(typed.time) ? undefined : 'time'
}
