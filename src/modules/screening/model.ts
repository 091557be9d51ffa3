// Screening: campaigns, attempts to reach a household, what was said there, and the persons who need a follow-up.
import { z } from 'zod'
import { Day, Instant } from '#core/dates.ts'
import { factFields } from '#core/fact.ts'
import { photos } from '#core/files.ts'
import { Id } from '#core/ids.ts'
import { choice, label, personal } from '#core/labels.ts'
import { problems } from '#core/problem.ts'
import { states } from '#core/states.ts'
import { text } from '#core/text.ts'

/** A choice's code: symptoms and answers travel as codes, their words stand in the form. */
export const Code = z.string().regex(/^[a-z][a-zA-Z0-9]*$/)

// --- campaigns --------------------------------------------------------------------------------------------------------

export const CampaignState = choice({ open: text('进行中', 'Open'), closed: text('已结束', 'Closed') })
export type CampaignState = z.infer<typeof CampaignState>

/** `screening_campaigns`. `endsOn` is the day on which it was closed; it still counts on that day. */
export const Campaign = z.object({
  community: z.string().regex(/^\d{12}$/),
  id: Id,
  title: label(z.string().trim().min(1).max(60), '排查名称', 'Title', { harmless: 'name of a campaign' }),
  area: label(z.string().regex(/^(\d{12}|\d{14}|\d{17})$/), '范围', 'Area', {
    hint: text('本社区，或其中一个片区、网格', 'The community, or one precinct or grid of it'),
  }),
  startsOn: label(Day, '开始日期', 'Starts on'),
  dueOn: label(Day.nullable(), '计划完成日期', 'To be done by'),
  endsOn: label(Day.nullable(), '结束日期', 'Ended on'),
  formVersion: label(Id.nullable(), '表单版本', 'Form version'),
  response: label(Id.nullable(), '应急响应', 'Response'),
  state: label(CampaignState, '状态', 'State'),
  openedAt: label(Instant, '启动时间', 'Opened'),
  openedBy: label(Id, '启动人', 'Opened by'),
  closedAt: label(Instant.nullable(), '关闭时间', 'Closed'),
  closedBy: label(Id.nullable(), '关闭人', 'Closed by'),
})
export type Campaign = z.infer<typeof Campaign>

export const can = states<CampaignState>()({ close: { from: ['open'], to: 'closed' } })

// --- attempts ---------------------------------------------------------------------------------------------------------

/** The three steps of S4a: a call, then the door, then a notice on it. */
export const AttemptHow = choice({
  phone: text('电话', 'By phone'),
  door: text('上门', 'At the door'),
  notice: text('张贴提示', 'Notice on the door'),
})
export type AttemptHow = z.infer<typeof AttemptHow>

export const Outcome = choice({
  reached: text('已联系上', 'Reached'),
  nobody: text('无人应答', 'Nobody there'),
  refused: text('不配合', 'Refused'),
  vacant: text('空置', 'Vacant'),
  moved: text('已搬离', 'Moved away'),
})
export type Outcome = z.infer<typeof Outcome>

/** Who took part in one visit. S1, 1.5: committee, property manager, police, grid worker and urban management register together. */
export const Party = choice({
  residentsCommittee: text('居委会', 'Residents committee'),
  gridWorker: text('网格员', 'Grid worker'),
  propertyManager: text('物业', 'Property manager'),
  police: text('民警', 'Police'),
  urbanManagement: text('城管', 'Urban management'),
  medic: text('卫生站', 'Health station'),
  buildingSteward: text('楼长', 'Building steward'),
  volunteer: text('志愿者', 'Volunteer'),
  other: text('其他', 'Others'),
})
export type Party = z.infer<typeof Party>

const note = personal(z.string().trim().max(300).nullable(), '备注', 'Note', { mask: 'text', keep: 'response', long: true })
const Symptoms = personal(z.array(Code).max(20), '症状', 'Symptoms', {
  mask: 'text',
  keep: 'response',
  why: text('尽早发现需要帮助的人', 'To find early who needs help'),
})

