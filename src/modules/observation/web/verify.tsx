// Whether a notice is genuine: read from the code on the paper, open to everybody, and no word more than the paper itself says.
import { Alert } from 'antd'
import { useState } from 'react'
import { sayDay } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { ProblemNote } from '#web/console/notify.tsx'
import { useAsk } from '#web/console/query.ts'
import { Tone } from '#web/console/tone.tsx'
import { useLanguage, useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import { verify } from '../api.ts'
import { NoticeKind, readVerifyPath } from '../notices.ts'
import './observation.css'

const said = {
  title: text('告知书核验', 'Is this notice genuine?'),
  genuine: text('这份告知书是真的', 'This notice is genuine'),
  compare: text(
    '请与纸上的内容逐项核对。有一项不同，就不是原件。',
    'Compare each line with the paper. If one differs, it is not the original.',
  ),
  not: text('不能确认这份告知书', 'This notice cannot be confirmed'),
  ask: text(
    '二维码不完整，或不是本平台签发的。请打电话问签发的社区。',
    'The code is incomplete or was not issued here. Call the community that issued it.',
  ),
  kind: text('文书', 'Paper'),
  number: text('编号', 'Number'),
  community: text('签发社区', 'Issued by'),
  issued: text('签发日期', 'Issued on'),
  period: text('观察期', 'Observation'),
  to: text('至', 'to'),
  asking: text('正在核验…', 'Checking …'),
}

export function Verify() {
  const say = useText()
  const language = useLanguage()
  const [sealed] = useState(() => readVerifyPath(location.search))
  const { data, error, refetch } = useAsk(verify, sealed!, { enabled: sealed !== undefined })
  const notice = data?.notice
  return (
    <>
      <h1 className="form-title">{say(said.title)}</h1>
      {error && <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />}
      {sealed && !data && !error && <p role="status">{say(said.asking)}</p>}
      {(!sealed || notice === null) && <Alert type="error" showIcon title={say(said.not)} description={say(said.ask)} />}
      {notice && (
        <>
          <p className="observation-genuine">
            <Tone tone="ok">{say(said.genuine)}</Tone>
          </p>
          <p>{say(said.compare)}</p>
          <dl className="record">
            <div>
              <dt>{say(said.kind)}</dt>
              <dd>{say(choiceText(NoticeKind, notice.kind))}</dd>
            </div>
            <div>
              <dt>{say(said.number)}</dt>
              <dd>{notice.number}</dd>
            </div>
            <div>
              <dt>{say(said.community)}</dt>
              <dd>{notice.communityName}</dd>
            </div>
            <div>
              <dt>{say(said.period)}</dt>
              <dd>
                {sayDay(notice.from, language)} {say(said.to)} {sayDay(notice.lastDay, language)}
              </dd>
            </div>
            <div>
              <dt>{say(said.issued)}</dt>
              <dd>{sayDay(notice.issuedOn, language)}</dd>
            </div>
          </dl>
        </>
      )}
    </>
  )
}
