// Rescue from the server's own command line: an administrator who lost password, phone and recovery codes, and whom nobody else can help.
import { hashPassword } from 'better-auth/crypto'
import type { Id } from '#core/ids.ts'
import { text } from '#core/text.ts'
import type { Ctx, House } from '#server/house.ts'
import { everywhere, liesIn } from '#server/scope.ts'
import { asSystem } from '#server/system.ts'
import { say } from '../model.ts'
import { notify } from '../news.ts'
import { setPassword } from './accounts.ts'
import { endSessionsOf } from './ending.ts'
import { forgetFailures } from './lockOut.ts'
import { accountBy } from './proving.ts'
import { forgetSecondFactor } from './secondFactor.ts'
import { oneTimePassword } from './store.ts'
import { tablesOf } from './tables.ts'

export type Rescued = { readonly username: string; readonly oneTimePassword: string; readonly told: number }

/**
 * Gives an administrator a one-time password and takes the second step away, both to be set up anew at the next sign-in; every session
 * ends. Audited as the house's act, told to all other administrators. Throws `identity.unknownAccount`, `.onlyAdministrators`, `.wrongState`.
 */
export async function rescue(house: House, name: string): Promise<Rescued> {
  const account = await accountBy(house, 'username', name.trim().toLowerCase())
  if (!account) throw say.unknownAccount()
  if (account.state !== 'active') throw say.wrongState()
  const administrators = await administratorsOf(house)
  if (!administrators.some((one) => one.account === account.id)) throw say.onlyAdministrators()
  const password = oneTimePassword()
  const hash = await hashPassword(password)
  const others = administrators.filter((one) => one.account !== account.id)
  const [near, far] = [
    others.filter(({ area }) => liesIn(area, account.area)),
    others.filter(({ area }) => !liesIn(area, account.area)),
  ]
  await asSystem(house, account.area, 'identity.rescue', async (ctx) => {
    ctx.purpose(`服务器命令行找回账号：${account.username}`)
    await setPassword(ctx, account.id, hash, true)
    await forgetSecondFactor(ctx, account.id, null)
    await endSessionsOf(ctx, account.id)
    await tell(
      ctx,
      near.map((one) => one.account),
    )
  })
  // Whoever works elsewhere hears of it where the own messages lie.
  for (const { account: id, area } of far) await asSystem(house, area, 'identity.rescue', (ctx) => tell(ctx, [id]))
  await forgetFailures(house, account.username)
  return { username: account.username, oneTimePassword: password, told: others.length }
}

/** Names nobody: the news may travel to a chat group; the page of accounts and the audit log say who. */
const tell = (ctx: Ctx, to: readonly Id[]) =>
  notify(ctx, {
    topic: 'escalated',
    to,
    path: '/accounts',
    title: text(
      '有人在服务器命令行找回了一个管理员账号。如果不是事先约定的，请立即停用该账号并检查服务器',
      'An administrator was rescued at the server’s command line. If that was not agreed, lock the account and look at the server',
    ),
  })

type Administrator = { readonly account: Id; readonly area: string }

/** Everybody who may sign in and holds that post, once, at the widest area. */
async function administratorsOf(house: House): Promise<readonly Administrator[]> {
  const found: Administrator[] = []
  for (const scope of everywhere) {
    found.push(
      ...(await house.within(scope, (tx) =>
        tablesOf(tx)
          .selectFrom('identityAssignments as p')
          .innerJoin('identityAccounts as a', 'a.id', 'p.account')
          .select(['p.account', 'p.areaCode as area'])
          .where('p.role', '=', 'administrator')
          .where('p.until', 'is', null)
          .where('a.state', '=', 'active')
          .orderBy('p.areaCode')
          .execute(),
      )),
    )
  }
  return [...Map.groupBy(found, (one) => one.account).values()].map(([widest]) => widest!)
}
