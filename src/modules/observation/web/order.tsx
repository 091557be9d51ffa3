// One order beside its list: what it says, what is missing, what may be done next and why not, what was done.
import { Link } from '@tanstack/react-router'
import { Alert } from 'antd'
import { useState } from 'react'
import { sayMinute } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { ActionButton } from '#web/console/action.tsx'
import { ConfirmReason } from '#web/console/confirm.tsx'
import { FormDrawer, RecordWords, Side } from '#web/console/drawer.tsx'
import { ProblemNote, useNotify } from '#web/console/notify.tsx'
import { useAsk, useTell } from '#web/console/query.ts'
import { Tone } from '#web/console/tone.tsx'
import { useLanguage, useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import { holds, useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { ChangeKind, OrderState, parts, StepVerb, type Part } from '../model.ts'
import { categoryInput, conditionsInput, guardianInput, teamInput, type Rules } from './inputs.tsx'
import { PapersButton } from './papers.tsx'
import { said, saidSlots, tones } from './said.ts'

type Opened = 'check' | 'transfer' | 'record' | 'serve' | 'change' | 'approveRelease' | 'serveRelease' | 'cancel'
type Props = { order: string | undefined; community: string | undefined; rules: Rules; onClose: () => void }

export function OrderDrawer({ order, community, rules, onClose }: Props) {
  const say = useText()
  const language = useLanguage()
  const input = { order: order ?? '', ...(community ? { community } : {}) }
  const { data: shown, error, refetch } = useAsk(api.order, input, { enabled: order !== undefined })
  return (
    <Side title={said.orders} open={order !== undefined} onClose={onClose}>
      {error && <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />}
      {shown && (
        <div className="observation-side">
          <p className="observation-notes">
            <Tone tone={tones[shown.state]}>{say(choiceText(OrderState, shown.state))}</Tone>{' '}
            <Tone tone={shown.inForce ? 'info' : 'quiet'}>{say(shown.inForce ? said.inForce : said.notInForce)}</Tone>{' '}
            {shown.due && <Tone tone="look">{say(said.due)}</Tone>}
          </p>
          {shown.due && !shown.inForce && <Alert className="observation-notes" type="warning" showIcon title={say(said.past)} />}
          {shown.missing.length > 0 && (
            <Alert
              className="observation-notes"
              type="info"
              showIcon
              title={`${say(said.missing)}：${shown.missing.map((one) => say(parts[one as Part])).join('、')}`}
            />
          )}
          {shown.state === 'released' && <p className="observation-notes">{say(said.closed)}</p>}
          {shown.slots.due > 0 && <p className="observation-notes">{say(saidSlots(shown.slots))}</p>}
          <Actions of={shown} input={input} rules={rules} />
          <dl className="record">
            <div>
              <dt>{say(text('类别', 'Category'))}</dt>
              <dd>{say(shown.categoryTitle)}</dd>
            </div>
          </dl>
          <RecordWords
            schema={api.OrderShown}
            value={shown}
            fields={[
              'name',
              'address',
              'people',
              'place',
              'facility',
              'observedFrom',
              'dayZero',
              'dayZeroBy',
              'lastDay',
              'releaseOn',
              'decidingBody',
              'legalBasis',
              'document',
              'coResidentsBound',
              'guardianShown',
              'noticeNumber',
              'servedHow',
              'servedAt',
              'servedBy',
              'undertaking',
              'releaseDocument',
              'releaseNumber',
              'releasedAt',
              'proposedByName',
              'recordedByName',
              'decidedByName',
            ].filter((name) => (shown as Record<string, unknown>)[name] !== null)}
          />
          <h2>{say(said.people)}</h2>
          <ul className="observation-steps">
            {shown.bound.map((p) => (
              <li key={p.id}>
                {p.name}
                {p.age !== null && ` · ${p.age} ${say(said.age)}`}
              </li>
            ))}
          </ul>
          {!['proposed', 'checked', 'cancelled'].includes(shown.state) && (
            <p>
              <Link to="/family" search={{ order: shown.id } as never}>
                {say(said.ownPage)}
              </Link>
            </p>
          )}
          <Changes of={shown} input={input} />
          <h2>{say(said.steps)}</h2>
          <ol className="observation-steps" reversed>
            {shown.steps.map((s) => (
              <li key={s.id}>
                {sayMinute(s.at, language)} {say(choiceText(StepVerb, s.verb))} · {s.byName}
                {s.detail && ` · ${s.detail}`}
              </li>
            ))}
          </ol>
        </div>
      )}
    </Side>
  )
}

type Input = { order: string; community?: string }

/** Each step with the reason why it may not be taken now. */
function Actions({ of: shown, input, rules }: { of: api.OrderShown; input: Input; rules: Rules }) {
  const notify = useNotify()
  const { roles } = useSession()
  const [open, setOpen] = useState<Opened>()
  const decide = useTell(api.decide)
  const release = useTell(api.requestRelease)
  const stop = useTell(api.cancel)
  const { state } = shown
  const early = state === 'proposed' || state === 'checked'
  const over = state === 'released' || state === 'cancelled'
  const may = (contract: { may: readonly string[] | 'anyone' | 'signedIn' }) =>
    holds(contract.may, roles) ? undefined : said.mayNot
  const before = over ? said.over : early ? undefined : said.decidedAlready
  const running = over ? said.over : early || state === 'decided' ? said.notServed : undefined
  const act = async (told: ReturnType<typeof useTell<typeof api.decide.input, typeof api.decide.output>>) => {
    if (await told.tell(input, undefined, notify.refused)) notify.done()
  }
  const missing =
    shown.missing.length > 0
      ? text(
          `${said.missing.zh}：${shown.missing.map((m) => parts[m as Part].zh).join('、')}`,
          `${said.missing.en}: ${shown.missing.map((m) => parts[m as Part].en).join(', ')}`,
        )
      : undefined
  const steps: { label: Text; run: () => void; why: Text | undefined; main?: boolean; danger?: boolean }[] = [
    {
      label: api.check.title,
      run: () => setOpen('check'),
      why: may(api.check) ?? (shown.seal ? said.ofSeal : (before ?? (shown.homeNow ? undefined : said.notAtHome))),
      main: early && shown.homeNow && !shown.suitability && !shown.seal,
    },
    {
      label: api.signTransfer.title,
      run: () => setOpen('transfer'),
      why: may(api.signTransfer) ?? (over ? said.over : undefined),
    },
    { label: api.record.title, run: () => setOpen('record'), why: may(api.record) ?? before, main: early && !shown.recordedBy },
    {
      label: api.decide.title,
      run: () => void act(decide),
      why: may(api.decide) ?? before ?? (shown.mine ? said.own : missing),
      main: early && !missing,
    },
    {
      label: api.serve.title,
      run: () => setOpen('serve'),
      why: may(api.serve) ?? (over ? said.over : early ? said.notDecided : state === 'decided' ? undefined : said.served),
      main: state === 'decided',
    },
    {
      label: api.change.title,
      run: () => setOpen('change'),
      why: may(api.change) ?? (shown.seal ? said.ofSeal : over ? said.over : early ? said.notDecided : undefined),
    },
    {
      label: api.requestRelease.title,
      run: () => void act(release),
      why: may(api.requestRelease) ?? running ?? (state !== 'served' ? said.over : shown.due ? undefined : said.notDue),
      main: state === 'served' && shown.due,
    },
    {
      label: api.approveRelease.title,
      run: () => setOpen('approveRelease'),
      why: may(api.approveRelease) ?? running ?? (state === 'releaseRequested' ? undefined : said.notRequested),
      main: state === 'releaseRequested',
    },
    {
      label: api.serveRelease.title,
      run: () => setOpen('serveRelease'),
      why: may(api.serveRelease) ?? running ?? (state === 'releaseApproved' ? undefined : said.notApproved),
      main: state === 'releaseApproved',
    },
    {
      label: api.cancel.title,
      run: () => setOpen('cancel'),
      why: may(api.cancel) ?? (early || state === 'decided' ? undefined : over ? said.over : said.decidedAlready),
      danger: true,
    },
  ]
  const close = () => setOpen(undefined)
  const chosen = rules.categories.find((c) => c.key === shown.category)
  const team = shown.frozen?.team ?? rules.teams.find((t) => t.key === chosen?.team)
  const homeInputs = { 'suitability.has': conditionsInput(rules), category: categoryInput(rules) }
  return (
    <>
      <div className="observation-actions">
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
        <PapersButton
          input={{ ...(input.community ? { community: input.community } : {}), orders: [shown.id] }}
          disabledReason={may(api.sheets) ?? (early || state === 'cancelled' ? said.notDecided : undefined)}
        />
        <PapersButton
          label={said.printRelease}
          input={{ ...(input.community ? { community: input.community } : {}), orders: [shown.id], of: 'release' }}
          disabledReason={may(api.sheets) ?? (shown.releaseNumber ? undefined : said.notApproved)}
        />
      </div>
      <FormDrawer
        of={api.check}
        open={open === 'check'}
        onClose={close}
        fixed={input}
        fields={['suitability']}
        draft={false}
        inputs={homeInputs}
      />
      <FormDrawer
        of={api.signTransfer}
        open={open === 'transfer'}
        onClose={close}
        fixed={input}
        fields={['facility', 'side', 'name', 'unit']}
        draft={false}
        initial={shown.facility ? { facility: shown.facility } : {}}
      />
      <FormDrawer
        of={api.record}
        open={open === 'record'}
        onClose={close}
        fixed={input}
        draft={false}
        initial={{
          category: shown.category,
          place: shown.place,
          ...known(shown, [
            'decidingBody',
            'legalBasis',
            'document',
            'facility',
            'observedFrom',
            'leftOn',
            'proof',
            'lastContactOn',
            'coResidentsBound',
            'guardian',
            'guardianName',
          ]),
          team: shown.team,
        }}
        fields={
          shown.seal
            ? ['guardian', 'guardianName']
            : [
                'decidingBody',
                'legalBasis',
                'document',
                'category',
                'place',
                'facility',
                'observedFrom',
                'leftOn',
                'proof',
                'lastContactOn',
                'coResidentsBound',
                'guardian',
                'guardianName',
                'team',
              ]
        }
        inputs={{ ...homeInputs, guardian: guardianInput(shown.bound.filter((p) => !p.minor)), team: teamInput(team) }}
      />
      <FormDrawer
        of={api.serve}
        open={open === 'serve'}
        onClose={close}
        fixed={input}
        fields={['how', 'at', 'by', 'undertaking', 'witness']}
        draft={false}
      />
      <FormDrawer
        of={api.change}
        open={open === 'change'}
        onClose={close}
        fixed={input}
        draft={false}
        inputs={homeInputs}
        fields={['kind', 'decidingBody', 'legalBasis', 'document', 'lastDay', 'place', 'facility', 'category', 'suitability']}
        initial={known(shown, ['decidingBody', 'legalBasis'])}
      />
      <FormDrawer
        of={api.approveRelease}
        open={open === 'approveRelease'}
        onClose={close}
        fixed={input}
        fields={['document']}
        draft={false}
      />
      <FormDrawer
        of={api.serveRelease}
        open={open === 'serveRelease'}
        onClose={close}
        fixed={input}
        fields={['how', 'by']}
        draft={false}
      />
      <ConfirmReason
        open={open === 'cancel'}
        title={api.cancel.title}
        danger
        submit={api.cancel.title}
        busy={stop.busy}
        problem={stop.problem}
        onClose={close}
        onConfirm={(reason) =>
          void stop.tell({ ...input, reason }).then((done) => {
            if (done) {
              notify.done()
              close()
            }
          })
        }
      />
    </>
  )
}

const known = <K extends keyof api.OrderShown>(shown: api.OrderShown, names: readonly K[]): Record<string, never> =>
  Object.fromEntries(names.flatMap((name) => (shown[name] === null ? [] : [[name, shown[name]]]))) as Record<string, never>

function Changes({ of: shown, input }: { of: api.OrderShown; input: Input }) {
  const say = useText()
  const notify = useNotify()
  const { roles } = useSession()
  const { tell, busy } = useTell(api.decideChange)
  if (shown.changes.length === 0) return null
  const settle = async (change: string, approve: boolean) => {
    if (await tell({ ...input, change, approve }, undefined, notify.refused)) notify.done()
  }
  return (
    <>
      <h2>{say(said.changes)}</h2>
      {shown.changes.map((c) => {
        const why = !holds(api.decideChange.may, roles) ? said.mayNot : c.mine ? said.own : undefined
        return (
          <div key={c.id} className="observation-notes">
            <p>
              {say(choiceText(ChangeKind, c.kind))} · {c.document} · {c.decidingBody}
              {c.lastDay && ` · ${c.lastDay}`}
              {c.facility && ` · ${c.facility}`} · {c.proposedByName}
            </p>
            {c.outcome === null ? (
              <div className="observation-actions">
                <ActionButton
                  label={said.countersign}
                  type="primary"
                  loading={busy}
                  disabledReason={why}
                  run={() => void settle(c.id, true)}
                />
                <ActionButton label={said.giveBack} disabledReason={why} run={() => void settle(c.id, false)} />
              </div>
            ) : (
              <Tone
                tone={c.outcome === 'approved' ? 'ok' : 'quiet'}
              >{`${say(c.outcome === 'approved' ? said.countersign : said.giveBack)} ${c.decidedByName ?? ''}`}</Tone>
            )}
          </div>
        )
      })}
    </>
  )
}
