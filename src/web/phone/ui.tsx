// The pieces of a phone page: one card, one question, one big answer. Sizes for gloves and sun (phone.css).
import { useEffect, useId, useRef, useState, type ReactNode } from 'react'
import { instantOf, sayMinute } from '#core/dates.ts'
import type { Text } from '#core/text.ts'
import { text } from '#core/text.ts'
import { useLanguage } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import { store } from '#web/store.ts'
import { serverNow } from './clock.ts'
import { Icon, type IconName } from './icons.tsx'
import { undoFor } from './outbox.ts'
import { useWords, type Words } from './words.ts'

type Children = { children?: ReactNode }
export type Tone = 'go' | 'stop' | 'look' | 'info' | 'plain'

const isWords = (given: unknown): given is Words => typeof given === 'object' && given !== null && 'zh' in given && 'en' in given
const signs: Record<Tone, IconName | undefined> = { go: 'check', stop: 'stop', look: 'alert', info: 'help', plain: undefined }

/** Words or elements as children. */
function Said({ children }: { children: ReactNode | Text }) {
  const say = useWords()
  return isWords(children) ? say(children) : (children as ReactNode)
}

export function Card({ title, aside, children }: Children & { title?: Words; aside?: ReactNode | Text }) {
  return (
    <section className="card">
      {(title !== undefined || aside !== undefined) && (
        <div className="between">
          <h2>
            <Said>{title}</Said>
          </h2>
          {aside !== undefined && (
            <span className="quiet">
              <Said>{aside}</Said>
            </span>
          )}
        </div>
      )}
      {children}
    </section>
  )
}

export type ButtonTerms = {
  children: ReactNode | Text
  onClick?: () => unknown
  tone?: Tone
  icon?: IconName
  /** A second, smaller line. */
  sub?: Words
  /** Greyed, and says why when touched. */
  disabledReason?: Words | undefined
  type?: 'button' | 'submit'
}

/** Runs what was tapped once at a time and says what went wrong. */
type TapTerms = ButtonTerms & { kind: 'big' | 'small' }

