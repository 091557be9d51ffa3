// Prints a page as the browser's print dialog would, and reads back what can be told from the file without any tool of the system.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { shotsFolder } from './page.ts'

/** A printed page: where it was saved, how many sheets it takes, the fonts inside it (a Chinese sheet without one is all boxes). */
export type Printed = { path: string; pages: number; fonts: string[] }

/** Prints the page as A4 by its own print rules (`@page` wins) to journeys/shots/<name>.pdf. */
export async function print(page: Page, name: string): Promise<Printed> {
  const bytes = await page.pdf({ format: 'A4', preferCSSPageSize: true, printBackground: true })
  mkdirSync(shotsFolder, { recursive: true })
  const path = join(shotsFolder, `${name}.pdf`)
  writeFileSync(path, bytes)
  return { path, pages: countPages(bytes), fonts: namedFonts(bytes) }
}

/** Number of pages in a PDF as Chromium writes it, with its page objects uncompressed. Throws on anything else. */
export function countPages(pdf: Uint8Array): number {
  const pages = asText(pdf).match(/\/Type\s*\/Page\b/g)?.length
  if (!pages) throw new Error('No page was found in this PDF.')
  return pages
}

/** Font names without the six letters that mark a subset, each once. */
const namedFonts = (pdf: Uint8Array): string[] => [
  ...new Set([...asText(pdf).matchAll(/\/BaseFont\s*\/(?:[A-Z]{6}\+)?([\w-]+)/g)].map(([, name]) => name ?? '')),
]

/** One character per byte, so that the compressed streams between the objects do no harm. */
const asText = (pdf: Uint8Array): string => Buffer.from(pdf).toString('latin1')
