// What access can be asked and told: passes of households, one or a building at once, their end, their cards; whom gates trust.
import { z } from 'zod'
import { command, query } from '#core/contract.ts'
import { Day, Instant } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import { label, personal } from '#core/labels.ts'
import { pageOf, paging } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { by } from '#modules/identity/model.ts'
import { passFields, PassRecord, PassState, Standing, StopWhy } from './model.ts'
import { PassKind } from './pass.ts'

export const issuers = by('gridWorker', 'gridLeader', 'communityStaff', 'communitySecretary')
const readers = by('gridWorker', 'gridLeader', 'communityStaff', 'communitySecretary', 'auditor')

/** Named by posts wider than one community; others leave it out. */
const community = label(
  z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  '社区',
  'Community',
)
const keep = 'register'

export const PassShown = PassRecord.omit({ keyId: true }).extend({
  name: personal(z.string().nullable(), '户主', 'Head', { keep, mask: 'name' }),
  address: personal(z.string().nullable(), '地址', 'Address', { keep, mask: 'address' }),
  lastDay: label(Day, '截止日', 'Last day'),
  standing: label(Standing, '现在', 'Now'),
  issuedByName: label(z.string(), '签发人', 'Issued by', { harmless: 'duty name, posted publicly' }),
})
export type PassShown = z.infer<typeof PassShown>

export const passes = query('access.passes', {
  title: text('出入证', 'Passes'),
  may: readers,
  output: pageOf(PassShown),
  input: z.object({
    community,
    building: label(Id.optional(), '楼栋', 'Building'),
    household: label(Id.optional(), '住户', 'Household'),
    kind: label(PassKind.optional(), '种类', 'Kind'),
    state: label(PassState.optional(), '状态', 'State'),
    ...paging,
  }),
})

const { household, kind, proxyName } = passFields
const terms = {
  kind: kind.default('household'),
  firstDay: label(Day.optional(), '起始日', 'First day', { hint: text('留空为今天', 'Empty: today') }),
  days: passFields.days.default(14),
}
export const issue = command('access.issue', {
  title: text('发一张出入证', 'Issue a pass'),
  may: issuers,
  output: PassShown,
  input: z.object({ community, household, ...terms, proxyName: proxyName.default(null) }),
})
/** A pass of this kind for each household of a building that has no good one. */
export const issueBuilding = command('access.issueBuilding', {
  title: text('整栋发证', 'Issue a building'),
  may: issuers,
  input: z.object({ community, building: label(Id, '楼栋', 'Building'), ...terms }),
  output: z.object({ batch: Id, issued: label(z.int(), '已发', 'Issued', { unit: text('张', 'passes') }) }),
})
export const stop = command('access.stop', {
  title: text('停用出入证', 'Stop a pass'),
  may: issuers,
  output: PassShown,
  input: z.object({ community, pass: Id, why: label(StopWhy, '原因', 'Why') }),
})

/** What is printed on a card of 12 × 8 cm. The QR code says no name and no address; the card of a household does, for the guard. */
export const Card = z.object({
  id: Id,
  text: z.string(),
  shortCode: PassRecord.shape.shortCode,
  kind: PassRecord.shape.kind,
  firstDay: PassRecord.shape.firstDay,
  lastDay: PassShown.shape.lastDay,
  name: PassShown.shape.name,
  address: PassShown.shape.address,
  people: label(z.int(), '家庭人数', 'People', { unit: text('人', 'people') }),
  person: Id.nullable(),
})
export type Card = z.infer<typeof Card>
/** Good passes as cards, in the order of a walk: one, those of one act, or all of a building. */
export const cards = query('access.cards', {
  title: text('打印出入证', 'Print passes'),
  may: issuers,
  shows: 'full',
  looks: (cards) => cards.rows.flatMap((c) => c.person ?? []),
  input: z
    .object({ community, pass: Id.optional(), batch: Id.optional(), building: Id.optional() })
    .refine((asked) => [asked.pass, asked.batch, asked.building].filter((one) => one !== undefined).length === 1, {
      path: ['building'],
    }),
  output: z.object({
    communityName: label(z.string(), '社区', 'Community', { harmless: 'name of an area' }),
    rows: z.array(Card),
  }),
})

/** Whom the gates of a community trust: its keys, and passes that were stopped and are not over. */
export const trust = query('access.trust', {
  title: text('验证名单', 'Trust list'),
  may: by('gateGuard', 'propertyManager', 'volunteer', ...issuers),
  input: z.object({ community }),
  output: z.object({
    at: label(Instant, '名单时间', 'As of'),
    keys: z.array(z.object({ keyId: z.string(), publicKey: z.string() })),
    stopped: z.array(z.string()),
  }),
})
