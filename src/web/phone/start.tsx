// Starts the phone: what is known offline first, then the server; and the doors on the way to a page: sign-in, PIN, lock.
import { StrictMode, Suspense, useEffect, useState, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { Router } from 'wouter'
import { text } from '#core/text.ts'
import { asProblem } from '#web/problems.ts'
import { session, sessionLost, signedIn, signedOut, useSession, watchSession } from '#web/session.ts'
import { startClock } from './clock.ts'
import { Gate } from './gate.tsx'
import { lazily, loadAhead } from './lazily.ts'
import { flush, startOutbox } from './outbox.ts'
import { shift, type People, type PhoneParts } from './parts.ts'
import { usePhoneRoute } from './route.ts'
import { PhoneShell } from './shell.tsx'
import { startSync } from './sync.ts'
import { Empty, Notice, Sheet, SmallButton, Toasts } from './ui.tsx'
import { startVault, useVault } from './vault.ts'
import { startWho } from './who.ts'
import { Unbroken } from './unbroken.tsx'
import { plainHttp, useWords } from './words.ts'
import { connection, meet, startWire } from './wire.ts'
import { startWorker, update } from './worker.ts'

// A first visit needs neither; both are fetched ahead, and the service worker has them for the next start.
const LockScreen = lazily(() => import('./lock.tsx'), 'LockScreen')
const SetPin = lazily(() => import('./setPin.tsx'), 'SetPin')

/** Without a signal the phone knocks this often while somebody looks at it. Milliseconds. */
const knocking = 30_000

/** Draws the phone into `root` as soon as what lies on it has been read. `base`: the path below which it lives, `/m`. */
export async function startPhone(root: HTMLElement, given: PhoneParts, base = '/m'): Promise<void> {
  const parts = { ...given, people: politely(given.people) }
  startWire()
  await startClock()
  await startWho()
  await startVault()
  await startOutbox()
  createRoot(root).render(
    <StrictMode>
      <Unbroken>
        <Router base={base}>
          <Phone parts={parts} />
        </Router>
      </Unbroken>
    </StrictMode>,
  )
  void navigator.storage?.persist?.().catch(() => false)
  shift.set((await parts.shift()).shift)
  await startSync(shift.get().sets)
  await ask(parts.people)
  keepInTouch(parts.people)
  void loadAhead()
  void startWorker(`${base}/sw.js`, `${base}/`)
}

/** Signing out works without a network too: this phone then knows nobody, and the server hears of it later. */
const politely = (people: People): People => ({
  ...people,
  signOut: async () => {
    await people.signOut().catch((error: unknown) => {
      if (asProblem(error).code !== 'web.offline') throw error
    })
    signedOut()
  },
})

/** Asks who holds the session; without an answer the one known from before goes on. */
async function ask(people: People): Promise<void> {
  void meet()
  try {
    signedIn(await people.who())
  } catch (error) {
    if (session().state === 'asking') signedOut()
    if (asProblem(error).status === 401) sessionLost()
  }
}

function keepInTouch(people: People): void {
  const knock = () => {
    if (!document.hidden) void meet()
  }
  addEventListener('online', knock)
  setInterval(() => {
    if (connection.get() === 'offline') knock()
  }, knocking)
  document.addEventListener('visibilitychange', knock)
  // A session that ended while the phone slept is learned of when somebody takes it up again.
  connection.watch(() => {
    if (connection.get() === 'online' && session().state === 'signedIn') void people.who().then(signedIn, () => undefined)
  })
  watchSession((now) => {
    if (now.state === 'signedIn') void flush()
  })
}

const noPost = text(
  '您的账号还没有岗位，请联系社区管理员。',
  'Your account has no post yet. Ask the administrator of the community.',
)
const sessionOver = text(
  '登录已过期。记录照常保存在手机里，登录后自动上传。',
  'The sign-in has expired. Records are kept on the phone and go out once you sign in.',
)

function Phone({ parts }: { parts: PhoneParts }) {
  const { state, account, posts } = useSession()
  const vault = useVault()
  if (state === 'asking')
    return (
      <Frame>
        <Empty title={text('正在打开…', 'Opening…')} />
      </Frame>
    )
  if (state === 'signedOut' || !account)
    return (
      <Frame>
        <FirstSignIn people={parts.people} />
      </Frame>
    )
  if (vault.state === 'unknown')
    return (
      <Frame>
        <Empty title={text('正在打开…', 'Opening…')} />
      </Frame>
    )
  if (vault.state === 'none')
    return (
      <Frame>
        <SetPin people={parts.people} erased={vault.erased} />
      </Frame>
    )
  if (vault.state === 'locked')
    return (
      <Frame>
        <LockScreen people={parts.people} />
      </Frame>
    )
  return (
    <Frame>
      {vault.state === 'off' && <Notice tone="look">{plainHttp}</Notice>}
      {state === 'lost' && <SignInAgain people={parts.people} />}
      {posts.length === 0 && <Notice tone="look">{noPost}</Notice>}
      <PhoneShell parts={parts} />
    </Frame>
  )
}

const Frame = ({ children }: { children: ReactNode }) => (
  <>
    <Demo />
    <Update />
    <Suspense>{children}</Suspense>
    <Toasts />
  </>
)

function Demo() {
  const { demo } = useSession()
  const say = useWords()
  return demo ? <p className="demo">{say(text('演示环境，数据均为虚构', 'Demonstration: all data is invented'))}</p> : null
}

function Update() {
  const take = update.use()
  const say = useWords()
  if (!take) return null
  return (
    <Notice>
      {say(text('有新版本。', 'A new version is ready.'))}
      <SmallButton onClick={take}>{text('更新', 'Update')}</SmallButton>
    </Notice>
  )
}

/** Whoever comes next begins at the first page, not where the last one left. */
function FirstSignIn({ people }: { people: People }) {
  const [, go] = usePhoneRoute()
  useEffect(() => go('/', { replace: true }), [go])
  return <Gate people={people} />
}

function SignInAgain({ people }: { people: People }) {
  const [open, setOpen] = useState(false)
  const say = useWords()
  return (
    <div className="notice look">
      <span>{say(sessionOver)}</span>
      <SmallButton onClick={() => setOpen(true)}>{text('登录', 'Sign in')}</SmallButton>
      <Sheet open={open} title={text('登录', 'Sign in')} onClose={() => setOpen(false)}>
        <Gate people={people} onDone={() => setOpen(false)} />
      </Sheet>
    </div>
  )
}
