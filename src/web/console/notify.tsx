// Short news at the top of the page, and problems that stay where they belong.
import { Alert, App, Button } from 'antd'
import { useMemo } from 'react'
import type { Problem } from '#core/problem.ts'
import type { Text } from '#core/text.ts'
import { useText } from '../language.ts'
import { words } from './words.ts'

/** `done(text)` after an act, `look(text)` for what needs attention, `refused(problem)` where no place of its own can show it. */
export function useNotify() {
  const { message } = App.useApp()
  const say = useText()
  return useMemo(
    () => ({
      done: (what: Text = words.saved) => void message.success(say(what)),
      look: (what: Text) => void message.warning(say(what), 6),
      refused: (problem: Problem) => void message.error(say(problem.say), 8),
    }),
    [message, say],
  )
}

/** A problem on the page with its sentence and a way to try again. Its code, for the support, is read only where the house itself failed. */
export function ProblemNote({ problem, onRetry }: { problem: Problem; onRetry?: (() => void) | undefined }) {
  const say = useText()
  return (
    <Alert
      type={problem.status === 503 ? 'warning' : 'error'}
      showIcon
      role="alert"
      className="problem"
      title={<span title={problem.code}>{say(problem.say)}</span>}
      description={problem.status === 500 ? <span className="code">{problem.code}</span> : undefined}
      action={
        onRetry && (
          <Button size="small" onClick={onRetry}>
            {say(words.retry)}
          </Button>
        )
      }
    />
  )
}
