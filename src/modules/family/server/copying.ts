// A copy of what is kept about the person of a view, in words, on the page or as a file. Of others who are shared nothing is copied.
import { sql } from 'kysely'
import { instantOf, sayMinute } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { choiceText, labelOf } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import type { z } from 'zod'
import type { Ctx, Made } from '#server/house.ts'
import { kinds, symptoms } from '#modules/monitoring/rules.ts'
import { checksOf } from '#modules/monitoring/server.ts'
import { OrderState, StepVerb } from '#modules/observation/model.ts'
import { policy } from '#modules/policy/server.ts'
import { PersonRecord, Relation, Sex, Tag } from '#modules/residents/model.ts'
import { getMember, lineOf, openField } from '#modules/residents/server.ts'
import { Request, RequestState } from '#modules/services/model.ts'
import type * as own from '../ownApi.ts'
import { CorrectionState, ObjectionState, Outcome, type View } from '../model.ts'
import { openView, ordersOf, ownRequests } from './own.ts'
import { of } from './tables.ts'

const same = (words: string): Text => text(words, words)
const group = {
  file: text('居民档案', 'Register'),
  observation: text('医学观察', 'Observation'),
  checks: text('健康检查', 'Checks'),
  help: text('求助', 'Help asked for'),
  objections: text('异议', 'Objections'),
  corrections: text('更正申请', 'Corrections asked for'),
}
const when = (at: string) => sayMinute(at, 'zh')
const said = (...words: (string | null | undefined)[]): string => words.filter(Boolean).join(' · ')
const chosen = (schema: z.ZodType, value: string | null): string => (value ? choiceText(schema, value).zh : '')

export async function copyOf(ctx: Ctx): Promise<{ takenAt: string; self: boolean; persons: Id[]; rows: own.CopyLine[] }> {
  const view = await openView(ctx)
  const rows = [
    ...(await fileOf(ctx, view)),
    ...(await observationOf(ctx, view)),
    ...(await checksIn(ctx, view)),
    ...(await restOf(ctx, view)),
  ]
  return {
    takenAt: instantOf(ctx.now),
    self: view.kind === 'member',
    persons: [view.person],
    rows: rows.filter((row) => row.value !== ''),
  }
}

/** Everything for the person; a proxy sees what the proxy may act on, without document and test results. */
async function fileOf(ctx: Ctx, view: View): Promise<own.CopyLine[]> {
  const { member, label } = await getMember(ctx, view.person)
  const line = lineOf(ctx, member)
  const shape = PersonRecord.shape
  const of_ = (key: keyof typeof shape, value: string | null): own.CopyLine => ({
    group: group.file,
    name: labelOf(shape[key], key),
    value: value ?? '',
  })
  return [
    of_('name', line.name),
    of_('sex', chosen(Sex, line.sex)),
    of_('relation', chosen(Relation, line.relation)),
    of_('phone', line.phone),
    ...line.otherPhones.map((one) => of_('otherPhones', said(one.number, one.remark))),
    of_('address', label?.address ?? null),
    ...(view.kind === 'member'
      ? [
          of_('birthDate', member.birthDate),
          of_('idNumber', openField.document(ctx, member)),
          of_('homePlace', member.homePlace),
          of_('employer', member.employer),
          of_('note', member.note),
          of_('tags', line.tags.map((one) => chosen(Tag, one)).join('、')),
        ]
      : []),
  ]
}

async function observationOf(ctx: Ctx, view: View): Promise<own.CopyLine[]> {
  const orders = await ordersOf(ctx, [view.person])
  const ids = orders.map((o) => o.id)
  const { rows: steps } = ids.length
    ? await sql<{ orderId: Id; verb: StepVerb; at: string }>`
    select order_id, verb, at from observation_steps where community = ${ctx.community} and order_id = any(${ids}::uuid[]) order by seq`.execute(
        ctx.tx,
      )
    : { rows: [] }
  return orders.flatMap((o) => [
    {
      group: group.observation,
      name: same(o.document ?? ''),
      value: said(
        o.frozen?.category.title.zh,
        o.decidingBody,
        o.legalBasis,
        `${o.observedFrom} — ${o.lastDay}`,
        chosen(OrderState, o.state),
        o.releaseNumber,
      ),
    },
    ...steps
      .filter((s) => s.orderId === o.id)
      .map((s) => ({ group: group.observation, name: same(when(s.at)), value: chosen(StepVerb, s.verb) })),
  ])
}

