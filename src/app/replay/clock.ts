// The clock of a house that lives through other days than today: what cron would start, started by hand.
import type { Running } from '#server/start.ts'
import { modules } from '../modules.ts'
import { community } from '../town/places.ts'

/** Runs every job that the clock would start at this hour, then whatever they queued. */
export async function runClock({ jobs, house }: Running): Promise<void> {
  for (const { name } of modules.flatMap((m) => m.jobs ?? []).filter((j) => j.cron)) {
    await house.within(community.code, (tx) => jobs.enqueue(tx, name, {}))
  }
  await jobs.drain(house)
}
