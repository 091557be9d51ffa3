// Buildings on their plan and the rooms of one building, as plain drawings: coloured by coverage, told by sign and word too.
import { PrinterOutlined } from '@ant-design/icons'
import { Button, Skeleton } from 'antd'
import type { KeyboardEvent, ReactNode } from 'react'
import type { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { ProblemNote } from '#web/console/notify.tsx'
import { Card, EmptyNote } from '#web/console/page.tsx'
import { usePrint } from '#web/console/print.tsx'
import { useAsk } from '#web/console/query.ts'
import { words } from '#web/console/words.ts'
import { useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import * as api from '../api.ts'
import { HouseholdState } from '../rules.ts'
import type { Where } from './where.ts'

type Look = { readonly fill: string; readonly ink: string; readonly sign: string; readonly words: Text }

/** How far a building is. Paper in one colour still tells them apart by the sign. */
const looks = {
  done: { fill: '#CFE7E0', ink: '#0C6B58', sign: '✓', words: text('全部覆盖', 'All covered') },
  most: { fill: '#E6F2EE', ink: '#0C6B58', sign: '◕', words: text('过半', 'More than half') },
  some: { fill: '#FFF1E0', ink: '#8A5A00', sign: '◔', words: text('不到一半', 'Less than half') },
  none: { fill: '#FFFFFF', ink: '#4A5754', sign: '○', words: text('还没有', 'None yet') },
} as const satisfies Record<string, Look>

const lookOf = ({ households, covered }: { households: number; covered: number }): Look =>
  covered === households ? looks.done : covered === 0 ? looks.none : covered * 2 >= households ? looks.most : looks.some

const roomLooks: Record<HouseholdState | 'empty', Look> = {
  covered: { ...looks.done, words: choiceText(HouseholdState, 'covered') },
  notice: { fill: '#E9F0FB', ink: '#1D5FBF', sign: '▤', words: choiceText(HouseholdState, 'notice') },
  nobody: { fill: '#FFF1E0', ink: '#8A5A00', sign: '…', words: choiceText(HouseholdState, 'nobody') },
  refused: { fill: '#FCEBEA', ink: '#B3261E', sign: '!', words: choiceText(HouseholdState, 'refused') },
  untouched: { ...looks.none, words: choiceText(HouseholdState, 'untouched') },
  vacant: { fill: '#EEF1F0', ink: '#4A5754', sign: '∅', words: choiceText(HouseholdState, 'vacant') },
  moved: { fill: '#EEF1F0', ink: '#4A5754', sign: '→', words: choiceText(HouseholdState, 'moved') },
  empty: { fill: '#EEF1F0', ink: '#4A5754', sign: '–', words: text('无登记住户', 'Nobody registered') },
}

const said = {
  plan: text('楼栋图', 'Plan of buildings'),
  empty: text('还没有楼栋', 'No buildings yet'),
  emptyHint: text('请先在“区域与房屋”里导入房屋。', 'Load the houses under Areas and houses first.'),
  building: text('楼栋', 'Building'),
  unit: text('户', 'households'),
  unitless: text('未分单元', 'No units'),
}

/** A square that can be pressed with a finger or the keyboard; `name` is what a reader hears. */
function Square({
  x,
  y,
  w,
  h,
  look,
  name,
  chosen = false,
  onPress,
  children,
}: {
  x: number
  y: number
  w: number
  h: number
  look: Look
  name: string
  chosen?: boolean
  onPress?: (() => void) | undefined
  children: ReactNode
}) {
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    onPress?.()
  }
  return (
    <g
      className="map-square"
      {...(onPress
        ? { role: 'button', tabIndex: 0, 'aria-pressed': chosen, onClick: onPress, onKeyDown: keys }
        : { role: 'img' })}
      aria-label={name}
    >
      <rect
        x={x}
        y={y}
        width={w}
        height={h}
        rx={6}
        fill={look.fill}
        stroke={chosen ? '#0C6B58' : '#87938F'}
        strokeWidth={chosen ? 3 : 1}
      />
      {children}
    </g>
  )
}

function Legend({ of }: { of: readonly Look[] }) {
  const say = useText()
  return (
    <ul className="map-legend">
      {of.map((look) => (
        <li key={look.sign}>
          <span style={{ background: look.fill, color: look.ink }} aria-hidden>
            {look.sign}
          </span>
          {say(look.words)}
        </li>
      ))}
    </ul>
  )
}

const cell = { w: 108, h: 64, gap: 8 }

export function BuildingsMap({
  where,
  chosen,
  onChoose,
}: {
  where: Where
  chosen: Id | undefined
  onChoose: (building: Id) => void
}) {
  const say = useText()
  const print = usePrint()
  const { data, error, isPending, refetch } = useAsk(api.plan, where)
  if (error) return <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />
  if (isPending)
    return (
      <Card title={said.plan}>
        <Skeleton active title={false} paragraph={{ rows: 4 }} />
      </Card>
    )
  const drawing = (onPress?: (building: Id) => void) => (
    <Plan rows={data.rows} chosen={onPress ? chosen : undefined} onPress={onPress} />
  )
  return (
    <Card
      title={said.plan}
      tools={
        <Button
          size="small"
          icon={<PrinterOutlined aria-hidden />}
          disabled={data.rows.length === 0}
          onClick={() =>
            void print(
              <section className="sheet">
                <h1>{say(said.plan)}</h1>
                {drawing()}
              </section>,
            )
          }
        >
          {say(words.print)}
        </Button>
      }
    >
      {data.rows.length === 0 ? <EmptyNote title={said.empty} hint={said.emptyHint} /> : drawing(onChoose)}
    </Card>
  )
}

type OnPlan = { id: Id; compound: string; name: string; x: number; y: number; households: number; covered: number }

type PlanTerms = { rows: readonly OnPlan[]; chosen: Id | undefined; onPress?: ((building: Id) => void) | undefined }

/** Compound by compound under its name: every compound has a building 1. */
function Plan({ rows, chosen, onPress }: PlanTerms) {
  return (
    <>
      <div className="map-compounds">
        {[...Map.groupBy(rows, (b) => b.compound)].map(([compound, there]) => (
          <CompoundPlan key={compound} name={compound} rows={movedUp(there)} chosen={chosen} onPress={onPress} />
        ))}
      </div>
      <Legend of={Object.values(looks)} />
    </>
  )
}

/** The buildings of one compound as they stand to each other, from the corner of their own drawing. */
function movedUp(rows: readonly OnPlan[]): OnPlan[] {
  const [left, top] = [Math.min(...rows.map((b) => b.x)), Math.min(...rows.map((b) => b.y))]
  return rows.map((b) => ({ ...b, x: b.x - left, y: b.y - top }))
}

function CompoundPlan({ name, rows, chosen, onPress }: PlanTerms & { name: string }) {
  const say = useText()
  const width = Math.max(...rows.map((b) => b.x + 1)) * (cell.w + cell.gap)
  const height = Math.max(...rows.map((b) => b.y + 1)) * (cell.h + cell.gap)
  return (
    <figure className="map-unit">
      <figcaption>{name}</figcaption>
      <div className="map-frame">
        <svg
          viewBox={`0 0 ${width} ${height}`}
          style={{ width: Math.min(width, 1200), maxWidth: '100%', minWidth: Math.min(width, 320) }}
          role="group"
          aria-label={`${name} ${say(said.plan)}`}
        >
          {rows.map((b) => {
            const look = lookOf(b)
            const [x, y] = [b.x * (cell.w + cell.gap) + 2, b.y * (cell.h + cell.gap) + 2]
            return (
              <Square
                key={b.id}
                x={x}
                y={y}
                w={cell.w}
                h={cell.h}
                look={look}
                chosen={b.id === chosen}
                onPress={onPress && (() => onPress(b.id))}
                name={`${b.compound} ${b.name}：${say(look.words)}，${b.covered} / ${b.households} ${say(said.unit)}`}
              >
                <text x={x + 10} y={y + 26} fontSize={15} fontWeight={600} fill="#17201E">
                  {b.name}
                </text>
                <text x={x + 10} y={y + 48} fontSize={13} fill={look.ink}>
                  {look.sign} {b.covered} / {b.households} {say(text('户', ''))}
                </text>
              </Square>
            )
          })}
        </svg>
      </div>
    </figure>
  )
}

const room = { w: 84, h: 46, gap: 6 }

/** One building: units beside each other, the ground floor at the bottom as it stands. */
export function RoomsMap({
  where,
  building,
  onOpen,
  onClose,
}: {
  where: Where
  building: Id
  onOpen: (household: Id) => void
  onClose: () => void
}) {
  const say = useText()
  const print = usePrint()
  const { data, error, isPending, refetch } = useAsk(api.building, { ...where, building })
  if (error) return <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />
  if (isPending)
    return (
      <Card title={said.building}>
        <Skeleton active title={false} paragraph={{ rows: 3 }} />
      </Card>
    )
  const title = `${data.compound} ${data.name}`
  const drawing = (open?: (household: Id) => void) => (
    <>
      {data.units.map((unit) => (
        <UnitRooms key={unit.id ?? 'none'} name={unit.name ?? say(said.unitless)} rooms={unit.rooms} onOpen={open} />
      ))}
      <Legend of={Object.values(roomLooks)} />
    </>
  )
  return (
    <Card
      title={{ zh: title, en: title }}
      tools={
        <span className="card-tools">
          <Button
            size="small"
            icon={<PrinterOutlined aria-hidden />}
            onClick={() =>
              void print(
                <section className="sheet">
                  <h1>{title}</h1>
                  {drawing()}
                </section>,
              )
            }
          >
            {say(words.print)}
          </Button>
          <Button size="small" onClick={onClose}>
            {say(words.close)}
          </Button>
        </span>
      }
    >
      <div className="map-units">{drawing(onOpen)}</div>
    </Card>
  )
}

type Room = { dwelling: Id; room: string; floor: number | null; households: readonly { id: Id; state: HouseholdState }[] }

function UnitRooms({
  name,
  rooms,
  onOpen,
}: {
  name: string
  rooms: readonly Room[]
  onOpen?: ((household: Id) => void) | undefined
}) {
  const say = useText()
  const floors = [...Map.groupBy(rooms, (one) => one.floor ?? 0)].sort(([a], [b]) => b - a)
  const widest = Math.max(...floors.map(([, there]) => there.reduce((sum, one) => sum + Math.max(1, one.households.length), 0)))
  const [width, height] = [widest * (room.w + room.gap) + 4, floors.length * (room.h + room.gap) + 4]
  return (
    <figure className="map-unit">
      <figcaption>{name}</figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} style={{ width, maxWidth: '100%' }} role="group" aria-label={name}>
        {floors.map(([floor, there], row) =>
          there
            .flatMap((one) => (one.households.length > 0 ? one.households : [null]).map((household) => ({ one, household })))
            .map(({ one, household }, column) => {
              const look = roomLooks[household?.state ?? 'empty']
              const [x, y] = [column * (room.w + room.gap) + 2, row * (room.h + room.gap) + 2]
              return (
                <Square
                  key={`${floor}${one.dwelling}${household?.id}`}
                  x={x}
                  y={y}
                  w={room.w}
                  h={room.h}
                  look={look}
                  name={`${one.room} ${say(look.words)}`}
                  onPress={onOpen && household ? () => onOpen(household.id) : undefined}
                >
                  <text x={x + 8} y={y + 19} fontSize={14} fontWeight={600} fill="#17201E">
                    {one.room}
                  </text>
                  <text x={x + 8} y={y + 37} fontSize={11} fill={look.ink}>
                    {look.sign} {say(look.words)}
                  </text>
                </Square>
              )
            }),
        )}
      </svg>
    </figure>
  )
}
