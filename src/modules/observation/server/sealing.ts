// Seals notices and knows its own seals again: a keyed digest over everything that the code of a notice says.
import { timingSafeEqual } from 'node:crypto'
import type { House } from '#server/house.ts'
import { placesOf } from '#server/names.ts'
import type { NoticeFacts, SealedNotice } from '../notices.ts'

const digestOf = (house: Pick<House, 'keys'>, { community, kind, number, from, lastDay, issuedOn }: NoticeFacts): Buffer =>
  house.keys.digest(['observation.notice', community, kind, number, from, lastDay, issuedOn]).subarray(0, 16)

export const sealed = (house: Pick<House, 'keys'>, facts: NoticeFacts): SealedNotice => ({
  ...facts,
  seal: digestOf(house, facts).toString('base64url'),
})

/** What a genuine notice says of itself, with the name of the community; null for anything that this house did not seal. Nothing is looked up before. */
export async function judged(
  house: House,
  { seal, ...facts }: SealedNotice,
): Promise<(NoticeFacts & { communityName: string }) | null> {
  const claimed = Buffer.from(seal, 'base64url')
  const own = digestOf(house, facts)
  if (claimed.length !== own.length || !timingSafeEqual(claimed, own)) return null
  const names = await house.within(facts.community, (tx) => placesOf(house, tx, [facts.community]))
  return { ...facts, communityName: names.get(facts.community) ?? '' }
}
