// Around every phone page: where I am, network and queue above; the few places to go below.
import { Suspense } from 'react'
import { text } from '#core/text.ts'
import { holds, useSession } from '#web/session.ts'
import { Icon } from './icons.tsx'
import { lazily } from './lazily.ts'
import { outbox } from './outbox.ts'
import type { PhonePage, PhoneParts } from './parts.ts'
import { places } from './places.ts'
import { PhoneLink, usePhoneRoute } from './route.ts'
import { Empty } from './ui.tsx'
import { Unbroken } from './unbroken.tsx'
import { useWords } from './words.ts'
import { connection } from './wire.ts'

const MorePage = lazily(() => import('./morePage.tsx'), 'MorePage')
const OutboxPage = lazily(() => import('./outboxPage.tsx'), 'OutboxPage')
const SettingsPage = lazily(() => import('./settingsPage.tsx'), 'SettingsPage')

const outboxTitle = text('待上传', 'Waiting to go out')
const settingsTitle = text('我的', 'Me')
const moreTitle = text('更多', 'More')
/** Pages of the shell itself. */
const own: Readonly<Record<string, PhonePage['title']>> = {
  '/outbox': outboxTitle,
  '/me': settingsTitle,
  '/more': moreTitle,
}

const owns = (path: string, at: string): boolean => at === path || at.startsWith(path === '/' ? '/' : `${path}/`)

export function PhoneShell({ parts }: { parts: PhoneParts }) {
  const { roles } = useSession()
  const [at] = usePhoneRoute()
  const mine = parts.pages.filter((page) => holds(page.roles, roles))
  const here =
    mine.toSorted((a, b) => b.path.length - a.path.length).find((page) => owns(page.path, at)) ??
    (at === '/' ? mine[0] : undefined)
  return (
    <>
      <Header title={own[at] ?? here?.title ?? parts.name} />
      <main>
        <Unbroken key={at}>
          <Suspense fallback={<Empty title={text('正在打开…', 'Opening…')} />}>
            {at === '/outbox' ? (
              <OutboxPage />
            ) : at === '/me' ? (
              <SettingsPage parts={parts} />
            ) : at === '/more' ? (
              <MorePage parts={parts} />
            ) : here ? (
              <here.page />
            ) : (
              <Empty title={text('这里没有内容', 'Nothing here')} hint={text('请从下方选择', 'Choose below')} />
            )}
          </Suspense>
        </Unbroken>
      </main>
      <Tabs pages={mine} here={here} at={at} />
    </>
  )
}

function Header({ title }: { title: PhonePage['title'] }) {
  const say = useWords()
  const online = connection.use() === 'online'
  const { post } = useSession()
  const items = outbox.use()
  const waiting = items.filter((item) => item.mine && item.state === 'waiting').length
  const refused = items.filter((item) => item.mine && item.state === 'refused').length
  const said = [
    online ? text('在线', 'Online') : text('离线', 'Offline'),
    text(`待上传 ${waiting}`, `waiting ${waiting}`),
    ...(refused > 0 ? [text(`未接受 ${refused}`, `refused ${refused}`)] : []),
  ]
  return (
    <header>
      <h1>
        {say(title)}
        {post && <small>{post.areaName}</small>}
      </h1>
      <PhoneLink href="/outbox" className={`pill${refused > 0 ? ' stop' : ''}`}>
        <Icon name={refused > 0 ? 'alert' : online ? 'cloud' : 'off'} />
        <span aria-live="polite">{said.map(say).join(' · ')}</span>
      </PhoneLink>
    </header>
  )
}

function Tabs({ pages, here, at }: { pages: readonly PhonePage[]; here: PhonePage | undefined; at: string }) {
  const say = useWords()
  const { below, more } = places(pages)
  const inside = own[at] === undefined
  const among = inside && here !== undefined && more.includes(here)
  return (
    <nav aria-label={say(text('主要页面', 'Main pages'))}>
      {below.map((page) => (
        <PhoneLink key={page.path} href={page.path} aria-current={inside && page === here ? 'page' : undefined}>
          <Icon name={page.icon ?? 'list'} />
          <span>{say(page.tab!)}</span>
        </PhoneLink>
      ))}
      {more.length > 0 && (
        <PhoneLink href="/more" aria-current={at === '/more' || among ? 'page' : undefined}>
          <Icon name="more" />
          <span>{say(moreTitle)}</span>
        </PhoneLink>
      )}
      <PhoneLink href="/me" aria-current={at === '/me' ? 'page' : undefined}>
        <Icon name="me" />
        <span>{say(settingsTitle)}</span>
      </PhoneLink>
    </nav>
  )
}
