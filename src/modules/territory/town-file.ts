// A town as a workbook or csv file: three sheets, each row judged with its reasons; what stands the test becomes a plan.
import type { z } from 'zod'
import { choiceText } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import type { Cell, WorkbookRead } from '#server/spreadsheet/cells.ts'
import { readTemplate, type FilledRow } from '#server/spreadsheet/filled.ts'
import type { TemplateColumn, TemplateSheet } from '#server/spreadsheet/template.ts'
import type { LoadRow, SheetKey } from './api.ts'
import { areaLevel, AreaLevel, CompoundType, isGridOf, parentOf, say, Use } from './model.ts'
import { tidy } from './sorting.ts'
import type { NewDwelling, TownPlan } from './town.ts'

type Choice<T extends string> = z.ZodType<T> & { readonly options: readonly T[] }
const wordsOf = <T extends string>(schema: Choice<T>): string[] => schema.options.map((one) => choiceText(schema, one).zh)
const meantBy = <T extends string>(schema: Choice<T>, words: string): T | undefined =>
  schema.options.find((one) => {
    const { zh, en } = choiceText(schema, one)
    return zh === words || en.toLowerCase() === words.toLowerCase()
  })

const columns: Record<SheetKey, TemplateColumn[]> = {
  areas: [
    {
      key: 'code',
      head: '编码',
      required: true,
      hint: '区县6位 街道9位 社区12位 片区14位 网格17位；文本格式',
      example: '34030100100101001',
      width: 22,
    },
    { key: 'name', head: '名称', required: true, example: '第一网格', width: 20 },
    { key: 'level', head: '级别', options: wordsOf(AreaLevel), hint: '可不填，由编码长度判断' },
  ],
  compounds: [
    { key: 'name', head: '小区', required: true, example: '桂园小区', width: 20 },
    { key: 'type', head: '类型', required: true, options: wordsOf(CompoundType), width: 16 },
    { key: 'manager', head: '物业', hint: '物业公司名称；无物业留空', width: 24 },
  ],
  dwellings: [
    { key: 'compound', head: '小区', required: true, hint: '与“小区”表中的名称一致', example: '桂园小区', width: 20 },
    { key: 'building', head: '楼栋', required: true, example: '3号楼' },
    { key: 'unit', head: '单元', hint: '没有单元可不填', example: '1单元' },
    { key: 'room', head: '房号', hint: '不填则只建楼栋和单元', example: '301' },
    { key: 'floor', head: '楼层', hint: '可不填，由房号判断', example: '3' },
    { key: 'use', head: '房屋性质', options: wordsOf(Use), hint: '不填按自住' },
    { key: 'grid', head: '网格', hint: '17位网格编码；文本格式', example: '34030100100101001', width: 22 },
  ],
}
const names: Record<SheetKey, string> = { areas: '区域', compounds: '小区', dwellings: '房屋' }
const keys: readonly SheetKey[] = ['areas', 'compounds', 'dwellings']

/** The three sheets of the template, to be filled in and sent back. */
export const townSheets: readonly TemplateSheet[] = keys.map((key) => ({ name: names[key], columns: columns[key] }))

/** What is known before the file: areas by code with their names, compounds by name. `area` is the post that loads. */
export type Known = {
  readonly area: string
  readonly community: string | undefined
  readonly areas: ReadonlyMap<string, string>
  readonly compounds: ReadonlySet<string>
}

/** The plan of all rows that may be loaded, and the judgement of every row but those that have nothing to say. */
export type TownFile = { readonly plan: TownPlan; readonly rows: readonly LoadRow[] }

