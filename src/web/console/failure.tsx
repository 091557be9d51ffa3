// A page that fails says so and leaves the rest of the house standing.
import { Component, type ReactNode } from 'react'
import { asProblem } from '../problems.ts'
import { ProblemNote } from './notify.tsx'

export class Failure extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: undefined }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override render() {
    if (this.state.error === undefined) return this.props.children
    return (
      <div className="page">
        <ProblemNote problem={asProblem(this.state.error)} onRetry={() => location.reload()} />
      </div>
    )
  }
}