async function checksIn(ctx: Ctx, view: View): Promise<own.CopyLine[]> {
  const now = instantOf(ctx.now)
  const known = (await policy(ctx.tx, symptoms, ctx.community, now)).value
  const tests = (await policy(ctx.tx, kinds, ctx.community, now)).value.flatMap((kind) => kind.results)
  const word = (list: readonly { key: string; title: Text }[], key: string) =>
    list.find((one) => one.key === key)?.title.zh ?? key
  const found = await checksOf(ctx.tx, {
    community: ctx.community,
    persons: [view.person],
    from: '2000-01-01T00:00:00.000Z',
    until: instantOf(ctx.now + 60_000),
  })
  return found
    .filter((one) => view.kind === 'member' || view.results || one.result === null)
    .map((one) => ({
      group: group.checks,
      name: same(when(one.occurredAt)),
      value: said(
        one.value === null ? null : `${one.value} ${one.unit ?? ''}`,
        one.result && word(tests, one.result),
        one.symptoms?.map((key) => word(known, key)).join('、'),
        one.medication,
        one.need,
        one.note,
      ),
    }))
}

async function restOf(ctx: Ctx, view: View): Promise<own.CopyLine[]> {
  const mine = (table: 'familyObjections' | 'familyCorrections') =>
    of(ctx.tx).selectFrom(table).selectAll().where('community', '=', ctx.community).where('person', '=', view.person)
  const objections = await mine('familyObjections')
    .$castTo<{ receivedAt: string; words: string; state: string; outcome: string | null; answer: string | null }>()
    .orderBy('id')
    .execute()
  const corrections = await mine('familyCorrections')
    .$castTo<{ askedAt: string; words: string; state: string; answer: string | null }>()
    .orderBy('id')
    .execute()
  return [
    ...(await ownRequests(ctx, view)).map((one) => ({
      group: group.help,
      name: same(when(one.askedAt)),
      value: said(
        one.number,
        one.content,
        chosen(RequestState, one.state),
        one.amount === null ? null : `${labelOf(Request.shape.amount, '').zh} ${one.amount}`,
      ),
    })),
    ...objections.map((one) => ({
      group: group.objections,
      name: same(when(one.receivedAt)),
      value: said(one.words, chosen(ObjectionState, one.state), chosen(Outcome, one.outcome), one.answer),
    })),
    ...corrections.map((one) => ({
      group: group.corrections,
      name: same(when(one.askedAt)),
      value: said(one.words, chosen(CorrectionState, one.state), one.answer),
    })),
  ]
}

const escaped = (words: string): string =>
  words.replaceAll(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!)

/** A page that any phone opens without a program for tables. */
export async function copyFile(ctx: Ctx): Promise<Made> {
  const { takenAt, self, persons, rows } = await copyOf(ctx)
  const parts = [...Map.groupBy(rows, (row) => row.group.zh)].map(
    ([title, lines]) =>
      `<h2>${escaped(title)}</h2><table>${lines
        .map((line) => `<tr><th>${escaped(line.name.zh)}</th><td>${escaped(line.value)}</td></tr>`)
        .join('')}</table>`,
  )
  const page = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>我的资料</title>
<style>body{font:18px/1.6 sans-serif;max-width:720px;margin:24px auto;padding:0 12px}table{border-collapse:collapse;width:100%}th,td{border:1px solid #ccc;padding:6px;text-align:left;vertical-align:top}th{width:32%;font-weight:400}</style>
<h1>我的资料</h1><p>${escaped(when(takenAt))}</p>${parts.join('\n')}</html>`
  return {
    name: '我的资料.html',
    type: 'text/html; charset=utf-8',
    count: rows.length,
    looks: self ? [] : persons,
    body: new TextEncoder().encode(page),
  }
}
