// Takes rows out: format, masked or not, what for. A short file is saved at once; a longer one is made meanwhile, or waits for a second person.
import { DownloadOutlined } from '@ant-design/icons'
import { Button, Checkbox, Input, Modal, Radio } from 'antd'
import { useId, useState } from 'react'
import type { z } from 'zod'
import type { Contract } from '#core/contract.ts'
import { ExportFormat, exportsPage, exportTerms, type ExportRun } from '#core/exports.ts'
import { choiceText, labelOf } from '#core/labels.ts'
import { holdsPersonal } from '#core/masking.ts'
import type { Problem } from '#core/problem.ts'
import { text, type Text } from '#core/text.ts'
import { fetchOrStart } from '../api.ts'
import { useText } from '../language.ts'
import { asProblem } from '../problems.ts'
import { useSession } from '../session.ts'
import { useNavigate } from '@tanstack/react-router'
import { save } from './download.tsx'
import { ProblemNote } from './notify.tsx'
import { words } from './words.ts'

const said = {
  masked: text('默认遮蔽姓名、房号、电话和证件号码。', 'Names, rooms, phones and documents are masked unless you ask otherwise.'),
  nobody: text(
    '表中没有居民的姓名、房号、电话和证件，不需要遮蔽。',
    'It holds no resident’s name, room, phone or document, so there is nothing to mask.',
  ),
  full: text(
    '不遮蔽（写明用途，记入审计；人数多时须第二人批准）',
    'Unmasked (for a purpose, audited; of many persons a second person must agree)',
  ),
  needed: text('请写明用途，至少 2 个字。', 'Give a purpose of at least 2 characters.'),
  stamped: text('每张表都印有导出人、时间、用途和编号。', 'Every sheet names who exported it, when, what for, and its number.'),
  waiting: text(
    '人数较多，已提交第二人批准。批准后在“导出登记”下载。',
    'Many persons: it awaits a second person. Download it from the register of exports once approved.',
  ),
  queued: text(
    '行数较多，正在生成。完成后在“导出登记”下载。',
    'Many rows: it is being made. Download it from the register of exports when it is ready.',
  ),
  open: text('打开导出登记', 'Open the register of exports'),
}

type Props<I extends z.ZodType, O extends z.ZodType> = {
  readonly of: Contract<'download', I, O>
  /** Filters; what `exportTerms` ask for is asked here. */
  readonly input: Readonly<Record<string, unknown>>
  readonly label?: Text
}

/** A button that asks how, and then exports. */
export function ExportButton<I extends z.ZodType, O extends z.ZodType>({ of, input, label = words.download }: Props<I, O>) {
  const say = useText()
  const id = useId()
  const navigate = useNavigate()
  const { roles } = useSession()
  const [open, setOpen] = useState(false)
  const [as, setAs] = useState<ExportFormat>('xlsx')
  const [full, setFull] = useState(false)
  const [purpose, setPurpose] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const [wrong, setWrong] = useState(false)
  const [started, setStarted] = useState<ExportRun>()
  const close = () => {
    setOpen(false)
    setFull(false)
    setPurpose('')
    setProblem(undefined)
    setWrong(false)
    setStarted(undefined)
  }
  const send = async () => {
    const typed = purpose.trim()
    if (full && typed.length < 2) return setWrong(true)
    setBusy(true)
    setProblem(undefined)
    try {
      const answer = await fetchOrStart(of, { ...input, as, full, ...(typed.length >= 2 ? { purpose: typed } : {}) } as never)
      if ('started' in answer) return setStarted(answer.started.export)
      save(answer)
      close()
    } catch (error) {
      setProblem(asProblem(error))
    } finally {
      setBusy(false)
    }
  }
  const toRegister = () => {
    close()
    void navigate({ to: exportsPage as never })
  }
  return (
    <>
      <Button icon={<DownloadOutlined aria-hidden />} onClick={() => setOpen(true)}>
        {say(label)}
      </Button>
      <Modal
        open={open}
        title={say(label)}
        destroyOnHidden
        onCancel={close}
        cancelText={say(started ? words.close : words.cancel)}
        confirmLoading={busy}
        okText={say(started ? said.open : words.download)}
        onOk={() => (started ? toRegister() : void send())}
      >
        {started ? (
          <p role="status">{say(started.state === 'waiting' ? said.waiting : said.queued)}</p>
        ) : (
          <div className="form">
            {problem && <ProblemNote problem={problem} />}
            <p>
              {say(holdsPersonal(of.output) ? said.masked : said.nobody)} {say(said.stamped)}
            </p>
            <Radio.Group
              value={as}
              onChange={(event) => setAs(event.target.value as ExportFormat)}
              aria-label={say(labelOf(exportTerms.as, ''))}
              options={ExportFormat.options.map((value) => ({ value, label: say(choiceText(ExportFormat, value)) }))}
            />
            {of.full?.some((role) => roles.includes(role)) && (
              <Checkbox checked={full} onChange={(event) => setFull(event.target.checked)}>
                {say(said.full)}
              </Checkbox>
            )}
            {full && (
              <div className={wrong ? 'field wrong' : 'field'}>
                <label className="field-name" htmlFor={id}>
                  {say(labelOf(exportTerms.purpose, ''))}
                  <span className="required" aria-hidden>
                    *
                  </span>
                </label>
                <Input
                  id={id}
                  value={purpose}
                  maxLength={200}
                  aria-required
                  aria-invalid={wrong}
                  aria-describedby={`${id}hint`}
                  onChange={(event) => {
                    setPurpose(event.target.value)
                    setWrong(false)
                  }}
                />
                <p id={`${id}hint`} className={wrong ? 'field-error' : 'field-hint'}>
                  {wrong
                    ? say(said.needed)
                    : say(text('写明交给谁、做什么；会印在表上', 'To whom it goes and what for; it is printed on the sheet'))}
                </p>
              </div>
            )}
          </div>
        )}
      </Modal>
    </>
  )
}
