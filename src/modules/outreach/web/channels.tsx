// Chat groups that hear: kept, tried, switched; and what was written into them.
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { ActionButton } from '#web/console/action.tsx'
import { FormDrawer } from '#web/console/drawer.tsx'
import { useNotify } from '#web/console/notify.tsx'
import { Page } from '#web/console/page.tsx'
import { useTell } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone, type ToneName } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import * as api from '../api.ts'
import { ChannelState, Outcome } from '../model.ts'

const said = {
  title: text('推送群', 'Groups'),
  add: text('添加推送群', 'Add a group'),
  change: text('修改', 'Change'),
  on: text('启用', 'Switch on'),
  off: text('停用', 'Switch off'),
  test: text('发送测试', 'Send a test'),
  queued: text('已加入发送队列，结果见下方记录', 'Queued; the result appears below'),
  noAddress: text('先填写机器人地址', 'Enter the address of the robot first'),
  isOff: text('已停用', 'Switched off'),
  empty: text('还没有推送群', 'No groups yet'),
  emptyHint: text(
    '添加后先试运行：只记录将要发送的文字，不会发出。消息里不出现居民姓名和房号。',
    'A new group runs dry: what would be sent is written down only. No resident or room is named in a message.',
  ),
  sentTitle: text('推送记录', 'What was sent'),
  nothingSent: text('还没有推送记录', 'Nothing was sent yet'),
  nothingSentHint: text('可先发送一条测试消息。', 'Send a test message to begin.'),
}
const stateTone: Record<ChannelState, ToneName> = { trial: 'info', on: 'ok', off: 'quiet' }
const outcomeTone: Record<Outcome, ToneName> = { waiting: 'info', sent: 'ok', dryRun: 'quiet', failed: 'danger' }

export function ChannelsPage() {
  const say = useText()
  const notify = useNotify()
  const [adding, setAdding] = useState(false)
  const [changing, setChanging] = useState<api.ChannelShown>()
  const switching = useTell(api.switchChannel)
  const trying = useTell(api.tryChannel)
  const tryOut = async (channel: api.ChannelShown) => {
    if (await trying.tell({ channel: channel.id })) notify.done(said.queued)
  }
  return (
    <Page title={said.title} tools={<ActionButton label={said.add} type="primary" run={() => setAdding(true)} />}>
      <DataTable
        of={api.channels}
        columns={['name', 'kind', 'topics', 'state', 'configured']}
        title={said.title}
        empty={{ title: said.empty, hint: said.emptyHint }}
        cells={{ state: ({ state }) => <Tone tone={stateTone[state]}>{say(choiceText(ChannelState, state))}</Tone> }}
        actions={(channel) => [
          { label: said.test, run: () => tryOut(channel), disabledReason: channel.state === 'off' ? said.isOff : undefined },
          channel.state === 'on'
            ? { label: said.off, run: () => switching.tell({ channel: channel.id, state: 'off' }) }
            : {
                label: said.on,
                run: () => switching.tell({ channel: channel.id, state: 'on' }),
                disabledReason: channel.configured ? undefined : said.noAddress,
              },
          { label: said.change, run: () => setChanging(channel) },
        ]}
      />
      <DataTable
        of={api.deliveries}
        columns={['at', 'channelName', 'words', 'outcome', 'tries', 'answered']}
        filters={['outcome']}
        title={said.sentTitle}
        rowKey={(row) => `${row.id}:${row.channel}`}
        empty={{ title: said.nothingSent, hint: said.nothingSentHint }}
        cells={{
          words: ({ words }) => <span style={{ whiteSpace: 'pre-line' }}>{words}</span>,
          outcome: ({ outcome }) => <Tone tone={outcomeTone[outcome]}>{say(choiceText(Outcome, outcome))}</Tone>,
        }}
      />
      <FormDrawer of={api.addChannel} open={adding} onClose={() => setAdding(false)} draft={false} />
      <FormDrawer
        key={changing?.id ?? ''}
        of={api.changeChannel}
        open={changing !== undefined}
        onClose={() => setChanging(undefined)}
        draft={false}
        fixed={{ channel: changing?.id ?? '' }}
        initial={changing ? { name: changing.name, topics: [...changing.topics] } : {}}
      />
    </Page>
  )
}
