// The papers of a household, each on its own upright sheet: notice, undertaking, contact card, kit list. In Chinese, as they are handed over.
import { PrinterOutlined } from '@ant-design/icons'
import { useState, type ReactNode } from 'react'
import { dayOf, sayDay } from '#core/dates.ts'
import { ask, serverNow } from '#web/api.ts'
import { ActionButton } from '#web/console/action.tsx'
import { useNotify } from '#web/console/notify.tsx'
import { usePrint } from '#web/console/print.tsx'
import { asProblem } from '#web/problems.ts'
import { QrCode } from '#web/qr.tsx'
import type { Output } from '#core/contract.ts'
import type { Text } from '#core/text.ts'
import * as api from '../api.ts'
import type { NoticeKind } from '../notices.ts'
import { kitItems, teamRoles, type Papers } from '../rules.ts'
import { said } from './said.ts'
import './observation.css'

type Printed = Output<typeof api.sheets>
type Whose = { sheet: api.PaperSheet; words: Papers; from: Pick<Printed, 'communityName' | 'streetName'> }
type Asked = { community?: string; orders?: string[]; seal?: string; of?: NoticeKind }

export function PapersButton({
  input,
  label = said.print,
  disabledReason,
}: {
  input: Asked
  label?: Text
  disabledReason?: Text | undefined
}) {
  const print = usePrint()
  const notify = useNotify()
  const [busy, setBusy] = useState(false)
  const run = async () => {
    setBusy(true)
    try {
      const printed = await ask(api.sheets, input)
      await print(input.of === 'release' ? <ReleaseNotices printed={printed} /> : <AllPapers printed={printed} />)
    } catch (error) {
      notify.refused(asProblem(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <ActionButton
      label={label}
      icon={<PrinterOutlined aria-hidden />}
      loading={busy}
      disabledReason={disabledReason}
      run={() => void run()}
    />
  )
}

export const ReleaseNotices = ({ printed: { rows, ...from } }: { printed: Printed }) => (
  <>
    {rows.map((sheet) => (
      <Release key={sheet.order} sheet={sheet} words={sheet.words} from={from} />
    ))}
  </>
)

export function AllPapers({ printed: { rows, ...from } }: { printed: Printed }) {
  return (
    <>
      {rows.map((sheet) => {
        const whose = { sheet, words: sheet.words, from }
        return (
          <div key={sheet.order}>
            <Notice {...whose} />
            <UndertakingSheet {...whose} />
            <ContactCard {...whose} />
            <KitList {...whose} />
          </div>
        )
      })}
    </>
  )
}

const zh = (day: string | null): string => (day ? sayDay(day, 'zh') : '')
const Line = ({ name, children }: { name: string; children?: ReactNode }) => (
  <p className="paper-line">
    <b>{name}</b>
    <span>{children}</span>
  </p>
)
const Paper = ({ title, number, children }: { title: string; number?: string; children: ReactNode }) => (
  <section className="sheet observation-paper" lang="zh-CN">
    {number && <p className="sheet-number">编号 {number}</p>}
    <h1>{title}</h1>
    {children}
  </section>
)

/** What proves a paper genuine: whoever scans it reads what the paper says of itself, and nobody's name. */
const Genuine = ({ of: { verify } }: { of: api.PaperSheet }) => (
  <figure className="paper-code">
    <QrCode value={`${location.origin}${verify}`} label="核验二维码" size="26mm" />
    <figcaption>扫码核验真伪</figcaption>
  </figure>
)

/** The paper that ends it: numbered, by whose document, from when on nobody is hindered any more. */
function Release({ sheet: s, words, from }: Whose) {
  const minded = s.persons.length > 1
  return (
    <Paper title="解除医学观察告知书" {...(s.release ? { number: s.release.number } : {})}>
      <p className="paper-large">
        {s.name}
        {minded && ` 等 ${s.persons.length} 人`}：
      </p>
      <table>
        <tbody>
          <tr>
            <th scope="row">姓名</th>
            <td>{s.name}</td>
            <th scope="row">性别</th>
            <td>{s.sex}</td>
          </tr>
          <tr>
            <th scope="row">证件号码</th>
            <td>{s.idNumber}</td>
            <th scope="row">联系电话</th>
            <td>{s.phone}</td>
          </tr>
          <tr>
            <th scope="row">居住地址</th>
            <td colSpan={3}>{s.address}</td>
          </tr>
          <tr>
            <th scope="row">观察类别</th>
            <td>{s.category.zh}</td>
            <th scope="row">观察地点</th>
            <td>{placeWords(s)}</td>
          </tr>
          <tr>
            <th scope="row">观察期</th>
            <td colSpan={3}>
              {zh(s.from)} 至 {zh(s.lastDay)}
            </td>
          </tr>
          {minded && (
            <tr>
              <th scope="row">同时解除</th>
              <td colSpan={3}>{s.persons.map((p) => p.name).join('、')}</td>
            </tr>
          )}
        </tbody>
      </table>
      <Line name="原决定：">
        {s.decidingBody} {s.document}
      </Line>
      <Line name="解除依据：">{s.release?.document}</Line>
      <Line name="签发日期：">{zh(s.release?.issuedOn ?? null)}</Line>
      <Genuine of={s} />
      {words.release.map((one) => (
        <p key={one.zh}>{one.zh}</p>
      ))}
      <Line name="您的权利：">
        {words.objection.zh}电话 {words.hotline}。
      </Line>
      <table className="paper-sign">
        <tbody>
          <tr>
            <td>送达人、送达方式、时间：</td>
            <td>本人（或监护人）签收、日期：</td>
          </tr>
          <tr>
            <td colSpan={2} className="paper-stamp">
              {from.streetName} {from.communityName}（盖章）　　年　　月　　日
            </td>
          </tr>
        </tbody>
      </table>
    </Paper>
  )
}

const placeWords = ({ place, facility }: api.PaperSheet): string => (place === 'home' ? '居家' : `集中观察点：${facility ?? ''}`)

/** Fields of 附件9-4. */
function Notice({ sheet: s, words, from }: Whose) {
  const officer = s.team.find((m) => m.role !== 'gridWorker')
  const worker = s.team.find((m) => m.role === 'gridWorker')
  return (
    <Paper title="医学观察告知书" number={s.number}>
      <table>
        <tbody>
          <tr>
            <th scope="row">姓名</th>
            <td>{s.name}</td>
            <th scope="row">性别</th>
            <td>{s.sex}</td>
          </tr>
          <tr>
            <th scope="row">联系电话</th>
            <td>{s.phone}</td>
            <th scope="row">证件号码</th>
            <td>{s.idNumber}</td>
          </tr>
          <tr>
            <th scope="row">居住地址</th>
            <td colSpan={3}>{s.address}</td>
          </tr>
          <tr>
            <th scope="row">所在单位</th>
            <td>{s.employer}</td>
            <th scope="row">单位联系人、电话</th>
            <td />
          </tr>
          <tr>
            <th scope="row">观察类别</th>
            <td>{s.category.zh}</td>
            <th scope="row">观察地点</th>
            <td>{placeWords(s)}</td>
          </tr>
          <tr>
            <th scope="row">同住人</th>
            <td>{s.coResidentsBound ? `同时观察，共 ${s.persons.length} 人` : '不在观察范围内'}</td>
            <th scope="row">监护人</th>
            <td>{s.guardian}</td>
          </tr>
        </tbody>
      </table>
      {s.coResidentsBound && s.persons.length > 1 && <Line name="观察对象：">{s.persons.map((p) => p.name).join('、')}</Line>}
      <Line name="决定机关：">{s.decidingBody}</Line>
      <Line name="决定文号：">{s.document}</Line>
      <Line name="法律依据：">{s.legalBasis}</Line>
      <Line name="观察期：">
        {zh(s.from)} 至 {zh(s.lastDay)}
        {s.dayZero && s.dayZeroBy && `（第 0 天为${zh(s.dayZero)}，按${s.dayZeroBy}起算）`}
      </Line>
      <p>观察期满后，本告知书不再限制您的行动；社区将凭决定机关的文书送达编号的解除告知书。</p>
      <Genuine of={s} />
      <h2>观察期间请您</h2>
      <ol>
        {words.duties.map((one) => (
          <li key={one.zh}>{one.zh}</li>
        ))}
      </ol>
      <Line name="体温：">达到或超过 {s.frozen.threshold} ℃，或有不适，请立即拨打联系卡上的电话。</Line>
      <Line name="法律责任：">{words.liability.zh}</Line>
      <Line name="您的权利：">
        {words.objection.zh}电话 {words.hotline}。
      </Line>
      <table className="paper-sign">
        <tbody>
          <tr>
            <td>街道／社区干部：{officer ? `${officer.name} ${officer.phone}` : ''}</td>
            <td>网格员：{worker ? `${worker.name} ${worker.phone}` : ''}</td>
          </tr>
          <tr>
            <td>送达人、送达方式、时间：</td>
            <td>本人（或监护人）签收、日期：</td>
          </tr>
          <tr>
            <td colSpan={2} className="paper-stamp">
              {from.streetName} {from.communityName}（盖章）　　年　　月　　日
            </td>
          </tr>
        </tbody>
      </table>
    </Paper>
  )
}

/** Columns of ledger L20. */
function UndertakingSheet({ sheet: s, words, from }: Whose) {
  return (
    <Paper title="承诺书" number={s.number}>
      <table>
        <tbody>
          <tr>
            <th scope="row">承诺人</th>
            <td>{s.name}</td>
            <th scope="row">联系电话</th>
            <td>{s.phone}</td>
          </tr>
          <tr>
            <th scope="row">证件号码</th>
            <td>{s.idNumber}</td>
            <th scope="row">返回日期</th>
            <td>{zh(s.leftOn)}</td>
          </tr>
          <tr>
            <th scope="row">住址</th>
            <td colSpan={3}>{s.address}</td>
          </tr>
        </tbody>
      </table>
      <p>
        本人已收到 {s.decidingBody}（{s.document}）的医学观察告知书，知悉观察期为 {zh(s.from)} 至 {zh(s.lastDay)}，现承诺：
      </p>
      <ol>
        {words.undertaking.map((one) => (
          <li key={one.zh}>{one.zh}</li>
        ))}
      </ol>
      <p>{words.consequences.zh}</p>
      <table className="paper-sign">
        <tbody>
          <tr>
            <td>承诺人（或监护人）签名：</td>
            <td>日期：</td>
          </tr>
          <tr>
            <td>见证人：</td>
            <td>{from.communityName}（盖章）</td>
          </tr>
        </tbody>
      </table>
    </Paper>
  )
}

function ContactCard({ sheet: s, words, from }: Whose) {
  const roles = s.teamRule?.roles ?? s.team.map((m) => m.role)
  return (
    <Paper title="联系卡">
      <p className="paper-large">有事随时打电话，不用出门。</p>
      <h2>{s.teamRule?.title.zh ?? '服务小组'}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">职责</th>
            <th scope="col">姓名</th>
            <th scope="col">电话</th>
          </tr>
        </thead>
        <tbody>
          {roles.map((role) => {
            const one = s.team.find((m) => m.role === role)
            return (
              <tr key={role}>
                <td>{teamRoles[role]?.zh ?? role}</td>
                <td>{one?.name}</td>
                <td className="paper-large">{one?.phone}</td>
              </tr>
            )
          })}
          {s.seal && (
            <tr>
              <td>白天钥匙</td>
              <td>{s.seal.keyDay}</td>
              <td className="paper-large">{s.seal.keyDayPhone}</td>
            </tr>
          )}
          {s.seal && (
            <tr>
              <td>夜间钥匙</td>
              <td>{s.seal.keyNight}</td>
              <td className="paper-large">{s.seal.keyNightPhone}</td>
            </tr>
          )}
          <tr>
            <td>咨询和投诉</td>
            <td>热线</td>
            <td className="paper-large">{words.hotline}</td>
          </tr>
          <tr>
            <td>火警　急救</td>
            <td />
            <td className="paper-large">119　120</td>
          </tr>
        </tbody>
      </table>
      {s.seal && <Line name="消防通道：">{s.seal.fireExit}</Line>}
      {s.seal && <Line name="救护车：">{s.seal.ambulanceRoute}</Line>}
      <Line name="不服决定：">{words.objection.zh}</Line>
      {s.entries.length > 0 && <Entries of={s.entries} />}
      <p>
        {from.streetName} {from.communityName}
      </p>
    </Paper>
  )
}

/** The address names nobody; the code stands behind its #, which no server sees. */
const Entries = ({ of }: { of: api.PaperSheet['entries'] }) => (
  <>
    <h2>自己的页面：看决定、报体温、要帮助、提异议</h2>
    <p>用微信扫码；第一次进入请工作人员在场，一起设一个六位密码。请妥善保管，不要贴在门外，不要拍照发给别人。</p>
    <div className="paper-entries">
      {of.map((one) => (
        <figure key={one.person}>
          <QrCode value={`${location.origin}/home/#${one.qr}`} label={`${one.name}的入口码`} size="26mm" />
          <figcaption>
            {one.name}
            {one.typed && (
              <>
                <br />
                {location.host}/home　{one.typed.slice(0, 5)}-{one.typed.slice(5)}
              </>
            )}
          </figcaption>
        </figure>
      ))}
    </div>
  </>
)

function KitList({ sheet: s, from }: Whose) {
  return (
    <Paper title="入户物品清单" number={s.number}>
      <p className="sheet-line">
        <span>{s.address}</span>
        <span>{s.name}</span>
        <span>{zh(dayOf(serverNow()))}</span>
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">序号</th>
            <th scope="col">物品</th>
            <th scope="col">数量</th>
            <th scope="col">已收到（逐项签字）</th>
            <th scope="col">备注</th>
          </tr>
        </thead>
        <tbody>
          {s.kit.map((item, i) => (
            <tr key={item}>
              <td>{i + 1}</td>
              <td>{kitItems[item]?.zh ?? item}</td>
              <td />
              <td className="paper-room" />
              <td />
            </tr>
          ))}
        </tbody>
      </table>
      <table className="paper-sign">
        <tbody>
          <tr>
            <td>送达人：</td>
            <td>签收人：</td>
            <td>{from.communityName}</td>
          </tr>
        </tbody>
      </table>
    </Paper>
  )
}
