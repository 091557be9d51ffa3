// The language of this browser: Chinese unless somebody chose otherwise, remembered on the device.
import { useCallback } from 'react'
import { languages, localeOf, type Language, type Text } from '#core/text.ts'
import { kept, store } from './store.ts'

const key = 'linli.language'
const remembered = kept.read('local', key) as Language | null
const current = store<Language>(remembered && languages.includes(remembered) ? remembered : 'zh')

const mark = (language: Language) => {
  if (typeof document !== 'undefined') document.documentElement.lang = localeOf[language]
}
mark(current.get())

export const language = (): Language => current.get()

/** Changes the language of the page at once and for the next visits. */
export function setLanguage(next: Language): void {
  kept.write('local', key, next)
  mark(next)
  current.set(next)
}

export const useLanguage = (): Language => current.use()

export type SayText = (words: Text) => string

/** `const say = useText()` → `say({ zh, en })` in the language of the page. */
export function useText(): SayText {
  const language = useLanguage()
  return useCallback((words: Text) => words[language], [language])
}

/** Numbers as people read them: `5,926`; with so many decimals always, `32.50`. */
export const sayNumber = (value: number, language: Language, digits?: number): string =>
  new Intl.NumberFormat(localeOf[language], { minimumFractionDigits: digits ?? 0, maximumFractionDigits: digits ?? 6 }).format(
    value,
  )
