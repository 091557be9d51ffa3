// What territory can be asked and told: the area tree, who is responsible, houses, grids, the plan, and a town from a file.
import { z } from 'zod'
import { command, download, query } from '#core/contract.ts'
import { Instant } from '#core/dates.ts'
import { exportTerms } from '#core/exports.ts'
import { Id } from '#core/ids.ts'
import { choice, label } from '#core/labels.ts'
import { pageOf, paging } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { AreaCode, by } from '#modules/identity/model.ts'
import { Area, Building, Code, Compound, Duty, Dwelling, DwellingGrid, Floor, Room, Unit, Use } from './model.ts'

/** Everybody who works with addresses sees which houses there are; which dwellings, only where the post reaches. */
const readers = by(
  'gridWorker',
  'gridLeader',
  'communityStaff',
  'buildingSteward',
  'gateGuard',
  'medic',
  'volunteer',
  'propertyManager',
  'communitySecretary',
  'subdistrictOfficer',
  'districtOfficer',
  'auditor',
  'administrator',
)
const keepers = by('communitySecretary', 'administrator')

/** Named by posts wider than one community; others leave it out. */
const community = label(
  z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  '社区',
  'Community',
)

// --- areas ------------------------------------------------------------------------------------------------------------

/** Who holds a duty in an area at present. */
export const Holder = z.object({
  duty: label(Duty, '职责', 'Duty'),
  account: Id,
  name: label(z.string(), '责任人', 'Responsible', { harmless: 'names on duty are posted publicly' }),
  since: label(Instant, '起', 'Since'),
})
export const AreaWithHolders = Area.extend({ responsible: label(z.array(Holder), '责任人', 'Responsible') })
export type AreaWithHolders = z.infer<typeof AreaWithHolders>

export const areas = query('territory.areas', {
  title: text('区域', 'Areas'),
  may: 'signedIn',
  input: z.object({ under: AreaCode.optional() }),
  output: pageOf(AreaWithHolders),
})
export const exportAreas = download('territory.exportAreas', {
  title: text('区域和责任人表', 'Areas and who answers for them'),
  may: readers,
  input: z.object({ under: AreaCode.optional(), ...exportTerms }),
  output: AreaWithHolders,
})
export const addArea = command('territory.addArea', {
  title: text('添加区域', 'Add an area'),
  may: keepers,
  input: z.object({ areaCode: Code, name: Area.shape.name }),
  output: Area,
})
export const renameArea = command('territory.renameArea', {
  title: text('区域改名', 'Rename an area'),
  may: keepers,
  input: z.object({ areaCode: Code, name: Area.shape.name }),
  output: Area,
})
export const appoint = command('territory.appoint', {
  title: text('确定责任人', 'Name who is responsible'),
  may: keepers,
  input: z.object({
    areaCode: Code,
    duty: label(Duty, '职责', 'Duty'),
    account: label(Id.nullable().default(null), '责任人', 'Responsible', { hint: text('留空表示暂无', 'Empty: nobody for now') }),
    since: label(Instant.optional(), '起', 'Since', { hint: text('不填即现在', 'Empty: now') }),
  }),
  output: AreaWithHolders,
})

// --- houses -----------------------------------------------------------------------------------------------------------

export const CompoundRow = Compound.extend({
  buildings: label(z.int(), '楼栋数', 'Buildings', { unit: text('栋', 'buildings') }),
  dwellings: label(z.int(), '房屋数', 'Dwellings', { unit: text('套', 'dwellings') }),
})
export const compounds = query('territory.compounds', {
  title: text('小区', 'Compounds'),
  may: readers,
  input: z.object({ community }),
  output: pageOf(CompoundRow),
})
const compoundFields = {
  name: Compound.shape.name,
  type: Compound.shape.type,
  propertyManager: Compound.shape.propertyManager.default(null),
}
export const addCompound = command('territory.addCompound', {
  title: text('添加小区', 'Add a compound'),
  may: keepers,
  input: z.object({ community, ...compoundFields }),
  output: Compound,
})
export const changeCompound = command('territory.changeCompound', {
  title: text('修改小区', 'Change a compound'),
  may: keepers,
  input: z.object({ community, compound: Id, ...compoundFields }),
  output: Compound,
})

