// How three services want to be written to. Each has its own signature and its own way to say no.
import { createHmac } from 'node:crypto'
import { hosts, type ChannelKind } from '../model.ts'

/** Where a group is written to, and the secret that signs it where the group asks for one. */
export type Robot = { readonly kind: ChannelKind; readonly address: string; readonly secretToken: string | null }
export type Letter = { readonly url: string; readonly body: object }

/** WeCom: a text of at most 2,048 bytes; the key in the address is the secret, nothing is signed. */
const mostBytes = 2048

/** The request that writes `words` into a group at `now` (ms). */
export const letterTo = (robot: Robot, words: string, now: number): Letter =>
  ({
    wecom: () => ({ url: robot.address, body: { msgtype: 'text', text: { content: cut(words) } } }),
    dingtalk: () => ({ url: signedForDingTalk(robot, now), body: { msgtype: 'text', text: { content: cut(words) } } }),
    feishu: () => ({
      url: robot.address,
      body: { ...signatureForFeishu(robot, now), msg_type: 'text', content: { text: cut(words) } },
    }),
  })[robot.kind]()

const hmac = (key: string, message: string): string => createHmac('sha256', key).update(message).digest('base64')

/** DingTalk: milliseconds, in the address; the secret is the key and the message holds both. */
function signedForDingTalk({ address, secretToken }: Robot, now: number): string {
  if (!secretToken) return address
  const url = new URL(address)
  url.searchParams.set('timestamp', String(now))
  url.searchParams.set('sign', hmac(secretToken, `${now}\n${secretToken}`))
  return url.href
}

/** Feishu: seconds, in the body; time and secret are the key, and the message is empty. */
function signatureForFeishu({ secretToken }: Robot, now: number): object {
  if (!secretToken) return {}
  const timestamp = String(Math.floor(now / 1000))
  return { timestamp, sign: hmac(`${timestamp}\n${secretToken}`, '') }
}

function cut(words: string): string {
  const bytes = Buffer.from(words)
  return bytes.length <= mostBytes
    ? words
    : `${bytes
        .subarray(0, mostBytes - 3)
        .toString()
        .replace(/\uFFFD+$/u, '')}…`
}

const patience = 10_000
const mostAnswered = 10_000

/**
 * Sends it. Answers what the service said: `ok`, or its number as text. `gateway` is an HTTP gateway of the house's own
 * network that passes on what is sent to `<gateway>/<host>/…`; without one the service is written to itself.
 */
export async function post(
  { url, body }: Letter,
  kind: ChannelKind,
  gateway: string | undefined,
): Promise<{ ok: boolean; answered: string }> {
  const to = new URL(url)
  if (to.hostname !== hosts[kind]) return { ok: false, answered: 'host' }
  const address = gateway ? `${gateway.replace(/\/$/, '')}/${to.host}${to.pathname}${to.search}` : to.href
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(patience),
    })
    const said = (await response.text()).slice(0, mostAnswered)
    return response.ok ? judged(said) : { ok: false, answered: String(response.status) }
  } catch {
    return { ok: false, answered: 'unreachable' }
  }
}

/** All three answer 200 to a refusal too; WeCom and DingTalk number it `errcode`, Feishu `code`. */
function judged(said: string): { ok: boolean; answered: string } {
  try {
    const { errcode, code, StatusCode } = JSON.parse(said) as Record<string, unknown>
    const number = errcode ?? code ?? StatusCode
    return { ok: number === 0, answered: Number.isInteger(number) ? String(number) : 'unclear' }
  } catch {
    return { ok: false, answered: 'unclear' }
  }
}
