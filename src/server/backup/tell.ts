// What is said of backups on a terminal and on the page: how the second copy stands, and the sheet as plain text.
import { text, type Text } from '#core/text.ts'
import type { SecondCopy } from './epochs.ts'

/** What to do about the second copy; nothing when it is well. */
export function lookWords({ standing, path, days }: SecondCopy): Text[] {
  if (standing === 'none') {
    return [
      text(
        '还没有时段密钥的第二份：服务器一坏，备份就打不开。请运行 linli keys epochs export U盘路径。',
        'There is no second copy of the epoch keys: if this machine is lost, no backup opens. Run linli keys epochs export PATH-OF-A-MEDIUM.',
      ),
    ]
  }
  if (standing === 'missing') {
    return [
      text(
        `时段密钥的第二份是 ${days} 天前写的，${path} 现在读不到；接上介质再导出一次即可更新。`,
        `The second copy of the epoch keys was written ${days} days ago and ${path} cannot be read now; plug the medium in and export again.`,
      ),
    ]
  }
  if (standing === 'behind') {
    return [
      text(
        `时段密钥的第二份（${path}）不是最新的，请再导出一次。`,
        `The second copy of the epoch keys (${path}) is out of date; export it again.`,
      ),
    ]
  }
  if (standing === 'sameDisk') {
    return [
      text(
        `时段密钥的第二份与密钥目录在同一块磁盘上（${path}），磁盘坏了会一同丢失。请写到另外的介质。`,
        `The second copy of the epoch keys lies on the same disk as the keys (${path}) and would be lost with them. Write it to another medium.`,
      ),
    ]
  }
  return []
}

/** The sheet for a terminal. */
export const sheetWords = (id: string, groups: readonly string[]): string =>
  [
    '',
    '邻里恢复单  Linli recovery sheet',
    `编号 No. ${id}`,
    '',
    groups
      .slice(0, 4)
      .map((g, i) => `${i + 1} ${g}`)
      .join('    '),
    groups
      .slice(4)
      .map((g, i) => `${i + 5} ${g}`)
      .join('    '),
    '',
    '请现在抄写或打印，锁入柜中；它不会再显示。恢复备份时需要它和时段密钥。',
    'Write it down or print it now and lock it away; it is never shown again. A restore needs it and the epoch keys.',
    '',
  ].join('\n')
