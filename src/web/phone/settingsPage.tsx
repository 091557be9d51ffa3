// 我的: post, language, this worker's phones, what lies on this one, and what a page without HTTPS cannot do.
import { useEffect, useState } from 'react'
import { sayMinute } from '#core/dates.ts'
import { languages, text, type Language } from '#core/text.ts'
import { language, setLanguage, useLanguage } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import { choosePost, holds, useSession } from '#web/session.ts'
import { Choice } from './fields.tsx'
import { PageLinks } from './morePage.tsx'
import { ChangePin } from './setPin.tsx'
import { shift, type DeviceRow, type PhoneParts } from './parts.ts'
import { refreshAll, useSet, type SyncSet } from './sync.ts'
import { Age, Card, Empty, Notice, Pair, Sheet, SmallButton, Tag, toast } from './ui.tsx'
import { erase, lock, useVault } from './vault.ts'
import { device } from './who.ts'
import { plainHttp, useWords } from './words.ts'

const erasing = text(
  '待上传的记录不会丢。之后需要用密码登录、设新 PIN、重新下载。',
  'Records waiting to go out are not lost. Afterwards: sign in with the password, set a new PIN, download again.',
)
const languageWords: Record<Language, string> = { zh: '中文', en: 'English' }

/** Pages that are wanted too seldom for a place below. */
function Others({ parts }: { parts: PhoneParts }) {
  const { roles } = useSession()
  const others = parts.pages.filter((page) => !page.tab && holds(page.roles, roles))
  return others.length === 0 ? null : <PageLinks title={text('其他', 'More')} pages={others} />
}

export function SettingsPage({ parts }: { parts: PhoneParts }) {
  const { account, name, post, posts } = useSession()
  const vault = useVault()
  const say = useWords()
  const now = useLanguage()
  const { sets } = shift.use()
  const [sheet, setSheet] = useState<'pin' | 'erase'>()
  const closed = () => setSheet(undefined)
  return (
    <>
      <Card title={name} aside={post?.roleText ?? ''}>
        {posts.length > 1 ? (
          <Choice
            label={text('工作岗位', 'Post')}
            value={post?.id}
            onChange={(id: string) => choosePost(id)}
            choices={posts.map(({ id, areaName: at, roleText }) => ({
              value: id,
              text: text(`${at} ${roleText.zh}`, `${at} ${roleText.en}`),
            }))}
          />
        ) : (
          <p>{post?.areaName}</p>
        )}
        <SmallButton onClick={() => parts.people.signOut()}>{text('退出登录', 'Sign out')}</SmallButton>
      </Card>
      <Others parts={parts} />
      <Card title={text('语言 Language', 'Language 语言')}>
        <Choice
          label={text('语言', 'Language')}
          value={now}
          onChange={(next: Language) => setLanguage(next)}
          choices={languages.map((one) => ({ value: one, text: { zh: languageWords[one], en: languageWords[one] } }))}
        />
      </Card>
      <Card title={text('本机内容', 'What lies on this phone')}>
        {vault.state === 'off' && <Notice tone="look">{plainHttp}</Notice>}
        {sets.map((set) => (
          <SetLine key={set.key} set={set} />
        ))}
        <Storage />
        <Pair>
          <SmallButton onClick={() => refreshAll(true)}>{text('更新名册', 'Download again')}</SmallButton>
          {vault.state === 'open' && (
            <SmallButton icon="lock" onClick={lock}>
              {text('锁定', 'Lock')}
            </SmallButton>
          )}
        </Pair>
        {vault.state === 'open' && (
          <Pair>
            <SmallButton onClick={() => setSheet('pin')}>{text('更换 PIN', 'Change the PIN')}</SmallButton>
            <SmallButton tone="stop" icon="erase" onClick={() => setSheet('erase')}>
              {text('清除本机名册', 'Erase what was downloaded')}
            </SmallButton>
          </Pair>
        )}
      </Card>
      <Devices parts={parts} />
      <Sheet open={sheet === 'pin'} title={text('更换 PIN', 'Change the PIN')} onClose={closed}>
        <ChangePin onDone={closed} />
      </Sheet>
      <Sheet open={sheet === 'erase'} title={text('清除本机名册？', 'Erase what was downloaded?')} onClose={closed}>
        <p>{say(erasing)}</p>
        <SmallButton tone="stop" onClick={() => account && erase(account, 'asked')}>
          {text('确认清除', 'Erase')}
        </SmallButton>
      </Sheet>
    </>
  )
}

