// The disinfection ledger on the console: everything comes from its declaration; above it what the rules recommend.
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { Card } from '#web/console/page.tsx'
import { useAsk } from '#web/console/query.ts'
import { LedgerPage } from '#web/ledger.tsx'
import { useText } from '#web/language.ts'
import { adviceInForce, rounds } from './api.ts'
import { Method, Place, type Advice } from './model.ts'

export const DisinfectionPage = () => <LedgerPage of={rounds} picture={<AdviceCard />} />

/** Strength and contact time as the rules in force say them; nothing where they say nothing. It refuses no entry. */
function AdviceCard() {
  const say = useText()
  const { data } = useAsk(adviceInForce, {})
  if (!data?.rows.length) return null
  return (
    <Card title={text('浓度和时间建议', 'Advice on strength and time')}>
      <ul>{data.rows.map((one) => <li key={one.words.en}>{say(lineOf(one))}</li>)}</ul>
      {data.document && <p className="code">{data.document}</p>}
    </Card>
  )
}

function lineOf({ place, method, chlorine, minutes, words }: Advice) {
  const where = [place && choiceText(Place, place), method && choiceText(Method, method)].filter((one) => one !== undefined)
  const strength = chlorine && `${chlorine[0]}–${chlorine[1]} mg/L`
  return text(
    [...where.map((t) => t.zh), strength, minutes && `${minutes} 分钟`, words.zh].filter(Boolean).join(' · '),
    [...where.map((t) => t.en), strength, minutes && `${minutes} min`, words.en].filter(Boolean).join(' · '))
}
