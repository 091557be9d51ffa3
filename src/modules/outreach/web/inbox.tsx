// Messages of the account: what came back, waits or is overdue, each with the page behind it.
import { useNavigate } from '@tanstack/react-router'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { ActionButton } from '#web/console/action.tsx'
import { Page } from '#web/console/page.tsx'
import { useAsk, useTell } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone, type ToneName } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import { Topic } from '#modules/identity/news.ts'
import * as api from '../api.ts'

const said = {
  open: text('查看', 'Open'),
  readAll: text('全部标为已读', 'Mark all as read'),
  nothing: text('没有未读消息', 'Nothing unread'),
  unread: text('未读', 'Unread'),
  empty: text('还没有消息', 'No messages yet'),
  emptyHint: text(
    '有退回、待办、催办、答复或交接时，会出现在这里。',
    'What comes back, waits for you, is overdue, answered or handed to you appears here.',
  ),
  pieces: text('条', 'messages'),
}
export const toneOf: Record<Topic, ToneName> = {
  returned: 'look',
  escalated: 'danger',
  answered: 'ok',
  waiting: 'info',
  assigned: 'info',
}

export function InboxPage() {
  const say = useText()
  const go = useNavigate()
  const { data } = useAsk(api.unread, {})
  const read = useTell(api.read)
  const open = async ({ id, path, readAt }: api.ItemShown) => {
    if (!readAt) await read.tell({ item: id })
    await go({ to: path })
  }
  return (
    <Page
      title={text('消息', 'Messages')}
      figures={[{ key: 'unread', title: said.unread, value: data?.unread, unit: said.pieces }]}
      tools={
        <ActionButton
          label={said.readAll}
          run={() => read.tell({})}
          disabledReason={data?.unread === 0 ? said.nothing : undefined}
        />
      }
    >
      <DataTable
        of={api.inbox}
        columns={['title', 'topic', 'at', 'readAt']}
        filters={['unread', 'topic']}
        onOpen={(item) => void open(item)}
        empty={{ title: said.empty, hint: said.emptyHint }}
        cells={{
          title: ({ title, readAt }) => (readAt ? say(title) : <strong>{say(title)}</strong>),
          topic: ({ topic }) => <Tone tone={toneOf[topic]}>{say(choiceText(Topic, topic))}</Tone>,
          readAt: ({ readAt }) => (readAt ? undefined : <Tone tone="look">{say(said.unread)}</Tone>),
        }}
        actions={(item) => [{ label: said.open, run: () => open(item) }]}
      />
    </Page>
  )
}
