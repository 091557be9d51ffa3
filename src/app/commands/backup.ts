// `linli backup …` and `linli keys epochs …`: backups, their recovery sheet, their epochs, from the command line.
import { createInterface } from 'node:readline/promises'
import { isProblem } from '#core/problem.ts'
import { noteByKeeper } from '#server/backup/audit.ts'
import type { Backups } from '#server/backup/backups.ts'
import { lookWords, sheetWords } from '#server/backup/tell.ts'
import { silentLog } from '#server/log.ts'
import type { Command, Given } from './command.ts'
import { open, type Opened } from '../opening.ts'

const demo = { demo: { type: 'boolean' } } as const
const mb = (bytes: number): string => (bytes / 1_000_000).toFixed(1)

/** Opens the house beside a server that may be running, does the work, lets go. */
async function keeping<T>({ values }: Given, work: (backups: Backups, opened: Opened) => Promise<T>): Promise<T> {
  const opened = await open({ demo: values['demo'] === true, say: ({ en }) => process.stderr.write(`${en}\n`), log: silentLog })
  try {
    return await work(opened.house.backups!, opened)
  } finally {
    await opened.stop()
  }
}

/** Progress on a terminal, one line that is written over; nothing in a pipe. */
const showing =
  () =>
  (at: { stage: string; table?: string; rows: number }): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${at.stage} ${at.table ?? ''} ${at.rows}`)
  }

export const backup: Command = {
  name: 'backup',
  summary: 'make a backup now, and prove it by restoring it into a throw-away database',
  help: `  --no-proof   do not restore it (the proof needs the room of the data once more in TMPDIR)
  --demo       the data of the demo town

Environment: LINLI_BACKUPS (folder, ~/.linli/backups), LINLI_BACKUPS_KEEP (30), LINLI_BACKUP_EPOCH (week, month, quarter, year),
LINLI_BACKUP_AT (02:30, the hour at which a running server makes one by itself).

See also: backup sheet, backup list, backup end-epoch, keys epochs export, restore.`,
  options: { ...demo, 'no-proof': { type: 'boolean' } },
  run: (given) =>
    keeping(given, async (backups, opened) => {
      const kept = await backups.make(Date.now, { progress: showing(), prove: given.values['no-proof'] !== true })
      await noteByKeeper(opened.adminUrl, opened.house.rolePrefix, 'backups.make', { shown: kept.rows })
      const { folder, secondCopy } = backups.standing(Date.now())
      given.out(
        { ...kept, folder, secondCopy },
        [
          `备份完成：${kept.file}，${kept.tables} 张表 ${kept.rows} 行，${mb(kept.bytes)} MB${kept.proved?.ok ? '，已恢复到临时数据库逐行核对' : '，未做恢复核对'}。`,
          `Backed up: ${folder}/${kept.file}, ${kept.rows} rows of ${kept.tables} tables, ${kept.files} files, ${mb(kept.bytes)} MB${kept.proved?.ok ? ', restored into a throw-away database and equal' : ', not proved'}.`,
          ...lookWords(secondCopy).flatMap(({ zh, en }) => [zh, en]),
        ].join('\n'),
      )
      return 0
    }),
}

export const backupList: Command = {
  name: 'backup list',
  summary: 'list the backups, what was proved, the epochs and the second copy',
  help: '  --demo   the data of the demo town',
  options: demo,
  run: (given) =>
    keeping(given, async (backups) => {
      const standing = backups.standing(Date.now())
      given.out(
        standing,
        [
          `${standing.folder}  ·  sheet ${standing.sheet?.id ?? '—'}  ·  daily ${standing.at}`,
          ...standing.kept.map(
            (one) =>
              `${one.file}  ${mb(one.bytes).padStart(9)} MB  ${String(one.rows).padStart(10)} rows  epoch ${one.epoch}  ${one.proved ? (one.proved.ok ? 'proved' : `FAILED ${one.proved.code}`) : 'not proved'}`,
          ),
          ...standing.epochs.map(
            (one) => `epoch ${one.id}  from ${one.from}  ${one.ended ? `destroyed ${one.ended}` : `${one.backups} backups`}`,
          ),
          ...lookWords(standing.secondCopy).flatMap(({ zh, en }) => [zh, en]),
          ...(standing.failure ? [`${standing.failure.at} ${standing.failure.code}`] : []),
        ].join('\n'),
      )
      return 0
    }),
}

export const backupSheet: Command = {
  name: 'backup sheet',
  summary: 'make a recovery sheet: shown once, to be printed, confirmed by typing two groups back',
  help: `  --demo   the data of the demo town

