// The funnel as plain bars: how many households, tried how, and how far. Every bar says its figure in words.
import { text, type Text } from '#core/text.ts'
import { Card } from '#web/console/page.tsx'
import { sayNumber, useLanguage, useText } from '#web/language.ts'

type Steps = {
  households: number
  phoned: number
  visited: number
  noticed: number
  covered: number
  byPhone: number
  atDoor: number
  left: number
  vacant: number
  moved: number
  refused: number
  untouched: number
}
type Step = { key: keyof Steps; words: Text; tone: 'whole' | 'tried' | 'done' | 'gap' }

const steps: readonly Step[] = [
  { key: 'households', words: text('应排查', 'To be screened'), tone: 'whole' },
  { key: 'phoned', words: text('打过电话', 'Phoned'), tone: 'tried' },
  { key: 'visited', words: text('上过门', 'Visited'), tone: 'tried' },
  { key: 'noticed', words: text('贴过提示', 'Notice posted'), tone: 'tried' },
  { key: 'byPhone', words: text('电话联系上', 'Reached by phone'), tone: 'done' },
  { key: 'atDoor', words: text('入户联系上', 'Reached at the door'), tone: 'done' },
  { key: 'left', words: text('未覆盖', 'Left'), tone: 'gap' },
]

const said = {
  title: text('排查漏斗', 'Funnel'),
  balance: text(
    '已覆盖 = 电话联系上 + 入户联系上；应排查 = 已覆盖 + 未覆盖。贴过提示的也算上过门，但不算联系上。',
    'Covered = by phone + at the door; to be screened = covered + left. A posted notice is a visit too, but reaches nobody.',
  ),
  among: text('未覆盖中', 'Of those left'),
  untouched: text('未排查', 'not yet tried'),
  tried: text('试过未联系上', 'tried in vain'),
  vacant: text('空置', 'vacant'),
  moved: text('已搬离', 'moved'),
  refused: text('不配合', 'refused'),
  unit: text('户', 'households'),
  oneUnit: text('户', 'household'),
}

export function Funnel({ of }: { of: Steps }) {
  const say = useText()
  const language = useLanguage()
  const { untouched, refused, vacant, moved } = of
  const left = { untouched, tried: of.left - untouched - refused - vacant - moved, refused, vacant, moved }
  const rest = (Object.keys(left) as (keyof typeof left)[])
    .filter((key) => left[key] > 0)
    .map((key) => `${say(said[key])} ${sayNumber(left[key], language)}`)
  return (
    <Card title={said.title}>
      <dl className="funnel">
        {steps.map(({ key, words, tone }) => (
          <div key={key}>
            <dt>{say(words)}</dt>
            <dd>
              <span
                className={`funnel-bar ${tone}`}
                style={{ width: `${of.households > 0 ? Math.max(0.6, (100 * of[key]) / of.households) : 0.6}%` }}
              />
              <b>{sayNumber(of[key], language)}</b> {say(of[key] === 1 ? said.oneUnit : said.unit)}
            </dd>
          </div>
        ))}
      </dl>
      {rest.length > 0 && (
        <p className="funnel-note">
          {say(said.among)}
          {say(text('：', ': '))}
          {rest.join(say(text('，', ', ')))}
        </p>
      )}
      <p className="funnel-note">{say(said.balance)}</p>
    </Card>
  )
}
