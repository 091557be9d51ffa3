// Calls and visits on the console: what was recorded, and the two forms, also opened from a duty.
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { ActionButton } from '#web/console/action.tsx'
import { ConfirmReason } from '#web/console/confirm.tsx'
import { FormDrawer } from '#web/console/drawer.tsx'
import { useNotify } from '#web/console/notify.tsx'
import { useTell } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import { holds, useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { CallOutcome } from '../model.ts'
import { codedInput, householdInput } from './inputs.tsx'
import type { Here, Rules } from './needs.tsx'
import { callTones, said } from './said.ts'

/** Whom a duty is about, where the page was opened from one. */
export type About = { readonly household?: string; readonly person?: string }

export function Visits({
  here,
  rules,
  about,
  onDone,
}: {
  here: Here
  rules: Rules
  about: About | undefined
  onDone: () => void
}) {
  const say = useText()
  const notify = useNotify()
  const { roles } = useSession()
  const [form, setForm] = useState<'call' | 'visit' | undefined>()
  const [gone, setGone] = useState<string>()
  const withdraw = useTell(api.withdrawCall)
  const why = holds(api.call.may, roles) ? undefined : said.mayNot
  const close = () => {
    setForm(undefined)
    onDone()
  }
  const fixed = about ?? {}
  const fields = [...(about ? [] : ['household' as const]), 'outcome' as const, 'mood' as const, 'note' as const, 'need' as const]
  const inputs = {
    household: householdInput,
    'need.category': codedInput(rules.categories),
    'need.urgency': codedInput(rules.urgencies),
  }
  return (
    <>
      <DataTable
        of={api.calls}
        title={said.calls}
        columns={['occurredAt', 'kind', 'outcome', 'name', 'address', 'mood', 'note', 'recordedByName']}
        filters={['kind', 'outcome', 'from', 'to']}
        fixed={{ ...here, ...(about?.household ? { household: about.household } : {}) }}
        empty={{ title: said.noCalls, hint: said.noCallsHint }}
        tools={
          <>
            <ActionButton label={api.call.title} type="primary" run={() => setForm('call')} disabledReason={why} />
            <ActionButton label={api.visit.title} run={() => setForm('visit')} disabledReason={why} />
          </>
        }
        cells={{ outcome: (c) => <Tone tone={callTones[c.outcome]}>{say(choiceText(CallOutcome, c.outcome))}</Tone> }}
        actions={(c) => [{ label: said.withdraw, danger: true, run: () => setGone(c.id), disabledReason: why }]}
      />
      <FormDrawer
        of={api.call}
        open={form === 'call'}
        onClose={close}
        fixed={fixed}
        fields={fields}
        inputs={inputs}
        draft={about?.household ?? ''}
      />
      <FormDrawer
        of={api.visit}
        open={form === 'visit'}
        onClose={close}
        fixed={fixed}
        fields={fields}
        inputs={inputs}
        draft={about?.household ?? ''}
      />
      <ConfirmReason
        open={gone !== undefined}
        title={api.withdrawCall.title}
        danger
        busy={withdraw.busy}
        problem={withdraw.problem}
        onClose={() => {
          withdraw.forget()
          setGone(undefined)
        }}
        onConfirm={(reason) =>
          void withdraw.tell({ replaces: gone!, reason }).then((done) => {
            if (done) {
              notify.done()
              setGone(undefined)
            }
          })
        }
      />
    </>
  )
}
