// To whom let dwellings belong: entered one by one or with a list of tenants, found by dwelling.
import { sql } from 'kysely'
import type { How } from '#core/fact.ts'
import { newId, type Id } from '#core/ids.ts'
import { insertMany } from '#server/database/many.ts'
import { factColumns, standing } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import { phoneTail } from '../model.ts'
import { phoneDigest } from './entering.ts'

export type LandlordEntry = { readonly dwelling: Id; readonly name: string; readonly phone?: string | null | undefined }
/** `landlord` is the root, `record` the entry that stands; `phone` in full, for whoever may show it. */
export type Landlord = { landlord: Id; record: Id; dwelling: Id; name: string; phone: string | null; phoneTail: string | null }

/** What the closed phone of a landlord is bound to. */
export const landlordPhoneOf = (landlord: Id): string => `residents.landlordPhone:${landlord}`

/** Columns of a landlord beside the fact's; `landlord` is the root. */
export const landlordColumns = (
  ctx: Pick<Ctx, 'house' | 'community'>,
  landlord: Id,
  { dwelling, name, phone }: LandlordEntry,
) => ({
  dwelling,
  name,
  phoneCipher: phone ? ctx.house.keys.encrypt(ctx.community, 'register', phone, landlordPhoneOf(landlord)) : null,
  phoneDigest: phone ? phoneDigest(ctx, phone) : null,
  phoneTail: phone ? phoneTail(phone) : null,
})

/** Adds landlords of dwellings; ids in the order of the entries. Whoever calls has seen to those that stand already. */
export async function addLandlords(ctx: Ctx, entries: readonly LandlordEntry[], how: How): Promise<Id[]> {
  const rows = entries.map((entry) => {
    const id = newId()
    return { ...factColumns(ctx, how, id), ...landlordColumns(ctx, id, entry) }
  })
  await insertMany(ctx.tx, 'residents_landlords', rows)
  return rows.map((row) => row.id)
}

/** The landlords that stand for these dwellings, or for all of the community; by dwelling, the last one entered first. */
export async function landlordsOf(
  ctx: Pick<Ctx, 'tx' | 'house' | 'community'>,
  dwellings?: readonly Id[],
): Promise<Map<Id, Landlord[]>> {
  const { rows } = await sql<Omit<Landlord, 'phone'> & { phoneCipher: Buffer | null }>`
    select l.root as landlord, l.id as record, l.dwelling, l.name, l.phone_tail, l.phone_cipher from residents_landlords as l
    where l.community = ${ctx.community} and ${dwellings ? sql`l.dwelling = any(${[...new Set(dwellings)]}::uuid[])` : sql`true`}
      and ${standing('residents_landlords', 'l')} order by l.recorded_at desc, l.id desc`.execute(ctx.tx)
  return Map.groupBy(
    rows.map(({ phoneCipher, ...row }): Landlord => ({
      ...row,
      phone: phoneCipher ? ctx.house.keys.decrypt(ctx.community, phoneCipher, landlordPhoneOf(row.landlord)) : null,
    })),
    (row) => row.dwelling,
  )
}

/** The landlord of a dwelling: the last one entered; undefined where nobody is known. */
export const landlordOf = async (ctx: Pick<Ctx, 'tx' | 'house' | 'community'>, dwelling: Id): Promise<Landlord | undefined> =>
  (await landlordsOf(ctx, [dwelling])).get(dwelling)?.[0]
