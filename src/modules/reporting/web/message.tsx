// Text for a group chat, to be copied: nothing in it names a resident.
import { Button, Input } from 'antd'
import { useId, useState } from 'react'
import type { Text } from '#core/text.ts'
import { Side } from '#web/console/drawer.tsx'
import { useNotify } from '#web/console/notify.tsx'
import { useText } from '#web/language.ts'
import { said } from './said.ts'

/** Without a secure page the browser does not copy by itself; then the text can be marked and copied by hand. */
export function MessageButton({
  label,
  title = said.briefTitle,
  message,
  onOpen,
}: {
  label: Text
  title?: Text
  message: string | undefined
  /** Asks for what the message is made of. */ onOpen?: () => void
}) {
  const say = useText()
  const notify = useNotify()
  const id = useId()
  const [open, setOpen] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(message ?? '')
    notify.done(said.copied)
  }
  const canCopy = globalThis.isSecureContext && message !== undefined
  return (
    <>
      <Button
        onClick={() => {
          onOpen?.()
          setOpen(true)
        }}
      >
        {say(label)}
      </Button>
      <Side
        title={title}
        open={open}
        onClose={() => setOpen(false)}
        tools={
          canCopy ? (
            <Button type="primary" onClick={() => void copy()}>
              {say(said.copy)}
            </Button>
          ) : undefined
        }
      >
        <label className="unseen" htmlFor={id}>
          {say(title)}
        </label>
        <Input.TextArea
          id={id}
          value={message ?? '…'}
          readOnly
          autoSize={{ minRows: 6, maxRows: 24 }}
          onFocus={(event) => event.target.select()}
        />
      </Side>
    </>
  )
}
