// What the columns of a roster are called, and how their values look.
import type { Words } from '#server/imports/understand/model.ts'
import { looksLikeAddress } from './addresses.ts'
import { looksLikeDate } from './dates.ts'
import { looksLikeId } from './ids.ts'
import { looksLikeName } from './names.ts'
import { looksLikePhone } from './phones.ts'
import { looksLikeRelation, looksLikeSex } from './words.ts'

/** Words that make a head that of somebody or something else: 紧急联系人电话, 房东姓名, 工作单位地址. */
const others = /紧急|监护|家长|老师|中介|房东|出租|单位|公司|学校|网格|楼长|栋长|组长|填表|填报|登记人|排查|走访|包保|志愿|医生|民警|责任|管理|负责|联络|父亲|母亲|配偶|子女|曾用|英文|拼音|暂住|旅居|车|有效|期限|签发|发证|机关|复印|照片|备案|物业|经办|随访|联系人|亲属|家属|介绍|担保|前往|目的|返回|到达|离开|同行|接触|emergency|guardian|landlord|employer|school|contact person/
/** What makes a place another one than where somebody lives. */
const elsewhere = new RegExp(`${others.source}|来源|户籍|户口|原籍|籍贯`)
const withoutType = new RegExp(`${others.source}|类型|类别|种类|名称`)

/** Whom a head names beside the row's own person: 配偶姓名, 子女2身份证号. */
const kin = /^(?:户主)?(?:的|之)?(配偶|妻子|丈夫|爱人|老伴|子女|儿子|女儿|孩子|小孩|长子|次子|长女|次女|父亲|母亲)[(]?[1-9一二三四五六七八九]?[)]?/

/** Lines below a list: who signs it, and what it comes to. */
export const closingWords: Words = [
  { field: '-signature', closes: 'signature', names: ['社区负责', '社区书记', '网格员', '网格长', '楼长', '楼栋长', '单元长', '排查', '走访'] },
  {
    field: '-total', closes: 'total',
    names: ['户数', '人数', '总户数', '总人数', '户数合计', '人数合计', ...['栋', '楼', '单元', '小区', '社区', '村'].flatMap((what) => ['小计', '合计', '共'].map((sum) => `本${what}${sum}`))],
  },
]