function SetLine({ set }: { set: SyncSet }) {
  const say = useWords()
  const { takenAt, loading, problem } = useSet(set)
  return (
    <div className="between">
      <span>{say(set.title)}</span>
      <span>
        <Age at={takenAt} loading={loading} />
        {problem && <p className="quiet">{say(problem.say)}</p>}
      </span>
    </div>
  )
}

/** Whether the browser may throw things away when its disk is full, and how much lies here. */
function Storage() {
  const say = useWords()
  const [state, setState] = useState<{ used: number; firm: boolean }>()
  useEffect(() => {
    if (!navigator.storage?.estimate) return
    void Promise.all([navigator.storage.estimate(), navigator.storage.persisted?.() ?? false]).then(
      ([{ usage = 0 }, firm]) => setState({ used: usage, firm }),
      () => undefined,
    )
  }, [])
  if (!state) return null
  return (
    <div className="between">
      <span>
        {say(text('占用空间', 'Space used'))} {(state.used / 1024 / 1024).toFixed(1)} MB
      </span>
      {state.firm ? (
        <Tag tone="go">{text('不会被系统清理', 'Kept by the system')}</Tag>
      ) : (
        <Tag tone="look">
          {text('空间不足时系统可能清理，请尽早上传', 'The system may clear it when space runs out: send soon')}
        </Tag>
      )}
    </div>
  )
}

const revoking = text(
  '它下一次连上服务器时会清除已下载的名册，并且不能再用。',
  'At its next contact it erases what it downloaded and can no longer be used.',
)

function Devices({ parts: { people } }: { parts: PhoneParts }) {
  const say = useWords()
  const [rows, setRows] = useState<readonly DeviceRow[]>()
  const [chosen, setChosen] = useState<DeviceRow>()
  const mine = device.use()
  const load = () => people.devices?.().then(setRows, () => undefined)
  useEffect(() => {
    void load()
  }, [])
  if (!people.devices) return null
  async function revoke(row: DeviceRow) {
    try {
      await people.revokeDevice?.(row.id)
      toast(text(`已停用“${row.name}”`, `“${row.name}” was revoked`))
      setChosen(undefined)
      await load()
    } catch (error) {
      toast(asProblem(error).say, { tone: 'stop' })
    }
  }
  return (
    <Card title={text('我的手机', 'My phones')}>
      {rows === undefined && <Empty title={text('联网后可查看', 'Shown when online')} />}
      {rows?.map((row) => (
        <div key={row.id} className="between">
          <span>
            {row.name} {row.id === mine.id && <Tag tone="info">{text('本机', 'This one')}</Tag>}
            <br />
            <span className="quiet">{sayMinute(row.lastSeenAt ?? row.enrolledAt, language())}</span>
          </span>
          {row.revokedAt ? (
            <Tag tone="stop">{text('已停用', 'Revoked')}</Tag>
          ) : (
            people.revokeDevice && (
              <SmallButton tone="stop" onClick={() => setChosen(row)}>
                {text('停用', 'Revoke')}
              </SmallButton>
            )
          )}
        </div>
      ))}
      <Sheet
        open={chosen !== undefined}
        title={text(`停用“${chosen?.name}”？`, `Revoke “${chosen?.name}”?`)}
        onClose={() => setChosen(undefined)}
      >
        <p>{say(revoking)}</p>
        {chosen && (
          <SmallButton tone="stop" onClick={() => revoke(chosen)}>
            {text('停用', 'Revoke')}
          </SmallButton>
        )}
      </Sheet>
    </Card>
  )
}
