// Services on a phone: the errands at hand, and the forms of a call, a visit, a delivery and a kit, also opened from today; all of it works without a network.
import { useState, type ReactNode } from 'react'
import { sayMinute } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { Choice } from '#web/phone/fields.tsx'
import { ContractForm } from '#web/phone/form.tsx'
import type { InputTerms } from '#web/phone/fields.tsx'
import { PhoneLink, useParams, usePhoneRoute } from '#web/phone/route.ts'
import { taken, usePending, useSet } from '#web/phone/sync.ts'
import { Age, BigButton, CallLink, Card, Empty, Notice, Pair, Room, Sheet, SmallButton, Tag, toast } from '#web/phone/ui.tsx'
import { tellNow } from '#web/phone/wire.ts'
import { useWords } from '#web/phone/words.ts'
import { asProblem } from '#web/problems.ts'
import type { SlotRow } from '#modules/duties/api.ts'
import { mineToday } from '#modules/duties/web/set.ts'
import { buy, call, deliver, feedback, refund, signKit, take, visit, type Kit, type RequestLine } from '../api.ts'
import { can, RequestState } from '../model.ts'
import { servicesSet } from './set.ts'
import '#modules/duties/web/phone.css'

const home = '/services'

/** Everything below /services; which of it is told by the address. */
export function ServicesPage() {
  const form = useParams(`${home}/:form/:kind/:subject`)
  const errand = useParams(`${home}/:errand`)?.['errand']
  const set = useSet(servicesSet)
  if (!set.data) return <NothingYet set={set} />
  if (form) return <DutyForm form={form['form']!} kind={form['kind']!} subject={form['subject']!} of={set.data} />
  const one = errand && (set.data.errands as readonly RequestLine[]).find((e) => e.id === errand)
  if (errand)
    return one ? (
      <Errand of={one} refresh={set.refresh} />
    ) : (
      <Empty
        title={text('这一单已不在名单里', 'This one is not on your list')}
        hint={text('可能已办结，请更新名单。', 'It may be closed. Update the list.')}
      />
    )
  return <Errands set={set} />
}

type Set = ReturnType<typeof useSet<typeof servicesSet.contract>>

function NothingYet({ set: { problem, refresh } }: { set: Pick<Set, 'problem' | 'refresh'> }) {
  if (problem)
    return (
      <>
        <Notice tone="look">{problem.say}</Notice>
        <SmallButton onClick={refresh}>{text('再下载一次', 'Download again')}</SmallButton>
      </>
    )
  return (
    <Empty
      title={text('正在下载代办单…', 'Downloading errands…')}
      hint={text('下载后可以离线使用。', 'Once downloaded they work offline.')}
    />
  )
}

const back = () => {
  history.back()
}

// --- errands ------------------------------------------------------------------------------------------------------------

