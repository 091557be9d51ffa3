// An entry that stands already: put right with a reason, or withdrawn.
import { useState } from 'react'
import { sayMinute } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { useLanguage } from '#web/language.ts'
import { Choice } from '#web/phone/fields.tsx'
import { takeBack } from '#web/phone/outbox.ts'
import { BigButton, Card, Pair, Sheet, SmallButton, toast } from '#web/phone/ui.tsx'
import { useWords } from '#web/phone/words.ts'
import { withdrawAttempt } from '../api.ts'
import { AttemptHow, Outcome } from '../model.ts'
import type { Last, Stop } from './doors.ts'
import { listPath, useRecord, type Doors, type Visit } from './useDoors.ts'

const reasons = [text('点错了', 'Wrong tap'), text('记错了户', 'Wrong household'), text('情况有变', 'Things changed')]
const reasonChoices = reasons.map((words) => ({ value: words.zh, text: words }))

/** While a correction is made: its reason, before the right answer is pressed. */
export function Correcting({ visit, setVisit, forget }: { visit: Visit; setVisit: (next: Visit) => void; forget: () => void }) {
  const say = useWords()
  return (
    <Card title={text('正在更正', 'Correcting')} aside={<SmallButton onClick={forget}>{text('不更正', 'Leave it')}</SmallButton>}>
      <p>
        {say(
          text(
            '先选原因，再按正确的结果。原记录会留在历史里。',
            'Choose the reason, then press the right answer. The old entry stays in the history.',
          ),
        )}
      </p>
      <Choice
        label={text('更正原因', 'Reason')}
        choices={reasonChoices}
        value={visit.correcting?.reason}
        onChange={(reason: string) => setVisit({ ...visit, correcting: { ...visit.correcting!, reason } })}
      />
    </Card>
  )
}

/** The last attempt at this door; an own one can be corrected or withdrawn. */
export function Before({
  stop,
  last,
  visit,
  setVisit,
  doors,
}: {
  stop: Stop
  last: Last
  visit: Visit
  setVisit: (next: Visit) => void
  doors: Doors
}) {
  const language = useLanguage()
  const say = useWords()
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState<string>()
  const record = useRecord(doors)
  /** What has not been tried to be sent is simply taken back; the server is asked to withdraw the rest, with a reason. */
  async function take() {
    if (await takeBack(last.id)) toast(text('已撤回，没有上传', 'Taken back before it went out'))
    else setOpen(true)
  }
  async function withdraw() {
    if (reason)
      await record(
        withdrawAttempt,
        { replaces: last.id, reason },
        { at: stop, words: text('已撤回', 'withdrawn'), goTo: listPath(stop) },
      )
  }
  return (
    <Card title={text('上一次登记', 'Last entry')}>
      <p>
        {sayMinute(last.at, language)} · {say(choiceText(AttemptHow, last.how))} · {say(choiceText(Outcome, last.outcome))}
        {last.by && ` · ${last.by}`}
      </p>
      {last.mine && !visit.correcting && (
        <Pair>
          <SmallButton
            onClick={() => {
              setVisit({ ...visit, correcting: { id: last.id, reason: null } })
              scrollTo({ top: 0 })
            }}
          >
            {text('更正', 'Correct')}
          </SmallButton>
          <SmallButton tone="stop" onClick={take}>
            {text('撤回', 'Withdraw')}
          </SmallButton>
        </Pair>
      )}
      <Sheet open={open} title={text('撤回这次登记？', 'Withdraw this entry?')} onClose={() => setOpen(false)}>
        <Choice
          label={text('撤回原因', 'Reason')}
          choices={reasonChoices}
          value={reason}
          onChange={(next: string) => setReason(next)}
        />
        <BigButton
          tone="stop"
          disabledReason={reason ? undefined : text('请先选原因', 'Choose the reason first')}
          onClick={withdraw}
        >
          {text('撤回', 'Withdraw')}
        </BigButton>
      </Sheet>
    </Card>
  )
}
