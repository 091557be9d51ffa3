// Stories of every role: what it may ask opens, what it may not is refused in words, and nobody sees more than the post needs.
import { describe, expect, test } from 'vitest'
import { sample, story } from '#app/testing.ts'
import { modules } from '#app/modules.ts'
import { areas } from '#modules/territory/api.ts'
import * as api from './api.ts'
import { appointedBy, fits, roles, sees, type Role } from './model.ts'
import { createAccount, identify, openSession } from './server.ts'
import { browser, signedIn } from './testing.ts'

/** Where a role stands, widest first. */
const placeOf = (role: Role): string =>
  [sample.county, sample.street, sample.community, sample.precinct, sample.grid].find((area) => fits({ role, area }))!

const mayOf = (role: Role): string[] =>
  modules
    .flatMap((m) => m.handlers.map((h) => h.contract))
    // Messages are everybody's.
    .filter(({ name, may }) => typeof may !== 'string' && may.includes(role) && !name.startsWith('outreach.'))
    .map((c) => c.name)

test(
  'every role can be given by somebody, stands somewhere, and opens what everybody has',
  story(
    async (town) => {
      const administrator = await signedIn(town, 'administrator', sample.county)
      for (const role of roles) {
        const area = placeOf(role)
        const account = await createAccount(town.running.house, {
          area: sample.county,
          username: `role.${role.toLowerCase()}`,
          name: role,
          assignments: [],
        })
        const line = await administrator.does(api.assign, { account, role, area })
        expect(line.posts).toMatchObject([{ role, area }])
        const b = browser(town, await openSession(town.running.house, account))
        expect((await b.does(api.whoAmI, {})).who!.posts).toHaveLength(1)
        for (const open of [api.sessions, api.devices]) expect(await b.try(open, {})).toMatchObject({ rows: expect.any(Array) })
        expect(await b.try(areas, {})).toMatchObject({ rows: expect.any(Array) })
      }
    },
    { identify },
  ),
)

/** What falls due for somebody is shown to him in any role; it names no more than his post may see. */
const notOwnDuty = (name: string): boolean => !name.startsWith('duties.')

describe('least right', () => {
  test('who has no work in the register yet reads nothing of it', () => {
    for (const role of ['employerOfficer', 'partner'] as const) expect(mayOf(role).filter(notOwnDuty)).toEqual([])
  })
  test('a counsellor has the cases given to him and nothing else; a steward does not know who has one', () => {
    const ofCounselling =
      /^services\.(openCase|myCases|sessions|addSession|correctSession|withdrawSession|closeCase|counsellors|options)$/
    expect(
      mayOf('counsellor')
        .filter(notOwnDuty)
        .filter((name) => !ofCounselling.test(name)),
    ).toEqual([])
    for (const role of ['buildingSteward', 'volunteer', 'propertyManager', 'gateGuard'] as const)
      expect(
        mayOf(role).filter((name) => /^services\.(cases|myCases|sessions|openCase|exportCare|exportRequests)$/.test(name)),
      ).toEqual([])
  })
  test('who stands at doors and gates reads no register; a steward and a medic read it and change only what is theirs', () => {
    for (const role of ['gateGuard', 'volunteer', 'propertyManager'] as const) {
      expect(mayOf(role).filter((name) => /^(residents|screening|reporting|policy|identity)\./.test(name))).toEqual([])
      expect(sees[role]).toEqual([])
    }
    const commands = new Set(
      modules.flatMap((m) => m.handlers.filter((h) => h.contract.kind === 'command').map((h) => h.contract.name)),
    )
    const changing = (role: Role) => mayOf(role).filter((name) => commands.has(name))
    expect(
      changing('medic')
        .filter(notOwnDuty)
        .filter((name) => !/^(observation|monitoring|services)\./.test(name)),
    ).toEqual([])
    expect(
      changing('buildingSteward')
        .filter(notOwnDuty)
        .filter((name) => !/^(disinfection|services|access)\./.test(name)),
    ).toEqual([])
  })
  test('a grid leader does what a grid worker does, the staff the papers of an observation too; the secretary alone appoints and sends', () => {
    const worker = mayOf('gridWorker')
    for (const role of ['gridLeader', 'communityStaff'] as const) {
      // Whoever leads gives duties to others; staff write down what the deciding body's paper says.
      const more = mayOf(role).filter((name) => !worker.includes(name) && notOwnDuty(name))
      const led = /^services\.(openCare|closeCare)$/
      const written = /^(observation|monitoring|family|access)\./
      expect(more.filter((name) => !led.test(name) && (role === 'gridLeader' || !written.test(name)))).toEqual([])
      expect(worker.filter((name) => !mayOf(role).includes(name))).toEqual([])
      expect(appointedBy(role)).toEqual([])
    }
    expect(worker.filter((name) => /^(reporting|policy|identity)\./.test(name))).toEqual([])
  })
})
