// The first set-up: by a one-time token a top area and its first administrator come to be; then the token is dead.
import { hashPassword } from 'better-auth/crypto'
import { sql } from 'kysely'
import { instantOf } from '#core/dates.ts'
import { newId } from '#core/ids.ts'
import { audit } from '#server/audit.ts'
import type { Tx } from '#server/database/connect.ts'
import { open, type House, type OpenHandled } from '#server/house.ts'
import { padded } from '#server/scope.ts'
import * as api from '../api.ts'
import { say, tooWeak } from '../model.ts'
import { addAccount } from './accounts.ts'
import { enterSession } from './ending.ts'
import { setUpSteps, type NamedArea } from './offers.ts'
import { digestOf, setUpDone } from './setUpState.ts'
import { welcome } from './signIn.ts'
import { asAuth } from './store.ts'

const setUp = open(
  api.setUp,
  async ({ token, areaCode, areaName, communityCode, communityName, name, username, password }, ctx) => {
    const { house, request } = ctx
    if (await setUpDone(house)) throw say.setUpOver()
    if (tooWeak(password, username)) throw say.weakPassword()
    const hash = await hashPassword(password)
    const id = newId()
    const areas: NamedArea[] = [{ code: areaCode, name: areaName }]
    if (communityCode && communityName && communityCode !== areaCode) areas.push({ code: communityCode, name: communityName })

    await house.within(areaCode, async (tx) => {
      await spendToken(house, tx, token)
      const now = house.now()
      for (const step of house.offered(setUpSteps)) await step(tx, areas, { account: id, at: instantOf(now) })
      await addAccount(
        { house, tx, now, by: id },
        {
          id,
          home: areaCode,
          username,
          name,
          hash,
          mustChange: false,
          posts: [{ role: 'administrator', area: areaCode }],
        },
      )
      await audit(tx, {
        community: padded(areaCode),
        at: now,
        account: id,
        session: '',
        device: null,
        role: 'administrator',
        area: areaCode,
        contract: api.setUp.name,
        outcome: 'done',
        record: id,
      })
    })
    const { cookie } = await enterSession(house, id, null, request.headers.get('user-agent'))
    return (await welcome(ctx, cookie)).me
  },
)

/** Two at once wait for each other on the one row; the second finds it used. */
async function spendToken(house: House, tx: Tx, token: string): Promise<void> {
  const { rows } = await asAuth({ house, tx }, () =>
    sql`update auth.set_up set used_at = ${instantOf(house.now())}
    where used_at is null and token = ${digestOf(token)} returning used_at`.execute(tx),
  )
  if (!rows.length) throw (await setUpDone(house)) ? say.setUpOver() : say.wrongSetUpToken()
}

export const setUpHandlers: readonly OpenHandled[] = [setUp]
