// Passes of the demo on the command line: handed out in one process, looked at in another, of two generations of keys.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '#core/ids.ts'
import { openKeyRing } from '#server/keys/ring.ts'

const linliPath = join(import.meta.dirname, '../linli.mjs')
let dir: string
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'linli-pass-'))
  // The demo's ring, as it stands once the demo was opened.
  await openKeyRing({ dir: join(dir, 'demo'), dataId: newId(), fresh: true })
})
afterAll(() => rmSync(dir, { recursive: true }))

const linli = (args: string[], input = ''): string =>
  execFileSync(process.execPath, [linliPath, ...args], {
    input,
    env: { ...process.env, LINLI_KEYS: dir },
    stdio: ['pipe', 'pipe', 'ignore'],
  }).toString()
const issued = (...more: string[]) =>
  (JSON.parse(linli(['pass', 'issue', '--demo', '--json', ...more])) as { passes: { text: string; shortCode: string }[] }).passes

test('two generations are good in another process, a second use is replayed, and an old or altered one is refused', () => {
  const [current] = issued()
  const [previous] = issued('--generation', 'previous')
  const [old] = issued('--first-day', '2020-02-01', '--days', '14')
  const lines = [
    current!.text,
    previous!.text,
    current!.text,
    old!.text,
    `${current!.text.slice(0, -1)}%`,
    current!.shortCode,
    '',
  ]
  const said = linli(['pass', 'inspect', '--stdin', '--json'], `${lines.join('\n')}\n`)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(
    said.map(({ line, valid, reason }) => [line, valid, reason === 'signature' || reason === 'notAPass' ? 'altered' : reason]),
  ).toEqual([
    [1, true, null],
    [2, true, null],
    [3, false, 'replayed'],
    [4, false, 'expired'],
    [5, false, 'altered'],
    [6, false, 'shortCode'],
    [7, false, 'altered'],
  ])
  expect(said[0]).toMatchObject({ shortCode: current!.shortCode, demo: true, claims: { kind: 'household', days: 14 } })
  expect(said[0].keyId).not.toBe(said[1].keyId)
  expect(linli(['pass', 'inspect', '--cose', '--stdin'], `${current!.text}\n`)).toMatch(/^d284/)
}, 180_000)