/** The first is whom a row is about. Fields with a dash are known and left aside. */
export const rosterWords: Words = [
  {
    field: 'name', telling: true, looks: looksLikeName, beside: { marks: kin, unless: 'relation', doubtful: /^[父母子女儿孩小长次]/, surely: ['idNumber', 'birthDate'] }, not: new RegExp(`${others.source}|户主|小区|单位|楼`),
    names: ['姓名', '居民姓名', '人员姓名', '成员姓名', '家庭成员姓名', '家庭成员', '成员', '住户姓名', '住户', '被登记人姓名', '本人姓名', '常住人口姓名', '实有人口姓名', '人口姓名', '租户姓名', '租客姓名',
      '承租人姓名', '租住人姓名', '承租人', '租住人', '租赁人', '租户', '租客', '人员名称', '名字', '名子', '姓各', '姓明', '性名', '姓铭', '姓 名', '居民', 'name', 'full name', 'resident', 'resident name', 'names'],
  },
  {
    field: 'headName', common: true, instead: true, not: others,
    names: ['户主姓名', '户主', '户主名字', '户主名', '户主/承租人', '户主或承租人', '业主姓名', '业主', '房主姓名', '房主', '产权人', 'householder', 'head of household', 'household head', 'head name', 'owner'],
  },
  {
    field: 'idNumber', telling: true, looks: looksLikeId, not: new RegExp(`${withoutType.source}|户主|地址|住址`),
    names: ['证件号码', '身份证号码', '身份证号', '身份证', '公民身份号码', '公民身份证号', '公民身份证号码', '居民身份证号码', '居民身份证号', '居民身份证', '身份证件号码', '身份证件号', '有效证件号码', '有效证件号', '证件号', '证号', '证件编号', '身份号码',
      '身份证编号', '二代身份证号', '本人身份证号', 'id number', 'id no', 'idno', 'id card', 'id card number', 'id', 'identity number', 'national id', 'document number', 'idnumber'],
  },
  { field: 'headId', names: ['户主身份证号', '户主身份证号码', '户主身份证', '户主证件号码', '户主证件号', '户主公民身份号码', '户主身份号码'] },
  {
    field: 'phone', also: ['otherPhones'], many: true, telling: true, looks: looksLikePhone, not: new RegExp(`${elsewhere.source}|户主|型号|品牌`),
    names: ['手机号', '联系电话', '手机号码', '手机', '电话', '电话号码', '联系方式', '移动电话', '本人电话', '本人手机', '本人联系电话', '联系手机', '联系电话号码', '固话', '固定电话', '座机', '座机号码', '宅电', '家庭电话', '住宅电话', '联络电话', '备用电话',
      '第二电话', '其他电话', '通讯方式', '通信方式', '联系号码', 'phone', 'telephone', 'tel', 'mobile', 'mobile phone', 'cell', 'cellphone', 'phone number', 'contact', 'landline', 'contact number'],
  },
  { field: 'headPhone', many: true, names: ['户主电话', '户主联系电话', '户主手机', '户主手机号', '户主手机号码', '户主联系方式', '户主电话号码'] },
  { field: 'sex', telling: true, looks: looksLikeSex, not: others, names: ['性别', '姓别', '性別', '性别(男/女)', 'sex', 'gender'] },
  {
    field: 'birthDate', looks: looksLikeDate, not: others,
    names: ['出生日期', '出生年月', '出生年月日', '生日', '出生时间', '出生', '出生日', '生年月日', '生于', 'birth date', 'date of birth', 'dob', 'birthday', 'birthdate', 'born'],
  },
  {
    field: 'relation', telling: true, looks: looksLikeRelation, not: new RegExp(`${others.source.replace('|亲属|家属', '')}|电话|姓名`),
    names: ['与户主关系', '家庭关系', '关系', '称谓', '与户主的关系', '户主关系', '与户主之关系', '与承租人关系', '与业主关系', '与房主关系', '成员关系', '家庭成员关系', '家庭成员与户主关系', '亲属关系', '与本人关系', '家庭称谓', '与户主关糸', '人员关系',
      'relation', 'relationship', 'relation to head', 'relationship to head', 'relation to the head'],
  },
  { field: 'isHead', names: ['是否户主', '是否为户主', '户主(是/否)', '户主标识', '是否是户主', 'is head'] },
  { field: 'idType', not: others, names: ['证件类型', '证件种类', '证件类别', '证件名称', '身份证件类型', '身份证件种类', '有效证件类型', '证件', 'id type', 'document type', 'kind of document'] },
  {
    field: 'address', common: true, many: true, telling: true, looks: looksLikeAddress, not: new RegExp(`${elsewhere.source}|户口|出生|邮箱|籍`),
    names: ['住址', '现住址', '家庭住址', '详细地址', '居住地址', '地址', '家庭地址', '现居住地址', '现居住地', '居住地', '实际居住地址', '实际居住地', '实际住址', '常住地址', '现住地址', '居住详细地址', '住所', '居住详址', '详址', '门牌地址', '房屋地址', '具体住址', '具体地址',
      '家庭详细住址', '楼栋单元房号', '楼栋房号', '楼门号', '楼栋门牌', '门牌', '门牌信息', '楼房号', '小区楼栋房号', '住房地址', '居所', '租住地址', '租住地', '租房地址', '出租房地址', '出租屋地址', '出租房屋地址', '承租地址', '承租房屋地址', '租赁地址', '租赁房屋地址', '现租住地址', '现住地', '楼栋单元室', '栋-单元-室', '栋单元室', '楼栋单元', '楼栋单元号', '楼栋/单元', '栋-单元', '单元房号', '单元室号', '单元室', '单元-室', 'address', 'home address', 'residence', 'current address', 'residential address'],
  },
  {
    field: 'compound', common: true, not: new RegExp(`${elsewhere.source}|是否|类型|性质`),
    names: ['小区', '院落', '小区名称', '居住小区', '所在小区', '所属小区', '小区名', '院落名称', '楼盘', '楼盘名称', '住宅小区', '小区/院落', '小区(院落)', '小区/村', '村', '村庄', '自然村', '村名', '小区或村', '大院', 'compound', 'estate', 'community name', 'compound name', 'residential area', 'neighbourhood', 'neighborhood'],
  },
  {
    field: 'building', common: true, not: new RegExp(`${elsewhere.source}|类型|电话|总`),
    names: ['楼栋', '楼号', '幢', '栋号', '楼', '栋', '幢号', '楼栋号', '楼幢', '楼幢号', '楼座', '座', '座号', '几栋', '几号楼', '号楼', '所在楼栋', '栋数', '楼宇', '栋/幢', '组', '村组', '村民组', '村民小组', '小组', '组别', '楼搞', '楼东', '住址号', '地址号', '现住址号', '家庭住址号', 'building', 'block', 'bldg', 'building no', 'tower', 'building number'],
  },
  { field: 'unit', common: true, not: new RegExp(`${elsewhere.source.replace('|单位', '')}|名称|电话`), names: ['单元', '单元号', '门', '门洞', '单元门', '几单元', '所在单元', '梯', '单无', 'unit', 'entrance', 'unit no', 'stairwell'] },
  {
    field: 'room', common: true, not: new RegExp(`${elsewhere.source}|类型|性质|面积|卧|厅`),
    names: ['房号', '室', '门牌号', '房间号', '室号', '房屋号', '房', '户室', '户室号', '门牌号码', '房间', '门号', '几室', '房室号', '房屋编号', '房间号码', 'room', 'room no', 'apartment', 'flat', 'apt', 'room number', 'door'],
  },
  { field: 'householdNo', common: true, names: ['户号', '户编号', '家庭编号', '户序号', '家庭序号', '户别号', '户口编号', '家庭户号', '户次', '户数序号', '第几户', 'household', 'household no', 'household id', 'family no', 'family id'] },
  { field: 'homePlace', not: /电话|类型|性质|民警/, names: ['户籍地', '户口所在地', '户籍地址', '户籍所在地', '户籍', '户籍详细地址', '户口地址', '户口登记地', '户籍住址', '户口地', '常住户口所在地', '户籍地详址', 'registered home', 'registered residence', 'hukou', 'hukou address'] },
  { field: 'employer', not: /电话|地址|性质/, names: ['工作单位', '服务处所', '单位', '就业单位', '工作单位及职务', '工作单位名称', '工作单位/学校', '工作(学习)单位', '单位名称', '就读学校', '学校', 'employer', 'workplace', 'company', 'work unit'] },
  { field: 'use', common: true, not: /面积|来源|证/, names: ['房屋性质', '房屋状态', '居住性质', '住房性质', '居住方式', '居住状态', '房屋用途', '房屋使用情况', '居住情况', '住房情况', '房屋情况', '自住/出租/空置', '自住/出租', '房屋类型', '使用性质', '使用状态', 'use', 'tenure', 'occupancy', 'dwelling use'] },
  { field: 'grid', common: true, not: /员|长|电话/, names: ['网格编码', '网格编号', '网格代码', '网格', '所属网格', '所在网格', 'grid code', 'grid'] },
  { field: 'tags', names: ['标签', '人员标签', '特殊人群', '特殊人群类型', '关爱类型', '人员类别标签', 'tags'] },
  { field: 'note', not: /电话/, names: ['备注', '备注说明', '其他说明', '备考', '附注', '备 注', 'note', 'notes', 'remark', 'remarks', 'comment', 'comments'] },
  { field: 'size', names: ['家庭人口数', '户内人数', '实住人数', '家庭人数', '人口数', '人数', '居住人数', '家庭成员数', '常住人数', '同住人数', 'household size', 'people'] },
  { field: 'serial', names: ['序号', '编号', '序', '顺序号', '行号', '人员编号', 'no', 'no.', '№', 'serial', 'index', 'seq', 's/n'] },
  { field: '-age', names: ['年龄', '周岁', '岁数', '实足年龄', 'age', 'years'] },
  {
    field: '-person', names: ['民族', '文化程度', '学历', '政治面貌', '婚姻状况', '婚姻', '职业', '职务', '职称', '宗教信仰', '宗教', '血型', '身高', '籍贯', '国籍', '兵役状况', '兵役', '健康状况', '身体状况', '曾用名', '别名', '英文名', '姓名拼音', '邮箱', '电子邮箱', '微信', '微信号', 'qq',
      'qq号', '车牌号', '车牌号码', '体温', '是否独居', '残疾', '残疾证号', '低保', '养老', '医保', '社保', '疫苗', '疫苗接种', '接种情况', '户口性质', '户口类型', '户籍性质', '人员类别', '人员类型', '人口类型', '人户状态', '是否常住', '是否党员', '照片', '学生', '年级', '班级', '教育程度', '学位', '收入',
      'nationality', 'ethnicity', 'education', 'occupation', 'marital status', 'email', 'wechat'],
  },
  {
    field: '-other', names: ['省', '市', '县', '区', '区县', '街道', '镇', '乡镇', '社区', '居委会', '村委会', '片区', '楼层', '层', '所在楼层', '建筑面积', '面积', '房型', '户型', '房产证号', '产权证号', '房东', '房东姓名', '房东电话', '房东联系电话', '紧急联系人', '紧急联系人姓名', '紧急联系人电话', '监护人',
      '监护人姓名', '监护人电话', '单位电话', '单位地址', '学校地址', '网格员', '网格员姓名', '网格员电话', '楼栋长', '楼长', '填表人', '填表日期', '填报日期', '登记日期', '登记时间', '登记人', '入住时间', '入住日期', '搬入时间', '迁入时间', '租住时间', '租期', '租赁期限', '合同期限', '签发机关', '有效期限',
      '有效期', '证件有效期', '来源地', '离开时间', '到达时间', '返回时间', '返回日期', '近14天外出史', '接触史', '旅居史', '排查人', '排查时间', '排查日期', '排查方式', '排查结果', '状态', '签字', '签名', '本人签字', '是否', '邮政编码', '邮编', '派出所', '所属派出所', '更新时间', '变动情况', '去向', '行号',
      'street', 'district', 'city', 'province', 'floor', 'area', 'date', 'status', 'postcode'],
  },
  ...closingWords,
]
