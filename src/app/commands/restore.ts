// `linli restore FILE`: a backup comes back into an empty database, or is tried out in a throw-away one.
import { createInterface } from 'node:readline/promises'
import { readFileSync } from 'node:fs'
import type { Text } from '#core/text.ts'
import { noteByKeeper } from '#server/backup/audit.ts'
import { bringBack, drill } from '#server/backup/bringBack.ts'
import { headOf, type Restored } from '#server/backup/restore.ts'
import type { WaitingJob } from '#server/backup/words.ts'
import { keysDir } from '#server/keys/place.ts'
import { namedPassword } from '#server/keys/passwords.ts'
import { silentLog } from '#server/log.ts'
import { migrationsOf } from '#server/start.ts'
import type { Command, Given } from './command.ts'
import { dataDirOf, open, openDatabase, type Opened } from '../opening.ts'
import { modules } from '../modules.ts'

const say = ({ zh, en }: Text): void => void process.stderr.write(`${zh}\n${en}\n`)

export const restore: Command = {
  name: 'restore',
  summary: 'bring a backup back into an empty database; --verify only tries it out',
  help: `  restore FILE --epochs PATH            into the new, empty LINLI_DATA (or DATABASE_URL), the keys into the empty LINLI_KEYS
  restore FILE --verify --epochs PATH   the drill: the same into a throw-away database, then everything is let go

  --epochs PATH   file or folder of the second copy of the epoch keys; not needed where LINLI_KEYS still has them
  --sheet FILE    reads the recovery sheet from a file (- for standard input) instead of asking for it

The recovery sheet is asked for on the terminal: eight groups of five characters.`,
  options: { epochs: { type: 'string' }, sheet: { type: 'string' }, verify: { type: 'boolean' } },
  run: async (given) => {
    const file = given.words[0] ?? ''
    const { head } = await headOf(file)
    const demo = head.kind === 'demo'
    const by = {
      file,
      migrations: migrationsOf(modules),
      sheet: await sheetOf(given, head.sheet),
      epochs: given.values['epochs'] as string | undefined,
      keysDir: keysDir(process.env, { demo }),
    }
    if (given.values['verify'] === true) {
      const tried = await drill(by)
      given.out(
        told(tried),
        `演练成功：备份能够恢复，${tried.tables} 张表 ${tried.rows} 行逐行一致。临时数据库已删除。\nThe drill went well: the backup can be restored, ${tried.rows} rows of ${tried.tables} tables are equal. The throw-away database is gone.`,
      )
      return 0
    }
    const restored = await intoPlace(by, demo)
    given.out(
      told(restored),
      [
        `已恢复 ${head.made} 的备份：${restored.tables} 张表 ${restored.rows} 行逐行一致，${restored.files} 个文件，${restored.jobs} 项待办。所有人须重新登录。`,
        `Restored the backup of ${head.made}: ${restored.rows} rows of ${restored.tables} tables are equal, ${restored.files} files, ${restored.jobs} waiting jobs` +
          `${restored.ahead ? `, brought forward by ${restored.ahead} migrations` : ''}. Generation ${restored.generation}. Everybody signs in again.`,
        '请运行 linli keys verify 核对密钥，再导出时段密钥的第二份。 Run linli keys verify, then export the second copy of the epoch keys.',
      ].join('\n'),
    )
    return 0
  },
}

type Told = Omit<Restored, 'jobs'> & { readonly jobs: number }
const told = ({ jobs, ...rest }: Restored | Told): Told => ({ ...rest, jobs: typeof jobs === 'number' ? jobs : jobs.length })

async function intoPlace(by: Parameters<typeof drill>[0], demo: boolean): Promise<Told> {
  const database = await openDatabase({ demo, say })
  const appUrl = process.env.LINLI_APP_URL
  const login = () =>
    appUrl ? { name: decodeURIComponent(new URL(appUrl).username) } : { password: namedPassword(database.keys, 'app') }
  let restored: Restored
  try {
    restored = await bringBack(by, { adminUrl: database.adminUrl, filesTo: dataDirOf({ demo }), login })
  } finally {
    await database.stop()
  }
  const opened = await open({ demo, log: silentLog })
  try {
    const jobs = await queueAgain(opened, restored.jobs)
    await noteByKeeper(opened.adminUrl, opened.house.rolePrefix, 'backups.restore', { shown: restored.rows })
    return { ...restored, jobs }
  } finally {
    await opened.stop()
  }
}

/** Jobs that waited when the backup was made wait again; one that this version does not know is left out. */
async function queueAgain({ house }: Opened, jobs: readonly WaitingJob[]): Promise<number> {
  const known = jobs.filter(({ name }) => modules.some((m) => m.jobs?.some((one) => one.name === name)))
  await house.within('000000', async (tx) => {
    for (const { name, data, after, singleton } of known) {
      const startAfter = after ? Math.max(0, Math.ceil((Date.parse(after) - Date.now()) / 1000)) : 0
      await house.enqueue(tx, name, (data ?? {}) as object, {
        ...(singleton ? { singletonKey: singleton } : {}),
        ...(startAfter ? { startAfter } : {}),
      })
    }
  })
  return known.length
}

async function sheetOf({ values }: Given, id: string): Promise<string> {
  const from = values['sheet'] as string | undefined
  if (from !== undefined) return readFileSync(from === '-' ? 0 : from, 'utf8')
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await lines.question(`恢复单 ${id} 的 8 组字符  The 8 groups of recovery sheet ${id}: `)
  } finally {
    lines.close()
  }
}
