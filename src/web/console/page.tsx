// The frame of a page: title with its area, a row of figures that open, the one picture that helps, and the ledger.
import { useEffect, type ReactNode } from 'react'
import type { Text } from '#core/text.ts'
import { sayNumber, useLanguage, useText } from '../language.ts'
import { useSession } from '../session.ts'
import { words } from './words.ts'

export type Figure = {
  readonly key: string
  readonly title: Text
  /** undefined while it is being asked for, null where nobody knows. */
  readonly value: number | string | null | undefined
  readonly unit?: Text
  readonly tone?: 'danger' | 'look'
  /** One line below, e.g. the share or the change since yesterday. */
  readonly note?: ReactNode
  /** Opens the rows behind the figure. */
  readonly onOpen?: () => void
}

export type PageProps = {
  readonly title: Text
  readonly figures?: readonly Figure[]
  /** The one picture that helps: a funnel, a map, a trend. */
  readonly picture?: ReactNode
  /** Buttons beside the title. */
  readonly tools?: ReactNode
  readonly children?: ReactNode
}

export function Page({ title, figures, picture, tools, children }: PageProps) {
  const say = useText()
  const { post } = useSession()
  const heading = say(title)
  useEffect(() => {
    document.title = `${heading} · ${say(words.product)}`
  }, [heading, say])
  return (
    <article className="page">
      <header className="page-head">
        <h1>
          {post && <span className="page-area">{post.areaName} · </span>}
          {heading}
        </h1>
        {tools && <div className="page-tools">{tools}</div>}
      </header>
      {figures && figures.length > 0 && <Figures of={figures} />}
      {picture}
      {children}
    </article>
  )
}

/** A row of figures. One that opens its rows is a button. */
export function Figures({ of }: { of: readonly Figure[] }) {
  return (
    <div className="figures">
      {of.map(({ key, ...figure }) => (
        <OneFigure key={key} {...figure} />
      ))}
    </div>
  )
}

const marks = { danger: '▲', look: '●' } as const

function OneFigure({ title, value, unit, tone, note, onOpen }: Omit<Figure, 'key'>) {
  const say = useText()
  const language = useLanguage()
  const shown = value === undefined ? '…' : value === null ? '—' : typeof value === 'number' ? sayNumber(value, language) : value
  const loud = tone && value !== 0 ? tone : undefined
  const inside = (
    <>
      <span className="figure-title">{say(title)}</span>
      <span className={loud ? `figure-value ${loud}` : 'figure-value'}>
        {loud && (
          <span className="figure-mark" aria-hidden>
            {marks[loud]}
          </span>
        )}
        <b>{shown}</b>
        {unit && <span className="figure-unit"> {say(unit)}</span>}
      </span>
      {note && <span className="figure-note">{note}</span>}
    </>
  )
  return onOpen ? (
    <button type="button" className="card figure" onClick={onOpen}>
      {inside}
    </button>
  ) : (
    <div className="card figure">{inside}</div>
  )
}

/** A white card with a heading of its own. */
export function Card({ title, tools, children }: { title?: Text; tools?: ReactNode; children: ReactNode }) {
  const say = useText()
  return (
    <section className="card" aria-label={title && say(title)}>
      {(title || tools) && (
        <header className="card-head">
          {title && <h2>{say(title)}</h2>}
          {tools}
        </header>
      )}
      <div className="card-body">{children}</div>
    </section>
  )
}

export type EmptyWords = {
  readonly title?: Text | undefined
  /** What to do first. */
  readonly hint?: Text | undefined
  readonly action?: ReactNode
}

export function EmptyNote({ title = words.empty, hint, action }: EmptyWords) {
  const say = useText()
  return (
    <div className="empty" role="status">
      <p className="empty-title">{say(title)}</p>
      {hint && <p>{say(hint)}</p>}
      {action}
    </div>
  )
}
