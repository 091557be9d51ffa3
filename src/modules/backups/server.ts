// Answers for backups, and the jobs that make them. The work itself is the keeper's: src/server/backup.
import { z } from 'zod'
import { addDays, dayOf, instantAt, instantOf } from '#core/dates.ts'
import { isProblem, knownProblem } from '#core/problem.ts'
import { text, type Text } from '#core/text.ts'
import { storeOf } from '#modules/identity/server/store.ts'
import { cronOf, type Backups } from '#server/backup/backups.ts'
import { say } from '#server/backup/say.ts'
import { lookWords } from '#server/backup/tell.ts'
import { answer, handle, job, type House, type Module } from '#server/house.ts'
import { asSystem } from '#server/system.ts'
import * as api from './api.ts'
import { Work } from './model.ts'

function backupsOf(house: House): Backups {
  if (!house.backups) throw say.unavailable()
  return house.backups
}

const unexpected = text(
  '备份没有成功，原因不明。请查看服务器日志，再备份一次。',
  "The backup failed for an unknown reason. See the server's log and back up again.",
)
/** The sentence of a failure; what it was about is not kept. */
function wordsOf(code: string, folder: string): Text {
  return knownProblem(code)?.say({ folder, file: '', table: '', where: '', path: '', dir: '' }) ?? unexpected
}

function standingOf(house: House): api.Standing {
  const now = house.now()
  const { kept, running, failure, secondCopy, epochs: _, ...rest } = backupsOf(house).standing(now)
  const { standing, path, days } = secondCopy
  return {
    ...rest,
    next: nextAt(rest.at, now),
    running: running && { stage: running.stage, rows: running.rows },
    failure: failure && { at: failure.at, words: wordsOf(failure.code, rest.folder) },
    secondCopy: { standing, path, days, words: lookWords(secondCopy) },
    backups: kept.toReversed().map(({ file, made, rows, files, bytes, proved }) => ({
      file,
      made,
      rows,
      files,
      bytes,
      proved: proved ? (proved.ok ? ('well' as const) : ('failed' as const)) : ('not' as const),
    })),
  }
}

function nextAt(at: string, now: number): string {
  const time = at.padStart(5, '0')
  const today = instantAt(dayOf(now), time)
  return instantOf(Date.parse(today) > now ? Date.parse(today) : Date.parse(instantAt(addDays(dayOf(now), 1), time)))
}

/** The area of the house's first account: under it the house's own acts are audited. */
async function topArea(house: House): Promise<string | undefined> {
  const { rows } = await storeOf(house).pool.query<{ area: string }>(
    'select area_code as area from public.identity_accounts order by length(area_code), created_at limit 1',
  )
  return rows[0]?.area
}

/** Does the work; what went wrong in words stands on the page already, so the job has nothing to try again. */
async function carryOut(house: House, what: Work, signal: AbortSignal): Promise<void> {
  const backups = backupsOf(house)
  try {
    if (what === 'check') await backups.check(house.now())
    else await backups.make(house.now, { signal })
  } catch (error) {
    if (!isProblem(error)) throw error
    house.log.warn('backup', { code: error.code })
    return
  }
  const area = await topArea(house)
  if (area) await asSystem(house, area, `backups.${what}`, async (ctx) => ctx.touched('backups'))
}

const asked = job({
  name: 'backups.work',
  data: z.object({ what: Work }),
  run: ({ what }, house, { signal }) => carryOut(house, what, signal),
})

const nightly = job({
  name: 'backups.nightly',
  data: z.object({}),
  cron: cronOf(process.env),
  run: async (_, house, { signal }) => {
    // A house without a sheet has not asked for backups yet; its page says so every day.
    if (house.backups?.standing(house.now()).sheet) await carryOut(house, 'make', signal)
  },
})

export const backups: Module = {
  name: 'backups',
  handlers: [
    answer(api.standing, async (_, { house }) => standingOf(house)),
    handle(
      api.work,
      async ({ what }, { house, tx }) => {
        const { sheet } = backupsOf(house).standing(house.now())
        if (what === 'make' && !sheet) throw say.noSheet()
        await house.enqueue(tx, 'backups.work', { what }, { singletonKey: what })
        return { what }
      },
      async ({ what }) => ({ what }),
    ),
    handle(
      api.newSheet,
      async (_, { house }) => {
        const { id, groups, ask } = backupsOf(house).newSheet(house.now())
        return { id, groups: [...groups], ask: [...ask] }
      },
      async () => ({ id: '', groups: [], ask: [] }),
    ),
    handle(
      api.confirmSheet,
      async ({ id, typed }, { house }) => {
        backupsOf(house).confirmSheet(id, typed, house.now())
        return { id }
      },
      async ({ id }) => ({ id }),
    ),
  ],
  tables: {},
  migrations: [],
  jobs: [asked, nightly],
}
