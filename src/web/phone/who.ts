// Who works on this phone, and which phone it is. Known without the network, so that a shift can begin in a basement.
// The session (web/session.ts) is the page's knowledge; this keeps it over a restart and carries it to other tabs.
import { newId, type Id } from '#core/ids.ts'
import { setDevice } from '#web/api.ts'
import { session, signedIn, signedOut, watchSession, type Who } from '#web/session.ts'
import { store } from '#web/store.ts'
import { keepsThings, read, readMeta, watchDisk, writeMeta, write } from './disk.ts'

/** This phone: its id is born here; `name` is set once the server has enrolled it for `enrolledFor`; `revoked`: this id is refused. */
export type Device = { id: Id; name: string | null; enrolledFor: readonly Id[]; revoked?: boolean }
export const device = store<Device>({ id: newId(), name: null, enrolledFor: [] })

/** Account and post under which something recorded now would be made; null while nobody is known or no post is chosen. */
export function maker(): { account: Id; post: Id } | null {
  const { account, post } = session()
  return account && post ? { account, post: post.id } : null
}

/** The account whose things lie open here: also after its session ended at the server, until somebody signs out. */
export const account = (): Id | null => session().account

/** Reads who worked here last and gives the phone its id. To be awaited before anything is sent. */
export async function startWho(): Promise<void> {
  if (!keepsThings()) return
  await recall()
  watchDisk((changed) => {
    if (changed.includes('meta')) void recall()
  })
  watchSession((now) => {
    if (now.state === 'signedIn' && now.account) keep({ account: now.account, name: now.name, posts: now.posts, demo: now.demo })
    if (now.state === 'signedOut') keep(null)
  })
}

let kept = 'null'
function keep(next: Who | null): void {
  const words = JSON.stringify(next)
  if (words === kept) return
  kept = words
  void writeMeta('who', next)
}

async function recall(): Promise<void> {
  const [known, phone] = await read(
    ['meta'],
    async (t) => [(await t.meta.get('who'))?.value, (await t.meta.get('device'))?.value] as const,
  )
  if (!phone) await bearDevice()
  else if (JSON.stringify(phone) !== JSON.stringify(device.get())) device.set(phone as Device)
  setDevice(device.get().id)
  const words = JSON.stringify(known ?? null)
  if (words === kept) return
  kept = words
  if (known) signedIn(known as Who)
  else signedOut()
}

/** Two tabs may start at once: the first id written stays. */
async function bearDevice(): Promise<void> {
  device.set(
    await write(['meta'], async (t) => {
      const there = (await t.meta.get('device'))?.value as Device | undefined
      if (!there) await t.meta.put({ key: 'device', value: device.get() })
      return there ?? device.get()
    }),
  )
}

async function nowIs(next: Device): Promise<void> {
  if (keepsThings()) await writeMeta('device', next)
  device.set(next)
  setDevice(next.id)
}

/** Notes that the server knows this phone by a name, for one account. */
export const deviceEnrolled = (name: string, account: Id): Promise<void> =>
  nowIs({ ...device.get(), name, enrolledFor: [...new Set([...device.get().enrolledFor, account])] })

/** Notes that the server refuses this phone from now on. */
export const deviceRevoked = (): Promise<void> => nowIs({ ...device.get(), revoked: true })

/** Begins as a stranger with a new id, enrolled for nobody: what a revoked phone may do once somebody signs in with a password. */
export const deviceReborn = (): Promise<void> => nowIs({ id: newId(), name: null, enrolledFor: [] })

/** When an account last proved its password here, ms on the device's clock: a new PIN after an erasure asks for a later one. */
export const provedAt = async (account: Id): Promise<number> => (await readMeta<number>(`proved:${account}`)) ?? 0
export const proved = (account: Id): Promise<unknown> => writeMeta(`proved:${account}`, Date.now())
