// A page that fails says so where it stands, and must not take the way to the queue with it.
import { Component, type ReactNode } from 'react'
import { text } from '#core/text.ts'
import { say } from '#web/problems.ts'
import { Notice, SmallButton } from './ui.tsx'

export class Unbroken extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }
  static getDerivedStateFromError() {
    return { failed: true }
  }
  override render() {
    if (!this.state.failed) return this.props.children
    return (
      <div className="narrow">
        <Notice tone="stop">{say.broken().say}</Notice>
        <SmallButton onClick={() => this.setState({ failed: false })}>{text('再试一次', 'Try again')}</SmallButton>
      </div>
    )
  }
}
