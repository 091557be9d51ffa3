// Filters of a list as typed parameters of the address, so that a list can be bookmarked and sent. Words naming a person stay out of it.
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import type { z } from 'zod'
import type { Contract } from '#core/contract.ts'
import { fieldsOf, type Field } from '../fields.ts'
import { store, type Store } from '../store.ts'

/** Search parameters as they stand in the address: plain words, a repeated name for several. */
export type Search = Record<string, string | string[]>

export function readSearch(search: string): Search {
  const found: Search = {}
  for (const [name, value] of new URLSearchParams(search)) {
    const before = found[name]
    found[name] = before === undefined ? value : [before, value].flat()
  }
  return found
}

export function writeSearch(search: Record<string, unknown>): string {
  const words = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) {
    for (const one of [value].flat()) if (one !== undefined && one !== null && one !== '') words.append(name, String(one))
  }
  const said = words.toString()
  return said ? `?${said}` : ''
}

const notFilters = new Set(['after', 'limit'])
const unsaid = new Map<string, Store<Record<string, unknown>>>()

function unsaidOf(contract: Contract): Store<Record<string, unknown>> {
  const found = unsaid.get(contract.name) ?? store<Record<string, unknown>>({})
  unsaid.set(contract.name, found)
  return found
}

/** Forgets the words that never stood in an address: at sign-out. */
export const forgetUnsaid = (): void => {
  for (const one of unsaid.values()) one.set({})
}

export type Filters = Record<string, unknown>

/** `[filters, setFilters]` of a query's inputs. What does not fit its schema is left out; `undefined` takes a filter away. */
export function useFilters<I extends z.ZodType>(contract: Contract<'query', I, z.ZodType>): [Filters, (change: Filters) => void] {
  const search = useSearch({ strict: false }) as Search
  const navigate = useNavigate()
  const secret = useMemo(() => new Set(contract.secret ?? []), [contract])
  const inMind = unsaidOf(contract)
  const remembered = inMind.use()
  const filters = useMemo(
    () => ({ ...readFilters(contract, search, secret), ...remembered }),
    [contract, search, secret, remembered],
  )

  const change = useCallback(
    (changed: Filters) => {
      const hidden = Object.fromEntries(Object.entries(changed).filter(([name]) => secret.has(name)))
      const open = Object.fromEntries(Object.entries(changed).filter(([name]) => !secret.has(name)))
      if (Object.keys(hidden).length > 0) inMind.set(withoutEmpty({ ...inMind.get(), ...hidden }))
      if (Object.keys(open).length > 0) {
        void navigate({ to: '.', search: ((now: Search) => withoutEmpty({ ...now, ...open })) as never, replace: true })
      }
    },
    [secret, inMind, navigate],
  )

  return [filters, change]
}

function readFilters(contract: Contract, search: Search, secret: ReadonlySet<string>): Filters {
  const filters: Filters = {}
  for (const field of fieldsOf(contract.input)) {
    const words = search[field.name]
    if (words === undefined || notFilters.has(field.name) || secret.has(field.name)) continue
    const read = field.schema.safeParse(valueOf(field, words))
    if (read.success && read.data !== undefined) filters[field.name] = read.data
  }
  return filters
}

/** Words of an address as the value of a field. */
function valueOf(field: Field, words: string | string[]): unknown {
  if (field.kind === 'choices' || field.kind === 'list') return [words].flat()
  const one = [words].flat()[0] ?? ''
  if (field.kind === 'number') return Number(one)
  if (field.kind === 'yesNo') return one === 'true'
  return one
}

const withoutEmpty = (values: Filters): Filters =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== ''))
