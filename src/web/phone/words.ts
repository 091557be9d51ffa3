// Words given as a pair or ready-made, and the hook that says them.
import { useCallback } from 'react'
import { text, type Text } from '#core/text.ts'
import { useLanguage } from '#web/language.ts'

/** A pair in both languages, or a name or figure that needs none. */
export type Words = Text | string | number

/** `say(words)` in the language of the page. */
export function useWords(): (words: Words) => string {
  const language = useLanguage()
  return useCallback((words: Words) => (typeof words === 'object' ? words[language] : String(words)), [language])
}

/** What the absence of HTTPS costs, said once and whole. */
export const plainHttp: Text = text(
  '本页不是加密连接（HTTPS）：不能离线使用，不能扫码，手机不保存任何个人信息，登记只能联网提交。请向社区索取 HTTPS 地址。',
  'This page is not on HTTPS: no work offline, no camera, nothing personal is kept here, and records go out only online. ' +
    'Ask the community for its HTTPS address.',
)
