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
import { Correction, Pack, PrivacyNotice, Reason, Response, ResponseMove, Values, Version } from './model.ts'

const Pair = z.object({ zh: z.string(), en: z.string() })
/** Rules are no secret: everybody who works here may read them. */
const readers = 'signedIn'
/** Whoever may write a rule or propose a response; a second one of them puts it into force. */
const rulers = by('communitySecretary', 'subdistrictOfficer', 'districtOfficer', 'administrator')

// --- packs ------------------------------------------------------------------------------------------------------------

/** How a version stands at the moment of asking. */
export const VersionState = choice({
  draft: text('草稿', 'Draft'),
  submitted: text('待复核', 'Awaits approval'),
  returned: text('已退回起草人', 'Returned to its author'),
  dropped: text('已作废', 'Given up'),
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
  refusedByName: label(z.string().nullable(), '退回人', 'Returned by'),
})
export type VersionRow = z.infer<typeof VersionRow>
export const PackRow = Pack.extend({ areaName: label(z.string(), '适用区域', 'Area'), versions: z.array(VersionRow) })
export type PackRow = z.infer<typeof PackRow>

export const packs = query('policy.packs', {
  title: text('规则包', 'Packs of rules'),
  may: readers,
  input: z.object({}),
  output: pageOf(PackRow),
})

/** The level above has said otherwise, so this rule does not hold as written: from when, by whom, and what holds instead. */
export const Overruled = z.object({ from: Instant, areaName: z.string(), document: z.string(), holds: Pair })
export type Overruled = z.infer<typeof Overruled>

/** One rule in words. `unread`: the value is not what this version of the house knows; `unknown`: nobody here asks for it. Both are carried. */
export const Rule = z.object({
  key: z.string(),
  title: label(Pair, '规则', 'Rule'),
  words: label(Pair, '内容', 'Value'),
  value: z.unknown(),
  source: label(z.string().nullable(), '出处', 'Source'),
  combines: label(Pair.nullable(), '上下级关系', 'How levels combine'),
  standing: label(
    choice({
      known: text('可用', 'Known'),
      unknown: text('本系统暂未使用', 'Not used yet'),
      unread: text('内容无法识别', 'Cannot be read'),
    }),
    '状态',
    'Standing',
  ),
})
export type Rule = z.infer<typeof Rule>
export const version = query('policy.version', {
  title: text('规则包版本', 'A version of a pack'),
  may: readers,
  input: z.object({ version: Id }),
  output: VersionRow.extend({
    packTitle: z.string(),
    areaName: z.string(),
    values: Values,
    sources: Version.shape.sources,
    all: z.array(Rule.extend({ overruled: Overruled.nullable() })),
  }),
})
export type VersionShown = z.output<typeof version.output>

/** What a version changes of one rule: what the pack says before and after, and what becomes of it. */
export const Change = z.object({
  key: z.string(),
  title: label(Pair, '规则', 'Rule'),
  kind: label(
    choice({ added: text('新增', 'Added'), changed: text('修改', 'Changed'), removed: text('取消', 'Removed') }),
    '变化',
    'Change',
  ),
  /** Line by line: `37.3 ℃ → 37.0 ℃`. */
  lines: z.array(Pair),
  overruled: Overruled.nullable(),
  /** Sentences of the modules that use the rule; a loud one wants to be seen first. */
  effects: z.array(z.object({ words: Pair, loud: z.boolean() })),
  /** Versions of levels below that no longer hold as written. */
  loses: z.array(z.object({ areaName: z.string(), packTitle: z.string(), number: z.int(), said: Pair, holds: Pair })),
})
export type Change = z.infer<typeof Change>
/** Everything that a version would change, shown before anybody signs it. */
export const change = query('policy.change', {
  title: text('变更与影响', 'What it changes'),
  may: readers,
  input: z.object({ version: Id }),
  output: z.object({
    against: z.int().nullable(),
    from: Instant,
    summary: z.array(Pair),
    changes: z.array(Change),
    same: z.int(),
    communities: z.int(),
  }),
})
export type ChangeShown = z.output<typeof change.output>

/** A rule as its form needs it. `shape` is a `Shape` (shapes.ts); `inherited` is what holds where this level says nothing. */
export const KeyShown = z.object({
  key: z.string(),
  title: Pair,
  group: Pair,
  shape: z.unknown(),
  used: z.boolean(),
  combines: Pair,
  inherited: z.unknown(),
  inheritedWords: Pair,
  /** Names the level that spoke above; null where nobody did. */
  inheritedFrom: z.string().nullable(),
  inheritedDocument: z.string().nullable(),
  /** The level above has said it, and nothing said here would hold. */
  fixed: z.boolean(),
})
export type KeyShown = z.infer<typeof KeyShown>
export const keys = query('policy.keys', {
  title: text('可以规定的事项', 'What can be ruled'),
  may: readers,
  input: z.object({ areaCode: label(Code, '区域', 'Area'), at: Instant.optional() }),
  output: pageOf(KeyShown),
})

