// Names for lists and sheets: duty names of accounts, which are posted publicly, and names of areas. Who keeps them answers.
import type { Id } from '#core/ids.ts'
import type { Tx } from './database/connect.ts'
import { offer, type House } from './house.ts'
import { systemAccount } from './system.ts'

export type AccountNames = (tx: Tx, accounts: readonly Id[]) => Promise<Map<Id, string>>
export const accountNames = offer<AccountNames>('accountNames')

/** The duty name of each account that is known in this scope; the house itself is 系统. */
export async function namesOf(house: House, tx: Tx, accounts: Iterable<Id>): Promise<Map<Id, string>> {
  const wanted = [...new Set(accounts)].filter((a) => a !== systemAccount)
  const names = new Map<Id, string>([[systemAccount, '系统']])
  // One after the other: they share a connection.
  for (const ask of wanted.length ? house.offered(accountNames) : [])
    for (const [id, name] of await ask(tx, wanted)) names.set(id, name)
  return names
}

export type AreaNames = (tx: Tx, codes: readonly string[]) => Promise<Map<string, string>>
export const areaNames = offer<AreaNames>('areaNames')

/** The name of each area that is known in this scope. Who keeps the area tree answers. */
export async function placesOf(house: House, tx: Tx, codes: Iterable<string>): Promise<Map<string, string>> {
  const [ask] = house.offered(areaNames)
  return ask ? ask(tx, [...new Set(codes)]) : new Map()
}