/** Reads the rows of a file and judges them. Throws `territory.nothingInFile` where no sheet is recognised. */
export function readTown(workbook: WorkbookRead, known: Known): TownFile {
  const filled = filledSheets(workbook)
  if (keys.every((key) => filled[key].length === 0)) throw say.nothingInFile()
  const areas = judgeAreas(filled.areas, known)
  const compounds = judgeCompounds(filled.compounds, known)
  const codes = new Set([...known.areas.keys(), ...areas.taken.map((a) => a.code)])
  const named = new Set([...known.compounds, ...compounds.taken.map((c) => c.name)])
  const dwellings = judgeDwellings(filled.dwellings, { ...known, compounds: named }, codes)
  const judged = [...areas.rows, ...compounds.rows, ...dwellings.rows]
  return {
    rows: judged.filter((row) => row.verdict !== 'same'),
    plan: {
      community: known.community,
      areas: areas.taken,
      compounds: compounds.taken,
      buildings: dwellings.buildings,
      units: dwellings.units,
      dwellings: dwellings.taken,
    },
  }
}

/** A workbook has its sheets by name; a csv file is whichever sheet it has all required columns of, with the fewest missing. */
function filledSheets(workbook: WorkbookRead): Record<SheetKey, FilledRow[]> {
  const none: Record<SheetKey, FilledRow[]> = { areas: [], compounds: [], dwellings: [] }
  if (workbook.format === 'xlsx') {
    const sheets = readTemplate(workbook, { sheets: townSheets })
    return { areas: sheets[0]!.rows, compounds: sheets[1]!.rows, dwellings: sheets[2]!.rows }
  }
  const tried = keys
    .map((key, i) => ({ key, sheet: readTemplate(workbook, { sheets: [townSheets[i]!] })[0]! }))
    .filter(({ key, sheet }) => columns[key].every((column) => !column.required || !sheet.missingColumns.includes(column.key)))
    .sort((a, b) => a.sheet.missingColumns.length - b.sheet.missingColumns.length)
  return tried[0] ? { ...none, [tried[0].key]: tried[0].sheet.rows } : none
}

const read = (cell: Cell | undefined): string => tidy(cell?.text ?? '')
const missing = (head: string): Text => text(`请填写“${head}”`, `Please fill in “${head}”`)
const notInList = (head: string): Text => text(`“${head}”请从下拉列表中选择`, `Take “${head}” from the list`)

function judge(
  sheet: SheetKey,
  row: number,
  what: string | null,
  reasons: readonly Text[],
  otherwise: LoadRow['verdict'],
): LoadRow {
  return { sheet, row, what, verdict: reasons.length ? 'refused' : otherwise, reasons: [...reasons] }
}

const words = {
  worn: text(
    '编码末尾几位已被表格软件改掉，请把该列设为文本后重新填写',
    'The spreadsheet has changed the last digits; make the column text and enter the code again',
  ),
  shape: text('编码须为 6、9、12、14 或 17 位数字', 'The code must have 6, 9, 12, 14 or 17 digits'),
  level: text('级别与编码长度不符', 'The level does not fit the length of the code'),
  twice: text('同一编码在文件中出现了不同的名称', 'The same code stands in the file under two names'),
  outside: text('编码不在您的工作范围内', 'The code lies outside your area'),
  parent: text('上级区域不存在，请先填上级', 'The area above is missing; enter it first'),
  compound: text('“小区”表里没有这个小区', 'The sheet 小区 does not hold this compound'),
  community: text('请先选定一个社区，再导入小区和房屋', 'Choose one community before loading compounds and dwellings'),
  grid: text('网格须是本社区已有的 17 位编码', 'The grid must be one of this community, 17 digits'),
  floor: text('楼层请填整数', 'The floor must be a whole number'),
  long: text('内容过长', 'Too long'),
} as const

