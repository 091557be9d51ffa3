// One door: who lives there, and one big answer. Rare answers stand smaller below; an own entry can be corrected or withdrawn.
import { useState } from 'react'
import { sayMinute } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { useLanguage } from '#web/language.ts'
import { Choice } from '#web/phone/fields.tsx'
import { takeBack } from '#web/phone/outbox.ts'
import { usePhoneRoute } from '#web/phone/route.ts'
import { BigButton, CallLink, Card, Empty, Pair, Room, Sheet, SmallButton, Tag, toast } from '#web/phone/ui.tsx'
import { useWords } from '#web/phone/words.ts'
import { Tag as PersonTag } from '#modules/residents/model.ts'
import { correctAttempt, recordAttempt, withdrawAttempt } from '../api.ts'
import { AttemptHow, Outcome } from '../model.ts'
import { Asked, otherQuestions, Symptoms, symptomQuestion, Told } from './asked.tsx'
import { nextStop, placeOf, type Last, type Member, type Stop } from './doors.ts'
import { Back, StateTag, Words } from './pieces.tsx'
import { home, listPath, stopPath, useParties, useRecord, useStop, useVisit, way, type Doors, type Said, type Visit } from './useDoors.ts'

const said: Record<'normal' | Outcome, Text> = {
  normal: text('全户正常', 'All well'), reached: text('已登记', 'recorded'), nobody: text('家中无人', 'nobody home'),
  refused: text('不配合', 'refused'), vacant: text('空置', 'vacant'), moved: text('已搬离', 'moved away'),
}

type Saying = { outcome: Outcome; allNormal?: true; present?: Id[]; statements?: { person: Id; well: boolean; symptoms: string[]; answers: Said['answers'] }[] }

/** Records an answer at this door: as a new attempt, or in the place of the entry that is being corrected. */
function useAnswer(doors: Doors, stop: Stop, visit: Visit, forget: () => void) {
  const record = useRecord(doors)
  const [parties] = useParties()
  const how = way.use()
  return async (saying: Saying, goTo?: string) => {
    const words = saying.allNormal ? said.normal : said[saying.outcome]
    const entry = { household: stop.household?.id ?? visit.household ?? stop.key, how, parties, ...saying }
    const terms = { at: stop, words, ...(goTo ? { goTo } : {}) }
    if (visit.correcting) {
      await record(correctAttempt, { replaces: visit.correcting.id, reason: visit.correcting.reason ?? '', entry }, { ...terms, goTo: listPath(stop) })
    } else {
      await record(recordAttempt, {
        ...entry, campaign: doors.campaign!.id,
        ...(stop.household ? {} : { newHousehold: { dwelling: stop.dwelling } }),
        ...(saying.outcome === 'reached' && visit.newPeople.length > 0 ? { newPeople: visit.newPeople } : {}),
      }, terms)
    }
    forget()
  }
}

/** Members, and people who were named at this visit and are not registered yet. */
export function peopleOf(stop: Stop, visit: Visit): Member[] {
  const members = stop.household?.members ?? []
  const known = new Set(members.map((member) => member.id))
  const added = visit.newPeople.filter((one) => !known.has(one.id)).map(({ id, entry }): Member =>
    ({ id, name: entry.name, sex: entry.sex ?? null, age: null, relation: entry.relation, phone: entry.phone ?? null, tags: [], keyPerson: false }))
  return [...members, ...added]
}

const Gone = () => <><Back href={home}>{text('我的网格', 'My grid')}</Back><Empty title={text('这一户不在本网格的清单里', 'This household is not on the list of your grid')} /></>

