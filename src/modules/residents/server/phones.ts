// Further telephones of a person: entered by hand or with a list, corrected, withdrawn. The first one stands in the person's own entry, so
// that every list has one to call; where it goes, the oldest of the others takes its place.
import { sql } from 'kysely'
import type { How } from '#core/fact.ts'
import { newId, type Id } from '#core/ids.ts'
import { correctionColumns, factColumns, say as factSay, standing } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import { phoneTail, say } from '../model.ts'
import { phoneDigest, standingPerson } from './entering.ts'
import { phoneOf } from './standing.ts'
import { of, type PersonRow, type PhoneRow } from './tables.ts'

type Keys = Pick<Ctx, 'house' | 'community'>
export type PhoneEntry = { readonly number: string; readonly remark?: string | null | undefined }
/** `phone` is the root, `record` the entry that stands; `closed` opens by `openOther`. */
export type OtherPhone = { readonly phone: Id; readonly record: Id; readonly remark: string | null; readonly closed: string }

/** What a further number is bound to: its own root. */
const otherPhoneOf = (phone: Id): string => `residents.otherPhone:${phone}`

/** Columns of a further number beside the fact's; `phone` is its root. */
export const phoneColumns = (ctx: Keys, phone: Id, person: Id, { number, remark }: PhoneEntry) => ({
  person,
  remark: remark || null,
  phoneCipher: ctx.house.keys.encrypt(ctx.community, 'register', number, otherPhoneOf(phone)),
  phoneDigest: phoneDigest(ctx, number),
  phoneTail: phoneTail(number),
})

/** A further number as a row to write: for lists of thousands. */
export const phoneRow = (ctx: Ctx, how: How, person: Id, number: string) => {
  const id = newId()
  return { ...factColumns(ctx, how, id), ...phoneColumns(ctx, id, person, { number }) }
}

export const openOther = (ctx: Keys, { phone, closed }: OtherPhone): string =>
  ctx.house.keys.decrypt(ctx.community, Buffer.from(closed, 'base64'), otherPhoneOf(phone))

/** The further numbers that stand for the person of a query, the oldest first: a column of `OtherPhone[]`. */
export const otherPhonesSql = (community: ReturnType<typeof sql.ref>, person: ReturnType<typeof sql.ref>) => sql<OtherPhone[]>`(
  select coalesce(json_agg(json_build_object('phone', f.root, 'record', f.id, 'remark', f.remark, 'closed', encode(f.phone_cipher, 'base64'))
    order by f.occurred_at, f.root), '[]')
  from residents_phones as f where f.community = ${community} and f.person = ${person} and ${standing('residents_phones', 'f')})`

const standingPhones = async (ctx: Ctx, person: Id): Promise<PhoneRow[]> =>
  (await of(ctx.tx)
    .selectFrom('residentsPhones')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('person', '=', person)
    .where(standing('residents_phones', 'residents_phones'))
    .orderBy('occurredAt')
    .orderBy('root')
    .execute()) as PhoneRow[]

/** The number whose entry this is, as it stands. Throws `residents.unknownPhone`, `facts.replacedAlready`. */
export async function getPhone(ctx: Ctx, record: Id): Promise<PhoneRow> {
  const row = (await of(ctx.tx)
    .selectFrom('residentsPhones')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('id', '=', record)
    .executeTakeFirst()) as PhoneRow | undefined
  if (!row) throw say.unknownPhone()
  return row
}
const requireStanding = async (ctx: Ctx, row: PhoneRow): Promise<void> => {
  if (!(await standingPhones(ctx, row.person)).some((one) => one.id === row.id)) throw factSay.replacedAlready()
}

/** Throws where the person has this number already. */
async function requireNew(ctx: Ctx, person: Id, number: string, except?: Id): Promise<PersonRow> {
  const old = await standingPerson(ctx, person)
  if (!old) throw say.unknownPerson()
  const digest = phoneDigest(ctx, number)
  const others = (await standingPhones(ctx, person)).filter((one) => one.root !== except)
  if (old.phoneDigest?.equals(digest) || others.some((one) => one.phoneDigest.equals(digest))) throw say.phoneThere()
  return old
}

/** One more number of a person (root); the first one of whoever has none. */
export async function addPhone(ctx: Ctx, person: Id, entry: PhoneEntry, how: How): Promise<void> {
  const old = await requireNew(ctx, person, entry.number)
  if (!old.phoneDigest) return setFirst(ctx, old, entry.number, '登记电话')
  await of(ctx.tx)
    .insertInto('residentsPhones')
    .values({ ...factColumns(ctx, how), ...phoneColumns(ctx, ctx.id, person, entry) })
    .execute()
}

/** What stands for a number is said anew; a number that is left out stays. */
export async function correctPhone(
  ctx: Ctx,
  row: PhoneRow,
  { number, remark }: Partial<PhoneEntry>,
  reason: string,
): Promise<void> {
  await requireStanding(ctx, row)
  if (number) await requireNew(ctx, row.person, number, row.root)
  const { phoneCipher, phoneDigest: digest, phoneTail: tail } = row
  const columns = number
    ? phoneColumns(ctx, row.root, row.person, { number, remark })
    : { person: row.person, remark: remark || null, phoneCipher, phoneDigest: digest, phoneTail: tail }
  await of(ctx.tx)
    .insertInto('residentsPhones')
    .values({ ...correctionColumns(ctx, row, reason), ...columns })
    .execute()
}

/** Takes a further number away, with the reason. */
export async function withdrawPhone(ctx: Ctx, row: PhoneRow, reason: string): Promise<void> {
  await requireStanding(ctx, row)
  await takeAway(ctx, row, reason, ctx.id)
}

async function takeAway(ctx: Ctx, row: PhoneRow, reason: string, id: Id): Promise<void> {
  const { person, remark, phoneCipher, phoneDigest: digest, phoneTail: tail } = row
  await of(ctx.tx)
    .insertInto('residentsPhones')
    .values({
      ...correctionColumns(ctx, row, reason, true),
      id,
      person,
      remark,
      phoneCipher,
      phoneDigest: digest,
      phoneTail: tail,
    })
    .execute()
}

/** After the first number was corrected or taken away: no number stands twice, and there is a first one while there is any. */
export async function settlePhones(ctx: Ctx, person: Id, reason: string): Promise<void> {
  const [first, others] = [await standingPerson(ctx, person), await standingPhones(ctx, person)]
  if (!first || others.length === 0) return
  const same = others.find((one) => (first.phoneDigest ? one.phoneDigest.equals(first.phoneDigest) : true))
  if (!same) return
  if (!first.phoneDigest) {
    await setFirst(ctx, first, ctx.house.keys.decrypt(ctx.community, same.phoneCipher, otherPhoneOf(same.root)), reason, newId())
  }
  await takeAway(ctx, same, reason, newId())
}

/** The person's entry as it stands, with this as the first number. */
async function setFirst(ctx: Ctx, old: PersonRow, number: string, reason: string, id: Id = ctx.id): Promise<void> {
  const { name, pinyin, initials, sex, birthDate, idType, idCipher, idDigest, homePlace, employer, note } = old
  await of(ctx.tx)
    .insertInto('residentsPersons')
    .values({
      ...correctionColumns(ctx, old, reason),
      id,
      name,
      pinyin,
      initials,
      sex,
      birthDate,
      idType,
      idCipher,
      idDigest,
      homePlace,
      employer,
      note,
      phoneCipher: ctx.house.keys.encrypt(ctx.community, 'register', number, phoneOf(old.root)),
      phoneDigest: phoneDigest(ctx, number),
      phoneTail: phoneTail(number),
    })
    .execute()
}