export const Shipped = z.object({
  key: z.string(),
  title: label(Pair, '名称', 'Title'),
  disease: label(Pair, '病种', 'Disease'),
  note: label(Pair, '说明', 'Note'),
  document: label(z.string(), '依据文件', 'Source document'),
  rules: label(z.int(), '规则数', 'Rules'),
})
export const shipped = query('policy.shipped', {
  title: text('随附的规则包', 'Shipped packs'),
  may: readers,
  input: z.object({}),
  output: pageOf(Shipped),
})

const { effectiveTo, level, document } = Version.shape
const effective = {
  effectiveFrom: label(Instant.optional(), '生效时间', 'In force from', {
    hint: text('不填则自第二人复核时起生效', 'Empty: from the moment at which the second person approves it'),
  }),
  effectiveTo: effectiveTo.default(null),
  level: level.default(null),
  correction: Correction.default(null),
}
/** Hands it to the second person at once; a draft that is not handed in waits for its author. */
const submit = z.boolean().default(true)

/** A shipped pack comes in as a draft: it says nothing until a second person has approved it. */
export const importPack = command('policy.importPack', {
  title: text('引入随附的规则包', 'Bring in a shipped pack'),
  may: rulers,
  input: z.object({
    areaCode: Pack.shape.areaCode,
    shipped: label(z.string().max(80), '规则包', 'Pack', { harmless: 'key of a shipped file' }),
    ...effective,
    submit,
  }),
  output: PackRow,
})
export const writePack = command('policy.writePack', {
  title: text('新建规则包', 'Write a pack'),
  may: rulers,
  input: z.object({
    areaCode: Pack.shape.areaCode,
    title: Pack.shape.title,
    disease: Pack.shape.disease.default(null),
    document,
    ...effective,
    values: Values,
    submit,
  }),
  output: PackRow,
})
/** The next version says everything anew; empty values end the pack. */
export const writeVersion = command('policy.writeVersion', {
  title: text('新建一版', 'Write a version'),
  may: rulers,
  input: z.object({ pack: Id, document, ...effective, values: Values, sources: Version.shape.sources.default({}), submit }),
  output: VersionRow,
})
const one = z.object({ version: Id })
const refused = { reason: Reason }
/** Its author writes a draft anew, also one that came back. */
export const editVersion = command('policy.editVersion', {
  title: text('修改草稿', 'Change the draft'),
  may: rulers,
  input: one.extend({ document, ...effective, values: Values, sources: Version.shape.sources.default({}) }),
  output: VersionRow,
})
export const submitVersion = command('policy.submitVersion', {
  title: text('提交复核', 'Hand in for approval'),
  may: rulers,
  input: one,
  output: VersionRow,
})
/** Its author takes back what nobody has signed yet. */
export const takeBackVersion = command('policy.takeBackVersion', {
  title: text('收回修改', 'Take back'),
  may: rulers,
  input: one,
  output: VersionRow,
})
export const approveVersion = command('policy.approveVersion', {
  title: text('复核并生效', 'Approve'),
  may: rulers,
  input: one,
  output: VersionRow,
})
export const refuseVersion = command('policy.refuseVersion', {
  title: text('退回起草人', 'Return to its author'),
  may: rulers,
  input: one.extend(refused),
  output: VersionRow,
})
export const dropVersion = command('policy.dropVersion', {
  title: text('作废草稿', 'Give up the draft'),
  may: rulers,
  input: one,
  output: VersionRow,
})

/** Whatever waits for a second signature, and what came back to the asker. */
export const Waiting = z.object({
  kind: label(
    choice({
      version: text('规则', 'Rules'),
      response: text('启动响应', 'Start a response'),
      move: text('变更响应', 'Change a response'),
    }),
    '类别',
    'Kind',
  ),
  id: Id,
  title: label(z.string(), '名称', 'Title'),
  what: label(Pair, '内容', 'What'),
  areaName: label(z.string(), '适用区域', 'Area'),
  byName: label(z.string(), '提出人', 'By'),
  at: label(Instant, '提出时间', 'Since'),
  /** The asker proposed it, so somebody else has to sign. */
  own: z.boolean(),
  /** Not waiting for a signature: it came back to the asker with a reason. */
  returned: z.boolean(),
})
export type Waiting = z.infer<typeof Waiting>
export const waiting = query('policy.waiting', {
  title: text('待第二人办理', 'Waits for a second person'),
  may: rulers,
  input: z.object({}),
  output: pageOf(Waiting),
})

export const RuleInForce = Rule.omit({ source: true, standing: true }).extend({
  document: label(z.string().nullable(), '依据文件', 'Source document'),
  versions: z.array(Id),
})
/** What holds in an area on a day, or now, as known at an instant. */
export const rules = query('policy.rules', {
  title: text('现行规则', 'Rules in force'),
  may: readers,
  input: z.object({
    areaCode: label(Code.optional(), '区域', 'Area'),
    day: label(Day.optional(), '日期', 'Day'),
    knownAt: label(Instant.optional(), '截至何时所知', 'As known at'),
  }),
  output: pageOf(RuleInForce),
})

