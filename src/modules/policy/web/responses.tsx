// The list of responses: what is active, what awaits a second person, and the way to propose one.
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { AreaPicker } from '#modules/identity/web/pickers.tsx'
import { ActionButton } from '#web/console/action.tsx'
import { FormDrawer } from '#web/console/drawer.tsx'
import { DataTable } from '#web/console/table.tsx'
import { Tone, type ToneName } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import { useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { ResponseState } from '../model.ts'
import { LevelPicker } from './levelPicker.tsx'

const said = {
  propose: text('提出应急响应', 'Propose a response'),
  onlyReading: text('当前岗位只能查看', 'Your present post may only read'),
  overdue: text('已过复核日期', 'Review overdue'),
  waits: text('有变更待复核', 'A change waits'),
  empty: text('没有应急响应', 'No response'),
  emptyHint: text(
    '没有已启动的响应，就不能采取任何限制措施。需要时由一人提出、另一人启动。',
    'Nothing restrictive can run without one. One person proposes, another activates.',
  ),
}
const tones: Record<ResponseState, ToneName> = { proposed: 'look', active: 'danger', ended: 'quiet' }

export function ResponsesTab({ mayRule, onOpen }: { mayRule: boolean; onOpen: (response: string) => void }) {
  const { post } = useSession()
  const [proposing, setProposing] = useState(false)
  return (
    <>
      <DataTable
        of={api.responses}
        columns={[
          'disease',
          'state',
          'level',
          'areaName',
          'government',
          'document',
          'startsOn',
          'reviewOn',
          'proposedByName',
          'activatedByName',
        ]}
        onOpen={({ id }) => onOpen(id)}
        empty={{ title: said.empty, hint: said.emptyHint }}
        tools={
          <ActionButton
            label={said.propose}
            type="primary"
            run={() => setProposing(true)}
            disabledReason={mayRule ? undefined : said.onlyReading}
          />
        }
        cells={{ state: (row) => <ResponseTones row={row} /> }}
      />
      <FormDrawer
        of={api.proposeResponse}
        open={proposing}
        onClose={() => setProposing(false)}
        initial={{ areaCode: post?.area ?? '' }}
        inputs={{ areaCode: (props) => <AreaPicker {...props} />, level: (props) => <LevelPicker {...props} /> }}
      />
    </>
  )
}

/** How a response stands, and what about it wants to be seen. */
export function ResponseTones({ row }: { row: api.ResponseRow }) {
  const say = useText()
  return (
    <>
      <Tone tone={tones[row.state]}>{say(choiceText(ResponseState, row.state))}</Tone>
      {row.reviewOverdue && (
        <div>
          <Tone tone="look">{say(said.overdue)}</Tone>
        </div>
      )}
      {row.moves.some((move) => move.outcome === null) && (
        <div>
          <Tone tone="look">{say(said.waits)}</Tone>
        </div>
      )}
    </>
  )
}
