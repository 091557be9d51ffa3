// The cells of the ledgers: what an order, its people and their checks say, in the words of the offices.
import { sql } from 'kysely'
import { dayOf, type Day } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { standing } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import { namesOf, placesOf } from '#server/names.ts'
import { ageOf, Sex } from '#modules/residents/model.ts'
import { householdLabels, openField, type HouseholdLabel, type Member } from '#modules/residents/server.ts'
import type { Ledger, LedgerRow } from '../ledgers.ts'
import { OrderState, Source, Undertaking, type Order } from '../model.ts'
import { teamRoles } from '../rules.ts'
import { noticeNumber, wordsFor } from './papers.ts'
import { temperaturesOf } from './temperatures.ts'

/** What is asked for once for many orders. */
type Known = {
  readonly ctx: Ctx
  readonly people: ReadonlyMap<Id, Member>
  readonly labels: ReadonlyMap<Id, HouseholdLabel>
  readonly accounts: ReadonlyMap<Id, string>
  readonly street: string | null
  readonly community: string | null
}

async function knownOf(ctx: Ctx, orders: readonly Order[]): Promise<Known> {
  const { rows } = await sql<Member>`
    select p.* from residents_persons p where p.community = ${ctx.community} and p.root = any(${[...new Set(orders.flatMap((o): Id[] => o.persons))]}::uuid[])
      and ${standing('residents_persons', 'p')}`.execute(ctx.tx)
  const areas = await placesOf(ctx.house, ctx.tx, [ctx.community, ctx.community.slice(0, 9)])
  return {
    ctx,
    people: new Map(rows.map((row) => [row.root, row])),
    labels: await householdLabels(
      ctx.tx,
      orders.flatMap((o) => o.household ?? []),
    ),
    accounts: await namesOf(
      ctx.house,
      ctx.tx,
      orders.flatMap((o) => o.releaseApprovedBy ?? []),
    ),
    street: areas.get(ctx.community.slice(0, 9)) ?? null,
    community: areas.get(ctx.community) ?? null,
  }
}

/** The rows of one ledger for these orders, in their order. */
export async function rowsOf(ctx: Ctx, ledger: Ledger, orders: readonly Order[]): Promise<LedgerRow[]> {
  const known = await knownOf(ctx, orders)
  const each = (row: (order: Order, person: Id) => LedgerRow) =>
    orders.flatMap((order) => order.persons.map((person) => row(order, person)))
  switch (ledger) {
    case 'home':
      return each((order, person) => homeRow(known, order, person))
    case 'contacts':
      return each((order, person) => contactRow(known, order, person))
    case 'facility':
      return each((order, person) => facilityRow(known, order, person))
    case 'teams':
      return orders.flatMap((order) => teamRows(known, order))
    case 'undertakings':
      return Promise.all(orders.map((order) => undertakingRow(known, order)))
    case 'temperatures': {
      const measured = await temperaturesOf(ctx, orders)
      return each((order, person) => ({
        ...personPart(known, order, person),
        period: periodOf(order),
        ...measured(order, person),
      }))
    }
  }
}

// Days stand as a workbook sorts them.
const dayOn = (instant: string | null): Day | null => instant && dayOf(instant)
const periodOf = ({ observedFrom, lastDay }: Order): string | null =>
  observedFrom && lastDay ? `${observedFrom} 至 ${lastDay}` : null
const facilityWords = ({ place, facility }: Order): string => (place === 'home' ? '居家' : `集中：${facility ?? ''}`)

function personPart({ ctx, people, labels, street, community }: Known, order: Order, person: Id): LedgerRow {
  const one = people.get(person)
  const address = (order.household ? labels.get(order.household)?.address : null) ?? null
  const age = one ? ageOf(one.birthDate, order.observedFrom ?? dayOf(ctx.now)) : null
  return {
    name: one?.name ?? null,
    sex: one?.sex ? choiceText(Sex, one.sex).zh : null,
    age: age === null ? null : String(age),
    idNumber: one ? openField.document(ctx, one) : null,
    phone: one ? openField.phone(ctx, one) : null,
    homePlace: one?.homePlace ?? null,
    employer: one?.employer ?? null,
    dwelling: address,
    address: order.place === 'home' ? address : order.facility,
    street,
    community,
    from: order.observedFrom,
    lastDay: order.lastDay,
    state: choiceText(OrderState, order.state).zh,
    releasedOn: dayOn(order.releasedAt),
  }
}

const teamWords = ({ team, frozen }: Order): string | null =>
  [frozen?.team?.title.zh, team.map((m) => `${teamRoles[m.role]?.zh ?? m.role} ${m.name} ${m.phone}`).join('；')]
    .filter(Boolean)
    .join('：') || null
const undertakingWords = ({ undertaking, witness }: Order): string | null =>
  undertaking === null
    ? null
    : [choiceText(Undertaking, undertaking).zh, undertaking === 'refused' ? witness : null].filter(Boolean).join('：')

const homeRow = (known: Known, order: Order, person: Id): LedgerRow => ({
  ...personPart(known, order, person),
  category: `${choiceText(Source, order.source).zh}／${order.frozen?.category.title.zh ?? order.category}`,
  notice: noticeNumber(order),
  undertaking: undertakingWords(order),
  team: teamWords(order),
  releasedBy: order.releaseApprovedBy
    ? [order.releaseDocument, known.accounts.get(order.releaseApprovedBy)].filter(Boolean).join(' ')
    : null,
  releaseNumber: order.releaseNumber,
})

const contactRow = (known: Known, order: Order, person: Id): LedgerRow => ({
  ...personPart(known, order, person),
  place: facilityWords(order),
  lastContactOn: order.lastContactOn,
  released: order.state === 'released' ? '是' : '否',
})

const facilityRow = (known: Known, order: Order, person: Id): LedgerRow => ({
  ...personPart(known, order, person),
  facility: order.facility,
  origin: choiceText(Source, order.source).zh,
})

async function undertakingRow(known: Known, order: Order): Promise<LedgerRow> {
  const words = await wordsFor(known.ctx, order)
  return {
    ...personPart(known, order, order.persons[0]!),
    source: choiceText(Source, order.source).zh,
    leftOn: order.leftOn,
    promises: words.undertaking.map((one) => one.zh).join(''),
    consequences: words.consequences.zh,
    signed: order.undertaking ? choiceText(Undertaking, order.undertaking).zh : null,
    signedOn: dayOn(order.servedAt),
    witness: order.witness,
  }
}

/** One line for each member of the team; a role for which nobody is named yet stands there empty. */
function teamRows(known: Known, order: Order): LedgerRow[] {
  const { name, dwelling } = personPart(known, order, order.persons[0]!)
  const household = (order.household ? known.labels.get(order.household)?.head : null) ?? name
  const common = {
    household: household ?? null,
    dwelling: dwelling ?? null,
    people: String(order.persons.length),
    period: periodOf(order),
    teamName: order.frozen?.team?.title.zh ?? null,
  }
  const roles = order.frozen?.team?.roles ?? []
  const named = order.team.map((m) => ({
    ...common,
    role: teamRoles[m.role]?.zh ?? m.role,
    member: m.name,
    memberPhone: m.phone,
  }))
  const open = roles
    .filter((role) => !order.team.some((m) => m.role === role))
    .map((role) => ({ ...common, role: teamRoles[role]?.zh ?? role, member: null, memberPhone: null }))
  const all = [...named, ...open]
  return all.length > 0 ? all : [common]
}
