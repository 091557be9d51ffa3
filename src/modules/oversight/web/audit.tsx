// The audit page: looks outside the work first, then everything that was done and looked at; whom a look showed.
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import type { Action } from '#web/console/action.tsx'
import { useFilters } from '#web/console/address.ts'
import { Side } from '#web/console/drawer.tsx'
import { ExportButton } from '#web/console/exporting.tsx'
import { Page } from '#web/console/page.tsx'
import { DataTable } from '#web/console/table.tsx'
import { Tone, type ToneName } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import * as api from '../api.ts'
import { Outcome, Reason } from '../model.ts'

const said = {
  title: text('查阅监督', 'Audit'),
  first: text('请先核对：工作之外的查看', 'Ask about these first: looks outside the work'),
  note: text(
    '列在这里不等于违规，只说明应当先问一问。不选日期时列出最近七天。您在本页的查看同样会被记录。',
    'Being listed is no offence; it says where to ask first. Without a date: the last seven days. Your own looks here are recorded, too.',
  ),
  all: text('全部操作与查看', 'Everything done and looked at'),
  persons: text('看到的人', 'Whom'),
  account: text('只看此人', 'Same account'),
  contract: text('只看此类', 'Same kind'),
  everything: text('查看所有账号和事项', 'All accounts and kinds'),
  history: text('谁看过此人', 'Who looked at this person'),
  none: text('没有工作之外的查看', 'No looks outside the work'),
  noneHint: text(
    '规则见“响应与规则”：工作时段、往来天数。',
    'The rules stand under Response and rules: working hours, days of dealing.',
  ),
  nobody: text('这次没有看到具体的人。', 'This showed no particular person.'),
}

const toneOf: Record<Outcome, ToneName> = { looked: 'info', done: 'ok', before: 'quiet', refused: 'look' }
const heading = { fontSize: 16, margin: 0 }
/** Names stay readable where the table is wider than the screen. */
const wide = { minWidth: '9em' }
const shared = ['from', 'to', 'role'] as const

export function AuditPage() {
  const say = useText()
  const [filters, setFilters] = useFilters(api.acts)
  const [opened, setOpened] = useState<api.Act>()
  const { account, contract } = filters
  const fixed = { ...(account ? { account } : {}), ...(contract ? { contract } : {}) }
  const only = (...names: readonly (keyof typeof filters)[]) =>
    Object.fromEntries(names.map((key) => [key, filters[key]]).filter(([, value]) => value !== undefined))
  const chosen = only(...shared)
  const actions = (act: api.Act): Action[] => [
    { label: said.persons, run: () => setOpened(act), disabledReason: act.persons ? undefined : said.nobody },
    { label: said.account, run: () => setFilters({ account: act.account }) },
    { label: said.contract, run: () => setFilters({ contract: act.contract }) },
  ]
  const cells = {
    what: (act: api.Act) => say(act.what),
    accountName: (act: api.Act) => (
      <div style={wide}>
        {act.accountName}
        <br />
        <span className="unit">{[say(act.roleText), act.areaName].filter(Boolean).join(' · ')}</span>
      </div>
    ),
    outcome: (act: api.Act) => <Tone tone={toneOf[act.outcome]}>{say(choiceText(Outcome, act.outcome))}</Tone>,
    reasons: (act: api.Act) =>
      act.reasons.map((one) => (
        <div key={one}>
          <Tone tone="look">{say(choiceText(Reason, one))}</Tone>
        </div>
      )),
  }
  const narrowed = account !== undefined || contract !== undefined
  return (
    <Page
      title={said.title}
      tools={
        narrowed && (
          <Button onClick={() => setFilters({ account: undefined, contract: undefined })}>{say(said.everything)}</Button>
        )
      }
    >
      <p>{say(said.note)}</p>
      <h2 style={heading}>{say(said.first)}</h2>
      <DataTable
        of={api.acts}
        title={said.first}
        columns={['at', 'accountName', 'reasons', 'what', 'purpose', 'persons']}
        filters={[...shared, 'reason']}
        tools={<ExportButton of={api.exportActs} input={{ ...fixed, ...chosen, ...only('reason'), unusual: true }} />}
        fixed={{ ...fixed, unusual: true }}
        cells={cells}
        actions={actions}
        empty={{ title: said.none, hint: said.noneHint }}
      />
      <h2 style={heading}>{say(said.all)}</h2>
      <DataTable
        of={api.acts}
        title={said.all}
        columns={['at', 'accountName', 'what', 'purpose', 'outcome', 'shown', 'persons']}
        filters={['outcome']}
        tools={<ExportButton of={api.exportActs} input={{ ...fixed, ...chosen, ...only('outcome') }} />}
        fixed={{ ...fixed, ...chosen }}
        cells={cells}
        actions={actions}
      />
      <Side title={said.persons} open={opened !== undefined} onClose={() => setOpened(undefined)}>
        {opened && <Seen of={opened} />}
      </Side>
    </Page>
  )
}

function Seen({ of }: { of: api.Act }) {
  const navigate = useNavigate()
  return (
    <DataTable
      of={api.seen}
      title={said.persons}
      columns={['name']}
      fixed={{ act: of.id, community: of.community }}
      actions={({ id, community }) => [
        {
          label: said.history,
          run: () => void navigate({ to: `/audit/person/${id}` as never, search: { community } as never }),
        },
      ]}
    />
  )
}
