// Somebody of a replay: signed in with a real session, asking and telling through the HTTP door of the house.
import type { Hono } from 'hono'
import { headers, type Contract, type Input, type Output } from '#core/contract.ts'
import { instantOf } from '#core/dates.ts'
import type { Clock } from '#core/fact.ts'
import { newId, type Id } from '#core/ids.ts'
import { fromBody, type ProblemBody } from '#core/problem.ts'
import { bodyOf } from '#core/upload.ts'

export type Caller = {
  readonly account: Id
  readonly ask: <C extends Contract>(contract: C, input: Input<C>) => Promise<Output<C>>
  /** `id` is the device's; the same id sent again is the same deed. `clock` is what the phone knew at the tap. */
  readonly tell: <C extends Contract<'command'>>(
    contract: C,
    input: Input<C>,
    sent?: { id?: Id; clock?: Clock },
  ) => Promise<Output<C>>
}

export function callerOf(app: Hono, { account, cookie, now }: { account: Id; cookie: string; now: () => number }): Caller {
  const post = async (contract: Contract, input: unknown, { id = newId(), clock }: { id?: Id; clock?: Clock } = {}) => {
    const { body, type } = bodyOf(contract, { input, ...(clock ? { clock } : {}) })
    const response = await app.request(`/api/${contract.name}`, {
      method: 'POST',
      headers: { 'content-type': type, cookie, [headers.key]: id, [headers.sentAt]: instantOf(now()) },
      body,
    })
    if (!response.ok) throw fromBody((await response.json()) as ProblemBody)
    return response.json()
  }
  return {
    account,
    ask: (contract, input) => post(contract, input) as never,
    tell: (contract, input, sent) => post(contract, input, sent) as never,
  }
}
