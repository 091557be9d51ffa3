// The heads that lists of persons bear: tenants with their landlords, employees, and what every list says of a person.
import type { Words } from '#server/imports/understand/model.ts'
import { looksLikeDate } from '../roster/dates.ts'
import { looksLikeId } from '../roster/ids.ts'
import { looksLikeName } from '../roster/names.ts'
import { looksLikePhone } from '../roster/phones.ts'
import { looksLikeSex } from '../roster/words.ts'

/** What a list of tenants says beside what a roster does. */
export const landlordWords: Words = [
  {
    field: 'landlordName',
    looks: looksLikeName,
    names: [
      '房东姓名',
      '房东',
      '出租人',
      '出租人姓名',
      '房屋出租人',
      '产权人',
      '产权人姓名',
      '业主姓名',
      '二房东',
      'landlord',
      'landlord name',
      'lessor',
    ],
  },
  {
    field: 'landlordPhone',
    looks: looksLikePhone,
    names: [
      '房东电话',
      '房东手机',
      '房东联系电话',
      '房东联系方式',
      '出租人电话',
      '出租人联系电话',
      '业主电话',
      'landlord phone',
      'landlord telephone',
    ],
  },
]

/** The words of whoever a list is about, for lists of any kind; the subject first. */
export const personWords: Words = [
  {
    field: 'name',
    names: ['姓名', '名字', '员工姓名', '职工姓名', '人员姓名', '姓 名', '从业人员', '员工', 'name', 'full name'],
    looks: looksLikeName,
  },
  { field: 'sex', names: ['性别', 'sex', 'gender'], looks: looksLikeSex },
  {
    field: 'birthDate',
    names: ['出生日期', '出生年月', '出生年月日', '生日', 'birth date', 'date of birth'],
    looks: looksLikeDate,
  },
  { field: 'idType', names: ['证件类型', '证件种类', '证件名称', 'id type', 'document type'] },
  {
    field: 'idNumber',
    looks: looksLikeId,
    names: [
      '身份证号',
      '身份证号码',
      '身份证',
      '公民身份号码',
      '公民身份证号码',
      '居民身份证号码',
      '证件号码',
      '证件号',
      '证件编号',
      'id number',
      'id card',
      'identity number',
    ],
  },
  {
    field: 'phone',
    looks: looksLikePhone,
    many: true,
    not: /房东|紧急|联系人|单位|监护/,
    names: [
      '手机号',
      '手机',
      '手机号码',
      '电话',
      '电话号码',
      '联系电话',
      '联系方式',
      '本人电话',
      '移动电话',
      'phone',
      'mobile',
      'telephone',
      'tel',
    ],
  },
  {
    field: 'homePlace',
    names: ['户籍地', '户籍', '户籍地址', '户籍所在地', '籍贯', '户口所在地', 'registered home', 'native place'],
  },
  { field: 'note', names: ['备注', '说明', '其他说明', 'note', 'notes', 'remark', 'remarks'] },
  { field: '-serial', names: ['序号', '编号', '序', '行号', 'no', 'no.', 'index'] },
  { field: '-nation', names: ['民族', 'ethnic group'] },
  { field: '-age', names: ['年龄', 'age'] },
]

export const employeeWords: Words = [
  ...personWords,
  {
    field: 'employer',
    not: /地址|电话/,
    names: [
      '工作单位',
      '单位',
      '单位名称',
      '企业名称',
      '企业',
      '公司',
      '公司名称',
      '所属公司',
      '所在单位',
      '用工单位',
      '用人单位',
      '店铺名称',
      'employer',
      'company',
    ],
  },
  {
    field: 'post',
    names: ['岗位', '职务', '工种', '职位', '部门', '部门岗位', '工作岗位', '车间', 'post', 'position', 'job', 'department'],
  },
  {
    field: 'address',
    not: /户籍|单位|企业|公司/,
    names: [
      '住址',
      '现住址',
      '家庭住址',
      '居住地址',
      '现居住地',
      '居住地',
      '现住地址',
      '详细住址',
      '家庭地址',
      '目前住址',
      '宿舍',
      '地址',
      'home address',
      'address',
    ],
  },
]
