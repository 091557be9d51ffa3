// What the app hands to the phone: pages, sets, words for queued items, and how people and devices are known.
import type { ComponentType, LazyExoticComponent } from 'react'
import type { Contract, Input } from '#core/contract.ts'
import type { Id } from '#core/ids.ts'
import type { Language, Text } from '#core/text.ts'
import type { Who } from '#web/session.ts'
import { store } from '#web/store.ts'
import type { IconName } from './icons.tsx'
import type { Item } from './outbox.ts'
import { lazily } from './lazily.ts'
import type { SyncSet } from './sync.ts'

/** A page owns its path and everything below it. With `tab` it stands at the bottom for those who hold one of `roles`. */
export type PhonePage = {
  readonly path: string
  readonly title: Text
  readonly tab?: Text
  readonly icon?: IconName
  readonly roles: readonly string[] | 'signedIn'
  readonly page: ComponentType | LazyExoticComponent<ComponentType>
}

/** A page loaded after the first look: `page(() => import('#modules/rounds/phone.tsx'), 'RoundsPage')`. */
export const page = <N extends string>(load: () => Promise<Record<N, ComponentType>>, name: N) => lazily(load, name)

/** What a mending page of a module gets: the refused item, what it holds, and what to call when it was sent anew (`resend`). */
export type MendTerms<C extends Contract<'command'> = Contract<'command'>> = {
  readonly item: Item
  readonly input: Input<C>
  readonly onDone: () => void
}

/** A contract whose items pass through the outbox, how one of them reads there (a room, a name), and a way of its own to mend it. */
export type Queued<C extends Contract<'command'> = Contract<'command'>> = {
  readonly contract: C
  readonly describe?: (input: Input<C>, language: Language) => string
  readonly mend?: ComponentType<MendTerms<C>> | LazyExoticComponent<ComponentType<MendTerms<C>>>
}
export const queued = <C extends Contract<'command'>>(
  contract: C,
  describe?: Queued<C>['describe'],
  mend?: Queued<C>['mend'],
): Queued => ({ contract, ...(describe ? { describe } : {}), ...(mend ? { mend } : {}) }) as Queued

/** One of a worker's phones, as the server lists them. */
export type DeviceRow = {
  readonly id: Id
  readonly name: string
  readonly enrolledAt: string
  readonly lastSeenAt?: string | null
  readonly revokedAt?: string | null
}

export type SignInTerms = { onDone: () => void }

/** How people and phones are known; wired to the module that keeps accounts. Each function rejects with a Problem. */
export type People = {
  /** The sign-in form; it calls `signedIn` of web/session.ts and then `onDone`. */
  readonly signIn: ComponentType<SignInTerms> | LazyExoticComponent<ComponentType<SignInTerms>>
  /** Who holds the session now; a Problem with status 401 for nobody. */
  readonly who: () => Promise<Who>
  readonly signOut: () => Promise<unknown>
  readonly enrolDevice?: (device: { id: Id; name: string }) => Promise<unknown>
  readonly devices?: () => Promise<readonly DeviceRow[]>
  readonly revokeDevice?: (id: Id) => Promise<unknown>
}

/** What modules know that is not needed for the first look: their contracts come with it, so it is loaded after that. */
export type Shift = { readonly sets: readonly SyncSet[]; readonly queued: readonly Queued[] }

export type PhoneParts = {
  readonly name: Text
  readonly pages: readonly PhonePage[]
  readonly shift: () => Promise<{ readonly shift: Shift }>
  readonly people: People
}

/** The shift of this run; empty until it has been loaded. */
export const shift = store<Shift>({ sets: [], queued: [] })