export const notice = query('policy.notice', {
  title: text('个人信息告知', 'Privacy notice'),
  may: readers,
  input: z.object({}),
  output: PrivacyNotice,
})

// --- the response -----------------------------------------------------------------------------------------------------

export const MoveRow = ResponseMove.extend({
  proposedByName: label(z.string(), '提出人', 'Proposed by'),
  decidedByName: label(z.string().nullable(), '复核人', 'Decided by'),
})
export type MoveRow = z.infer<typeof MoveRow>

/** `level` and `state` are today's; the steps that led there stand in `moves`, the newest first. */
export const ResponseRow = Response.extend({
  areaName: label(z.string(), '适用区域', 'Area'),
  proposedByName: label(z.string(), '提出人', 'Proposed by'),
  activatedByName: label(z.string().nullable(), '启动人', 'Activated by'),
  reviewOverdue: label(z.boolean(), '已过复核日期', 'Review overdue'),
  moves: z.array(MoveRow),
})
export type ResponseRow = z.infer<typeof ResponseRow>
export const responses = query('policy.responses', {
  title: text('应急响应', 'Responses'),
  may: readers,
  input: z.object({}),
  output: pageOf(ResponseRow),
})

/** Levels that approved rules are written for, now or later: a response takes one of these words, for they must be the same. */
export const levels = query('policy.levels', {
  title: text('响应级别', 'Response levels'),
  may: readers,
  input: z.object({}),
  output: z.object({
    rows: z.array(
      z.object({
        level: label(z.string(), '响应级别', 'Response level', { harmless: 'published rules' }),
        /** Titles of the packs whose rules are for it. */
        packs: z.array(z.string()),
      }),
    ),
  }),
})

export const proposeResponse = command('policy.proposeResponse', {
  title: text('提出应急响应', 'Propose a response'),
  may: rulers,
  input: z.object({
    areaCode: Response.shape.areaCode,
    disease: Response.shape.disease,
    class: Response.shape.class,
    level: Response.shape.level.default(null),
    government: Response.shape.government,
    document: Response.shape.document,
    startsOn: Response.shape.startsOn,
    reviewOn: Response.shape.reviewOn,
  }),
  output: ResponseRow,
})
const response = z.object({ response: Id })
export const activateResponse = command('policy.activateResponse', {
  title: text('启动', 'Activate'),
  may: rulers,
  input: response,
  output: ResponseRow,
})
export const refuseResponse = command('policy.refuseResponse', {
  title: text('不同意启动', 'Refuse'),
  may: rulers,
  input: response.extend(refused),
  output: ResponseRow,
})
export const dropResponse = command('policy.dropResponse', {
  title: text('撤回提议', 'Take back'),
  may: rulers,
  input: response,
  output: ResponseRow,
})

// After it began each step is proposed with a document and decided by another person.
const basis = { document: ResponseMove.shape.document }
export const extendResponse = command('policy.extendResponse', {
  title: text('延长', 'Extend'),
  may: rulers,
  input: response.extend({ reviewOn: label(Day, '新的复核日期', 'Next review'), ...basis }),
  output: ResponseRow,
})
export const changeLevel = command('policy.changeLevel', {
  title: text('调整级别', 'Change the level'),
  may: rulers,
  input: response.extend({
    level: label(ResponseMove.shape.level, '新的响应级别', 'New level', {
      hint: text('不填表示不分级', 'Empty: without a level'),
    }).default(null),
    fromDay: label(Day, '自何日起', 'From'),
    ...basis,
  }),
  output: ResponseRow,
})
export const endResponse = command('policy.endResponse', {
  title: text('终止', 'End'),
  may: rulers,
  input: response.extend({
    fromDay: label(Day, '终止日期', 'Ends on', { hint: text('自这一天起不再有效', 'From this day on it no longer holds') }),
    ...basis,
  }),
  output: ResponseRow,
})
const move = z.object({ move: Id })
export const approveMove = command('policy.approveMove', {
  title: text('同意变更', 'Approve the change'),
  may: rulers,
  input: move,
  output: ResponseRow,
})
export const refuseMove = command('policy.refuseMove', {
  title: text('不同意变更', 'Refuse the change'),
  may: rulers,
  input: move.extend(refused),
  output: ResponseRow,
})
export const dropMove = command('policy.dropMove', {
  title: text('撤回变更', 'Take the change back'),
  may: rulers,
  input: move,
  output: ResponseRow,
})

/** What a response or its next step brings: which versions of rules begin or cease to hold with it, in sentences. */
export const responseEffects = query('policy.responseEffects', {
  title: text('影响', 'What it changes'),
  may: readers,
  input: response,
  output: z.object({ lines: z.array(Pair) }),
})
