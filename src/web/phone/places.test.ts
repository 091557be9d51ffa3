// The places at the bottom of the phone: all pages while they fit, else the first of the register and 更多 for the rest.
import { expect, test } from 'vitest'
import { text, type Text } from '#core/text.ts'
import { places } from './places.ts'

const pages = (n: number) => Array.from({ length: n }, (_, i) => ({ n: i + 1, tab: text('页', 'Page') }))
const numbers = (of: readonly { n: number }[]) => of.map(({ n }) => n)

test.each([
  [0, [], []],
  [5, [1, 2, 3, 4, 5], []],
  [6, [1, 2, 3, 4], [5, 6]],
  [8, [1, 2, 3, 4], [5, 6, 7, 8]],
])('of %i pages with a tab', (n, below, more) => {
  const found = places<{ n: number; tab?: Text }>([...pages(n), { n: 99 }])
  expect([numbers(found.below), numbers(found.more)]).toEqual([below, more])
})
