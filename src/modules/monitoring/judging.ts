// What one check says under the rules, without a database: whether it is fever, what begins the fever path, and what is to be looked at twice.
import type { z } from 'zod'
import type { Doubt, MeasuredHow } from './model.ts'
import type { Doubts, Sites, Symptom } from './rules.ts'

export type Rules = { feverAt: number; sites: z.infer<typeof Sites>; doubts: z.infer<typeof Doubts> }
type Said = { kind: string; value: number | null; measuredHow: MeasuredHow | null }

/** What a temperature is compared with. A place of measuring that was not named is judged as usual. */
export const thresholdOf = ({ feverAt, sites }: Pick<Rules, 'feverAt' | 'sites'>, how: MeasuredHow | null): number =>
  sites[how ?? 'armpit'].feverAt ?? feverAt

export const impossible = ({ lowest, highest }: Rules['doubts'], celsius: number): boolean =>
  celsius < lowest || celsius > highest

export type Judged = { threshold: number | null; fever: boolean; flags: Doubt[] }

/** What the value alone says. A value that cannot be is no fever: it is measured again. */
export function judge(rules: Rules, { kind, value, measuredHow }: Said): Judged {
  if (kind !== 'temperature' || value === null) return { threshold: null, fever: false, flags: [] }
  const threshold = thresholdOf(rules, measuredHow)
  if (impossible(rules.doubts, value)) return { threshold, fever: false, flags: ['impossible'] }
  const againAt = rules.sites[measuredHow ?? 'armpit'].againAt
  const fever = value >= threshold
  return { threshold, fever, flags: !fever && againAt !== null && value >= againAt ? ['unsureSite'] : [] }
}

/** Symptoms that begin the fever path though nobody has fever. */
export const pathSymptoms = (known: readonly Symptom[], symptoms: readonly string[] | null): string[] =>
  known.filter(({ key, path }) => path && symptoms?.includes(key)).map(({ key }) => key)

type Neighbour = { at: number; value: number | null }

/**
 * What the checks around one say: too soon after another, or identical for too long.
 * @param at ms. @param around checks of the same person and kind, the newest first, without this one.
 */
export function doubtsAround(rules: Rules['doubts'], at: number, value: number | null, around: readonly Neighbour[]): Doubt[] {
  const tooClose = around.some((other) => Math.abs(other.at - at) < rules.minutesApart * 60_000)
  const before = around.filter((other) => other.at <= at).slice(0, rules.streak - 1)
  const streak =
    rules.streak > 1 && value !== null && before.length === rules.streak - 1 && before.every((other) => other.value === value)
  return [...(tooClose ? ['tooClose' as const] : []), ...(streak ? ['streak' as const] : [])]
}
