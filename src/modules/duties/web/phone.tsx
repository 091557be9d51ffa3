// Today on a phone: the worker's own slots by building, what is overdue first; it works from the downloaded set without a network.
import './phone.css'
import { useState } from 'react'
import { dayOf } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { Choice } from '#web/phone/fields.tsx'
import { serverNow } from '#web/phone/clock.ts'
import { ContractForm } from '#web/phone/form.tsx'
import { PhoneLink } from '#web/phone/route.ts'
import { usePending, useSet, type Pending } from '#web/phone/sync.ts'
import { Age, Card, Empty, Notice, Pair, Progress, Room, Sheet, SmallButton, Tag, type Tone } from '#web/phone/ui.tsx'
import { connection } from '#web/phone/wire.ts'
import { useWords } from '#web/phone/words.ts'
import { excuse, type SlotRow } from '../api.ts'
import { SlotState } from '../model.ts'
import { mineToday } from './set.ts'
import { asOfNow, byBuilding, doorOf, isToDo, windowOf } from './words.ts'

const toneOf: Record<SlotState, Tone> = {
  overdue: 'stop',
  open: 'look',
  later: 'plain',
  missed: 'stop',
  done: 'go',
  excused: 'info',
}
const unit = text('项', 'slots')
const shows = [
  { value: 'toDo', text: text('要办的', 'To do') },
  { value: 'all', text: text('全部', 'All') },
]

export function TodayPage() {
  const { data, takenAt, loading, problem, refresh } = useSet(mineToday)
  const pending = usePending([excuse])
  const [show, setShow] = useState('toDo')
  const [asked, setAsked] = useState<SlotRow>()
  if (!data) return <NothingYet loading={loading} problem={problem?.say} refresh={refresh} />
  const rows = (data.rows as readonly SlotRow[]).map((row) => asOfNow(withExcuse(row, pending), serverNow()))
  const settled = rows.filter(({ state }) => state === 'done' || state === 'excused').length
  const shown = rows.filter((row) => show === 'all' || isToDo(row))
  return (
    <>
      <Progress label={text('今日任务', 'Today')} done={settled} total={rows.length} unit={unit} />
      <div className="between">
        <Age at={takenAt} loading={loading} />
        <SmallButton onClick={refresh}>{text('更新', 'Update')}</SmallButton>
      </div>
      {problem && <Notice tone="look">{problem.say}</Notice>}
      {rows.length > 0 && <Choice label={text('显示', 'Show')} choices={shows} value={show} onChange={setShow} />}
      {rows.length === 0 && (
        <Empty
          title={text('今天没有您的任务', 'Nothing of yours today')}
          hint={text('有新的安排会自动出现在这里。', 'What is given to you appears here.')}
        />
      )}
      {rows.length > 0 && shown.length === 0 && (
        <Notice tone="go">{text('现在要办的都办完了。', 'All that is due now is done.')}</Notice>
      )}
      {byBuilding(shown).map((group) => (
        <Card key={group.key} title={group.name} aside={String(group.rows.length)}>
          <ul className="slots">
            {group.rows.map((row) => (
              <SlotLine key={`${row.duty} ${row.day} ${row.slot}`} of={row} onExcuse={() => setAsked(row)} />
            ))}
          </ul>
        </Card>
      ))}
      <Sheet open={asked !== undefined} title={text('免办这一次', 'Excuse this one')} onClose={() => setAsked(undefined)}>
        {asked && (
          <ContractForm
            of={excuse}
            fixed={{ duty: asked.duty, day: asked.day, slot: asked.slot }}
            fields={['why']}
            draft={`excuse ${asked.duty} ${asked.day} ${asked.slot}`}
            onRecorded={() => setAsked(undefined)}
          />
        )}
      </Sheet>
    </>
  )
}

const withExcuse = (row: SlotRow, pending: readonly Pending[]): SlotRow => {
  const mine = pending.some(({ state, input }) => {
    const { duty, day, slot } = input as { duty: string; day: string; slot: string }
    return state !== 'refused' && duty === row.duty && day === row.day && slot === row.slot
  })
  return mine ? { ...row, state: 'excused' } : row
}

function NothingYet({ loading, problem, refresh }: { loading: boolean; problem: Text | undefined; refresh: () => unknown }) {
  const online = connection.use() === 'online'
  if (problem)
    return (
      <>
        <Notice tone="look">{problem}</Notice>
        <SmallButton onClick={refresh}>{text('再下载一次', 'Download again')}</SmallButton>
      </>
    )
  return loading || online ? (
    <Empty title={text('正在下载今日任务…', 'Downloading today’s duties…')} />
  ) : (
    <Empty
      title={text('今日任务还没有下载', 'Today’s duties are not on this phone yet')}
      hint={text(
        '有信号时会自动下载，之后可以离线查看。',
        'They are downloaded when there is a signal, and work offline from then on.',
      )}
    />
  )
}

function SlotLine({ of: row, onExcuse }: { of: SlotRow; onExcuse: () => void }) {
  const say = useWords()
  const door = doorOf(row)
  return (
    <li>
      <div className="slot">
        <span>
          {door && <Room>{door}</Room>}
          <b>
            {say(row.title)}
            {row.name ? ` · ${row.name}` : ''}
          </b>
          <small>
            {say(row.slotTitle)} {windowOf(row, dayOf(serverNow()))}
          </small>
        </span>
        <Tag tone={toneOf[row.state]}>{choiceText(SlotState, row.state)}</Tag>
      </div>
      {isToDo(row) && (
        <Pair>
          {row.phone && (
            <PhoneLink href={row.phone} className="small go">
              {say(text('去办理', 'Do it'))}
            </PhoneLink>
          )}
          <SmallButton onClick={onExcuse}>{text('免办', 'Excuse')}</SmallButton>
        </Pair>
      )}
    </li>
  )
}
