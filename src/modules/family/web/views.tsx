// Views and codes on the console: who has a page, who waits at the door of one, what it shows; and what residents want corrected.
import { Alert, Select, Tabs } from 'antd'
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { ask } from '#web/api.ts'
import { ActionButton, type Action } from '#web/console/action.tsx'
import { useFilters } from '#web/console/address.ts'
import { FormDrawer, RecordWords, Side } from '#web/console/drawer.tsx'
import type { OwnInput } from '#web/console/inputs.tsx'
import { useNotify } from '#web/console/notify.tsx'
import { Page } from '#web/console/page.tsx'
import { usePrint } from '#web/console/print.tsx'
import { useAsk, useTell } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import { holds, useSession } from '#web/session.ts'
import { PersonPicker } from '#modules/observation/web/inputs.tsx'
import * as api from '../api.ts'
import { CorrectionState, ViewState } from '../model.ts'
import { DoorSheet, Slips } from './papers.tsx'
import { correctionTones, said, tones } from './said.ts'
import './family.css'

export function FamilyPage() {
  const say = useText()
  const { roles } = useSession()
  const [tab, setTab] = useState(() => new URLSearchParams(location.search).get('tab') ?? 'views')
  return (
    <Page title={said.title}>
      <Alert className="family-notes" type="info" showIcon title={say(said.advice)} />
      <Tabs
        activeKey={tab}
        onChange={setTab}
        destroyOnHidden
        items={[
          { key: 'views', label: say(said.views), children: <Views /> },
          ...(holds(api.corrections.may, roles)
            ? [{ key: 'corrections', label: say(said.corrections), children: <Corrections /> }]
            : []),
        ]}
      />
    </Page>
  )
}

function Views() {
  const say = useText()
  const print = usePrint()
  const notify = useNotify()
  const [filters, setFilters] = useFilters(api.views)
  const [opened, setOpened] = useState<string>()
  const [form, setForm] = useState<'issue' | 'object'>()
  const order = filters['order'] as string | undefined
  const about = { ...(order ? { order } : {}), ...(filters['household'] ? { household: filters['household'] as string } : {}) }
  const printing = (work: () => Promise<unknown>) => () => void work().catch((error: unknown) => notify.refused(asProblem(error)))
  return (
    <>
      <div className="family-actions">
        <ActionButton label={said.issue} type="primary" run={() => setForm('issue')} />
        {order && <ActionButton label={said.object} run={() => setForm('object')} />}
        {order && (
          <ActionButton
            label={said.doorSheet}
            run={printing(async () => print(<DoorSheet of={await ask(api.doorSheet, { order })} />))}
          />
        )}
        {Object.keys(about).length > 0 && (
          <ActionButton label={said.all} run={() => setFilters({ order: undefined, household: undefined })} />
        )}
      </div>
      <DataTable
        of={api.views}
        columns={['name', 'state', 'kind', 'proxyName', 'address', 'openedAt', 'lastAt', 'missed', 'issuedAt', 'issuedByName']}
        filters={['state']}
        fixed={about}
        onOpen={(row) => setOpened(row.id)}
        empty={{ title: said.none, hint: said.noneHint }}
        cells={{ state: (row) => <Tone tone={tones[row.state]}>{say(choiceText(ViewState, row.state))}</Tone> }}
      />
      <ViewDrawer id={opened} about={about} onClose={() => setOpened(undefined)} />
      <FormDrawer
        of={api.issue}
        open={form === 'issue'}
        onClose={() => setForm(undefined)}
        draft={false}
        onDone={({ id }) => setOpened(id)}
        fields={['person', 'kind', 'proxyName', 'proxyTie']}
        inputs={{ person: personInput(about) }}
      />
      {order && (
        <FormDrawer
          of={api.recordObjection}
          open={form === 'object'}
          onClose={() => setForm(undefined)}
          draft={false}
          fixed={{ order }}
          fields={['how', 'words']}
        />
      )}
    </>
  )
}

type About = { household?: string; order?: string }
/** Somebody of the household or order in question; anybody where none is. */
const personInput = (about: About): OwnInput =>
  function PersonInput(props) {
    const { data } = useAsk(api.people, about, { enabled: Object.keys(about).length > 0 })
    if (!data) return <PersonPicker {...props} />
    return (
      <Select
        id={props.id}
        className="wide"
        value={(props.value as string | undefined) ?? null}
        options={data.rows.map((one) => ({ value: one.person, label: one.name }))}
        onChange={(one: string | null) => props.onChange(one ?? undefined)}
      />
    )
  }

function ViewDrawer({ id, about, onClose }: { id: string | undefined; about: About; onClose: () => void }) {
  const { data } = useAsk(api.views, { ...about, limit: 200 }, { enabled: id !== undefined })
  const view = data?.rows.find((row) => row.id === id)
  return (
    <Side title={said.views} open={id !== undefined} onClose={onClose}>
      {view && <OneView view={view} />}
    </Side>
  )
}

