// What somebody is typing: values, what is wrong with them, and a draft that outlives a reload. Used by desk and phone forms.
import { useCallback, useMemo, useRef, useState } from 'react'
import type { z } from 'zod'
import { complaints, type Complaints } from '#core/complaints.ts'
import { newId } from '#core/ids.ts'
import type { Problem } from '#core/problem.ts'
import { text, type Text } from '#core/text.ts'
import { fieldsOf, isPassword, isPersonal, type Field } from './fields.ts'
import { useSession } from './session.ts'
import { kept } from './store.ts'

export type Values = Record<string, unknown>

export type DraftTerms = {
  /** Name of the draft on this device; left out, nothing is kept. */
  readonly key?: string | undefined
  readonly initial?: Values | undefined
  /** Values that are sent but never shown. */
  readonly fixed?: Values | undefined
}

export type Draft = {
  readonly values: Values
  readonly errors: Complaints
  /** Whether values were brought back from an earlier visit. */
  readonly restored: boolean
  /** Id of what is typed now: the same until it changes, so that a second sending is the same request. */
  id(): string
  set(name: string, value: unknown): void
  /** Checks the field at a path when it is left. An empty one is left in peace until the end. */
  leave(path: string): void
  /** What to send, or undefined when something is wrong; `errors` then says what. */
  check(): Values | undefined
  /** Takes the fields' sentences out of a refusal. Answers whether every word of it stands at a field. */
  refuse(problem: Problem): boolean
  /** Forgets what was typed. */
  clear(): void
}

/** A week: an older draft is not brought back. Milliseconds. */
const draftLife = 7 * 86_400_000

export function useDraft(schema: z.ZodType, { key, initial, fixed }: DraftTerms = {}): Draft {
  const { account } = useSession()
  const place = key && account ? `linli.draft.${account}.${key}` : undefined
  const fields = fieldsOf(schema)
  const start = useMemo(() => ({ ...presets(fields), ...initial }), [fields, initial])
  const [before] = useState(() => (place ? readDraft(place) : undefined))
  const [values, setValues] = useState<Values>(() => ({ ...start, ...before?.values }))
  const [errors, setErrors] = useState<Complaints>({})
  const [restored, setRestored] = useState(before !== undefined)
  const attempt = useRef(before?.id)
  const latest = useRef(values)
  latest.current = values

  const id = useCallback(() => {
    attempt.current ??= newId()
    if (place) writeDraft(place, fields, latest.current, attempt.current)
    return attempt.current
  }, [place, fields])

  const set = useCallback(
    (name: string, value: unknown) => {
      attempt.current = undefined
      latest.current = { ...latest.current, [name]: value }
      setValues(latest.current)
      setErrors((now) => without(now, name))
      if (place) writeDraft(place, fields, latest.current)
    },
    [place, fields],
  )

  const leave = useCallback(
    (path: string) => {
      const field = fields.find((f) => f.name === path.split('.')[0])
      const wrong = field && complaintsAt(field, latest.current[field.name], path)
      if (wrong && Object.keys(wrong).length > 0) setErrors((now) => ({ ...now, ...wrong }))
    },
    [fields],
  )

  const check = useCallback(() => {
    const sent = { ...tidy(fields, latest.current), ...fixed }
    const wrong = complaints(schema, sent)
    setErrors(wrong)
    return Object.keys(wrong).length === 0 ? sent : undefined
  }, [fields, fixed, schema])

  const refuse = useCallback(
    (problem: Problem) => {
      const said = complaintsIn(problem)
      const here = Object.entries(said).filter(([path]) => fields.some((f) => f.name === path.split('.')[0]))
      setErrors(Object.fromEntries(here))
      return here.length > 0 && here.length === Object.keys(said).length
    },
    [fields],
  )

  const clear = useCallback(() => {
    attempt.current = undefined
    if (place) dropDraft(place)
    setValues(start)
    setErrors({})
    setRestored(false)
  }, [place, start])

  return { values, errors, restored, id, set, leave, check, refuse, clear }
}

