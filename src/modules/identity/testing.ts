// What the stories of identity share: browsers that keep their cookies, and people with posts.
import { headers, type Contract, type Input, type Output } from '#core/contract.ts'
import { newId, type Id } from '#core/ids.ts'
import type { ProblemBody } from '#core/problem.ts'
import type { Running } from '#server/start.ts'
import type { Role } from './model.ts'
import * as api from './api.ts'
import { createAccount, openSession } from './server.ts'
import { codeAt } from './server/totp.ts'

/** The part of a story's town that is needed here. */
type Town = { readonly running: Running; readonly at: (instant: string) => void }

export const secret = 'a long walk by the river'
export const minute = 60_000

export type Browser = {
  cookie: string | null
  device?: Id
  address: string
  post?: Id
  agent: string
  setCookie: string | null
  url: string
  send: (contract: Contract, input: unknown, id?: Id) => Promise<Response>
  /** The answer, or the code of the problem. */
  try: <C extends Contract>(contract: C, input: Input<C>) => Promise<Output<C> | string>
  does: <C extends Contract>(contract: C, input: Input<C>) => Promise<Output<C>>
}

/** A browser that keeps its cookie, as browsers do. */
export function browser(town: Town, own: Partial<Browser> = {}): Browser {
  const it: Browser = {
    cookie: null,
    address: '10.0.0.7',
    agent: 'Mozilla/5.0 (Windows NT 10.0) Chrome/140.0',
    setCookie: null,
    url: 'http://linli.test',
    send: async (contract, input, id = newId()) => {
      const response = await town.running.app.request(`${it.url}/api/${contract.name}`, {
        method: 'POST',
        body: JSON.stringify({ input }),
        headers: {
          'content-type': 'application/json',
          'user-agent': it.agent,
          'x-forwarded-for': it.address,
          [headers.key]: id,
          ...(it.cookie ? { cookie: it.cookie } : {}),
          ...(it.post ? { [headers.post]: it.post } : {}),
          ...(it.device ? { [headers.device]: it.device } : {}),
        },
      })
      it.setCookie = response.headers.get('set-cookie')
      if (it.setCookie) it.cookie = it.setCookie.includes('Max-Age=0') ? null : it.setCookie.split(';')[0]!
      return response
    },
    try: async (contract, input) => {
      const response = await it.send(contract, input)
      const body = await response.json()
      return response.ok ? body : (body as ProblemBody).code
    },
    does: async (contract, input) => {
      const response = await it.send(contract, input)
      const body = await response.json()
      if (!response.ok) throw new Error((body as ProblemBody).code)
      return body
    },
    ...own,
  }
  return it
}

let people = 0
/** An account with one post and the usual password. */
export const hire = (town: Town, role: Role, area: string, username = `person${++people}`) =>
  createAccount(town.running.house, {
    area: area.slice(0, 12),
    username,
    name: `姓名${people}`,
    password: secret,
    assignments: [{ role, area }],
  })

/** Somebody with one post, signed in without typing a password. */
export async function signedIn(town: Town, role: Role, area: string): Promise<Browser & { account: Id }> {
  const account = await createAccount(town.running.house, {
    area: area.slice(0, 12),
    username: `person${++people}`,
    name: `姓名${people}`,
    assignments: [{ role, area }],
  })
  return Object.assign(browser(town, await openSession(town.running.house, account)), { account })
}

/** Sets the codes at sign-in up as the page does, and lets half a minute pass; answers the app's secret, its code now, the recovery codes. */
export async function enrol(town: Town, b: Browser, password?: string) {
  const { house } = town.running
  const { secret: key } = await b.does(api.beginSecondFactor, password === undefined ? {} : { password })
  const { recoveryCodes } = await b.does(api.confirmSecondFactor, { code: codeAt(key, house.now()) })
  later(town, minute / 2)
  return { key, recoveryCodes, code: () => codeAt(key, house.now()) }
}

export const later = (town: Town, ms: number) => town.at(new Date(town.running.house.now() + ms).toISOString())
export const bodyOf = async (response: Response) => (await response.json()) as ProblemBody

/** The whole of a stream, once it ends. */
export async function readAll(response: Response): Promise<string> {
  let all = ''
  for await (const chunk of response.body!) all += new TextDecoder().decode(chunk)
  return all
}