function OneView({ view }: { view: api.ViewLine }) {
  const say = useText()
  const print = usePrint()
  const notify = useNotify()
  const [form, setForm] = useState<'confirm' | 'share'>()
  const reissue = useTell(api.reissue)
  const revoke = useTell(api.revoke)
  const turn = useTell(api.turnOff)
  const gone = view.state === 'revoked' ? said.revoked : undefined
  const slip = async () => print(<Slips of={await ask(api.slips, { views: [view.id] })} />)
  const then = (done: Promise<unknown>) =>
    void done.then((outcome) => {
      if (outcome) notify.done()
    })
  const off = (isOff: boolean, whole: boolean) => then(turn.tell({ view: view.id, off: isOff, whole }, undefined, notify.refused))
  const steps: (Action & { main?: boolean })[] = [
    {
      label: api.confirmFirst.title,
      run: () => setForm('confirm'),
      disabledReason: gone ?? (view.state === 'waiting' ? undefined : said.noWaiting),
    },
    {
      label: said.slip,
      run: () => void slip().catch((error: unknown) => notify.refused(asProblem(error))),
      disabledReason: gone ?? (view.offAt ? said.isOff : undefined),
    },
    {
      label: api.reissue.title,
      run: () => then(reissue.tell({ view: view.id }, undefined, notify.refused)),
      disabledReason: gone,
    },
    {
      label: api.share.title,
      run: () => setForm('share'),
      disabledReason: gone ?? (view.household ? undefined : said.noHousehold),
    },
    ...(view.offAt
      ? [{ label: said.on, run: () => off(false, true), disabledReason: gone }]
      : [
          { label: said.off, run: () => off(true, false), disabledReason: gone },
          { label: said.offWhole, run: () => off(true, true), disabledReason: gone },
        ]),
    {
      label: api.revoke.title,
      run: () => then(revoke.tell({ view: view.id }, undefined, notify.refused)),
      danger: true,
      disabledReason: gone,
    },
  ]
  return (
    <>
      <p>
        <Tone tone={tones[view.state]}>{say(choiceText(ViewState, view.state))}</Tone>
      </p>
      <div className="family-actions">
        {steps.map((step) => (
          <ActionButton
            key={step.label.en}
            {...step}
            type={step.label === api.confirmFirst.title && !step.disabledReason ? 'primary' : 'default'}
          />
        ))}
      </div>
      <RecordWords
        schema={api.ViewLine}
        value={view}
        fields={[
          'name',
          'kind',
          'proxyName',
          'proxyTie',
          'address',
          'openedAt',
          'lastAt',
          'missed',
          'results',
          'issuedAt',
          'issuedByName',
        ]}
      />
      <FormDrawer
        of={api.confirmFirst}
        open={form === 'confirm'}
        onClose={() => setForm(undefined)}
        draft={false}
        fixed={{ view: view.id }}
        fields={['number']}
      />
      <FormDrawer
        of={api.share}
        open={form === 'share'}
        onClose={() => setForm(undefined)}
        draft={false}
        fixed={{ view: view.id }}
        fields={['persons', 'results']}
        initial={{ persons: view.shared, results: view.results }}
        inputs={{ persons: membersInput(view) }}
      />
    </>
  )
}

const membersInput = (view: api.ViewLine): OwnInput =>
  function MembersInput(props) {
    const { data } = useAsk(api.people, view.household ? { household: view.household } : {}, { enabled: view.household !== null })
    const others = (data?.rows ?? []).filter((one) => one.person !== view.person)
    return (
      <Select
        id={props.id}
        className="wide"
        mode="multiple"
        value={(props.value as string[] | undefined) ?? []}
        options={others.map((one) => ({ value: one.person, label: one.name }))}
        onChange={(chosen: string[]) => props.onChange(chosen)}
      />
    )
  }

function Corrections() {
  const say = useText()
  const [open, setOpen] = useState<api.CorrectionLine>()
  return (
    <>
      <DataTable
        of={api.corrections}
        columns={['name', 'state', 'words', 'address', 'askedAt', 'answer', 'answeredAt']}
        filters={['state']}
        empty={{ title: said.noCorrections, hint: said.noCorrectionsHint }}
        cells={{ state: (row) => <Tone tone={correctionTones[row.state]}>{say(choiceText(CorrectionState, row.state))}</Tone> }}
        actions={(row) => [
          { label: said.deal, run: () => setOpen(row), disabledReason: row.state === 'asked' ? undefined : said.done },
        ]}
      />
      {open && (
        <FormDrawer
          of={api.answerCorrection}
          open
          onClose={() => setOpen(undefined)}
          draft={false}
          fixed={{ correction: open.id }}
          fields={['corrected', 'answer']}
        />
      )}
    </>
  )
}
