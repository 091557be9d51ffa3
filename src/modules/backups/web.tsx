// The page of backups: would these data survive this machine? The sheet, the last backup, its proof, the second copy, what failed.
import { Input } from 'antd'
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { instantOf, sayMinute } from '#core/dates.ts'
import { text, type Text } from '#core/text.ts'
import { ActionButton } from '#web/console/action.tsx'
import { ProblemNote, useNotify } from '#web/console/notify.tsx'
import { Card, EmptyNote, Page } from '#web/console/page.tsx'
import { print } from '#web/console/print.tsx'
import { useAsk, useTell } from '#web/console/query.ts'
import { Tone, type ToneName } from '#web/console/tone.tsx'
import { sayNumber, useLanguage, useText } from '#web/language.ts'
import * as api from './api.ts'
import { BackupLine, CopyStanding, Work } from './model.ts'

const said = {
  title: text('备份', 'Backups'),
  last: text('最近一次备份', 'Last backup'),
  proved: text('最近一次核对成功', 'Last proved'),
  copy: text('时段密钥第二份', 'Second copy of the epoch keys'),
  next: text('下次自动备份', 'Next by itself'),
  never: text('从未', 'Never'),
  days: text('天前写出', 'days old'),
  running: text('正在进行', 'Under way'),
  rows: text('行', 'rows'),
  failure: text('最近一次失败', 'The last one failed'),
  list: text('已有备份', 'Backups kept'),
  empty: text('还没有备份', 'No backup yet'),
  sheetFirst: text('先制作恢复单，再做第一次备份。', 'Make the recovery sheet, then the first backup.'),
  sheet: text('恢复单', 'Recovery sheet'),
  sheetWhy: text(
    '备份加了密。恢复时要同时有这张纸和时段密钥，缺一不可。它只显示一次，请当场打印，锁入柜中。',
    'Backups are encrypted. A restore needs this sheet of paper and the epoch keys, both. It is shown once: print it now and lock it away.',
  ),
  make: text('制作恢复单', 'Make the recovery sheet'),
  again: text('换一张恢复单', 'Make another sheet'),
  inUse: text('正在使用的恢复单编号', 'Sheet in use, No.'),
  older: text('旧的备份仍需要当时的恢复单。', 'Older backups still need the sheet of their time.'),
  print: text('打印', 'Print'),
  typed: text('请看着打印好的纸输入', 'Type from the printed page'),
  group: text('第', 'Group'),
  groupEnd: text('组', ''),
  confirm: text('确认', 'Confirm'),
  number: text('编号', 'No.'),
  folder: text('备份目录', 'Folder'),
  oneDisk: text('同一块磁盘', 'One disk'),
  sameDisk: text(
    '备份与数据在同一块磁盘上，磁盘坏了会一同丢失。请用 LINLI_BACKUPS 指定另一块磁盘上的目录。',
    'Backups lie on the same disk as the data and would be lost with it. Name a folder on another disk in LINLI_BACKUPS.',
  ),
  paper: text('邻里恢复单', 'Linli recovery sheet'),
  paperUse: text(
    '用法：linli restore 备份文件 --epochs 介质路径，然后输入上面的 8 组字符。字母不分大小写；没有字母 I、L、O、U。',
    'Use: linli restore FILE --epochs MEDIUM, then type the 8 groups above. Capitals or small letters; there is no I, L, O or U.',
  ),
  paperKeep: text(
    '请锁入柜中，不要拍照，不要与密钥介质放在一起。',
    'Lock it away, take no photograph, keep it apart from the medium with the keys.',
  ),
}

