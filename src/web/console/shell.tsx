// The frame around every console page: menu by the day's order, area and post, language, account, and what everybody must know.
import { GlobalOutlined, LogoutOutlined, MenuOutlined, UserOutlined } from '@ant-design/icons'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { Alert, Button, Drawer, Dropdown, Modal, Select } from 'antd'
import { Suspense, useState, type ComponentType } from 'react'
import { setLanguage, useLanguage, useText } from '../language.ts'
import { choosePost, holds, useSession } from '../session.ts'
import { kept } from '../store.ts'
import { Failure } from './failure.tsx'
import type { ConsolePage, ConsoleParts } from './pages.ts'
import { words } from './words.ts'

export function Shell({ parts }: { parts: ConsoleParts }) {
  const say = useText()
  const [menuOpen, setMenuOpen] = useState(false)
  const path = useRouterState({ select: (state) => state.location.pathname })
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {say(words.skip)}
      </a>
      <aside className="side">
        <Brand />
        <Menu pages={parts.pages} />
      </aside>
      <Drawer
        open={menuOpen}
        onClose={() => setMenuOpen(false)}
        placement="left"
        size={240}
        className="side-drawer"
        title={say(words.product)}
      >
        <Menu pages={parts.pages} onGo={() => setMenuOpen(false)} />
      </Drawer>
      <div className="main">
        <Notices />
        <header className="top">
          <Button
            className="menu-button"
            type="text"
            icon={<MenuOutlined aria-hidden />}
            aria-label={say(words.menu)}
            onClick={() => setMenuOpen(true)}
          />
          <PostSwitch />
          <span className="top-space" />
          <LanguageSwitch />
          <AccountMenu signOut={parts.signOut} />
        </header>
        <main id="content" tabIndex={-1}>
          <Failure key={path}>
            <Suspense fallback={<Waiting />}>
              <Outlet />
            </Suspense>
          </Failure>
        </main>
      </div>
      <SignInAgain signIn={parts.signIn} />
    </div>
  )
}

export function Waiting() {
  const say = useText()
  return (
    <p className="waiting" role="status">
      {say(words.loading)}
    </p>
  )
}

function Brand() {
  const say = useText()
  return (
    <p className="brand">
      <span className="brand-mark" aria-hidden>
        邻
      </span>
      {say(words.product)}
    </p>
  )
}

/** Pages in the register's order, which is the order of the day; only those that the present post may see. */
function Menu({ pages, onGo }: { pages: readonly ConsolePage[]; onGo?: () => void }) {
  const say = useText()
  const { roles } = useSession()
  const seen = pages.filter((page) => !page.aside && holds(page.roles, roles))
  return (
    <nav aria-label={say(words.menu)} className="menu">
      {seen.map(({ path, menu, icon: Icon, badge: Badge }) => (
        <Link
          key={path}
          to={path}
          activeOptions={{ exact: path === '/', includeSearch: false }}
          activeProps={{ 'aria-current': 'page' }}
          {...(onGo ? { onClick: onGo } : {})}
        >
          <span aria-hidden>
            <Icon />
          </span>
          {say(menu)}
          {Badge && (
            <Suspense fallback={null}>
              <Badge />
            </Suspense>
          )}
        </Link>
      ))}
    </nav>
  )
}

function PostSwitch() {
  const say = useText()
  const { posts, post } = useSession()
  if (!post) return null
  if (posts.length === 1)
    return (
      <span className="post">
        {post.areaName} · {say(post.roleText)}
      </span>
    )
  return (
    <Select
      className="post-choice"
      aria-label={say(words.post)}
      value={post.id}
      onChange={choosePost}
      popupMatchSelectWidth={false}
      options={posts.map((one) => ({ value: one.id, label: `${one.areaName} · ${say(one.roleText)}` }))}
    />
  )
}

/** Says the other language in itself, so that who cannot read this page finds it. */
export function LanguageSwitch() {
  const say = useText()
  const language = useLanguage()
  const other = language === 'zh' ? 'en' : 'zh'
  return (
    <Button
      type="text"
      icon={<GlobalOutlined aria-hidden />}
      lang={other === 'zh' ? 'zh-CN' : 'en-GB'}
      onClick={() => setLanguage(other)}
    >
      {say(words.otherLanguage)}
    </Button>
  )
}

function AccountMenu({ signOut }: Pick<ConsoleParts, 'signOut'>) {
  const say = useText()
  const { name } = useSession()
  const items = [{ key: 'out', icon: <LogoutOutlined aria-hidden />, label: say(words.signOut), onClick: () => void signOut() }]
  return (
    <Dropdown trigger={['click']} menu={{ items }}>
      <Button type="text" icon={<UserOutlined aria-hidden />} aria-label={`${say(words.account)} ${name}`}>
        {name}
      </Button>
    </Dropdown>
  )
}

const plainSeen = 'linli.plainSeen'

/** The demonstration is always told; plain HTTP once for each tab. */
export function Notices() {
  const say = useText()
  const { demo } = useSession()
  const [seen, setSeen] = useState(() => kept.read('session', plainSeen) !== null)
  const close = () => {
    kept.write('session', plainSeen, '1')
    setSeen(true)
  }
  return (
    <>
      {demo && (
        <p className="demo" role="note">
          {say(words.demo)}
        </p>
      )}
      {!globalThis.isSecureContext && !seen && (
        <Alert banner type="warning" title={say(words.plain)} closable={{ onClose: close, 'aria-label': say(words.close) }} />
      )}
    </>
  )
}

/** Lies over the page when the session has ended: what was typed below stays. */
function SignInAgain({ signIn: SignIn }: { signIn: ComponentType }) {
  const say = useText()
  const { state } = useSession()
  return (
    <Modal
      open={state === 'lost'}
      title={say(words.lost)}
      footer={null}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      destroyOnHidden
    >
      <SignIn />
    </Modal>
  )
}
