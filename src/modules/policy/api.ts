// What policy can be asked and told: packs and versions, what holds where and when, the response, the privacy notice.
import { z } from 'zod'
import { command, query } from '#core/contract.ts'
import { Day, Instant } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import { choice, label } from '#core/labels.ts'
import { pageOf } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { by } from '#modules/identity/model.ts'
import { Code } from '#modules/territory/model.ts'
import { Pack, PrivacyNotice, Response, Values, Version } from './model.ts'

const Pair = z.object({ zh: z.string(), en: z.string() })
/** Rules are no secret: everybody who works here may read them. */
const readers = 'signedIn'
/** Whoever may write a rule or propose a response; a second one of them puts it into force. */
const rulers = by('communitySecretary', 'subdistrictOfficer', 'districtOfficer', 'administrator')

// --- packs ------------------------------------------------------------------------------------------------------------

/** How a version stands at the moment of asking. */
export const VersionState = choice({
  draft: text('待复核', 'Awaits approval'),
  coming: text('未到生效时间', 'Not yet in force'),
  inForce: text('生效中', 'In force'),
  waiting: text('待同级响应启动', 'Waits for a response of its level'),
  replaced: text('已被新版替代', 'Replaced'),
  past: text('已失效', 'Past'),
})
export type VersionState = z.infer<typeof VersionState>

export const VersionRow = Version.omit({ values: true, sources: true }).extend({
  state: label(VersionState, '状态', 'State'),
  authorName: label(z.string(), '起草人', 'Author'),
  approvedByName: label(z.string().nullable(), '复核人', 'Approved by'),
  rules: label(z.int(), '规则数', 'Rules'),
})
export type VersionRow = z.infer<typeof VersionRow>
export const PackRow = Pack.extend({ areaName: label(z.string(), '适用区域', 'Area'), versions: z.array(VersionRow) })
export type PackRow = z.infer<typeof PackRow>

export const packs = query('policy.packs', {
  title: text('规则包', 'Packs of rules'), may: readers, input: z.object({}), output: pageOf(PackRow),
})

/** One rule in words. `unread`: the value is not what this version of the house knows; `unknown`: nobody here asks for it. Both are carried. */
export const Rule = z.object({
  key: z.string(),
  title: label(Pair, '规则', 'Rule'),
  words: label(Pair, '内容', 'Value'),
  value: z.unknown(),
  source: label(z.string().nullable(), '出处', 'Source'),
  combines: label(Pair.nullable(), '上下级关系', 'How levels combine'),
  standing: label(choice({
    known: text('可用', 'Known'), unknown: text('本系统暂未使用', 'Not used yet'), unread: text('内容无法识别', 'Cannot be read'),
  }), '状态', 'Standing'),
})
export type Rule = z.infer<typeof Rule>
export const version = query('policy.version', {
  title: text('规则包版本', 'A version of a pack'), may: readers,
  input: z.object({ version: Id }),
  output: VersionRow.extend({ packTitle: z.string(), values: Values, sources: Version.shape.sources, all: z.array(Rule) }),
})

export const Shipped = z.object({
  key: z.string(), title: label(Pair, '名称', 'Title'), disease: label(Pair, '病种', 'Disease'),
  note: label(Pair, '说明', 'Note'), document: label(z.string(), '依据文件', 'Source document'), rules: label(z.int(), '规则数', 'Rules'),
})
export const shipped = query('policy.shipped', {
  title: text('随附的规则包', 'Shipped packs'), may: readers, input: z.object({}), output: pageOf(Shipped),
})

const { effectiveFrom, effectiveTo, level, document } = Version.shape
const effective = { effectiveFrom, effectiveTo: effectiveTo.default(null), level: level.default(null) }

