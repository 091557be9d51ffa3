// The register: one line per module, in floor order. A module may import only from those above its line.
import type { Module } from '#server/house.ts'

export const modules: readonly Module[] = [
]
