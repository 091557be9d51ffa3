// Adding photos and scans at a desk: dragged in or chosen, shrunk in the browser, handed over at once.
import { UploadOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useRef, useState, type DragEvent } from 'react'
import { addFile, photoTerms } from '#core/files.ts'
import { newId } from '#core/ids.ts'
import type { Problem } from '#core/problem.ts'
import { text } from '#core/text.ts'
import { ask, tell } from './api.ts'
import { ProblemNote } from './console/notify.tsx'
import type { Field } from './fields.ts'
import { FileStrip } from './files.tsx'
import { useText } from './language.ts'
import { asProblem } from './problems.ts'
import { prepare } from './shrink.ts'

const said = {
  choose: text('选择文件', 'Choose files'),
  drag: (papers: boolean) =>
    papers
      ? text('或把照片、PDF 扫描件拖到这里', 'or drag photos and PDF scans here')
      : text('或把照片拖到这里', 'or drag photos here'),
  most: (most: number) => text(`最多 ${most} 个`, `At most ${most}`),
  remove: (at: number) => text(`移除第 ${at} 个`, `Remove ${at}`),
}

type Props = {
  readonly field: Field
  readonly id: string
  readonly value: unknown
  readonly onChange: (value: unknown) => void
  readonly labelledBy?: string | undefined
  readonly describedBy?: string | undefined
}

/** The photos of a field: ids of files that have been handed over already. */
export function FilesInput({ field, id, value, onChange, labelledBy, describedBy }: Props) {
  const say = useText()
  const chooser = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const { of, most, papers } = field.info!.files!
  const ids = (value as readonly string[] | undefined) ?? []
  const room = most - ids.length

  const add = async (files: readonly File[]) => {
    setBusy(true)
    setProblem(undefined)
    const added: string[] = []
    try {
      const terms = await ask(photoTerms, {})
      for (const file of files.slice(0, room)) {
        const made = newId()
        await tell(addFile, { of, ...(await prepare(file, terms, { papers })) }, { id: made })
        added.push(made)
      }
    } catch (error) {
      setProblem(asProblem(error))
    } finally {
      setBusy(false)
      if (added.length > 0) onChange([...ids, ...added])
    }
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    if (room > 0 && !busy) void add([...event.dataTransfer.files])
  }
  return (
    <div
      role="group"
      id={id}
      tabIndex={-1}
      {...(labelledBy ? { 'aria-labelledby': labelledBy } : {})}
      {...(describedBy ? { 'aria-describedby': describedBy } : {})}
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
    >
      {ids.length > 0 && (
        <FileStrip
          of={of}
          ids={ids}
          below={(one, at) => (
            <Button size="small" onClick={() => onChange(ids.filter((other) => other !== one))}>
              {say(said.remove(at))}
            </Button>
          )}
        />
      )}
      {problem && <ProblemNote problem={problem} />}
      <div className="drop files-drop">
        <Button
          icon={<UploadOutlined aria-hidden />}
          loading={busy}
          disabled={room <= 0}
          onClick={() => chooser.current?.click()}
        >
          {say(said.choose)}
        </Button>
        <span>{room > 0 ? say(said.drag(papers)) : say(said.most(most))}</span>
        <input
          ref={chooser}
          type="file"
          hidden
          multiple
          accept={papers ? 'image/*,application/pdf' : 'image/*'}
          aria-labelledby={labelledBy}
          onChange={(event) => {
            const files = [...(event.target.files ?? [])]
            event.target.value = ''
            if (files.length > 0) void add(files)
          }}
        />
      </div>
    </div>
  )
}
