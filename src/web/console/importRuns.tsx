// Earlier files of an import, and the way back: a run taken back as a whole, while nothing was built on its rows.
import { Button } from 'antd'
import { useState } from 'react'
import { can, type ImportRun } from '#core/imports.ts'
import { text } from '#core/text.ts'
import { useText } from '../language.ts'
import { ConfirmReason } from './confirm.tsx'
import { useTell } from './query.ts'
import { DataTable } from './table.tsx'
import type { AnyImporting } from './importWords.ts'

const said = {
  undo: text('撤销这次导入', 'Undo this import'),
  explain: text(
    '这次导入新增的登记会全部撤回，名单和统计随之改变；已建立的楼栋和房屋会保留。之后如已有上门、更正或搬迁等登记，则不能整批撤销。',
    'Everything that this import added is withdrawn, and lists and figures follow; buildings and dwellings that it placed remain. ' +
      'Once visits, corrections or moves were recorded on it, it can no longer be undone as a whole.',
  ),
  over: text('这次导入没有可以撤销的内容', 'There is nothing to undo in this import'),
  earlier: text('历次导入', 'Earlier imports'),
  none: text('还没有导入过文件。', 'No file has been imported yet.'),
}

/** The dialog that asks why, and shows what stands in the way. */
function UndoDialog({ of, run, onClose }: { of: AnyImporting; run: ImportRun | undefined; onClose: () => void }) {
  const undo = useTell(of.contracts.undo)
  const close = () => {
    undo.forget()
    onClose()
  }
  return (
    <ConfirmReason
      open={run !== undefined}
      title={said.undo}
      explain={said.explain}
      submit={said.undo}
      danger
      busy={undo.busy}
      problem={undo.problem}
      onClose={close}
      onConfirm={(reason) =>
        void undo.tell({ run: run!.id, reason }).then((done) => {
          if (done) close()
        })
      }
    />
  )
}

export function UndoButton({ of, run }: { of: AnyImporting; run: ImportRun }) {
  const say = useText()
  const [asked, setAsked] = useState(false)
  if (!can.undo(run) || run.fresh === 0) return null
  return (
    <>
      <Button danger onClick={() => setAsked(true)}>
        {say(said.undo)}
      </Button>
      <UndoDialog of={of} run={asked ? run : undefined} onClose={() => setAsked(false)} />
    </>
  )
}

/** What came in before, the newest first. */
export function EarlierRuns({ of }: { of: AnyImporting }) {
  const [asked, setAsked] = useState<ImportRun>()
  return (
    <>
      <DataTable
        of={of.contracts.runs}
        title={said.earlier}
        empty={{ title: said.none }}
        columns={['recordedAt', 'fileName', 'state', 'fresh', 'unchanged', 'refused', 'questionable', 'undoneAt', 'undoneWhy']}
        actions={(run) => [
          {
            label: said.undo,
            danger: true,
            run: () => setAsked(run as ImportRun),
            disabledReason: can.undo(run as ImportRun) && (run as ImportRun).fresh > 0 ? undefined : said.over,
          },
        ]}
      />
      <UndoDialog of={of} run={asked} onClose={() => setAsked(undefined)} />
    </>
  )
}
