// `linli keys …`: reads every key file and tries every key; gives fields new keys; ends old generations.
import pg from 'pg'
import { addDays, dayOf, instantAt } from '#core/dates.ts'
import { kyselyOf, poolOf } from '#server/database/connect.ts'
import { openKeyRing, type KeyRing } from '#server/keys/ring.ts'
import { fieldsLeft, retireFields, rotateFields } from '#server/keys/rotate.ts'
import { say } from '#server/keys/say.ts'
import { verifyKeys } from '#server/keys/verify.ts'
import type { Command, Given } from './command.ts'
import { openDatabase } from '../opening.ts'

type Data = { dataId: string; rolePrefix: string }
type Opened = { readonly keysDir: string; readonly adminUrl: string; readonly data: Data }

/** Opens database and key folder for as long as `work` takes. */
async function opened<T>(values: Given['values'], work: (at: Opened) => Promise<T>): Promise<T> {
  const database = await openDatabase({ demo: values['demo'] === true, say: ({ en }) => process.stderr.write(`${en}\n`) })
  try {
    return await work({ keysDir: database.keys, adminUrl: database.adminUrl, data: await dataOf(database.adminUrl) })
  } finally {
    await database.stop()
  }
}

async function dataOf(url: string): Promise<Data> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const {
      rows: [there],
    } = await client.query(`select to_regclass('linli_meta') is not null as yes`)
    if (!there?.yes) throw say.noData()
    const {
      rows: [row],
    } = await client.query('select data_id, role_prefix from linli_meta')
    return { dataId: row?.data_id ?? '', rolePrefix: row?.role_prefix ?? '' }
  } finally {
    await client.end()
  }
}

type Tools = { keys: KeyRing; terms: Parameters<typeof rotateFields>[0] }

/** Ring and keeper's connection; progress goes to stderr, so that --json stays one line. */
async function withTools<T>({ keysDir, adminUrl, data }: Opened, work: (tools: Tools) => Promise<T>): Promise<T> {
  const pool = poolOf(adminUrl, { max: 2 })
  try {
    const keys = await openKeyRing({ dir: keysDir, dataId: data.dataId, fresh: false })
    let rows = 0
    const progress = (step: { table: string; column: string; rows: number }) =>
      void process.stderr.write(`${step.table}.${step.column} ${(rows += step.rows)}\n`)
    return await work({ keys, terms: { admin: kyselyOf(pool), rolePrefix: data.rolePrefix, keys, now: Date.now, progress } })
  } finally {
    await pool.end()
  }
}

const wanted = (values: Given['values'], keys: KeyRing): readonly string[] => {
  const named = values['community']
  if (typeof named === 'string' && /^\d{12}$/.test(named) && keys.communities().includes(named)) return [named]
  if (values['all'] === true && named === undefined) return keys.communities()
  throw Object.assign(
    new TypeError(
      '--community takes 12 digits of a community that has keys; --all takes every one. 请用 --community 写明 12 位社区代码，或用 --all。',
    ),
    { code: 'ERR_PARSE_ARGS_VALUE' },
  )
}

const which = { demo: { type: 'boolean' }, community: { type: 'string' }, all: { type: 'boolean' } } as const

export const keysVerify: Command = {
  name: 'keys verify',
  summary: 'check permissions, sums and ciphers of the key ring against these data',
  help: `  --demo   the ring of the demo town

Ends 0 when all is well, 1 when a key is missing, damaged, foreign or readable by others. Says how many generations of field keys
each community has, and how many fields are still closed under an older one.`,
  options: { demo: { type: 'boolean' } },
  run: ({ values, out }) =>
    opened(values, async (at) => {
      const verdict = verifyKeys({ dir: at.keysDir, dataId: at.data.dataId })
      const generations = verdict.ok ? await withTools(at, ({ keys, terms }) => generationsOf(keys, terms)) : []
      const { counts } = verdict
      out(
        { ...verdict, generations },
        verdict.ok
          ? [
              `密钥完好。 Keys are well: ${counts.keys} keys of ${counts.communities} communities.`,
              ...generations
                .filter((g) => g.older > 0)
                .map(
                  (g) =>
                    `${g.community}: 旧密钥 ${g.older} 代，未换 ${g.fieldsLeft} 项  ${g.older} older generation(s), ${g.fieldsLeft} field(s) still under them`,
                ),
            ].join('\n')
          : verdict.problems.map((p) => `${p.title.zh}\n${p.title.en}`).join('\n'),
      )
      return verdict.ok ? 0 : 1
    }),
}

async function generationsOf(keys: KeyRing, terms: Tools['terms']) {
  const lines = []
  for (const community of keys.communities()) {
    const states = keys.fieldKeysOf(community).map((key) => key.state)
    lines.push({
      community,
      older: states.filter((s) => s === 'retired').length,
      destroyed: states.filter((s) => s === 'destroyed').length,
      fieldsLeft: await fieldsLeft(terms, community),
    })
  }
  return lines
}

export const keysRotate: Command = {
  name: 'keys rotate',
  summary: 'give closed fields a new generation of keys and close everything again',
  help: `  --community CODE   one community (12 digits)
  --all              every community, and the key that phones seal to
  --demo             the ring of the demo town

The server may go on working. Cut off in the middle, everything stays readable; run it again and it goes on where it stopped.
Old generations stay until "keys retire". Copy the key folder anew afterwards. Ends 1 when a field could not be read.`,
  options: which,
  run: ({ values, out }) =>
    opened(values, (at) =>
      withTools(at, async ({ keys, terms }) => {
        const communities = []
        for (const community of wanted(values, keys)) communities.push(await rotateFields(terms, community))
        const seal = values['all'] === true ? keys.rotate('seal').id : null
        out(
          { communities, seal },
          communities
            .map(
              (c) =>
                `${c.community}: ${c.resumed ? '续办  resumed, ' : ''}已换 ${c.closedAgain} 项，剩 ${c.left} 项  ${c.closedAgain} fields closed again, ${c.left} left`,
            )
            .join('\n'),
        )
        return communities.every((c) => c.left === 0) ? 0 : 1
      }),
    ),
}

const mostDays = 3650

export const keysRetire: Command = {
  name: 'keys retire',
  summary: 'destroy old generations of keys to which nothing refers any more',
  help: `  --community CODE   one community (12 digits)
  --all              every community, and old keys that phones sealed to
  --days N           only what was replaced at least N days ago (60)
  --demo             the ring of the demo town

A backup made before the rotation, and what a phone sealed before it and has not sent yet, cannot be read afterwards.`,
  options: { ...which, days: { type: 'string' } },
  run: ({ values, out }) =>
    opened(values, (at) =>
      withTools(at, async ({ keys, terms }) => {
        const days = values['days'] === undefined ? 60 : Number(values['days'])
        if (!Number.isInteger(days) || days < 1 || days > mostDays) {
          throw Object.assign(new TypeError('--days takes a whole number from 1 on.'), { code: 'ERR_PARSE_ARGS_VALUE' })
        }
        const before = instantAt(addDays(dayOf(Date.now()), -days), '23:59')
        const destroyed = []
        for (const community of wanted(values, keys)) destroyed.push(...(await retireFields(terms, community, before)))
        const seals = values['all'] === true ? keys.keysOf('seal').filter((k) => k.state === 'retired' && k.ended! < before) : []
        for (const seal of seals) destroyed.push(keys.destroyRetired('seal', seal.id))
        out({ destroyed }, `已销毁 ${destroyed.length} 把旧密钥。 ${destroyed.length} old keys destroyed.`)
        return 0
      }),
    ),
}