/** One fact of `screening_attempts`. */
export const Attempt = z.object({
  ...factFields,
  how: label(AttemptHow, '排查方式', 'How'),
  campaign: Id,
  household: Id,
  dwelling: Id.nullable(),
  outcome: label(Outcome, '排查结果', 'Outcome'),
  parties: label(z.array(Party).max(9), '参加方', 'Who took part'),
  photos: photos('screening', '门上提示照片', 'Photos of the notice', {
    keep: 'response',
    most: 2,
    hint: text('拍贴好的提示，不要拍到人', 'The notice as it hangs; nobody in the picture'),
  }),
  note,
  /** Who went, where somebody else typed it in from paper; and the line of the list on which it stood. */
  walkedBy: label(Id.nullable(), '走访人', 'Walked by'),
  paper: Id.nullable(),
  line: z.int().nullable(),
})
export type Attempt = z.infer<typeof Attempt>

/** An answer by kind of question: yes or no, a code, words, a number, days. */
export const Answer = z.union([z.boolean(), z.number(), z.string().max(500), z.array(z.string().max(60)).max(31)])
export const Answers = personal(z.record(Code, Answer), '回答', 'Answers', { mask: 'text', keep: 'response' })
export type Answers = z.infer<typeof Answers>

/** One fact of `screening_statements`: well means that no symptom was chosen, never that somebody measured anything. */
export const Statement = z.object({
  ...factFields,
  how: label(AttemptHow, '排查方式', 'How'),
  attempt: Id,
  campaign: Id,
  household: Id,
  person: Id,
  well: label(z.boolean(), '健康状况正常', 'Well'),
  symptoms: Symptoms,
  answers: Answers,
})
export type Statement = z.infer<typeof Statement>

// --- key persons ------------------------------------------------------------------------------------------------------

export const Category = choice({
  returnee: text('返程人员', 'Returnee'),
  contact: text('有接触史', 'Contact'),
  visitor: text('外来人员', 'Visitor'),
  other: text('其他', 'Other'),
})
export type Category = z.infer<typeof Category>

export const Arrival = choice({ arrived: text('已返', 'Arrived'), expected: text('将返', 'Expected') })
export type Arrival = z.infer<typeof Arrival>

export const Risk = choice({
  high: text('高风险', 'High'),
  medium: text('中风险', 'Medium'),
  low: text('低风险', 'Low'),
  unknown: text('未定', 'Unknown'),
})
export type Risk = z.infer<typeof Risk>

export const Transport = choice({
  plane: text('飞机', 'Plane'),
  train: text('火车', 'Train'),
  coach: text('客车', 'Coach'),
  ownCar: text('自驾', 'Own car'),
  ship: text('轮船', 'Ship'),
  other: text('其他', 'Other'),
})
export type Transport = z.infer<typeof Transport>

const itineraryWhy = text(
  '仅向返程等重点人员询问，用于判断来源地风险',
  'Asked of returnees and other key persons only, to judge the risk of where they come from',
)

/** What is asked of a key person: columns of the ledgers L2 and L3. */
export const keyPersonFields = {
  category: label(Category, '人员类别', 'Category'),
  arrival: label(Arrival, '返回状态', 'Arrival'),
  originCode: label(
    z
      .string()
      .regex(/^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/)
      .nullable(),
    '来源地编码',
    'Code of the origin',
    {
      hint: text('省 2 位、市 4 位、区县 6 位', 'Province 2 digits, city 4, county 6'),
    },
  ),
  origin: personal(z.string().trim().min(1).max(80).nullable(), '来源地', 'Origin', {
    mask: 'text',
    keep: 'response',
    why: itineraryWhy,
  }),
  leftOn: personal(Day.nullable(), '离开来源地日期', 'Left on', { mask: 'text', keep: 'response' }),
  arrivedOn: personal(Day.nullable(), '到达日期', 'Arrived on', { mask: 'text', keep: 'response' }),
  transport: personal(Transport.nullable(), '交通方式', 'Transport', { mask: 'text', keep: 'response' }),
  vehicleNo: personal(z.string().trim().min(1).max(30).nullable(), '航班／车次／车牌', 'Flight, train or plate', {
    mask: 'text',
    keep: 'response',
  }),
  travelReason: personal(z.string().trim().min(1).max(60).nullable(), '返乡原因', 'Why they travelled', {
    mask: 'text',
    keep: 'response',
  }),
  symptoms: Symptoms,
  note,
}

