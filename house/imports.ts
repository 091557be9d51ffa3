// Reads who imports whom from the sources themselves: value and type imports alike, static and dynamic.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const src = join(root, 'src')

export type Arrow = { readonly from: string; readonly to: string }

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((e) => e.isFile() && /\.tsx?$/.test(e.name) && !e.name.endsWith('.d.ts'))
    .map((e) => join(e.parentPath, e.name))

const isTest = (path: string): boolean => /\.test(ing)?\.tsx?$/.test(path) || path.startsWith('app/testing')

/** Every source file as a path below src/, tests and their harness left out. */
export const sources = (): string[] =>
  filesBelow(src)
    .map((f) => relative(src, f))
    .filter((f) => !isTest(f))
    .sort()

const specifier = /(?:^|[\s;}])(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g

function targetOf(from: string, spec: string): string | undefined {
  if (spec.startsWith('#')) return spec.slice(1)
  if (!spec.startsWith('.')) return undefined
  const path = relative(src, resolve(src, dirname(from), spec))
  return path.startsWith('..') ? undefined : path
}

/** Imports of a file that leave the house: package names. */
export const packagesOf = (file: string): string[] =>
  specifiers(file).filter((s) => !s.startsWith('#') && !s.startsWith('.') && !s.startsWith('node:'))

function specifiers(file: string): string[] {
  const words = readFileSync(join(src, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  return [...words.matchAll(specifier)].map((m) => m[1] ?? m[2] ?? '')
}

/** Every import between files of the house that are code. */
export const arrows = (): Arrow[] =>
  sources().flatMap((from) =>
    specifiers(from).flatMap((spec) => {
      const to = targetOf(from, spec)
      return to && /\.tsx?$/.test(to) && existsSync(join(src, to)) ? [{ from, to }] : []
    }),
  )

/** Files that lie on a circle of imports, as one readable chain each. */
export function circles(all: readonly Arrow[]): string[] {
  const next = new Map<string, string[]>()
  for (const { from, to } of all) next.set(from, [...(next.get(from) ?? []), to])
  const state = new Map<string, 'open' | 'done'>()
  const found: string[] = []
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === 'done') return
    if (state.get(file) === 'open') {
      found.push([...path.slice(path.indexOf(file)), file].join(' → '))
      return
    }
    state.set(file, 'open')
    for (const to of next.get(file) ?? []) visit(to, [...path, file])
    state.set(file, 'done')
  }
  for (const file of next.keys()) visit(file, [])
  return found
}