function Tap({ kind, children, onClick, tone = 'plain', icon, sub, disabledReason, type = 'button' }: TapTerms) {
  const [busy, setBusy] = useState(false)
  const say = useWords()
  async function tap() {
    if (disabledReason !== undefined) {
      toast(disabledReason, { tone: 'look' })
      return
    }
    if (busy || !onClick) return
    setBusy(true)
    try {
      await onClick()
    } catch (error) {
      toast(asProblem(error).say, { tone: 'stop' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <button
      type={type}
      className={`${kind} ${tone}`}
      aria-disabled={disabledReason !== undefined || undefined}
      aria-busy={busy || undefined}
      onClick={() => {
        void tap()
      }}
    >
      {icon && <Icon name={icon} />}
      <span>
        <Said>{children}</Said>
        {sub !== undefined && <small>{say(sub)}</small>}
      </span>
    </button>
  )
}

/** The one answer that is meant: 96 px high. Green unless said otherwise. */
export const BigButton = (terms: ButtonTerms) => <Tap kind="big" tone="go" {...terms} />
/** Everything else that can be touched: at least 48 px. */
export const SmallButton = (terms: ButtonTerms) => <Tap kind="small" {...terms} />

/** Two beside each other; below each other where letters are large. */
export const Pair = ({ children }: Children) => <div className="pair">{children}</div>
/** A room or another figure that must be read from afar. */
export const Room = ({ children }: Children) => <strong className="room">{children}</strong>

/** A short mark: its tone is said by a sign and its word too. */
export const Tag = ({ tone = 'plain', children }: { tone?: Tone; children: ReactNode | Text }) => (
  <span className={`tag ${tone}`}>
    {signs[tone] && <Icon name={signs[tone]} />}
    <Said>{children}</Said>
  </span>
)

/** A sentence that must be seen. */
export const Notice = ({ tone = 'info', children }: { tone?: Tone; children: ReactNode | Text }) => (
  <div className={`notice ${tone}`} role={tone === 'stop' ? 'alert' : 'status'}>
    {signs[tone] && <Icon name={signs[tone]} />}
    <div>
      <Said>{children}</Said>
    </div>
  </div>
)

/** Nothing here, and what to do first. */
export const Empty = ({ title, hint }: { title: Words; hint?: Words }) => (
  <div className="empty">
    <p>
      <Said>{title}</Said>
    </p>
    {hint !== undefined && (
      <p className="quiet">
        <Said>{hint}</Said>
      </p>
    )}
  </div>
)

/** How much of a whole is done, as figures and as a bar. */
export function Progress({ label, done, total, unit }: { label: Words; done: number; total: number; unit: Words }) {
  const say = useWords()
  return (
    <div className="progress">
      <div className="between">
        <b>{say(label)}</b>
        <span>
          {say(doneWords)} {done} / {total} {say(unit)}
        </span>
      </div>
      <progress max={total || 1} value={done} aria-label={say(label)} />
    </div>
  )
}
const doneWords = text('已完成', 'Done')

/** How old a downloaded set is. */
export function Age({ at, loading = false }: { at: number | null; loading?: boolean }) {
  const language = useLanguage()
  const say = useWords()
  if (loading) return <span className="quiet">{say(text('正在更新…', 'Updating…'))}</span>
  if (at === null) return <span className="quiet">{say(text('还没有下载', 'Not downloaded yet'))}</span>
  const minutes = Math.max(0, Math.round((Date.now() - at) / 60_000))
  if (minutes < 1) return <span className="quiet">{say(text('数据刚刚更新', 'Updated just now'))}</span>
  const onServer = instantOf(at + serverNow() - Date.now())
  const since = minutes < 60 ? text(`${minutes} 分钟前`, `${minutes} min ago`) : sayMinute(onServer, language)
  return (
    <span className="quiet">
      {say(text('数据取自', 'As of'))} {say(since)}
    </span>
  )
}

/** Calls a number with one tap. */
export const CallLink = ({ phone, children }: { phone: string; children: ReactNode | Text }) => (
  <a className="small plain" href={`tel:${phone.replaceAll(/[^\d+]/g, '')}`}>
    <Icon name="phone" />
    <span>
      <Said>{children}</Said>
    </span>
  </a>
)

/** A question over the page. Closes with Escape, the system's back gesture for dialogs, or its own button. */
export function Sheet({ open, title, onClose, children }: Children & { open: boolean; title: Words; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  const say = useWords()
  useEffect(() => {
    if (open && !dialog.current?.open) dialog.current?.showModal()
    if (!open) dialog.current?.close()
  }, [open])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) onClose()
      }}
    >
      {open && (
        <div className="sheet">
          <h2 id={id}>{say(title)}</h2>
          {children}
          <SmallButton onClick={onClose}>{text('关闭', 'Close')}</SmallButton>
        </div>
      )}
    </dialog>
  )
}

// ---- short news at the bottom of the screen

type ToastNews = { words: Words; tone: Tone; undo?: () => Promise<boolean>; at: number }
const news = store<ToastNews | null>(null)
let gone: ReturnType<typeof setTimeout> | undefined

/** Says something for five seconds; with `undo` it can be taken back as long. */
export function toast(words: Words, { undo, tone = 'info' }: { undo?: () => Promise<boolean>; tone?: Tone } = {}): void {
  clearTimeout(gone)
  news.set({ words, tone, at: Date.now(), ...(undo ? { undo } : {}) })
  gone = setTimeout(() => news.set(null), undoFor)
}

const taken = text('已撤回', 'Taken back')
const tooLate = text('已经上传，请在记录里更正或撤回。', 'It has gone out already. Correct or withdraw it in its record.')

/** Where `toast` speaks; once in the shell. */
export function Toasts() {
  const now = news.use()
  const say = useWords()
  const undo = async () => {
    if (now?.undo) toast((await now.undo()) ? taken : tooLate)
  }
  return (
    <div className="toasts" role="status" aria-live="polite">
      {now && (
        <div className={`toast ${now.tone}`} key={now.at}>
          <span>{say(now.words)}</span>
          {now.undo && (
            <button
              type="button"
              onClick={() => {
                void undo()
              }}
            >
              {say(text('撤回', 'Undo'))}
            </button>
          )}
        </div>
      )}
    </div>
  )
}
