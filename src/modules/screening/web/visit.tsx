// One door: who lives there, and one big answer. Rare answers stand smaller below; an own entry can be corrected or withdrawn.
import type { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { fieldOf } from '#web/fields.ts'
import { Choice } from '#web/phone/fields.tsx'
import { PhotoInput } from '#web/phone/photoInput.tsx'
import { usePhoneRoute } from '#web/phone/route.ts'
import { useKeptDraft } from '#web/phone/sync.ts'
import { BigButton, CallLink, Card, Pair, Room, SmallButton, Tag } from '#web/phone/ui.tsx'
import { useWords } from '#web/phone/words.ts'
import { Tag as PersonTag } from '#modules/residents/model.ts'
import { recordAttempt } from '../api.ts'
import { Attempt, AttemptHow } from '../model.ts'
import { peopleOf, said, useAnswer, useHindrance } from './answering.ts'
import { otherQuestions, Told } from './asked.tsx'
import { Before, Correcting } from './before.tsx'
import { nextStop, placeOf, type Member, type Stop } from './doors.ts'
import { Back, Gone, StateTag, Words } from './pieces.tsx'
import { home, listPath, stopPath, useParties, useRecord, useStop, useVisit, way, type Doors } from './useDoors.ts'

export function VisitPage({ doors }: { doors: Doors }) {
  const stop = useStop(doors, `${home}/h/:key`)
  return stop ? <VisitCard doors={doors} stop={stop} /> : <Gone />
}

function VisitCard({ doors, stop }: { doors: Doors; stop: Stop }) {
  const [, go] = usePhoneRoute()
  const [visit, setVisit, forget] = useVisit(stop)
  const answer = useAnswer(doors, stop, visit, forget)
  const hindrance = useHindrance(doors, visit)
  const people = peopleOf(stop, visit)
  const present = people.filter((one) => !visit.away.includes(one.id))
  const nobodyNamed =
    present.length === 0 ? text('请先点选或新增说到的人', 'First choose or add the people spoken of') : undefined
  const at = way.use()
  return (
    <>
      <Back href={listPath(stop)}>{placeOf(stop)}</Back>
      <Door stop={stop} people={people} />
      <Told notice={doors.notice} />
      {visit.correcting && <Correcting visit={visit} setVisit={setVisit} forget={forget} />}
      <Card
        title={people.length > 0 ? text('说到谁？', 'Who is spoken of?') : text('这里住着谁？', 'Who lives here?')}
        aside={people.length > 1 ? text('不在的点掉', 'Untick who is not') : undefined}
      >
        {people.length > 0 && (
          <div className="tight">
            <Choice
              label={text('说到谁', 'Who is spoken of')}
              many
              value={present.map((one) => one.id)}
              choices={people.map((one) => ({ value: one.id, text: { zh: one.name, en: one.name } }))}
              onChange={(next: Id[]) =>
                setVisit({ ...visit, away: people.map((one) => one.id).filter((id) => !next.includes(id)) })
              }
            />
          </div>
        )}
        {!visit.correcting && (
          <SmallButton onClick={() => go(stopPath(stop, 'person'))}>{text('＋ 新增人员', '+ Add a person')}</SmallButton>
        )}
      </Card>
      <BigButton
        disabledReason={hindrance ?? nobodyNamed}
        {...(present.length > 0 ? { sub: text(`${present.length} 人无不适`, `${present.length} without symptoms`) } : {})}
        onClick={() => answer({ outcome: 'reached', allNormal: true, present: present.map((one) => one.id) })}
      >
        {said.normal}
      </BigButton>
      <SmallButton
        tone="stop"
        icon="alert"
        disabledReason={hindrance ?? (people.length === 0 ? nobodyNamed : undefined)}
        onClick={() => go(stopPath(stop, 'people'))}
      >
        {text('有人不适', 'Somebody is unwell')}
      </SmallButton>
      {stop.household && (
        <>
          <Pair>
            <SmallButton
              disabledReason={hindrance}
              onClick={() =>
                answer({ outcome: 'nobody' }, at === 'door' && !visit.correcting ? stopPath(stop, 'notice') : undefined)
              }
            >
              {said.nobody}
            </SmallButton>
            <SmallButton disabledReason={hindrance} onClick={() => answer({ outcome: 'refused' })}>
              {said.refused}
            </SmallButton>
          </Pair>
          <Pair>
            <SmallButton disabledReason={hindrance} onClick={() => answer({ outcome: 'vacant' })}>
              {said.vacant}
            </SmallButton>
            <SmallButton disabledReason={hindrance} onClick={() => answer({ outcome: 'moved' })}>
              {said.moved}
            </SmallButton>
          </Pair>
          {otherQuestions(doors.form, false).length > 0 && (
            <SmallButton disabledReason={hindrance} onClick={() => go(stopPath(stop, 'people'))}>
              {text('逐人登记其他问题', 'Ask each person')}
            </SmallButton>
          )}
          <SmallButton onClick={() => go(stopPath(stop, 'returnee'))}>{text('登记返程人员', 'Register a returnee')}</SmallButton>
          {stop.household.last && (
            <Before stop={stop} last={stop.household.last} visit={visit} setVisit={setVisit} doors={doors} />
          )}
        </>
      )}
    </>
  )
}

/** The room from afar, how this visit is made, what to keep in mind, and the telephone. */
function Door({ stop, people }: { stop: Stop; people: readonly Member[] }) {
  const say = useWords()
  const how = way.use()
  const tags = people.flatMap((one) => one.tags.map((tag) => ({ key: `${one.id}${tag}`, words: choiceText(PersonTag, tag) })))
  const phones = people.flatMap((one) => (one.phone ? [{ id: one.id, name: one.name, phone: one.phone }] : []))
  const keyPersons = people.filter((one) => one.keyPerson)
  return (
    <Card>
      <div className="between">
        <Room>{stop.room}</Room>
        {stop.household && <StateTag of={stop.household} />}
        {phones.length > 0 && (
          <span className="calls" onClick={() => way.set('phone')}>
            {phones.slice(0, 3).map((one) => (
              <CallLink key={one.id} phone={one.phone}>
                {text(`打给 ${one.name}`, `Call ${one.name}`)}
              </CallLink>
            ))}
          </span>
        )}
      </div>
      {(tags.length > 0 || keyPersons.length > 0) && (
        <p>
          {keyPersons.map((one) => (
            <Tag key={one.id} tone="look">{`${one.name} · ${say(text('重点人员', 'key person'))}`}</Tag>
          ))}
          {tags.map(({ key, words }) => (
            <Tag key={key} tone="look">
              {words}
            </Tag>
          ))}
        </p>
      )}
      <Choice
        label={text('排查方式', 'How')}
        value={how}
        onChange={(next: typeof how) => way.set(next)}
        choices={(['door', 'phone'] as const).map((value) => ({ value, text: choiceText(AttemptHow, value) }))}
      />
    </Card>
  )
}

// --- nobody home: the notice ------------------------------------------------------------------------------------------

/** One more tap after "nobody home": the sheet on the door, which reaches nobody but tells where to call. */
export function NoticePage({ doors }: { doors: Doors }) {
  const stop = useStop(doors, `${home}/h/:key/notice`)
  return stop ? <NoticeCard doors={doors} stop={stop} /> : <Gone />
}

const noticePhotos = fieldOf('photos', Attempt.shape.photos)

function NoticeCard({ doors, stop }: { doors: Doors; stop: Stop }) {
  const [, go] = usePhoneRoute()
  const [parties] = useParties()
  const [photos, setPhotos, forget] = useKeptDraft<Id[]>(`screening.notice.${stop.key}`, [])
  const record = useRecord(doors)
  const next = nextStop(doors.stops, stop)
  const post = async () => {
    await record(
      recordAttempt,
      { campaign: doors.campaign!.id, household: stop.household!.id, how: 'notice', outcome: 'nobody', parties, photos },
      { at: stop, words: text('已张贴提示', 'notice posted') },
    )
    forget()
  }
  return (
    <>
      <Back href={stopPath(stop)}>{`${placeOf(stop)} ${stop.room}`}</Back>
      <Card title={text('家中无人，贴了温馨提示吗？', 'Nobody home: did you leave a notice?')}>
        <Room>{stop.room}</Room>
        <p className="quiet">
          <Words
            of={text('贴了提示不算联系上，这一户会留在待复访里。', 'A notice reaches nobody; the household stays on the list.')}
          />
        </p>
      </Card>
      <Card title={noticePhotos.label} aside={text('选填', 'optional')}>
        <PhotoInput field={noticePhotos} value={photos} onChange={(next) => setPhotos(next as Id[])} />
        <p className="quiet">
          <Words of={noticePhotos.info!.hint!} />
        </p>
      </Card>
      <BigButton
        disabledReason={doors.campaign && stop.household ? undefined : text('现在没有进行中的排查', 'No campaign is open')}
        onClick={post}
      >
        {text('已张贴提示', 'Notice posted')}
      </BigButton>
      <SmallButton onClick={() => go(next ? stopPath(next) : listPath(stop), { replace: true })}>
        {text('没有贴，去下一户', 'No notice, next door')}
      </SmallButton>
    </>
  )
}
