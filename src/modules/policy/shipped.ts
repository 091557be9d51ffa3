// The packs that come with the house: read from packs/*.json, checked once, never active by themselves.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Values } from './model.ts'

const Pair = z.object({ zh: z.string().min(1), en: z.string().min(1) })
const ShippedPack = z.object({
  key: z.string().regex(/^[a-z0-9-]+$/),
  title: Pair,
  disease: Pair,
  note: Pair,
  document: z.string().min(1).max(200),
  rules: z.record(z.string(), z.object({ value: z.unknown(), source: z.string().min(1).max(400) })),
})
export type ShippedPack = z.infer<typeof ShippedPack>

const folder = join(import.meta.dirname, 'packs')

const readPack = (file: string): ShippedPack => ShippedPack.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')))

/** All shipped packs, in the order of their names. */
export const shippedPacks: readonly ShippedPack[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map(readPack)

/** What a pack says, and where each value comes from. */
export const valuesOf = ({ rules }: ShippedPack) => ({
  values: Values.parse(Object.fromEntries(Object.entries(rules).map(([key, { value }]) => [key, value]))),
  sources: Object.fromEntries(Object.entries(rules).map(([key, { source }]) => [key, source])),
})