export const BuildingRow = Building.extend({
  compoundName: Compound.shape.name,
  units: label(z.int(), '单元数', 'Units'),
  dwellings: label(z.int(), '房屋数', 'Dwellings', { unit: text('套', 'dwellings') }),
  /** Grids of its dwellings; empty where none is assigned. */
  grids: label(z.array(z.string()), '网格', 'Grids'),
})
export type BuildingRow = z.infer<typeof BuildingRow>
export const buildings = query('territory.buildings', {
  title: text('楼栋', 'Buildings'),
  may: readers,
  input: z.object({ community, compound: Id.optional() }),
  output: pageOf(BuildingRow),
})
export const exportBuildings = download('territory.exportBuildings', {
  title: text('楼栋表', 'Buildings'),
  may: readers,
  input: z.object({ community, ...exportTerms }),
  output: BuildingRow,
})
export const addBuilding = command('territory.addBuilding', {
  title: text('添加楼栋', 'Add a building'),
  may: keepers,
  input: z.object({ community, compound: Id, name: Building.shape.name }),
  output: Building,
})
export const changeBuilding = command('territory.changeBuilding', {
  title: text('修改楼栋', 'Change a building'),
  may: keepers,
  input: z.object({ community, building: Id, name: Building.shape.name }),
  output: Building,
})
const Mark = label(z.object({ zh: z.string(), en: z.string() }), '标记', 'Mark', { harmless: 'words of the house' })
/** What other modules say of buildings on the plan: a seal and the like, never a person or a room. */
export const marks = query('territory.marks', {
  title: text('示意图标记', 'Marks on the plan'),
  may: readers,
  input: z.object({ community }),
  output: z.object({ rows: z.array(z.object({ building: Id, words: Mark })) }),
})
export const drawPlan = command('territory.drawPlan', {
  title: text('保存楼栋示意图', 'Save the plan of buildings'),
  may: keepers,
  input: z.object({
    community,
    places: z
      .array(z.object({ building: Id, x: Building.shape.x, y: Building.shape.y }))
      .min(1)
      .max(500),
  }),
  output: z.object({ placed: z.int() }),
})

export const units = query('territory.units', {
  title: text('单元', 'Units'),
  may: readers,
  input: z.object({ community, building: Id }),
  output: pageOf(Unit),
})
export const addUnit = command('territory.addUnit', {
  title: text('添加单元', 'Add a unit'),
  may: keepers,
  input: z.object({ community, building: Id, name: Unit.shape.name }),
  output: Unit,
})

export const DwellingRow = Dwelling.extend({
  compoundName: label(Compound.shape.name, '小区', 'Compound'),
  buildingName: label(Building.shape.name, '楼栋', 'Building'),
  unitName: label(Unit.shape.name.nullable(), '单元', 'Unit'),
  grid: DwellingGrid.shape.grid,
})
export type DwellingRow = z.infer<typeof DwellingRow>
const stood = {
  community,
  compound: label(Id.optional(), '小区', 'Compound'),
  building: label(Id.optional(), '楼栋', 'Building'),
  unit: label(Id.optional(), '单元', 'Unit'),
  grid: label(AreaCode.optional(), '网格', 'Grid'),
  use: label(Use.optional(), '房屋性质', 'Use'),
  ungrouped: label(z.boolean().optional(), '未划入网格', 'In no grid yet'),
}
export const dwellings = query('territory.dwellings', {
  title: text('房屋', 'Dwellings'),
  may: readers,
  input: z.object({ ...stood, ...paging }),
  output: pageOf(DwellingRow),
})
export const exportDwellings = download('territory.exportDwellings', {
  title: text('房屋表', 'Dwellings'),
  may: readers,
  full: by('communitySecretary', 'administrator'),
  input: z.object({ ...stood, ...exportTerms }),
  output: DwellingRow,
})
export const addDwelling = command('territory.addDwelling', {
  title: text('添加房屋', 'Add a dwelling'),
  may: keepers,
  input: z.object({
    community,
    building: Id,
    unit: label(Id.nullable().default(null), '单元', 'Unit'),
    room: Room,
    floor: Floor.default(null),
    use: label(Use.default('owner'), '房屋性质', 'Use'),
    grid: label(AreaCode.nullable().default(null), '网格', 'Grid'),
  }),
  output: DwellingRow,
})
export const changeDwelling = command('territory.changeDwelling', {
  title: text('修改房屋', 'Change a dwelling'),
  may: keepers,
  input: z.object({ community, dwelling: Id, room: Room, floor: Floor.default(null), use: label(Use, '房屋性质', 'Use') }),
  output: DwellingRow,
})

