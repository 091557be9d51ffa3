// What is printed for a household: everything of an order that goes on its papers, names in full, because they are handed over inside.
import { dayOf, type Instant } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import type { Parsed } from '#core/contract.ts'
import type { Ctx } from '#server/house.ts'
import { placesOf } from '#server/names.ts'
import { policy } from '#modules/policy/server.ts'
import { ageOf } from '#modules/residents/model.ts'
import { getMember, householdLabels, membersIn, openField, type Member } from '#modules/residents/server.ts'
import { choiceText } from '#core/labels.ts'
import type * as api from '../api.ts'
import { entryCodes, type EntryCode } from '../entries.ts'
import { say, type Order, type Seal } from '../model.ts'
import { verifyPath, type NoticeFacts, type NoticeKind } from '../notices.ts'
import { DayZero, Papers, papers } from '../rules.ts'
import { getOrder, peopleBy, type Someone } from './reading.ts'
import { sealed } from './sealing.ts'
import { of } from './tables.ts'

type PaperWords = Papers

type Asked = Parsed<typeof api.sheets>

async function ordersOf(ctx: Ctx, { orders, seal, of: paper }: Asked): Promise<Order[]> {
  if (orders) return Promise.all(orders.map((id) => getOrder(ctx, id)))
  let asked = of(ctx.tx)
    .selectFrom('observationOrders')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('seal', '=', seal!)
  asked =
    paper === 'release'
      ? asked.where('releaseNumber', 'is not', null)
      : asked.where('state', 'not in', ['cancelled', 'released', 'proposed', 'checked'])
  if (ctx.area.length > 12) asked = asked.where('grid', '>=', ctx.area).where('grid', '<', `${ctx.area}~`)
  return (await asked.orderBy('releaseSerial').orderBy('id').execute()) as unknown as Order[]
}

/** The words of the papers as they stood, and as they were known, when this order or its release was written down: a later reprint says the same. */
async function wordsOf(ctx: Ctx, at: Instant): Promise<PaperWords> {
  return Papers.parse((await policy(ctx.tx, papers, ctx.community, at, at)).value)
}

/** All households of a seal are given the same words. */
const frozenAt = (order: Order, seal: Pick<Seal, 'proposedAt'> | undefined): Instant =>
  seal?.proposedAt ?? order.recordedAt ?? order.decidedAt!
export async function wordsFor(ctx: Ctx, order: Order): Promise<PaperWords> {
  const seal = order.seal
    ? await of(ctx.tx)
        .selectFrom('observationSeals')
        .select('proposedAt')
        .where('community', '=', ctx.community)
        .where('id', '=', order.seal)
        .executeTakeFirst()
    : undefined
  return wordsOf(ctx, frozenAt(order, seal))
}

/** A paper is printed of what has been decided; a draft is no notice. */
export async function printed(ctx: Ctx, input: Asked) {
  const orders = await ordersOf(ctx, input)
  const released = input.of === 'release'
  if (orders.some((o) => !o.frozen || !o.decidedBy || (released && !o.releaseNumber))) throw say.wrongState()
  const seals = new Map<Id, Seal>()
  for (const id of new Set(orders.flatMap((o) => o.seal ?? []))) {
    const found = await of(ctx.tx)
      .selectFrom('observationSeals')
      .selectAll()
      .where('community', '=', ctx.community)
      .where('id', '=', id)
      .executeTakeFirst()
    if (found) seals.set(id, found as unknown as Seal)
  }
  const names = await placesOf(ctx.house, ctx.tx, [ctx.community, ctx.community.slice(0, 9)])
  const labels = await householdLabels(
    ctx.tx,
    orders.flatMap((o) => o.household ?? []),
  )
  const people = new Map(
    (
      await peopleBy(
        ctx,
        orders.flatMap((o) => [...o.persons, ...(o.guardian ? [o.guardian] : [])]),
      )
    ).map((p) => [p.id, p]),
  )
  const members = new Map(
    (
      await membersIn(
        ctx,
        orders.flatMap((o) => o.household ?? []),
      )
    ).map((m) => [m.root, m]),
  )
  const words = new Map<Instant, PaperWords>()
  const rows: api.PaperSheet[] = []
  for (const order of orders) {
    const first = order.persons[0]!
    const seal = order.seal ? seals.get(order.seal) : undefined
    const at = released ? order.releaseApprovedAt! : frozenAt(order, seal)
    if (!words.has(at)) words.set(at, await wordsOf(ctx, at))
    // Whoever left the household since is found alone.
    const member = members.get(first) ?? (await getMember(ctx, first)).member
    rows.push(
      sheetOf(ctx, order, input.of, {
        people,
        member,
        words: words.get(at)!,
        seal,
        entries: released ? [] : await entriesOf(ctx, order),
        address: order.household ? (labels.get(order.household)?.address ?? null) : null,
      }),
    )
  }
  return { communityName: names.get(ctx.community) ?? '', streetName: names.get(ctx.community.slice(0, 9)) ?? '', rows }
}

