// Words that people read: always both languages, side by side, so that a missing one does not compile.

/** A sentence or label in Chinese (shown first) and English. */
export type Text = { readonly zh: string; readonly en: string }
export type Language = keyof Text

/** `text('网格', 'grid')` — the pair, short enough to stand beside what it names. */
export const text = (zh: string, en: string): Text => ({ zh, en })

export const languages: readonly Language[] = ['zh', 'en']

/** BCP 47 tag for `Intl` and the `lang` attribute. */
export const localeOf: Record<Language, string> = { zh: 'zh-CN', en: 'en-GB' }