/** One fact of `screening_key_persons`. `policyVersions` judged the source risk when it was recorded. */
export const KeyPerson = z.object({
  ...factFields,
  campaign: Id.nullable(),
  attempt: Id.nullable(),
  household: Id.nullable(),
  person: Id,
  ...keyPersonFields,
  sourceRisk: label(Risk, '来源地风险', 'Risk of the origin'),
  policyVersions: label(z.array(Id), '依据版本', 'By versions'),
})
export type KeyPerson = z.infer<typeof KeyPerson>

/** Decided by whoever may decide; screening writes down that it was (L3, 采取措施). */
export const Measure = choice({
  none: text('无', 'None'),
  homeObservation: text('居家隔离', 'Observation at home'),
  observationPlace: text('留观点隔离', 'At an observation place'),
  hospitalIsolation: text('医院隔离', 'Isolated in hospital'),
  hospitalConfirmed: text('确诊住院', 'Confirmed, in hospital'),
})
export type Measure = z.infer<typeof Measure>

export const followUpFields = {
  well: label(z.boolean(), '身体状况正常', 'Well'),
  symptoms: Symptoms,
  measure: label(Measure, '采取措施', 'Measure'),
  place: personal(z.string().trim().min(1).max(80).nullable(), '住院或集中观察地址', 'Hospital or place of observation', {
    mask: 'text',
    keep: 'response',
  }),
  departedOn: personal(Day.nullable(), '离开日期', 'Gone since', { mask: 'text', keep: 'response' }),
  handedOver: label(z.boolean(), '已移交卫健部门', 'Handed over to the health authority'),
  note,
}

/** One fact of `screening_follow_ups`. */
export const FollowUp = z.object({ ...factFields, keyPerson: Id, person: Id, ...followUpFields })
export type FollowUp = z.infer<typeof FollowUp>

// --- words ------------------------------------------------------------------------------------------------------------