The sheet is shown on the terminal once and kept nowhere. Backups made from now on need it; older ones need the sheet of their time.`,
  options: demo,
  run: (given) =>
    keeping(given, async (backups, opened) => {
      const { id, groups, ask } = backups.newSheet(Date.now())
      process.stderr.write(`${sheetWords(id, groups)}\n`)
      const lines = createInterface({ input: process.stdin, output: process.stderr })
      try {
        for (let tries = 1; ; tries += 1) {
          const typed: string[] = []
          for (const place of ask) typed.push(await lines.question(`第 ${place} 组  Group ${place}: `))
          try {
            backups.confirmSheet(id, typed, Date.now())
            break
          } catch (error) {
            if (!isProblem(error) || tries === 3) throw error
            process.stderr.write(`${error.say.zh}\n${error.say.en}\n`)
          }
        }
      } finally {
        lines.close()
      }
      await noteByKeeper(opened.adminUrl, opened.house.rolePrefix, 'backups.confirmSheet', { purpose: id })
      given.out(
        { sheet: id },
        `恢复单 ${id} 已确认，此后的备份都需要它。\nRecovery sheet ${id} is confirmed; every backup from now on needs it.`,
      )
      return 0
    }),
}

export const backupEndEpoch: Command = {
  name: 'backup end-epoch',
  summary: 'destroy an epoch key: its backups can never be opened again',
  help: `  backup end-epoch ID                  says what would be lost, and a code
  backup end-epoch ID --confirm CODE   destroys the key, removes its files, brings the second copy up to date

  --demo   the data of the demo town`,
  options: { ...demo, confirm: { type: 'string' } },
  run: (given) =>
    keeping(given, async (backups, opened) => {
      const code = given.values['confirm'] as string | undefined
      const ending = backups.endEpoch(given.words[0] ?? '', code, Date.now())
      if (ending.ended) {
        await noteByKeeper(opened.adminUrl, opened.house.rolePrefix, 'backups.endEpoch', {
          purpose: ending.epoch,
          shown: ending.lost.length,
        })
      }
      given.out(
        ending,
        ending.ended
          ? [
              `时段 ${ending.epoch} 的密钥已销毁，${ending.lost.length} 份备份不能再打开。`,
              `The key of epoch ${ending.epoch} is destroyed; ${ending.lost.length} backups can never be opened again.`,
              '请销毁其他介质上更旧的密钥副本。 Destroy older copies of the keys on other media.',
              ...lookWords(ending.secondCopy).flatMap(({ zh, en }) => [zh, en]),
            ].join('\n')
          : [
              `将失去 ${ending.lost.length} 份备份，还留 ${ending.left} 份。确认请加 --confirm ${ending.code}`,
              `${ending.lost.length} backups would be lost, ${ending.left} stay. To go on add --confirm ${ending.code}`,
              ...ending.lost,
            ].join('\n'),
      )
      return 0
    }),
}

export const epochsExport: Command = {
  name: 'keys epochs export',
  summary: 'write the second copy of the epoch keys to another medium, and remember where',
  help: '  keys epochs export PATH   a folder, or a file that ends in .json\n\n  --demo   the data of the demo town\n\nEach backup looks there again, and brings the copy up to date when the medium is plugged in.',
  options: demo,
  run: (given) =>
    keeping(given, async (backups, opened) => {
      const written = backups.exportEpochs(given.words[0] ?? '.')
      await noteByKeeper(opened.adminUrl, opened.house.rolePrefix, 'backups.exportEpochs', { shown: written.epochs })
      const { secondCopy } = backups.standing(Date.now())
      given.out(
        { ...written, secondCopy },
        [
          `已写出 ${written.epochs} 个时段密钥：${written.path}`,
          `${written.epochs} epoch keys written: ${written.path}`,
          ...lookWords(secondCopy).flatMap(({ zh, en }) => [zh, en]),
        ].join('\n'),
      )
      return 0
    }),
}
