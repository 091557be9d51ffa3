// The console's register: one line for each page, in the order of the day. Menu and addresses come from here.
import type { ConsolePage } from '#web/console/pages.ts'
import { startConsole } from '#web/console/start.tsx'
import { signedOut } from '#web/session.ts'

export const pages: readonly ConsolePage[] = []

/** Draws the console. */
export const start = (root: HTMLElement): void => startConsole(root, {
  pages,
  signIn: () => null,
  who: async () => signedOut(),
  signOut: async () => signedOut(),
})
