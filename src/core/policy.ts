// Rules are data: a key names a rule, its shape, and how the levels above and below combine.
import type { z } from 'zod'
import type { Text } from './text.ts'

/** Joins the upper level's value with the lower's. */
export type Combine<T> = (upper: T, lower: T) => T

/** The four ways in which an upper level's value and a lower one's make one. */
export type How = 'upperWins' | 'lowerWins' | 'lowerMayLoosen' | 'withinBounds'

export type PolicyKey<T = unknown> = {
  /** `module.rule`, e.g. `reporting.deadline`. */
  readonly key: string
  readonly title: Text
  readonly schema: z.ZodType<T>
  readonly combine: Combine<T>
  readonly how: How
  /** How the combination reads to people. */
  readonly combineText: Text
  /** What holds where no pack says anything: the neutral value, never a restriction. */
  readonly unset: T
}

/** What a question to the rules answers: the value, and where it comes from. */
export type PolicyAnswer<T> = {
  readonly value: T
  /** Ids of the pack versions that took part, from the upper level down; empty where nothing was said. */
  readonly versions: readonly string[]
  readonly document: string | null
}

const upperWinsText: Text = { zh: '上级规定优先', en: 'The upper level decides' }
const lowerWinsText: Text = { zh: '下级可自行规定', en: 'The lower level may decide' }

type Terms<T> = { readonly title: Text; readonly schema: z.ZodType<T>; readonly unset: T }

/** A rule that the highest level which speaks decides. */
export const upperWins = <T>(key: string, terms: Terms<T>): PolicyKey<T> => ({
  key,
  ...terms,
  how: 'upperWins',
  combine: (upper) => upper,
  combineText: upperWinsText,
})

/** A rule that the lowest level which speaks decides. */
export const lowerWins = <T>(key: string, terms: Terms<T>): PolicyKey<T> => ({
  key,
  ...terms,
  how: 'lowerWins',
  combine: (_, lower) => lower,
  combineText: lowerWinsText,
})

/** A rule that a lower level may only loosen: `looser(lower, upper)` says whether the lower value is no stricter. */
export const lowerMayLoosen = <T>(
  key: string,
  terms: Terms<T> & { readonly looser: (lower: T, upper: T) => boolean },
): PolicyKey<T> => ({
  key,
  title: terms.title,
  schema: terms.schema,
  unset: terms.unset,
  how: 'lowerMayLoosen',
  combine: (upper, lower) => (terms.looser(lower, upper) ? lower : upper),
  combineText: { zh: '下级只能放宽', en: 'A lower level may only loosen' },
})

/** A rule whose lower value is drawn back into the bounds of the upper one. */
export const withinBounds = <T>(key: string, terms: Terms<T> & { readonly clamp: (lower: T, upper: T) => T }): PolicyKey<T> => ({
  key,
  title: terms.title,
  schema: terms.schema,
  unset: terms.unset,
  how: 'withinBounds',
  combine: (upper, lower) => terms.clamp(lower, upper),
  combineText: { zh: '在上级范围内规定', en: 'Within the bounds of the upper level' },
})
