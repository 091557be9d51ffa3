// Headers that every answer carries, and the refusal of requests made by other sites.
import type { Context } from 'hono'
import type { From } from '../house.ts'

// antd writes its styles at run time, therefore style-src allows inline styles; scripts come from files only.
const policy = [
  `default-src 'self'`,
  `script-src 'self' 'wasm-unsafe-eval'`,
  `style-src 'self' 'unsafe-inline'`,
  `img-src 'self' data: blob:`,
  `font-src 'self' data:`,
  `connect-src 'self'`,
  `object-src 'none'`,
  `base-uri 'none'`,
  `form-action 'self'`,
  `frame-ancestors 'none'`,
].join('; ')

export function guardHeaders(c: Context): void {
  const h = c.res.headers
  if (!h.has('content-security-policy')) h.set('content-security-policy', policy)
  h.set('x-content-type-options', 'nosniff')
  h.set('referrer-policy', 'no-referrer')
  h.set('x-frame-options', 'DENY')
  h.set('cross-origin-opener-policy', 'same-origin')
  h.set('permissions-policy', 'camera=(self), microphone=(), geolocation=()')
  if (c.req.path.startsWith('/api/') && !h.has('cache-control')) h.set('cache-control', 'no-store')
}

/** Whether a request comes from our own pages or from no page at all (a command line). */
export function sameSite(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site')
  if (site) return site === 'same-origin' || site === 'none'
  const origin = request.headers.get('origin')
  return !origin || new URL(origin).host === (request.headers.get('host') ?? new URL(request.url).host)
}

/** Where a request comes from. What a proxy says of it is believed only from this machine itself. */
export function fromOf(c: Context): From {
  const socket = (c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined)?.incoming?.socket
  const peer = socket?.remoteAddress ?? '127.0.0.1'
  const secure = new URL(c.req.url).protocol === 'https:'
  if (!/^(::ffff:)?127\.|^::1$/.test(peer)) return { address: peer, secure }
  const named = c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim()
  return { address: named || peer, secure: secure || c.req.header('x-forwarded-proto') === 'https' }
}
