// Words and colours of the pages of services.
import { text } from '#core/text.ts'
import type { ToneName } from '#web/console/tone.tsx'
import type { CallOutcome, RequestState } from '../model.ts'

export const tones: Record<RequestState, ToneName> = {
  asked: 'look', taken: 'info', bought: 'info', delivered: 'ok', returned: 'look', closed: 'ok', cancelled: 'quiet',
}
export const callTones: Record<CallOutcome, ToneName> = { answered: 'ok', noAnswer: 'look', refused: 'quiet' }

export const said = {
  title: text('服务保障', 'Services'), needs: text('需求', 'Needs'), calls: text('电话和探访', 'Calls and visits'), items: text('物品签收', 'Items'),
  care: text('一家一档', 'Care files'), counselling: text('心理辅导', 'Counselling'),
  mayNot: text('当前岗位只能查看', 'Your present post may only read'), wrongState: text('这一步现在不用办', 'This step is not due now'),
  takenByOther: text('由接单人办理', 'Whoever took it does this'), moneyOpen: text('垫款还没有结清', 'Money laid out is not settled yet'),
  open: text('待办需求', 'Needs to be met'), overdue: text('超时', 'Overdue'), owing: text('垫款未结清', 'Money not settled'), kits: text('物品未签收', 'Items owed'),
  families: text('关爱户', 'Families'), worrying: text('近3天需要关注', 'Worrying in three days'),
  kind: text('类别', 'Category'), unit: text('项', 'needs'), households: text('户', 'households'),
  newNeed: text('登记需求', 'Write a need down'), noNeeds: text('还没有需求', 'Nothing asked for yet'),
  noNeedsHint: text('居民来电、微信、上门时提出的需要，都在这里登记。', 'Whatever residents ask for by phone, by chat or at the door is written down here.'),
  steps: text('经过', 'What was done'), print: text('打印', 'Print'), tooMany: text('超过5,000条，请先筛选再打印。', 'More than 5,000: narrow the list before printing.'),
  noCalls: text('还没有电话和探访', 'No calls or visits yet'), noCallsHint: text('点“登记暖心电话”或“登记探访”。', 'Use “Record a wellness call” or “Record a visit”.'),
  raise: text('这次提出了需求', 'They asked for something'), withdraw: text('撤回', 'Withdraw'),
  noKits: text('没有应送的入户物品', 'Nothing is owed'), noKitsHint: text('观察令送达后，应送的物品按规则列在这里。', 'Once a notice is served, what is owed to the household stands here.'),
  sign: text('登记签收', 'Sign for items'), supplies: text('登记送物资', 'Record a delivery'), given: text('发放记录', 'What was handed over'), owed: text('应送物品', 'Items owed'),
  allSigned: text('全部签收', 'All signed for'), noGiven: text('还没有发放记录', 'Nothing handed over yet'),
  addItem: text('再加一样', 'Another item'), item: text('物品', 'Item'), quantity: text('数量', 'Quantity'), remove: text('去掉', 'Remove'),
  newCare: text('建立关爱档案', 'Open a care file'), noCare: text('还没有关爱档案', 'No care files yet'),
  noCareHint: text('为重病、残疾、独居等家庭建档后，每天走访、每周送物资会自动进入今日任务。', 'Once a file is open, its visits and deliveries stand among today’s duties.'),
  closed: text('已结', 'Closed'),
  refer: text('转给辅导员', 'Refer to a counsellor'), noCases: text('还没有心理辅导', 'No counselling yet'),
  noCasesHint: text('需要时转给心理辅导员；这里只显示进行过几次，不显示内容。', 'Refer somebody to a counsellor. Only that it took place is shown here, never what was said.'),
  noCounsellor: text('还没有心理辅导员账号，请先在“账号”里授予岗位。', 'Nobody is a counsellor here yet. Give somebody the post under Accounts.'),
  myCases: text('我的辅导', 'My counselling'), addSession: text('登记一次辅导', 'Record a session'), notes: text('辅导记录', 'Notes'), noNotes: text('还没有记录', 'No sessions yet'),
  closedNote: text('内容加密保存，只有您（或接手的辅导员）能看。', 'Kept closed: only you, or the counsellor who takes over, can read it.'),
  endCase: text('结束辅导', 'Close the case'), nothing: text('没有可选的', 'Nothing to choose'),
}
