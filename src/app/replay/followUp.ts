// Contacts of an outbreak and the visits to them, as another system wrote them down, brought into a throw-away community through the door.
import { join } from 'node:path'
import { addDays, instantAt, msOf, type Day } from '#core/dates.ts'
import { problems } from '#core/problem.ts'
import { text } from '#core/text.ts'
import { readWorkbook } from '#server/spreadsheet/read.ts'
import { asSystem } from '#server/system.ts'
import { createAccount, openSession } from '#modules/identity/server.ts'
import type { Role } from '#modules/identity/model.ts'
import { list, record } from '#modules/monitoring/api.ts'
import { approveVersion, writePack } from '#modules/policy/api.ts'
import { household, register } from '#modules/residents/api.ts'
import { keyPersons, registerReturnee } from '#modules/screening/api.ts'
import { loadTown } from '#modules/territory/town.ts'
import { areasOf, community, county, doorsOf, street } from '../town/places.ts'
import { callerOf, type Caller } from './caller.ts'
import { onStage } from './stage.ts'

const say = problems('followUp', {
  noColumn: [
    422,
    ({ file, column }: { file: string; column: string }) => ({
      zh: `${file} 里没有“${column}”一列，请核对文件。`,
      en: `${file} has no column ${column}. Check the file.`,
    }),
  ],
  unknownOutcome: [
    422,
    ({ rows }: { rows: number[] }) => ({
      zh: `随访结果不认识，见第 ${rows.join('、')} 行。`,
      en: `The outcome is not known in rows ${rows.join(', ')}.`,
    }),
  ],
  unknownContact: [
    422,
    ({ rows }: { rows: number[] }) => ({
      zh: `随访记录找不到对应的接触者，见第 ${rows.join('、')} 行。`,
      en: `No contact fits the visits in rows ${rows.join(', ')}.`,
    }),
  ],
})

/** How a visit ended, in the words of the list and in ours. Whoever was not met is neither well nor unwell. */
const outcomes = {
  SEEN_OK: { key: 'seenWell', title: text('见到，正常', 'Seen, well') },
  SEEN_NOT_OK: { key: 'seenUnwell', title: text('见到，有不适', 'Seen, unwell') },
  MISSED: { key: 'notSeen', title: text('去了没见到', 'Went, not seen') },
  NOT_ATTEMPTED: { key: 'notAttempted', title: text('没有去', 'Not attempted') },
  NOT_PERFORMED: { key: 'notPerformed', title: text('没有做', 'Not performed') },
} as const
type Outcome = keyof typeof outcomes
const isOutcome = (word: string): word is Outcome => Object.hasOwn(outcomes, word)

const followUpKind = {
  key: 'followUp',
  title: text('随访', 'Follow-up'),
  measured: false,
  unit: null,
  symptoms: true,
  results: Object.values(outcomes).map(({ key, title }) => ({ key, title })),
}

type Contact = { row: number; uuid: string; id: string; name: string; sex: 'male' | 'female' | null }
type Visit = { row: number; contact: string; day: Day; outcome: Outcome }
export type Lists = { contacts: readonly Contact[]; visits: readonly Visit[] }

/** Rows of a list by the names of its columns; `row` as a spreadsheet counts, the head being row 1. */
async function rowsOf(dir: string, file: string, columns: readonly string[]) {
  const [sheet] = (await readWorkbook(join(dir, file))).sheets
  const [head, ...rows] = sheet!.rows
  const names = head!.cells.map((cell) => cell.text.trim())
  const missing = columns.find((column) => !names.includes(column))
  if (missing) throw say.noColumn({ file, column: missing })
  return rows
    .map(({ cells }, i) => {
      const of = (column: string) => cells[names.indexOf(column)]?.text.trim() ?? ''
      return { row: i + 2, of }
    })
    .filter(({ of }) => columns.some((column) => of(column) !== ''))
}

/** Reads contacts and visits of a folder. Throws where a visit names a contact or an outcome that nobody knows. */
export async function readFollowUp(dir: string): Promise<Lists> {
  const sexes: Record<string, 'male' | 'female'> = { MALE: 'male', FEMALE: 'female' }
  const contacts = (await rowsOf(dir, 'contacts_clean.csv', ['uuid', 'contact_id', 'firstName', 'gender'])).map(
    ({ row, of }): Contact => ({
      row,
      uuid: of('uuid'),
      id: of('contact_id'),
      name: of('firstName') || of('uuid').slice(0, 8),
      sex: sexes[of('gender')] ?? null,
    }),
  )
  const known = new Set(contacts.map(({ uuid }) => uuid))
  const rows = await rowsOf(dir, 'followups_clean.csv', ['contact_uuid', 'followup_status', 'date_of_followup'])
  const strange = rows.filter(({ of }) => !isOutcome(of('followup_status'))).map(({ row }) => row)
  if (strange.length > 0) throw say.unknownOutcome({ rows: strange })
  const lost = rows.filter(({ of }) => !known.has(of('contact_uuid'))).map(({ row }) => row)
  if (lost.length > 0) throw say.unknownContact({ rows: lost })
  const visits = rows.map(({ row, of }): Visit => ({
    row,
    contact: of('contact_uuid'),
    day: of('date_of_followup').slice(0, 10),
    outcome: of('followup_status') as Outcome,
  }))
  return { contacts, visits: visits.toSorted((a, b) => (a.day === b.day ? a.row - b.row : a.day < b.day ? -1 : 1)) }
}

