// A town from a file: choose it, see what it would add and which rows need mending, then load.
import { Button } from 'antd'
import { UploadOutlined } from '@ant-design/icons'
import { useRef, useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { fieldsOf } from '#web/fields.ts'
import { DownloadButton } from '#web/console/download.tsx'
import { Side } from '#web/console/drawer.tsx'
import { ProblemNote, useNotify } from '#web/console/notify.tsx'
import { Figures } from '#web/console/page.tsx'
import { useAsk, useTell } from '#web/console/query.ts'
import { Tone, type ToneName } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import * as api from '../api.ts'

const said = {
  open: text('导入', 'Load a file'),
  title: text('导入区域和房屋', 'Load areas and houses'),
  how: text(
    '下载模板，填好“区域”“小区”“房屋”三张表后上传。也可以上传其中一张表的 csv。重复导入不会重复添加。',
    'Download the template, fill in its three sheets and send it. One of the sheets as csv will do as well. Loading twice adds nothing.',
  ),
  choose: text('选择文件', 'Choose a file'),
  template: text('下载模板', 'Template'),
  reading: text('正在读取…', 'Reading…'),
  load: text('确认导入', 'Load'),
  nothing: text('文件里的内容都已经有了。', 'Everything in the file is there already.'),
  mend: text(
    '请在文件中改正下面的行，再重新选择文件。没有导入任何内容。',
    'Mend these rows in the file and choose it again. Nothing was loaded.',
  ),
  row: text('行', 'Row'),
}
const tones: Record<api.LoadRow['verdict'], ToneName> = {
  new: 'ok',
  same: 'quiet',
  otherName: 'look',
  above: 'info',
  refused: 'danger',
}
const counts = fieldsOf(api.load.output.shape.added)

type Sent = { name: string; content: string }

async function base64Of(file: File): Promise<string> {
  const url = await new Promise<string>((done, fail) => {
    const reader = new FileReader()
    reader.onload = () => done(String(reader.result))
    reader.onerror = () => fail(reader.error)
    reader.readAsDataURL(file)
  })
  return url.slice(url.indexOf(',') + 1)
}

export function LoadButton({ community }: { community: string | undefined }) {
  const say = useText()
  const [open, setOpen] = useState(false)
  const [sent, setSent] = useState<Sent>()
  const picker = useRef<HTMLInputElement>(null)
  const close = () => {
    setOpen(false)
    setSent(undefined)
  }
  return (
    <>
      <Button icon={<UploadOutlined aria-hidden />} onClick={() => setOpen(true)}>
        {say(said.open)}
      </Button>
      <Side title={said.title} open={open} onClose={close}>
        <p>{say(said.how)}</p>
        <div className="page-tools" style={{ margin: '12px 0 16px' }}>
          <DownloadButton of={api.template} input={{}} label={said.template} />
          <Button type="primary" onClick={() => picker.current?.click()}>
            {say(said.choose)}
          </Button>
        </div>
        <input
          ref={picker}
          type="file"
          accept=".xlsx,.csv"
          aria-label={say(said.choose)}
          hidden
          onChange={(event) => {
            const file = event.target.files?.[0]
            event.target.value = ''
            if (file) void base64Of(file).then((content) => setSent({ name: file.name, content }))
          }}
        />
        {sent && <Preview key={sent.content.length + sent.name} sent={sent} community={community} onDone={close} />}
      </Side>
    </>
  )
}

function Preview({ sent, community, onDone }: { sent: Sent; community: string | undefined; onDone: () => void }) {
  const say = useText()
  const notify = useNotify()
  const input = { ...sent, ...(community ? { community } : {}) }
  const { data, error } = useAsk(api.previewLoad, input)
  const load = useTell(api.load)
  if (error) return <ProblemNote problem={error} />
  if (!data) return <p role="status">{say(said.reading)}</p>
  const adds = counts.some(({ name }) => data.add[name as keyof typeof data.add] > 0)
  const loaded = async () => {
    if (await load.tell(input)) {
      notify.done()
      onDone()
    }
  }
  return (
    <div className="form">
      <Figures
        of={counts.map(({ name, label }) => ({ key: name, title: label, value: data.add[name as keyof typeof data.add] }))}
      />
      {data.refused > 0 && (
        <p>
          <Tone tone="danger">{say(said.mend)}</Tone>
        </p>
      )}
      {!adds && data.refused === 0 && (
        <p>
          <Tone tone="quiet">{say(said.nothing)}</Tone>
        </p>
      )}
      {load.problem && <ProblemNote problem={load.problem} />}
      {data.refused === 0 && adds && (
        <p>
          <Button type="primary" loading={load.busy} onClick={() => void loaded()}>
            {say(said.load)}
          </Button>
        </p>
      )}
      <ul style={{ listStyle: 'none', padding: 0 }}>
        {data.rows.map((row) => (
          <li key={`${row.sheet}${row.row}`} style={{ padding: '4px 0' }}>
            <Tone tone={tones[row.verdict]}>{say(choiceText(api.LoadRow.shape.verdict, row.verdict))}</Tone>{' '}
            {say(choiceText(api.LoadRow.shape.sheet, row.sheet))} · {say(said.row)} {row.row}
            {row.what ? ` · ${row.what}` : ''}
            {row.reasons.map((reason) => (
              <div key={reason.en}>{say(reason)}</div>
            ))}
          </li>
        ))}
      </ul>
    </div>
  )
}
