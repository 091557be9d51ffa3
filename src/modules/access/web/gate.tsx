// The gate on the console: its register, what must be looked at, and the entrances, four made one in one act.
import { useState } from 'react'
import { text } from '#core/text.ts'
import { ActionButton } from '#web/console/action.tsx'
import { FormDrawer } from '#web/console/drawer.tsx'
import { Card } from '#web/console/page.tsx'
import { DataTable } from '#web/console/table.tsx'
import { LedgerPage } from '#web/ledger.tsx'
import { useText } from '#web/language.ts'
import { holds, useSession } from '#web/session.ts'
import * as api from '../gateApi.ts'
import { passages } from '../passages.ts'

const said = {
  mayNot: text('您的岗位不能修改出入口', 'Your post cannot change entrances'),
  closed: text('已经处理过', 'Closed already'),
  notYours: text('您的岗位不能处理', 'Your post cannot close it'),
}

export function GatePage() {
  const { roles } = useSession()
  return (
    <LedgerPage
      of={passages}
      picture={
        <>
          {holds(api.incidents.may, roles) && <Incidents />}
          <Gates />
        </>
      }
    />
  )
}

function Incidents() {
  const { roles } = useSession()
  const [closing, setClosing] = useState<string>()
  const mayNot = holds(api.closeIncident.may, roles) ? undefined : said.notYours
  return (
    <Card title={api.incidents.title}>
      <DataTable
        of={api.incidents}
        columns={['happenedAt', 'kind', 'gateName', 'room', 'said', 'state', 'closedSaid', 'closedByName']}
        filters={[]}
        actions={(row) => [
          {
            label: api.closeIncident.title,
            run: () => setClosing(row.id),
            disabledReason: mayNot ?? (row.state === 'closed' ? said.closed : undefined),
          },
        ]}
      />
      <FormDrawer
        of={api.closeIncident}
        open={closing !== undefined}
        onClose={() => setClosing(undefined)}
        draft={false}
        fixed={{ incident: closing ?? '' }}
        fields={['said']}
      />
    </Card>
  )
}

function Gates() {
  const say = useText()
  const { roles } = useSession()
  const [form, setForm] = useState<'add' | { keep: string }>()
  const [notice, setNotice] = useState<string>()
  const mayNot = holds(api.addGate.may, roles) ? undefined : said.mayNot
  return (
    <Card title={api.gates.title}>
      <ActionButton label={api.addGate.title} run={() => setForm('add')} disabledReason={mayNot} />
      {notice && <p role="status">{say(text(notice, notice))}</p>}
      <DataTable
        of={api.gates}
        columns={['placeName', 'name', 'belongs', 'mode', 'document', 'since', 'changedByName']}
        filters={[]}
        actions={(row) => [{ label: api.keepOpen.title, run: () => setForm({ keep: row.id }), disabledReason: mayNot }]}
      />
      <FormDrawer
        of={api.addGate}
        open={form === 'add'}
        onClose={() => setForm(undefined)}
        draft={false}
        fields={['placeName', 'name', 'belongs', 'mode', 'document']}
      />
      <FormDrawer
        of={api.keepOpen}
        open={typeof form === 'object'}
        onClose={() => setForm(undefined)}
        draft={false}
        fixed={{ gate: typeof form === 'object' ? form.keep : '' }}
        onDone={(done) => setNotice(done.notice)}
        fields={['document']}
      />
    </Card>
  )
}
