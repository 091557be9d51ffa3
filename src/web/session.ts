// Who is at the screen and in which post they work now. Fed by the module that knows accounts; read by everything else.
import type { Text } from '#core/text.ts'
import { kept, store } from './store.ts'

/** A role held at an area: somebody with several works in one at a time. */
export type Post = {
  readonly id: string
  readonly role: string
  readonly area: string
  readonly roleText: Text
  readonly areaName: string
}

/** The signed-in account, as the server tells it. */
export type Who = { readonly account: string; readonly name: string; readonly posts: readonly Post[]; readonly demo?: boolean }

export type Session = {
  /** `asking` until the server has answered once; `lost` = it ended while somebody was at work, the page stays. */
  readonly state: 'asking' | 'signedOut' | 'signedIn' | 'lost'
  readonly account: string | null
  readonly name: string
  readonly posts: readonly Post[]
  readonly post: Post | null
  /** Roles that hold now: those of the chosen post. */
  readonly roles: readonly string[]
  readonly demo: boolean
}

const nobody: Session = { state: 'asking', account: null, name: '', posts: [], post: null, roles: [], demo: false }
const current = store<Session>(nobody)
const keyOf = (account: string) => `linli.post.${account}`

export const session = (): Session => current.get()
export const useSession = (): Session => current.use()
export const watchSession = current.watch

/** Takes over who signed in. The post chosen in this tab, else last on this device, else the first one becomes the working post. */
export function signedIn(who: Who): void {
  const wanted = kept.read('session', keyOf(who.account)) ?? kept.read('local', keyOf(who.account))
  const post = who.posts.find((p) => p.id === wanted) ?? who.posts[0] ?? null
  current.set({
    state: 'signedIn',
    account: who.account,
    name: who.name,
    posts: who.posts,
    post,
    roles: post ? [post.role] : [],
    demo: who.demo ?? current.get().demo,
  })
}

/** Nobody is signed in: everything that a person left in this tab goes. */
export function signedOut(demo: boolean = current.get().demo): void {
  for (const key of kept.keys('session')) if (key.startsWith('linli.')) kept.write('session', key, null)
  current.set({ ...nobody, state: 'signedOut', demo })
}

/** The server no longer knows the session. Who was at work stays on the page, so that what was typed is not lost. */
export function sessionLost(): void {
  const now = current.get()
  if (now.state === 'signedIn') current.set({ ...now, state: 'lost' })
}

/** Works in another post from now on, in this tab and at the next visit. */
export function choosePost(id: string): void {
  const now = current.get()
  const post = now.posts.find((p) => p.id === id)
  if (!post || !now.account) return
  kept.write('session', keyOf(now.account), id)
  kept.write('local', keyOf(now.account), id)
  current.set({ ...now, post, roles: [post.role] })
}

/** Whether somebody with these roles may: used to hide what would be refused; the server decides. */
export const holds = (roles: readonly string[] | 'anyone' | 'signedIn', held: readonly string[]): boolean =>
  typeof roles === 'string' || roles.some((role) => held.includes(role))
