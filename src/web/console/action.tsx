// Buttons that explain themselves: one that may not be pressed now says why, to eyes, keyboards and readers alike.
import { Button, Tooltip, type ButtonProps } from 'antd'
import { useId, type ReactNode } from 'react'
import type { Text } from '#core/text.ts'
import { useText } from '../language.ts'

export type Action = {
  readonly label: Text
  readonly run: () => void
  readonly icon?: ReactNode
  readonly danger?: boolean
  /** Why it may not be done now; the button stays, greyed, and says so. */
  readonly disabledReason?: Text | undefined
}

type Props = Action &
  Pick<ButtonProps, 'type' | 'size' | 'loading'> & {
    /** Says what the button acts on, where the label alone is not enough for a reader: "Correct, row 3". */
    readonly about?: string | undefined
  }

/** A button for an action. It stays reachable by keyboard while it is disabled. */
export function ActionButton({ label, run, icon, danger, disabledReason, about, type, size, loading }: Props) {
  const say = useText()
  const id = useId()
  const button = (
    <Button
      type={type ?? 'default'}
      size={size ?? 'middle'}
      icon={icon}
      danger={danger === true && !disabledReason}
      loading={loading ?? false}
      {...(about ? { 'aria-label': `${say(label)} ${about}` } : {})}
      {...(disabledReason ? { 'aria-disabled': true, 'aria-describedby': id, className: 'not-now' } : { onClick: run })}
    >
      {say(label)}
    </Button>
  )
  if (!disabledReason) return button
  return (
    <Tooltip title={say(disabledReason)} trigger={['hover', 'focus', 'click']}>
      <span className="not-now-holder">
        {button}
        <span id={id} className="unseen">
          {say(disabledReason)}
        </span>
      </span>
    </Tooltip>
  )
}
