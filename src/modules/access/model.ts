// Access (出入管理): what a pass and a gate are, and the sentences when something cannot be done.
import { problems } from '#core/problem.ts'

export const say = problems('access', {
  demoOnly: [422, {
    zh: '命令行只为演示小镇签发出入证，请加 --demo；正式的出入证在“出入管理”页面签发，每一张都有记录。',
    en: 'On the command line passes are issued for the demo town only: add --demo. Real ones are issued on the Access page, each with its record.',
  }],
  noKeys: [503, {
    zh: '这台机器上还没有出入证密钥。演示请先运行 pass issue --demo；正式数据请用 LINLI_KEYS 指明密钥目录。',
    en: 'There are no keys of passes on this machine. For the demo run pass issue --demo first; for real data name the key folder in LINLI_KEYS.',
  }],
  notAPass: [422, {
    zh: '这不是一张出入证：文字不完整或被改动过。请重新扫描或重新粘贴整行文字。',
    en: 'This is no pass: the text is incomplete or was altered. Scan it again, or paste the whole line again.',
  }],
})
