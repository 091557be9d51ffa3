// What the gate can be asked and told: entrances, the set for a shift, a verdict, counts by the hour, incidents.
import { z } from 'zod'
import { command, query } from '#core/contract.ts'
import { Day, Instant } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import { label, personal } from '#core/labels.ts'
import { pageOf, paging } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { by } from '#modules/identity/model.ts'
import { GateRow, GateRules, VerdictShown } from './atGate.ts'
import { Gate, GateMode, Incident, IncidentKind, IncidentState } from './gates.ts'
import { Direction, guards } from './passages.ts'

const readers = by(
  'gateGuard',
  'propertyManager',
  'volunteer',
  'buildingSteward',
  'gridWorker',
  'gridLeader',
  'communityStaff',
  'communitySecretary',
  'auditor',
)
const keepers = by('communityStaff', 'communitySecretary')
const settlers = by('gridWorker', 'gridLeader', 'communityStaff', 'communitySecretary')
/** Named by posts wider than one community; others leave it out. */
const community = label(
  z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  '社区',
  'Community',
)

// --- entrances --------------------------------------------------------------------------------------------------------

export const GateShown = Gate.extend({
  changedByName: label(z.string(), '经办人', 'Changed by', { harmless: 'duty name, posted publicly' }),
})
export const gates = query('access.gates', {
  title: text('出入口', 'Entrances'),
  may: readers,
  input: z.object({ community }),
  output: pageOf(GateShown),
})
const { name, belongs, place, placeName, mode, document } = Gate.shape
export const addGate = command('access.addGate', {
  title: text('添加出入口', 'Add an entrance'),
  may: keepers,
  input: z.object({
    community,
    name,
    belongs: belongs.default('compound'),
    place: place.default(null),
    placeName,
    mode: mode.default('open'),
    document: document.default(null),
  }),
  output: GateShown,
})
export const changeGate = command('access.changeGate', {
  title: text('修改出入口', 'Change an entrance'),
  may: keepers,
  input: z.object({ community, gate: Id, name, mode: label(GateMode, '状态', 'State'), document }),
  output: GateShown,
})
/** Closes all entrances of a place but those named: four become one in one act, with the words of the notice. */
export const keepOpen = command('access.keepOpen', {
  title: text('只留这个出入口', 'Keep only this entrance'),
  may: keepers,
  input: z.object({ community, gate: Id, document: label(document, '依据文件', 'By document') }),
  output: z.object({
    rows: z.array(GateShown),
    notice: label(z.string(), '公告', 'Notice', { harmless: 'names of places, nobody' }),
  }),
})

// --- the verdict --------------------------------------------------------------------------------------------------------

const Trust = {
  at: label(Instant, '名单时间', 'As of'),
  keys: z.array(z.object({ keyId: z.string(), publicKey: z.string() })),
  stopped: z.array(z.string()),
}
/** What a gate takes along for a shift; page by page, the head is the same on each. */
export const gateSet = query('access.gateSet', {
  title: text('门岗名单', 'Set of the gate'),
  may: guards,
  input: z.object({ community, ...paging }),
  output: pageOf(GateRow).extend({ ...Trust, rules: GateRules, gates: z.array(Gate) }),
})

/** One of them: the text of a pass, a typed code, or a room or the end of a telephone. */
export const check = query('access.check', {
  title: text('核验', 'Check'),
  may: guards,
  secret: ['find'],
  input: z.object({
    community,
    direction: Direction,
    emergency: label(z.boolean().default(false), '紧急', 'Emergency'),
    visitor: label(z.boolean().default(false), '访客', 'Visitor'),
    pass: label(z.string().max(200).optional(), '出入证', 'Pass', { harmless: 'signed text that names nobody' }),
    shortCode: label(z.string().max(40).optional(), '短码', 'Code', { harmless: 'a random code' }),
    find: personal(z.string().trim().max(30).optional(), '房号或电话尾号', 'Room or end of a telephone', {
      keep: 'register',
      mask: 'text',
    }),
    household: Id.optional(),
    person: Id.optional(),
  }),
  output: z.object({
    verdict: VerdictShown,
    /** Why a pass is none or not good; null for a good one and where none was shown. */
    card: z.string().nullable(),
    pass: z.string().nullable(),
    /** Households that the words may mean; the guard compares name and room and asks again with one of them. */
    found: z.array(GateRow.pick({ household: true, room: true, people: true })),
    /** Whether this pass or household went out elsewhere in the running period. */
    used: z.int(),
  }),
})

// --- counts and incidents ---------------------------------------------------------------------------------------------

const n = (zh: string, en: string) => label(z.int(), zh, en)
export const Hourly = z.object({
  gate: Id.nullable(),
  gateName: label(z.string().nullable(), '出入口', 'Entrance', { harmless: 'name of a place' }),
  hour: label(z.int(), '时', 'Hour'),
  in: n('进', 'In'),
  out: n('出', 'Out'),
  people: n('人数', 'People'),
  vehicles: n('车辆', 'Vehicles'),
  refused: n('未放行', 'Refused'),
  emergencies: n('紧急', 'Emergencies'),
  abnormal: n('体温异常', 'Abnormal'),
  scans: n('扫证', 'Passes read'),
})
export const hourly = query('access.hourly', {
  title: text('每小时流量', 'Counts by the hour'),
  may: readers,
  input: z.object({ community, day: label(Day.optional(), '日期', 'Day'), gate: label(Id.optional(), '出入口', 'Entrance') }),
  output: z.object({ day: Day, rows: z.array(Hourly) }),
})

export const IncidentShown = Incident.extend({
  closedByName: label(z.string().nullable(), '处理人', 'Closed by', { harmless: 'duty name, posted publicly' }),
})
export const incidents = query('access.incidents', {
  title: text('门岗事件', 'Incidents'),
  may: settlers.concat(by('auditor')),
  input: z.object({
    community,
    kind: label(IncidentKind.optional(), '事件', 'Incident'),
    state: label(IncidentState.optional(), '状态', 'State'),
    ...paging,
  }),
  output: pageOf(IncidentShown),
})
/** The guard says that a gate was rushed, or that somebody objects. */
export const raise = command('access.raise', {
  title: text('报告门岗事件', 'Report an incident'),
  may: guards,
  queued: true,
  input: z.object({
    gate: Id.nullable(),
    kind: label(IncidentKind.extract(['rushed', 'objection']), '事件', 'Incident'),
    said: label(Incident.shape.said.default(null), '情况', 'What happened'),
  }),
  output: z.object({ id: Id }),
})
export const closeIncident = command('access.closeIncident', {
  title: text('处理完毕', 'Close'),
  may: settlers,
  input: z.object({
    community,
    incident: Id,
    said: personal(z.string().trim().min(2).max(200), '处理结果', 'What was done', {
      keep: 'response',
      mask: 'text',
      long: true,
    }),
  }),
  output: IncidentShown,
})
