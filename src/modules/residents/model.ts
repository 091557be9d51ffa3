// Who lives here: households and persons as facts, who lives where as dated links, tags, and what a form must tell.
import { z } from 'zod'
import { ageOn, Day, dayOf, Instant } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import { choice, label, personal } from '#core/labels.ts'
import { Sentence } from '#core/imports.ts'
import { problems } from '#core/problem.ts'
import { text, type Text } from '#core/text.ts'
import { hasNumber, idFault, idFaults, IdType, spelled, toldBy } from './documents.ts'

export const HouseholdKind = choice({
  family: text('家庭户', 'Family'),
  collective: text('集体户', 'Collective'),
  other: text('其他', 'Other'),
})
export type HouseholdKind = z.infer<typeof HouseholdKind>

export const Tenure = choice({
  owner: text('自住', 'Owner'),
  tenant: text('租住', 'Tenant'),
  other: text('其他', 'Other'),
})
export type Tenure = z.infer<typeof Tenure>

/** What somebody is to the head of the household. Two heads in one dwelling are two households. */
export const Relation = choice({
  head: text('户主', 'Head'),
  spouse: text('配偶', 'Spouse'),
  child: text('子女', 'Child'),
  childInLaw: text('儿媳或女婿', 'Child-in-law'),
  grandchild: text('孙辈', 'Grandchild'),
  parent: text('父母', 'Parent'),
  parentInLaw: text('岳父母或公婆', 'Parent-in-law'),
  grandparent: text('祖辈', 'Grandparent'),
  sibling: text('兄弟姐妹', 'Sibling'),
  kin: text('其他亲属', 'Other kin'),
  roommate: text('合租', 'Room-mate'),
  carer: text('保姆或护工', 'Carer'),
  other: text('其他', 'Other'),
})
export type Relation = z.infer<typeof Relation>

export const Sex = choice({ male: text('男', 'Male'), female: text('女', 'Female') })
export type Sex = z.infer<typeof Sex>

/** What the community must keep in mind about somebody. A tag asks for care; it never restricts anybody. */
export const Tag = choice({
  livesAlone: text('独居老人', 'Older person living alone'),
  emptyNest: text('空巢老人', 'Older couple on their own'),
  disabled: text('残疾', 'Disabled'),
  chronicIllness: text('重症慢病', 'Serious or chronic illness'),
  pregnant: text('孕产妇', 'Pregnant or lying-in'),
  infant: text('婴幼儿', 'Infant'),
  unattendedMinor: text('无人照看的未成年人', 'Minor without a carer'),
  medicHousehold: text('医务人员家庭', 'Household of a medic'),
  hardship: text('困难家庭', 'Household in hardship'),
  noSmartphone: text('不用智能手机', 'No smartphone'),
})
export type Tag = z.infer<typeof Tag>

const keep = 'register'
export const Name = personal(z.string().trim().min(1).max(50), '姓名', 'Name', { mask: 'name', keep })
export const BirthDate = personal(Day, '出生日期', 'Birth date', { keep })
const Place = (zh: string, en: string) => personal(z.string().trim().max(120).nullish(), zh, en, { mask: 'text', keep })
export const Note = personal(z.string().trim().max(300).nullish(), '备注', 'Remarks', { mask: 'text', keep, long: true })

/** One spelling of a telephone number: digits, or +code and digits for a foreign one. */
export const dialled = (value: string): string =>
  value
    .normalize('NFKC')
    .replaceAll(/[\s()-]/g, '')
    .replace(/^(\+|00)?86(?=1\d{10}$)/, '')
export const Phone = personal(
  z
    .string()
    .transform(dialled)
    .pipe(z.string().regex(/^(1[3-9]\d{9}|0\d{9,11}|\+\d{7,15}|[2-9]\d{6,7})$/)),
  '手机号',
  'Phone',
  { mask: 'phone', keep, hint: text('11 位手机号，或带区号的座机', '11 digits, or a landline with its area code') },
)

/** Whose number it is or when it answers: 单位, 儿子的, 分机 801. */
export const PhoneRemark = personal(z.string().trim().max(20).nullish(), '说明', 'About it', {
  mask: 'text',
  keep,
  hint: text('例如：单位、儿子的、分机 801', 'For example: at work, the son’s, extension 801'),
})

const DocumentNumber = personal(z.string().trim().min(1).max(40), '证件号码', 'Document number', { mask: 'document', keep })

const aboutPerson = {
  sex: personal(Sex.nullish(), '性别', 'Sex', { keep }),
  birthDate: personal(Day.nullish(), '出生日期', 'Birth date', { keep }),
  idType: label(IdType.default('notRecorded'), '证件类型', 'Kind of document'),
  idNumber: personal(DocumentNumber.nullish(), '证件号码', 'Document number', { mask: 'document', keep }),
  phone: personal(Phone.nullish(), '手机号', 'Phone', {
    mask: 'phone',
    keep,
    hint: text('没有手机可不填', 'May stay empty: not everybody has one'),
  }),
  homePlace: Place('户籍地', 'Registered home'),
  employer: Place('工作单位', 'Employer'),
  note: Note,
}

