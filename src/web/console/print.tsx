// The room in which a sheet is laid out for paper: on screen nobody sees it, in print nothing else is seen.
import { useEffect, type ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { store } from '../store.ts'

const onPaper = store<{ sheet: ReactNode; done: () => void } | undefined>(undefined)

/** `print(<OfficialSheet …/>)` opens the browser's print dialogue with that sheet; resolves when it is closed. */
export const print = (sheet: ReactNode): Promise<void> => new Promise((done) => onPaper.set({ sheet, done }))

export const usePrint = (): typeof print => print

export function PrintRoom() {
  const now = onPaper.use()
  useEffect(() => {
    if (!now) return
    document.documentElement.classList.add('printing')
    const over = () => {
      document.documentElement.classList.remove('printing')
      onPaper.set(undefined)
      now.done()
    }
    addEventListener('afterprint', over, { once: true })
    // Fonts and layout first; Safari measures the page when the dialogue opens.
    const timer = setTimeout(() => globalThis.print(), 50)
    return () => {
      clearTimeout(timer)
      removeEventListener('afterprint', over)
    }
  }, [now])
  return now ? createPortal(<div className="paper">{now.sheet}</div>, document.body) : null
}