const again = text('请核对后重填', 'Please check and enter it again')

/** Sentences that a refusal gives to fields: `details.fields`, by path. */
export function complaintsIn(problem: Problem): Complaints {
  const fields = problem.details['fields']
  if (Array.isArray(fields)) return Object.fromEntries(fields.map((path) => [String(path), again]))
  return typeof fields === 'object' && fields !== null ? (fields as Complaints) : {}
}

/** The sentence at a field or inside it. */
export const errorAt = (errors: Complaints, path: string): Text | undefined =>
  errors[path] ?? Object.entries(errors).find(([at]) => at.startsWith(`${path}.`))?.[1]

/** What is wrong at one path inside a field. */
function complaintsAt(field: Field, typed: unknown, path: string): Complaints {
  const value = tidyOne(field, typed)
  const found = Object.entries(complaints(field.schema, value)).map(
    ([at, said]) => [at ? `${field.name}.${at}` : field.name, said] as const,
  )
  return Object.fromEntries(
    found.filter(([at]) => {
      const inner = at
        .split('.')
        .slice(1)
        .reduce<unknown>((now, part) => (now as Values | undefined)?.[part], value)
      return (at === path || at.startsWith(`${path}.`)) && inner !== undefined && inner !== null && inner !== ''
    }),
  )
}

const without = (errors: Complaints, name: string): Complaints =>
  Object.fromEntries(Object.entries(errors).filter(([at]) => at !== name && !at.startsWith(`${name}.`)))

/** Defaults that the schema declares. Nothing else is ever preset: an unasked question has no answer. */
function presets(fields: readonly Field[]): Values {
  const values: Values = {}
  for (const field of fields) {
    const read = field.required ? undefined : field.schema.safeParse(undefined)
    if (read?.success && read.data !== undefined && read.data !== null) values[field.name] = read.data
  }
  return values
}

/** What was typed as it is sent: an emptied field is left out, or null where the schema wants to hear that. */
export const tidy = (fields: readonly Field[], values: Values): Values =>
  Object.fromEntries(
    fields.map((field) => [field.name, tidyOne(field, values[field.name])]).filter(([, value]) => value !== undefined),
  )

function tidyOne(field: Field, value: unknown): unknown {
  if (value === '' || value === undefined || value === null)
    return field.required && accepts(field.schema, null) ? null : undefined
  if (field.kind === 'group') return tidy(field.fields, value as Values)
  if (field.kind === 'list' && field.fields.length > 0) return (value as Values[]).map((item) => tidy(field.fields, item))
  return value
}

const accepts = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success

type Stored = { at: number; id?: string; values: Values }

/** Words about persons go with the tab; the rest stays on the device for a week. */
function writeDraft(place: string, fields: readonly Field[], values: Values, id?: string): void {
  const at = Date.now()
  const part = (personal: boolean) =>
    Object.fromEntries(fields.filter((f) => !isPassword(f) && isPersonal(f) === personal).map((f) => [f.name, values[f.name]]))
  kept.write('session', place, JSON.stringify({ at, id, values: part(true) }))
  kept.write('local', place, JSON.stringify({ at, values: part(false) }))
}

function readDraft(place: string): Stored | undefined {
  const inTab = readPart('session', place)
  const onDevice = readPart('local', place)
  if (!inTab && !onDevice) return undefined
  const values = Object.fromEntries(
    Object.entries({ ...onDevice?.values, ...inTab?.values }).filter(([, v]) => v !== undefined && v !== null),
  )
  return { at: 0, values, ...(inTab?.id ? { id: inTab.id } : {}) }
}

function readPart(where: 'local' | 'session', place: string): Stored | undefined {
  try {
    const stored = JSON.parse(kept.read(where, place) ?? 'null') as Stored | null
    return stored && Date.now() - stored.at < draftLife ? stored : undefined
  } catch {
    return undefined
  }
}

function dropDraft(place: string): void {
  kept.write('session', place, null)
  kept.write('local', place, null)
}
