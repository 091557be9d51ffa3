// Which pages stand at the bottom of a small phone and which behind 更多: as many as a thumb can hit at 360 px.
import type { PhonePage } from './parts.ts'

/** Places below beside 我的; where not all pages fit, the last one is 更多. */
const most = 5

/** Pages with a `tab` in their order: those below, and those of which the place below is 更多. */
export function places<P extends Pick<PhonePage, 'tab'>>(pages: readonly P[]): { below: readonly P[]; more: readonly P[] } {
  const tabs = pages.filter((page) => page.tab)
  return tabs.length <= most ? { below: tabs, more: [] } : { below: tabs.slice(0, most - 1), more: tabs.slice(most - 1) }
}
