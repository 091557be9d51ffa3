// The register: one line per module, in floor order. A module may import only from those above its line.
import { disinfection } from '#modules/disinfection/server.ts'
import type { Module } from '#server/house.ts'
import { identity } from '#modules/identity/server.ts'

export const modules: readonly Module[] = [
  disinfection,
  identity,
]
