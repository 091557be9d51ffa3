// What reaches people: the inbox of an account, and the chat groups that hear of it without a name in it.
import { z } from 'zod'
import { Instant } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import { choice, label } from '#core/labels.ts'
import { problems } from '#core/problem.ts'
import { text, type Text } from '#core/text.ts'
import { Topic } from '#modules/identity/news.ts'

const AreaCode = z.string().regex(/^[0-9A-Z]+$/)
const Words = z.object({ zh: z.string(), en: z.string() })

/** `outreach_items`: one for each receiver. Nothing personal stands in it; what it is about is read behind `path`. */
export const Item = z.object({
  areaCode: AreaCode,
  id: Id,
  account: Id,
  topic: label(Topic, '类别', 'Kind'),
  title: label(Words, '内容', 'What', { harmless: 'sentences of the house' }),
  path: z.string().startsWith('/').max(200),
  at: label(Instant, '时间', 'When'),
  readAt: label(Instant.nullable(), '已读时间', 'Read'),
})
export type Item = z.infer<typeof Item>

export const ChannelKind = choice({
  wecom: text('企业微信群机器人', 'WeCom group robot'),
  dingtalk: text('钉钉群机器人', 'DingTalk group robot'),
  feishu: text('飞书群机器人', 'Feishu group robot'),
})
export type ChannelKind = z.infer<typeof ChannelKind>

export const ChannelState = choice({
  trial: text('试运行', 'Dry run'),
  on: text('已启用', 'On'),
  off: text('已停用', 'Off'),
})
export type ChannelState = z.infer<typeof ChannelState>

const topics = label(z.array(Topic).min(1), '推送哪些消息', 'What it hears', { hint: text('至少选一类', 'One kind at least') })
const name = label(z.string().trim().min(1).max(40), '群名称', 'Name of the group', { harmless: 'name of a chat group' })

/** `outreach_channels`: a chat group. Its address is a secret: whoever has it can write into the group. */
export const Channel = z.object({
  areaCode: AreaCode,
  id: Id,
  kind: label(ChannelKind, '类型', 'Kind'),
  name,
  topics,
  state: label(ChannelState, '状态', 'State'),
  /** The robot's address and signing secret, closed; null until somebody has entered them. */
  closed: z.instanceof(Uint8Array).nullable(),
  recordedAt: Instant,
  recordedBy: Id,
})
export type Channel = z.infer<typeof Channel>

export const Outcome = choice({
  waiting: text('待发送', 'Waiting'),
  sent: text('已发送', 'Sent'),
  dryRun: text('试运行，未发出', 'Dry run, not sent'),
  failed: text('发送失败', 'Failed'),
})
export type Outcome = z.infer<typeof Outcome>

/** `outreach_deliveries`: what was, or would have been, written into a group. */
export const Delivery = z.object({
  areaCode: AreaCode,
  id: Id,
  channel: Id,
  words: label(z.string(), '文字', 'Words', { harmless: 'sentences of the house, nobody is named' }),
  outcome: label(Outcome, '结果', 'Outcome'),
  tries: label(z.int(), '次数', 'Tries'),
  /** What the group's service answered: its number, never its text. */
  answered: label(z.string().nullable(), '对方返回', 'Answer', { harmless: 'a status number' }),
  at: label(Instant, '时间', 'When'),
  endedAt: label(Instant.nullable(), '完成时间', 'Ended'),
})
export type Delivery = z.infer<typeof Delivery>

/** What is entered for a channel. An empty address keeps what was entered before. */
export const ChannelEntry = z.object({
  name,
  topics,
  address: label(z.url().max(500).optional(), '机器人地址（Webhook）', 'Address of the robot (webhook)', {
    hint: text(
      '从群设置里复制；留空则试运行，只记录不发送',
      'Copied from the group’s settings; empty: a dry run that only writes down',
    ),
  }),
  secretToken: label(z.string().trim().min(1).max(200).optional(), '加签密钥', 'Signing secret', {
    hint: text('钉钉、飞书“加签”时填写；企业微信不需要', 'For DingTalk and Feishu with signatures; WeCom has none'),
  }),
})
export type ChannelEntry = z.infer<typeof ChannelEntry>

/** Hosts that the three services name in their documents; nothing is ever sent anywhere else. */
export const hosts: Readonly<Record<ChannelKind, string>> = {
  wecom: 'qyapi.weixin.qq.com',
  dingtalk: 'oapi.dingtalk.com',
  feishu: 'open.feishu.cn',
}

/** Whether an address is one of that service's robots. */
export function fitsKind(kind: ChannelKind, address: string): boolean {
  const url = URL.parse(address)
  return (
    url?.protocol === 'https:' && url.hostname === hosts[kind] && url.port === '' && url.username === '' && url.password === ''
  )
}

/** A message as a group reads it, in Chinese: where, what, and where to look. */
export const wordsFor = (areaName: string, topic: Text, title: Text): string =>
  `【邻里 · ${areaName}】${topic.zh}：${title.zh}\n请登录邻里，在“消息”里查看。`

export const say = problems('outreach', {
  unknownChannel: [404, { zh: '没有找到这个推送群，请刷新后再试。', en: 'This group was not found. Refresh and try again.' }],
  unknownItem: [404, { zh: '没有找到这条消息，请刷新后再试。', en: 'This message was not found. Refresh and try again.' }],
  notThatService: [
    422,
    ({ host }: { host: string }) => ({
      zh: `地址不属于这类机器人，应以 https://${host}/ 开头。请从群机器人设置里重新复制。`,
      en: `This is no address of such a robot: it begins with https://${host}/. Copy it again from the robot’s settings.`,
    }),
  ],
  notOwnArea: [
    403,
    {
      zh: '只能管理本级的推送群，请由该级负责人办理。',
      en: 'Only groups of your own level can be managed here. Whoever is responsible there has to do this.',
    },
  ],
  noAddress: [
    409,
    {
      zh: '还没有填写机器人地址，只能试运行。请先填写。',
      en: 'No address was entered yet, so it can only run dry. Enter one first.',
    },
  ],
})
