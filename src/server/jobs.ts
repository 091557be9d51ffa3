// Jobs: work that outlives a request. Added in the request's own transaction, done by pg-boss in its own schema and role.
import { CompiledQuery, type Kysely } from 'kysely'
import pg from 'pg'
import { PgBoss } from 'pg-boss'
import { zone } from '#core/dates.ts'
import type { Tx } from './database/connect.ts'
import type { House, Job } from './house.ts'
import type { Log } from './log.ts'

export type Jobs = {
  readonly enqueue: House['enqueue']
  /** Begins to work. Until then jobs only queue. */
  readonly start: (house: House) => Promise<void>
  /** Runs what is queued, until nothing is left; for tests and replays. Answers how many ran. */
  readonly drain: (house: House) => Promise<number>
  readonly close: () => Promise<void>
}

type AnyJob = Job<never>
const runOf = (job: AnyJob) => job as unknown as Job<unknown>

/** Queued in memory and run by `drain`: the same jobs without a worker, for throw-away towns. */
export function memoryJobs(jobs: readonly AnyJob[]): Jobs {
  const queue: { job: string; data: object }[] = []
  return {
    enqueue: async (_, job, data, { singletonKey } = {}) => {
      if (singletonKey && queue.some((q) => q.job === job && JSON.stringify(q.data) === JSON.stringify(data))) return
      queue.push({ job, data })
    },
    start: async () => {},
    drain: async (house) => {
      let ran = 0
      for (let next = queue.shift(); next; next = queue.shift(), ran++) {
        const job = runOf(jobs.find((j) => j.name === next!.job)!)
        await job.run(job.data.parse(next.data), house, { signal: AbortSignal.timeout(600_000) })
      }
      return ran
    },
    close: async () => {
      queue.length = 0
    },
  }
}

const executor = (tx: Kysely<{}>) => ({
  executeSql: async (text: string, values?: unknown[]) => {
    const { rows } = await tx.executeQuery(CompiledQuery.raw(text, [...(values ?? [])]))
    return { rows: rows as Record<string, unknown>[] }
  },
})

/**
 * Jobs kept in PostgreSQL. `url` is the working login; the queue's tables belong to the role `<prefix>_jobs`.
 * Each failed job is tried again three times with back-off; what still fails stays visible in the queue.
 */
export async function bossJobs(url: string, rolePrefix: string, jobs: readonly AnyJob[], log: Log): Promise<Jobs> {
  const pool = new pg.Pool({ connectionString: url, max: 4, options: `-c role=${rolePrefix}_jobs` })
  pool.on('error', () => {})
  const boss = new PgBoss({
    db: { executeSql: async (text: string, values?: unknown[]) => pool.query(text, values as never) },
    schema: 'jobs',
    createSchema: false,
  })
  boss.on('error', (error) => log.error('jobs', error))
  await boss.start()
  for (const { name } of jobs) await boss.createQueue(name, { retryLimit: 3, retryBackoff: true, expireInSeconds: 1800 })
  await pool.query(`grant select, insert on all tables in schema jobs to ${pg.escapeIdentifier(`${rolePrefix}_app_user`)}`)
  return {
    enqueue: async (tx: Tx, job, data, { singletonKey, startAfter } = {}) => {
      await boss.send(job, data, {
        db: executor(tx as unknown as Kysely<{}>),
        ...(singletonKey ? { singletonKey } : {}),
        ...(startAfter ? { startAfter } : {}),
      })
    },
    start: async (house) => {
      for (const job of jobs.map(runOf)) {
        await boss.work(job.name, async ([taken]) => {
          if (!taken) return
          const started = performance.now()
          try {
            await job.run(job.data.parse(taken.data ?? {}), house, { signal: taken.signal })
            log.info('job', { job: job.name, ms: Math.round(performance.now() - started) })
          } catch (error) {
            log.error('job.failed', error, { job: job.name })
            throw error
          }
        })
        if (job.cron) await boss.schedule(job.name, job.cron, {}, { tz: zone })
      }
    },
    drain: async () => 0,
    close: async () => {
      await boss.stop({ graceful: true, timeout: 10_000 })
      await pool.end()
    },
  }
}
