// Monitoring on the console: the round of the day as people × windows, what is to be verified, the fever path, and the ledger.
import { Tabs } from 'antd'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { useFilters } from '#web/console/address.ts'
import { FormDrawer } from '#web/console/drawer.tsx'
import { ExportButton } from '#web/console/exporting.tsx'
import { Page, type Figure } from '#web/console/page.tsx'
import { useAsk, type ListQuery } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import { CommunityPicker, useCommunity } from '#modules/territory/web/pickers.tsx'
import { slotTitle } from '#modules/duties/kinds.ts'
import { tones as slotTones } from '#modules/duties/web/words.ts'
import * as api from '../api.ts'
import { Doubt, EpisodeState } from '../model.ts'
import { Episodes } from './episodes.tsx'
import './monitoring.css'
import { PersonSide } from './person.tsx'
import { comma, measured, said, tones } from './said.ts'

type Here = { community?: string }
type Tab = 'round' | 'flags' | 'episodes' | 'ledger'
const tabs: readonly Tab[] = ['round', 'flags', 'episodes', 'ledger']
const noRules: api.CheckRules = {
  kinds: [{ key: 'temperature', title: text('体温', 'Temperature'), measured: true, unit: null, results: [], symptoms: true }],
  symptoms: [],
  feverAt: 37.3,
}

function useTab(): [Tab, (tab: Tab) => void] {
  const asked = (useSearch({ strict: false }) as { tab?: Tab }).tab
  const navigate = useNavigate()
  return [
    asked && tabs.includes(asked) ? asked : 'round',
    (tab) => void navigate({ to: '.', search: { tab } as never, replace: true }),
  ]
}

export function MonitoringPage() {
  const say = useText()
  const where = useCommunity()
  const here: Here = where.own || !where.community ? {} : { community: where.community }
  const ready = where.own || where.community !== undefined
  const [tab, setTab] = useTab()
  const asked = { enabled: ready }
  const all = useAsk(api.round, { ...here, limit: 1 }, asked)
  const left = useAsk(api.round, { ...here, left: true, limit: 1 }, asked)
  const flags = useAsk(api.flags, { ...here, limit: 1 }, asked)
  const open = useAsk(api.episodes, { ...here, open: true, limit: 200 }, asked)
  const late = open.data?.rows.filter((row) => row.late).length
  const figures: Figure[] = [
    { key: 'all', title: said.toCheck, value: all.data?.total, unit: said.people, onOpen: () => setTab('round') },
    { key: 'left', title: said.left, value: left.data?.total, unit: said.people, tone: 'look', onOpen: () => setTab('round') },
    { key: 'flags', title: said.flags, value: flags.data?.total, unit: said.people, tone: 'look', onOpen: () => setTab('flags') },
    {
      key: 'episodes',
      title: said.episodes,
      value: open.data?.total,
      unit: said.cases,
      tone: 'danger',
      onOpen: () => setTab('episodes'),
    },
    { key: 'late', title: said.late, value: late, unit: said.cases, tone: 'danger', onOpen: () => setTab('episodes') },
  ]
  const rules = all.data?.rules ?? noRules
  return (
    <Page title={said.title} figures={figures} tools={where.own ? undefined : <CommunityPicker {...where} />}>
      {ready && (
        <Tabs
          activeKey={tab}
          onChange={(key) => setTab(key as Tab)}
          destroyOnHidden
          items={[
            { key: 'round', label: say(said.round), children: <Round here={here} rules={rules} /> },
            { key: 'flags', label: say(said.flags), children: <Flags here={here} rules={rules} /> },
            { key: 'episodes', label: say(said.episodes), children: <Episodes here={here} /> },
            { key: 'ledger', label: say(said.ledger), children: <Ledger here={here} rules={rules} /> },
          ]}
        />
      )}
    </Page>
  )
}

// Its rows are a page like any other; rules and day stand beside them.
const roundRows = api.round as unknown as ListQuery<typeof api.round.input, typeof api.RoundRow>

/** People × windows of today. A window that nobody closed says so by a word, never by colour alone. */
function Round({ here, rules }: { here: Here; rules: api.CheckRules }) {
  const say = useText()
  const [opened, setOpened] = useState<api.RoundRow>()
  const [filters] = useFilters(api.round)
  const slots = ['morning', 'evening'] as const
  return (
    <>
      <DataTable
        of={roundRows}
        columns={['name', 'where', ...slots, 'others', 'standing']}
        filters={['left']}
        fixed={here}
        onOpen={setOpened}
        title={said.round}
        heads={{ where: said.where, morning: said.morning, evening: said.evening, others: said.others, standing: said.state }}
        empty={filters['left'] ? { title: said.allChecked } : { title: said.none, hint: said.noneHint }}
        cells={{
          where: (row) => [row.compound, row.buildingName, row.unitName, row.room].filter(Boolean).join(' ') || '—',
          ...Object.fromEntries(
            slots.map((slot) => [
              slot,
              (row: api.RoundRow) => (
                <Slots of={row.slots.filter((s) => s.kind === 'monitoring.temperature' && s.slot === slot)} />
              ),
            ]),
          ),
          others: (row) => (
            <Slots
              named
              of={row.slots.filter((s) => s.kind !== 'monitoring.temperature' || !(slots as readonly string[]).includes(s.slot))}
            />
          ),
          standing: (row) => (
            <>
              {row.episode && <Tone tone={tones[row.episode]}>{say(choiceText(EpisodeState, row.episode))}</Tone>}{' '}
              {row.doubt && <Tone tone="look">{say(said.doubt)}</Tone>}
            </>
          ),
        }}
        actions={(row) => [{ label: said.record, run: () => setOpened(row) }]}
      />
      <PersonSide
        person={opened?.id}
        name={opened?.name ?? null}
        community={here.community}
        rules={rules}
        onClose={() => setOpened(undefined)}
      />
    </>
  )
}

