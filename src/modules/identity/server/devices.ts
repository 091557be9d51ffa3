// Devices: enrolled under a name, listed, revoked. The id is born on the device; one row for each account that works on it.
import { sql } from 'kysely'
import { instantOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { answer, handle, type Ctx, type Handled } from '#server/house.ts'
import { communityOf } from '#server/scope.ts'
import * as api from '../api.ts'
import { say } from '../model.ts'
import { announce, endSessionsOn } from './ending.ts'
import { accountMeant } from './people.ts'
import { asAuth } from './store.ts'
import { tablesOf } from './tables.ts'

/** Read as the sign-in role, for a device may be enrolled in another area in which its holder works. */
async function devicesOf(ctx: Ctx, account: Id): Promise<api.DeviceLine[]> {
  const { rows } = await asAuth(ctx, () =>
    sql<api.DeviceLine>`
    select distinct on (device) device, name, enrolled_at, last_seen_at, revoked_at
    from public.identity_devices where account = ${account} order by device, enrolled_at desc`.execute(ctx.tx),
  )
  return rows.toSorted((a, b) => b.lastSeenAt.localeCompare(a.lastSeenAt))
}

async function getDevice(ctx: Ctx, account: Id, device: Id): Promise<api.DeviceLine> {
  const found = (await devicesOf(ctx, account)).find((d) => d.device === device)
  if (!found) throw say.unknownDevice()
  return found
}

const list = answer(api.devices, async ({ account }, ctx) => {
  const rows = await devicesOf(ctx, await accountMeant(ctx, account))
  return { rows, next: null, total: rows.length }
})

const enrol = handle(
  api.enrolDevice,
  async ({ device, name }, ctx) => {
    const at = instantOf(ctx.now)
    const before = (await devicesOf(ctx, ctx.who.account)).find((d) => d.device === device)
    if (before?.revokedAt) throw say.deviceRevoked()
    await tablesOf(ctx.tx)
      .insertInto('identityDevices')
      .values({
        areaCode: communityOf(ctx.area),
        id: ctx.id,
        account: ctx.who.account,
        device,
        name,
        enrolledAt: at,
        lastSeenAt: at,
        revokedAt: null,
        revokedBy: null,
      })
      .onConflict((c) => c.columns(['areaCode', 'account', 'device']).doUpdateSet((eb) => ({ name: eb.ref('excluded.name') })))
      .execute()
    await asAuth(ctx, () => sql`update auth.session set device = ${device} where id = ${ctx.who.session}::uuid`.execute(ctx.tx))
    await announce(ctx, ctx.who.session)
    return getDevice(ctx, ctx.who.account, device)
  },
  ({ device }, ctx) => getDevice(ctx, ctx.who.account, device),
)

const revoke = handle(
  api.revokeDevice,
  async ({ account, device }, ctx) => {
    const whose = await accountMeant(ctx, account)
    await getDevice(ctx, whose, device)
    await asAuth(ctx, () =>
      sql`update public.identity_devices set revoked_at = ${instantOf(ctx.now)}, revoked_by = ${ctx.who.account}
    where device = ${device} and revoked_at is null`.execute(ctx.tx),
    )
    await announce(ctx, device)
    await endSessionsOn(ctx, device)
    return getDevice(ctx, whose, device)
  },
  async ({ account, device }, ctx) => getDevice(ctx, await accountMeant(ctx, account), device),
)

/** The phones of somebody who leaves are refused from now on; one that a colleague works on too stays his. */
export async function revokeOwnDevices(ctx: Ctx, account: Id): Promise<void> {
  const { rows } = await asAuth(ctx, () =>
    sql<{ device: Id }>`
    update public.identity_devices d set revoked_at = ${instantOf(ctx.now)}, revoked_by = ${ctx.who.account}
    where d.account = ${account} and d.revoked_at is null and not exists (
      select from public.identity_devices o join public.identity_accounts a on a.id = o.account and a.state = 'active'
      where o.device = d.device and o.account <> ${account} and o.revoked_at is null)
    returning device`.execute(ctx.tx),
  )
  for (const { device } of rows) await announce(ctx, device)
}

export const deviceHandlers: readonly Handled[] = [list, enrol, revoke]
