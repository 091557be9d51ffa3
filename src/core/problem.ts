// What went wrong, said so that a person can act on it. Thrown anywhere, answered once, at the door.
import type { Text } from './text.ts'

/** Details travel to the browser: ids, counts, field names. Never a value that somebody typed. */
export type Details = Readonly<Record<string, unknown>>

/** A refusal with a code for life, an HTTP status, a sentence in both languages and its details as data. */
export class Problem extends Error {
  readonly code: string
  readonly status: number
  readonly say: Text
  readonly details: Details

  constructor(code: string, status: number, say: Text, details: Details = {}) {
    super(`${code}: ${say.en}`)
    this.name = 'Problem'
    this.code = code
    this.status = status
    this.say = say
    this.details = details
  }
}

export const isProblem = (error: unknown): error is Problem => error instanceof Problem

/** One entry of a module's list: the HTTP status and the sentence, as a function of its details where it has any. */
export type Saying<D> = readonly [status: number, say: Text | ((details: D) => Text)]

// Inference of each saying's own details needs the widest parameter here; callers see the exact one.
type Sayings = Record<string, readonly [number, Text | ((details: never) => Text)]>
type DetailsOf<S> = S extends readonly [number, (details: infer D) => Text] ? D : undefined

/** The sayings of one module as functions that make a `Problem`; codes read `module.name` and never change. */
export type Say<T extends Sayings> = {
  readonly [K in keyof T]: DetailsOf<T[K]> extends undefined ? () => Problem : (details: DetailsOf<T[K]>) => Problem
}

/** What is known of a code from its list: needed where only the code is at hand (a database constraint). */
export type KnownSaying = { code: string; status: number; say: (details: Details) => Text }
const known = new Map<string, KnownSaying>()

/**
 * Declares the problems of one module.
 * `say.wrongState({ state })` → `Problem` with code `module.wrongState`.
 */
export function problems<const T extends Sayings>(module: string, sayings: T): Say<T> {
  const made: Record<string, (details?: Details) => Problem> = {}
  for (const [name, [status, sentence]] of Object.entries(sayings)) {
    const code = `${module}.${name}`
    const say = (details: Details): Text => (typeof sentence === 'function' ? sentence(details as never) : sentence)
    known.set(code, { code, status, say })
    made[name] = (details = {}) => new Problem(code, status, say(details), details)
  }
  return made as Say<T>
}

/** Every declared code, for the house tests and for named constraints. */
export const knownProblem = (code: string): KnownSaying | undefined => known.get(code)
export const knownProblems = (): readonly KnownSaying[] => [...known.values()]

/** How a problem travels: RFC 9457 members plus both sentences. */
export type ProblemBody = { code: string; status: number; title: Text; details: Details }
export const toBody = (p: Problem): ProblemBody => ({ code: p.code, status: p.status, title: p.say, details: p.details })
export const fromBody = (b: ProblemBody): Problem => new Problem(b.code, b.status, b.title, b.details)
