// The sessions of an account, as it may see and end them.
import { sql } from 'kysely'
import { instantOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { answer, handle, type Handled } from '#server/house.ts'
import * as api from '../api.ts'
import { say, sayAgent } from '../model.ts'
import { endOneSession, endSessionsOf } from './ending.ts'
import { accountMeant } from './people.ts'
import { asAuth } from './store.ts'

type Row = { id: Id; createdAt: string; expiresAt: string; userAgent: string | null; deviceName: string | null }

const list = answer(api.sessions, async ({ account }, ctx) => {
  const whose = await accountMeant(ctx, account)
  const { rows } = await asAuth(ctx, () =>
    sql<Row>`
    select s.id, s."createdAt" as created_at, s."expiresAt" as expires_at, s."userAgent" as user_agent,
      (select d.name from public.identity_devices d where d.device::text = s.device and d.account = s."userId" limit 1) as device_name
    from auth.session s where s."userId" = ${whose} and s."expiresAt" > ${instantOf(Date.now())} order by s."createdAt" desc, s.id`.execute(
      ctx.tx,
    ),
  )
  return {
    next: null,
    total: rows.length,
    rows: rows.map((s) => ({
      id: s.id,
      since: s.createdAt,
      until: s.expiresAt,
      agent: sayAgent(s.userAgent ?? ''),
      deviceName: s.deviceName,
      current: s.id === ctx.who.session,
    })),
  }
})

const endOne = handle(
  api.endSession,
  async ({ account, session }, ctx) => {
    const whose = await accountMeant(ctx, account)
    if ((await endOneSession(ctx, whose, session)) === 0) throw say.unknownSession()
    return {}
  },
  async () => ({}),
)

const endOthers = handle(
  api.endSessions,
  async ({ account }, ctx) => {
    const whose = await accountMeant(ctx, account)
    return { ended: await endSessionsOf(ctx, whose, ctx.who.session) }
  },
  async () => ({ ended: 0 }),
)

export const sessionHandlers: readonly Handled[] = [list, endOne, endOthers]
