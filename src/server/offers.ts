// Knowledge travels down: a lower floor asks, whoever can answers, and nobody knows whom he asks.
import type { House, Module } from './house.ts'

/** Gathers the register's answers by question. */
export function createOffers(modules: readonly Module[]): House['offered'] {
  const answers = new Map<string, unknown[]>()
  for (const { offer, answer } of modules.flatMap((m) => m.offers ?? []))
    answers.set(offer, [...(answers.get(offer) ?? []), answer])
  return <T>(of: { readonly name: string }) => (answers.get(of.name) ?? []) as T[]
}
