// The console page of a ledger from nothing but its declaration: figures of today, list, entry, correction, withdrawal, history, paper.
import { HistoryOutlined, PlusOutlined, PrinterOutlined, UploadOutlined } from '@ant-design/icons'
import { hashKey, useQuery } from '@tanstack/react-query'
import { Button, Skeleton } from 'antd'
import { useState, type ReactNode } from 'react'
import type { z } from 'zod'
import { dayOf, type Day } from '#core/dates.ts'
import { isReference } from '#core/labels.ts'
import type { AnyLedger } from '#core/ledger.ts'
import { text, type Text } from '#core/text.ts'
import { serverNow } from './api.ts'
import type { Action } from './console/action.tsx'
import { useFilters, type Filters } from './console/address.ts'
import { ConfirmReason } from './console/confirm.tsx'
import { ExportButton } from './console/exporting.tsx'
import { FormDrawer, RecordDrawer, RecordWords, Side } from './console/drawer.tsx'
import { ImportWizard } from './console/import.tsx'
import { ProblemNote, useNotify } from './console/notify.tsx'
import { Page, type Figure } from './console/page.tsx'
import { usePrint } from './console/print.tsx'
import { allRows, keyOf, useAsk, useTell } from './console/query.ts'
import { OfficialSheet } from './console/sheet.tsx'
import { DataTable, type Cells } from './console/table.tsx'
import { Tone } from './console/tone.tsx'
import { words } from './console/words.ts'
import { fieldsOf } from './fields.ts'
import { useText } from './language.ts'
import { isRefresh } from './live.ts'
import { asProblem } from './problems.ts'
import { holds, useSession } from './session.ts'
import type { OwnInput } from './console/inputs.tsx'

export type LedgerPageProps = {
  readonly of: AnyLedger
  /** Inputs of one's own in the entry form, by field. */
  readonly inputs?: Readonly<Record<string, OwnInput>>
  readonly cells?: Cells<Row>
  /** Row actions beside correct, withdraw and history. */
  readonly actions?: (row: Row) => readonly Action[]
  readonly picture?: ReactNode
  readonly tools?: ReactNode
}

type Row = Record<string, unknown>

const said = {
  today: text('今日', 'Today:'),
  withdraw: text('撤回这条记录', 'Withdraw this entry'),
  withdrawn: text(
    '撤回后它不再计入任何数字，原记录和原因仍留在更正记录里。',
    'It will no longer count anywhere; the entry and your reason stay in its history.',
  ),
  isWithdrawn: text('已撤回', 'Withdrawn'),
  import: text('导入', 'Import'),
  already: text('这条记录已经撤回', 'This entry has been withdrawn already'),
  mayNot: text('当前岗位只能查看，不能登记或更正', 'Your present post may read but not record or correct'),
  notYours: text(
    '只能更正自己登记的记录，请联系登记人或台账负责人',
    'You may correct your own entries only; ask who recorded it or who answers for the ledger',
  ),
  tooMany: text(
    '记录超过 5,000 条，请先用日期筛选再打印。',
    'There are more than 5,000 entries: narrow the days before printing.',
  ),
  hint: text('按「登记」写下第一条。', 'Use “Record” for the first entry.'),
  original: text('原记录', 'Original entry'),
  correction: text('更正', 'Correction'),
}

