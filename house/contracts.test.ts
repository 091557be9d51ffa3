// The map is reviewed: each contract with its permission stands in a snapshot; a change shows the product growing.
import { expect, test } from 'vitest'
import { modules } from '#app/modules.ts'
import { knownProblems } from '#core/problem.ts'
import { holdsPersonal } from '#core/masking.ts'

const contracts = modules.flatMap((m) => m.handlers.map((h) => ({ module: m.name, handled: h, contract: h.contract })))

test('contracts and their permissions', async () => {
  const lines = contracts.map(
    ({ contract: c }) =>
      `${c.kind.padEnd(8)} ${c.name.padEnd(34)} ${typeof c.may === 'string' ? c.may : [...c.may].sort().join(' ')}${c.shows ? ' · full' : ''}${c.queued ? ' · queued' : ''}`,
  )
  await expect(lines.sort().join('\n') + '\n').toMatchFileSnapshot('./contracts.snap.txt')
})

test('a contract is named after its module, once, and has words in both languages', () => {
  const names = contracts.map(({ contract }) => contract.name)
  expect(new Set(names).size).toBe(names.length)
  for (const { module, contract } of contracts) {
    expect(contract.name).toMatch(new RegExp(`^${module}\\.[a-zA-Z]+$`))
    expect(contract.title.zh && contract.title.en, contract.name).toBeTruthy()
  }
})

test('what shows persons in full names them', () => {
  const silent = contracts
    .filter(({ contract: c }) => c.shows === 'full' && c.kind !== 'download' && !c.looks)
    .map(({ contract }) => contract.name)
  expect(silent).toEqual([])
})

test('nothing personal is answered to whoever is not signed in', () => {
  const open = contracts
    .filter(({ contract: c }) => c.may === 'anyone' && holdsPersonal(c.output))
    .map(({ contract }) => contract.name)
  expect(open).toEqual([])
})

test('every command can read its record again, unless it needs no sign-in', () => {
  const lost = contracts.filter(({ handled, contract }) => contract.kind === 'command' && !('open' in handled) && !handled.again)
  expect(lost.map(({ contract }) => contract.name)).toEqual([])
})

test('problem codes are module.name, with a status that fits', () => {
  for (const { code, status } of knownProblems()) {
    expect(code).toMatch(/^[a-zA-Z]+\.[a-zA-Z]+$/)
    expect(status, code).toBeGreaterThanOrEqual(400)
  }
})
