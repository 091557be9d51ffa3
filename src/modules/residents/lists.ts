// Lists that others keep and hand in: people who rent with their landlords, employees of a company. One row is one person.
import { z } from 'zod'
import { label, personal } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { IdType } from './documents.ts'
import { BirthDate, Name, Note, Phone, Sex } from './model.ts'
import { RosterRow } from './roster.ts'

const keep = 'register'
const words = (zh: string, en: string) => personal(z.string().trim().max(120).nullish(), zh, en, { mask: 'text', keep })

/** 流动人口登记: where somebody rents, and from whom. Domain 1.6. */
export const FloatingRow = z.object({
  ...RosterRow.shape,
  landlordName: personal(z.string().trim().min(1).max(50).nullish(), '房东姓名', 'Landlord', { mask: 'name', keep }),
  landlordPhone: personal(Phone.nullish(), '房东电话', 'Landlord’s phone', { mask: 'phone', keep }),
})
export type FloatingRow = z.infer<typeof FloatingRow>

/** 员工名单: who works where. Whoever lives in the community is found in the register; others are kept without a household. */
export const EmployeeRow = z.object({
  employer: personal(z.string().trim().min(1).max(120), '工作单位', 'Employer', {
    mask: 'text',
    keep,
    hint: text('没有这一列时取表题里的单位', 'Without this column the title is asked'),
  }),
  name: Name,
  sex: personal(Sex.nullish(), '性别', 'Sex', { keep }),
  birthDate: personal(BirthDate.nullish(), '出生日期', 'Birth date', { keep }),
  idType: label(IdType.default('notRecorded'), '证件类型', 'Kind of document'),
  idNumber: personal(z.string().trim().max(40).nullish(), '证件号码', 'Document number', { mask: 'document', keep }),
  phone: personal(Phone.nullish(), '手机号', 'Phone', { mask: 'phone', keep }),
  post: words('岗位', 'Post'),
  address: personal(z.string().trim().max(120).nullish(), '住址', 'Home address', { mask: 'address', keep }),
  homePlace: words('户籍地', 'Registered home'),
  note: Note,
})
export type EmployeeRow = z.infer<typeof EmployeeRow>
