// Small pieces that several screening pages of the phone share: a door in a list, its state, the way back.
import { choiceText } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { Icon } from '#web/phone/icons.tsx'
import { PhoneLink } from '#web/phone/route.ts'
import { Empty, Room, Tag, type Tone } from '#web/phone/ui.tsx'
import { useWords } from '#web/phone/words.ts'
import { Tag as PersonTag } from '#modules/residents/model.ts'
import { HouseholdState } from '../rules.ts'
import { placeOf, type Household, type Stop } from './doors.ts'
import { home, stopPath } from './useDoors.ts'

const tones: Record<HouseholdState, Tone> = {
  covered: 'go',
  vacant: 'plain',
  moved: 'plain',
  refused: 'look',
  notice: 'info',
  nobody: 'look',
  untouched: 'plain',
}

/** A pair of words as an element. */
export const Words = ({ of }: { of: Text }) => useWords()(of)

/** The way back, as a target of its own: 48 px high. */
export const Back = ({ href, children }: { href: string; children: Text | string }) => {
  const say = useWords()
  return (
    <PhoneLink href={href} className="back">
      <Icon name="back" /> {say(children)}
    </PhoneLink>
  )
}

/** A door of a list, its room readable from afar. */
export function DoorRow({ stop, next = false, wide = false }: { stop: Stop; next?: boolean; wide?: boolean }) {
  const { household, room, vacant } = stop
  return (
    <li>
      <PhoneLink href={stopPath(stop)} className={next ? 'door next' : 'door'}>
        <span>
          <Room>{room}</Room>
          {wide && <small>{placeOf(stop)}</small>}
          <small>{household ? <Who of={household} /> : <Words of={text('没有登记住户', 'Nobody registered')} />}</small>
        </span>
        {household ? (
          <StateTag of={household} />
        ) : (
          vacant && (
            <Tag>
              <Words of={text('空置', 'Vacant')} />
            </Tag>
          )
        )}
      </PhoneLink>
    </li>
  )
}

/** The head's name, how many they are, and what to keep in mind about them. */
function Who({ of: { members } }: { of: Household }) {
  const say = useWords()
  const tags = [...new Set(members.flatMap((member) => member.tags))].map((tag) => say(choiceText(PersonTag, tag)))
  if (members.length === 0) return <>{say(text('没有登记人员', 'No people registered'))}</>
  return (
    <>
      {members[0]!.name} · {say(text(`${members.length} 人`, `${members.length} ${members.length === 1 ? 'person' : 'people'}`))}
      {tags.length > 0 && ` · ${tags.join(say(text('、', ', ')))}`}
    </>
  )
}

/** How far this household is; what waits or came back is said too. */
export function StateTag({ of: { state, refused, last } }: { of: Household }) {
  if (refused) return <Tag tone="stop">{text('未被接受', 'Not accepted')}</Tag>
  if (state === 'untouched') return null
  return (
    <Tag tone={tones[state]}>
      <Words of={choiceText(HouseholdState, state)} />
      {last?.where === 'waiting' ? <Words of={text(' · 待上传', ' · waiting')} /> : null}
    </Tag>
  )
}

/** The household of the address is not in this worker's grid, or no longer. */
export const Gone = () => (
  <>
    <Back href={home}>{text('我的网格', 'My grid')}</Back>
    <Empty title={text('这一户不在本网格的清单里', 'This household is not on the list of your grid')} />
  </>
)
