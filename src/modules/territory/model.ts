// Where everybody lives and who answers for it: areas by code, compounds, buildings, units, dwellings, and the grid of each dwelling.
import { z } from 'zod'
import { Instant } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import { choice, label, personal } from '#core/labels.ts'
import { problems } from '#core/problem.ts'
import { text } from '#core/text.ts'
import { AreaCode } from '#modules/identity/model.ts'
import { AreaLevel, areaLevel } from './codes.ts'

export { areaLevel, AreaLevel, chainOf, isGridOf, parentOf } from './codes.ts'

const Name = (zh: string, en: string) => label(z.string().trim().min(1).max(40), zh, en, { harmless: 'name of a place' })
const Community = z.string().regex(/^\d{12}$/)
const Place = label(z.int().min(0).max(100_000).nullable(), '示意图位置', 'Place on the plan')

// --- areas ------------------------------------------------------------------------------------------------------------

/** An area code whose shape is right: 6, 9, 12, 14 or 17 digits. */
export const Code = label(
  AreaCode.refine((code) => areaLevel(code) !== undefined),
  '编码',
  'Code',
  {
    hint: text(
      '区县 6 位，街道 9，社区 12，片区 14，网格 17；无片区的网格片区段填 00',
      'County 6 digits, street 9, community 12, precinct 14, grid 17; a grid without precinct has 00 there',
    ),
  },
)

export const Area = z.object({
  areaCode: label(z.string(), '编码', 'Code'),
  id: Id,
  name: Name('名称', 'Name'),
  level: label(AreaLevel, '级别', 'Level'),
})
export type Area = z.infer<typeof Area>

export const Duty = choice({
  gridWorker: text('网格员', 'Grid worker'),
  gridLeader: text('网格长', 'Grid leader'),
  precinctLeader: text('片区负责人', 'Precinct leader'),
  communitySecretary: text('社区书记', 'Community secretary'),
  supervisor: text('包保领导', 'Supervising officer'),
})
export type Duty = z.infer<typeof Duty>

/** From `since` on this account holds the duty in the area; null: nobody does. Rows are only added, the last one counts. */
export const Responsibility = z.object({
  areaCode: z.string(),
  id: Id,
  account: Id.nullable(),
  duty: Duty,
  since: Instant,
  recordedAt: Instant,
  recordedBy: Id,
})
export type Responsibility = z.infer<typeof Responsibility>

// --- houses -----------------------------------------------------------------------------------------------------------

/** The kind of a compound decides later which measures fit it. 2020, Shanghai Huangpu: governing communities by class; others from practice. */
export const CompoundType = choice({
  commodityHousing: text('商品房', 'Commodity housing'),
  noPropertyManager: text('无物业', 'Without property manager'),
  oldLane: text('旧里弄堂', 'Old lane'),
  relocationSite: text('动迁地块', 'Relocation site'),
  unoccupiedSection: text('无人区段', 'Unoccupied section'),
  officeBuilding: text('办公楼宇', 'Office building'),
  campus: text('校园', 'Campus'),
  villageCooperative: text('股份经济合作社', 'Village co-operative'),
})
export type CompoundType = z.infer<typeof CompoundType>

export const Use = choice({
  owner: text('自住', 'Lived in by the owner'),
  rental: text('出租', 'Let'),
  vacant: text('空置', 'Vacant'),
})
export type Use = z.infer<typeof Use>

export const Compound = z.object({
  community: Community,
  id: Id,
  name: Name('小区', 'Compound'),
  type: label(CompoundType, '类型', 'Type'),
  propertyManager: label(z.string().trim().min(1).max(60).nullable(), '物业', 'Property manager', {
    hint: text('物业公司名称；无物业留空', 'Name of the company; leave empty where there is none'),
    harmless: 'name of a company',
  }),
})
export type Compound = z.infer<typeof Compound>

/** `position` is computed from the name (sorting.ts); `x`, `y` are steps on a plain plan, not coordinates of the earth. */
export const Building = z.object({
  community: Community,
  id: Id,
  compound: Id,
  name: Name('楼栋', 'Building'),
  position: z.int(),
  x: Place,
  y: Place,
})
export type Building = z.infer<typeof Building>

export const Unit = z.object({ community: Community, id: Id, building: Id, name: Name('单元', 'Unit'), position: z.int() })
export type Unit = z.infer<typeof Unit>

export const Room = personal(z.string().trim().min(1).max(20), '房号', 'Room', { mask: 'room', keep: 'register' })
export const Floor = label(z.int().min(-5).max(200).nullable(), '楼层', 'Floor')

export const Dwelling = z.object({
  community: Community,
  id: Id,
  building: Id,
  unit: Id.nullable(),
  room: Room,
  floor: Floor,
  position: z.int(),
  use: label(Use, '房屋性质', 'Use'),
})
export type Dwelling = z.infer<typeof Dwelling>

