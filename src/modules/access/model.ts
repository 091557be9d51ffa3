// Access (出入管理): what a pass on record is, what may become of it, and the sentences when something cannot be done.
import { z } from 'zod'
import { Day, Instant } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import { choice, label, personal } from '#core/labels.ts'
import { problems } from '#core/problem.ts'
import { states } from '#core/states.ts'
import { text } from '#core/text.ts'
import { lastDayOf, mostDays, PassKind } from './pass.ts'

export const PassState = choice({
  good: text('有效', 'Good'),
  lost: text('挂失', 'Lost'),
  lent: text('转借停用', 'Lent, stopped'),
  movedOut: text('已搬离', 'Moved out'),
  replaced: text('已换发', 'Replaced'),
})
export type PassState = z.infer<typeof PassState>
export const StopWhy = PassState.exclude(['good'])

/** A card is stopped, its holder never: whoever lost one is looked up by room. */
export const can = states<PassState>()({ stop: { from: ['good'], to: 'lost' } })

const days = label(z.int().min(1).max(mostDays), '有效天数', 'Days', { unit: text('天', 'days') })
export const passFields = {
  household: label(Id, '住户', 'Household'),
  kind: label(PassKind, '种类', 'Kind'),
  firstDay: label(Day, '起始日', 'First day'),
  days,
  /** Who took it for somebody without a smartphone, or who is ill or away. */
  proxyName: personal(z.string().trim().min(1).max(50).nullable(), '代领人', 'Taken by', {
    mask: 'name',
    keep: 'response',
    hint: text('替老人或不便出门的人代领时填写', 'Where somebody takes it for another'),
  }),
}

/** A pass on record. What is printed of it is signed again from these columns: the record itself opens no gate. */
export const PassRecord = z.object({
  community: z.string().regex(/^\d{12}$/),
  id: Id,
  /** Id in the pass, 24 hexadecimal digits; the key that signed it, 8. */
  pass: z.string().regex(/^[0-9a-f]{24}$/),
  keyId: z.string().regex(/^[0-9a-f]{8}$/),
  shortCode: label(z.string(), '短码', 'Code', { harmless: 'a random code' }),
  ...passFields,
  grid: label(z.string().nullable(), '网格', 'Grid', { harmless: 'code of an area' }),
  building: Id.nullable(),
  state: label(PassState, '状态', 'State'),
  /** The act that issued it: one pass, or a building at once. */
  batch: Id,
  issuedAt: label(Instant, '签发时间', 'Issued'),
  issuedBy: Id,
  stoppedAt: label(Instant.nullable(), '停用时间', 'Stopped'),
  stoppedBy: Id.nullable(),
})
export type PassRecord = z.infer<typeof PassRecord>

export const Standing = choice({
  good: text('有效', 'Good'),
  notYet: text('未到日期', 'Not yet'),
  expired: text('已过期', 'Expired'),
  stopped: text('已停用', 'Stopped'),
})
export type Standing = z.infer<typeof Standing>

/** What a pass is worth on a day. */
export function standingOf(pass: Pick<PassRecord, 'state' | 'firstDay' | 'days'>, day: Day): Standing {
  if (pass.state !== 'good') return 'stopped'
  return day < pass.firstDay ? 'notYet' : day > lastDayOf(pass) ? 'expired' : 'good'
}

export const say = problems('access', {
  demoOnly: [
    422,
    {
      zh: '命令行只为演示小镇签发出入证，请加 --demo；正式的出入证在“出入管理”页面签发，每一张都有记录。',
      en: 'On the command line passes are issued for the demo town only: add --demo. Real ones are issued on the Access page, each with its record.',
    },
  ],
  noKeys: [
    503,
    {
      zh: '这台机器上还没有出入证密钥。演示请先运行 pass issue --demo；正式数据请用 LINLI_KEYS 指明密钥目录。',
      en: 'There are no keys of passes on this machine. For the demo run pass issue --demo first; for real data name the key folder in LINLI_KEYS.',
    },
  ],
  notAPass: [
    422,
    {
      zh: '这不是一张出入证：文字不完整或被改动过。请重新扫描或重新粘贴整行文字。',
      en: 'This is no pass: the text is incomplete or was altered. Scan it again, or paste the whole line again.',
    },
  ],
  unknownPass: [404, { zh: '没有找到这张出入证，请刷新后再试。', en: 'This pass was not found. Refresh and try again.' }],
  idTaken: [409, { zh: '这张出入证已经签发过了，请刷新列表。', en: 'This pass was issued already. Refresh the list.' }],
  wrongState: [409, { zh: '这张出入证已经停用，请刷新列表。', en: 'This pass is stopped already. Refresh the list.' }],
  alreadyGood: [
    409,
    {
      zh: '这户已有同种有效的出入证。丢了、借出了请先停用旧证，再发新证。',
      en: 'This household has a good pass of this kind. If it was lost or lent, stop the old one first, then issue a new one.',
    },
  ],
  movedAway: [
    409,
    {
      zh: '这户已经搬离，不能发证。请先核对住户登记。',
      en: 'This household has moved away. Check the register before a pass is issued.',
    },
  ],
  nobodyToIssue: [
    422,
    {
      zh: '这栋楼没有还需要发证的住户：都已有有效的证，或没有登记住户。',
      en: 'Nobody in this building needs a pass: each household has a good one, or none is registered.',
    },
  ],
  nothingToPrint: [422, { zh: '没有可打印的有效出入证，请先发证。', en: 'There is no good pass to print. Issue one first.' }],
  codeTaken: [409, { zh: '短码重复，请再点一次。', en: 'The code exists already. Press once more.' }],
})
