// Paper rounds on the console: print a grid's list, see what was printed and how much of it is keyed, key one back.
import './paper.css'
import { PrinterOutlined } from '@ant-design/icons'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Input, Radio } from 'antd'
import { useId, useState } from 'react'
import { sayMinute } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import type { Problem } from '#core/problem.ts'
import { text } from '#core/text.ts'
import { areas } from '#modules/territory/api.ts'
import { Choose, useBuildings } from '#modules/residents/web/pickers.tsx'
import { ask } from '#web/api.ts'
import { ProblemNote, useNotify } from '#web/console/notify.tsx'
import { Card, Page } from '#web/console/page.tsx'
import { usePrint } from '#web/console/print.tsx'
import { useAsk, useTell } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { useLanguage, useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import { useSession } from '#web/session.ts'
import { paper, papers, Picked, printPaper, readNumber, type PaperShown } from '../paper.ts'
import { Keying } from './paperKeys.tsx'
import { PaperSheet } from './paperSheet.tsx'

const said = {
  title: text('纸质排查', 'Rounds on paper'),
  print: text('打印名单', 'Print a list'),
  printHint: text(
    '没有手机或不用手机的走访：打印带行号的名单，走完后按行号录入。',
    'For rounds without a phone: print a list with line numbers, walk it, key it back by line.',
  ),
  key: text('录入名单', 'Key a list'),
  number: text('名单编号', 'List no.'),
  open: text('开始录入', 'Start keying'),
  numberHint: text('纸上方的编号，例如 000001-3', 'The number at the top of the paper, such as 000001-3'),
  grid: text('网格', 'Grid'),
  building: text('楼栋（不选即整个网格）', 'Building (none: the whole grid)'),
  none: text('没有可选的', 'Nothing to choose'),
  again: text('再次打印', 'Print again'),
  keyIt: text('录入', 'Key'),
  empty: text('还没有打印过名单', 'No list has been printed yet'),
  emptyHint: text('先在上面打印一份。', 'Print one above first.'),
  progress: text('录入进度', 'Keyed'),
  back: text('返回名单列表', 'Back to the lists'),
  wrong: text('编号的校验位对不上，请核对。', 'The check digit does not fit. Check the number.'),
  all: text('全部录完', 'Complete'),
}

/** Which list is open, kept in the address: its number names nobody. */
export function PaperPage() {
  const say = useText()
  const navigate = useNavigate()
  const { list } = useSearch({ strict: false }) as { list?: string }
  const open = (number: string | undefined) => void navigate({ to: '.', search: (number ? { list: number } : {}) as never })
  if (list)
    return (
      <Page title={said.title} tools={<Button onClick={() => open(undefined)}>{say(said.back)}</Button>}>
        <Keying key={list} number={list} />
      </Page>
    )
  return (
    <Page title={said.title}>
      <PrintOne />
      <Find onOpen={open} />
      <Printed onOpen={open} />
    </Page>
  )
}

function PrintOne() {
  const say = useText()
  const print = usePrint()
  const { post } = useSession()
  const { tell, busy, problem } = useTell(printPaper)
  const [area, setArea] = useState<string>()
  const [building, setBuilding] = useState<string>()
  const [picked, setPicked] = useState<Picked>('left')
  const { data } = useAsk(areas, post ? { under: post.area } : {})
  const grids = (data?.rows ?? []).filter((one) => one.level === 'grid').map((one) => ({ value: one.areaCode, label: one.name }))
  const buildings = useBuildings(undefined)
  const narrow = (post?.area.length ?? 0) === 17
  const go = async () => {
    const made = await tell({ picked, ...(area ? { area } : {}), ...(building ? { building } : {}) })
    if (made) await print(<PaperSheet paper={made.paper} rows={made.rows} />)
  }
  return (
    <Card title={said.print}>
      <p className="key-hints">{say(said.printHint)}</p>
      {problem && <ProblemNote problem={problem} />}
      <div className="paper-print">
        {!narrow && <Choose compact of={say(said.grid)} options={grids} value={area} empty={say(said.none)} onChange={setArea} />}
        <Choose
          compact
          of={say(said.building)}
          options={buildings}
          value={building}
          empty={say(said.none)}
          onChange={setBuilding}
        />
        <Radio.Group
          aria-label={say(text('名单', 'List'))}
          value={picked}
          onChange={(event) => setPicked(event.target.value as Picked)}
          options={Picked.options.map((value) => ({ value, label: say(choiceText(Picked, value)) }))}
        />
        <Button type="primary" icon={<PrinterOutlined aria-hidden />} loading={busy} onClick={() => void go()}>
          {say(printPaper.title)}
        </Button>
      </div>
    </Card>
  )
}

function Find({ onOpen }: { onOpen: (number: string) => void }) {
  const say = useText()
  const id = useId()
  const [typed, setTyped] = useState('')
  const [wrong, setWrong] = useState(false)
  const go = () => (readNumber(typed) === undefined ? setWrong(true) : onOpen(typed.trim()))
  return (
    <Card title={said.key}>
      <form
        className={wrong ? 'field wrong' : 'field'}
        style={{ maxWidth: 420 }}
        onSubmit={(event) => {
          event.preventDefault()
          go()
        }}
      >
        <label className="field-name" htmlFor={id}>
          {say(said.number)}
        </label>
        <div className="paper-print">
          <Input
            id={id}
            style={{ width: 180 }}
            inputMode="numeric"
            autoComplete="off"
            value={typed}
            aria-invalid={wrong}
            aria-describedby={`${id}hint`}
            onChange={(event) => {
              setTyped(event.target.value)
              setWrong(false)
            }}
          />
          <Button htmlType="submit">{say(said.open)}</Button>
        </div>
        <p id={`${id}hint`} className={wrong ? 'field-error' : 'field-hint'} role={wrong ? 'alert' : undefined}>
          {say(wrong ? said.wrong : said.numberHint)}
        </p>
      </form>
    </Card>
  )
}

function Printed({ onOpen }: { onOpen: (number: string) => void }) {
  const say = useText()
  const print = usePrint()
  const notify = useNotify()
  const language = useLanguage()
  const again = async ({ number }: PaperShown) => {
    try {
      const found = await ask(paper, { number })
      await print(<PaperSheet paper={found.paper} rows={found.rows} />)
    } catch (error) {
      notify.refused(asProblem(error) as Problem)
    }
  }
  return (
    <DataTable
      of={papers}
      columns={['number', 'areaName', 'campaignTitle', 'picked', 'printedAt', 'printedByName', 'progress']}
      heads={{ progress: said.progress }}
      onOpen={(row) => onOpen(row.number)}
      empty={{ title: said.empty, hint: said.emptyHint }}
      cells={{
        areaName: (row) => [row.areaName, row.buildingName].filter(Boolean).join(' '),
        progress: (row) => (
          <>
            {row.keyed} / {row.lines} {row.keyed === row.lines && <Tone tone="ok">{say(said.all)}</Tone>}
            {row.keyedAt && <span className="code"> {sayMinute(row.keyedAt, language)}</span>}
          </>
        ),
      }}
      actions={(row) => [
        { label: said.keyIt, run: () => onOpen(row.number) },
        { label: said.again, run: () => void again(row) },
      ]}
    />
  )
}
