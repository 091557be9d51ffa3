// Small enough to see through: what the phone's own trials record and download. Used by the trial page and by its server.
import { z } from 'zod'
import { command, query } from '#core/contract.ts'
import { Day } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import { choice, label } from '#core/labels.ts'
import { ledger } from '#core/ledger.ts'
import { text } from '#core/text.ts'

const title = text('敲门', 'Knock')
const roles = ['gridWorker']

export const Outcome = choice({ well: text('正常', 'Well'), away: text('无人', 'Nobody home'), unwell: text('不适', 'Unwell') })

export const Visit = z.object({
  door: label(z.string().min(1).max(20), '门牌', 'Door'),
  outcome: label(Outcome, '结果', 'Outcome'),
  warmth: label(z.number().min(34).max(43).optional(), '体温', 'Temperature', {
    unit: text('℃', '℃'),
    why: text('仅在本人同意时测量。', 'Measured only with consent.'),
  }),
  note: label(z.string().max(100).optional(), '备注', 'Note', { long: true }),
})
export type Visit = z.infer<typeof Visit>

export const visit = command('trial.visit', { title, may: roles, input: Visit, output: Visit.extend({ id: Id }), queued: true })

/** A ledger by declaration: its phone form needs nothing more. */
export const litter = ledger('trialLitter', {
  title: text('垃圾清运', 'Litter'),
  record: roles,
  read: roles,
  filters: [],
  counts: [],
  notes: [],
  fields: {
    day: label(Day, '日期', 'Day'),
    kind: label(choice({ dry: text('干垃圾', 'Dry'), wet: text('湿垃圾', 'Wet') }), '类别', 'Kind'),
    bags: label(z.int().min(1).max(99), '数量', 'How many', { unit: text('袋', 'bags') }),
  },
})

export const Door = z.object({ door: z.string(), people: z.int(), last: Outcome.nullable() })
export const doors = query('trial.doors', {
  title: text('门户', 'Doors'),
  may: roles,
  input: z.object({ after: z.string().optional() }),
  output: z.object({ rows: z.array(Door), next: z.string().nullable() }),
})

const pair = z.object({ zh: z.string(), en: z.string() })
const Post = z.object({ id: Id, role: z.string(), area: z.string(), roleText: pair, areaName: z.string() })
export const Me = z.object({ account: Id, name: z.string(), posts: z.array(Post) })
export const whoAmI = query('trial.whoAmI', { title, may: 'anyone', input: z.object({}), output: Me })
const credentials = z.object({ username: z.string(), password: z.string() })
export const signIn = command('trial.signIn', { title, may: 'anyone', input: credentials, output: Me })
export const signOut = command('trial.signOut', { title, may: 'anyone', input: z.object({}), output: z.object({}) })
const device = z.object({ device: Id, name: z.string() })
export const enrol = command('trial.enrol', { title, may: 'signedIn', input: device, output: z.object({}) })
