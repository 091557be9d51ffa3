// The certificate of clearance on one upright sheet, in Chinese, as it is handed over.
import { dayOf, sayDay, sayMinute } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import type { Certificate } from '../api.ts'
import { ClinicResult } from '../model.ts'
import './monitoring.css'

export function CertificateSheet({ of: c }: { of: Certificate }) {
  const person = [c.name, c.sex === 'male' ? '男' : c.sex === 'female' ? '女' : null, c.age === null ? null : `${c.age}岁`]
    .filter(Boolean)
    .join('，')
  return (
    <article className="monitoring-paper" lang="zh">
      <h1>发热排查证明</h1>
      <p className="monitoring-number">编号：{c.number}</p>
      <table>
        <tbody>
          <tr>
            <th scope="row">姓名</th>
            <td>{person}</td>
          </tr>
          <tr>
            <th scope="row">住址</th>
            <td>{c.address}</td>
          </tr>
          <tr>
            <th scope="row">发现异常</th>
            <td>
              {sayMinute(c.openedAt, 'zh')}
              {c.firstValue !== null && `，体温 ${c.firstValue} ℃`}
            </td>
          </tr>
          <tr>
            <th scope="row">接诊单位</th>
            <td>{c.clinic}</td>
          </tr>
          <tr>
            <th scope="row">门诊结果</th>
            <td>
              {c.result && choiceText(ClinicResult, c.result).zh}
              {c.document && `（${c.document}）`}
            </td>
          </tr>
        </tbody>
      </table>
      <p>
        经发热门诊诊查，上述人员{c.result === 'excluded' ? '已排除本次传染病' : '为其他疾病，未发现本次传染病'}。
        {c.goesBack ? '医学观察未满期的，按原告知书继续观察。' : '本次发热处置结束，不因此限制出行。'}
      </p>
      <p>本证明只说明 {sayDay(dayOf(c.openedAt), 'zh')} 发现的这一次异常，不作其他用途。</p>
      <table className="monitoring-sign">
        <tbody>
          <tr>
            <td>经办人：{c.issuedBy}</td>
            <td>
              {c.communityName}（盖章）
              <br />
              {sayDay(c.issuedOn, 'zh')}
            </td>
          </tr>
        </tbody>
      </table>
    </article>
  )
}