/** For the contact card; who makes the codes is not known here. */
const entriesOf = async (ctx: Ctx, order: Order): Promise<EntryCode[]> =>
  (await Promise.all(ctx.house.offered(entryCodes).map((make) => make(ctx, order)))).flat()

type About = {
  people: ReadonlyMap<Id, Someone>
  member: Member
  address: string | null
  seal: Seal | undefined
  words: PaperWords
  entries: EntryCode[]
}

/** Number of the notice of observation. What was decided before notices were counted keeps the end of its id. */
export const noticeNumber = ({ id, noticeNumber: number }: Pick<Order, 'id' | 'noticeNumber'>): string =>
  number ?? id.slice(-8).toUpperCase()

const factsOf = (order: Order, kind: NoticeKind): NoticeFacts => ({
  community: order.community,
  kind,
  number: kind === 'release' ? order.releaseNumber! : noticeNumber(order),
  from: order.observedFrom!,
  lastDay: order.lastDay!,
  issuedOn: dayOf(kind === 'release' ? order.releaseApprovedAt! : order.decidedAt!),
})

function sheetOf(
  ctx: Ctx,
  order: Order,
  kind: NoticeKind,
  { people: all, member, address, seal, words, entries }: About,
): api.PaperSheet {
  const people = order.persons.flatMap((id) => all.get(id) ?? [])
  const first = people[0]
  const guardian = order.guardian ? (all.get(order.guardian)?.name ?? null) : order.guardianName
  const frozen = order.frozen!
  return {
    order: order.id,
    number: noticeNumber(order),
    name: first?.name ?? null,
    sex: first?.sex === 'male' ? '男' : first?.sex === 'female' ? '女' : null,
    phone: openField.phone(ctx, member),
    idNumber: openField.document(ctx, member),
    address,
    employer: first?.employer ?? null,
    guardian,
    persons: people.map((p) => ({ id: p.id, name: p.name, age: ageOf(p.birthDate, order.observedFrom!) })),
    category: frozen.category.title,
    place: order.place,
    facility: order.facility,
    from: order.observedFrom!,
    dayZero: order.dayZero,
    dayZeroBy: order.dayZeroBy && choiceText(DayZero, order.dayZeroBy).zh,
    lastDay: order.lastDay!,
    releaseOn: order.releaseOn,
    source: order.source,
    leftOn: order.leftOn,
    decidingBody: order.decidingBody!,
    legalBasis: order.legalBasis!,
    document: order.document!,
    coResidentsBound: order.coResidentsBound ?? false,
    entries,
    team: order.team,
    teamRule: frozen.team,
    kit: frozen.kit,
    frozen: { duties: frozen.duties, threshold: frozen.threshold },
    words,
    verify: verifyPath(sealed(ctx.house, factsOf(order, kind))),
    release:
      order.releaseNumber === null
        ? null
        : { number: order.releaseNumber, document: order.releaseDocument!, issuedOn: dayOf(order.releaseApprovedAt!) },
    seal: seal
      ? {
          keyDay: seal.keyDay,
          keyDayPhone: seal.keyDayPhone,
          keyNight: seal.keyNight,
          keyNightPhone: seal.keyNightPhone,
          fireExit: seal.fireExit,
          ambulanceRoute: seal.ambulanceRoute,
        }
      : null,
  }
}
