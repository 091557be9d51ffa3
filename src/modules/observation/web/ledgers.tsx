// The official ledgers of observation: choose one, narrow it, take it out as a workbook or put it on paper.
import { PrinterOutlined } from '@ant-design/icons'
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { ask } from '#web/api.ts'
import { ActionButton } from '#web/console/action.tsx'
import { ExportButton } from '#web/console/exporting.tsx'
import { FilterRow } from '#web/console/filters.tsx'
import { useNotify } from '#web/console/notify.tsx'
import { Card } from '#web/console/page.tsx'
import { usePrint } from '#web/console/print.tsx'
import { OfficialSheet } from '#web/console/sheet.tsx'
import { useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import * as api from '../api.ts'
import { columnsOf, Ledger, LedgerRow, notesOf } from '../ledgers.ts'

const said = {
  print: text('打印', 'Print'),
  export: text('导出', 'Export'),
  about: text(
    '选一张台账，可打印或导出。打印按当前岗位显示；导出默认遮蔽姓名、房号、电话和证件号码。',
    'Choose a ledger to print or to export. Paper shows what your post sees; a file masks names, rooms, phones and documents unless you ask otherwise.',
  ),
  tooMany: text('行数较多，纸上只印前 500 行；全部请导出。', 'Paper takes the first 500 rows; export the rest.'),
}
type Narrow = { standing?: string; from?: string; to?: string }

export function Ledgers({ here }: { here: { community?: string } }) {
  const say = useText()
  const [narrow, setNarrow] = useState<Narrow>({})
  const filters = Object.fromEntries(Object.entries(narrow).filter(([, value]) => value !== undefined))
  return (
    <>
      <p>{say(said.about)}</p>
      <div className="observation-ledger-filters">
        <FilterRow
          of={api.ledger}
          names={['standing', 'from', 'to']}
          values={filters}
          onChange={(change) => setNarrow({ ...narrow, ...change })}
        />
      </div>
      <div className="observation-ledgers">
        {Ledger.options.map((ledger) => (
          <Card key={ledger} title={choiceText(Ledger, ledger)}>
            <div className="observation-actions">
              <PrintLedger ledger={ledger} input={{ ...here, ...filters }} />
              <ExportButton of={api.exportLedger} input={{ ...here, ...filters, ledger }} label={said.export} />
            </div>
          </Card>
        ))}
      </div>
    </>
  )
}

/** What is asked of a form in narrow columns is left to the workbook. */
const onPaper: Partial<Record<Ledger, readonly string[]>> = {
  temperatures: ['phone', 'dwelling', 'medication', 'need', 'measured', 'measurer', 'handling', 'remarks'],
}

function PrintLedger({ ledger, input }: { ledger: Ledger; input: Narrow & { community?: string } }) {
  const print = usePrint()
  const notify = useNotify()
  const [busy, setBusy] = useState(false)
  const run = async () => {
    setBusy(true)
    try {
      const { rows, total, days } = await ask(api.ledger, { ...input, ledger } as never)
      const columns = columnsOf(ledger, days).filter((column) => !onPaper[ledger]?.includes(column))
      const notes = total > rows.length ? [said.tooMany, ...notesOf[ledger]] : notesOf[ledger]
      await print(
        <div className={columns.length > 16 ? 'observation-wide' : undefined}>
          <OfficialSheet
            title={choiceText(Ledger, ledger)}
            row={LedgerRow}
            columns={columns}
            rows={rows}
            notes={notes}
            from={input.from}
            to={input.to}
          />
        </div>,
      )
    } catch (error) {
      notify.refused(asProblem(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <ActionButton
      label={said.print}
      icon={<PrinterOutlined aria-hidden />}
      loading={busy}
      disabledReason={undefined}
      run={() => void run()}
    />
  )
}