function judgeAreas(filled: readonly FilledRow[], known: Known) {
  const given = filled.map(({ row, cells }) => ({
    row,
    code: read(cells.code),
    name: read(cells.name),
    level: read(cells.level),
    worn: cells.code?.lossy ?? false,
  }))
  const named = new Map<string, string>()
  for (const { code, name } of given) if (!named.has(code)) named.set(code, name)
  const there = new Set([...known.areas.keys(), ...named.keys()])
  const taken: { code: string; name: string }[] = []
  const rows = given.map(({ row, code, name, level, worn }): LoadRow => {
    if (areaLevel(code) && code !== known.area && known.area.startsWith(code)) return judge('areas', row, name, [], 'above')
    const shape = areaLevel(code)
    const parent = parentOf(code)
    const reasons = [
      code === '' && missing('编码'),
      name === '' && missing('名称'),
      worn && words.worn,
      code !== '' && !worn && !shape && words.shape,
      name.length > 40 && words.long,
      shape && level !== '' && meantBy(AreaLevel, level) !== shape && words.level,
      named.get(code) !== name && words.twice,
      shape && !code.startsWith(known.area) && words.outside,
      parent && code !== known.area && !there.has(parent) && words.parent,
    ].filter((reason) => typeof reason === 'object')
    const before = known.areas.get(code)
    if (reasons.length === 0 && before === undefined) taken.push({ code, name })
    return judge('areas', row, name || null, reasons, before === undefined ? 'new' : before === name ? 'same' : 'otherName')
  })
  return { rows, taken }
}

function judgeCompounds(filled: readonly FilledRow[], known: Known) {
  const taken: { name: string; type: CompoundType; propertyManager: string | null }[] = []
  const rows = filled.map(({ row, cells }): LoadRow => {
    const [name, type] = [read(cells.name), read(cells.type)]
    const meant = meantBy(CompoundType, type)
    const manager = read(cells.manager)
    const reasons = [
      name === '' && missing('小区'),
      type === '' && missing('类型'),
      type !== '' && !meant && notInList('类型'),
      (name.length > 40 || manager.length > 60) && words.long,
      known.community === undefined && words.community,
    ].filter((reason) => typeof reason === 'object')
    if (reasons.length === 0) taken.push({ name, type: meant!, propertyManager: manager || null })
    return judge('compounds', row, name || null, reasons, known.compounds.has(name) ? 'same' : 'new')
  })
  return { rows, taken }
}

function judgeDwellings(filled: readonly FilledRow[], known: Known, codes: ReadonlySet<string>) {
  const buildings: { compound: string; name: string }[] = []
  const units: { compound: string; building: string; name: string }[] = []
  const taken: NewDwelling[] = []
  const rows = filled.map(({ row, cells }): LoadRow => {
    const [compound, building, unit, room] = [read(cells.compound), read(cells.building), read(cells.unit), read(cells.room)]
    const [floor, use, grid] = [read(cells.floor), read(cells.use), read(cells.grid)]
    const meant = use === '' ? 'owner' : meantBy(Use, use)
    const reasons = [
      compound === '' && missing('小区'),
      building === '' && missing('楼栋'),
      compound !== '' && known.community !== undefined && !known.compounds.has(compound) && words.compound,
      !meant && notInList('房屋性质'),
      floor !== '' && !/^-?\d{1,3}$/.test(floor) && words.floor,
      known.community === undefined && words.community,
      grid !== '' &&
        (!isGridOf(grid, known.community ?? grid) || !codes.has(grid)) &&
        (cells.grid?.lossy ? words.worn : words.grid),
      (building.length > 40 || unit.length > 40 || room.length > 20) && words.long,
    ].filter((reason) => typeof reason === 'object')
    if (reasons.length === 0) {
      buildings.push({ compound, name: building })
      if (unit) units.push({ compound, building, name: unit })
      const storey = floor ? { floor: Number(floor) } : {}
      if (room) taken.push({ compound, building, unit: unit || null, room, use: meant!, grid: grid || null, ...storey })
    }
    // Which dwellings are new is told by the count alone: a room is nobody's business in a preview.
    return judge('dwellings', row, null, reasons, 'same')
  })
  return { rows, buildings, units, taken }
}
