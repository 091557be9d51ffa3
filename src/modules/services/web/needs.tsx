// Needs on the console: the list with its ledger, one need beside it with its money and its steps.
import { useState } from 'react'
import { sayMinute } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import type { Text } from '#core/text.ts'
import { ActionButton } from '#web/console/action.tsx'
import { useFilters } from '#web/console/address.ts'
import { ConfirmReason } from '#web/console/confirm.tsx'
import { FormDrawer, RecordWords, Side } from '#web/console/drawer.tsx'
import { ExportButton } from '#web/console/exporting.tsx'
import { ProblemNote, useNotify } from '#web/console/notify.tsx'
import { useAsk, useTell } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { useLanguage, useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import { holds, useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { can, RequestState, Verb } from '../model.ts'
import { codedInput, householdInput, type Coded } from './inputs.tsx'
import { PrintList } from './print.tsx'
import { said, tones } from './said.ts'

export type Rules = {
  readonly categories: readonly (Coded & { buys: boolean })[]
  readonly urgencies: readonly Coded[]
  readonly care: readonly Coded[]
}
export type Here = { readonly community?: string }

const paper = [
  'number',
  'askedAt',
  'name',
  'address',
  'category',
  'people',
  'urgency',
  'content',
  'budget',
  'payment',
  'channel',
  'takenByName',
  'amount',
  'deliveredAt',
  'signedBy',
  'score',
  'returnedWhy',
  'state',
]

export function Needs({ here, rules }: { here: Here; rules: Rules }) {
  const say = useText()
  const { roles } = useSession()
  const [filters] = useFilters(api.requests)
  const [asked, setAsked] = useFilters(api.request)
  const [asking, setAsking] = useState(false)
  const own = Object.fromEntries(
    ['state', 'overdue', 'owes', 'mine', 'from', 'to'].flatMap((key) =>
      filters[key] === undefined ? [] : [[key, filters[key]]],
    ),
  )
  return (
    <>
      <DataTable
        of={api.requests}
        title={said.needs}
        columns={['number', 'state', 'category', 'content', 'name', 'address', 'urgency', 'dueAt', 'takenByName', 'amount']}
        filters={['state', 'overdue', 'owes', 'mine', 'from', 'to']}
        fixed={here}
        onOpen={(row) => setAsked({ request: row.id })}
        empty={{ title: said.noNeeds, hint: said.noNeedsHint }}
        tools={
          <>
            <PrintList
              of={api.requests}
              row={api.RequestLine}
              input={{ ...here, ...own }}
              title={api.exportRequests.title}
              columns={paper}
              shown={(r) => ({ ...r, category: say(r.categoryTitle), urgency: say(r.urgencyTitle) })}
            />
            <ExportButton of={api.exportRequests} input={{ ...here, ...own }} />
            <ActionButton
              label={said.newNeed}
              type="primary"
              run={() => setAsking(true)}
              disabledReason={holds(api.ask.may, roles) ? undefined : said.mayNot}
            />
          </>
        }
        cells={{
          state: (r) => (
            <>
              <Tone tone={tones[r.state]}>{say(choiceText(RequestState, r.state))}</Tone>
              {r.overdue && (
                <>
                  {' '}
                  <Tone tone="danger">{say(said.overdue)}</Tone>
                </>
              )}
            </>
          ),
          category: (r) => say(r.categoryTitle),
          urgency: (r) => say(r.urgencyTitle),
        }}
      />
      <FormDrawer
        of={api.ask}
        open={asking}
        onClose={() => setAsking(false)}
        onDone={(row) => setAsked({ request: row.id })}
        fields={['household', 'category', 'urgency', 'content', 'people', 'budget', 'payment', 'channel']}
        inputs={{ household: householdInput, category: codedInput(rules.categories), urgency: codedInput(rules.urgencies) }}
      />
      <NeedDrawer request={asked['request'] as string | undefined} here={here} onClose={() => setAsked({ request: undefined })} />
    </>
  )
}

type Opened = 'buy' | 'deliver' | 'feedback' | 'giveUp' | 'giveBack' | 'cancel'

function NeedDrawer({ request, here, onClose }: { request: string | undefined; here: Here; onClose: () => void }) {
  const say = useText()
  const language = useLanguage()
  const {
    data: shown,
    error,
    refetch,
  } = useAsk(api.request, { ...here, request: request ?? '' }, { enabled: request !== undefined })
  return (
    <Side title={said.needs} open={request !== undefined} onClose={onClose}>
      {error && <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />}
      {shown && (
        <>
          <p>
            <Tone tone={tones[shown.state]}>{say(choiceText(RequestState, shown.state))}</Tone>{' '}
            {shown.overdue && <Tone tone="danger">{say(said.overdue)}</Tone>}{' '}
            {shown.owes && <Tone tone="look">{say(said.owing)}</Tone>}
          </p>
          <Actions of={shown} here={here} />
          <dl className="record">
            <div>
              <dt>{say(said.kind)}</dt>
              <dd>
                {say(shown.categoryTitle)} · {say(shown.urgencyTitle)}
              </dd>
            </div>
          </dl>
          <RecordWords
            schema={api.RequestLine}
            value={shown}
            fields={[
              'number',
              'name',
              'address',
              'phone',
              'content',
              'people',
              'budget',
              'payment',
              'channel',
              'askedByName',
              'askedAt',
              'dueAt',
              'takenByName',
              'advancedBy',
              'amount',
              'receipts',
              'boughtAt',
              'refundedAt',
              'deliveredAt',
              'signedBy',
              'returnedWhy',
              'score',
              'feedback',
              'closedAt',
              'cancelReason',
            ].filter((name) => {
              const value = (shown as Record<string, unknown>)[name]
              return value !== null && !(Array.isArray(value) && !value.length)
            })}
          />
          <h2>{say(said.steps)}</h2>
          <ol reversed>
            {shown.steps.map((s) => (
              <li key={s.id}>
                {sayMinute(s.at, language)} {say(choiceText(Verb, s.verb))} · {s.byName}
                {s.detail && ` · ${s.detail}`}
              </li>
            ))}
          </ol>
        </>
      )}
    </Side>
  )
}

/** Each step with the reason why it may not be taken now. */
function Actions({ of: shown, here }: { of: api.RequestShown; here: Here }) {
  const notify = useNotify()
  const { roles } = useSession()
  const [open, setOpen] = useState<Opened>()
  const input = { ...here, request: shown.id }
  const [take, settle, finish] = [useTell(api.take), useTell(api.refund), useTell(api.close)]
  const [letGo, back, stop] = [useTell(api.giveUp), useTell(api.giveBack), useTell(api.cancel)]
  const stands = roles.includes('communityStaff') || roles.includes('communitySecretary')
  const may = holds(api.take.may, roles) ? undefined : said.mayNot
  const mine = may ?? (shown.mine || stands ? undefined : said.takenByOther)
  const when = (ok: boolean): Text | undefined => (ok ? undefined : said.wrongState)
  const act = async (told: { tell: (input: never, id?: string, refused?: never) => Promise<unknown> }) => {
    if (await told.tell(input as never, undefined, notify.refused as never)) notify.done()
  }
  const because = async (told: { tell: (input: never, id?: string, refused?: never) => Promise<unknown> }, reason: string) => {
    if (await told.tell({ ...input, reason } as never, undefined, notify.refused as never)) {
      notify.done()
      setOpen(undefined)
    }
  }
  const steps: { label: Text; run: () => void; why: Text | undefined; main?: boolean; danger?: boolean }[] = [
    { label: api.take.title, run: () => void act(take as never), why: may ?? when(can.take(shown)), main: true },
    { label: api.buy.title, run: () => setOpen('buy'), why: mine ?? when(can.buy(shown)), main: shown.buys },
    {
      label: api.deliver.title,
      run: () => setOpen('deliver'),
      why: mine ?? when(can.deliver(shown)),
      main: shown.state === 'bought' || !shown.buys,
    },
    { label: api.refund.title, run: () => void act(settle as never), why: mine ?? when(shown.owes), main: true },
    {
      label: api.feedback.title,
      run: () => setOpen('feedback'),
      why: may ?? when(shown.state === 'delivered' || shown.state === 'closed'),
    },
    {
      label: api.close.title,
      run: () => void act(finish as never),
      why: mine ?? (shown.owes && can.close(shown) ? said.moneyOpen : when(can.close(shown))),
      main: true,
    },
    { label: api.giveBack.title, run: () => setOpen('giveBack'), why: may ?? when(can.giveBack(shown)) },
    { label: api.giveUp.title, run: () => setOpen('giveUp'), why: mine ?? when(can.giveUp(shown)) },
    { label: api.cancel.title, run: () => setOpen('cancel'), why: may ?? when(can.cancel(shown)), danger: true },
  ]
  const close = () => setOpen(undefined)
  return (
    <>
      <div className="services-actions">
        {steps.map(({ label, run, why, main, danger }) => (
          <ActionButton
            key={label.en}
            label={label}
            run={run}
            disabledReason={why}
            type={main && !why ? 'primary' : 'default'}
            danger={danger ?? false}
          />
        ))}
      </div>
      <FormDrawer of={api.buy} open={open === 'buy'} onClose={close} draft={shown.id} fixed={input} />
      <FormDrawer
        of={api.deliver}
        open={open === 'deliver'}
        onClose={close}
        draft={shown.id}
        fixed={input}
        fields={['receivedBy']}
      />
      <FormDrawer of={api.feedback} open={open === 'feedback'} onClose={close} draft={shown.id} fixed={input} />
      <ConfirmReason
        open={open === 'giveUp'}
        title={api.giveUp.title}
        busy={letGo.busy}
        problem={letGo.problem}
        onConfirm={(reason) => void because(letGo as never, reason)}
        onClose={close}
      />
      <ConfirmReason
        open={open === 'giveBack'}
        title={api.giveBack.title}
        busy={back.busy}
        problem={back.problem}
        onConfirm={(reason) => void because(back as never, reason)}
        onClose={close}
      />
      <ConfirmReason
        open={open === 'cancel'}
        title={api.cancel.title}
        danger
        busy={stop.busy}
        problem={stop.problem}
        onConfirm={(reason) => void because(stop as never, reason)}
        onClose={close}
      />
    </>
  )
}
