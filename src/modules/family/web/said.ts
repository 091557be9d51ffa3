// Words and colours of the console's pages of family.
import { text } from '#core/text.ts'
import type { ToneName } from '#web/console/tone.tsx'
import type { CorrectionState, ObjectionState, ViewState } from '../model.ts'

export const tones: Record<ViewState, ToneName> = {
  issued: 'quiet',
  waiting: 'look',
  open: 'ok',
  locked: 'danger',
  off: 'info',
  revoked: 'quiet',
}
export const objectionTones: Record<ObjectionState, ToneName> = { received: 'look', answered: 'ok', withdrawn: 'quiet' }
export const correctionTones: Record<CorrectionState, ToneName> = { asked: 'look', corrected: 'ok', declined: 'quiet' }

export const said = {
  title: text('居民页', 'Residents’ pages'),
  views: text('入口码和查看人', 'Codes and viewers'),
  corrections: text('更正申请', 'Corrections'),
  advice: text(
    '入口码只印在当面交给住户的纸上。首次进入时请在场：核对居民屏幕上的四位数字，再由居民自己设密码（手机上在“我的 · 居民页：首次进入”确认）。不要替居民设，也不要记下密码。',
    'Codes stand on paper that is handed over inside. Be there at the first use: compare the four digits on the resident’s screen, then let the resident choose a PIN (on a phone: Me, A resident’s first entry). Choose none for anybody, and write none down.',
  ),
  issue: text('发放居民页', 'Issue a view'),
  slip: text('打印入口码', 'Print the code'),
  doorSheet: text('打印门外电话单', 'Print the sheet for the door'),
  object: text('登记异议', 'Record an objection'),
  off: text('停用（家中有风险）', 'Switch off (risk at home)'),
  on: text('恢复', 'Switch on'),
  offWhole: text('同户全部停用', 'Switch off for the household'),
  none: text('还没有居民页', 'No views yet'),
  noneHint: text(
    '打印观察令的文书时会随联系卡发放；也可以点“发放居民页”给本人或代办人单独发。',
    'They come with the contact card of an order; or issue one here, to a member or a proxy.',
  ),
  noWaiting: text('没有等待确认的进入：请居民先扫码。', 'Nothing waits: let the resident scan first.'),
  revoked: text('已收回。', 'Revoked already.'),
  noHousehold: text('不属于任何住户，没有可共享的家人。', 'Belongs to no household: nobody to share.'),
  isOff: text('已停用，不能打印。', 'Switched off: nothing is printed.'),
  noCorrections: text('没有更正申请', 'No corrections asked for'),
  noCorrectionsHint: text('居民在自己的页面提出后会出现在这里。', 'What residents ask for on their page stands here.'),
  deal: text('处理', 'Deal with it'),
  done: text('已处理过。', 'Dealt with already.'),
  all: text('看全部居民页', 'All views'),
  objections: text('异议', 'Objections'),
  noObjections: text('没有异议', 'No objections'),
  noObjectionsHint: text(
    '居民从自己的页面提出，或由工作人员代为登记后，会出现在这里。',
    'Those made on a resident’s page, or written down by a worker, stand here.',
  ),
  objectionAdvice: text(
    '异议由作出决定的机关书面答复，期限届满前每天提醒。社区不能自己答复，只能转录该机关的答复并填写文号。',
    'The body that decided answers in writing; each day it is reminded. A community answers nothing itself: it may write down that answer, with its number.',
  ),
  received: text('待答复', 'Await an answer'),
  mine: text('由我办理', 'Mine'),
  overdue: text('超期', 'Overdue'),
  answered: text('已答复', 'Answered'),
  unit: text('份', 'objections'),
  answer: text('书面答复', 'Answer'),
  forward: text('转办', 'Hand on'),
  print: text('打印答复', 'Print the answer'),
  notYours: text('由决定机关办理。', 'For the body that decided.'),
  over: text('已办结。', 'Closed already.'),
  notAnswered: text('还没有答复。', 'Not answered yet.'),
  words: text('原话', 'In their words'),
}
