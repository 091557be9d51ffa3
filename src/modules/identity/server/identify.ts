// Who asks: the cookie's session, the posts that its account holds now, and whether the device is still welcome.
import { headers, type Contract } from '#core/contract.ts'
import { instantOf } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import type { House, Identify, Post } from '#server/house.ts'
import * as api from '../api.ts'
import { requiresSecondFactor, say } from '../model.ts'
import { cookieOf } from './cookie.ts'
import type { Found } from './memory.ts'
import { storeOf } from './store.ts'

/** A device is marked as seen at most so often, in ms. */
const seenEvery = 5 * 60_000

const addressOf = (contract: Contract): string => `/api/${contract.name}`
/** What somebody with a one-time password may still ask. */
const beforeChange = new Set([api.changePassword, api.signOut, api.whoAmI, api.signIn].map(addressOf))
/** What somebody whose post asks for a second step may ask until it is set up. */
const beforeSetUp = new Set([
  ...beforeChange,
  ...[api.secondFactor, api.beginSecondFactor, api.confirmSecondFactor].map(addressOf),
])

/**
 * Throws `identity.deviceRevoked`, `identity.changePasswordFirst` while a one-time password waits to be changed, or
 * `identity.secondFactorFirst` while a post that asks for a second step has none.
 */
export const identify: Identify = async (request, house) => {
  const found = await whoIs(request, house)
  const path = new URL(request.url).pathname
  if (found?.mustChange && !beforeChange.has(path)) throw say.changePasswordFirst()
  if (found?.mustSetUp && !beforeSetUp.has(path)) throw say.secondFactorFirst()
  return found?.who
}

/** The id of the device that a request names. */
export const deviceOf = (request: Request): Id | null => Id.safeParse(request.headers.get(headers.device)).data ?? null

/** Who asks, whatever he may; undefined without a living session. Throws `identity.deviceRevoked`. */
export async function whoIs(request: Request, house: House): Promise<Found | undefined> {
  const cookie = cookieOf(request)
  const device = deviceOf(request)
  if (!cookie) return refuseRevoked(house, device)
  const { memory } = storeOf(house)
  const key = `${cookie}\n${device ?? ''}`
  return (
    memory.recall(key) ??
    memory.find(key, async () => {
      await refuseRevoked(house, device)
      return sessionOf(house, cookie, device)
    })
  )
}

/** Throws `identity.deviceRevoked`; marks a known device as seen. A device that nobody enrolled yet is no reason to refuse. */
export async function refuseRevoked(house: House, device: Id | null): Promise<undefined> {
  if (!device) return
  const { pool } = storeOf(house)
  const { rows } = await pool.query<{ revoked: boolean; seen: Date }>(
    `select bool_or(revoked_at is not null) as revoked, max(last_seen_at) as seen from public.identity_devices where device = $1 having count(*) > 0`,
    [device],
  )
  const known = rows[0]
  if (known?.revoked) throw say.deviceRevoked()
  if (known && known.seen.getTime() < house.now() - seenEvery) {
    await pool.query('update public.identity_devices set last_seen_at = $2 where device = $1', [device, instantOf(house.now())])
  }
}

/** The living session of a cookie with the posts that hold now; undefined too for an account that may not sign in. */
export async function sessionOf(house: House, cookie: string, device: Id | null): Promise<Found | undefined> {
  const { auth, pool } = storeOf(house)
  const living = await auth.api.getSession({ headers: new Headers({ cookie }) })
  if (!living) return undefined
  const { rows } = await pool.query<{ name: string; must_change: boolean | null; held: boolean; posts: Post[] }>(
    `
    select a.name, s.must_change, exists (select from auth.second_factors f where f.account = a.id and f.secret is not null) as held,
      coalesce((select json_agg(json_build_object('id', p.id, 'role', p.role, 'area', p.area_code) order by p.since, p.id)
        from public.identity_assignments p where p.account = a.id and (p.until is null or p.until > $2)), '[]') as posts
    from public.identity_accounts a left join auth.sign_in_state s on s.account = a.id
    where a.id = $1 and a.state = 'active'`,
    [living.user.id, instantOf(house.now())],
  )
  const account = rows[0]
  if (!account) return undefined
  const who = { account: living.user.id, name: account.name, session: living.session.id, posts: account.posts }
  const excused = house.demo || Boolean(living.session.excused)
  return {
    who,
    device: device ?? (living.session.device as Id | null | undefined) ?? null,
    mustChange: account.must_change ?? false,
    mustSetUp: !excused && !account.held && account.posts.some(requiresSecondFactor),
  }
}
