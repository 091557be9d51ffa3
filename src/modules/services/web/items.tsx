// Items on the console: what is owed to whom, item by item, the deliveries, and what was handed over.
import { Checkbox } from 'antd'
import { useState } from 'react'
import { ActionButton } from '#web/console/action.tsx'
import { ConfirmReason } from '#web/console/confirm.tsx'
import { FormDrawer } from '#web/console/drawer.tsx'
import type { OwnInput } from '#web/console/inputs.tsx'
import { useNotify } from '#web/console/notify.tsx'
import { useTell } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import { holds, useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { householdInput, itemsInput } from './inputs.tsx'
import type { Here } from './needs.tsx'
import { PrintList } from './print.tsx'
import { said } from './said.ts'
import type { About } from './visits.tsx'

type Given = { item: string; quantity: number }

/** The items that are still owed, ticked one by one as they are received. */
const ticks = (kit: api.Kit): OwnInput =>
  function Ticks({ id, value, onChange, labelledBy }) {
    const say = useText()
    const chosen = (value as Given[] | undefined) ?? []
    const has = (item: string) => chosen.some((one) => one.item === item)
    return (
      <div id={id} role="group" tabIndex={-1} {...(labelledBy ? { 'aria-labelledby': labelledBy } : {})}>
        {kit.items.map(({ item, title, signed }) => (
          <div key={item}>
            <Checkbox
              checked={signed !== null || has(item)}
              disabled={signed !== null}
              onChange={(e) =>
                onChange(e.target.checked ? [...chosen, { item, quantity: 1 }] : chosen.filter((one) => one.item !== item))
              }
            >
              {say(title)}
            </Checkbox>
          </div>
        ))}
      </div>
    )
  }

export function Items({ here, about, onDone }: { here: Here; about: About | undefined; onDone: () => void }) {
  const say = useText()
  const notify = useNotify()
  const { roles } = useSession()
  const [kit, setKit] = useState<api.Kit>()
  const [bringing, setBringing] = useState(false)
  const [gone, setGone] = useState<string>()
  const withdraw = useTell(api.withdrawHandout)
  const why = holds(api.signKit.may, roles) ? undefined : said.mayNot
  const paper = ['occurredAt', 'kind', 'name', 'address', 'item', 'quantity', 'receivedBy', 'recordedByName']
  return (
    <>
      {!why && (
        <DataTable
          of={api.kits}
          title={said.owed}
          columns={['name', 'address', 'items', 'missing', 'since']}
          filters={['missing']}
          rowKey={(row) => row.source}
          empty={{ title: said.noKits, hint: said.noKitsHint }}
          cells={{
            items: (row) => row.items.map(({ title, signed }) => `${signed ? '✓' : '—'}${say(title)}`).join('　'),
            missing: (row) =>
              row.missing === 0 ? <Tone tone="ok">{say(said.allSigned)}</Tone> : <Tone tone="look">{String(row.missing)}</Tone>,
          }}
          actions={(row) => [
            { label: said.sign, run: () => setKit(row), disabledReason: row.missing === 0 ? said.allSigned : undefined },
          ]}
        />
      )}
      <DataTable
        of={api.handouts}
        title={said.given}
        columns={paper}
        filters={['kind', 'from', 'to']}
        fixed={{ ...here, ...(about?.household ? { household: about.household } : {}) }}
        empty={{ title: said.noGiven }}
        tools={
          <>
            <PrintList
              of={api.handouts}
              row={api.HandoutLine}
              input={here}
              title={said.given}
              columns={paper}
              shown={(h) => ({ ...h, item: say(h.itemTitle) })}
            />
            <ActionButton label={said.supplies} type="primary" run={() => setBringing(true)} disabledReason={why} />
          </>
        }
        cells={{ item: (row) => say(row.itemTitle) }}
        actions={(row) => [{ label: said.withdraw, danger: true, run: () => setGone(row.id), disabledReason: why }]}
      />
      {kit && (
        <FormDrawer
          key={kit.source}
          of={api.signKit}
          open
          onClose={() => setKit(undefined)}
          draft={false}
          fixed={{ household: kit.household, source: kit.source }}
          fields={['items', 'receivedBy']}
          inputs={{ items: ticks(kit) }}
        />
      )}
      <FormDrawer
        of={api.deliver}
        title={said.supplies}
        open={bringing}
        onClose={() => {
          setBringing(false)
          onDone()
        }}
        draft={false}
        fixed={about ?? {}}
        fields={[...(about ? [] : ['household' as const]), 'items', 'receivedBy']}
        inputs={{ household: householdInput, items: itemsInput }}
      />
      <ConfirmReason
        open={gone !== undefined}
        title={api.withdrawHandout.title}
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
