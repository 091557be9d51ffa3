// The fever path on the console: the list by its clock, and one episode with what may be done next and why not.
import { Alert } from 'antd'
import { useState } from 'react'
import { sayMinute } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import type { Text } from '#core/text.ts'
import { ask } from '#web/api.ts'
import { ActionButton } from '#web/console/action.tsx'
import { FormDrawer, RecordWords, Side } from '#web/console/drawer.tsx'
import { ProblemNote, useNotify } from '#web/console/notify.tsx'
import { usePrint } from '#web/console/print.tsx'
import { useAsk } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { FileStrip } from '#web/files.tsx'
import { useLanguage, useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import { holds, useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { can, EpisodeState, Reason, StepVerb } from '../model.ts'
import { CertificateSheet } from './certificate.tsx'
import { celsius, comma, said, tones } from './said.ts'

type Here = { community?: string }

export function Episodes({ here }: { here: Here }) {
  const say = useText()
  const [opened, setOpened] = useState<string>()
  return (
    <>
      <DataTable
        of={api.episodes}
        columns={['name', 'state', 'dueAt', 'reasons', 'firstValue', 'address', 'openedAt', 'certificate']}
        filters={['state', 'open']}
        fixed={here}
        onOpen={(row) => setOpened(row.id)}
        empty={{ title: said.noEpisodes, hint: said.noEpisodesHint }}
        cells={{
          state: (row) => (
            <>
              <Tone tone={tones[row.state]}>{say(choiceText(EpisodeState, row.state))}</Tone>
              {row.late && (
                <>
                  {' '}
                  <Tone tone="danger">{say(said.overdue)}</Tone>
                </>
              )}
            </>
          ),
          reasons: (row) => row.reasons.map((one) => say(choiceText(Reason, one))).join(say(comma)),
        }}
      />
      <EpisodeSide episode={opened} here={here} onClose={() => setOpened(undefined)} />
    </>
  )
}

type Opened = 'report' | 'refer' | 'handOver' | 'result' | 'decide' | 'close'

function EpisodeSide({ episode, here, onClose }: { episode: string | undefined; here: Here; onClose: () => void }) {
  const say = useText()
  const language = useLanguage()
  const {
    data: shown,
    error,
    refetch,
  } = useAsk(api.episode, { episode: episode ?? '', ...here }, { enabled: episode !== undefined })
  return (
    <Side title={said.episodes} open={episode !== undefined} onClose={onClose}>
      {error && <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />}
      {shown && (
        <div className="monitoring-side">
          <p>
            <Tone tone={tones[shown.state]}>{say(choiceText(EpisodeState, shown.state))}</Tone>{' '}
            {shown.late && <Tone tone="danger">{say(said.overdue)}</Tone>}
          </p>
          {shown.state === 'recheck' && <Alert type="info" showIcon title={say(said.how)} />}
          <Actions of={shown} here={here} />
          <RecordWords
            schema={api.EpisodeShown}
            value={shown}
            fields={['name', 'address', 'firstValue', 'openedAt', 'dueAt', 'result', 'certificate'].filter(
              (name) => (shown as Record<string, unknown>)[name] !== null,
            )}
          />
          <h2>{say(said.steps)}</h2>
          <ol className="monitoring-steps">
            {shown.steps.map((step) => (
              <li key={step.id}>
                {sayMinute(step.at, language)} <b>{say(choiceText(StepVerb, step.verb))}</b>{' '}
                {step.late && <Tone tone="look">{say(said.overdue)}</Tone>}
                {step.value !== null && ` ${celsius(step.value)}`}
                {step.whom && ` · ${step.whom}`}
                {step.document && ` · ${step.document}`}
                {step.said && ` · ${step.said}`} · {step.byName}
                {step.evidence.length > 0 && <FileStrip of="monitoring" ids={step.evidence} community={here.community} />}
              </li>
            ))}
          </ol>
        </div>
      )}
    </Side>
  )
}

function Actions({ of: shown, here }: { of: api.EpisodeShown; here: Here }) {
  const { roles } = useSession()
  const [open, setOpen] = useState<Opened>()
  const may = (contract: { may: readonly string[] | 'anyone' | 'signedIn' }): Text | undefined =>
    holds(contract.may, roles) ? undefined : said.mayNot
  const why = (contract: typeof api.report | typeof api.decide | typeof api.close, now: boolean): Text | undefined =>
    may(contract) ?? (now ? undefined : shown.state === 'recheck' ? said.recheckFirst : said.notNow)
  const steps: { key: Opened; label: Text; why: Text | undefined }[] = [
    { key: 'report', label: api.report.title, why: why(api.report, can.report(shown)) },
    { key: 'refer', label: api.refer.title, why: why(api.report, can.refer(shown)) },
    { key: 'handOver', label: api.handOver.title, why: why(api.report, can.handOver(shown)) },
    { key: 'result', label: api.result.title, why: why(api.report, can.result(shown)) },
    { key: 'decide', label: api.decide.title, why: why(api.decide, can.clear(shown)) },
    { key: 'close', label: api.close.title, why: may(api.close) ?? (can.close(shown) ? undefined : said.notNow) },
  ]
  const terms = { onClose: () => setOpen(undefined), fixed: { episode: shown.id }, draft: false as const }
  return (
    <div className="monitoring-actions">
      {steps.map(({ key, label, why: reason }) => (
        <ActionButton
          key={key}
          label={label}
          run={() => setOpen(key)}
          disabledReason={reason}
          type={!reason && key !== 'close' ? 'primary' : 'default'}
        />
      ))}
      <Print
        of={shown}
        here={here}
        disabledReason={may(api.certificate) ?? (shown.certificate ? undefined : said.noCertificate)}
      />
      <FormDrawer of={api.report} open={open === 'report'} {...terms} fields={['whom', 'said']} />
      <FormDrawer of={api.refer} open={open === 'refer'} {...terms} fields={['whom', 'transport', 'said']} />
      <FormDrawer of={api.handOver} open={open === 'handOver'} {...terms} fields={['whom', 'said', 'evidence']} />
      <FormDrawer
        of={api.result}
        open={open === 'result'}
        {...terms}
        fields={['result', 'document', 'evidence', 'without', 'said']}
      />
      <FormDrawer of={api.decide} open={open === 'decide'} {...terms} fields={['to', 'document', 'said']} />
      <FormDrawer of={api.close} open={open === 'close'} {...terms} fields={['said']} />
    </div>
  )
}

function Print({ of: shown, here, disabledReason }: { of: api.EpisodeShown; here: Here; disabledReason: Text | undefined }) {
  const print = usePrint()
  const notify = useNotify()
  const run = async () => {
    try {
      await print(<CertificateSheet of={await ask(api.certificate, { episode: shown.id, ...here })} />)
    } catch (error) {
      notify.refused(asProblem(error))
    }
  }
  return <ActionButton label={said.print} disabledReason={disabledReason} run={() => void run()} />
}