const copyTone: Record<CopyStanding, ToneName> = {
  none: 'danger',
  missing: 'look',
  behind: 'danger',
  sameDisk: 'look',
  well: 'ok',
}
const proofTone: Record<BackupLine['proved'], ToneName> = { well: 'ok', failed: 'danger', not: 'look' }
const mb = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`

export function BackupsPage() {
  const say = useText()
  const language = useLanguage()
  const notify = useNotify()
  const { data, error } = useAsk(api.standing, {}, { every: (now) => (now?.running ? 1500 : 15_000) })
  const work = useTell(api.work)
  const run = async (what: Work) => {
    if (await work.tell({ what }, undefined, notify.refused)) notify.done()
  }
  const when = (at: string | undefined) => (at ? sayMinute(instantOf(Date.parse(at)), language) : say(said.never))
  const noSheet = data && !data.sheet ? said.sheetFirst : data?.running ? said.running : undefined
  const last = data?.backups[0]
  return (
    <Page
      title={said.title}
      tools={
        <>
          <ActionButton
            label={choiceText(Work, 'make')}
            type="primary"
            run={() => void run('make')}
            loading={work.busy}
            disabledReason={noSheet}
          />
          <ActionButton
            label={choiceText(Work, 'check')}
            run={() => void run('check')}
            disabledReason={last ? undefined : said.empty}
          />
        </>
      }
      figures={[
        { key: 'last', title: said.last, value: data && when(last?.made), ...(data && !last ? { tone: 'danger' as const } : {}) },
        { key: 'proved', title: said.proved, value: data && when(data.backups.find(({ proved }) => proved === 'well')?.made) },
        { key: 'next', title: said.next, value: data && when(data.next) },
      ]}
    >
      {error && <ProblemNote problem={error} />}
      {data?.running && (
        <p role="status">
          {say(said.running)} · {sayNumber(data.running.rows, language)} {say(said.rows)}
        </p>
      )}
      {data?.failure && (
        <Card title={said.failure}>
          <Tone tone="danger">{when(data.failure.at)}</Tone>
          <p>{say(data.failure.words)}</p>
        </Card>
      )}
      {data && <SheetCard standing={data} />}
      {data && (
        <Card title={said.copy}>
          <Tone tone={copyTone[data.secondCopy.standing]}>{say(choiceText(CopyStanding, data.secondCopy.standing))}</Tone>
          {data.secondCopy.days !== null && (
            <p>
              {data.secondCopy.days} {say(said.days)}
            </p>
          )}
          {data.secondCopy.words.map((words: Text) => (
            <p key={words.en} style={{ overflowWrap: 'anywhere' }}>
              {say(words)}
            </p>
          ))}
        </Card>
      )}
      {data && (
        <Card title={said.list}>
          <p className="code" style={{ overflowWrap: 'anywhere' }}>
            {say(said.folder)} {data.folder}
          </p>
          {data.sameDisk && (
            <>
              <Tone tone="look">{say(said.oneDisk)}</Tone>
              <p>{say(said.sameDisk)}</p>
            </>
          )}
          {data.backups.length === 0 && <EmptyNote title={said.empty} hint={said.sheetFirst} />}
          <ul className="backup-list">
            {data.backups.map((one) => (
              <li key={one.file}>
                <span>{when(one.made)}</span> ·{' '}
                <span>
                  {sayNumber(one.rows, language)} {say(said.rows)}
                </span>{' '}
                · <span>{mb(one.bytes)}</span>{' '}
                <Tone tone={proofTone[one.proved]}>{say(choiceText(BackupLine.shape.proved, one.proved))}</Tone>
                <div className="code" style={{ overflowWrap: 'anywhere' }}>
                  {one.file}
                </div>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </Page>
  )
}

type Sheet = { id: string; groups: string[]; ask: number[] }

/** Makes a sheet, prints it, and asks two of its groups back from the paper. */
function SheetCard({ standing }: { standing: api.Standing }) {
  const say = useText()
  const notify = useNotify()
  const make = useTell(api.newSheet)
  const confirm = useTell(api.confirmSheet)
  const [sheet, setSheet] = useState<Sheet>()
  const [typed, setTyped] = useState<string[]>(['', ''])
  const [printed, setPrinted] = useState(false)
  const begin = async () => {
    const made = await make.tell({})
    if (made?.groups.length) {
      setSheet(made)
      setTyped(['', ''])
      setPrinted(false)
    }
  }
  const paper = async () => {
    if (!sheet) return
    await print(<SheetPaper {...sheet} />)
    setPrinted(true)
  }
  const end = async () => {
    if (sheet && (await confirm.tell({ id: sheet.id, typed }))) {
      setSheet(undefined)
      notify.done()
    }
  }
  return (
    <Card title={said.sheet}>
      {standing.sheet && (
        <p>
          {say(said.inUse)} <b className="code">{standing.sheet.id}</b> {say(said.older)}
        </p>
      )}
      {!sheet && (
        <>
          <p>{say(said.sheetWhy)}</p>
          <ActionButton
            label={standing.sheet ? said.again : said.make}
            type={standing.sheet ? 'default' : 'primary'}
            run={() => void begin()}
            loading={make.busy}
          />
        </>
      )}
      {make.problem && <ProblemNote problem={make.problem} />}
      {sheet && !printed && (
        <>
          <p>
            {say(said.number)} <b className="code">{sheet.id}</b>
          </p>
          <Groups groups={sheet.groups} />
          <ActionButton label={said.print} type="primary" run={() => void paper()} />
        </>
      )}
      {sheet && printed && (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void end()
          }}
        >
          <p>{say(said.typed)}</p>
          {sheet.ask.map((place, i) => (
            <p className="field" key={place}>
              <label className="field-name" htmlFor={`group${place}`}>
                {say(said.group)} {place} {say(said.groupEnd)}
              </label>
              <Input
                id={`group${place}`}
                value={typed[i]!}
                autoComplete="off"
                maxLength={8}
                style={{ maxWidth: 160 }}
                onChange={(event) => setTyped(typed.map((one, at) => (at === i ? event.target.value : one)))}
              />
            </p>
          ))}
          {confirm.problem && <ProblemNote problem={confirm.problem} />}
          <div className="page-tools">
            <ActionButton label={said.confirm} type="primary" run={() => void end()} loading={confirm.busy} />
            <ActionButton label={said.print} run={() => void paper()} />
          </div>
        </form>
      )}
    </Card>
  )
}

const Groups = ({ groups }: { groups: readonly string[] }) => (
  <ol
    style={{
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fit, minmax(9rem, 1fr))',
      gap: 8,
      fontSize: '1.4rem',
      fontFamily: 'monospace',
    }}
  >
    {groups.map((group) => (
      <li key={group}>{group}</li>
    ))}
  </ol>
)

/** One page of A4 in both languages: whoever needs it may not be who printed it. */
const SheetPaper = ({ id, groups }: Sheet) => (
  <section className="sheet">
    <h1>
      {said.paper.zh} · {said.paper.en}
    </h1>
    <p>
      {said.number.zh} {said.number.en} <b>{id}</b>
    </p>
    <Groups groups={groups} />
    {[said.paperUse, said.paperKeep].map((words) => (
      <p key={words.en}>
        {words.zh}
        <br />
        {words.en}
      </p>
    ))}
  </section>
)
