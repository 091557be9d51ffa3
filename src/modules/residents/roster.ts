// One row of the roster workbook: where a household lives, and one of its members. A row without a name is a dwelling nobody lives in.
import { z } from 'zod'
import { label, personal } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { Use } from '#modules/territory/model.ts'
import { IdType } from './documents.ts'
import { documentFits, Note, Phone, Relation, Sex, Tag } from './model.ts'

const keep = 'register'
const place = (zh: string, en: string, hint: Text) =>
  label(z.string().trim().min(1).max(40), zh, en, { hint, harmless: 'name of a place' })
const words = (zh: string, en: string) => personal(z.string().trim().max(120).nullish(), zh, en, { mask: 'text', keep })
/** What can be said of a person only. */
const ofAPerson = ['relation', 'sex', 'birthDate', 'idNumber', 'phone', 'employer', 'homePlace'] as const

export const RosterRow = z
  .object({
    compound: place('小区', 'Compound', text('全名，与“区域与房屋”里一致', 'Full name, as under Areas and houses')),
    building: place('楼栋', 'Building', text('例如 3号楼', 'For example 3号楼')),
    unit: place(
      '单元',
      'Unit',
      text('例如 1单元；没有单元留空', 'For example 1单元; leave empty where there are none'),
    ).nullish(),
    room: personal(z.string().trim().min(1).max(20), '房号', 'Room', {
      mask: 'room',
      keep,
      hint: text('例如 402', 'For example 402'),
    }),
    use: label(Use.default('owner'), '房屋性质', 'Use', { hint: text('不填视为自住', 'Empty: lived in by the owner') }),
    grid: label(
      z
        .string()
        .trim()
        .regex(/^\d{17}$/)
        .nullish(),
      '网格编码',
      'Grid code',
      {
        hint: text('17 位数字；不填则沿用原网格', '17 digits; empty: as it is'),
      },
    ),
    name: personal(z.string().trim().min(1).max(50).nullish(), '姓名', 'Name', {
      mask: 'name',
      keep,
      hint: text('空置房可不填', 'Empty for a vacant dwelling'),
    }),
    relation: label(Relation.nullish(), '与户主关系', 'Relation to the head', {
      hint: text('户主排在本户第一行', 'The head stands in the first row'),
    }),
    sex: personal(Sex.nullish(), '性别', 'Sex', { keep }),
    birthDate: personal(z.iso.date().nullish(), '出生日期', 'Birth date', { keep }),
    idType: label(IdType.default('notRecorded'), '证件类型', 'Kind of document'),
    idNumber: personal(z.string().trim().max(40).nullish(), '证件号码', 'Document number', {
      mask: 'document',
      keep,
      hint: text('请保持单元格为文本', 'Keep the cells as text'),
    }),
    phone: personal(Phone.nullish(), '手机号', 'Phone', { mask: 'phone', keep, hint: text('没有可不填', 'May stay empty') }),
    otherPhones: personal(z.array(Phone).nullish(), '其他电话', 'Other phones', {
      mask: 'phone',
      keep,
      hint: text('可填多个，用顿号隔开', 'Several, with commas between'),
    }),
    homePlace: words('户籍地', 'Registered home'),
    employer: words('工作单位', 'Employer'),
    tags: personal(z.array(Tag).nullish(), '标签', 'Tags', { keep }),
    note: Note,
  })
  .superRefine((row, ctx) => {
    const complain = (field: string, say: Text) => ctx.addIssue({ code: 'custom', path: [field], params: { say } })
    if (!row.name) {
      if (ofAPerson.some((key) => row[key]) || row.tags?.length || row.otherPhones?.length)
        complain('name', text('请填写姓名', 'Please enter the name'))
      else if (row.use !== 'vacant') {
        complain(
          'name',
          text('请填写姓名；空置房请把房屋性质改为“空置”', 'Please enter the name, or choose 空置 (vacant) as the use'),
        )
      }
      return
    }
    if (!row.relation) complain('relation', text('请选择与户主关系', 'Please choose the relation to the head'))
    documentFits(row.idNumber && row.idType === 'notRecorded' ? { ...row, idType: 'idCard' } : row, ctx)
  })
export type RosterRow = z.infer<typeof RosterRow>
