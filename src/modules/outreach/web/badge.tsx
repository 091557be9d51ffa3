// How many messages wait, beside the word in the menu.
import { text } from '#core/text.ts'
import { useAsk } from '#web/console/query.ts'
import { useText } from '#web/language.ts'
import { unread } from '../api.ts'

export function UnreadBadge() {
  const say = useText()
  const { data } = useAsk(unread, {})
  if (!data?.unread) return null
  return (
    <span className="badge" title={say(text(`${data.unread} 条未读`, `${data.unread} unread`))}>
      {data.unread > 99 ? '99+' : data.unread}
    </span>
  )
}