const kinds: Readonly<Record<string, ReturnType<typeof text>>> = {
  'monitoring.symptoms': text('健康状况', 'How they are'),
  'monitoring.verify': text('核实', 'Verify'),
  'monitoring.recheck': text('复测', 'Again'),
  'monitoring.testResult': text('检测', 'Test'),
  'monitoring.waterContainers': text('积水', 'Water'),
}
const states = {
  overdue: said.overdue,
  open: said.unsettled,
  later: said.later,
  missed: said.missed,
  done: said.settled,
  excused: said.excused,
}

function Slots({ of, named = false }: { of: readonly api.RoundSlot[]; named?: boolean }) {
  const say = useText()
  return (
    <>
      {of.map((slot) => (
        <div key={`${slot.duty} ${slot.slot}`}>
          {named && `${say(kinds[slot.kind] ?? slotTitle(undefined, slot.slot))} `}
          {slot.check?.value !== null && slot.check?.value !== undefined ? (
            <Tone tone={slot.check.fever ? 'danger' : 'ok'}>{`${slot.check.value}`}</Tone>
          ) : (
            <Tone tone={slotTones[slot.state]}>{say(states[slot.state])}</Tone>
          )}
        </div>
      ))}
    </>
  )
}

function Flags({ here, rules }: { here: Here; rules: api.CheckRules }) {
  const say = useText()
  const [asked, setAsked] = useState<string>()
  const [opened, setOpened] = useState<api.FlagShown>()
  return (
    <>
      <DataTable
        of={api.flags}
        columns={['name', 'address', 'why', 'values', 'raisedAt', 'state', 'settledByName', 'settledWhy']}
        filters={['state']}
        fixed={here}
        onOpen={setOpened}
        empty={{ title: said.noFlags, hint: said.noFlagsHint }}
        cells={{
          why: (row) => row.why.map((one) => say(choiceText(Doubt, one))).join(say(comma)),
          values: (row) => row.values.join(say(comma)),
        }}
        actions={(row) => (row.state === 'open' ? [{ label: said.settle, run: () => setAsked(row.id) }] : [])}
      />
      <FormDrawer
        of={api.settleFlag}
        open={asked !== undefined}
        onClose={() => setAsked(undefined)}
        draft={false}
        fixed={{ flag: asked ?? '' }}
        fields={['why']}
      />
      <PersonSide
        person={opened?.person}
        name={opened?.name ?? null}
        community={here.community}
        rules={rules}
        onClose={() => setOpened(undefined)}
      />
    </>
  )
}

function Ledger({ here, rules }: { here: Here; rules: api.CheckRules }) {
  const say = useText()
  const [filters] = useFilters(api.list)
  const [opened, setOpened] = useState<api.CheckShown>()
  const wordOf = (list: readonly { key: string; title: { zh: string; en: string } }[], key: string) =>
    say(list.find((one) => one.key === key)?.title ?? text(key, key))
  return (
    <>
      <DataTable
        of={api.list}
        columns={['occurredAt', 'name', 'kind', 'value', 'symptoms', 'how', 'measuredHow', 'recordedByName', 'flags', 'note']}
        filters={['from', 'to', 'how', 'fever']}
        fixed={here}
        onOpen={setOpened}
        empty={{ title: said.noChecks, hint: said.noChecksHint }}
        tools={<ExportButton of={api.exportChecks} input={{ ...filters, ...here }} />}
        cells={{
          kind: (row) => wordOf(rules.kinds, row.kind),
          value: (row) =>
            row.value === null ? (
              (row.result ?? '')
            ) : row.fever ? (
              <Tone tone="danger">{measured({ ...row, value: row.value })}</Tone>
            ) : (
              measured({ ...row, value: row.value })
            ),
          symptoms: (row) =>
            row.symptoms === null
              ? ''
              : row.symptoms.length === 0
                ? say(said.noSymptoms)
                : row.symptoms.map((key) => wordOf(rules.symptoms, key)).join(say(comma)),
        }}
      />
      <PersonSide
        person={opened?.person}
        name={opened?.name ?? null}
        community={here.community}
        rules={rules}
        onClose={() => setOpened(undefined)}
      />
    </>
  )
}
