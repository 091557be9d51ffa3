// What residents can be asked and told: registering, correcting, moving, tagging, finding, dossiers, the roster from a workbook.
import { z } from 'zod'
import { command, download, query } from '#core/contract.ts'
import { exportTerms } from '#core/exports.ts'
import { Correction } from '#core/fact.ts'
import { Id } from '#core/ids.ts'
import { importing, Sentence } from '#core/imports.ts'
import { choice, label, personal } from '#core/labels.ts'
import { pageOf, paging } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { AreaCode, by } from '#modules/identity/model.ts'
import {
  Address,
  GridCode,
  HouseholdKind,
  HouseholdLine,
  Note,
  Phone,
  PhoneRemark,
  PersonDetails,
  PersonEntry,
  PersonLine,
  PersonRecord,
  Relation,
  Section,
  Sex,
  Tag,
  Tenure,
} from './model.ts'
import { EmployeeRow, FloatingRow } from './lists.ts'
import { RosterRow } from './roster.ts'

/** Officers above the community find people too, with everything masked. */
const readers = by(
  'gridWorker',
  'gridLeader',
  'communityStaff',
  'buildingSteward',
  'medic',
  'communitySecretary',
  'subdistrictOfficer',
  'districtOfficer',
)
const writers = by('gridWorker', 'gridLeader', 'communityStaff', 'communitySecretary')
const importers = by('communitySecretary', 'administrator')

/** Named by posts wider than one community; others leave it out. */
const community = label(
  z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  '社区',
  'Community',
)
const why = personal(z.string().trim().min(1).max(200), '原因', 'Reason', { mask: 'text', keep: 'register' })

// --- writing ----------------------------------------------------------------------------------------------------------

export const register = command('residents.register', {
  title: text('登记一户', 'Register a household'),
  may: writers,
  queued: true,
  input: z.object({
    dwelling: label(Id, '房屋', 'Dwelling'),
    tenure: label(Tenure.optional(), '居住方式', 'Tenure'),
    kind: label(HouseholdKind.default('family'), '户类型', 'Kind'),
    note: Note,
    members: label(z.array(PersonEntry).min(1).max(30), '成员', 'Members'),
  }),
  output: HouseholdLine,
})
export const addMember = command('residents.addMember', {
  title: text('添加成员', 'Add a member'),
  may: writers,
  queued: true,
  input: z.object({ household: label(Id, '户', 'Household'), person: PersonEntry }),
  output: PersonLine,
})
/** `replaces` is the entry that stands now (`record`). Number and phone stay unless they are entered anew or taken away. */
export const correct = command('residents.correct', {
  title: text('更正', 'Correct'),
  may: writers,
  queued: true,
  input: z.object({
    ...Correction,
    entry: PersonDetails,
    withoutPhone: label(z.boolean().optional(), '删去手机号', 'Take the phone away'),
    withoutDocument: label(z.boolean().optional(), '删去证件号码', 'Take the document number away'),
  }),
  output: PersonLine,
})
export const moveHousehold = command('residents.moveHousehold', {
  title: text('整户搬迁', 'Move the household'),
  may: writers,
  input: z.object({
    household: Id,
    dwelling: label(Id.nullable(), '迁往', 'To', { hint: text('不选表示迁出本社区', 'Empty: they leave the community') }),
    tenure: label(Tenure.optional(), '居住方式', 'Tenure'),
    why,
  }),
  output: HouseholdLine,
})
export const movePerson = command('residents.movePerson', {
  title: text('成员变动', 'Move a member'),
  may: writers,
  input: z.object({
    person: Id,
    household: label(Id.nullable(), '转入的户', 'Household', { hint: text('不选表示离开', 'Empty: they leave') }),
    relation: label(Relation, '与户主关系', 'Relation to the head'),
    why,
  }),
  output: PersonLine,
})
export const tag = command('residents.tag', {
  title: text('添加标签', 'Add a tag'),
  may: writers,
  queued: true,
  input: z.object({ person: Id, tag: label(Tag, '标签', 'Tag') }),
  output: PersonLine,
})
export const untag = command('residents.untag', {
  title: text('移除标签', 'Remove a tag'),
  may: writers,
  input: z.object({ person: Id, tag: label(Tag, '标签', 'Tag'), why }),
  output: PersonLine,
})

export const addPhone = command('residents.addPhone', {
  title: text('添加电话', 'Add a phone'),
  may: writers,
  input: z.object({ person: Id, number: Phone, remark: PhoneRemark }),
  output: PersonLine,
})
/** A number that is left out stays; `replaces` is the number's `record`. */
export const correctPhone = command('residents.correctPhone', {
  title: text('更正电话', 'Correct the phone'),
  may: writers,
  input: z.object({
    ...Correction,
    number: personal(Phone.nullish(), '手机号', 'Phone', {
      mask: 'phone',
      keep: 'register',
      hint: text('不填则保持不变', 'Stays as it is unless entered anew'),
    }),
    remark: PhoneRemark,
  }),
  output: PersonLine,
})
export const removePhone = command('residents.removePhone', {
  title: text('移除电话', 'Remove the phone'),
  may: writers,
  input: z.object(Correction),
  output: PersonLine,
})

// --- finding ----------------------------------------------------------------------------------------------------------

