// What the stories of family share: somebody under observation, a phone that keeps its cookie, and the way in with a worker beside it.
import { sample, type Person, type Town } from '#app/testing.ts'
import { headers, type Contract, type Input, type Output } from '#core/contract.ts'
import { newId, type Id } from '#core/ids.ts'
import { fromBody, type ProblemBody } from '#core/problem.ts'
import { begin as beginObservation, observed } from '#modules/observation/town.testing.ts'
import * as api from './api.ts'

/** Not made of anything of the town, and no row. */
export const pin = '402857'

export type Phone = {
  cookie: string | null
  address: string
  raw: (contract: string, body: unknown, id?: Id) => Promise<Response>
  does: <C extends Contract>(contract: C, input: Input<C>, id?: Id) => Promise<Output<C>>
}

/** A resident's phone: it keeps the cookie, as browsers do. */
export function phone(town: Pick<Town, 'request'>, address = '10.9.0.1'): Phone {
  const it: Phone = {
    cookie: null,
    address,
    raw: async (contract, body, id = newId()) => {
      const response = await town.request(`/api/${contract}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: {
          'content-type': 'application/json',
          [headers.key]: id,
          'x-forwarded-for': it.address,
          ...(it.cookie ? { cookie: it.cookie } : {}),
        },
      })
      const set = response.headers.get('set-cookie')
      if (set) it.cookie = set.includes('Max-Age=0') ? null : set.split(';')[0]!
      return response
    },
    does: async (contract, input, id) => {
      const response = await it.raw(contract.name, { input }, id)
      if (!response.ok) throw fromBody((await response.json()) as ProblemBody)
      return (contract.kind === 'download' ? response : response.json()) as never
    },
  }
  return it
}

/** The town with one household of which the head, a grown-up, is under observation. */
export async function begin(town: Town) {
  const people = await beginObservation(town)
  const [adult, child] = people.homes[0]!.people
  const order = await observed(people, adult!)
  return {
    ...people,
    adult: adult!,
    child: child!,
    order: order.id,
    neighbour: people.homes[1]!.people[0]!,
    district: town.as('districtOfficer', sample.county, '区专员'),
  }
}

export type Paper = { view: Id; qr: string; typed: string }
/** A view is issued, and its paper printed. */
export async function paperFor(worker: Person, input: Input<typeof api.issue>): Promise<Paper> {
  const { id: view } = await worker.tell(api.issue, input)
  return paperOf(worker, view)
}
export async function paperOf(worker: Person, view: Id): Promise<Paper> {
  const {
    rows: [row],
  } = await worker.ask(api.slips, { views: [view] })
  return { view, qr: row!.qr, typed: row!.typed! }
}

/** The first use, with the worker reading the digits from the screen. */
export async function choose(worker: Person, on: Phone, { view, qr }: Pick<Paper, 'view' | 'qr'>, chosen = pin): Promise<void> {
  const { ticket, number } = await on.does(api.begin, { code: qr })
  await worker.tell(api.confirmFirst, { view, number: number! })
  await on.does(api.choosePin, { code: qr, ticket: ticket!, pin: chosen })
}

/** Somebody inside: view, code, and the phone in hand. */
export async function inside(town: Pick<Town, 'request'>, worker: Person, person: Id): Promise<Paper & { on: Phone }> {
  const paper = await paperFor(worker, { person, kind: 'member' })
  const on = phone(town)
  await choose(worker, on, paper)
  return { ...paper, on }
}
