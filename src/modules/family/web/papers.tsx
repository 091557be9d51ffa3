// What family prints: the slip with the code, handed over inside; the sheet for the door, with numbers only; the letter that answers an objection.
import { sayDay, sayMinute, dayOf } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import type { Output } from '#core/contract.ts'
import { QrCode } from '#web/qr.tsx'
import * as api from '../api.ts'
import { grouped, Outcome } from '../model.ts'
import './family.css'

export const Slips = ({ of: { communityName, hotline, rows } }: { of: Output<typeof api.slips> }) => (
  <>
    {rows.map((row) => (
      <section className="sheet family-paper" lang="zh-CN" key={row.view}>
        <h1>我的页面 · 入口码</h1>
        <p className="family-large">
          {row.name}
          {row.proxyName && `（代办人 ${row.proxyName}）`}
        </p>
        <QrCode value={`${location.origin}/home/#${row.qr}`} label="入口码" size="52mm" />
        {row.typed && (
          <p>
            不能扫码：打开 {location.host}/home，输入 <b className="family-code">{grouped(row.typed)}</b>（用一次，
            {row.typedUntil && sayMinute(row.typedUntil, 'zh')} 前有效）
          </p>
        )}
        <ol>
          <li>用微信扫码。第一次进入请工作人员在身边，屏幕上会出现四位数字，请告诉他。</li>
          <li>然后自己设一个六位密码，不要告诉任何人，也不要用生日、手机号、房号。</li>
          <li>在这里能看到：为什么、谁决定的、到哪天、谁来帮忙；可以报体温、要帮助、提异议、看自己的资料。</li>
          <li>这张纸请收好，不要贴在门外，不要拍照发给别人。输错五次会锁定。</li>
        </ol>
        <p>
          {communityName}　电话 {hotline}
        </p>
      </section>
    ))}
  </>
)

/** Neither name nor reason, date or code: whoever passes by learns a number to call. */
export const DoorSheet = ({ of: { communityName, hotline, phones } }: { of: Output<typeof api.doorSheet> }) => (
  <section className="sheet family-paper" lang="zh-CN">
    <h1>{communityName}服务电话</h1>
    <table>
      <tbody>
        {phones.map((one, i) => (
          <tr key={i}>
            <th scope="row">{one.role.zh}</th>
            <td className="family-large">{one.phone}</td>
          </tr>
        ))}
        <tr>
          <th scope="row">咨询和投诉</th>
          <td className="family-large">{hotline}</td>
        </tr>
        <tr>
          <th scope="row">急救 火警</th>
          <td className="family-large">120　119</td>
        </tr>
      </tbody>
    </table>
  </section>
)

export const Letter = ({ of }: { of: api.ObjectionShown }) => (
  <section className="sheet family-paper" lang="zh-CN">
    <h1>异议答复书</h1>
    <p className="sheet-number">{of.answerDocument ?? `编号 ${of.id.slice(-8).toUpperCase()}`}</p>
    <p>{of.name}：</p>
    <p>
      您于 {sayDay(dayOf(of.receivedAt), 'zh')} 对 {of.body}（{of.document}）提出的异议已收到。您提出：
    </p>
    <blockquote>{of.words}</blockquote>
    <p>
      结果：<b>{of.outcome && choiceText(Outcome, of.outcome).zh}</b>
    </p>
    <p className="family-answer">{of.answer}</p>
    <p>对本答复仍有不同意见的，可以依法申请行政复议或者提起行政诉讼。</p>
    <p className="family-stamp">
      {of.body}（盖章）　{of.answeredAt && sayDay(dayOf(of.answeredAt), 'zh')}
    </p>
    <p>送达人、时间：　　　　　　　　　　签收：</p>
  </section>
)
