// Entrances, and what must be looked at there: nouns of the gate beside the pass.
import { z } from 'zod'
import { Instant } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import { choice, label, personal } from '#core/labels.ts'
import { problems } from '#core/problem.ts'
import { states } from '#core/states.ts'
import { text } from '#core/text.ts'

export const GateMode = choice({
  open: text('开放', 'Open'),
  closed: text('关闭', 'Closed'),
  inOnly: text('只进', 'In only'),
  outOnly: text('只出', 'Out only'),
})
export type GateMode = z.infer<typeof GateMode>
export const Belongs = choice({
  compound: text('小区', 'Compound'),
  building: text('楼栋', 'Building'),
  cooperative: text('村社', 'Village co-operative'),
  organisation: text('单位', 'Organisation'),
  road: text('道路卡口', 'Road'),
})

export const Gate = z.object({
  community: z.string().regex(/^\d{12}$/),
  id: Id,
  name: label(z.string().trim().min(1).max(30), '出入口', 'Entrance', {
    hint: text('如“东门”“地下车库”', 'East gate, garage'),
    harmless: 'name of a place',
  }),
  belongs: label(Belongs, '属于', 'Belongs to'),
  /** The compound or building where the register of houses knows it. */
  place: Id.nullable(),
  placeName: label(z.string().trim().min(1).max(60), '所在小区、村社或单位', 'Where', { harmless: 'name of a place' }),
  mode: label(GateMode, '状态', 'State'),
  document: label(z.string().trim().max(60).nullable(), '依据文件', 'By document', {
    hint: text('关闭、单向的公告或文件编号', 'Number of the notice by which it is closed or one-way'),
    harmless: 'number of a document',
  }),
  since: label(Instant, '自', 'Since'),
  changedBy: Id,
})
export type Gate = z.infer<typeof Gate>

export const IncidentKind = choice({
  emergency: text('紧急放行', 'Emergency'),
  temperature: text('体温异常', 'Abnormal temperature'),
  tooLong: text('外出超时', 'Outside too long'),
  twice: text('重复使用次数', 'Quota used twice'),
  rushed: text('冲卡', 'Gate rushed'),
  objection: text('当场异议', 'Objection'),
})
export type IncidentKind = z.infer<typeof IncidentKind>
export const IncidentState = choice({ open: text('待处理', 'Open'), closed: text('已处理', 'Closed') })
export type IncidentState = z.infer<typeof IncidentState>
export const canIncident = states<IncidentState>()({ close: { from: ['open'], to: 'closed' } })

const said = (zh: string, en: string) =>
  personal(z.string().trim().max(200).nullable(), zh, en, { keep: 'response', mask: 'text', long: true })
export const Incident = z.object({
  community: z.string().regex(/^\d{12}$/),
  id: Id,
  kind: label(IncidentKind, '事件', 'Incident'),
  gate: Id.nullable(),
  gateName: label(z.string().nullable(), '出入口', 'Entrance', { harmless: 'name of a place' }),
  passage: Id.nullable(),
  household: Id.nullable(),
  room: personal(z.string().nullable(), '房号', 'Room', { keep: 'response', mask: 'room' }),
  said: said('情况', 'What happened'),
  state: label(IncidentState, '状态', 'State'),
  happenedAt: label(Instant, '发生时间', 'When'),
  raisedAt: Instant,
  raisedBy: Id,
  closedAt: label(Instant.nullable(), '处理时间', 'Closed'),
  closedBy: Id.nullable(),
  closedSaid: said('处理结果', 'What was done'),
})
export type Incident = z.infer<typeof Incident>

export const sayGate = problems('access', {
  unknownGate: [
    404,
    { zh: '没有找到这个出入口，请更新后重新选择。', en: 'This entrance was not found. Update and choose again.' },
  ],
  gateThere: [
    409,
    { zh: '这里已有同名的出入口，请换一个名称。', en: 'An entrance of this name is there already. Choose another name.' },
  ],
  keepOne: [
    422,
    {
      zh: '至少要保留一个开放的出入口，消防和急救通道不能全部关闭。',
      en: 'At least one entrance stays open: fire and ambulance must get in.',
    },
  ],
  refusalNeedsDocument: [
    422,
    {
      zh: '拒绝通行必须写明依据的文件编号；没有公布的文件不能拒绝，请询问社区。',
      en: 'A refusal names the document on which it stands. Without a published one nobody is refused: ask the community.',
    },
  ],
  unknownIncident: [404, { zh: '没有找到这件事，请刷新。', en: 'This incident was not found. Refresh the list.' }],
  incidentClosed: [409, { zh: '这件事已经处理过了，请刷新。', en: 'This incident was closed already. Refresh the list.' }],
})
