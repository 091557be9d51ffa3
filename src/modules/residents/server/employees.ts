// A list of employees against the register: whoever lives here learns the employer, whoever lives elsewhere is kept without a household.
import { sql } from 'kysely'
import { dayOf } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import { text, type Text } from '#core/text.ts'
import { insertMany } from '#server/database/many.ts'
import { correctionColumns, factColumns, standing } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import type { Plan, Sent, Verdict } from '#server/imports/plan.ts'
import type { ReadRow } from '#server/imports/runs.ts'
import type { Understands } from '#server/imports/understanding.ts'
import type { UnderstoodSheet } from '#server/imports/understand/model.ts'
import type { EmployeeRow } from '../lists.ts'
import { readAddress } from '../roster/addresses.ts'
import { personColumns } from './entering.ts'
import { knownPeople, type KnownPerson } from './known.ts'
import { inCell, readListed, wordsIn } from './listed.ts'
import { employeeWords } from './listWords.ts'
import { of, type PersonRow } from './tables.ts'

const says = {
  employer: text('请填写工作单位，或在表题里写明单位全称', 'Enter the employer, or name it in the title'),
  other: text(
    '档案里登记的是另一家工作单位。若已换单位，请打开档案更正',
    'The dossier names another employer. If that has changed, correct it there',
  ),
  twice: text(
    '与本文件前面的一行是同一人，单位却不同，请核对',
    'An earlier row of this file is the same person with another employer',
  ),
  again: text(
    '前面一行已是此人；若是同名的两个人，请填写证件号码或手机号',
    'An earlier row is this person; if two persons bear the name, enter document number or phone',
  ),
  livesHere: text(
    '住址在本社区，但该户没有登记此人，请核实后办理入户',
    'The address lies in the community, but the household does not list this person: check it',
  ),
}

/** 花园机械有限公司员工花名册 → 花园机械有限公司. */
const employerIn = ({ title }: UnderstoodSheet): string | null =>
  /(?:单位(?:名称)?|企业(?:名称)?|公司(?:名称)?)(?:\(盖章\)|（盖章）)?[:：]\s*([^\s:：]{2,60})/.exec(title)?.[1] ??
  /([\p{Script=Han}A-Za-z0-9()（）·]{2,50}?(?:公司|集团|厂|商店|超市|酒店|饭店|医院|学校|幼儿园|中心|银行|合作社|事务所|工作室|项目部))/u.exec(
    title,
  )?.[1] ??
  null

export const readsEmployees: Understands<EmployeeRow> = {
  words: employeeWords,
  needs: [['name']],
  read: ({ sheets }, ctx) =>
    sheets.flatMap((sheet) => {
      const titled = employerIn(sheet)
      return sheet.rows.map((row): ReadRow<EmployeeRow> => {
        const { name, reasons, remarks, ...person } = readListed(row, dayOf(ctx.now))
        const employer = wordsIn(row.fields['employer']) ?? titled
        const why = [...reasons, ...(employer ? [] : [inCell(row.row, row.fields['employer'], says.employer)])]
        const at = { sheet: row.sheet, row: row.row, remarks }
        if (!name || !employer || why.length > 0) return { ...at, reasons: why, cells: cellsOf(row.fields) }
        const { post, address, homePlace, note } = row.fields
        return {
          ...at,
          reasons: [],
          entry: {
            employer,
            name,
            ...person,
            post: wordsIn(post),
            address: wordsIn(address),
            homePlace: wordsIn(homePlace),
            note: wordsIn(note, 200),
          },
        }
      })
    }),
}

/** What stood in a row that could not be read, by field. */
export const cellsOf = (fields: Readonly<Record<string, { text: string }>>): Record<string, string | null> =>
  Object.fromEntries(Object.entries(fields).map(([field, said]) => [field, said.text || null]))

type Learning = { readonly known: KnownPerson; readonly employer: string }
const refused = (row: number, why: Text): Verdict => ({ outcome: 'refused', reasons: [inCell(row, undefined, why)] })

