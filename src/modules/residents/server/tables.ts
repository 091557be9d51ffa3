// The shapes of the rows that this module keeps, column by column.
import { z } from 'zod'
import { Instant } from '#core/dates.ts'
import { factFields } from '#core/fact.ts'
import { Id } from '#core/ids.ts'
import { label, personal } from '#core/labels.ts'
import type { Stamped, Tx } from '#server/database/connect.ts'
import type { factColumns } from '#server/facts.ts'
import { BirthDate, HouseholdKind, Name, Relation, Sex, Tag, Tenure } from '../model.ts'
import { IdType } from '../documents.ts'
import { HazardRow, TenancyRow } from '../tenancy.ts'

const keep = 'register'
const own = (zh: string, en: string) => personal(z.string().nullable(), zh, en, { mask: 'text', keep })
// Names are spelled in columns of their own, and numbers closed, so each is personal like what it came from.
const spelling = (zh: string, en: string) => personal(z.string(), zh, en, { mask: 'name', keep })
const bytes = (zh: string, en: string) => personal(z.instanceof(Buffer).nullable(), zh, en, { keep })

export const HouseholdRow = z.object({
  ...factFields,
  kind: label(HouseholdKind, '户类型', 'Kind'),
  note: own('备注', 'Remarks'),
})
export const PersonRow = z.object({
  ...factFields,
  name: Name,
  pinyin: spelling('拼音', 'Pinyin'),
  initials: spelling('拼音首字母', 'Initials'),
  sex: personal(Sex.nullable(), '性别', 'Sex', { keep }),
  birthDate: personal(BirthDate.nullable(), '出生日期', 'Birth date', { keep }),
  idType: label(IdType, '证件类型', 'Kind of document'),
  idCipher: bytes('证件号码（密文）', 'Document number, closed'),
  idDigest: bytes('证件号码（摘要）', 'Document number, digest'),
  phoneCipher: bytes('手机号（密文）', 'Phone, closed'),
  phoneDigest: bytes('手机号（摘要）', 'Phone, digest'),
  phoneTail: personal(z.string().nullable(), '手机尾号', 'Phone tail', { mask: 'phone', keep }),
  homePlace: own('户籍地', 'Registered home'),
  employer: own('工作单位', 'Employer'),
  note: own('备注', 'Remarks'),
})
export type PersonRow = z.infer<typeof PersonRow>
export const LandlordRow = z.object({
  ...factFields,
  dwelling: Id,
  name: Name,
  phoneCipher: bytes('手机号（密文）', 'Phone, closed'),
  phoneDigest: bytes('手机号（摘要）', 'Phone, digest'),
  phoneTail: personal(z.string().nullable(), '手机尾号', 'Phone tail', { mask: 'phone', keep }),
})
export const PhoneRow = z.object({
  ...factFields,
  person: Id,
  phoneCipher: personal(z.instanceof(Buffer), '其他电话（密文）', 'Other phone, closed', { keep }),
  phoneDigest: personal(z.instanceof(Buffer), '其他电话（摘要）', 'Other phone, digest', { keep }),
  phoneTail: personal(z.string(), '其他电话尾号', 'Other phone, tail', { mask: 'phone', keep }),
  remark: own('说明', 'About it'),
})
export type PhoneRow = z.infer<typeof PhoneRow>
export const TagRow = z.object({ ...factFields, person: Id, tag: personal(Tag, '标签', 'Tag', { keep }) })

const linkFields = {
  community: z.string().regex(/^\d{12}$/),
  id: Id,
  subject: Id,
  since: Instant,
  recordedAt: Instant,
  recordedBy: Id,
  why: personal(z.string().nullable(), '原因', 'Reason', { mask: 'text', keep }),
}
export const OccupancyRow = z.object({ ...linkFields, dwelling: Id.nullable(), tenure: Tenure.nullable() })
export const MembershipRow = z.object({
  ...linkFields,
  household: Id.nullable(),
  relation: label(Relation, '与户主关系', 'Relation to the head'),
})

type Fact<T> = Stamped<T & Omit<ReturnType<typeof factColumns>, keyof T>>
export type Tables = {
  residentsHouseholds: Fact<z.infer<typeof HouseholdRow>>
  residentsPersons: Fact<PersonRow>
  residentsTags: Fact<z.infer<typeof TagRow>>
  residentsPhones: Fact<PhoneRow>
  residentsLandlords: Fact<z.infer<typeof LandlordRow>>
  residentsTenancies: Fact<z.infer<typeof TenancyRow>>
  residentsHazards: Fact<z.infer<typeof HazardRow>>
  residentsOccupancies: Stamped<z.infer<typeof OccupancyRow>>
  residentsMemberships: Stamped<z.infer<typeof MembershipRow>>
}
export const tables = {
  residentsHouseholds: HouseholdRow,
  residentsPersons: PersonRow,
  residentsTags: TagRow,
  residentsPhones: PhoneRow,
  residentsLandlords: LandlordRow,
  residentsTenancies: TenancyRow,
  residentsHazards: HazardRow,
  residentsOccupancies: OccupancyRow,
  residentsMemberships: MembershipRow,
}

/** This module's view of a transaction. */
export const of = (tx: Tx) => tx.withTables<Tables>()
