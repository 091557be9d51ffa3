// L5: the checks of an order laid out by day, morning and evening.
import { addDays, dayOf, daysBetween, instantAt, instantOf, sayTime, type Day } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import type { Ctx } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { CheckHow } from '#modules/monitoring/model.ts'
import { symptoms as symptomWords } from '#modules/monitoring/rules.ts'
import { checksOf, type CheckAt } from '#modules/monitoring/server.ts'
import { policy } from '#modules/policy/server.ts'
import { mostDays, type LedgerRow } from '../ledgers.ts'
import type { Order } from '../model.ts'

/** A check without a slot of a duty counts for the morning until this hour in Shanghai. */
const noon = '13:00'
const half = (check: CheckAt): 'm' | 'e' =>
  check.slot === 'morning' ? 'm' : check.slot === 'evening' ? 'e' : sayTime(check.occurredAt) < noon ? 'm' : 'e'
const together = (words: readonly (string | null | undefined)[], between = '；'): string | null =>
  [...new Set(words.filter(Boolean))].join(between) || null

/** Answers what each person of these orders had measured, as cells. */
export async function temperaturesOf(ctx: Ctx, orders: readonly Order[]): Promise<(order: Order, person: Id) => LedgerRow> {
  const began = orders.filter((o) => o.observedFrom && o.lastDay)
  if (began.length === 0) return () => ({})
  const first = began.map((o) => o.observedFrom!).reduce((a, b) => (a < b ? a : b))
  const last = began.map((o) => o.lastDay!).reduce((a, b) => (a > b ? a : b))
  const persons = [...new Set(began.flatMap((o): Id[] => o.persons))]
  const checks = await checksOf(ctx.tx, {
    community: ctx.community,
    persons,
    from: instantAt(first),
    until: instantAt(addDays(last, 1)),
  })
  const byPerson = Map.groupBy(
    checks.toSorted((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1)),
    (check) => check.person,
  )
  const measurers = await namesOf(
    ctx.house,
    ctx.tx,
    checks.map((check) => check.recordedBy),
  )
  const { value: known } = await policy(ctx.tx, symptomWords, ctx.community, instantOf(ctx.now))
  const say = new Map(known.map((one) => [one.key, one.title.zh]))
  return ({ observedFrom, lastDay }, person) => {
    if (!observedFrom || !lastDay) return {}
    const mine = (byPerson.get(person) ?? []).filter((check) => within(check, observedFrom, lastDay))
    return {
      ...cells(mine, observedFrom),
      symptoms: together(
        mine.flatMap((check) =>
          (check.symptoms ?? []).map((code) => `${dayOf(check.occurredAt).slice(5)} ${say.get(code) ?? code}`),
        ),
      ),
      medication: together(mine.map((check) => check.medication)),
      need: together(mine.map((check) => check.need)),
      measured: together(
        mine.map((check) => (CheckHow.safeParse(check.how).success ? choiceText(CheckHow, check.how).zh : null)),
        '、',
      ),
      measurer: together(
        mine.map((check) => measurers.get(check.recordedBy)),
        '、',
      ),
      handling: together(mine.map((check) => (check.fever ? `${dayOf(check.occurredAt).slice(5)} 达到发热阈值` : null))),
    }
  }
}

const dayOfCheck = (check: CheckAt): Day => check.day ?? dayOf(check.occurredAt)
const within = (check: CheckAt, from: Day, to: Day): boolean => from <= dayOfCheck(check) && dayOfCheck(check) <= to

/** `08:10 36.5`; several of one half day beside each other, none hidden behind another. */
function cells(checks: readonly CheckAt[], from: Day): LedgerRow {
  const row: Record<string, string> = {}
  for (const check of checks) {
    const n = daysBetween(from, dayOfCheck(check)) + 1
    if (check.kind !== 'temperature' || check.value === null || n > mostDays) continue
    const key = `${half(check)}${n}`
    const words = `${sayTime(check.occurredAt)} ${check.value.toFixed(1)}`
    row[key] = row[key] ? `${row[key]}；${words}` : words
  }
  return row
}
