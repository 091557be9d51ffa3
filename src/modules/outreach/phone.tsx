// Messages on a phone: the unread ones, kept for a shift.
import { sayMinute } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { Topic } from '#modules/identity/news.ts'
import { useLanguage } from '#web/language.ts'
import { useSet } from '#web/phone/sync.ts'
import { Age, Card, Empty, SmallButton } from '#web/phone/ui.tsx'
import { tellNow } from '#web/phone/wire.ts'
import { useWords } from '#web/phone/words.ts'
import { read, type ItemShown } from './api.ts'
import { messages } from './shift.ts'

export function InboxPage() {
  const say = useWords()
  const language = useLanguage()
  const { data, takenAt, loading, refresh } = useSet(messages)
  const rows: readonly ItemShown[] = data?.rows ?? []
  const markRead = async () => {
    await tellNow(read, {})
    await refresh()
  }
  return (
    <>
      <div className="between">
        <Age at={takenAt} loading={loading} />
        <SmallButton onClick={refresh}>{text('更新', 'Update')}</SmallButton>
      </div>
      {data && rows.length === 0 && <Empty title={text('没有未读消息', 'Nothing unread')} />}
      {rows.map((item) => (
        <Card key={item.id} title={choiceText(Topic, item.topic)} aside={sayMinute(item.at, language)}>
          <p>{say(item.title)}</p>
        </Card>
      ))}
      {rows.length > 0 && <SmallButton onClick={markRead}>{text('全部标为已读', 'Mark all as read')}</SmallButton>}
    </>
  )
}
