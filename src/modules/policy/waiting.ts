// What waits for a second signature in the asker's area, and what came back to the asker with a reason.
import { wholePage } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { answer, type Ctx, type Handled } from '#server/house.ts'
import { liesIn } from '#server/scope.ts'
import * as api from './api.ts'
import { waitingResponses } from './responses.ts'
import { packRows } from './versions.ts'

async function waitingVersions(ctx: Ctx): Promise<api.Waiting[]> {
  const own = (await packRows(ctx)).filter((pack) => liesIn(pack.areaCode, ctx.area))
  return own.flatMap((pack) =>
    pack.versions
      .filter((v) => v.state === 'submitted' || (v.state === 'returned' && v.author === ctx.who.account))
      .map((v) => ({
        kind: 'version' as const,
        id: v.id,
        title: pack.title,
        areaName: pack.areaName,
        what:
          v.state === 'returned'
            ? text(`第 ${v.number} 版被退回：${v.refusal}`, `version ${v.number} returned: ${v.refusal}`)
            : text(`第 ${v.number} 版，${v.document}`, `version ${v.number}, ${v.document}`),
        byName: v.state === 'returned' ? (v.refusedByName ?? '—') : v.authorName,
        at: (v.state === 'returned' ? v.refusedAt : v.submittedAt) ?? v.recordedAt,
        own: v.author === ctx.who.account,
        returned: v.state === 'returned',
      })),
  )
}

export const waitingHandlers: readonly Handled[] = [
  answer(api.waiting, async (_, ctx) => {
    const all = [...(await waitingVersions(ctx)), ...(await waitingResponses(ctx))]
    return wholePage(all.sort((a, b) => (a.at < b.at ? -1 : 1)))
  }),
]