/** A shipped pack comes in as a draft: it says nothing until a second person has approved it. */
export const importPack = command('policy.importPack', {
  title: text('引入随附的规则包', 'Bring in a shipped pack'), may: rulers,
  input: z.object({
    areaCode: Pack.shape.areaCode,
    shipped: label(z.string().max(80), '规则包', 'Pack', { harmless: 'key of a shipped file' }),
    ...effective,
  }),
  output: PackRow,
})
export const writePack = command('policy.writePack', {
  title: text('新建规则包', 'Write a pack'), may: rulers,
  input: z.object({
    areaCode: Pack.shape.areaCode, title: Pack.shape.title, disease: Pack.shape.disease.default(null), ...effective, document, values: Values,
  }),
  output: PackRow,
})
/** The next version says everything anew; empty values end the pack. */
export const writeVersion = command('policy.writeVersion', {
  title: text('新建一版', 'Write a version'), may: rulers,
  input: z.object({ pack: Id, ...effective, document, values: Values, sources: Version.shape.sources.default({}) }),
  output: VersionRow,
})
export const approveVersion = command('policy.approveVersion', {
  title: text('复核并生效', 'Approve'), may: rulers, input: z.object({ version: Id }), output: VersionRow,
})

export const RuleInForce = Rule.omit({ source: true, standing: true }).extend({
  document: label(z.string().nullable(), '依据文件', 'Source document'), versions: z.array(Id),
})
/** What holds in an area on a day, or now, as known at an instant. */
export const rules = query('policy.rules', {
  title: text('现行规则', 'Rules in force'), may: readers,
  input: z.object({
    areaCode: label(Code.optional(), '区域', 'Area'),
    day: label(Day.optional(), '日期', 'Day'),
    knownAt: label(Instant.optional(), '截至何时所知', 'As known at'),
  }),
  output: pageOf(RuleInForce),
})

export const notice = query('policy.notice', {
  title: text('个人信息告知', 'Privacy notice'), may: readers, input: z.object({}), output: PrivacyNotice,
})

// --- the response -----------------------------------------------------------------------------------------------------

export const ResponseRow = Response.extend({
  areaName: label(z.string(), '适用区域', 'Area'),
  proposedByName: label(z.string(), '提出人', 'Proposed by'),
  activatedByName: label(z.string().nullable(), '启动人', 'Activated by'),
  reviewOverdue: label(z.boolean(), '已过复核日期', 'Review overdue'),
})
export type ResponseRow = z.infer<typeof ResponseRow>
export const responses = query('policy.responses', {
  title: text('应急响应', 'Responses'), may: readers, input: z.object({}), output: pageOf(ResponseRow),
})

export const proposeResponse = command('policy.proposeResponse', {
  title: text('提出应急响应', 'Propose a response'), may: rulers,
  input: z.object({
    areaCode: Response.shape.areaCode, disease: Response.shape.disease, class: Response.shape.class, level: Response.shape.level.default(null),
    government: Response.shape.government, document: Response.shape.document, startsOn: Response.shape.startsOn, reviewOn: Response.shape.reviewOn,
  }),
  output: ResponseRow,
})
const one = z.object({ response: Id })
export const activateResponse = command('policy.activateResponse', {
  title: text('启动', 'Activate'), may: rulers, input: one, output: ResponseRow,
})
export const dropResponse = command('policy.dropResponse', {
  title: text('撤回提议', 'Take back'), may: rulers, input: one, output: ResponseRow,
})
export const reviewResponse = command('policy.reviewResponse', {
  title: text('复核后继续', 'Continue after review'), may: rulers,
  input: z.object({ response: Id, reviewOn: label(Day, '下次复核日期', 'Next review'), document: Response.shape.document }), output: ResponseRow,
})
export const endResponse = command('policy.endResponse', {
  title: text('终止', 'End'), may: rulers,
  input: z.object({
    response: Id,
    endsOn: label(Day, '终止日期', 'Ends on', { hint: text('自这一天起不再有效', 'From this day on it no longer holds') }),
    endDocument: label(Response.shape.document, '终止文号', 'Decision to end'),
  }),
  output: ResponseRow,
})
