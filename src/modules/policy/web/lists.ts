// The versions of one pack as a list, so that the table knows their columns: they come with the pack and are never asked for alone.
import { z } from 'zod'
import { query } from '#core/contract.ts'
import { pageOf } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { VersionRow } from '../api.ts'

export const versionsOf = query('policy.versions', {
  title: text('版本', 'Versions'), may: 'signedIn', input: z.object({}), output: pageOf(VersionRow),
})
