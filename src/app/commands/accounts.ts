// `linli accounts rescue`: the way back in for an administrator whom nobody else can help. Whoever may run it owns the machine.
import { rescue } from '#modules/identity/server.ts'
import { silentLog } from '#server/log.ts'
import { open } from '../opening.ts'
import type { Command } from './command.ts'

export const accountsRescue: Command = {
  name: 'accounts rescue',
  summary: 'give an administrator who lost password, phone and recovery codes a one-time password',
  help: `  USERNAME   the administrator's user name
  --demo     the data of the demo town

For the case that nobody else can help: another administrator does the same on the page of accounts. All sessions of the account end, its second
step is taken away and is set up anew after signing in with the one-time password, which is printed here once. It stands in the audit log, and
every other administrator is told.`,
  options: { demo: { type: 'boolean' } },
  run: async ({ words, values, out }) => {
    const [username] = words
    if (!username) {
      throw Object.assign(new TypeError('Name the account: accounts rescue USERNAME. 请写明用户名：accounts rescue 用户名。'), {
        code: 'ERR_PARSE_ARGS_VALUE',
      })
    }
    const opened = await open({ demo: values['demo'] === true, say: ({ en }) => process.stderr.write(`${en}\n`), log: silentLog })
    try {
      const rescued = await rescue(opened.house, username)
      out(
        rescued,
        [
          `${rescued.username} 的一次性密码（只显示这一次）：${rescued.oneTimePassword}`,
          `登录后须改密码并重新设置动态码。已通知其他管理员 ${rescued.told} 人，并记入审计。`,
          `One-time password of ${rescued.username}, shown this once: ${rescued.oneTimePassword}`,
          `After signing in it is changed and the codes are set up anew. Told to ${rescued.told} other administrators; it stands in the audit log.`,
        ].join('\n'),
      )
      return 0
    } finally {
      await opened.stop()
    }
  },
}