/** Why nothing can be recorded now; undefined when it can. */
function useHindrance(doors: Doors, visit: Visit): Text | undefined {
  if (!doors.campaign) return text('现在没有进行中的排查', 'No campaign is open')
  if (visit.correcting && !visit.correcting.reason) return text('请先选更正原因', 'Choose the reason of the correction first')
  return undefined
}

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
  const nobodyNamed = present.length === 0 ? text('请先点选或新增说到的人', 'First choose or add the people spoken of') : undefined
  const at = way.use()
  return (
    <>
      <Back href={listPath(stop)}>{placeOf(stop)}</Back>
      <Door stop={stop} people={people} />
      <Told notice={doors.notice} />
      {visit.correcting && <Correcting visit={visit} setVisit={setVisit} forget={forget} />}
      <Card title={people.length > 0 ? text('说到谁？', 'Who is spoken of?') : text('这里住着谁？', 'Who lives here?')} aside={people.length > 1 ? text('不在的点掉', 'Untick who is not') : undefined}>
        {people.length > 0 && <div className="tight"><Choice label={text('说到谁', 'Who is spoken of')} many value={present.map((one) => one.id)} choices={people.map((one) => ({ value: one.id, text: { zh: one.name, en: one.name } }))}
          onChange={(next: Id[]) => setVisit({ ...visit, away: people.map((one) => one.id).filter((id) => !next.includes(id)) })} /></div>}
        {!visit.correcting && <SmallButton onClick={() => go(stopPath(stop, 'person'))}>{text('＋ 新增人员', '+ Add a person')}</SmallButton>}
      </Card>
      <BigButton disabledReason={hindrance ?? nobodyNamed} {...(present.length > 0 ? { sub: text(`${present.length} 人无不适`, `${present.length} without symptoms`) } : {})}
        onClick={() => answer({ outcome: 'reached', allNormal: true, present: present.map((one) => one.id) })}>{said.normal}</BigButton>
      <SmallButton tone="stop" icon="alert" disabledReason={hindrance ?? (people.length === 0 ? nobodyNamed : undefined)}
        onClick={() => go(stopPath(stop, 'people'))}>{text('有人不适', 'Somebody is unwell')}</SmallButton>
      {stop.household && <>
        <Pair>
          <SmallButton disabledReason={hindrance} onClick={() => answer({ outcome: 'nobody' }, at === 'door' && !visit.correcting ? stopPath(stop, 'notice') : undefined)}>{said.nobody}</SmallButton>
          <SmallButton disabledReason={hindrance} onClick={() => answer({ outcome: 'refused' })}>{said.refused}</SmallButton>
        </Pair>
        <Pair>
          <SmallButton disabledReason={hindrance} onClick={() => answer({ outcome: 'vacant' })}>{said.vacant}</SmallButton>
          <SmallButton disabledReason={hindrance} onClick={() => answer({ outcome: 'moved' })}>{said.moved}</SmallButton>
        </Pair>
        {otherQuestions(doors.form, false).length > 0 && <SmallButton disabledReason={hindrance} onClick={() => go(stopPath(stop, 'people'))}>{text('逐人登记其他问题', 'Ask each person')}</SmallButton>}
        <SmallButton onClick={() => go(stopPath(stop, 'returnee'))}>{text('登记返程人员', 'Register a returnee')}</SmallButton>
        {stop.household.last && <Before stop={stop} last={stop.household.last} visit={visit} setVisit={setVisit} doors={doors} />}
      </>}
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
        <Room>{stop.room}</Room>{stop.household && <StateTag of={stop.household} />}
        {phones.length > 0 && <span className="calls" onClick={() => way.set('phone')}>
          {phones.slice(0, 3).map((one) => <CallLink key={one.id} phone={one.phone}>{text(`打给 ${one.name}`, `Call ${one.name}`)}</CallLink>)}
        </span>}
      </div>
      {(tags.length > 0 || keyPersons.length > 0) && <p>
        {keyPersons.map((one) => <Tag key={one.id} tone="look">{`${one.name} · ${say(text('重点人员', 'key person'))}`}</Tag>)}
        {tags.map(({ key, words }) => <Tag key={key} tone="look">{words}</Tag>)}
      </p>}
      <Choice label={text('排查方式', 'How')} value={how} onChange={(next: typeof how) => way.set(next)}
        choices={(['door', 'phone'] as const).map((value) => ({ value, text: choiceText(AttemptHow, value) }))} />
    </Card>
  )
}

// --- an entry that stands already -------------------------------------------------------------------------------------

const reasons = [text('点错了', 'Wrong tap'), text('记错了户', 'Wrong household'), text('情况有变', 'Things changed')]
const reasonChoices = reasons.map((words) => ({ value: words.zh, text: words }))