export function LedgerPage({ of, inputs, cells, actions, picture, tools }: LedgerPageProps) {
  const say = useText()
  const { account, roles } = useSession()
  const [filters, setFilters] = useFilters(of.contracts.list)
  const [adding, setAdding] = useState(false)
  const [bringing, setBringing] = useState(false)
  const [open, setOpen] = useState<Row>()
  const [correcting, setCorrecting] = useState<Row>()
  const [withdrawing, setWithdrawing] = useState<Row>()
  const mayRecord = holds(of.record, roles)
  const mayImport = holds(of.importing.may, roles)
  const columns = [...readable(of), 'occurredAt', 'recordedByName']
  const today = dayOf(serverNow())

  const whyNot = (row: Row): Text | undefined => {
    const others = of.mend !== undefined && !holds(of.mend, roles) && row['recordedBy'] !== account
    return !mayRecord ? said.mayNot : row['withdrawn'] ? said.already : others ? said.notYours : undefined
  }
  const rowActions = (row: Row): Action[] => {
    const reason = whyNot(row)
    return [
      { label: of.contracts.correct.title, run: () => setCorrecting(row), disabledReason: reason },
      { label: of.contracts.withdraw.title, run: () => setWithdrawing(row), danger: true, disabledReason: reason },
      ...(actions?.(row) ?? []),
    ]
  }

  return (
    <Page
      title={of.title}
      picture={picture}
      figures={useToday(of, today, () => setFilters({ from: today, to: today }))}
      tools={
        <>
          {tools}
          <PrintButton of={of} filters={filters} />
          <ExportButton of={of.contracts.export} input={filters} />
          {mayImport && (
            <Button icon={<UploadOutlined aria-hidden />} onClick={() => setBringing(true)}>
              {say(said.import)}
            </Button>
          )}
          {mayRecord && (
            <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setAdding(true)}>
              {say(of.contracts.record.title)}
            </Button>
          )}
        </>
      }
    >
      <DataTable
        of={of.contracts.list}
        title={of.title}
        columns={columns}
        filters={[...of.filters, 'from', 'to'] as never[]}
        {...(cells ? { cells: cells as never } : {})}
        onOpen={setOpen}
        actions={rowActions}
        empty={mayRecord ? { hint: said.hint } : {}}
      />
      <FormDrawer
        of={of.contracts.record}
        title={joined(of.contracts.record.title, of.title)}
        open={adding}
        onClose={() => setAdding(false)}
        {...(inputs ? { inputs } : {})}
      />
      {correcting && (
        <FormDrawer
          key={String(correcting['id'])}
          of={of.contracts.correct}
          open
          onClose={() => setCorrecting(undefined)}
          title={joined(of.contracts.correct.title, of.title)}
          draft={String(correcting['id'])}
          fixed={{ replaces: String(correcting['id']) }}
          fields={['entry', 'reason']}
          initial={{ entry: entryOf(of, correcting) } as never}
          {...(inputs ? { inputs: under('entry', inputs) } : {})}
        />
      )}
      <Side title={joined(said.import, of.title)} open={bringing} onClose={() => setBringing(false)} wide>
        <div className="page">
          <ImportWizard of={of.importing} />
        </div>
      </Side>
      <Withdraw of={of} row={withdrawing} onClose={() => setWithdrawing(undefined)} />
      <RecordDrawer
        title={of.title}
        schema={of.row}
        value={open as never}
        onClose={() => setOpen(undefined)}
        fields={[...columns, 'how', 'recordedAt', 'countedOn', 'clockDoubt']}
      >
        {open && <History of={of} root={String(open['root'] ?? open['id'])} />}
      </RecordDrawer>
    </Page>
  )
}

const joined = (verb: Text, noun: Text): Text => text(`${verb.zh}：${noun.zh}`, `${verb.en}: ${noun.en}`)
/** Fields that mean something to a reader: all but ids. */
const readable = (of: AnyLedger): string[] =>
  Object.entries(of.fields)
    .filter(([, field]) => !isReference(field as z.ZodType))
    .map(([name]) => name)
const under = (path: string, inputs: Readonly<Record<string, OwnInput>>) =>
  Object.fromEntries(Object.entries(inputs).map(([name, input]) => [`${path}.${name}`, input]))

/** What the entry said, to begin the correction with. A value that came masked is asked again: stars are no answer. */
function entryOf(of: AnyLedger, row: Row): Row {
  const kept = fieldsOf(of.entry).filter((f) => !(f.info?.mask && String(row[f.name] ?? '').includes('*')))
  return Object.fromEntries(kept.map((f) => [f.name, row[f.name]]).filter(([, value]) => value !== null && value !== undefined))
}

