// The response panel: what is active, what awaits a second person, and the moves that the table of states allows.
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { AreaPicker } from '#modules/identity/web/pickers.tsx'
import { ActionButton, type Action } from '#web/console/action.tsx'
import { FormDrawer, RecordDrawer } from '#web/console/drawer.tsx'
import { useNotify } from '#web/console/notify.tsx'
import { useTell } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone, type ToneName } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import { useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { can, ResponseState } from '../model.ts'

const said = {
  propose: text('提出应急响应', 'Propose a response'),
  activate: text('启动', 'Activate'),
  drop: text('撤回', 'Take back'),
  review: text('复核后继续', 'Continue'),
  end: text('终止', 'End'),
  second: text('须由提出人以外的另一人启动', 'Somebody other than the proposer has to activate it'),
  outside: text('由该区域所在层级办理', 'Done by the level of that area'),
  onlyReading: text('当前岗位只能查看', 'Your present post may only read'),
  overdue: text('已过复核日期', 'Review overdue'),
  empty: text('没有应急响应', 'No response'),
  emptyHint: text('没有已启动的响应，就不能采取任何限制措施。需要时由一人提出、另一人启动。', 'Nothing restrictive can run without one. One person proposes, another activates.'),
}
const tones: Record<ResponseState, ToneName> = { proposed: 'look', active: 'danger', ended: 'quiet' }

type Doing = { verb: 'review' | 'end'; row: api.ResponseRow }

export function ResponsesTab({ mayRule }: { mayRule: boolean }) {
  const say = useText()
  const { post, account } = useSession()
  const notify = useNotify()
  const activate = useTell(api.activateResponse)
  const drop = useTell(api.dropResponse)
  const [proposing, setProposing] = useState(false)
  const [doing, setDoing] = useState<Doing>()
  const [open, setOpen] = useState<api.ResponseRow>()
  const mine = (row: api.ResponseRow) => (!mayRule ? said.onlyReading : row.areaCode.startsWith(post?.area ?? '') ? undefined : said.outside)
  const run = (verb: typeof activate) => async (row: api.ResponseRow) => {
    if (await verb.tell({ response: row.id }, undefined, notify.refused)) notify.done()
  }
  const actions = (row: api.ResponseRow): Action[] => [
    ...(can.activate(row) ? [{
      label: said.activate, run: () => void run(activate)(row), disabledReason: mine(row) ?? (row.proposedBy === account ? said.second : undefined),
    }] : []),
    ...(can.drop(row) ? [{ label: said.drop, run: () => void run(drop)(row), disabledReason: mine(row) }] : []),
    ...(can.review(row) ? [{ label: said.review, run: () => setDoing({ verb: 'review', row }), disabledReason: mine(row) }] : []),
    ...(can.end(row) ? [{ label: said.end, danger: true, run: () => setDoing({ verb: 'end', row }), disabledReason: mine(row) }] : []),
  ]
  return (
    <>
      <DataTable
        of={api.responses}
        columns={['disease', 'class', 'areaName', 'government', 'document', 'startsOn', 'reviewOn', 'state', 'proposedByName', 'activatedByName']}
        onOpen={setOpen} actions={actions} empty={{ title: said.empty, hint: said.emptyHint }}
        tools={<ActionButton label={said.propose} type="primary" run={() => setProposing(true)}
          disabledReason={mayRule ? undefined : said.onlyReading} />}
        cells={{
          state: ({ state, reviewOverdue }) => (
            <>
              <Tone tone={tones[state]}>{say(choiceText(ResponseState, state))}</Tone>
              {reviewOverdue && <div><Tone tone="look">{say(said.overdue)}</Tone></div>}
            </>
          ),
        }} />
      <FormDrawer
        of={api.proposeResponse} open={proposing} onClose={() => setProposing(false)} initial={{ areaCode: post?.area ?? '' }}
        inputs={{ areaCode: (props) => <AreaPicker {...props} /> }} />
      <FormDrawer
        of={api.reviewResponse} open={doing?.verb === 'review'} onClose={() => setDoing(undefined)} draft={false}
        fixed={{ response: doing?.row.id ?? '' }} initial={{ document: doing?.row.document ?? '' }} />
      <FormDrawer
        of={api.endResponse} open={doing?.verb === 'end'} onClose={() => setDoing(undefined)} draft={false} danger
        fixed={{ response: doing?.row.id ?? '' }} submit={said.end} />
      <RecordDrawer title={text('应急响应', 'Response')} schema={api.ResponseRow} value={open} onClose={() => setOpen(undefined)}
        fields={['disease', 'class', 'level', 'areaName', 'government', 'document', 'startsOn', 'reviewOn', 'endsOn', 'endDocument', 'state',
          'proposedByName', 'proposedAt', 'activatedByName', 'activatedAt']} />
    </>
  )
}