export const say = problems('screening', {
  unknownCampaign: [404, { zh: '没有找到这次排查，请刷新后再试。', en: 'This campaign was not found. Refresh and try again.' }],
  unknownAttempt: [404, { zh: '没有找到这条排查记录，请刷新后再试。', en: 'This attempt was not found. Refresh and try again.' }],
  unknownHousehold: [404, { zh: '没有找到这一户，请刷新后再试。', en: 'This household was not found. Refresh and try again.' }],
  unknownPerson: [404, { zh: '没有找到这位居民，请刷新后再试。', en: 'This person was not found. Refresh and try again.' }],
  unknownKeyPerson: [
    404,
    { zh: '没有找到这条重点人员记录，请刷新后再试。', en: 'This key person was not found. Refresh and try again.' },
  ],
  unknownBuilding: [404, { zh: '没有找到这栋楼，请刷新后再试。', en: 'This building was not found. Refresh and try again.' }],
  alreadyOpen: [
    409,
    {
      zh: '这个范围内已有一次排查正在进行。请先结束它，再启动新的。',
      en: 'A campaign is open in this area already. Close it before you open another.',
    },
  ],
  notStartedYet: [
    422,
    {
      zh: '开始日期不能晚于今天，请在开始当天启动。',
      en: 'It cannot start later than today. Open it on the day on which it starts.',
    },
  ],
  wrongDates: [422, { zh: '计划完成日期不能早于开始日期。', en: 'It cannot be due before it starts.' }],
  wrongState: [409, { zh: '这次排查已经结束，请刷新后再试。', en: 'This campaign has been closed. Refresh and try again.' }],
  campaignClosed: [
    409,
    {
      zh: '这次排查已结束，不能再登记。请在新的排查中登记，或联系社区书记。',
      en: 'This campaign is closed and takes no more entries. Record it in the present one, or ask the community secretary.',
    },
  ],
  outsideCampaign: [409, { zh: '这一户不在本次排查范围内。', en: 'This household lies outside the campaign.' }],
  noticeReachesNobody: [
    422,
    {
      zh: '张贴提示不等于联系上住户，结果只能是“无人应答”。',
      en: 'A notice on the door does not reach anybody; its outcome can only be "nobody there".',
    },
  ],
  notOfHousehold: [
    422,
    {
      zh: '所填人员不是这一户的成员。请先作为新成员登记，或核对房号。',
      en: 'Somebody named is not a member of this household. Add the person first, or check the door.',
    },
  ],
  notInForm: [
    422,
    ({ questions }: { questions: readonly string[] }) => ({
      zh: `有 ${questions.length} 项回答不在本次表单内或格式不对，请按表单重新选择。`,
      en: `${questions.length} ${questions.length === 1 ? 'answer does' : 'answers do'} not fit the form. Choose again from it.`,
    }),
  ],
  keyPersonsOnly: [
    422,
    ({ questions }: { questions: readonly string[] }) => ({
      zh: `有 ${questions.length} 个问题只向重点人员询问。请先登记为重点人员，或删去回答。`,
      en: `${questions.length} ${questions.length === 1 ? 'question is' : 'questions are'} for key persons only. Record one first, or leave it out.`,
    }),
  ],
  wrongTime: [
    422,
    {
      zh: '发生时间不能在将来，也不能早于排查开始。',
      en: 'It cannot have happened in the future, nor before the campaign began.',
    },
  ],
  numberTaken: [
    409,
    { zh: '刚有另一份名单同时打印，请再按一次“打印”。', en: 'Another list was printed at the same moment. Press print again.' },
  ],
  unknownPaper: [
    404,
    {
      zh: '没有找到这个编号的名单，请对照纸上方的编号再输入。',
      en: 'No list has this number. Compare it with the number at the top of the paper.',
    },
  ],
  wrongNumber: [
    422,
    {
      zh: '编号的校验位对不上，多半是输错了一位。请对照纸上方的编号再输入。',
      en: 'The check digit does not fit: probably one digit is wrong. Compare it with the paper.',
    },
  ],
  unknownLine: [
    404,
    ({ lines }: { lines: number }) => ({
      zh: `这张名单只有 1–${lines} 行，请核对行号。`,
      en: `This list has lines 1 to ${lines} only. Check the line number.`,
    }),
  ],
  lineKeyed: [
    409,
    ({ line }: { line: number }) => ({
      zh: `第 ${line} 行已经录入，而且内容不同。请核对；确实要改，请用“更正”。`,
      en: `Line ${line} has been keyed already, and says something else. Check it; to change it, use “Correct”.`,
    }),
  ],
  emptyPaper: [409, { zh: '这个范围内没有需要打印的住户。', en: 'There is no household to print here.' }],
  tooManyLines: [
    422,
    ({ lines, most }: { lines: number; most: number }) => ({
      zh: `共 ${lines} 户，一份名单最多 ${most} 行。请选一个网格或一栋楼。`,
      en: `${lines} households; one list holds ${most} lines. Choose a grid or a building.`,
    }),
  ],
  beforePrinted: [
    422,
    {
      zh: '走访时间早于名单的打印时间，请核对日期和时间。',
      en: 'The walk would lie before the list was printed. Check day and time.',
    },
  ],
  whoIsUnwell: [
    422,
    {
      zh: '请写明谁不舒服、有什么症状。纸上没写清的，先问清再录。',
      en: 'Say who is unwell and how. Where the paper does not say it, ask first.',
    },
  ],
  unknownWalker: [422, { zh: '请从名单里选择走访人。', en: 'Choose who walked from the list.' }],
  setTooLarge: [
    422,
    ({ households }: { households: number }) => ({
      zh: `范围内有 ${households} 户，超出一台手机的下载上限。请选择一个网格。`,
      en: `There are ${households} households there, more than one phone takes. Choose one grid.`,
    }),
  ],
})
