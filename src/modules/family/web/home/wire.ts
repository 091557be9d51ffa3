// Asking and telling from a resident's phone, with patience; what could not be sent waits in this tab and goes out when it can.
import type { Contract, Input, Output } from '#core/contract.ts'
import { instantOf } from '#core/dates.ts'
import type { Clock } from '#core/fact.ts'
import { newId } from '#core/ids.ts'
import { isProblem, type Problem } from '#core/problem.ts'
import { ask, clockOffset, tell } from '#web/api.ts'
import { say as saidByWeb } from '#web/problems.ts'
import { kept, store } from '#web/store.ts'
import { askCorrection, askHelp, object, report } from '../../ownApi.ts'

const patience = 15_000
const run = newId()
const late = (error: unknown): never => {
  throw isProblem(error) ? error : saidByWeb.offline()
}

export const askNow = <C extends Contract<'query'>>(contract: C, input: Input<C>): Promise<Output<C>> =>
  ask(contract, input, { signal: AbortSignal.timeout(patience) }).catch(late) as Promise<Output<C>>

const clockNow = (): Clock => ({
  at: instantOf(Date.now()),
  before: clockOffset() === null ? null : Math.round(clockOffset()!),
  tick: Math.round(performance.now()),
  run,
})

export const tellNow = <C extends Contract<'command'>>(
  contract: C,
  input: Input<C>,
  { id = newId(), clock = clockNow() } = {},
): Promise<Output<C>> =>
  tell(contract, input, { id, clock, signal: AbortSignal.timeout(patience) }).catch(late) as Promise<Output<C>>

// --- what waits -------------------------------------------------------------------------------------------------------

const sendable = { [report.name]: report, [askHelp.name]: askHelp, [object.name]: object, [askCorrection.name]: askCorrection }
type Item = { id: string; contract: string; input: unknown; clock: Clock }
const key = 'linli.home.waiting'

function read(): Item[] {
  try {
    return JSON.parse(kept.read('session', key) ?? '[]') as Item[]
  } catch {
    return []
  }
}
/** Items that no server has heard of yet. They lie in this tab alone. */
export const waiting = store<readonly Item[]>(read())
/** What the server refused of those, said once. */
export const refused = store<Problem | null>(null)

function keep(items: readonly Item[]): void {
  waiting.set(items)
  kept.write('session', key, items.length ? JSON.stringify(items) : null)
}
export const forgetWaiting = (): void => keep([])

const lost = (error: unknown): boolean => isProblem(error) && (error.status >= 500 || error.code === 'web.offline')

/** Sends it now, or keeps it for later. Answers what the server said, undefined where it waits; throws what the server refused. */
export async function send<C extends Contract<'command'>>(contract: C, input: Input<C>): Promise<Output<C> | undefined> {
  const item = { id: newId(), contract: contract.name, input, clock: clockNow() }
  try {
    return await tellNow(contract, input, item)
  } catch (error) {
    if (!lost(error)) throw error
    keep([...waiting.get(), item])
    return undefined
  }
}

let flushing = false
/** Tries what waits, in order. One that is refused is said and let go; a lost network ends the try. Answers how many went. */
export async function flush(): Promise<number> {
  if (flushing) return 0
  flushing = true
  let gone = 0
  try {
    for (const item of waiting.get()) {
      const contract = sendable[item.contract]
      try {
        if (contract) await tellNow(contract as Contract<'command'>, item.input as never, item)
        gone += 1
      } catch (error) {
        if (lost(error) || (isProblem(error) && error.status === 401)) return gone
        if (isProblem(error)) refused.set(error)
      }
      keep(waiting.get().filter((one) => one.id !== item.id))
    }
    return gone
  } finally {
    flushing = false
  }
}
