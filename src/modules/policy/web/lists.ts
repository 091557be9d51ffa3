// Lists that come with something else and are never asked for alone, so that the table knows their columns; and the colours of states.
import { z } from 'zod'
import { query } from '#core/contract.ts'
import { pageOf } from '#core/paging.ts'
import { text } from '#core/text.ts'
import type { ToneName } from '#web/console/tone.tsx'
import { VersionRow, type VersionState } from '../api.ts'

export const versionsOf = query('policy.versions', {
  title: text('版本', 'Versions'),
  may: 'signedIn',
  input: z.object({}),
  output: pageOf(VersionRow),
})

export const tones: Record<VersionState, ToneName> = {
  draft: 'quiet',
  submitted: 'look',
  returned: 'look',
  dropped: 'quiet',
  coming: 'info',
  inForce: 'ok',
  waiting: 'info',
  replaced: 'quiet',
  past: 'quiet',
}