/** What a household is looked at for. */
export const Having = choice({
  minors: text('有未成年人', 'With minors'),
  noDocument: text('有人未登记证件', 'Somebody without a document'),
  noPhone: text('没有联系电话', 'Without any phone'),
})
const lived = {
  community,
  grid: label(AreaCode.optional(), '网格', 'Grid'),
  building: label(Id.optional(), '楼栋', 'Building'),
  tag: label(Tag.optional(), '标签', 'Tag'),
  having: label(Having.optional(), '情况', 'Condition'),
}
export const households = query('residents.households', {
  title: text('住户', 'Households'),
  may: readers,
  input: z.object({ ...lived, ...paging }),
  output: pageOf(HouseholdLine),
})
/** Everybody of the listed households, one line for each person. */
export const exportResidents = download('residents.exportResidents', {
  title: text('居民登记表', 'Register of residents'),
  may: readers,
  full: by('communitySecretary'),
  input: z.object({ ...lived, ...exportTerms }),
  output: PersonRecord,
})
export const overview = query('residents.overview', {
  title: text('居民概况', 'Residents at a glance'),
  may: readers,
  input: z.object({ community }),
  output: z.object({
    households: label(z.int(), '住户', 'Households', { unit: text('户', 'households') }),
    people: label(z.int(), '居民', 'Residents', { unit: text('人', 'people') }),
    minors: label(z.int(), '未成年人', 'Minors', { unit: text('人', 'people') }),
    noDocument: label(z.int(), '未登记证件', 'Without a document', { unit: text('人', 'people') }),
    noPhone: label(z.int(), '没有联系电话', 'Without any phone', { unit: text('户', 'households') }),
  }),
})
export const PersonFound = PersonLine.extend({ address: Address, grid: GridCode })
/** Words may name a person: they travel in the body and are audited as a digest. */
export const search = query('residents.search', {
  title: text('查找居民', 'Find a resident'),
  may: readers,
  secret: ['words', 'after'],
  input: z.object({
    community,
    words: personal(z.string().trim().min(1).max(40), '查找', 'Find', {
      keep: 'work',
      hint: text('姓名、拼音或首字母、手机尾号、房号（3-1-402）', 'Name, pinyin or initials, end of the phone, room (3-1-402)'),
    }),
    ...paging,
  }),
  output: pageOf(PersonFound),
})

/** Asked while somebody types, so that nobody is registered twice; never a refusal. What is typed may name a person: it travels in the body. */
export const alike = query('residents.alike', {
  title: text('可能已登记', 'Perhaps registered already'),
  may: writers,
  secret: ['name', 'phone', 'idNumber', 'birthDate'],
  input: z.object({
    name: personal(z.string().trim().max(50).optional(), '姓名', 'Name', { mask: 'name', keep: 'work' }),
    phone: personal(z.string().trim().max(30).optional(), '手机号', 'Phone', { mask: 'phone', keep: 'work' }),
    idNumber: personal(z.string().trim().max(40).optional(), '证件号码', 'Document number', { mask: 'document', keep: 'work' }),
    birthDate: personal(z.iso.date().optional(), '出生日期', 'Birth date', { keep: 'work' }),
    sex: personal(Sex.optional(), '性别', 'Sex', { keep: 'work' }),
    household: Id.optional(),
  }),
  output: z.object({ rows: z.array(PersonFound.extend({ reasons: label(z.array(Sentence), '理由', 'Why') })) }),
})

export const household = query('residents.household', {
  title: text('一户一档', 'Household dossier'),
  may: readers,
  input: z.object({ community, household: Id }),
  output: z.object({
    household: HouseholdLine,
    note: personal(z.string().nullable(), '备注', 'Remarks', { mask: 'text', keep: 'register' }),
    rows: z.array(PersonLine),
    sections: z.array(Section),
  }),
})
export const person = query('residents.person', {
  title: text('一人一档', 'Personal dossier'),
  may: readers,
  input: z.object({ community, person: Id }),
  output: z.object({ person: PersonRecord, sections: z.array(Section) }),
})

export const Unmasked = choice({ phone: text('手机号', 'Phone'), document: text('证件号码', 'Document number') })
export const unmask = query('residents.unmask', {
  title: text('查看完整内容', 'Show in full'),
  may: by('gridWorker', 'gridLeader', 'communityStaff', 'medic', 'communitySecretary'),
  shows: 'full',
  looks: (o) => [o.person],
  input: z.object({
    person: Id,
    what: label(Unmasked, '内容', 'What'),
    /** Which of the further numbers; left out: the first one. */
    phone: Id.optional(),
    purpose: label(z.string().trim().min(2).max(200), '用途', 'Purpose', {
      hint: text('会记入查阅记录，例如：电话联系排查', 'Kept in the log of looks, for example: call for the screening'),
      harmless: 'a purpose, kept in the audit log',
    }),
  }),
  output: z.object({ person: Id, value: personal(z.string(), '内容', 'Value', { mask: 'document', keep: 'register' }) }),
})

// --- the roster -------------------------------------------------------------------------------------------------------

export const roster = importing('residents', 'roster', { title: text('居民名册', 'Roster'), may: importers, row: RosterRow })
/** 流动人口登记: who rents here, and from whom. */
export const floating = importing('residents', 'floating', {
  title: text('流动人口登记', 'Tenants and landlords'),
  may: importers,
  row: FloatingRow,
})
/** 员工名单: who works where. */
export const employees = importing('residents', 'employees', {
  title: text('员工名单', 'Employees'),
  may: importers,
  row: EmployeeRow,
})
