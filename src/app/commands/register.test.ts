// A sentence that sends somebody to a command is worth nothing when there is no such command.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commands } from './register.ts'

const root = join(import.meta.dirname, '../../..')
const named = /linli (?:-- )?((?:accounts|backup|build|import|keys|pass|replay|restore)(?: [a-z][a-z-]+)*)/g

test('every command that a sentence or a page of the documentation names exists', () => {
  const files = globSync(['src/**/{say,tell,model}.ts', '*.md', 'docs/**/*.md', 'src/**/README.md'], { cwd: root })
  const missing = files.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(named)]
      .filter(([, words]) => !commands.some(({ name }) => `${words} `.startsWith(`${name} `)))
      .map(([words]) => `${file}: ${words}`),
  )
  expect(files.length).toBeGreaterThan(30)
  expect(missing).toEqual([])
})
