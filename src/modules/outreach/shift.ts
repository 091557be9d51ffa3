// What a phone keeps of the inbox for a shift: the unread messages.
import { text } from '#core/text.ts'
import { syncSet } from '#web/phone/sync.ts'
import { inbox } from './api.ts'

export const messages = syncSet({
  key: 'messages',
  title: text('消息', 'Messages'),
  contract: inbox,
  input: () => ({ unread: true }),
  overlay: [],
})
