// Observation on the console: figures, orders by state, sealed places, and key persons of the screening of whom somebody may propose one.
import { Alert, Tabs } from 'antd'
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { ActionButton } from '#web/console/action.tsx'
import { useFilters } from '#web/console/address.ts'
import { FormDrawer } from '#web/console/drawer.tsx'
import { Page } from '#web/console/page.tsx'
import { useAsk } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import { holds, useSession } from '#web/session.ts'
import { text } from '#core/text.ts'
import { keyPersons } from '#modules/screening/api.ts'
import { CommunityPicker, useCommunity } from '#modules/territory/web/pickers.tsx'
import * as api from '../api.ts'
import { OrderState } from '../model.ts'
import { categoryInput, PersonPicker, type Rules } from './inputs.tsx'
import { Ledgers } from './ledgers.tsx'
import { OrderDrawer } from './order.tsx'
import { said, tones } from './said.ts'
import { Seals } from './seals.tsx'
import './observation.css'

type About = { person?: string; keyPerson?: string; source?: 'returnee' | 'contact' | 'other'; leftOn?: string }
const noRules: Rules = { categories: [], conditions: [], teams: [] }

export function ObservationPage() {
  const say = useText()
  const { roles } = useSession()
  const where = useCommunity()
  const here = where.own || !where.community ? {} : { community: where.community }
  const ready = where.own || where.community !== undefined
  const { data: counts } = useAsk(api.counts, here, { enabled: ready })
  const { data: options } = useAsk(api.options, here, { enabled: ready })
  const [tab, setTab] = useState('orders')
  const [, setFilters] = useFilters(api.orders)
  const [asked, setAsked] = useFilters(api.order)
  const [proposing, setProposing] = useState<About>()
  const rules = options ?? noRules
  const opened = asked['order'] as string | undefined
  const open = (order: string | undefined) => setAsked({ order })
  const show = (filters: Record<string, unknown>) => () => {
    setTab('orders')
    setFilters({ state: undefined, due: undefined, inForce: undefined, ...filters })
  }
  const unit = text('份', 'orders')
  const figures = [
    {
      key: 'households',
      title: text('正在观察（户）', 'Households'),
      value: counts?.households,
      unit: text('户', 'households'),
      onOpen: show({ inForce: true }),
    },
    {
      key: 'persons',
      title: text('正在观察（人）', 'Persons'),
      value: counts?.persons,
      unit: text('人', 'persons'),
      onOpen: show({ inForce: true }),
    },
    {
      key: 'proposed',
      title: text('建议待办', 'Proposals'),
      value: counts?.proposed,
      unit,
      tone: 'look' as const,
      onOpen: show({ state: 'proposed' }),
    },
    {
      key: 'toCountersign',
      title: text('待复核', 'To countersign'),
      value: counts && counts.toCountersign + counts.changes,
      unit,
      tone: 'look' as const,
      onOpen: show({ state: 'checked' }),
    },
    {
      key: 'toServe',
      title: text('待送达', 'To be served'),
      value: counts?.toServe,
      unit,
      tone: 'look' as const,
      onOpen: show({ state: 'decided' }),
    },
    { key: 'due', title: said.due, value: counts?.due, unit, tone: 'danger' as const, onOpen: show({ due: true }) },
    {
      key: 'sealed',
      title: text('封闭中', 'Sealed'),
      value: counts?.sealed,
      unit: text('处', 'places'),
      onOpen: () => setTab('seals'),
    },
  ]
  const mayPropose = !holds(api.propose.may, roles)
    ? said.mayNot
    : options && rules.categories.length === 0
      ? said.noRules
      : undefined
  return (
    <Page
      title={said.title}
      figures={figures}
      tools={
        <>
          {!where.own && <CommunityPicker {...where} />}
          <ActionButton label={said.propose} type="primary" run={() => setProposing({})} disabledReason={mayPropose} />
        </>
      }
    >
      {options && !options.response && (
        <Alert className="observation-notes" type="warning" showIcon title={say(said.noResponse)} />
      )}
      {options && rules.categories.length === 0 && (
        <Alert className="observation-notes" type="info" showIcon title={say(said.noRules)} />
      )}
      <p>{say(said.advice)}</p>
      {ready && (
        <Tabs
          activeKey={tab}
          onChange={setTab}
          destroyOnHidden
          items={[
            { key: 'orders', label: say(said.orders), children: <Orders here={here} onOpen={open} /> },
            { key: 'seals', label: say(said.seals), children: <Seals community={here.community} rules={rules} /> },
            { key: 'ledgers', label: say(said.ledgers), children: <Ledgers here={here} /> },
            ...(holds(keyPersons.may, roles)
              ? [
                  {
                    key: 'suggestions',
                    label: say(said.suggestions),
                    children: <Suggestions here={here} why={mayPropose} onPropose={setProposing} />,
                  },
                ]
              : []),
          ]}
        />
      )}
      <OrderDrawer order={ready ? opened : undefined} community={here.community} rules={rules} onClose={() => open(undefined)} />
      {proposing && <Propose about={proposing} rules={rules} onClose={() => setProposing(undefined)} onDone={open} />}
    </Page>
  )
}

