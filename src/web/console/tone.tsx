// A state as a coloured word: never by colour alone, always with an icon.
import {
  CheckCircleOutlined,
  ExclamationCircleOutlined,
  InfoCircleOutlined,
  MinusCircleOutlined,
  WarningOutlined,
} from '@ant-design/icons'
import type { ComponentType, ReactNode } from 'react'

export type ToneName = 'ok' | 'look' | 'danger' | 'info' | 'quiet'

const icons: Record<ToneName, ComponentType<{ 'aria-hidden': true }>> = {
  ok: CheckCircleOutlined,
  look: ExclamationCircleOutlined,
  danger: WarningOutlined,
  info: InfoCircleOutlined,
  quiet: MinusCircleOutlined,
}

export function Tone({ tone, children }: { tone: ToneName; children: ReactNode }) {
  const Icon = icons[tone]
  return (
    <span className={`tone tone-${tone}`}>
      <Icon aria-hidden />
      {children}
    </span>
  )
}
