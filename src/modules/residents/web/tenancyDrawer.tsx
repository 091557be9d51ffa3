// One let dwelling: to whom it belongs, who rents it, who rented it before, dangers; and what may be done about each.
import { EyeOutlined } from '@ant-design/icons'
import { Button, Flex, Skeleton, Typography } from 'antd'
import { useState, type ReactNode } from 'react'
import { dayOf, sayMinute, type Instant } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import type { Problem } from '#core/problem.ts'
import { text } from '#core/text.ts'
import { ask } from '#web/api.ts'
import { ActionButton } from '#web/console/action.tsx'
import { ConfirmReason } from '#web/console/confirm.tsx'
import { FormDrawer, Side } from '#web/console/drawer.tsx'
import { ProblemNote } from '#web/console/notify.tsx'
import { Card } from '#web/console/page.tsx'
import { useAsk } from '#web/console/query.ts'
import { Tone } from '#web/console/tone.tsx'
import { useLanguage, useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import { holds, useSession } from '#web/session.ts'
import { sayShortDay } from '#web/show.ts'
import type { Output } from '#core/contract.ts'
import * as api from '../tenancy.ts'

const said = {
  landlord: text('房东', 'Landlord'),
  noLandlord: text('没有登记房东', 'No landlord on record'),
  all: text('全部房屋', 'All dwellings'),
  correct: text('更正房东', 'Correct the landlord'),
  show: text('查看电话', 'Show the phone'),
  hide: text('隐藏', 'Hide'),
  purpose: text('用途', 'Purpose'),
  looked: text('这次查看会记入查阅记录：谁、何时、看了谁、为了什么。', 'This look is recorded: who, when, whom, and what for.'),
  stays: text(
    '姓名不变时，电话不填则保持不变。换了房东请写新房东的姓名和电话。',
    'While the name stays, an empty phone leaves it as it is. For a new owner enter name and phone.',
  ),
  now: text('现在居住', 'Living there now'),
  before: text('居住历史', 'Who lived here'),
  nobody: text('没有登记租客', 'No tenants on record'),
  change: text('更换租客', 'Change the tenants'),
  changeHint: (head: string) =>
    text(`${head} 一户同时登记为搬出，记录保留。`, `${head} and household move out at the same time; their record stays.`),
  end: text('结束租住', 'End the tenancy'),
  people: text('人', 'people'),
  since: text('起', 'since'),
  until: text('至今', 'until now'),
  owner: text('非租住', 'Not as tenants'),
  hazards: text('隐患', 'Dangers'),
  noHazard: text('没有上报过隐患', 'No danger reported'),
  open: text('未处理', 'Open'),
  settled: text('已处理', 'Settled'),
  sameName: text('仅姓名相同，请核对', 'Same name only: please check'),
  mayNot: text('当前岗位只能查看', 'Your present post may only read'),
}

type Props = { dwelling: Id | undefined; community: string | undefined; onOpen: (dwelling: Id) => void; onClose: () => void }

export function RentalDrawer({ dwelling, community, onOpen, onClose }: Props) {
  return (
    <Side title={api.rental.title} open={dwelling !== undefined} onClose={onClose}>
      {dwelling && <Rental key={dwelling} dwelling={dwelling} wide={community ? { community } : {}} onOpen={onOpen} />}
    </Side>
  )
}

type Doing = 'declare' | 'landlord' | 'hazard'
type Wide = { community?: string }

function Rental({ dwelling, wide, onOpen }: { dwelling: Id; wide: Wide; onOpen: (dwelling: Id) => void }) {
  const { roles } = useSession()
  const [doing, setDoing] = useState<Doing>()
  const { data, error, refetch } = useAsk(api.rental, { ...wide, dwelling })
  if (error) return <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />
  if (!data) return <Skeleton active />
  const mayNot = holds(api.declareTenancy.may, roles) ? undefined : said.mayNot
  const close = () => setDoing(undefined)
  return (
    <Flex vertical gap={16}>
      <Typography.Title level={2} style={{ fontSize: 18, margin: 0 }}>
        {data.rental.address}
      </Typography.Title>
      <Flex wrap gap={8}>
        <ActionButton label={api.declareTenancy.title} type="primary" run={() => setDoing('declare')} disabledReason={mayNot} />
        <ActionButton label={api.recordLandlord.title} run={() => setDoing('landlord')} disabledReason={mayNot} />
        <ActionButton label={api.reportHazard.title} run={() => setDoing('hazard')} disabledReason={mayNot} />
      </Flex>
      <Landlords of={data.landlords} dwelling={dwelling} wide={wide} may={!mayNot} onOpen={onOpen} />
      <Stays of={data.stays} dwelling={dwelling} may={!mayNot} />
      <Hazards of={data.hazards} may={!mayNot} />
      <FormDrawer
        of={api.declareTenancy}
        open={doing === 'declare'}
        onClose={close}
        fixed={{ dwelling }}
        draft={dwelling}
        fields={['declaredBy', 'since', 'members', 'landlordName', 'landlordPhone', 'note']}
      />
      <FormDrawer
        of={api.recordLandlord}
        open={doing === 'landlord'}
        onClose={close}
        fixed={{ dwelling }}
        draft={dwelling}
        fields={['name', 'phone']}
      />
      <FormDrawer of={api.reportHazard} open={doing === 'hazard'} onClose={close} fixed={{ dwelling }} draft={dwelling} />
    </Flex>
  )
}

const Plain = ({ children }: { children: ReactNode }) => (
  <ul style={{ margin: 0, paddingInlineStart: 18, display: 'grid', gap: 10 }}>{children}</ul>
)

type Whole = Output<typeof api.rental>
type LandlordsProps = { of: Whole['landlords']; dwelling: Id; wide: Wide; may: boolean; onOpen: (dwelling: Id) => void }

function Landlords({ of, dwelling, wide, may, onOpen }: LandlordsProps) {
  const say = useText()
  const [correcting, setCorrecting] = useState<Id>()
  const [all, setAll] = useState<Id>()
  return (
    <Card title={said.landlord}>
      {of.length === 0 && <Tone tone="look">{say(said.noLandlord)}</Tone>}
      <Plain>
        {of.map((one) => (
          <li key={one.landlord}>
            <b>{one.name}</b> <LandlordPhone landlord={one.landlord} masked={one.phone} may={may} />
            <Typography.Text type="secondary"> {one.recordedByName}</Typography.Text>
            <div>
              <Button type="link" size="small" onClick={() => setAll(all === one.landlord ? undefined : one.landlord)}>
                {say(said.all)}
              </Button>
              {may && (
                <Button type="link" size="small" onClick={() => setCorrecting(one.record)}>
                  {say(said.correct)}
                </Button>
              )}
            </div>
            {all === one.landlord && <AllOf landlord={one.landlord} wide={wide} here={dwelling} onOpen={onOpen} />}
          </li>
        ))}
      </Plain>
      {correcting && (
        <FormDrawer
          of={api.recordLandlord}
          title={said.correct}
          open
          onClose={() => setCorrecting(undefined)}
          draft={correcting}
          fixed={{ dwelling, replaces: correcting }}
          fields={['name', 'phone', 'reason']}
        >
          <p>{say(said.stays)}</p>
        </FormDrawer>
      )}
    </Card>
  )
}

/** A whole number stays on the screen until it is hidden or the drawer closes. */
function LandlordPhone({ landlord, masked, may }: { landlord: Id; masked: string | null; may: boolean }) {
  const say = useText()
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const [value, setValue] = useState<string>()
  if (!masked) return <>—</>
  const look = async (purpose: string) => {
    setBusy(true)
    setProblem(undefined)
    try {
      setValue((await ask(api.unmaskLandlord, { landlord, purpose })).value)
      setAsking(false)
    } catch (error) {
      setProblem(asProblem(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      {value ? <b>{value}</b> : <span className="masked">{masked}</span>}
      {may &&
        (value ? (
          <Button type="link" size="small" onClick={() => setValue(undefined)}>
            {say(said.hide)}
          </Button>
        ) : (
          <Button type="link" size="small" icon={<EyeOutlined aria-hidden />} onClick={() => setAsking(true)}>
            {say(said.show)}
          </Button>
        ))}
      <ConfirmReason
        open={asking}
        title={said.show}
        explain={said.looked}
        label={said.purpose}
        submit={said.show}
        busy={busy}
        problem={problem}
        onConfirm={(purpose) => void look(purpose)}
        onClose={() => setAsking(false)}
      />
    </>
  )
}

function AllOf({ landlord, wide, here, onOpen }: { landlord: Id; wide: Wide; here: Id; onOpen: (dwelling: Id) => void }) {
  const say = useText()
  const { data, error } = useAsk(api.landlord, { ...wide, landlord })
  if (error) return <ProblemNote problem={asProblem(error)} />
  if (!data) return <Skeleton active paragraph={{ rows: 1 }} title={false} />
  return (
    <ul aria-label={say(api.landlord.title)}>
      {data.rows.map((row) => (
        <li key={row.id}>
          {row.id === here ? (
            row.address
          ) : (
            <Button type="link" size="small" onClick={() => onOpen(row.id)}>
              {row.address}
            </Button>
          )}{' '}
          {row.tenants ?? '—'} · {row.people} {say(said.people)} {row.byName && <Tone tone="look">{say(said.sameName)}</Tone>}
        </li>
      ))}
    </ul>
  )
}

function Stays({ of, dwelling, may }: { of: Whole['stays']; dwelling: Id; may: boolean }) {
  const say = useText()
  const language = useLanguage()
  const [ending, setEnding] = useState<Id>()
  const [changing, setChanging] = useState<Id>()
  const day = (at: Instant) => sayShortDay(dayOf(at), language)
  const now = of.filter((one) => !one.until)
  const row = (one: Whole['stays'][number]) => (
    <>
      <b>{one.head ?? '—'}</b> · {one.people} {say(said.people)} · {day(one.since)} –{' '}
      {one.until ? day(one.until) : say(said.until)}
      {!one.tenant && (
        <>
          {' '}
          <Tone tone="quiet">{say(said.owner)}</Tone>
        </>
      )}
      <Typography.Text type="secondary">
        {' '}
        {[one.began, one.ended]
          .flatMap((word, i) =>
            word
              ? [`${say(choiceText(api.TenancyEvent, i === 0 ? 'began' : 'ended'))}：${say(choiceText(api.DeclaredBy, word))}`]
              : [],
          )
          .join(' · ')}
      </Typography.Text>
    </>
  )
  return (
    <>
      <Card title={said.now}>
        {!now.some((one) => one.tenant) && <Tone tone="look">{say(said.nobody)}</Tone>}
        <Plain>
          {now.map((one) => (
            <li key={one.household}>
              {row(one)}
              {may && one.tenant && (
                <div>
                  <Button type="link" size="small" onClick={() => setChanging(one.household)}>
                    {say(said.change)}
                  </Button>
                  <Button type="link" size="small" danger onClick={() => setEnding(one.household)}>
                    {say(said.end)}
                  </Button>
                </div>
              )}
            </li>
          ))}
        </Plain>
      </Card>
      {of.length > now.length && (
        <Card title={said.before}>
          <Plain>
            {of
              .filter((one) => one.until)
              .map((one) => (
                <li key={`${one.household}${one.since}`}>{row(one)}</li>
              ))}
          </Plain>
        </Card>
      )}
      <FormDrawer
        of={api.endTenancy}
        open={ending !== undefined}
        onClose={() => setEnding(undefined)}
        draft={false}
        danger
        {...(ending ? { fixed: { household: ending } } : {})}
        fields={['declaredBy', 'on', 'note']}
      />
      {changing && (
        <FormDrawer
          of={api.declareTenancy}
          title={said.change}
          open
          onClose={() => setChanging(undefined)}
          draft={changing}
          fixed={{ dwelling, leaving: [changing] }}
          fields={['declaredBy', 'since', 'members', 'note']}
        >
          <p>{say(said.changeHint(of.find((one) => one.household === changing)?.head ?? '—'))}</p>
        </FormDrawer>
      )}
    </>
  )
}

function Hazards({ of, may }: { of: Whole['hazards']; may: boolean }) {
  const say = useText()
  const language = useLanguage()
  const [settling, setSettling] = useState<Id>()
  return (
    <Card title={said.hazards}>
      {of.length === 0 && <p>{say(said.noHazard)}</p>}
      <Plain>
        {of.map((one) => (
          <li key={one.id}>
            <Tone tone={one.settledOn ? 'ok' : 'danger'}>{say(one.settledOn ? said.settled : said.open)}</Tone>{' '}
            <b>{say(choiceText(api.HazardKind, one.kind))}</b> · {one.words}
            <Typography.Text type="secondary">
              {' '}
              {sayMinute(one.at, language)} {one.recordedByName}
            </Typography.Text>
            {one.measure && (
              <p>
                {one.measure} · {sayShortDay(one.settledOn!, language)}
              </p>
            )}
            {may && !one.settledOn && (
              <div>
                <Button type="link" size="small" onClick={() => setSettling(one.id)}>
                  {say(api.settleHazard.title)}
                </Button>
              </div>
            )}
          </li>
        ))}
      </Plain>
      <FormDrawer
        of={api.settleHazard}
        open={settling !== undefined}
        onClose={() => setSettling(undefined)}
        draft={false}
        {...(settling ? { fixed: { hazard: settling } } : {})}
        fields={['measure']}
      />
    </Card>
  )
}
