// How a module's page is named to the console: one line of the register for each.
import { lazy, type ComponentType, type LazyExoticComponent } from 'react'
import type { Text } from '#core/text.ts'

export type ConsolePage = {
  /** Below /console, e.g. `/rounds` or `/residents/$id`. */
  readonly path: string
  readonly menu: Text
  readonly icon: ComponentType
  /** Roles that see it; the server decides what it shows. */
  readonly roles: readonly string[] | 'signedIn'
  readonly page: LazyExoticComponent<ComponentType>
  /** Stands beside its word in the menu: how many wait. Draws nothing where nothing does. */
  readonly badge?: LazyExoticComponent<ComponentType>
  /** Reached from other pages only. */
  readonly aside?: true
}

/** What the console must be given from outside: its pages, and the way in and out. */
export type ConsoleParts = {
  readonly pages: readonly ConsolePage[]
  /** Stands alone before the sign-in, and over the page when a session has ended. It calls `signedIn(who)` when done. */
  readonly signIn: ComponentType
  /** Asks who is signed in; resolves to nothing and calls `signedIn` or `signedOut`. */
  readonly who: () => Promise<void>
  readonly signOut: () => Promise<void>
  /** Pages for a person who is not signed in, by path: the first set-up. */
  readonly open?: readonly { readonly path: string; readonly page: LazyExoticComponent<ComponentType> }[]
}

/** `page(() => import('#modules/…/web.tsx'), 'RoundsPage')`: fetched when it is first opened. */
export const page = <M extends Record<K, ComponentType>, K extends string>(
  load: () => Promise<M>,
  name: K,
): LazyExoticComponent<ComponentType> => lazy(async () => ({ default: (await load())[name] }))