function Correcting({ visit, setVisit, forget }: { visit: Visit; setVisit: (next: Visit) => void; forget: () => void }) {
  const say = useWords()
  return (
    <Card title={text('正在更正', 'Correcting')} aside={<SmallButton onClick={forget}>{text('不更正', 'Leave it')}</SmallButton>}>
      <p>{say(text('先选原因，再按正确的结果。原记录会留在历史里。', 'Choose the reason, then press the right answer. The old entry stays in the history.'))}</p>
      <Choice label={text('更正原因', 'Reason')} choices={reasonChoices} value={visit.correcting?.reason}
        onChange={(reason: string) => setVisit({ ...visit, correcting: { ...visit.correcting!, reason } })} />
    </Card>
  )
}

function Before({ stop, last, visit, setVisit, doors }: { stop: Stop; last: Last; visit: Visit; setVisit: (next: Visit) => void; doors: Doors }) {
  const language = useLanguage()
  const say = useWords()
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState<string>()
  const record = useRecord(doors)
  /** What has not been tried to be sent is simply taken back; the server is asked to withdraw the rest, with a reason. */
  async function take() {
    if (await takeBack(last.id)) toast(text('已撤回，没有上传', 'Taken back before it went out'))
    else setOpen(true)
  }
  async function withdraw() {
    if (reason) await record(withdrawAttempt, { replaces: last.id, reason }, { at: stop, words: text('已撤回', 'withdrawn'), goTo: listPath(stop) })
  }
  return (
    <Card title={text('上一次登记', 'Last entry')}>
      <p>{sayMinute(last.at, language)} · {say(choiceText(AttemptHow, last.how))} · {say(choiceText(Outcome, last.outcome))}{last.by && ` · ${last.by}`}</p>
      {last.mine && !visit.correcting && <Pair>
        <SmallButton onClick={() => { setVisit({ ...visit, correcting: { id: last.id, reason: null } }); scrollTo({ top: 0 }) }}>{text('更正', 'Correct')}</SmallButton>
        <SmallButton tone="stop" onClick={take}>{text('撤回', 'Withdraw')}</SmallButton>
      </Pair>}
      <Sheet open={open} title={text('撤回这次登记？', 'Withdraw this entry?')} onClose={() => setOpen(false)}>
        <Choice label={text('撤回原因', 'Reason')} choices={reasonChoices} value={reason} onChange={(next: string) => setReason(next)} />
        <BigButton tone="stop" disabledReason={reason ? undefined : text('请先选原因', 'Choose the reason first')} onClick={withdraw}>{text('撤回', 'Withdraw')}</BigButton>
      </Sheet>
    </Card>
  )
}

// --- nobody home: the notice ------------------------------------------------------------------------------------------

/** One more tap after "nobody home": the sheet on the door, which reaches nobody but tells where to call. */
export function NoticePage({ doors }: { doors: Doors }) {
  const stop = useStop(doors, `${home}/h/:key/notice`)
  return stop ? <NoticeCard doors={doors} stop={stop} /> : <Gone />
}

function NoticeCard({ doors, stop }: { doors: Doors; stop: Stop }) {
  const [, go] = usePhoneRoute()
  const [parties] = useParties()
  const record = useRecord(doors)
  const next = nextStop(doors.stops, stop)
  const post = () => record(recordAttempt, { campaign: doors.campaign!.id, household: stop.household!.id, how: 'notice', outcome: 'nobody', parties },
    { at: stop, words: text('已张贴提示', 'notice posted') })
  return (
    <>
      <Back href={stopPath(stop)}>{`${placeOf(stop)} ${stop.room}`}</Back>
      <Card title={text('家中无人，贴了温馨提示吗？', 'Nobody home: did you leave a notice?')}>
        <Room>{stop.room}</Room>
        <p className="quiet"><Words of={text('贴了提示不算联系上，这一户会留在待复访里。', 'A notice reaches nobody; the household stays on the list.')} /></p>
      </Card>
      <BigButton disabledReason={doors.campaign && stop.household ? undefined : text('现在没有进行中的排查', 'No campaign is open')} onClick={post}>{text('已张贴提示', 'Notice posted')}</BigButton>
      <SmallButton onClick={() => go(next ? stopPath(next) : listPath(stop), { replace: true })}>{text('没有贴，去下一户', 'No notice, next door')}</SmallButton>
    </>
  )
}

