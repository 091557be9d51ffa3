// The code of the paper arrives behind the # of the address, which travels to no server. It leaves the address, and the history, at once.
import { store } from '#web/store.ts'

/** The code in hand: in memory only, so that it goes with the tab. */
export const codeInHand = store<string | null>(null)

export function takeCode(): void {
  const code = /[\w-]{8,40}/.exec(location.hash)?.[0]
  if (location.hash) history.replaceState(null, '', location.pathname)
  if (code) codeInHand.set(code)
}
addEventListener('hashchange', takeCode)
