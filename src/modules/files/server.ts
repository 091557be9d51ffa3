// Opens the doors to files, says how photos are shrunk here, and counts what is kept.
import { sql } from 'kysely'
import { instantOf } from '#core/dates.ts'
import { photoRule, photoTerms } from '#core/files.ts'
import { fileHandlers } from '#server/files/handling.ts'
import { answer, answering, type Module } from '#server/house.ts'
import { policyKeys } from '#modules/policy/model.ts'
import { policy } from '#modules/policy/server.ts'
import { held } from './api.ts'
import { StoredFile, StoredPart, type Held } from './model.ts'

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
  offers: answering(policyKeys, photoRule),
}
