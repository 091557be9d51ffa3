// Who a view's cookie belongs to. It is looked at for this module's own contracts only: it opens nothing else of the house.
import { instantOf } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import type { From, House, Identify } from '#server/house.ts'
import { ownContracts } from '../ownApi.ts'
import { resident, type View } from '../model.ts'
import { digestOf, sameDigest } from './codes.ts'
import { of, type Session } from './tables.ts'

const cookieName = 'linli.home'
const shape = /^(\d{12})\.([0-9a-f-]{36})\.([\w-]{43})$/

/** Which session, and the secret that proves it. */
export const cookieFor = (community: string, id: Id, secret: string): string => `${cookieName}=${community}.${id}.${secret}`

const attributes = ({ secure }: From): string => `; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
export const giveCookie = (reply: Headers, pair: string, from: From, days: number): void =>
  reply.append('set-cookie', `${pair}${attributes(from)}; Max-Age=${days * 86_400}`)
export const takeCookie = (reply: Headers, from: From): void =>
  reply.append('set-cookie', `${cookieName}=${attributes(from)}; Max-Age=0`)

function claimOf(request: Request): { community: string; id: Id; secret: string } | undefined {
  const pair = request.headers
    .get('cookie')
    ?.split(';')
    .map((one) => one.trim())
    .find((one) => one.startsWith(`${cookieName}=`))
  const [, community, id, secret] = shape.exec(pair?.slice(cookieName.length + 1) ?? '') ?? []
  return community && secret && Id.safeParse(id).success ? { community, id: id!, secret } : undefined
}

type Inside = { readonly community: string; readonly id: Id; readonly view: View }

/** The living session of a request, with a view that nobody revoked. */
export async function sessionBy(house: House, request: Request): Promise<Inside | undefined> {
  const claim = claimOf(request)
  if (!claim) return undefined
  const { community, id, secret } = claim
  return house.within(community, async (tx) => {
    const session = (await of(tx)
      .selectFrom('familySessions')
      .selectAll()
      .where('community', '=', community)
      .where('id', '=', id)
      .where('endedAt', 'is', null)
      .where('until', '>', instantOf(house.now()))
      .executeTakeFirst()) as Session | undefined
    if (!session || !sameDigest(session.digest, digestOf(house, 'session', secret))) return undefined
    const view = (await of(tx)
      .selectFrom('familyViews')
      .selectAll()
      .where('community', '=', community)
      .where('id', '=', session.view)
      .where('endedAt', 'is', null)
      .executeTakeFirst()) as View | undefined
    return view && { community, id, view }
  })
}

const addresses = new Set(ownContracts.map((contract) => `/api/${contract.name}`))

/** A view as a caller: its id stands in the audit log where an account would stand, its community is its area. */
export const identifyView: Identify = async (request, house) => {
  if (!addresses.has(new URL(request.url).pathname)) return undefined
  const inside = await sessionBy(house, request)
  if (!inside) return undefined
  const { view, community, id } = inside
  return { account: view.id, name: '居民页', session: id, posts: [{ id: view.id, role: resident[0]!, area: community }] }
}
