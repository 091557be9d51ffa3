// Paper of a campaign: the three official ledgers as workbooks, and the notice that is left at a door.
import { DownloadOutlined, PrinterOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { dayOf, sayDay } from '#core/dates.ts'
import { text } from '#core/text.ts'
import { serverNow } from '#web/api.ts'
import { ExportButton } from '#web/console/exporting.tsx'
import { Side } from '#web/console/drawer.tsx'
import { useAsk } from '#web/console/query.ts'
import { usePrint } from '#web/console/print.tsx'
import { useLanguage, useText } from '#web/language.ts'
import { useSession } from '#web/session.ts'
import { fieldOf } from '#web/fields.ts'
import { PrivacyNotice } from '#modules/policy/model.ts'
import * as api from '../api.ts'
import type { Where } from './where.ts'

const said = {
  export: text('导出台账', 'Export'),
  print: text('打印温馨提示', 'Print the notice'),
  which: text(
    '选一张表，可导出为 Excel 或 CSV。默认遮蔽姓名、房号、电话和证件号码。',
    'Choose a sheet; it comes as a workbook or as CSV. Names, rooms, phones and documents are masked unless you ask otherwise.',
  ),
}

const ledgers = [
  { of: api.exportHouseholds, words: text('居民排查登记表', 'Screening register of households') },
  { of: api.exportReturnees, words: text('返程人员登记表', 'Register of returnees') },
  { of: api.exportKeyPersons, words: text('重点人员台账', 'Ledger of key persons') },
] as const

export function ExportSheets({ where }: { where: Where }) {
  const say = useText()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button icon={<DownloadOutlined aria-hidden />} onClick={() => setOpen(true)}>
        {say(said.export)}
      </Button>
      <Side title={said.export} open={open} onClose={() => setOpen(false)}>
        <div className="form">
          <p>{say(said.which)}</p>
          {ledgers.map(({ of, words }) => (
            <ExportButton key={of.name} of={of} input={where} label={words} />
          ))}
        </div>
      </Side>
    </>
  )
}

export function PrintNotice({ where }: { where: Where }) {
  const say = useText()
  const print = usePrint()
  const { post } = useSession()
  const { data } = useAsk(api.currentCampaign, where)
  return (
    <Button
      icon={<PrinterOutlined aria-hidden />}
      disabled={!data}
      onClick={() => data && void print(<DoorNotice notice={data.notice} community={post?.areaName ?? ''} />)}
    >
      {say(said.print)}
    </Button>
  )
}

const letter = {
  title: text('温馨提示', 'We called on you'),
  dear: text('尊敬的住户：', 'Dear neighbours,'),
  came: text('我们今天上门走访，您家暂时没有人应答。', 'We called at your door today and nobody answered.'),
  please: text(
    '请您回来后给我们回个电话，告诉我们家里的人身体怎么样，有没有需要帮忙的地方。只需要两三分钟。',
    'When you are back, please ring us and tell us how everybody is and whether you need help. It takes two or three minutes.',
  ),
  free: text(
    '走访不收任何费用，不问银行卡号和验证码，也不会请您转账或点开链接。',
    'It costs nothing. We never ask for a bank card or a code, and never ask you to transfer money or open a link.',
  ),
  urgent: text(
    '如有发热等不适，请戴好口罩，先打电话，我们帮您安排就医。',
    'If somebody has a fever or feels unwell, wear a mask, ring first, and we help you to a doctor.',
  ),
  time: text('走访时间', 'We called on'),
  worker: text('走访人员', 'Who called'),
  phone: text('联系电话', 'Phone'),
  hotline: text('咨询电话', 'Hotline'),
  notice: text('个人信息告知', 'What happens with what you tell us'),
}

/** One sheet of A4: who came, where to ring, and the privacy notice. Written in by hand at the door. */
export function DoorNotice({ notice, community }: { notice: PrivacyNotice; community: string }) {
  const say = useText()
  const language = useLanguage()
  return (
    <section className="door-notice">
      <h1>{say(letter.title)}</h1>
      <p className="plain">{say(letter.dear)}</p>
      <p>
        {say(letter.came)}
        {say(letter.please)}
      </p>
      <p>{say(letter.free)}</p>
      <p>{say(letter.urgent)}</p>
      <p className="plain">
        {say(letter.time)}：<i className="blank short" /> {say(text('月', '/'))} <i className="blank short" />{' '}
        {say(text('日', ''))} <i className="blank short" /> {say(text('时', 'h'))} {say(letter.worker)}：<i className="blank" />
      </p>
      <p className="plain">
        {say(letter.phone)}：<i className="blank" />
      </p>
      <p className="hotline">
        {say(letter.hotline)} {notice.hotline}
      </p>
      <div className="told-box">
        <h2>{say(letter.notice)}</h2>
        <dl>
          {(['who', 'purpose', 'kinds', 'howLong', 'rights'] as const).map((key) => (
            <div key={key}>
              <dt>{say(fieldOf(key, PrivacyNotice.shape[key]).label)}</dt>
              <dd>{say(notice[key])}</dd>
            </div>
          ))}
        </dl>
      </div>
      <p className="end">
        {community}
        <br />
        {sayDay(dayOf(serverNow()), language)}
      </p>
    </section>
  )
}
