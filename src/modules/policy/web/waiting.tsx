// What waits for a second signature, and what came back: the first thing on the page of rules.
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { Card } from '#web/console/page.tsx'
import { useAsk } from '#web/console/query.ts'
import { Rows } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import * as api from '../api.ts'

const said = {
  title: text('待办理', 'Waiting'),
  sign: text('等您复核', 'Waits for you'),
  other: text('等另一人复核', 'Waits for another person'),
  returned: text('退回给您', 'Returned to you'),
  state: text('状态', 'State'),
}

export function WaitingCard({ onOpen }: { onOpen: (row: api.Waiting) => void }) {
  const say = useText()
  const { data } = useAsk(api.waiting, {})
  if (!data || data.rows.length === 0) return null
  return (
    <Card title={text(`${said.title.zh}（${data.rows.length}）`, `${said.title.en} (${data.rows.length})`)}>
      <Rows
        of={api.waiting}
        rows={data.rows}
        title={said.title}
        onOpen={onOpen}
        rowKey={({ id, kind }) => `${kind}${id}`}
        heads={{ state: said.state }}
        columns={['title', 'state', 'kind', 'what', 'areaName', 'byName', 'at']}
        cells={{
          kind: ({ kind }) => say(choiceText(api.Waiting.shape.kind, kind)),
          what: ({ what }) => say(what),
          state: ({ own, returned }) => (
            <Tone tone={returned || !own ? 'look' : 'quiet'}>{say(returned ? said.returned : own ? said.other : said.sign)}</Tone>
          ),
        }}
      />
    </Card>
  )
}
