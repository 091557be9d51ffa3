// What a browser itself has to say when an answer does not come, or cannot be read.
import { Problem, problems } from '#core/problem.ts'
import { text } from '#core/text.ts'

export const say = problems('web', {
  offline: [
    503,
    text(
      '现在连不上服务器，填写的内容还在。请检查网络后再试一次。',
      'The server cannot be reached; what you entered is still here. Check the network and try again.',
    ),
  ],
  unreadable: [
    502,
    text(
      '服务器的答复读不懂，可能正在升级。请刷新页面后再试。',
      'The answer of the server cannot be read; it may be in the middle of an upgrade. Reload the page and try again.',
    ),
  ],
  broken: [
    500,
    text(
      '页面出了错，填写的内容还在。请刷新页面；若仍出现，请告诉管理员。',
      'The page failed; what you entered is still here. Reload it, and tell the administrator if this happens again.',
    ),
  ],
})

/** Any thrown thing as a problem that can be shown. */
export const asProblem = (error: unknown): Problem => (error instanceof Problem ? error : say.broken())
