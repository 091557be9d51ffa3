// What can go wrong with keys, each with the next step. Names of files and keys only, never a secret and never a value.
import { problems } from '#core/problem.ts'

export const say = problems('keys', {
  missing: [
    503,
    (d: { where: string }) => ({
      zh: `数据的密钥不在：${d.where}。数据没有打开，也不会另造新密钥。请把密钥目录的副本放回原处，或用 LINLI_KEYS 指明它所在的位置，然后重新启动。`,
      en: `Keys of this data are missing: ${d.where}. The data was not opened and is never given new keys. Put the copy of the key folder back, or name its place in LINLI_KEYS, and start again.`,
    }),
  ],
  noData: [
    503,
    {
      zh: '这个数据库还是空的，没有用到任何密钥。请用 LINLI_DATA 或 DATABASE_URL 指明正在使用的数据；演示数据请加 --demo；新的一套请先运行 npm start。',
      en: 'This database is empty and uses no keys yet. Name the data in use by LINLI_DATA or DATABASE_URL, add --demo for the demo town, or run npm start for a new house first.',
    },
  ],
  foreign: [
    503,
    (d: { dir: string }) => ({
      zh: `${d.dir} 中的密钥属于另一份数据。请用 LINLI_KEYS 指明这份数据自己的密钥目录；新数据库请指定一个空目录。演示与正式数据不能共用密钥。`,
      en: `The keys in ${d.dir} belong to other data. Name this data's own key folder in LINLI_KEYS; for a new database name an empty folder. Demo and real data never share keys.`,
    }),
  ],
  exposed: [
    503,
    (d: { path: string }) => ({
      zh: `${d.path} 可被其他系统用户读取。请运行 chmod -R go-rwx '${d.path}'，并考虑其他人是否已经看过这些密钥，然后重新启动。`,
      en: `Other system users can read ${d.path}. Run chmod -R go-rwx '${d.path}', consider who may have read these keys already, then start again.`,
    }),
  ],
  closed: [
    503,
    (d: { path: string }) => ({
      zh: `无法读写 ${d.path}。请用创建它的系统用户启动，或更正它的所有者；只读的磁盘须先改为可写。`,
      en: `${d.path} cannot be read and written. Start Linli as the system user that made it, or correct its owner; a read-only disk must be made writable first.`,
    }),
  ],
  full: [
    507,
    (d: { path: string }) => ({
      zh: `磁盘已满，无法写入 ${d.path}，原有密钥没有改动。请腾出空间后再试。`,
      en: `The disk is full and ${d.path} could not be written; the keys are as they were. Free some space and try again.`,
    }),
  ],
  damaged: [
    503,
    (d: { file: string }) => ({
      zh: `密钥文件 ${d.file} 已损坏或被改动。请不要删除它；用副本中的同名文件替换，再运行 linli keys verify 核对。`,
      en: `The key file ${d.file} is damaged or was altered. Do not delete it; replace it by the file of the same name from the copy, then check with linli keys verify.`,
    }),
  ],
  newer: [
    503,
    (d: { file: string }) => ({
      zh: `密钥文件 ${d.file} 由更新版本的邻里写成，未被改动。请用新版本启动。`,
      en: `The key file ${d.file} was written by a later version of Linli and was left as it is. Start with that version.`,
    }),
  ],
  busy: [
    503,
    {
      zh: '另一个程序正在更改密钥，一直没有结束。请稍候再试；如仍不行，停止同时运行的 linli 命令。',
      en: 'Another program is changing the keys and has not finished. Try again shortly; if it stays so, stop the linli command that runs beside.',
    },
  ],
  destroyed: [
    410,
    (d: { key: string }) => ({
      zh: `这些内容的密钥（${d.key}）已按决定销毁，内容不能再读取或新增。销毁证明中有记录。`,
      en: `The key of this content (${d.key}) was destroyed by decision; it can neither be read nor added to. See the certificate of destruction.`,
    }),
  ],
  unknownKey: [
    503,
    (d: { key: string }) => ({
      zh: `密钥目录中没有解开此内容的密钥 ${d.key}。可能放回了较旧的密钥副本：请放回最新的副本，再运行 linli keys verify。`,
      en: `The key folder has no key ${d.key}, which this content needs. An older copy of the keys may have been put back: bring the newest copy, then run linli keys verify.`,
    }),
  ],
  tampered: [
    500,
    {
      zh: '一项加密内容未通过核对：它被改动过，或被移到了另一条记录。请不要覆盖它，告知管理员，从备份中找回该记录。',
      en: 'An encrypted value failed its check: it was altered or moved to another record. Do not overwrite it; tell the administrator, who finds the record in a backup.',
    },
  ],
  unsealable: [
    422,
    {
      zh: '手机送来的这一项无法打开：它封给了另一台服务器，或途中损坏。它仍留在手机上，请解锁后打开它，重新提交。',
      en: 'This item from the phone cannot be opened: it was sealed for another server or damaged on the way. It stays on the phone; unlock, open it and send it again.',
    },
  ],
  revived: [
    503,
    (d: { key: string; file: string }) => ({
      zh: `已销毁的密钥 ${d.key} 又出现在 ${d.file} 中，可能来自旧副本。它不会被使用；请销毁该副本，并再次运行销毁。`,
      en: `The destroyed key ${d.key} stands in ${d.file} again, perhaps from an old copy. It is not used; destroy that copy and run the destruction again.`,
    }),
  ],
  cipherFails: [
    500,
    (d: { key: string }) => ({
      zh: `密钥 ${d.key} 的加密自检没有通过。请停止使用这台机器写入数据，检查内存和 Node 的安装。`,
      en: `The cipher's self-test failed with key ${d.key}. Stop writing data with this machine and check its memory and the Node installation.`,
    }),
  ],
})