export type Imported = {
  contacts: number
  distinctContactIds: number
  /** Ids that several rows carry, the empty one too. Each row is a contact of its own: nobody is merged. */
  repeatedContactIds: { contactId: string; rows: number[] }[]
  visits: number
  contactsVisited: number
  outcomes: Record<Outcome, number>
  /** The same, counted from what stands in the community afterwards. */
  kept: { contacts: number; visits: number; outcomes: Record<Outcome, number> }
  agrees: boolean
  seconds: number
}

const counted = (of: readonly Outcome[]): Record<Outcome, number> =>
  Object.fromEntries(
    (Object.keys(outcomes) as Outcome[]).map((one) => [one, of.filter((each) => each === one).length]),
  ) as Record<Outcome, number>

/** Imports the lists into a community that is gone afterwards. Homes are invented: the lists name none. */
export async function importFollowUp({ contacts, visits }: Lists, step: (words: string) => void): Promise<Imported> {
  const began = Date.now()
  const first = visits[0]?.day ?? '2020-06-01'
  const kept = await onStage({ day: addDays(first, -1) }, async ({ running, setClock }) => {
    const { house, app } = running
    setClock(msOf(instantAt(addDays(first, -1), '09:00')))
    await asSystem(house, county.code, 'followUp.areas', (ctx) => loadTown(ctx, { areas: areasOf(1) }))
    const { dwellings } = await asSystem(house, community.code, 'followUp.homes', (ctx) =>
      loadTown(ctx, {
        community: community.code,
        dwellings: doorsOf(contacts.length, 1).map(({ precinct: _, ...door }) => ({ ...door, use: 'owner' as const })),
      }),
    )
    const hire = (username: string, name: string, role: Role, area: string) =>
      createAccount(house, { area: area.slice(0, 12), username, name, assignments: [{ role, area }] })
    const [account, officer] = [
      await hire('secretary', '社区书记', 'communitySecretary', community.code),
      await hire('officer', '街道专员', 'subdistrictOfficer', street.code),
    ]
    // A session ends long before three months of visits do: every day somebody signs in.
    const signedIn = async (who: string): Promise<Caller> =>
      callerOf(app, { account: who, cookie: (await openSession(house, who)).cookie, now: house.now })
    let secretary = await signedIn(account)
    const pack = await secretary.tell(writePack, {
      areaCode: community.code,
      title: '随访',
      document: '样例通知',
      effectiveFrom: instantAt(addDays(first, -1)),
      correction: '补录',
      values: { 'monitoring.kinds': [followUpKind] },
    })
    await (await signedIn(officer)).tell(approveVersion, { version: pack.versions[0]!.id })
    step(`${contacts.length} contacts`)
    const persons = new Map<string, string>()
    for (const [i, { uuid, id, name, sex }] of contacts.entries()) {
      const { id: home } = await secretary.tell(register, {
        dwelling: dwellings[i]!,
        members: [{ name, relation: 'head', ...(sex ? { sex } : {}) }],
      })
      const person = (await secretary.ask(household, { household: home })).rows[0]!.id
      await secretary.tell(registerReturnee, { person, category: 'contact', note: id || '没有编号' })
      persons.set(uuid, person)
    }
    for (const [day, those] of Map.groupBy(visits, (visit) => visit.day)) {
      setClock(msOf(instantAt(day, '10:00')))
      secretary = await signedIn(account)
      await Promise.all(
        those.map(({ contact, outcome }) =>
          secretary.tell(record, {
            person: persons.get(contact)!,
            kind: followUpKind.key,
            how: 'door',
            result: outcomes[outcome].key,
            symptoms: outcome === 'SEEN_OK' ? [] : outcome === 'SEEN_NOT_OK' ? ['other'] : null,
          }),
        ),
      )
    }
    step(`${visits.length} visits`)
    return countedIn(secretary)
  })
  const result = { visits: visits.length, outcomes: counted(visits.map(({ outcome }) => outcome)) }
  const ids = contacts.map(({ id }) => id)
  return {
    contacts: contacts.length,
    distinctContactIds: new Set(ids.filter((id) => id !== '')).size,
    repeatedContactIds: [...Map.groupBy(contacts, ({ id }) => id)]
      .filter(([, rows]) => rows.length > 1)
      .map(([contactId, rows]) => ({ contactId, rows: rows.map(({ row }) => row) })),
    ...result,
    contactsVisited: new Set(visits.map(({ contact }) => contact)).size,
    kept,
    agrees: JSON.stringify(kept) === JSON.stringify({ contacts: contacts.length, ...result }),
    seconds: Math.round((Date.now() - began) / 100) / 10,
  }
}

/** What stands in the community: key persons with a contact, and the checks by how they ended. */
async function countedIn(secretary: Caller) {
  const found: Outcome[] = []
  for (let after: string | undefined; ;) {
    const page = await secretary.ask(list, { kind: followUpKind.key, limit: 200, ...(after ? { after } : {}) })
    for (const { result } of page.rows)
      found.push((Object.keys(outcomes) as Outcome[]).find((one) => outcomes[one].key === result)!)
    if (!page.next) break
    after = page.next
  }
  const { total } = await secretary.ask(keyPersons, { category: 'contact', limit: 1 })
  return { contacts: total ?? 0, visits: found.length, outcomes: counted(found) }
}
