// What can be asked of oversight: acts and looks, who looked at one person, exports and their second person.
import { z } from 'zod'
import { command, download, query } from '#core/contract.ts'
import { Day, Instant } from '#core/dates.ts'
import { ExportRun, ExportState, exportTerms } from '#core/exports.ts'
import { Id } from '#core/ids.ts'
import { label } from '#core/labels.ts'
import { pageOf, paging } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { by, Role } from '#modules/identity/model.ts'
import { Name } from '#modules/residents/model.ts'
import { Outcome, Reason } from './model.ts'

const watchers = by('auditor', 'communitySecretary')
const community = label(z.string().regex(/^\d{12}$/), '社区', 'Community')
const pair = z.object({ zh: z.string(), en: z.string() })
const duty = (zh: string, en: string) => label(z.string(), zh, en, { harmless: 'duty name, posted publicly' })
const place = label(z.string(), '区域', 'Area', { harmless: 'a place' })
const what = label(pair, '事项', 'What', { harmless: 'words of the house' })
const purpose = label(z.string().nullable(), '用途', 'Purpose', { keep: 'work' })
const span = { from: label(Day.optional(), '起', 'From'), to: label(Day.optional(), '止', 'To') }

export const Act = z.object({
  id: Id,
  community,
  at: label(Instant, '时间', 'When'),
  account: Id,
  accountName: duty('谁', 'Who'),
  role: label(z.string(), '角色', 'Role', { harmless: 'a role' }),
  roleText: label(pair, '角色', 'Role', { harmless: 'a role' }),
  area: z.string(),
  areaName: place,
  contract: z.string(),
  what,
  outcome: label(Outcome, '结果', 'Outcome'),
  problem: label(z.string().nullable(), '拒绝原因', 'Why refused', { harmless: 'a code' }),
  shown: label(z.int().nullable(), '行数', 'Rows'),
  persons: label(z.int(), '看到的人', 'Persons seen'),
  purpose,
  reasons: label(z.array(Reason), '为什么列出', 'Why it is listed'),
})
export type Act = z.infer<typeof Act>

const watched = {
  unusual: z.boolean().optional(),
  reason: label(Reason.optional(), '为什么列出', 'Why it is listed'),
  outcome: label(Outcome.optional(), '结果', 'Outcome'),
  role: label(Role.optional(), '角色', 'Role'),
  account: Id.optional(),
  contract: z
    .string()
    .regex(/^[a-zA-Z]+\.[a-zA-Z]+$/)
    .optional(),
  area: z
    .string()
    .regex(/^\d{6,17}$/)
    .optional(),
  ...span,
}
/** Acts and looks, the newest first; `unusual`: looks that lie outside the work only. Without `from`: the last seven days. */
export const acts = query('oversight.acts', {
  title: text('操作与查看记录', 'Acts and looks'),
  may: watchers,
  shows: 'full',
  looks: () => [],
  input: z.object({ ...watched, ...paging }),
  output: pageOf(Act),
})
export const exportActs = download('oversight.exportActs', {
  title: text('操作与查看记录表', 'Acts and looks'),
  may: watchers,
  input: z.object({ ...watched, ...exportTerms }),
  output: Act,
})

/** Whom one act showed. Names are masked for an auditor. */
export const seen = query('oversight.seen', {
  title: text('这次看到的人', 'Persons of this look'),
  may: watchers,
  input: z.object({ act: Id, community, ...paging }),
  output: pageOf(z.object({ id: Id, community, name: Name })),
})

export const Look = z.object({
  id: Id,
  at: label(Instant, '时间', 'When'),
  accountName: duty('查看人', 'Who looked'),
  roleText: label(pair, '角色', 'Role', { harmless: 'a role' }),
  areaName: place,
  what,
  purpose,
})
export type Look = z.infer<typeof Look>

/** Who looked at one person: what that person may be told. No other person stands in it. */
const ofPerson = { person: Id, community: community.optional(), ...span }
export const history = query('oversight.history', {
  title: text('个人信息查阅记录', 'Who looked at this person'),
  may: watchers,
  shows: 'full',
  looks: (page) => [page.person],
  input: z.object({ ...ofPerson, ...paging }),
  output: pageOf(Look).extend({ person: Id }),
})
export const exportHistory = download('oversight.exportHistory', {
  title: text('个人信息查阅记录表', 'Looks at one person'),
  may: watchers,
  input: z.object({ ...ofPerson, ...exportTerms }),
  output: Look,
})

// --- exports ----------------------------------------------------------------------------------------------------------

export const Export = ExportRun.extend({
  accountName: duty('导出人', 'Exported by'),
  areaName: place,
  what,
  decidedByName: duty('批准人', 'Second person').nullable(),
  filterText: label(z.string(), '筛选', 'Filters', { harmless: 'ids, days and choices' }),
  /** Whether the asker may do it now. */
  mayDecide: z.boolean(),
  mayFetch: z.boolean(),
  mayCancel: z.boolean(),
})
export type Export = z.infer<typeof Export>

const taken = {
  mine: label(z.boolean().optional(), '只看我的', 'Only mine'),
  state: label(ExportState.optional(), '状态', 'State'),
  account: Id.optional(),
  ...span,
}
/** Own exports; watchers and second persons see those of their area. */
export const exports = query('oversight.exports', {
  title: text('导出登记', 'Register of exports'),
  may: 'signedIn',
  shows: 'full',
  looks: () => [],
  input: z.object({ ...taken, ...paging }),
  output: pageOf(Export),
})
export const exportExports = download('oversight.exportExports', {
  title: text('导出登记表', 'Register of exports'),
  may: watchers,
  input: z.object({ ...taken, ...exportTerms }),
  output: Export,
})

const deciders = by('communitySecretary', 'subdistrictOfficer', 'districtOfficer')
const decision = z.object({
  export: Id,
  remark: label(z.string().trim().max(200).optional(), '审批意见', 'Remark', { keep: 'work' }),
})
export const approveExport = command('oversight.approveExport', {
  title: text('批准导出', 'Approve the export'),
  may: deciders,
  input: decision,
  output: ExportRun,
})
export const refuseExport = command('oversight.refuseExport', {
  title: text('不批准', 'Do not approve'),
  may: deciders,
  input: decision,
  output: ExportRun,
})
export const cancelExport = command('oversight.cancelExport', {
  title: text('取消导出', 'Cancel the export'),
  may: 'signedIn',
  input: z.object({ export: Id }),
  output: ExportRun,
})
export const fetchExport = download('oversight.fetchExport', {
  title: text('下载', 'Download'),
  may: 'signedIn',
  input: z.object({ export: Id }),
  output: z.object({}),
})
