// Rescue of an administrator whom nobody else can help: one way back in, every session over, and nothing of it in secret.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { sample, story } from '#app/testing.ts'
import * as identity from '#modules/identity/api.ts'
import { identify, rescue } from '#modules/identity/server.ts'
import { browser, enrol, hire, secret } from '#modules/identity/testing.ts'
import { inbox } from '#modules/outreach/api.ts'

const elsewhere = '440305'
const refusal = (code: string) => expect.objectContaining({ code })

test(
  'password and second step are void, all sessions end, every other administrator hears of it, and it is in the audit log',
  story(
    async (town) => {
      const { house } = town.running
      const enter = async (username: string, area: string) => {
        await hire(town, 'administrator', area, username)
        const b = browser(town)
        await b.does(identity.signIn, { username, password: secret })
        return { b, ...(await enrol(town, b)) }
      }
      const lost = await enter('lost.admin', sample.county)
      const others = [await enter('other.admin', sample.county), await enter('far.admin', elsewhere)]
      await hire(town, 'gridWorker', sample.grid, 'wang.fang')

      const { oneTimePassword, told } = await rescue(house, 'Lost.Admin ')
      expect(told).toBe(2)
      await town.drain()
      expect((await lost.b.does(identity.whoAmI, {})).who).toBeNull()
      const again = browser(town)
      expect(await again.try(identity.signIn, { username: 'lost.admin', password: secret })).toBe('identity.wrong')
      expect(await again.does(identity.signIn, { username: 'lost.admin', password: oneTimePassword })).toMatchObject({
        mustChangePassword: true,
        mustSetUpCodes: true,
      })
      await again.does(identity.changePassword, { password: oneTimePassword, newPassword: 'another walk by the lake' })
      await enrol(town, again)
      expect((await again.does(identity.accounts, {})).total).toBeGreaterThan(1)

      for (const { b } of others) {
        const heard = (await b.does(inbox, {})).rows
        expect(heard.map((one) => one.title.zh)).toEqual([expect.stringContaining('管理员账号')])
        expect(JSON.stringify(heard)).not.toContain(oneTimePassword)
      }
      expect((await again.does(inbox, {})).rows).toEqual([])
      const { rows } = await sql<{ purpose: string | null; role: string }>`
    select purpose, role from audit_log where contract = 'identity.rescue' and community like ${`${sample.county}%`}`.execute(
        town.admin,
      )
      expect(rows).toEqual([{ purpose: expect.stringContaining('lost.admin'), role: 'system' }])

      await expect(rescue(house, 'nobody.here')).rejects.toEqual(refusal('identity.unknownAccount'))
      await expect(rescue(house, 'wang.fang')).rejects.toEqual(refusal('identity.onlyAdministrators'))
      await sql`update identity_accounts set state = 'locked' where username = 'other.admin'`.execute(town.admin)
      await expect(rescue(house, 'other.admin')).rejects.toEqual(refusal('identity.wrongState'))
    },
    { identify },
  ),
)