const asOf = {
  since: label(Instant.optional(), '起', 'Since', { hint: text('不填即现在', 'Empty: now') }),
  why: DwellingGrid.shape.why.default(null),
}
const Assigned = z.object({
  assigned: label(z.int(), '划入', 'Assigned', { unit: text('套', 'dwellings') }),
  unchanged: label(z.int(), '原已在该网格', 'There already', { unit: text('套', 'dwellings') }),
})
/** A building, one of its units, or the rooms from one to another in natural order, all at once. `grid` null takes them out of any. */
export const assignGrid = command('territory.assignGrid', {
  title: text('划入网格', 'Put into a grid'),
  may: keepers,
  input: z.object({
    community,
    grid: label(AreaCode.nullable(), '网格', 'Grid'),
    building: label(Id, '楼栋', 'Building'),
    unit: label(Id.nullable().default(null), '单元', 'Unit', { hint: text('不选即整栋', 'Empty: the whole building') }),
    from: label(Room.nullable().default(null), '从房号', 'From room', { hint: text('不填即全部', 'Empty: all rooms') }),
    to: label(Room.nullable().default(null), '到房号', 'To room'),
    ...asOf,
  }),
  output: Assigned,
})
/** Several whole buildings at once. */
export const assignBuildings = command('territory.assignBuildings', {
  title: text('多栋划入网格', 'Put buildings into a grid'),
  may: keepers,
  input: z.object({
    community,
    grid: label(AreaCode.nullable(), '网格', 'Grid'),
    buildings: label(z.array(Id).min(1).max(1000), '楼栋', 'Buildings'),
    ...asOf,
  }),
  output: Assigned,
})

// --- a town from a file -----------------------------------------------------------------------------------------------

const file = {
  community,
  name: label(z.string().min(1).max(200), '文件名', 'File name', { harmless: 'only its ending is looked at' }),
  /** The file in base64. */
  content: label(z.base64().max(8_000_000), '文件', 'File', { harmless: 'read and let go' }),
}
const Verdict = choice({
  new: text('新增', 'New'),
  same: text('已有', 'There already'),
  otherName: text('已有，名称不同（保留原名）', 'There already under another name, which stays'),
  above: text('上级区域，由上级维护', 'An area above yours, kept there'),
  refused: text('需要改正', 'Needs mending'),
})
const Sheet = choice({ areas: text('区域', 'Areas'), compounds: text('小区', 'Compounds'), dwellings: text('房屋', 'Dwellings') })
export type SheetKey = z.infer<typeof Sheet>

/** What a row would do. Rows with nothing to say are left out. `what` is the name of a place, never a room. */
export const LoadRow = z.object({
  sheet: label(Sheet, '表', 'Sheet'),
  row: label(z.int(), '行', 'Row'),
  what: label(z.string().nullable(), '名称', 'Name', { harmless: 'name of a place' }),
  verdict: label(Verdict, '结果', 'Result'),
  reasons: label(z.array(z.object({ zh: z.string(), en: z.string() })), '原因', 'Reasons'),
})
export type LoadRow = z.infer<typeof LoadRow>
const Counts = z.object({
  areas: label(z.int(), '区域', 'Areas'),
  compounds: label(z.int(), '小区', 'Compounds'),
  buildings: label(z.int(), '楼栋', 'Buildings'),
  units: label(z.int(), '单元', 'Units'),
  dwellings: label(z.int(), '房屋', 'Dwellings'),
  links: label(z.int(), '划入网格', 'Grid links'),
})
export type Counts = z.infer<typeof Counts>

export const previewLoad = query('territory.previewLoad', {
  title: text('预览导入', 'Preview a load'),
  may: keepers,
  heavy: true,
  secret: ['content'],
  input: z.object(file),
  output: z.object({ add: Counts, refused: z.int(), rows: z.array(LoadRow) }),
})
export const load = command('territory.load', {
  title: text('导入区域和房屋', 'Load areas and houses'),
  may: keepers,
  heavy: true,
  secret: ['content'],
  input: z.object(file),
  output: z.object({ added: Counts }),
})
export const template = download('territory.template', {
  title: text('下载模板', 'Download the template'),
  may: keepers,
  input: z.object({ community }),
  output: z.object({ row: z.int() }),
})
