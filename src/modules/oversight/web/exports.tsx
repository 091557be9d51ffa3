// The register of exports: who took out what, for what, who agreed; one's own longer files with their progress.
import { Progress } from 'antd'
import { useEffect, useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { choiceText } from '#core/labels.ts'
import { ExportState } from '#core/exports.ts'
import { text } from '#core/text.ts'
import { fetchFile } from '#web/api.ts'
import type { Action } from '#web/console/action.tsx'
import { ConfirmReason } from '#web/console/confirm.tsx'
import { useFilters } from '#web/console/address.ts'
import { save } from '#web/console/download.tsx'
import { ExportButton } from '#web/console/exporting.tsx'
import { useNotify } from '#web/console/notify.tsx'
import { Page } from '#web/console/page.tsx'
import { useTell } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { holds, useSession } from '#web/session.ts'
import { Tone, type ToneName } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import { refresh } from '#web/live.ts'
import { asProblem } from '#web/problems.ts'
import * as api from '../api.ts'

const said = {
  note: text(
    '不遮蔽的导出须写明用途；人数超过规定的，由另一人批准后才生成。文件只给申请人，到时自动清除。',
    'Unmasked exports need a purpose; above the set number somebody else must agree first. A file is for its requester only and is cleared in time.',
  ),
  remark: text('审批意见', 'Remark'),
  full: text('不遮蔽', 'Unmasked'),
  masked: text('遮蔽', 'Masked'),
  approving: (row: api.Export) =>
    text(
      `${row.accountName} 申请导出“${row.what.zh}”，不遮蔽，${row.persons} 人，用途：${row.purpose ?? ''}。批准只对这一次有效。`,
      `${row.accountName} asks for "${row.what.en}", unmasked, ${row.persons} persons, for: ${row.purpose ?? ''}. Your approval holds for this once.`,
    ),
  empty: text('还没有导出', 'Nothing has been exported yet'),
}
const toneOf: Record<ExportState, ToneName> = {
  waiting: 'look',
  queued: 'info',
  making: 'info',
  ready: 'ok',
  done: 'ok',
  refused: 'quiet',
  cancelled: 'quiet',
  failed: 'look',
  expired: 'quiet',
}
/** A file under way is asked after so often, ms. */
const every = 2_000

export function ExportsPage() {
  const say = useText()
  const notify = useNotify()
  const client = useQueryClient()
  const { roles } = useSession()
  const [filters] = useFilters(api.exports)
  const [deciding, setDeciding] = useState<{ row: api.Export; step: 'approve' | 'refuse' }>()
  const [moving, setMoving] = useState(0)
  const approve = useTell(api.approveExport)
  const refuse = useTell(api.refuseExport)
  const cancel = useTell(api.cancelExport)
  const step = deciding?.step === 'approve' ? approve : refuse
  useEffect(() => {
    if (moving === 0) return undefined
    const timer = setInterval(() => {
      void refresh(client, { list: 'oversight', area: '' })
      setMoving((n) => n - 1)
    }, every)
    return () => clearInterval(timer)
  }, [moving, client])
  const decided = async (remark: string) => {
    if (!deciding || !(await step.tell({ export: deciding.row.id, remark }))) return
    setDeciding(undefined)
    notify.done()
    setMoving(15)
  }
  const fetched = async (row: api.Export) => {
    try {
      save(await fetchFile(api.fetchExport, { export: row.id }))
    } catch (error) {
      notify.refused(asProblem(error))
    }
  }
  const actions = (row: api.Export): Action[] => [
    ...(row.mayFetch ? [{ label: api.fetchExport.title, run: () => void fetched(row) }] : []),
    ...(row.mayDecide
      ? [
          { label: api.approveExport.title, run: () => setDeciding({ row, step: 'approve' as const }) },
          { label: api.refuseExport.title, danger: true, run: () => setDeciding({ row, step: 'refuse' as const }) },
        ]
      : []),
    ...(row.mayCancel
      ? [
          {
            label: api.cancelExport.title,
            danger: true,
            run: () => void cancel.tell({ export: row.id }, undefined, notify.refused),
          },
        ]
      : []),
  ]
  return (
    <Page title={api.exports.title}>
      <p>{say(said.note)}</p>
      <DataTable
        of={api.exports}
        title={api.exports.title}
        filters={['mine', 'state', 'from', 'to']}
        tools={holds(api.exportExports.may, roles) && <ExportButton of={api.exportExports} input={filters} />}
        columns={[
          'requestedAt',
          'accountName',
          'what',
          'full',
          'purpose',
          'rows',
          'persons',
          'filterText',
          'state',
          'decidedByName',
        ]}
        actions={actions}
        empty={{ title: said.empty }}
        cells={{
          what: ({ what, format }) => (
            <>
              {say(what)} <span className="unit">{format}</span>
            </>
          ),
          accountName: ({ accountName, areaName }) => (
            <div style={{ minWidth: '7em' }}>
              {accountName}
              <br />
              <span className="unit">{areaName}</span>
            </div>
          ),
          full: ({ full }) => <Tone tone={full ? 'look' : 'quiet'}>{say(full ? said.full : said.masked)}</Tone>,
          state: ({ state, rows, made }) => (
            <>
              <Tone tone={toneOf[state]}>{say(choiceText(ExportState, state))}</Tone>
              {state === 'making' && (
                <Progress
                  size="small"
                  percent={rows ? Math.floor((100 * made) / rows) : 0}
                  aria-label={say(choiceText(ExportState, state))}
                />
              )}
            </>
          ),
          decidedByName: ({ decidedByName, decision }) => [decidedByName, decision].filter(Boolean).join('：'),
        }}
      />
      {deciding && (
        <ConfirmReason
          open
          title={deciding.step === 'approve' ? api.approveExport.title : api.refuseExport.title}
          explain={said.approving(deciding.row)}
          label={said.remark}
          busy={step.busy}
          problem={step.problem}
          danger={deciding.step === 'refuse'}
          onConfirm={(remark) => void decided(remark)}
          onClose={() => {
            step.forget()
            setDeciding(undefined)
          }}
        />
      )}
    </Page>
  )
}