/** Which grid a dwelling is in, as a dated link; null: in none. */
export const DwellingGrid = z.object({
  community: Community,
  id: Id,
  subject: Id,
  since: Instant,
  recordedAt: Instant,
  recordedBy: Id,
  why: label(z.string().max(200).nullable(), '原因', 'Reason', { harmless: 'why a grid was drawn anew' }),
  grid: label(
    z
      .string()
      .regex(/^\d{17}$/)
      .nullable(),
    '网格',
    'Grid',
  ),
})
export type DwellingGrid = z.infer<typeof DwellingGrid>

/** `桂园小区 3号楼 1单元 301`: names are the same in every language. Parts that are not there are left out. */
export const addressOf = (place: {
  compound?: string | null
  building?: string | null
  unit?: string | null
  room?: string | null
}): string => [place.compound, place.building, place.unit, place.room].filter(Boolean).join(' ')

type OnPlan = { readonly id: Id; readonly compound: Id; readonly x: number | null; readonly y: number | null }

/**
 * A plan of buildings in steps of 1: those placed by hand stand there, the others fill rows of ten below, compound by compound.
 * Takes buildings in their natural order.
 */
export function planOf<B extends OnPlan>(buildings: readonly B[]): (B & { x: number; y: number })[] {
  const placed = buildings.filter((b) => b.x !== null && b.y !== null)
  let row = placed.reduce((low, b) => Math.max(low, b.y! + 1), 0)
  let column = 0
  let compound: Id | undefined
  return buildings.map((b) => {
    if (b.x !== null && b.y !== null) return { ...b, x: b.x, y: b.y }
    if (column === 10 || (compound !== undefined && compound !== b.compound && column > 0)) {
      row++
      column = 0
    }
    compound = b.compound
    return { ...b, x: column++, y: row }
  })
}

// --- words ------------------------------------------------------------------------------------------------------------

export const say = problems('territory', {
  wrongCode: [
    422,
    {
      zh: '编码格式不对：区县 6 位、街道 9 位、社区 12 位、片区 14 位、网格 17 位，均为数字。',
      en: 'The code has the wrong shape: county 6 digits, street 9, community 12, precinct 14, grid 17.',
    },
  ],
  noParent: [422, { zh: '上级区域还没有建立，请先添加上级。', en: 'The area above does not exist yet. Add it first.' }],
  areaExists: [409, { zh: '这个编码已经有区域了。', en: 'There is an area with this code already.' }],
  unknownArea: [404, { zh: '没有找到这个区域，请核对编码。', en: 'This area was not found. Check the code.' }],
  unknownCompound: [404, { zh: '没有找到这个小区，请刷新后再试。', en: 'This compound was not found. Refresh and try again.' }],
  unknownBuilding: [404, { zh: '没有找到这栋楼，请刷新后再试。', en: 'This building was not found. Refresh and try again.' }],
  unknownUnit: [404, { zh: '没有找到这个单元，请刷新后再试。', en: 'This unit was not found. Refresh and try again.' }],
  unknownDwelling: [404, { zh: '没有找到这套房屋，请刷新后再试。', en: 'This dwelling was not found. Refresh and try again.' }],
  compoundExists: [409, { zh: '本社区已有同名小区。', en: 'This community has a compound of that name already.' }],
  buildingExists: [409, { zh: '这个小区已有同名楼栋。', en: 'This compound has a building of that name already.' }],
  unitExists: [409, { zh: '这栋楼已有同名单元。', en: 'This building has a unit of that name already.' }],
  dwellingExists: [409, { zh: '这个单元已有这个房号。', en: 'This unit has that room already.' }],
  notAGrid: [422, { zh: '请选择本社区的一个网格。', en: 'Choose a grid of this community.' }],
  nothingChosen: [
    422,
    {
      zh: '所选范围内没有房屋，请核对楼栋、单元和房号。',
      en: 'No dwelling lies in what you chose. Check building, unit and rooms.',
    },
  ],
  unknownAccount: [
    404,
    { zh: '没有找到这个账号，或它不在该区域内。', en: 'This account was not found, or lies outside the area.' },
  ],
  nothingInFile: [
    422,
    {
      zh: '文件里没有找到“区域”“小区”或“房屋”表。请下载模板，填好后再上传。',
      en: 'The file holds none of the sheets 区域, 小区, 房屋. Download the template, fill it in and upload that.',
    },
  ],
  rowsRefused: [
    422,
    ({ count }: { count: number }) => ({
      zh: `有 ${count} 行需要改正，没有导入任何内容。请按提示改正后重新上传。`,
      en: `${count} ${count === 1 ? 'row needs' : 'rows need'} mending; nothing was loaded. Mend them and upload the file again.`,
    }),
  ],
})
