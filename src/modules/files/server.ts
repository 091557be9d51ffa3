// Opens the doors to files, says how photos are shrunk here, counts what is kept, and removes what no record came to name.
import { sql } from 'kysely'
import { z } from 'zod'
import { instantOf } from '#core/dates.ts'
import { photoRule, photoTerms, unnamedRule } from '#core/files.ts'
import { fileHandlers } from '#server/files/handling.ts'
import { forgetUnnamed } from '#server/files/forgetting.ts'
import { answer, answering, job, type Module } from '#server/house.ts'
import { policyKeys } from '#modules/policy/model.ts'
import { policy } from '#modules/policy/server.ts'
import { held } from './api.ts'
import { StoredFile, StoredPart, type Held } from './model.ts'

const hour = 3_600_000

/** Removes what has waited for its record for too long. */
const sweep = job({
  name: 'files.sweep',
  data: z.object({}),
  cron: '23 3 * * *',
  run: (_, house, { signal }) =>
    forgetUnnamed(house, signal, async (tx, community) => {
      const { value } = await policy(tx, unnamedRule, community, instantOf(house.now()))
      return instantOf(house.now() - value * hour)
    }),
})

export const files: Module = {
  name: 'files',
  handlers: [
    ...fileHandlers,
    answer(photoTerms, async (_, ctx) => (await policy(ctx.tx, photoRule, ctx.area, instantOf(ctx.now))).value),
    answer(held, async (_, ctx) => {
      const { rows } = await sql<Held>`select "of", keep, count(*)::int as files, sum(bytes)::float8 as bytes from files
        group by "of", keep order by "of", keep`.execute(ctx.tx)
      return { rows }
    }),
  ],
  tables: { files: StoredFile, fileParts: StoredPart },
  migrations: [],
  offers: answering(policyKeys, photoRule, unnamedRule),
  jobs: [sweep],
}
