// The phone's idea of time: its own clock, how far that is from the server's, and a counter that nobody can turn back.
import { instantOf } from '#core/dates.ts'
import type { Clock } from '#core/fact.ts'
import { newId } from '#core/ids.ts'
import { keepsThings, readMeta, writeMeta } from './disk.ts'

/** The last exchange with the server: `offset` = server − device in ms; `at`: device's clock then, ms. */
export type Contact = { offset: number; at: number }

/** This run of the app. */
export const run = newId()

let last: Contact | null = null
let kept: Contact | null = null

/** Written when it says something new: a queue that empties need not write to the disk at each answer. */
const isNews = (next: Contact): boolean =>
  kept === null || next.at - kept.at > 10_000 || Math.abs(next.offset - kept.offset) > 250

/** Reads what an earlier run knew. To be awaited before the first tap. */
export async function startClock(): Promise<void> {
  last ??= (keepsThings() ? await readMeta<Contact>('contact') : undefined) ?? null
}

/** The last contact, of this run or an earlier one; null if there never was one. */
export const lastContact = (): Contact | null => last

/**
 * Takes the server's clock from an answer. @param serverNow ms. @param sentAt device's clock when asking, ms.
 * @param took length of the round trip in ms on the monotonic counter: the answer is taken to be from its middle.
 */
export function heard(serverNow: number, sentAt: number, took: number): void {
  last = { offset: serverNow - (sentAt + took / 2), at: sentAt + took }
  if (keepsThings() && isNews(last)) {
    kept = last
    void writeMeta('contact', last).catch(() => undefined)
  }
}

/** What the phone knows of time at this moment, to be taken before anything is awaited. */
export const clockAtTap = (): Clock => ({
  at: instantOf(Date.now()),
  before: last === null ? null : Math.round(last.offset),
  tick: Math.round(performance.now()),
  run,
})

/** The server's time as well as the phone knows it, ms. */
export const serverNow = (): number => Math.round(Date.now() + (last?.offset ?? 0))
