// What was recorded here and is not at the server yet: nothing silent, each refused item with its sentence and a way on.
import { Suspense, useState } from 'react'
import { instantOf, sayMinute } from '#core/dates.ts'
import { text, type Text } from '#core/text.ts'
import { useLanguage } from '#web/language.ts'
import { fieldsOf } from '#web/fields.ts'
import type { Values } from '#web/form.ts'
import { ContractForm, enterable, InputWords } from './form.tsx'
import { discard, flush, outbox, resend, retry, sending, type Item } from './outbox.ts'
import { shift, type Queued } from './parts.ts'
import { lastContact } from './clock.ts'
import { BigButton, Card, Empty, Notice, Pair, Sheet, SmallButton, Tag, toast } from './ui.tsx'
import { useVault } from './vault.ts'
import { useWords } from './words.ts'

const waits: Record<ReturnType<typeof sending.get>, Text | null> = {
  idle: null,
  sending: text('正在上传…', 'Sending…'),
  noNetwork: text(
    '现在没有网络。记录都在手机里，有信号时会自动上传。',
    'No network now. Everything is kept on the phone and goes out when there is a signal.',
  ),
  signIn: text('登录已过期。请重新登录，之后自动上传。', 'The sign-in has expired. Sign in again and everything goes out.'),
  revoked: text(
    '这部手机已被停用，记录密封保存着。重新登记这部手机后自动上传。',
    'This phone was revoked; the records stay sealed. They go out once it is registered anew.',
  ),
  busy: text('服务器正忙，稍后自动再传。', 'The server is busy; sending goes on by itself.'),
}

export function OutboxPage() {
  const { queued: known } = shift.use()
  const items = outbox.use()
  const now = sending.use()
  const mine = items.filter((item) => item.mine)
  const others = items.length - mine.length
  const refused = mine.filter((item) => item.state === 'refused')
  const waiting = mine.filter((item) => item.state === 'waiting')
  const sentence = waits[now]
  const of = (item: Item) => known.find((one) => one.contract.name === item.contract)
  return (
    <>
      {sentence && waiting.length > 0 && (
        <Notice tone={now === 'signIn' || now === 'revoked' ? 'look' : 'info'}>{sentence}</Notice>
      )}
      {others > 0 && (
        <Notice tone="look">
          {text(
            `另有 ${others} 条属于其他账号，由本人登录后上传，不会丢。`,
            `${others} more belong to another account. They wait until that person signs in; nothing is lost.`,
          )}
        </Notice>
      )}
      {mine.length === 0 && (
        <Empty
          title={text('没有待上传的记录', 'Nothing is waiting')}
          hint={text('刚登记的内容都已到达服务器。', 'Everything recorded here has reached the server.')}
        />
      )}
      {refused.map((item) => (
        <RefusedItem key={item.id} item={item} queued={of(item)} />
      ))}
      {waiting.map((item) => (
        <WaitingItem key={item.id} item={item} queued={of(item)} />
      ))}
      {waiting.length > 0 && <BigButton onClick={flush}>{text('现在上传', 'Send now')}</BigButton>}
    </>
  )
}

type ItemTerms = { item: Item; queued: Queued | undefined }

/** Title, and while unlocked what it is about; the time is that of the tap, on the server's clock. */
function About({ item, queued }: ItemTerms) {
  const language = useLanguage()
  const at = sayMinute(instantOf(item.madeAt + (lastContact()?.offset ?? 0)), language)
  const about = item.input !== undefined && queued?.describe?.(item.input as never, language)
  return (
    <>
      <b>{queued ? queued.contract.title[language] : item.contract}</b> {about}{' '}
      <span className="quiet">
        {at}
        {item.size ? ` · ${Math.ceil(item.size / 1000)} kB` : ''}
      </span>
    </>
  )
}

function WaitingItem({ item, queued }: ItemTerms) {
  return (
    <Card>
      <p>
        <About item={item} queued={queued} />
      </p>
      <p>
        <Tag tone="info">{text('待上传', 'Waiting')}</Tag>
        {item.tries > 0 && <Tag>{text(`已试 ${item.tries} 次`, `${item.tries} ${item.tries === 1 ? 'try' : 'tries'}`)}</Tag>}
        {item.insteadOf && <Tag>{text('改正后重发', 'Mended and sent anew')}</Tag>}
      </p>
    </Card>
  )
}

function RefusedItem({ item, queued }: ItemTerms) {
  const [open, setOpen] = useState<'mend' | 'discard'>()
  const vault = useVault()
  const say = useWords()
  const readable = item.input !== undefined && queued !== undefined
  const why = readable
    ? undefined
    : vault.state === 'open'
      ? text(
          '内容只有服务器能打开（本机没有副本），可以原样重发。',
          'Only the server can open it (no copy is left here). It can be sent again as it is.',
        )
      : text('解锁后才能查看和修改。', 'Unlock to read and mend it.')
  return (
    <Card>
      <p>
        <About item={item} queued={queued} />
      </p>
      <Notice tone="stop">{item.problem?.title ?? text('服务器没有接受这一条。', 'The server did not accept this.')}</Notice>
      {readable && <InputWords of={queued.contract} input={item.input} />}
      <Pair>
        <SmallButton tone="go" disabledReason={why} onClick={() => setOpen('mend')}>
          {text('修改后重发', 'Mend and send')}
        </SmallButton>
        <SmallButton onClick={() => retry(item.id)}>{text('原样重发', 'Send again')}</SmallButton>
      </Pair>
      <SmallButton tone="stop" onClick={() => setOpen('discard')}>
        {text('放弃这一条', 'Give it up')}
      </SmallButton>
      {readable && (
        <Sheet open={open === 'mend'} title={text('修改后重发', 'Mend and send')} onClose={() => setOpen(undefined)}>
          {queued.mend ? (
            <Suspense>
              <queued.mend item={item} input={item.input as never} onDone={() => setOpen(undefined)} />
            </Suspense>
          ) : (
            <ContractForm
              of={queued.contract}
              initial={item.input as Values}
              draft={`mend:${item.id}`}
              fixed={hidden(queued, item)}
              submit={text('重发', 'Send')}
              onRecorded={() => setOpen(undefined)}
              send={(input) => resend(queued.contract, item, input)}
            />
          )}
        </Sheet>
      )}
      <Sheet open={open === 'discard'} title={text('放弃这一条？', 'Give it up?')} onClose={() => setOpen(undefined)}>
        <p>
          {say(
            text(
              '放弃后手机里不再保留，服务器也没有收到。',
              'It will no longer be on the phone, and the server does not have it.',
            ),
          )}
        </p>
        <SmallButton
          tone="stop"
          onClick={async () => {
            await discard(item.id)
            toast(text('已放弃', 'Given up'))
          }}
        >
          {text('确认放弃', 'Give it up')}
        </SmallButton>
      </Sheet>
    </Card>
  )
}

/** What was chosen, not typed (ids, lists of records), travels on unchanged. */
const hidden = (queued: Queued, item: Item): Values => {
  const input = item.input as Values
  const names = fieldsOf(queued.contract.input)
    .filter((field) => !enterable(field))
    .map((field) => field.name)
  return Object.fromEntries(names.map((name) => [name, input[name]]))
}
