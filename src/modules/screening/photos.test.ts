// The photo of a notice on a door: it hangs on the attempt, stays through a correction, and goes out of sight with it.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { story } from '#app/testing.ts'
import { addFile, seeFile, thumbs } from '#core/files.ts'
import { newId } from '#core/ids.ts'
import { pixel } from '#modules/files/pictures.testing.ts'
import * as api from './api.ts'
import { begin } from './town.testing.ts'

const of = 'screening'

test(
  'whoever reads the attempt sees the notice; each look names the household; a withdrawn one is hidden',
  story(async (town) => {
    const { homes, campaign, worker, other, secretary, officer } = await begin(town)
    const [home] = homes
    const file = newId()
    const content = pixel.toString('base64')
    await worker.tell(addFile, { of, content, thumb: content }, { id: file })
    const notice = { campaign, household: home!.id, how: 'notice', outcome: 'nobody' } as const
    const attempt = await worker.tell(api.recordAttempt, { ...notice, photos: [file] })
    expect(attempt.photos).toEqual([file])
    await expect(other.tell(api.recordAttempt, { ...notice, household: homes.at(-1)!.id, photos: [file] })).rejects.toMatchObject(
      { code: 'files.notYours' },
    )

    const mended = await worker.tell(api.correctAttempt, {
      replaces: attempt.id,
      reason: '补充',
      entry: { household: home!.id, how: 'notice', outcome: 'nobody', note: '贴在门上' },
    })
    expect(mended.photos).toEqual([file])
    expect(Buffer.from(await secretary.fetch(seeFile, { of, file }))).toEqual(pixel)
    const { rows: looks } = await sql<{ person: string }>`
    select l.person from audit_looks l join audit_log a on a.id = l.audit where a.contract = 'files.see'`.execute(town.admin)
    expect(looks.map((look) => look.person).sort()).toEqual([...home!.people].sort())
    await expect(other.fetch(seeFile, { of, file })).rejects.toMatchObject({ code: 'files.unknown' })
    await expect(officer.fetch(seeFile, { of, file, community: attempt.community })).rejects.toMatchObject({
      code: 'files.hidden',
    })

    await worker.tell(api.withdrawAttempt, { replaces: mended.id, reason: '登记错了户' })
    await expect(secretary.fetch(seeFile, { of, file })).rejects.toMatchObject({ code: 'files.unknown' })
    expect((await worker.ask(thumbs, { of, files: [file] })).rows).toEqual([])
  }),
)
