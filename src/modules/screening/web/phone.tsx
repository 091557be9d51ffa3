// Screening on a phone: my grid, its buildings and doors, next door first. A visit is one card (visit.tsx).
import './phone.css'
import { useEffect, type ReactNode } from 'react'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { Choice } from '#web/phone/fields.tsx'
import { PhoneLink, useParams, usePhoneRoute } from '#web/phone/route.ts'
import { Age, BigButton, Card, Empty, Notice, Pair, Progress, SmallButton, Tag } from '#web/phone/ui.tsx'
import { useWords } from '#web/phone/words.ts'
import { connection } from '#web/phone/wire.ts'
import { Party } from '../model.ts'
import { buildingOf, goingOn, lastVisited, nextStop, pileOf, placeOf, tally, type Stop } from './doors.ts'
import { PeoplePage } from './people.tsx'
import { NewPersonPage, ReturneePage } from './person.tsx'
import { Back, DoorRow, Words } from './pieces.tsx'
import { home, listPath, stopPath, useDoors, useParties, walkOf, type Doors } from './useDoors.ts'
import { NoticePage, VisitPage } from './visit.tsx'

const unit = text('户', 'households')

/** Everything below /screening; which of it is told by the address. */
export function ScreeningPage() {
  const doors = useDoors()
  const [at] = usePhoneRoute()
  const params = useParams(`${home}/:kind/*?`)
  // The next door begins at its top, however far down the last answer stood.
  useEffect(() => {
    scrollTo(0, 0)
  }, [at])
  if (!doors.data) return <NothingYet doors={doors} />
  switch (params?.['kind']) {
    case 'b':
      return <DoorList doors={doors} />
    case 'again':
      return <Again doors={doors} />
    case 'mine':
      return <Mine doors={doors} />
    case 'with':
      return <Along />
    case 'h':
      if (at.endsWith('/people')) return <PeoplePage doors={doors} />
      if (at.endsWith('/person')) return <NewPersonPage doors={doors} />
      if (at.endsWith('/returnee')) return <ReturneePage doors={doors} />
      if (at.endsWith('/notice')) return <NoticePage doors={doors} />
      return <VisitPage doors={doors} key={at} />
    default:
      return <Home doors={doors} />
  }
}

function NothingYet({ doors: { loading, problem, refresh } }: { doors: Doors }) {
  const online = connection.use() === 'online'
  if (problem)
    return (
      <>
        <Notice tone="look">{problem.say}</Notice>
        <BigButton onClick={refresh}>{text('再下载一次', 'Download again')}</BigButton>
      </>
    )
  if (loading || online) return <Empty title={text('正在下载本网格的门户…', 'Downloading the doors of your grid…')} />
  return (
    <Empty
      title={text('本网格的门户还没有下载', 'The doors of your grid are not on this phone yet')}
      hint={text(
        '有信号时会自动下载，之后可以离线使用。',
        'They are downloaded when there is a signal, and work offline from then on.',
      )}
    />
  )
}

// --- my grid ----------------------------------------------------------------------------------------------------------