// --- person by person -------------------------------------------------------------------------------------------------

const unasked: Said = { well: null, symptoms: [], answers: {} }

/** Who feels how: chosen people, their symptoms, what else the form asks; and what of the others. */
export function PeoplePage({ doors }: { doors: Doors }) {
  const stop = useStop(doors, `${home}/h/:key/people`)
  return stop ? <PeopleCards doors={doors} stop={stop} /> : <Gone />
}

function PeopleCards({ doors, stop }: { doors: Doors; stop: Stop }) {
  const [visit, setVisit, forget] = useVisit(stop)
  const answer = useAnswer(doors, stop, visit, forget)
  const hindrance = useHindrance(doors, visit)
  const symptoms = symptomQuestion(doors.form)
  const people = peopleOf(stop, visit)
  const chosen = people.filter((one) => visit.said[one.id])
  const others = people.filter((one) => !visit.said[one.id])
  const set = (id: Id, change: Partial<Said>) => setVisit({ ...visit, said: { ...visit.said, [id]: { ...(visit.said[id] ?? unasked), ...change } } })
  const choose = (ids: Id[]) => setVisit({ ...visit, said: Object.fromEntries(ids.map((id) => [id, visit.said[id] ?? unasked])) })
  const missing = chosen.length === 0 ? text('请先点选是谁', 'Choose who it is first')
    : chosen.some((one) => visit.said[one.id]!.well === null) ? text('请为每一位点选不适或没有不适', 'Say of each whether and how they feel unwell')
      : others.length > 0 && visit.othersWell === null ? text('请回答其余的人', 'Say what of the others') : undefined
  const send = () => answer({
    outcome: 'reached',
    statements: [
      ...chosen.map((one) => { const { well, symptoms: codes, answers } = visit.said[one.id]!; return { person: one.id, well: well === true, symptoms: codes, answers } }),
      ...(visit.othersWell ? others.map((one) => ({ person: one.id, well: true, symptoms: [], answers: {} })) : []),
    ],
  })
  return (
    <>
      <Back href={stopPath(stop)}>{`${placeOf(stop)} ${stop.room}`}</Back>
      <Card title={text('谁不舒服？', 'Who feels unwell?')}>
        <div className="tight">
          <Choice label={text('谁不舒服', 'Who feels unwell')} many value={chosen.map((one) => one.id)} onChange={choose}
            choices={people.map((one) => ({ value: one.id, text: { zh: one.name, en: one.name } }))} />
        </div>
      </Card>
      {chosen.map((one) => (
        <Card key={one.id} title={one.name}>
          {symptoms && <Symptoms of={symptoms} well={visit.said[one.id]!.well} value={visit.said[one.id]!.symptoms} onChange={(next) => set(one.id, next)} />}
          {otherQuestions(doors.form, one.keyPerson).map((question) => (
            <Asked key={question.key} of={question} value={visit.said[one.id]!.answers[question.key]}
              onChange={(value) => set(one.id, { answers: withAnswer(visit.said[one.id]!.answers, question.key, value) })} />
          ))}
        </Card>
      ))}
      {chosen.length > 0 && others.length > 0 && (
        <Card title={text('其余的人呢？', 'And the others?')} aside={others.map((one) => one.name).join('、')}>
          <Choice label={text('其余的人', 'The others')} value={visit.othersWell === null ? undefined : visit.othersWell ? 'well' : 'unasked'}
            choices={[{ value: 'well', text: text('都没有不适', 'All feel well') }, { value: 'unasked', text: text('没有问到', 'Not asked') }]}
            onChange={(next: string) => setVisit({ ...visit, othersWell: next === 'well' })} />
        </Card>
      )}
      <BigButton disabledReason={hindrance ?? missing} onClick={send}>{text('登记', 'Record')}</BigButton>
    </>
  )
}

const withAnswer = (answers: Said['answers'], key: string, value: Said['answers'][string] | undefined): Said['answers'] => {
  const { [key]: _, ...rest } = answers
  return value === undefined ? rest : { ...rest, [key]: value }
}
