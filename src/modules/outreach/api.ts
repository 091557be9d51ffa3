// Messages to an account, and the groups that hear of them.
import { z } from 'zod'
import { command, query } from '#core/contract.ts'
import { Id } from '#core/ids.ts'
import { label } from '#core/labels.ts'
import { pageOf, paging } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { by, roles } from '#modules/identity/model.ts'
import { Topic } from '#modules/identity/news.ts'
import { Channel, ChannelEntry, ChannelKind, Delivery, Item } from './model.ts'

const keepers = by('administrator', 'communitySecretary')

export const ItemShown = Item.omit({ areaCode: true, account: true })
export type ItemShown = z.infer<typeof ItemShown>
/** The caller's own messages of the working area and those above it, newest first. */
export const inbox = query('outreach.inbox', {
  title: text('消息', 'Messages'),
  may: roles,
  input: z.object({
    unread: label(z.boolean().optional(), '只看未读', 'Unread only'),
    topic: label(Topic.optional(), '类别', 'Kind'),
    ...paging,
  }),
  output: pageOf(ItemShown),
})
export const unread = query('outreach.unread', {
  title: text('未读消息', 'Unread messages'),
  may: roles,
  input: z.object({}),
  output: z.object({ unread: z.int() }),
})
/** Marks one message read, or without `item` all that came before now. Answers how many are left. */
export const read = command('outreach.read', {
  title: text('标为已读', 'Mark as read'),
  may: roles,
  input: z.object({ item: Id.optional() }),
  output: z.object({ unread: z.int() }),
})

/** A group without its address: `configured` says whether one was entered. */
export const ChannelShown = Channel.omit({ closed: true, recordedBy: true }).extend({
  configured: label(z.boolean(), '已填地址', 'Address entered'),
})
export type ChannelShown = z.infer<typeof ChannelShown>
export const channels = query('outreach.channels', {
  title: text('推送群', 'Groups'),
  may: keepers,
  input: z.object({ ...paging }),
  output: pageOf(ChannelShown),
})
const secret = ['address', 'secretToken']
export const addChannel = command('outreach.addChannel', {
  title: text('添加推送群', 'Add a group'),
  may: keepers,
  secret,
  input: z.object({ kind: label(ChannelKind, '类型', 'Kind'), ...ChannelEntry.shape }),
  output: ChannelShown,
})
export const changeChannel = command('outreach.changeChannel', {
  title: text('修改推送群', 'Change a group'),
  may: keepers,
  secret,
  input: z.object({ channel: Id, ...ChannelEntry.shape }),
  output: ChannelShown,
})
export const switchChannel = command('outreach.switchChannel', {
  title: text('启用或停用', 'Switch on or off'),
  may: keepers,
  input: z.object({ channel: Id, state: Channel.shape.state }),
  output: ChannelShown,
})
/** Writes one harmless sentence into the group. */
export const tryChannel = command('outreach.tryChannel', {
  title: text('发送测试消息', 'Send a test message'),
  may: keepers,
  input: z.object({ channel: Id }),
  output: ChannelShown,
})
export const deliveries = query('outreach.deliveries', {
  title: text('推送记录', 'What was sent'),
  may: keepers,
  input: z.object({ outcome: label(Delivery.shape.outcome.optional(), '结果', 'Outcome'), ...paging }),
  output: pageOf(
    Delivery.omit({ areaCode: true }).extend({
      channelName: label(z.string(), '群', 'Group', { harmless: 'name of a chat group' }),
    }),
  ),
})