function Home({ doors }: { doors: Doors }) {
  const say = useWords()
  const [, go] = usePhoneRoute()
  const { stops, data, campaign } = doors
  const { households, covered, again } = tally(stops)
  const next = nextStop(stops, lastVisited(stops))
  const [parties] = useParties()
  return (
    <>
      <Progress label={campaign?.title ?? data!.areaName} done={covered} total={households} unit={unit} />
      <div className="between">
        <Age at={doors.takenAt} loading={doors.loading} />
        <SmallButton onClick={doors.refresh}>{text('更新', 'Refresh')}</SmallButton>
      </div>
      {doors.problem && <Notice tone="look">{doors.problem.say}</Notice>}
      {!campaign && (
        <Notice tone="look">
          {text(
            '本网格现在没有进行中的排查。社区书记启动后，这里就能登记。',
            'No campaign is open in your grid. Once the secretary opens one, you can record here.',
          )}
        </Notice>
      )}
      {campaign &&
        (next ? (
          <BigButton icon="next" sub={placeOf(next)} onClick={() => go(stopPath(next))}>
            {text(`下一户 ${next.room}`, `Next: ${next.room}`)}
          </BigButton>
        ) : (
          <AllTried again={again} />
        ))}
      {again > 0 && (
        <SmallButton tone="look" onClick={() => go(`${home}/again`)}>
          {text(`待复访 ${again} 户`, `To be visited again: ${again}`)}
        </SmallButton>
      )}
      <ul className="doors">
        {buildingsOf(stops).map((building) => (
          <BuildingRow key={building.key} of={building} />
        ))}
      </ul>
      <Pair>
        <SmallButton onClick={() => go(`${home}/mine`)}>{text('我的登记', 'My entries')}</SmallButton>
        <SmallButton onClick={() => go(`${home}/with`)}>
          {say(text('一起走访', 'Along with me'))}
          {parties.length > 0 ? ` (${parties.length})` : ''}
        </SmallButton>
      </Pair>
    </>
  )
}

/** No door is left untried; those that nobody answered are said with it. */
const AllTried = ({ again }: { again: number }) =>
  again === 0 ? (
    <Notice tone="go">{text('每一户都去过了。', 'You have been to every door.')}</Notice>
  ) : (
    <Notice tone="info">
      {text(
        `都去过了，还有 ${again} 户没联系上。`,
        `Every door has been tried; ${again} ${again === 1 ? 'household is' : 'households are'} not reached yet.`,
      )}
    </Notice>
  )

type Part = { key: string; name: string; href: string; stops: Stop[] }

/** Buildings in the order of the walk. */
const buildingsOf = (stops: readonly Stop[]): Part[] =>
  partsOf(
    stops,
    (stop) => stop.building.id,
    (stop) => buildingOf(stop),
    (stop) => `${home}/b/${stop.building.id}`,
  )

function partsOf(
  stops: readonly Stop[],
  keyOf: (stop: Stop) => string,
  nameOf: (stop: Stop) => string,
  hrefOf: (stop: Stop) => string,
): Part[] {
  const parts = new Map<string, Part>()
  for (const stop of stops) {
    const key = keyOf(stop)
    const part = parts.get(key) ?? { key, name: nameOf(stop), href: hrefOf(stop), stops: [] }
    part.stops.push(stop)
    parts.set(key, part)
  }
  return [...parts.values()]
}

function BuildingRow({ of: { name, href, stops } }: { of: Part }) {
  const { households, covered } = tally(stops)
  const complete = covered === households
  return (
    <li>
      <PhoneLink href={href} className="door">
        <span>
          <b>{name}</b>
        </span>
        <Tag tone={complete ? 'go' : 'plain'}>{text(`${covered} / ${households} 户`, `${covered} / ${households}`)}</Tag>
      </PhoneLink>
    </li>
  )
}

// --- doors ------------------------------------------------------------------------------------------------------------

function DoorList({ doors }: { doors: Doors }) {
  const params = useParams(`${home}/b/:building/:unit?`)
  const building = doors.stops.filter((stop) => stop.building.id === params?.['building'])
  const units = partsOf(
    building,
    (stop) => stop.unit.id ?? 'all',
    (stop) => stop.unit.name ?? stop.building.name,
    listPath,
  )
  const unit = params?.['unit'] ?? (units.length === 1 ? units[0]!.key : undefined)
  const here = units.find((one) => one.key === unit)
  const first = building[0]
  if (!first)
    return (
      <>
        <Back href={home}>{text('全部楼栋', 'All buildings')}</Back>
        <Empty title={text('这里没有门户', 'No doors here')} />
      </>
    )
  if (!here) {
    return (
      <>
        <Back href={home}>{text('全部楼栋', 'All buildings')}</Back>
        <h2>{buildingOf(first)}</h2>
        <ul className="doors">
          {units.map((one) => (
            <BuildingRow key={one.key} of={one} />
          ))}
        </ul>
      </>
    )
  }
  return (
    <Doors
      doors={doors}
      within={here.stops}
      title={placeOf(here.stops[0]!)}
      back={
        units.length > 1 ? (
          <Back href={`${home}/b/${first.building.id}`}>{buildingOf(first)}</Back>
        ) : (
          <Back href={home}>{text('全部楼栋', 'All buildings')}</Back>
        )
      }
    />
  )
}

