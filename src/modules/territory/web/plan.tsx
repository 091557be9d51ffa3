// The plan of buildings on squared paper: choose one, move it with the arrow keys or a tap on a free square, save.
import { useMemo, useState, type KeyboardEvent } from 'react'
import { text } from '#core/text.ts'
import { ActionButton } from '#web/console/action.tsx'
import { useNotify } from '#web/console/notify.tsx'
import { Card, EmptyNote } from '#web/console/page.tsx'
import { useAsk, useTell } from '#web/console/query.ts'
import { useText } from '#web/language.ts'
import * as api from '../api.ts'
import { planOf } from '../model.ts'

const said = {
  title: text('楼栋示意图', 'Plan of buildings'),
  how: text(
    '选中一栋楼，用方向键或点空格移动，再保存。',
    'Choose a building, move it with the arrow keys or by a tap on a free square, then save.',
  ),
  save: text('保存示意图', 'Save the plan'),
  nothing: text('没有改动', 'Nothing has changed'),
  onlyReading: text('当前岗位只能查看', 'Your present post may only read'),
  empty: text('还没有楼栋', 'No buildings yet'),
  emptyHint: text('先添加或导入楼栋，示意图会自动排好。', 'Add or load buildings first; they line up by themselves.'),
}

/** Width and height of a square, in pixels at 100 %. */
const square = { w: 92, h: 64 }
const steps: Record<string, readonly [dx: number, dy: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

export function PlanTab({ community, mayKeep }: { community: string; mayKeep: boolean }) {
  const say = useText()
  const notify = useNotify()
  const { data } = useAsk(api.buildings, { community })
  const marks = useAsk(api.marks, { community }).data?.rows ?? []
  const draw = useTell(api.drawPlan)
  const [moved, setMoved] = useState<ReadonlyMap<string, { x: number; y: number }>>(new Map())
  const [chosen, setChosen] = useState<string>()
  const plan = useMemo(() => planOf(data?.rows ?? []).map((b) => ({ ...b, ...moved.get(b.id) })), [data, moved])
  if (data && plan.length === 0) return <EmptyNote title={said.empty} hint={said.emptyHint} />

  const columns = Math.max(10, ...plan.map((b) => b.x + 2))
  const rows = Math.max(3, ...plan.map((b) => b.y + 2))
  /** Whoever stands there already changes places with the newcomer. */
  const move = (id: string, x: number, y: number) => {
    if (!mayKeep || x < 0 || y < 0) return
    const from = plan.find((b) => b.id === id)!
    const there = plan.find((b) => b.id !== id && b.x === x && b.y === y)
    setMoved(new Map([...moved, [id, { x, y }], ...(there ? [[there.id, { x: from.x, y: from.y }] as const] : [])]))
  }
  const keys = (event: KeyboardEvent, b: { id: string; x: number; y: number }) => {
    const step = steps[event.key]
    if (event.key === 'Enter' || event.key === ' ') setChosen(b.id)
    else if (step) move(b.id, b.x + step[0], b.y + step[1])
    else return
    event.preventDefault()
  }
  const save = async () => {
    const done = await draw.tell(
      { community, places: plan.map(({ id, x, y }) => ({ building: id, x, y })) },
      undefined,
      notify.refused,
    )
    if (!done) return
    setMoved(new Map())
    notify.done()
  }
  const marksOf = (building: string) => marks.filter((m) => m.building === building).map((m) => say(m.words))
  const free = Array.from({ length: columns * rows }, (_, i) => ({ x: i % columns, y: Math.floor(i / columns) }))
  return (
    <Card
      title={said.title}
      tools={
        <ActionButton
          label={said.save}
          type="primary"
          run={() => void save()}
          loading={draw.busy}
          disabledReason={!mayKeep ? said.onlyReading : moved.size === 0 ? said.nothing : undefined}
        />
      }
    >
      <p>{say(said.how)}</p>
      <div style={{ overflowX: 'auto' }}>
        <svg width={columns * square.w} height={rows * square.h} role="group" aria-label={say(said.title)}>
          {free.map(({ x, y }) => (
            <rect
              key={`${x},${y}`}
              x={x * square.w}
              y={y * square.h}
              width={square.w}
              height={square.h}
              fill="none"
              stroke="#DDE3E1"
              pointerEvents="all"
              onClick={() => chosen && move(chosen, x, y)}
            />
          ))}
          {plan.map((b) => (
            <g
              key={b.id}
              role="button"
              tabIndex={0}
              aria-pressed={b.id === chosen}
              aria-label={[b.compoundName, b.name, ...marksOf(b.id)].join(' ')}
              transform={`translate(${b.x * square.w + 4} ${b.y * square.h + 4})`}
              style={{ cursor: 'pointer' }}
              onClick={() => setChosen(b.id)}
              onKeyDown={(event) => keys(event, b)}
            >
              <Tile name={b.name} compound={b.compoundName} chosen={b.id === chosen} mark={marksOf(b.id)[0]} />
            </g>
          ))}
        </svg>
      </div>
    </Card>
  )
}

/** One building as it is drawn: its name, and the compound below; a mark takes the compound's place. */
function Tile({ name, compound, chosen, mark }: { name: string; compound: string; chosen: boolean; mark: string | undefined }) {
  const [paper, ink, faint] = chosen ? ['#0C6B58', '#fff', '#fff'] : ['#E6F2EE', '#17201E', '#4A5754']
  const middle = (square.w - 8) / 2
  return (
    <>
      <rect width={square.w - 8} height={square.h - 8} rx={6} fill={paper} stroke="#0C6B58" />
      <text x={middle} y={24} textAnchor="middle" fontSize={14} fontWeight={600} fill={ink}>
        {name}
      </text>
      {mark && !chosen && <rect width={square.w - 8} height={square.h - 8} rx={6} fill="none" stroke="#A61D24" strokeWidth={3} />}
      <text x={middle} y={44} textAnchor="middle" fontSize={11} fill={mark && !chosen ? '#A61D24' : faint}>
        {mark ? `▲ ${mark.slice(0, 6)}` : compound.slice(0, 7)}
      </text>
    </>
  )
}
