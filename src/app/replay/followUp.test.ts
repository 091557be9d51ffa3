// Contacts and visits of another system, invented here: read by their columns, refused by row, brought in and counted on both sides.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Problem } from '#core/problem.ts'
import { importFollowUp, readFollowUp } from './followUp.ts'

const root = mkdtempSync(join(tmpdir(), 'linli-follow-up-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

function folder(contacts: readonly string[], visits: readonly string[]): string {
  const dir = mkdtempSync(join(root, 'lists-'))
  writeFileSync(join(dir, 'contacts_clean.csv'), ['uuid,contact_id,firstName,gender', ...contacts].join('\n'))
  writeFileSync(join(dir, 'followups_clean.csv'), ['contact_uuid,followup_status,date_of_followup', ...visits].join('\n'))
  return dir
}
const people = ['a,C-1,Ada,FEMALE', 'b,C-2,Ben,MALE', 'c,,Cai,MALE', 'd,,Dan,', 'e,C-2,Eve,FEMALE']
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Problem ? [error.code, error.details] : String(error)),
  )

test('a visit to nobody, an outcome that nobody knows and a missing column are refused by row', async () => {
  expect(await codeOf(readFollowUp(folder(people, ['a,SEEN_OK,2020-06-02', 'z,SEEN_OK,2020-06-02'])))).toEqual([
    'followUp.unknownContact',
    { rows: [3] },
  ])
  expect(await codeOf(readFollowUp(folder(people, ['a,VANISHED,2020-06-02'])))).toEqual([
    'followUp.unknownOutcome',
    { rows: [2] },
  ])
  const dir = folder(people, ['a,SEEN_OK,2020-06-02'])
  writeFileSync(join(dir, 'contacts_clean.csv'), 'uuid,firstName\na,Ada')
  expect(await codeOf(readFollowUp(dir))).toEqual(['followUp.noColumn', { file: 'contacts_clean.csv', column: 'contact_id' }])
})

test('each row is a contact of its own, repeated ids are listed, and what stands afterwards agrees', async () => {
  const lists = await readFollowUp(
    folder(people, [
      'b,NOT_PERFORMED,2020-06-03',
      'a,SEEN_OK,2020-06-02',
      'a,SEEN_NOT_OK,2020-06-04',
      'c,MISSED,2020-06-04',
      'd,NOT_ATTEMPTED,2020-06-30',
    ]),
  )
  expect(lists.visits.map((v) => v.day)).toEqual(['2020-06-02', '2020-06-03', '2020-06-04', '2020-06-04', '2020-06-30'])
  const told = await importFollowUp(lists, () => {})
  expect(told).toMatchObject({
    contacts: 5,
    distinctContactIds: 2,
    contactsVisited: 4,
    visits: 5,
    agrees: true,
    repeatedContactIds: [
      { contactId: 'C-2', rows: [3, 6] },
      { contactId: '', rows: [4, 5] },
    ],
    outcomes: { SEEN_OK: 1, SEEN_NOT_OK: 1, MISSED: 1, NOT_ATTEMPTED: 1, NOT_PERFORMED: 1 },
  })
}, 120_000)
