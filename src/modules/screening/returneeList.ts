// One row of a register of returnees (L2 返程人员登记表): who, from where, when, how, and where to in the community.
import { z } from 'zod'
import { Day } from '#core/dates.ts'
import { label, personal } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { IdType } from '#modules/residents/documents.ts'
import { BirthDate, Name, Phone, Sex } from '#modules/residents/model.ts'
import { keyPersonFields } from './model.ts'

const keep = 'register'
const { category, arrival, originCode, leftOn, transport, vehicleNo, travelReason } = keyPersonFields

export const ReturneeRow = z.object({
  name: Name,
  sex: personal(Sex.nullish(), '性别', 'Sex', { keep }),
  birthDate: personal(BirthDate.nullish(), '出生日期', 'Birth date', { keep }),
  idType: label(IdType.default('notRecorded'), '证件类型', 'Kind of document'),
  idNumber: personal(z.string().trim().max(40).nullish(), '证件号码', 'Document number', { mask: 'document', keep }),
  phone: personal(Phone.nullish(), '手机号', 'Phone', { mask: 'phone', keep }),
  origin: personal(z.string().trim().min(1).max(80), '来源地', 'Origin', { mask: 'text', keep: 'response' }),
  originCode: originCode.nullish(),
  address: personal(z.string().trim().max(120).nullish(), '目的地住址', 'Address here', {
    mask: 'address',
    keep,
    hint: text('小区、楼栋、单元、房号', 'Compound, building, unit, room'),
  }),
  arrival: arrival.default('arrived'),
  arrivedOn: personal(Day, '返乡日期', 'Arrived on', { mask: 'text', keep: 'response' }),
  leftOn: leftOn.nullish(),
  travelReason: travelReason.nullish(),
  transport: transport.nullish(),
  vehicleNo: vehicleNo.nullish(),
  category: category.default('returnee'),
  symptoms: personal(z.array(z.string()).nullish(), '有无症状', 'Symptoms', { mask: 'text', keep: 'response' }),
  note: personal(z.string().trim().max(300).nullish(), '备注', 'Note', { mask: 'text', keep: 'response' }),
})
export type ReturneeRow = z.infer<typeof ReturneeRow>