function Errands({ set: { data, takenAt, loading, problem, refresh } }: { set: Set }) {
  const errands = (data?.errands ?? []) as readonly RequestLine[]
  const [mine, open] = [errands.filter((e) => e.mine), errands.filter((e) => !e.mine)]
  const kits = (data?.kits ?? []) as readonly Kit[]
  return (
    <>
      <div className="between">
        <Age at={takenAt} loading={loading} />
        <SmallButton onClick={refresh}>{text('更新', 'Update')}</SmallButton>
      </div>
      {problem && <Notice tone="look">{problem.say}</Notice>}
      {errands.length + kits.length === 0 && (
        <Empty
          title={text('现在没有要代办的', 'Nothing to run for now')}
          hint={text('居民有需要时会出现在这里。', 'What residents need appears here.')}
        />
      )}
      <Group title={text('我接的', 'Mine')} rows={mine} />
      <Group title={text('待接单', 'To be taken')} rows={open} />
      {kits.length > 0 && (
        <Card title={text('应送物品', 'Items owed')} aside={String(kits.length)}>
          <ul className="slots">
            {kits.map((k) => (
              <li key={k.source}>
                <div className="slot">
                  <span>
                    <Room>{k.address ?? ''}</Room>
                    <b>{k.name}</b>
                  </span>
                  <Tag tone="look">{text(`差${k.missing}样`, `${k.missing} missing`)}</Tag>
                </div>
                <Pair>
                  <PhoneLink href={`${home}/kit/household/${k.household}`} className="small go">
                    <Say of={text('登记签收', 'Sign')} />
                  </PhoneLink>
                </Pair>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  )
}

const Say = ({ of }: { of: Text }) => <>{useWords()(of)}</>

function Group({ title, rows }: { title: Text; rows: readonly RequestLine[] }) {
  const say = useWords()
  if (!rows.length) return null
  return (
    <Card title={title} aside={String(rows.length)}>
      <ul className="slots">
        {rows.map((e) => (
          <li key={e.id}>
            <div className="slot">
              <span>
                <b>
                  {say(e.categoryTitle)}
                  {e.name ? ` · ${e.name}` : ''}
                </b>
                <small>
                  {e.address} · {say(e.urgencyTitle)}
                </small>
              </span>
              <Tag tone={e.overdue ? 'stop' : 'info'}>
                {e.overdue ? text('超时', 'Overdue') : choiceText(RequestState, e.state)}
              </Tag>
            </div>
            <Pair>
              <PhoneLink href={`${home}/${e.id}`} className="small go">
                {say(text('打开', 'Open'))}
              </PhoneLink>
            </Pair>
          </li>
        ))}
      </ul>
    </Card>
  )
}

type Sheets = 'buy' | 'deliver' | 'feedback'

function Errand({ of: e, refresh }: { of: RequestLine; refresh: () => unknown }) {
  const say = useWords()
  const [open, setOpen] = useState<Sheets>()
  const pending = usePending([buy, deliver, feedback]).some(
    ({ input, state }) => state !== 'refused' && (input as { request?: string }).request === e.id,
  )
  const now = async (contract: typeof take | typeof refund) => {
    try {
      await tellNow(contract, { request: e.id })
      toast(text('已登记', 'Recorded'))
      refresh()
    } catch (error) {
      toast(asProblem(error).say, { tone: 'stop' })
    }
  }
  const close = () => setOpen(undefined)
  const sheet = { fixed: { request: e.id }, draft: `services ${e.id} ${open}`, onRecorded: close }
  return (
    <>
      <Card title={e.categoryTitle} aside={e.number}>
        {e.address && <Room>{e.address}</Room>}
        <p>
          <b>{e.name}</b> {e.phone && <CallLink phone={e.phone}>{text('打电话', 'Call')}</CallLink>}
        </p>
        <p>{e.content}</p>
        {e.budget !== null && <p>{say(text(`预算 ${e.budget.toFixed(2)} 元`, `Budget ${e.budget.toFixed(2)} CNY`))}</p>}
        <p>
          <Tag tone={e.overdue ? 'stop' : 'info'}>{choiceText(RequestState, e.state)}</Tag>{' '}
          {say(text(`请在 ${sayMinute(e.dueAt, 'zh')} 前办好`, `Owed by ${sayMinute(e.dueAt, 'en')}`))}
        </p>
        {pending && <Notice tone="info">{text('刚登记的内容正在等待上传。', 'What you just recorded waits to be sent.')}</Notice>}
      </Card>
      {!e.mine && <BigButton onClick={() => void now(take)}>{take.title}</BigButton>}
      {e.mine && can.buy(e) && e.buys && <BigButton onClick={() => setOpen('buy')}>{buy.title}</BigButton>}
      {e.mine && can.deliver(e) && (
        <BigButton onClick={() => setOpen('deliver')}>{text('送到了，登记签收', 'Delivered: record the signature')}</BigButton>
      )}
      {e.mine && e.state === 'delivered' && <BigButton onClick={() => setOpen('feedback')}>{feedback.title}</BigButton>}
      {e.mine && e.owes && <SmallButton onClick={() => void now(refund)}>{refund.title}</SmallButton>}
      <Sheet open={open === 'buy'} title={buy.title} onClose={close}>
        {open === 'buy' && <ContractForm of={buy} {...sheet} />}
      </Sheet>
      <Sheet open={open === 'deliver'} title={deliver.title} onClose={close}>
        {open === 'deliver' && <ContractForm of={deliver} {...sheet} fields={['receivedBy']} />}
      </Sheet>
      <Sheet open={open === 'feedback'} title={feedback.title} onClose={close}>
        {open === 'feedback' && <ContractForm of={feedback} {...sheet} />}
      </Sheet>
    </>
  )
}

// --- what a duty asks for -----------------------------------------------------------------------------------------------

type Data = NonNullable<Set['data']>

/** Door and name of a subject: from today's duties, or from the kits. */
function whoIs(subject: string, { kits }: Data): { door: string; name: string | null } {
  const row = (taken(mineToday)?.rows as readonly SlotRow[] | undefined)?.find((r) => r.subject === subject)
  const kit = (kits as readonly Kit[]).find((k) => k.household === subject)
  return {
    door: row ? [row.buildingName, row.unitName, row.room].filter(Boolean).join(' ') : (kit?.address ?? ''),
    name: row?.name ?? kit?.name ?? null,
  }
}

function DutyForm({ form, kind, subject, of }: { form: string; kind: string; subject: string; of: Data }) {
  const [, go] = usePhoneRoute()
  const { door, name } = whoIs(subject, of)
  const whose = kind === 'person' ? { person: subject } : { household: subject }
  const draft = `services ${form} ${subject}`
  const done = () => {
    if (form === 'kit') go(home, { replace: true })
    else back()
  }
  const head = (
    <Card>
      {door && <Room>{door}</Room>}
      {name && (
        <p>
          <b>{name}</b>
        </p>
      )}
    </Card>
  )
  const need = (terms: InputTerms): ReactNode => <NeedInput {...terms} of={of} />
  if (form === 'kit') {
    const kit = (of.kits as readonly Kit[]).find((k) => k.household === subject)
    if (!kit) return <Notice tone="go">{text('这一户的物品都已签收。', 'Everything has been signed for here.')}</Notice>
    const ticks = (terms: InputTerms): ReactNode => <Ticks {...terms} kit={kit} />
    return (
      <>
        {head}
        <ContractForm
          of={signKit}
          fixed={{ household: kit.household, source: kit.source }}
          fields={['items', 'receivedBy']}
          inputs={{ items: ticks }}
          draft={draft}
          onRecorded={done}
        />
      </>
    )
  }
  if (form === 'supplies') {
    return (
      <>
        {head}
        <ContractForm
          of={deliver}
          fixed={whose}
          fields={['items', 'receivedBy']}
          inputs={{ items: (terms) => <Lines {...terms} /> }}
          draft={draft}
          onRecorded={done}
        />
      </>
    )
  }
  return (
    <>
      {head}
      <ContractForm
        of={form === 'visit' ? visit : call}
        fixed={whose}
        fields={['outcome', 'mood', 'note', 'need']}
        inputs={{ need }}
        draft={draft}
        onRecorded={done}
      />
    </>
  )
}

type Given = { item: string; quantity: number }

/** The items that are still owed, large enough to be ticked at a door. */
function Ticks({ value, onChange, kit, field }: InputTerms & { kit: Kit }) {
  const chosen = ((value as Given[] | undefined) ?? []).map((one) => one.item)
  return (
    <Choice
      many
      label={field.label}
      choices={kit.items.filter((i) => i.signed === null).map((i) => ({ value: i.item, text: i.title }))}
      value={chosen}
      onChange={(items: never) => onChange((items as string[]).map((item) => ({ item, quantity: 1 })))}
    />
  )
}

/** What was brought, one thing in a line. */
function Lines({ value, onChange, field }: InputTerms) {
  const say = useWords()
  const words = ((value as Given[] | undefined) ?? []).map((one) => one.item).join('\n')
  return (
    <textarea
      rows={4}
      aria-label={say(field.label)}
      placeholder={say(text('一行写一样，如：大米10斤', 'One thing in a line, for example rice, 5 kg'))}
      defaultValue={words}
      onChange={(e) =>
        onChange(
          e.target.value
            .split('\n')
            .map((line) => line.trim())
            .filter(Boolean)
            .map((item) => ({ item, quantity: 1 })),
        )
      }
    />
  )
}

type NeedValue = { category?: string; urgency?: string; content?: string }

/** A need raised in the same breath; nothing is sent while nothing is chosen. */
function NeedInput({ value, onChange, of }: InputTerms & { of: Data }) {
  const say = useWords()
  const need = value as NeedValue | undefined
  const put = (change: NeedValue) => onChange({ ...need, ...change })
  if (!need) return <SmallButton onClick={() => onChange({})}>{text('有需要，登记一项', 'Yes: write a need down')}</SmallButton>
  return (
    <>
      <Choice
        label={text('类别', 'Category')}
        choices={of.categories.map((c) => ({ value: c.key, text: c.title }))}
        value={need.category}
        onChange={(category: never) => put({ category })}
      />
      <Choice
        label={text('紧急程度', 'How urgent')}
        choices={of.urgencies.map((c) => ({ value: c.key, text: c.title }))}
        value={need.urgency}
        onChange={(urgency: never) => put({ urgency })}
      />
      <textarea
        rows={2}
        maxLength={300}
        aria-label={say(text('内容、数量、规格', 'What, how much, which kind'))}
        placeholder={say(text('内容、数量、规格', 'What, how much, which kind'))}
        defaultValue={need.content ?? ''}
        onChange={(e) => put({ content: e.target.value })}
      />
      <SmallButton onClick={() => onChange(undefined)}>{text('没有需要', 'No need')}</SmallButton>
    </>
  )
}