const RelationField = label(Relation, '与户主关系', 'Relation to the head')

/** What is asked of a new person: name and relation are needed, everything else when it is known. */
export const PersonEntry = z.object({ name: Name, relation: RelationField, ...aboutPerson }).superRefine(documentFits)
export type PersonEntry = z.infer<typeof PersonEntry>

/** The same without a household: what a correction says anew. A number that is left out stays as it is. */
export const PersonDetails = z.object({ name: Name, ...aboutPerson }).superRefine(documentFits)
export type PersonDetails = z.infer<typeof PersonDetails>

type Documented = {
  idType: IdType
  idNumber?: string | null | undefined
  birthDate?: Day | null | undefined
  sex?: Sex | null | undefined
}

type Complaining = { addIssue: (issue: { code: 'custom'; path: string[]; params: { say: Text } }) => void }

/** Holds number, birth date and sex against each other; `ctx.issues` get sentences that never repeat what was typed. */
export function documentFits(entry: Documented, ctx: Complaining): void {
  const complain = (field: string, say: Text) => ctx.addIssue({ code: 'custom', path: [field], params: { say } })
  const today = dayOf(Date.now())
  if (entry.birthDate && entry.birthDate > today) {
    complain('birthDate', text('出生日期还没有到，请核对', 'The birth date lies in the future. Please check it'))
  }
  if (!entry.idNumber) return
  if (!hasNumber(entry.idType))
    return complain('idType', text('填了证件号码，请选择证件类型', 'There is a number: please choose the kind of document'))
  const number = spelled(entry.idType, entry.idNumber)
  const fault = idFault(entry.idType, number, today)
  if (fault) return complain('idNumber', idFaults[fault])
  const told = toldBy(entry.idType, number)
  if (told && entry.birthDate && entry.birthDate !== told.birthDate) {
    complain(
      'birthDate',
      text('出生日期与证件号码不一致，请核对', 'The birth date differs from the one in the document number. Please check both'),
    )
  }
  if (told && entry.sex && entry.sex !== told.sex) {
    complain(
      'sex',
      text('性别与证件号码不一致，请核对', 'The sex differs from the one in the document number. Please check both'),
    )
  }
}

/** What a document adds to an entry: its one spelling, and birth date and sex where nobody said them. */
export function completed<E extends Documented>(entry: E): E {
  if (!entry.idNumber || !hasNumber(entry.idType)) return { ...entry, idNumber: null }
  const idNumber = spelled(entry.idType, entry.idNumber)
  const told = toldBy(entry.idType, idNumber)
  return { ...entry, idNumber, birthDate: entry.birthDate ?? told?.birthDate ?? null, sex: entry.sex ?? told?.sex ?? null }
}

/** Completed years; null where the birth date is not known. */
export const ageOf = (birthDate: Day | null, on: Day): number | null =>
  birthDate && birthDate <= on ? ageOn(birthDate, on) : null
/** Under 18: PIPL art. 28 treats under 14 as sensitive; care at home concerns all minors. */
export const isMinor = (birthDate: Day | null, on: Day): boolean => (ageOf(birthDate, on) ?? 18) < 18

/** Last four digits, the only part of a phone that stands open: people know each other by them. */
export const phoneTail = (phone: string): string => phone.slice(-4)

// --- what pages show --------------------------------------------------------------------------------------------------

export const Address = personal(z.string(), '住址', 'Address', { mask: 'address', keep })
export const GridCode = label(
  z
    .string()
    .regex(/^\d{17}$/)
    .nullable(),
  '网格',
  'Grid',
)

/** A telephone beside the first one. `phone` is the root, `record` the entry that stands now. */
export const OtherPhone = z.object({
  phone: Id,
  record: Id,
  number: personal(z.string(), '其他电话', 'Other phone', { mask: 'phone', keep }),
  remark: personal(z.string().nullable(), '说明', 'About it', { mask: 'text', keep }),
})
export type OtherPhone = z.infer<typeof OtherPhone>

/** A person as lists and dossiers show one. `person` is the root: what everybody refers to; `record` is the entry that stands now. */
export const PersonLine = z.object({
  id: Id,
  record: Id,
  household: Id.nullable(),
  name: Name,
  relation: label(Relation.nullable(), '与户主关系', 'Relation to the head'),
  sex: personal(Sex.nullable(), '性别', 'Sex', { keep }),
  age: personal(z.int().nullable(), '年龄', 'Age', { keep, unit: text('岁', 'years') }),
  phone: personal(z.string().nullable(), '手机号', 'Phone', { mask: 'phone', keep }),
  otherPhones: label(z.array(OtherPhone), '其他电话', 'Other phones'),
  tags: personal(z.array(Tag), '标签', 'Tags', { keep }),
})
export type PersonLine = z.infer<typeof PersonLine>

