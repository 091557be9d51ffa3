// The one cookie: the session's token, signed. Unreadable for scripts, never sent along by other sites, only over HTTPS where there is HTTPS.
import { makeSignature } from 'better-auth/crypto'
import type { From } from '#server/house.ts'
import { signInLasts } from '../model.ts'

/** As better-auth names it: prefix and kind. */
const cookieName = 'linli.session_token'

/** `name=value` of the session cookie of a request, or undefined. */
export function cookieOf(request: Request): string | undefined {
  const pair = request.headers
    .get('cookie')
    ?.split(';')
    .map((c) => c.trim())
    .find((c) => c.startsWith(`${cookieName}=`))
  return pair && pair.length < 400 ? pair : undefined
}

/** `name=value` for a session's token. */
export const cookieFor = async (token: string, secret: string): Promise<string> =>
  `${cookieName}=${encodeURIComponent(`${token}.${await makeSignature(token, secret)}`)}`

const attributes = ({ secure }: From): string => `; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`

export const giveCookie = (reply: Headers, pair: string, from: From): void =>
  reply.append('set-cookie', `${pair}${attributes(from)}; Max-Age=${signInLasts}`)

export const takeCookie = (reply: Headers, from: From): void =>
  reply.append('set-cookie', `${cookieName}=${attributes(from)}; Max-Age=0`)
