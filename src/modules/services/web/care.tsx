// Care files on the console: one line for one family, opened, changed and closed; the ledger L26.
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { ActionButton } from '#web/console/action.tsx'
import { ConfirmReason } from '#web/console/confirm.tsx'
import { FormDrawer, RecordDrawer } from '#web/console/drawer.tsx'
import { ExportButton } from '#web/console/exporting.tsx'
import { useNotify } from '#web/console/notify.tsx'
import { useTell } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import { holds, useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { FileState } from '../model.ts'
import { carerInput, codedInput, householdInput } from './inputs.tsx'
import type { Here, Rules } from './needs.tsx'
import { PrintList } from './print.tsx'
import { said } from './said.ts'

const paper = [
  'name',
  'address',
  'category',
  'needs',
  'carerName',
  'visits',
  'lastVisit',
  'lastVisitWords',
  'visitDays',
  'deliveries',
  'lastDelivery',
  'lastDeliveryWords',
  'assessment',
  'referral',
  'state',
]

export function CareFiles({ here, rules }: { here: Here; rules: Rules }) {
  const say = useText()
  const notify = useNotify()
  const { roles } = useSession()
  const [opening, setOpening] = useState(false)
  const [shown, setShown] = useState<api.CareLine>()
  const [changing, setChanging] = useState<api.CareLine>()
  const [closing, setClosing] = useState<string>()
  const close = useTell(api.closeCare)
  const inputs = { household: householdInput, category: codedInput(rules.care), carer: carerInput }
  const masked = (value: string | null) => (value?.includes('*') ? undefined : (value ?? undefined))
  return (
    <>
      <DataTable
        of={api.careFiles}
        title={said.care}
        columns={['name', 'address', 'category', 'carerName', 'visits', 'lastVisit', 'deliveries', 'lastDelivery', 'state']}
        filters={['state']}
        fixed={here}
        onOpen={setShown}
        empty={{ title: said.noCare, hint: said.noCareHint }}
        tools={
          <>
            <PrintList
              of={api.careFiles}
              row={api.CareLine}
              input={here}
              title={api.exportCare.title}
              columns={paper}
              shown={(c) => ({ ...c, category: say(c.categoryTitle) })}
            />
            <ExportButton of={api.exportCare} input={here} />
            <ActionButton
              label={said.newCare}
              type="primary"
              run={() => setOpening(true)}
              disabledReason={holds(api.openCare.may, roles) ? undefined : said.mayNot}
            />
          </>
        }
        cells={{
          category: (c) => say(c.categoryTitle),
          state: (c) => <Tone tone={c.state === 'open' ? 'info' : 'quiet'}>{say(choiceText(FileState, c.state))}</Tone>,
        }}
        actions={(c) => [
          {
            label: api.changeCare.title,
            run: () => setChanging(c),
            disabledReason: c.state === 'closed' ? said.closed : holds(api.changeCare.may, roles) ? undefined : said.mayNot,
          },
          {
            label: api.closeCare.title,
            danger: true,
            run: () => setClosing(c.id),
            disabledReason: c.state === 'closed' ? said.closed : holds(api.closeCare.may, roles) ? undefined : said.mayNot,
          },
        ]}
      />
      <RecordDrawer
        title={said.care}
        schema={api.CareLine}
        value={shown}
        onClose={() => setShown(undefined)}
        fields={[...paper.filter((name) => name !== 'category'), 'openedAt', 'closedAt', 'closeReason']}
      />
      <FormDrawer of={api.openCare} open={opening} onClose={() => setOpening(false)} inputs={inputs} />
      {changing && (
        <FormDrawer
          key={changing.id}
          of={api.changeCare}
          open
          onClose={() => setChanging(undefined)}
          draft={false}
          fixed={{ care: changing.id }}
          inputs={inputs}
          initial={
            {
              category: changing.category,
              needs: masked(changing.needs),
              assessment: masked(changing.assessment),
              referral: masked(changing.referral),
              carer: changing.carer,
            } as never
          }
        />
      )}
      <ConfirmReason
        open={closing !== undefined}
        title={api.closeCare.title}
        danger
        busy={close.busy}
        problem={close.problem}
        onClose={() => {
          close.forget()
          setClosing(undefined)
        }}
        onConfirm={(reason) =>
          void close.tell({ care: closing!, reason }).then((done) => {
            if (done) {
              notify.done()
              setClosing(undefined)
            }
          })
        }
      />
    </>
  )
}