export const PersonRecord = PersonLine.extend({
  birthDate: personal(Day.nullable(), '出生日期', 'Birth date', { keep }),
  idType: label(IdType, '证件类型', 'Kind of document'),
  idNumber: personal(z.string().nullable(), '证件号码', 'Document number', { mask: 'document', keep }),
  homePlace: personal(z.string().nullable(), '户籍地', 'Registered home', { mask: 'text', keep }),
  employer: personal(z.string().nullable(), '工作单位', 'Employer', { mask: 'text', keep }),
  note: personal(z.string().nullable(), '备注', 'Remarks', { mask: 'text', keep }),
  address: Address.nullable(),
  grid: GridCode,
})
export type PersonRecord = z.infer<typeof PersonRecord>

export const HouseholdLine = z.object({
  id: Id,
  dwelling: Id.nullable(),
  grid: GridCode,
  address: Address,
  kind: label(HouseholdKind, '户类型', 'Kind'),
  tenure: label(Tenure.nullable(), '居住方式', 'Tenure'),
  head: personal(z.string().nullable(), '户主', 'Head', { mask: 'name', keep }),
  phone: personal(z.string().nullable(), '联系电话', 'Phone', { mask: 'phone', keep }),
  people: label(z.int(), '人数', 'People'),
  tags: personal(z.array(Tag), '标签', 'Tags', { keep }),
})
export type HouseholdLine = z.infer<typeof HouseholdLine>

/** One line of a dossier's section: when, what, and its details, which only those read who may read free texts. */
export const SectionRow = z.object({
  id: z.string(),
  at: label(Instant.nullable(), '时间', 'When'),
  what: label(Sentence, '内容', 'What', { harmless: 'words of the house' }),
  detail: personal(Sentence.nullable(), '详情', 'Details', { mask: 'text', keep }),
  by: label(z.string().nullable(), '登记人', 'Recorded by', { harmless: 'duty name, posted publicly' }),
})
export type SectionRow = z.infer<typeof SectionRow>

/** A section that could not be read says so: nothing there and not known are different things. */
export const Section = z.object({ key: z.string(), title: Sentence, failed: z.boolean(), rows: z.array(SectionRow) })
export type Section = z.infer<typeof Section>

// --- words ------------------------------------------------------------------------------------------------------------

export const say = problems('residents', {
  unknownHousehold: [
    404,
    {
      zh: '没有找到这一户，或它不在您的区域内。请刷新后再试。',
      en: 'This household was not found, or lies outside your area. Refresh and try again.',
    },
  ],
  unknownPerson: [
    404,
    {
      zh: '没有找到这位居民，或不在您的区域内。请刷新后再试。',
      en: 'This person was not found, or lives outside your area. Refresh and try again.',
    },
  ],
  unknownDwelling: [
    422,
    {
      zh: '没有找到这套房屋，请先在“区域与房屋”里添加。',
      en: 'This dwelling was not found. Add it under Areas and houses first.',
    },
  ],
  registeredAlready: [
    409,
    ({ person }: { person: Id | null }) => ({
      zh: `这个证件号码在本社区已登记${person ? '' : '（在别的网格）'}。请打开原档案办理更正或迁移，不要重复登记。`,
      en:
        `This document number is registered in the community already${person ? '' : ' (in another grid)'}. ` +
        'Correct or move that person instead of registering twice.',
    }),
  ],
  unknownPhone: [
    404,
    {
      zh: '没有找到这个电话号码，可能已在别处更正。请刷新后再试。',
      en: 'This number was not found; it may have been corrected elsewhere. Refresh and try again.',
    },
  ],
  phoneThere: [
    409,
    { zh: '这个号码已经登记在此人名下，不用重复登记。', en: 'This person has that number already; nothing changes.' },
  ],
  nothingRecorded: [404, { zh: '这项内容没有登记。', en: 'Nothing is recorded here.' }],
  staysThere: [409, { zh: '已经登记在那里了，没有需要改动的。', en: 'It is registered there already; nothing changes.' }],
  unknownLandlord: [
    404,
    {
      zh: '没有找到这位房东，或不在您的区域内。请刷新后再试。',
      en: 'This landlord was not found, or lies outside your area. Refresh and try again.',
    },
  ],
  noTenancy: [
    409,
    {
      zh: '这一户现在不是这里的租客，可能已经搬出。请刷新后再看。',
      en: 'This household does not rent here now; it may have moved out. Refresh and look again.',
    },
  ],
  notYet: [422, { zh: '日期不能晚于今天，请到那天再登记。', en: 'The day lies in the future. Record it when it has come.' }],
  beforeMovedIn: [422, { zh: '搬出日期早于入住日期，请核对。', en: 'They would move out before they moved in. Check the day.' }],
  settledAlready: [
    409,
    { zh: '这条隐患已经处理过了，请刷新后再看。', en: 'This danger has been settled already. Refresh and look again.' },
  ],
  noTag: [409, { zh: '这位居民没有这个标签，请刷新后再看。', en: 'This person does not have that tag. Refresh and look again.' }],
})
