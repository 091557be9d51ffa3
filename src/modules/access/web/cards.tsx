// Passes on paper: four cards of 12 × 8 cm on A4 across, or eight small ones on A4 upright; their backs with boxes for in and out; the list to sign.
// In Chinese, as they are handed out.
import type { Output } from '#core/contract.ts'
import { choiceText } from '#core/labels.ts'
import { dayOf, sayDay } from '#core/dates.ts'
import { serverNow } from '#web/api.ts'
import { QrCode } from '#web/qr.tsx'
import type * as api from '../api.ts'
import { PassKind } from '../pass.ts'
import './access.css'

export type Layout = 'four' | 'eight'
type Printed = Output<typeof api.cards>

const perPage: Record<Layout, number> = { four: 4, eight: 8 }
/** The QR's edge: a module of version 6 stays near 0.6 mm, which a cheap camera reads at arm's length. */
const codeSize: Record<Layout, string> = { four: '42mm', eight: '30mm' }
const boxes = 12

/** Fronts and backs page by page, each back behind its front when the sheet is turned like the page of a book; then the list to sign. */
export function Cards({ printed, layout }: { printed: Printed; layout: Layout }) {
  const pages = Array.from({ length: Math.ceil(printed.rows.length / perPage[layout]) }, (_, i) =>
    printed.rows.slice(i * perPage[layout], (i + 1) * perPage[layout]),
  )
  return (
    <>
      {pages.map((cards, i) => (
        <div key={cards[0]!.id}>
          <section className={`access-page ${layout}`} aria-label={`出入证第 ${i + 1} 页`} lang="zh-CN">
            {cards.map((card) => (
              <Front key={card.id} card={card} layout={layout} from={printed.communityName} />
            ))}
          </section>
          <section className={`access-page access-backs ${layout}`} aria-label={`背面第 ${i + 1} 页`} lang="zh-CN">
            {cards.map((card) => (
              <Back key={card.id} card={card} />
            ))}
          </section>
        </div>
      ))}
      {printed.rows.length > 1 && <SignList printed={printed} />}
    </>
  )
}

function Front({ card, layout, from }: { card: api.Card; layout: Layout; from: string }) {
  return (
    <article className="access-card">
      <h2>
        {from} {choiceText(PassKind, card.kind).zh}
      </h2>
      <div className="access-front">
        <dl>
          <dt>住址</dt>
          <dd>{card.address}</dd>
          <dt>户主</dt>
          <dd>{card.name}</dd>
          <dt>人数</dt>
          <dd>{card.people} 人</dd>
          <dt>有效期</dt>
          <dd>
            <span className="access-day">{card.firstDay} 至</span> <span className="access-day">{card.lastDay}</span>
          </dd>
          <dt>编号</dt>
          <dd className="access-code">{card.shortCode}</dd>
        </dl>
        <QrCode value={card.text} label={`出入证二维码 ${card.shortCode}`} size={codeSize[layout]} />
      </div>
      <p className="access-stamp">发证单位（章）</p>
    </article>
  )
}

function Back({ card }: { card: api.Card }) {
  return (
    <article className="access-card">
      <table>
        <thead>
          <tr>
            {['出', '入', '出', '入'].map((word, i) => (
              <th key={i} scope="col">
                {word}（日、时）
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: boxes / 2 }, (_, i) => (
            <tr key={i}>
              <td />
              <td />
              <td />
              <td />
            </tr>
          ))}
        </tbody>
      </table>
      <p className="access-notes">
        由门岗填写。丢了请马上告诉社区，补办前报房号照常通行。急病、临产、火情、危险，请直说，立即放行。
        <span className="access-code">{card.shortCode}</span>
      </p>
    </article>
  )
}

/** Who got a card: one line each, in the order of a walk. */
const SignList = ({ printed }: { printed: Printed }) => (
  <section className="sheet access-signs" lang="zh-CN">
    <h1>出入证签收单</h1>
    <p className="sheet-line">
      <span>{printed.communityName}</span>
      <span>共 {printed.rows.length} 张</span>
      <span>{sayDay(dayOf(serverNow()), 'zh')}</span>
    </p>
    <table>
      <thead>
        <tr>
          {['序号', '住址', '户主', '编号', '有效期至', '签收人', '日期'].map((word) => (
            <th key={word} scope="col">
              {word}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {printed.rows.map((card, i) => (
          <tr key={card.id}>
            <td className="number">{i + 1}</td>
            <td>{card.address}</td>
            <td>{card.name}</td>
            <td className="access-code">{card.shortCode}</td>
            <td>{card.lastDay}</td>
            <td />
            <td />
          </tr>
        ))}
      </tbody>
    </table>
  </section>
)
