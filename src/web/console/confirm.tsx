// Before something that is hard to take back: says what will happen and asks for the reason.
import { Input, Modal } from 'antd'
import { useId, useState } from 'react'
import type { Problem } from '#core/problem.ts'
import { text, type Text } from '#core/text.ts'
import { useText } from '../language.ts'
import { ProblemNote } from './notify.tsx'
import { words } from './words.ts'

type Props = {
  readonly open: boolean
  readonly title: Text
  /** What will happen, in one sentence. */
  readonly explain?: Text
  readonly label?: Text
  readonly submit?: Text
  readonly danger?: boolean
  readonly busy?: boolean
  readonly problem?: Problem | undefined
  readonly onConfirm: (reason: string) => void
  readonly onClose: () => void
}

const ask = text('原因', 'Reason')
const needed = text('请写明原因，它会留在记录里。', 'Please give the reason; it stays in the record.')

export function ConfirmReason(props: Props) {
  const {
    open,
    title,
    explain,
    label = ask,
    submit = words.confirm,
    danger = false,
    busy = false,
    problem,
    onConfirm,
    onClose,
  } = props
  const say = useText()
  const id = useId()
  const [reason, setReason] = useState('')
  const [wrong, setWrong] = useState(false)
  const send = () => (reason.trim() ? onConfirm(reason.trim()) : setWrong(true))
  return (
    <Modal
      open={open}
      title={say(title)}
      okText={say(submit)}
      cancelText={say(words.cancel)}
      confirmLoading={busy}
      okButtonProps={{ danger }}
      onOk={send}
      onCancel={onClose}
      destroyOnHidden
      afterClose={() => {
        setReason('')
        setWrong(false)
      }}
    >
      {explain && <p>{say(explain)}</p>}
      {problem && <ProblemNote problem={problem} />}
      <div className={wrong ? 'field wrong' : 'field'}>
        <label className="field-name" htmlFor={id}>
          {say(label)}
          <span className="required" aria-hidden>
            *
          </span>
        </label>
        <Input.TextArea
          id={id}
          value={reason}
          autoSize={{ minRows: 2, maxRows: 6 }}
          maxLength={200}
          aria-required
          aria-describedby={`${id}hint`}
          aria-invalid={wrong}
          {...(wrong ? { status: 'error' as const } : {})}
          onChange={(e) => {
            setReason(e.target.value)
            setWrong(false)
          }}
          onKeyDown={(e) => {
            if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) send()
          }}
        />
        <p id={`${id}hint`} className={wrong ? 'field-error' : 'field-hint'}>
          {say(needed)}
        </p>
      </div>
    </Modal>
  )
}