/** Judges a list of employees; see `Planner`. Nothing but an employer that was not known is added to a dossier. */
export async function planEmployees(ctx: Ctx, rows: readonly Sent<EmployeeRow>[]): Promise<Plan> {
  const register = await knownPeople(ctx)
  const compounds = await compoundNames(ctx)
  const learning: Learning[] = []
  const adding: { id: Id; entry: EmployeeRow }[] = []
  const told = new Map<Id, string>()
  const verdicts = rows.map(({ row, entry }): Verdict => {
    const place = readAddress(entry.address ?? '', { compounds })
    const { compound, building, unit = null, room } = place
    const home = compound && building && room ? register.home({ compound, building, unit, room }) : undefined
    const found = register.find({ ...entry, dwelling: home?.dwelling })
    if (found && 'fault' in found) return refused(row, found.fault)
    const before = found && (told.get(found.person) ?? found.employer)
    if (found && before) {
      if (before !== entry.employer) return refused(row, told.has(found.person) ? says.twice : says.other)
      return { outcome: 'unchanged', ...(told.has(found.person) ? { remarks: [inCell(row, undefined, says.again)] } : {}) }
    }
    if (found) {
      learning.push({ known: found, employer: entry.employer })
      told.set(found.person, entry.employer)
      return { outcome: 'new' }
    }
    const id = newId()
    adding.push({ id, entry })
    told.set(id, entry.employer)
    register.learn({
      person: id,
      record: id,
      name: entry.name,
      document: register.documentOf(entry.idNumber),
      phone: register.phoneOf(entry.phone),
      birthDate: entry.birthDate ?? null,
      employer: entry.employer,
      household: null,
      dwelling: null,
    })
    return { outcome: 'new', ...(home ? { remarks: [inCell(row, undefined, says.livesHere)] } : {}) }
  })
  return {
    verdicts,
    write: async (tell) => {
      await insertMany(
        ctx.tx,
        'residents_persons',
        adding.map(({ id, entry }) => ({ ...factColumns(ctx, 'import', id), ...personColumns(ctx, id, personOf(entry)) })),
      )
      await tell(adding.length)
      await learnEmployers(ctx, learning)
    },
  }
}

/** Where somebody works and lives is said in the remarks: the register has a home only for those who live here. */
const personOf = ({ post, address, note, ...person }: EmployeeRow) => ({
  ...person,
  note: [post && `岗位：${post}`, address && `住址：${address}`, note].filter(Boolean).join('；').slice(0, 300) || null,
})

const why = '单位员工名单'

/** The dossier as it stands, with the employer that was missing. */
async function learnEmployers(ctx: Ctx, learning: readonly Learning[]): Promise<void> {
  const employers = new Map(learning.map(({ known, employer }) => [known.person, employer]))
  const old = (await of(ctx.tx)
    .selectFrom('residentsPersons')
    .selectAll()
    .where('community', '=', ctx.community)
    .where(sql<boolean>`root = any(${[...employers.keys()]}::uuid[])`)
    .where(standing('residents_persons', 'residents_persons'))
    .execute()) as unknown as PersonRow[]
  await insertMany(
    ctx.tx,
    'residents_persons',
    old.map((person) => {
      const {
        name,
        pinyin,
        initials,
        sex,
        birthDate,
        idType,
        idCipher,
        idDigest,
        phoneCipher,
        phoneDigest,
        phoneTail,
        homePlace,
        note,
      } = person
      return {
        ...correctionColumns(ctx, person, why),
        id: newId(),
        how: 'import',
        name,
        pinyin,
        initials,
        sex,
        birthDate,
        idType,
        idCipher,
        idDigest,
        phoneCipher,
        phoneDigest,
        phoneTail,
        homePlace,
        note,
        employer: employers.get(person.root)!,
      }
    }),
  )
}

/** Names of the compounds of the community, for reading addresses. */
export async function compoundNames(ctx: Ctx): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from territory_compounds where community = ${ctx.community}`.execute(
    ctx.tx,
  )
  return rows.map((row) => row.name)
}
