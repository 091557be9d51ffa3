// The rules of a version in words.
import { dayOf } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { Tone, type ToneName } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import { Rule, type Overruled, type VersionShown } from '../api.ts'

const said = {
  source: text('出处', 'Source'),
}
const tones: Record<Rule['standing'], ToneName> = { known: 'ok', unknown: 'quiet', unread: 'danger' }

/** Every rule with its words, its source and how levels combine. */
export function RuleWords({ rules }: { rules: VersionShown['all'] }) {
  const say = useText()
  return (
    <dl className="record">
      {rules.map((rule) => (
        <div key={rule.key}>
          <dt>{say(rule.title)}</dt>
          <dd>
            <div style={{ whiteSpace: 'pre-line' }}>{say(rule.words)}</div>
            {rule.overruled && <OverruledNote by={rule.overruled} />}
            {rule.source && (
              <div className="field-hint">
                {say(said.source)}：{rule.source}
              </div>
            )}
            <div className="field-hint">
              {rule.standing !== 'known' && (
                <Tone tone={tones[rule.standing]}>{say(choiceText(Rule.shape.standing, rule.standing))}</Tone>
              )}
              {rule.combines && say(rule.combines)}
            </div>
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** That a rule does not hold as written, and why. */
export function OverruledNote({ by }: { by: Overruled }) {
  const say = useText()
  const future = Date.parse(by.from) > Date.now()
  const [zh, en] = [sayFrom(by.from, future), future ? `From ${dayOf(Date.parse(by.from))} it` : 'It']
  return (
    <p>
      <Tone tone="look">{say(text('不生效', 'Does not hold'))}</Tone>{' '}
      {say(
        text(
          `${zh}${by.areaName}已另有规定（${by.document}），执行：${by.holds.zh}`,
          `${en} is overruled by ${by.areaName} (${by.document}); what holds: ${by.holds.en}`,
        ),
      )}
    </p>
  )
}

const sayFrom = (from: string, future: boolean) => {
  if (!future) return ''
  const at = Temporal.Instant.from(from).toZonedDateTimeISO('Asia/Shanghai')
  return `自${at.month}月${at.day}日起，`
}
