// What can go wrong with backups, each with the next step. Names of files, epochs and tables only, never a secret and never a row.
import { problems } from '#core/problem.ts'

export const say = problems('backup', {
  noSheet: [
    409,
    {
      zh: '还没有恢复单，备份没有做。请由管理员在“备份”页制作、打印并确认恢复单，或运行 linli backup sheet。',
      en: 'There is no recovery sheet yet, so no backup was made. An administrator makes, prints and confirms one on the page Backups, or runs linli backup sheet.',
    },
  ],
  insideData: [
    409,
    (d: { folder: string }) => ({
      zh: `备份目录 ${d.folder} 在数据目录之内，会与数据一同丢失。请用 LINLI_BACKUPS 指定另一个目录，最好在另一块磁盘上。`,
      en: `The backup folder ${d.folder} lies inside the data and would be lost with it. Name another one in LINLI_BACKUPS, best on another disk.`,
    }),
  ],
  besideKeys: [
    409,
    (d: { folder: string }) => ({
      zh: `备份目录 ${d.folder} 与密钥目录相互包含。备份与密钥不能放在一起，请用 LINLI_BACKUPS 另行指定。`,
      en: `The backup folder ${d.folder} and the key folder lie in one another. A backup never lies with its keys; name another folder in LINLI_BACKUPS.`,
    }),
  ],
  folderClosed: [
    503,
    (d: { folder: string }) => ({
      zh: `无法写入备份目录 ${d.folder}。请检查磁盘是否接好、目录是否可写，再备份一次。`,
      en: `The backup folder ${d.folder} cannot be written. See that the disk is there and the folder writable, then back up again.`,
    }),
  ],
  full: [
    507,
    (d: { folder: string }) => ({
      zh: `备份目录 ${d.folder} 所在的磁盘已满，未完成的备份已删除，原有备份没有改动。请腾出空间后再备份。`,
      en: `The disk of the backup folder ${d.folder} is full. The unfinished backup was removed, older ones are as they were. Free some space and back up again.`,
    }),
  ],
  running: [
    409,
    {
      zh: '另一次备份正在进行，请等它结束。',
      en: 'Another backup is under way; wait until it has ended.',
    },
  ],
  unguarded: [
    500,
    (d: { table: string }) => ({
      zh: `表 ${d.table} 没有给备份角色的读取规则，备份会漏掉它的内容，因此没有备份。请把这句话交给技术人员：建表后须调用 keep()。`,
      en: `Table ${d.table} has no policy for the keeper, so a backup would leave its rows out and was not made. Tell the developers: a table calls keep().`,
    }),
  ],
  noFile: [
    404,
    (d: { file: string }) => ({
      zh: `没有找到备份文件 ${d.file}。请检查路径，或用 linli backup list 查看已有备份。`,
      en: `There is no backup file ${d.file}. Check the path, or see linli backup list.`,
    }),
  ],
  notABackup: [
    422,
    (d: { file: string }) => ({
      zh: `${d.file} 不是邻里的备份文件。请选择以 .linli 结尾的备份。`,
      en: `${d.file} is not a backup of Linli. Choose a file that ends in .linli.`,
    }),
  ],
  laterFormat: [
    422,
    (d: { file: string }) => ({
      zh: `备份 ${d.file} 由更新版本的邻里写成。请用该版本或更新的版本恢复。`,
      en: `The backup ${d.file} was written by a later version of Linli. Restore it with that version or a later one.`,
    }),
  ],
  sheetLength: [
    422,
    (d: { got: number }) => ({
      zh: `恢复单应有 8 组、每组 5 个字符，共 40 个；现在是 ${d.got} 个。请对照纸面重新输入。`,
      en: `A recovery sheet has 8 groups of 5 characters, 40 in all; there are ${d.got}. Type it again from the paper.`,
    }),
  ],
  sheetGroups: [
    422,
    (d: { groups: string }) => ({
      zh: `恢复单第 ${d.groups} 组输入有误，请对照纸面改正。`,
      en: `Group ${d.groups} of the recovery sheet is mistyped. Compare it with the paper.`,
    }),
  ],
  sheetNotConfirmed: [
    422,
    (d: { groups: string }) => ({
      zh: `第 ${d.groups} 组与刚才显示的不一致。请看打印好的恢复单再输入一次。`,
      en: `Group ${d.groups} differs from what was shown. Read it from the printed sheet and type it again.`,
    }),
  ],
  sheetGone: [
    410,
    {
      zh: '这张恢复单没有及时确认，已经作废。请把它撕掉，重新制作一张。',
      en: 'This recovery sheet was not confirmed in time and is void. Tear it up and make another one.',
    },
  ],
  otherSheet: [
    422,
    (d: { sheet: string }) => ({
      zh: `这张恢复单打不开该备份：它需要编号为 ${d.sheet} 的恢复单。请找出那一张。`,
      en: `This recovery sheet does not open the backup: it needs the sheet numbered ${d.sheet}. Find that one.`,
    }),
  ],
  epochMissing: [
    422,
    (d: { epoch: string; made: string }) => ({
      zh: `缺少打开该备份的时段密钥 ${d.epoch}（备份于 ${d.made}）。请接上存放第二份时段密钥的介质，用 --epochs 指明其中的文件。`,
      en: `The epoch key ${d.epoch} that this backup of ${d.made} needs is not here. Bring the medium with the second copy of the epoch keys and name its file in --epochs.`,
    }),
  ],
  epochEnded: [
    410,
    (d: { epoch: string; at: string }) => ({
      zh: `该备份的时段密钥 ${d.epoch} 已于 ${d.at} 按决定销毁，这份备份不能再打开。请改用之后的备份。`,
      en: `The epoch key ${d.epoch} of this backup was destroyed by decision on ${d.at}; it can never be opened again. Use a later backup.`,
    }),
  ],
  notEpochs: [
    422,
    (d: { file: string }) => ({
      zh: `${d.file} 不是时段密钥的第二份，或已损坏。请指明 linli keys epochs export 写出的文件。`,
      en: `${d.file} is not a second copy of epoch keys, or it is damaged. Name the file that linli keys epochs export wrote.`,
    }),
  ],
  epochsOfOthers: [
    422,
    (d: { file: string }) => ({
      zh: `${d.file} 中的时段密钥属于另一份数据，请换成这份备份自己的。`,
      en: `The epoch keys in ${d.file} belong to other data. Bring those of this backup.`,
    }),
  ],
  cannotExport: [
    503,
    (d: { path: string }) => ({
      zh: `无法把时段密钥写到 ${d.path}。请检查介质是否接好、是否可写。`,
      en: `The epoch keys cannot be written to ${d.path}. See that the medium is there and writable.`,
    }),
  ],
  unknownEpoch: [
    404,
    (d: { epoch: string }) => ({
      zh: `没有编号为 ${d.epoch} 的时段。请用 linli backup list 查看。`,
      en: `There is no epoch ${d.epoch}. See linli backup list.`,
    }),
  ],
  wrongCode: [
    422,
    {
      zh: '确认码不对，时段没有销毁。请先不带 --confirm 运行一次，看清会失去哪些备份，再照抄确认码。',
      en: 'The confirmation code is wrong and nothing was destroyed. Run it once without --confirm, read which backups will be lost, and copy the code.',
    },
  ],
  altered: [
    422,
    (d: { file: string }) => ({
      zh: `备份 ${d.file} 未通过核对：内容被改动、调换或损坏。没有恢复任何内容，请改用另一份备份。`,
      en: `The backup ${d.file} failed its check: it was altered, its parts were exchanged, or it is damaged. Nothing was restored; use another backup.`,
    }),
  ],
  cutShort: [
    422,
    (d: { file: string }) => ({
      zh: `备份 ${d.file} 不完整，后面的部分缺失。没有恢复任何内容，请改用另一份备份，或重新复制该文件。`,
      en: `The backup ${d.file} is incomplete, its end is missing. Nothing was restored; use another backup or copy the file again.`,
    }),
  ],
  notEmpty: [
    409,
    {
      zh: '目标数据库不是空的，没有恢复，也没有改动它。请用 LINLI_DATA 指定一个新的空目录，或让 DATABASE_URL 指向新建的空数据库。',
      en: 'The target database is not empty; nothing was restored and nothing changed. Name a new, empty directory in LINLI_DATA, or point DATABASE_URL at a newly made, empty database.',
    },
  ],
  filesThere: [
    409,
    (d: { folder: string }) => ({
      zh: `${d.folder} 已有文件，没有恢复。请用 LINLI_DATA 指定一个新的空目录。`,
      en: `There are files in ${d.folder} already; nothing was restored. Name a new, empty directory in LINLI_DATA.`,
    }),
  ],
  newerData: [
    409,
    (d: { file: string }) => ({
      zh: `这份备份来自更新版本的邻里（${d.file}）。请用该版本或更新的版本恢复。`,
      en: `This backup comes from a later version of Linli (${d.file}). Restore it with that version or a later one.`,
    }),
  ],
  otherMigration: [
    409,
    (d: { file: string }) => ({
      zh: `这份备份的数据库结构 ${d.file} 与本版本中的同名文件不同。请用制作备份的版本恢复，再升级。`,
      en: `The backup was made with another ${d.file} than this version has. Restore it with the version that made it, then upgrade.`,
    }),
  ],
  keysOlder: [
    409,
    (d: { dir: string }) => ({
      zh: `${d.dir} 中的密钥比这份备份旧，恢复后会有内容打不开。请先把该目录移到别处，再用 --epochs 恢复；密钥会从备份中取出。`,
      en: `The keys in ${d.dir} are older than this backup, so some of it would stay closed. Move that folder away and restore again with --epochs; the keys then come from the backup.`,
    }),
  ],
  unequal: [
    500,
    (d: { table: string }) => ({
      zh: `恢复后的表 ${d.table} 与备份不一致，已全部撤回。请再试一次；如仍如此，请改用另一份备份。`,
      en: `The restored table ${d.table} differs from the backup; everything was taken back. Try once more; if it stays so, use another backup.`,
    }),
  ],
  changedOnDisk: [
    500,
    (d: { file: string }) => ({
      zh: `备份文件 ${d.file} 与制作时不同，磁盘可能有问题。请立即再备份一次，并检查磁盘。`,
      en: `The backup file ${d.file} is not what was written; the disk may be failing. Back up again now and check the disk.`,
    }),
  ],
  unavailable: [
    503,
    {
      zh: '这台服务器没有开启备份。请用 npm start 正常启动后再试。',
      en: 'Backups are not available on this server. Start it by npm start and try again.',
    },
  ],
})
