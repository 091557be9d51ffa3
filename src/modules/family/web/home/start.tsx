// The resident's page from its first moment: inside or not, what it shows, and what still has to be sent.
import { useCallback, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import type { Problem } from '#core/problem.ts'
import { text } from '#core/text.ts'
import { setLanguage, useLanguage, useText } from '#web/language.ts'
import { Icon, type IconName } from '#web/phone/icons.tsx'
import { asProblem } from '#web/problems.ts'
import { kept } from '#web/store.ts'
import * as api from '../../api.ts'
import { mine, type Mine } from '../../ownApi.ts'
import { codeInHand } from './code.ts'
import { Enter } from './enter.tsx'
import { HelpPage } from './help.tsx'
import { MorePage } from './more.tsx'
import { Button, Call, Card, Notice, ProblemSaid, type Shown } from './parts.tsx'
import { ReportPage } from './report.tsx'
import { TodayPage } from './today.tsx'
import { askNow, flush, forgetWaiting, refused, tellNow, waiting } from './wire.ts'
import './home.css'

const said = {
  title: text('我的页面', 'My page'),
  opening: text('正在打开…', 'Opening …'),
  retry: text('再试一次', 'Try again'),
  offline: text(
    '现在连不上网络。下面是上次看到的内容；电话照样能打。',
    'No network now. Below is what was seen last; the telephone works.',
  ),
  waits: (n: number) =>
    text(
      `有 ${n} 条还没有送到，联网后会自动发送，请不要关闭本页。`,
      `${n} not sent yet. They go out by themselves; keep this page open.`,
    ),
  service: text('社区服务热线', 'Community service line'),
}
type Tab = 'today' | 'report' | 'help' | 'more'
const tabs: readonly { key: Tab; icon: IconName; word: ReturnType<typeof text> }[] = [
  { key: 'today', icon: 'home', word: text('首页', 'Home') },
  { key: 'report', icon: 'check', word: text('报告', 'Report') },
  { key: 'help', icon: 'help', word: text('求助', 'Help') },
  { key: 'more', icon: 'me', word: text('我的', 'Me') },
]

function Home() {
  const say = useText()
  const [inside, setInside] = useState<boolean>()
  const [data, setData] = useState<Mine>()
  const [problem, setProblem] = useState<Problem>()
  const scanned = codeInHand.use()
  const reload = useCallback(async () => {
    try {
      setData(await askNow(mine, {}))
      setProblem(undefined)
    } catch (error) {
      const found = asProblem(error)
      if (found.status === 401) setInside(false)
      else setProblem(found)
    }
  }, [])
  const look = useCallback(async () => {
    setProblem(undefined)
    try {
      const { inside: there } = await askNow(api.standing, {})
      setInside(there)
      if (there) await reload()
    } catch (error) {
      setProblem(asProblem(error))
    }
  }, [reload])
  useEffect(() => {
    void look()
  }, [look])
  const entered = () => {
    setInside(true)
    void reload()
  }
  const leave = async () => {
    await tellNow(api.leave, {})
    forgetWaiting()
    setData(undefined)
    setInside(false)
  }
  // A paper that is scanned is meant, whoever was inside before.
  if (scanned || inside === false)
    return (
      <>
        <Top />
        <Enter onInside={entered} />
      </>
    )
  if (!data) {
    return (
      <>
        <Top />
        <main className="narrow">
          <Card>
            <p role="status">{say(problem ? problem.say : said.opening)}</p>
            {problem && <Button label={said.retry} onClick={look} />}
          </Card>
        </main>
      </>
    )
  }
  if (data.off) return <Harmless data={data} />
  return <Inside data={data} problem={problem} reload={reload} onLeave={leave} />
}

function Top({ name }: { name?: string }) {
  const say = useText()
  const language = useLanguage()
  return (
    <header>
      <h1>
        {say(said.title)}
        {name && <small>{name}</small>}
      </h1>
      <button
        type="button"
        className="pill"
        lang={language === 'zh' ? 'en' : 'zh-CN'}
        onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}
      >
        {language === 'zh' ? 'English' : '中文'}
      </button>
    </header>
  )
}

/** Says nothing of anybody. */
const Harmless = ({ data }: { data: Mine }) => {
  const say = useText()
  return (
    <>
      <header>
        <h1>
          {say(said.service)}
          <small>{data.communityName}</small>
        </h1>
      </header>
      <main className="narrow">
        <Card>
          <Call phone={data.hotline}>{data.hotline}</Call>
        </Card>
      </main>
    </>
  )
}

function Inside({ data, problem, reload, onLeave }: Shown & { problem: Problem | undefined; onLeave: () => Promise<void> }) {
  const say = useText()
  const [tab, setTab] = useState<Tab>('today')
  const items = waiting.use()
  const no = refused.use()
  useEffect(() => {
    const go = () => {
      if (waiting.get().length > 0) void flush().then((gone) => (gone > 0 ? reload() : undefined))
    }
    go()
    const timer = setInterval(go, 15_000)
    addEventListener('online', go)
    return () => {
      clearInterval(timer)
      removeEventListener('online', go)
    }
  }, [reload])
  const shown = { data, reload }
  return (
    <>
      <Top name={data.communityName} />
      <main>
        {problem && (
          <Notice tone="look">
            {say(problem.code === 'web.offline' ? said.offline : problem.say)} <Button label={said.retry} onClick={reload} />
          </Notice>
        )}
        {items.length > 0 && <Notice tone="look">{say(said.waits(items.length))}</Notice>}
        {no && <ProblemSaid problem={no} />}
        {tab === 'today' && <TodayPage {...shown} onObject={() => setTab('more')} />}
        {tab === 'report' && <ReportPage {...shown} />}
        {tab === 'help' && <HelpPage {...shown} />}
        {tab === 'more' && <MorePage {...shown} onLeave={onLeave} />}
      </main>
      <nav aria-label={say(text('主要页面', 'Main pages'))}>
        {tabs.map(({ key, icon, word }) => (
          <a
            key={key}
            href="#"
            role="button"
            aria-current={tab === key ? 'page' : undefined}
            onClick={(event) => {
              event.preventDefault()
              setTab(key)
              scrollTo(0, 0)
            }}
          >
            <Icon name={icon} />
            <span>{say(word)}</span>
          </a>
        ))}
      </nav>
    </>
  )
}

/** Draws the page; letters as large as was chosen last. */
export function start(root: HTMLElement): void {
  document.documentElement.dataset['size'] = kept.read('local', 'linli.home.size') ?? 'large'
  createRoot(root).render(<Home />)
}