function Doors({ doors, within, title, back }: { doors: Doors; within: readonly Stop[]; title: string; back: ReactNode }) {
  const { households, covered } = tally(within)
  const walk = walkOf(doors.stops, within)
  const pile = (which: 'todo' | 'again' | 'done') => walk.filter((stop) => pileOf(stop) === which)
  const [todo, again] = [pile('todo'), pile('again')]
  const done = within.filter((stop) => pileOf(stop) === 'done')
  return (
    <>
      {back}
      <Progress label={title} done={covered} total={households} unit={unit} />
      {todo.length > 0 && (
        <ul className="doors">
          {todo.map((stop, i) => (
            <DoorRow key={stop.key} stop={stop} next={i === 0} />
          ))}
        </ul>
      )}
      {again.length > 0 && (
        <>
          <h2>
            <Words of={text('待复访', 'To be visited again')} />
          </h2>
          <ul className="doors">
            {again.map((stop) => (
              <DoorRow key={stop.key} stop={stop} />
            ))}
          </ul>
        </>
      )}
      {done.length > 0 && (
        <details className="pile" open={todo.length + again.length === 0}>
          <summary>
            <Words of={text(`已完成 ${done.length} 户`, `Done: ${done.length}`)} />
          </summary>
          <ul className="doors">
            {done.map((stop) => (
              <DoorRow key={stop.key} stop={stop} />
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

// --- lists ------------------------------------------------------------------------------------------------------------

function Again({ doors }: { doors: Doors }) {
  const again = goingOn(doors.stops, lastVisited(doors.stops)).filter((stop) => pileOf(stop) === 'again')
  return (
    <>
      <Back href={home}>{text('我的网格', 'My grid')}</Back>
      <h2>
        <Words of={text(`待复访 ${again.length} 户`, `To be visited again: ${again.length}`)} />
      </h2>
      {again.length === 0 && <Empty title={text('没有待复访的住户', 'Nobody has to be visited again')} />}
      <ul className="doors">
        {again.map((stop) => (
          <DoorRow key={stop.key} stop={stop} wide />
        ))}
      </ul>
    </>
  )
}

/** What this worker recorded last at each door, the newest first: opened to be corrected or withdrawn. */
function Mine({ doors }: { doors: Doors }) {
  const mine = doors.stops
    .filter((stop) => stop.household?.last?.mine || stop.household?.refused)
    .sort((a, b) => Date.parse(b.household!.last?.at ?? '') - Date.parse(a.household!.last?.at ?? ''))
  return (
    <>
      <Back href={home}>{text('我的网格', 'My grid')}</Back>
      <p className="quiet">
        <Words of={text('点开一户可更正或撤回自己的登记。', 'Open a door to correct or withdraw your own entry.')} />
      </p>
      {mine.length === 0 && <Empty title={text('还没有登记', 'Nothing recorded yet')} />}
      <ul className="doors">
        {mine.map((stop) => (
          <DoorRow key={stop.key} stop={stop} wide />
        ))}
      </ul>
    </>
  )
}

function Along() {
  const [parties, setParties] = useParties()
  return (
    <>
      <Back href={home}>{text('我的网格', 'My grid')}</Back>
      <Card title={text('今天谁一起走访？', 'Who goes along today?')} aside={text('每次登记都会带上', 'Goes with every entry')}>
        <Choice
          label={text('一起走访', 'Along with me')}
          many
          value={parties}
          onChange={(next: Party[]) => setParties(next)}
          choices={Party.options.map((value) => ({ value, text: choiceText(Party, value) }))}
        />
      </Card>
    </>
  )
}