/** The ledger's own counts over today's entries. A figure opens them. */
function useToday(of: AnyLedger, today: Day, onOpen: () => void): Figure[] {
  const filter = { from: today, to: today }
  const post = useSession().post?.id
  const queryKey = [...keyOf(of.contracts.list, filter, post), 'all']
  const { data } = useQuery({
    queryKey,
    queryFn: ({ signal }) => allRows(of.contracts.list, filter, 2000, { signal, refresh: isRefresh(hashKey(queryKey)) }),
  })
  return of.counts.map((count) => ({
    key: count.key,
    title: text(`${said.today.zh}${count.title.zh}`, `${said.today.en} ${count.title.en}`),
    unit: count.unit,
    onOpen,
    value: data && (data.complete ? countIn(data.rows as Row[], count.sum) : null),
  }))
}

const countIn = (rows: readonly Row[], sum: string | undefined): number =>
  sum ? rows.reduce((all, row) => all + (Number(row[sum]) || 0), 0) : rows.length

function Withdraw({ of, row, onClose }: { of: AnyLedger; row: Row | undefined; onClose: () => void }) {
  const notify = useNotify()
  const { tell, busy, problem, forget } = useTell(of.contracts.withdraw)
  const close = () => {
    forget()
    onClose()
  }
  const send = async (reason: string) => {
    const done = row && (await tell({ replaces: String(row['id']), reason }))
    if (!done) return
    notify.done()
    close()
  }
  return (
    <ConfirmReason
      open={row !== undefined}
      title={said.withdraw}
      explain={said.withdrawn}
      submit={of.contracts.withdraw.title}
      danger
      busy={busy}
      problem={problem}
      onConfirm={(reason) => void send(reason)}
      onClose={close}
    />
  )
}

/** Each entry of a chain, the newest first, with the reason why it took the other's place. */
function History({ of, root }: { of: AnyLedger; root: string }) {
  const say = useText()
  const { data, error, isPending, refetch } = useAsk(of.contracts.history, { root })
  if (error) return <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />
  if (isPending) return <Skeleton active title={false} paragraph={{ rows: 3 }} />
  const rows = data.rows as Row[]
  if (rows.length < 2) return null
  return (
    <section className="history" aria-label={say(of.contracts.history.title)}>
      <h2>
        <HistoryOutlined aria-hidden /> {say(of.contracts.history.title)}
      </h2>
      {[...rows].reverse().map((row) => (
        <details key={String(row['id'])}>
          <summary>
            {row['withdrawn'] ? (
              <Tone tone="quiet">{say(said.isWithdrawn)}</Tone>
            ) : row['replaces'] ? (
              <Tone tone="look">{say(said.correction)}</Tone>
            ) : (
              <Tone tone="info">{say(said.original)}</Tone>
            )}{' '}
            {String(row['recordedByName'] ?? '')} {row['reason'] ? `· ${String(row['reason'])}` : ''}
          </summary>
          <RecordWords schema={of.row} value={row as never} fields={[...readable(of), 'occurredAt', 'recordedAt']} />
        </details>
      ))}
    </section>
  )
}

function PrintButton({ of, filters }: { of: AnyLedger; filters: Filters }) {
  const say = useText()
  const notify = useNotify()
  const print = usePrint()
  const [busy, setBusy] = useState(false)
  const run = async () => {
    setBusy(true)
    try {
      const { rows, complete } = await allRows(of.contracts.list, filters)
      if (!complete) return notify.look(said.tooMany)
      const columns = [...readable(of), 'occurredAt', 'recordedByName']
      void print(
        <OfficialSheet
          title={of.title}
          row={of.row}
          columns={remarksLast(of, columns)}
          rows={rows}
          notes={of.notes}
          sums={of.counts.map((count) => count.sum).filter((sum) => sum !== undefined)}
          from={filters['from'] as Day | undefined}
          to={filters['to'] as Day | undefined}
        />,
      )
    } catch (error) {
      notify.refused(asProblem(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button icon={<PrinterOutlined aria-hidden />} loading={busy} onClick={() => void run()}>
      {say(words.print)}
    </Button>
  )
}

/** Official sheets end with the remarks. */
const remarksLast = (of: AnyLedger, columns: readonly string[]): string[] => {
  const remarks: string[] = Object.keys(of.fields).filter((name) => name === 'remarks' || name === 'note')
  return [...columns.filter((name) => !remarks.includes(name)), ...remarks]
}