function Orders({ here, onOpen }: { here: { community?: string }; onOpen: (order: string) => void }) {
  const say = useText()
  return (
    <DataTable
      of={api.orders}
      columns={['name', 'state', 'binds', 'category', 'place', 'people', 'observedFrom', 'lastDay', 'address', 'source']}
      heads={{ binds: said.inForce }}
      filters={['state', 'place', 'source', 'inForce', 'due']}
      fixed={here}
      onOpen={(row) => onOpen(row.id)}
      empty={{ title: said.none, hint: said.noneHint }}
      cells={{
        state: (row) => <Tone tone={tones[row.state]}>{say(choiceText(OrderState, row.state))}</Tone>,
        binds: (row) =>
          row.due ? (
            <Tone tone="look">{say(said.due)}</Tone>
          ) : (
            <Tone tone={row.inForce ? 'info' : 'quiet'}>{say(row.inForce ? said.inForce : said.notInForce)}</Tone>
          ),
        category: (row) => say(row.categoryTitle),
      }}
    />
  )
}

/** Whom the screening found: returnees and people with a contact. It proposes nothing by itself. */
function Suggestions({
  here,
  why,
  onPropose,
}: {
  here: { community?: string }
  why: ReturnType<typeof text> | undefined
  onPropose: (about: About) => void
}) {
  return (
    <DataTable
      of={keyPersons}
      title={said.suggestions}
      columns={['name', 'category', 'arrival', 'origin', 'leftOn', 'arrivedOn', 'sourceRisk', 'address']}
      filters={['category', 'risk']}
      fixed={here}
      empty={{ title: said.noKeyPersons, hint: said.noKeyPersonsHint }}
      actions={(row) => [
        {
          label: said.propose,
          disabledReason: why,
          run: () =>
            onPropose({
              person: row.person,
              keyPerson: row.root,
              source: row.category === 'contact' ? 'contact' : row.category === 'returnee' ? 'returnee' : 'other',
              ...(row.leftOn ? { leftOn: row.leftOn } : {}),
            }),
        },
      ]}
    />
  )
}

function Propose({
  about: { person, keyPerson, source, leftOn },
  rules,
  onClose,
  onDone,
}: {
  about: About
  rules: Rules
  onClose: () => void
  onDone: (order: string) => void
}) {
  return (
    <FormDrawer
      of={api.propose}
      open
      onClose={onClose}
      onDone={({ id }) => onDone(id)}
      draft={false}
      fixed={{ ...(person ? { person } : {}), ...(keyPerson ? { keyPerson } : {}) }}
      initial={{ ...(source ? { source } : {}), ...(leftOn ? { leftOn } : {}) }}
      fields={[...(person ? [] : ['person' as const]), 'source', 'category', 'place', 'leftOn', 'proof', 'lastContactOn']}
      inputs={{ person: (props) => <PersonPicker {...props} />, category: categoryInput(rules) }}
    />
  )
}
