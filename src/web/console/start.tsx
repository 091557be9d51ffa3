// Puts the console together: theme, words, cache, router, live lists; then asks who is there.
import 'antd/dist/reset.css'
import './console.css'
import '../print.css'
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query'
import { createRootRoute, createRoute, createRouter, Navigate, Outlet, RouterProvider } from '@tanstack/react-router'
import { App, ConfigProvider } from 'antd'
import enGB from 'antd/locale/en_GB'
import zhCN from 'antd/locale/zh_CN'
import dayjs from 'dayjs'
import 'dayjs/locale/en-gb'
import 'dayjs/locale/zh-cn'
import { StrictMode, Suspense, type ComponentType } from 'react'
import { createRoot } from 'react-dom/client'
import { z } from 'zod'
import type { Problem } from '#core/problem.ts'
import { useLanguage, useText } from '../language.ts'
import { listen, refresh } from '../live.ts'
import { asProperties, theme } from '../theme.ts'
import { asProblem } from '../problems.ts'
import { holds, useSession, watchSession } from '../session.ts'
import { store } from '../store.ts'
import { forgetUnsaid, readSearch, writeSearch } from './address.ts'
import { ProblemNote } from './notify.tsx'
import { Card, EmptyNote, Page } from './page.tsx'
import type { ConsolePage, ConsoleParts } from './pages.ts'
import { PrintRoom } from './print.tsx'
import { makeQueryClient } from './query.ts'
import { LanguageSwitch, Notices, Shell, Waiting } from './shell.tsx'
import { words } from './words.ts'

// Without this zod tries whether it may compile code, which the content policy forbids and browsers then report.
z.config({ jitless: true })

/** Draws the console into `root`. */
export function startConsole(root: HTMLElement, parts: ConsoleParts): void {
  document.documentElement.style.cssText = asProperties
  const client = makeQueryClient()
  followSession(client)
  listen((event) => void refresh(client, event))
  const router = routerOf(parts)
  askWho(parts)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Worded>
          <RouterProvider router={router} />
          <PrintRoom />
        </Worded>
      </QueryClientProvider>
    </StrictMode>,
  )
}

const unasked = store<Problem | undefined>(undefined)

/** Who is there; when nobody answers, the page says so and asks again on demand. */
function askWho({ who }: ConsoleParts): void {
  unasked.set(undefined)
  who().catch((error: unknown) => unasked.set(asProblem(error)))
}

/** Answers of one account or post are never shown in another; a renewed session asks again for what failed. */
function followSession(client: QueryClient): void {
  let last = ''
  let account: string | null = null
  watchSession((now) => {
    if (now.state === 'signedOut' || (now.account && account && now.account !== account)) {
      client.clear()
      forgetUnsaid()
    } else if (now.state === 'signedIn' && last === 'lost') {
      void client.invalidateQueries()
    }
    last = now.state
    account = now.account ?? account
  })
}

/** antd in the language of the page; pickers follow dayjs. */
function Worded({ children }: { children: React.ReactNode }) {
  const language = useLanguage()
  dayjs.locale(language === 'zh' ? 'zh-cn' : 'en-gb')
  return (
    <ConfigProvider
      theme={theme}
      locale={language === 'zh' ? zhCN : enGB}
      componentSize="middle"
      button={{ autoInsertSpace: false }}
    >
      <App className="app">{children}</App>
    </ConfigProvider>
  )
}

function routerOf(parts: ConsoleParts) {
  const root = createRootRoute({ component: () => <Door parts={parts} />, notFoundComponent: NoPage })
  const routes = parts.pages.map((page) =>
    createRoute({ getParentRoute: () => root, path: page.path, component: () => <Guarded page={page} /> }),
  )
  if (!parts.pages.some((page) => page.path === '/')) {
    routes.push(createRoute({ getParentRoute: () => root, path: '/', component: () => <FirstPage pages={parts.pages} /> }))
  }
  return createRouter({
    routeTree: root.addChildren(routes),
    basepath: '/console',
    parseSearch: readSearch,
    stringifySearch: writeSearch,
    defaultNotFoundComponent: NoPage,
  })
}

function Guarded({ page: { page: Shown, roles } }: { page: ConsolePage }) {
  const session = useSession()
  return holds(roles, session.roles) ? <Shown key={session.post?.id} /> : <NoPage />
}

/** Where no page is the first, the first that may be seen is. */
function FirstPage({ pages }: { pages: readonly ConsolePage[] }) {
  const { roles } = useSession()
  const first = pages.find((page) => !page.aside && holds(page.roles, roles))
  return first ? <Navigate to={first.path} replace /> : <NoPage />
}

/** Nobody sees the shell before signing in. */
function Door({ parts }: { parts: ConsoleParts }) {
  const { state } = useSession()
  const problem = unasked.use()
  const path = location.pathname.replace(/^\/console/, '')
  const open = parts.open?.find((one) => one.path === path)
  if (open) return <Outside page={open.page} />
  if (state === 'asking') return problem ? <ProblemNote problem={problem} onRetry={() => askWho(parts)} /> : <Waiting />
  if (state === 'signedOut') return <Outside page={parts.signIn} />
  return parts.pages.length > 0 ? <Shell parts={parts} /> : <Outlet />
}

function Outside({ page: Shown }: { page: ComponentType }) {
  const say = useText()
  return (
    <div className="outside">
      <Notices />
      <header className="outside-head">
        <span className="brand-mark" aria-hidden>
          邻
        </span>
        <span>{say(words.product)}</span>
        <LanguageSwitch />
      </header>
      <main className="card">
        <Suspense fallback={<Waiting />}>
          <Shown />
        </Suspense>
      </main>
    </div>
  )
}

function NoPage() {
  return (
    <Page title={words.noPage}>
      <Card>
        <EmptyNote title={words.noPage} hint={words.noPageHint} />
      </Card>
    </Page>
  )
}
