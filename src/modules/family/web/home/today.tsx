// Why, who decided, by which law, until when, and who helps; or since when one is free.
import { dayOf, daysBetween, sayDay } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { serverNow } from '#web/api.ts'
import { useLanguage, useText } from '#web/language.ts'
import { Place } from '#modules/observation/rules.ts'
import { Source } from '#modules/observation/model.ts'
import type { OwnOrder, OwnPerson } from '../../ownApi.ts'
import { Button, Call, Card, Notice, type Shown } from './parts.tsx'

const said = {
  until: text('请居家观察到', 'Please stay until'),
  untilFacility: text('请在观察点观察到', 'Please stay in the facility until'),
  left: (n: number) =>
    n === 0 ? text('今天是最后一天', 'Today is the last day') : text(`还有 ${n} 天`, `${n} more ${n === 1 ? 'day' : 'days'}`),
  free: (day: string) => text(`您从 ${day} 起不再受这份决定限制`, `Since ${day} this decision restricts you no more`),
  notYet: text('这份决定还没有开始', 'This decision has not begun'),
  notice: text('解除告知书编号', 'Number of the release notice'),
  noNotice: text('解除告知书正在办理，不影响您的行动。', 'The release notice is being made out; you need not wait for it.'),
  why: text('为什么', 'Why'),
  who: text('谁决定的', 'Who decided'),
  law: text('依据的法律', 'By which law'),
  paper: text('文号', 'Document'),
  period: text('从哪天到哪天', 'From – to'),
  where: text('在哪里', 'Where'),
  team: text('谁来帮我', 'Who helps me'),
  object: text('对决定有不同意见', 'I disagree with the decision'),
  none: text('没有对您的观察决定。', 'There is no decision about you.'),
  noTeam: text('服务小组名单见联系卡。', 'Your team stands on the contact card.'),
  hotline: text('咨询和投诉', 'Questions and complaints'),
  urgent: text('急病、临产、火情，直接拨打：', 'Emergency, birth, fire: call at once'),
  missed: (n: number) =>
    text(
      `有人输错过 ${n} 次密码。若不是您，请打电话告诉工作人员。`,
      `A wrong PIN was entered ${n} ${n === 1 ? 'time' : 'times'}. If that was not you, call your worker.`,
    ),
}

export function TodayPage({ data, onObject }: Shown & { onObject: () => void }) {
  const say = useText()
  return (
    <>
      {(data.view?.missed ?? 0) > 0 && <Notice tone="look">{say(said.missed(data.view!.missed))}</Notice>}
      {data.people.map((one) => (
        <Orders key={one.person} of={one} alone={data.people.length === 1 && one.self} onObject={onObject} />
      ))}
      <Card title={said.hotline}>
        <Call phone={data.hotline}>{data.hotline}</Call>
        <p>{say(said.urgent)}</p>
        <div className="pair">
          <Call phone="120">120</Call>
          <Call phone="119">119</Call>
        </div>
      </Card>
    </>
  )
}

function Orders({ of, alone, onObject }: { of: OwnPerson; alone: boolean; onObject: () => void }) {
  const say = useText()
  return (
    <>
      {!alone && <h2>{of.name}</h2>}
      {of.orders.length === 0 && (
        <Card>
          <p>{say(said.none)}</p>
        </Card>
      )}
      {of.orders.map((order) => (
        <Order key={order.id} order={order} onObject={onObject} />
      ))}
    </>
  )
}

function Order({ order, onObject }: { order: OwnOrder; onObject: () => void }) {
  const say = useText()
  const language = useLanguage()
  const day = (one: string) => sayDay(one, language)
  const facts: [ReturnType<typeof text>, string][] = [
    [said.why, `${say(order.title)} · ${say(choiceText(Source, order.source))}`],
    [said.who, order.decidingBody],
    [said.law, order.legalBasis],
    [said.paper, order.document],
    [said.period, `${day(order.from)} — ${day(order.lastDay)}`],
    [said.where, order.place === 'facility' && order.facility ? order.facility : say(choiceText(Place, order.place))],
    ...(order.releaseNumber ? [[said.notice, order.releaseNumber] as [ReturnType<typeof text>, string]] : []),
  ]
  return (
    <>
      <section className={`card home-state ${order.inForce ? '' : 'free'}`}>
        {order.inForce && <p>{say(order.place === 'home' ? said.until : said.untilFacility)}</p>}
        <strong className="home-day">
          {order.inForce ? day(order.lastDay) : order.freeSince ? say(said.free(day(order.freeSince))) : say(said.notYet)}
        </strong>
        {order.inForce && <p>{say(said.left(daysBetween(dayOf(serverNow()), order.lastDay)))}</p>}
        {order.freeSince && !order.releaseNumber && <p>{say(said.noNotice)}</p>}
      </section>
      <Card>
        <dl className="home-facts">
          {facts.map(([name, value]) => (
            <div key={name.en}>
              <dt>{say(name)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {order.mayObject && <Button label={said.object} onClick={onObject} />}
      </Card>
      <Card title={said.team}>
        {order.team.length === 0 && <p>{say(said.noTeam)}</p>}
        {order.team.map((one) => (
          <div className="between" key={`${one.role}${one.phone}`}>
            <span>
              {say(one.title)}
              <br />
              <b>{one.name}</b>
            </span>
            <Call phone={one.phone}>{one.phone}</Call>
          </div>
        ))}
      </Card>
    </>
  )
}
