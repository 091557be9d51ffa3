// The level of a response or of rules: the two must be the same words, so those that are in use are offered.
import { AutoComplete } from 'antd'
import { text } from '#core/text.ts'
import type { InputProps } from '#web/console/inputs.tsx'
import { useAsk } from '#web/console/query.ts'
import { useText } from '#web/language.ts'
import * as api from '../api.ts'

const said = {
  offered: text('从现行规则的级别中选，或填写', 'Choose a level of the rules, or type one'),
  alone: text(
    '没有规则使用这个级别。只按级别生效的规则不会因此生效，请核对用字。',
    'No rule is written for this level, so rules that hold at a level will not come into force. Check the words.',
  ),
}

/** `forRules`: rules may be the first of a level, so nothing warns of a new word. */
export function LevelPicker({
  forRules = false,
  id,
  value,
  onChange,
  onBlur,
  describedBy,
  invalid,
}: InputProps & { forRules?: boolean }) {
  const say = useText()
  const { data } = useAsk(api.levels, {})
  const typed = (value as string | null | undefined) ?? ''
  const known = data?.rows ?? []
  const stray = !forRules && typed !== '' && known.length > 0 && !known.some(({ level }) => level === typed)
  return (
    <>
      <AutoComplete
        id={id}
        className="wide"
        allowClear
        value={typed}
        placeholder={say(said.offered)}
        onChange={(next) => onChange(next || null)}
        options={known.map(({ level, packs }) => ({ value: level, label: `${level} · ${packs.join('、')}` }))}
        {...(describedBy ? { 'aria-describedby': describedBy } : {})}
        {...(onBlur ? { onBlur } : {})}
        {...(invalid ? { status: 'error' as const, 'aria-invalid': true } : {})}
      />
      {stray && (
        <p className="field-hint" role="status">
          {say(said.alone)}
        </p>
      )}
    </>
  )
}
