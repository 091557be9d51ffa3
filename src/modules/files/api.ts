// What can be asked of files beside the doors of core/files.ts: how much is kept here, and for how long.
import { z } from 'zod'
import { query } from '#core/contract.ts'
import { text } from '#core/text.ts'
import { by } from '#modules/identity/model.ts'
import { Held } from './model.ts'

/** How many photos and scans the caller's area keeps, by ledger and class; nothing of what they show. */
export const held = query('files.held', {
  title: text('照片和扫描件存量', 'Photos and scans kept'),
  may: by('communitySecretary', 'administrator', 'auditor'),
  input: z.object({}),
  output: z.object({ rows: z.array(Held) }),
})
