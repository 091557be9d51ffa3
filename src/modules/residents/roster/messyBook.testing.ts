// Writes a workbook cell by cell, as no library would: formulas with and without results, numbers worn to 15 digits, dates in any format.
import { pack } from '#server/spreadsheet/zip.ts'
import { letterOf } from '#server/imports/understand/tidy.ts'

/** `f` a formula with its stored value `v` (none: never calculated); `day` a day shown in the format of that number. */
export type MessyCell = null | string | number | { f: string; v?: string | number } | { day: string; format: number }
export type MessySheet = { name: string; rows: MessyCell[][]; merges: string[]; hidden: number[] }

export const formats = [
  'yyyy/m/d',
  'yyyy"年"m"月"d"日"',
  'yyyy\\-mm\\-dd',
  '[$-804]yyyy"年"m"月"d"日";@',
  'm/d/yy',
  'yyyy"年"m"月"',
  'mmm\\-yy',
]
/** The number by which a spreadsheet keeps a day. */
export const serialOf = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / 86_400_000) + 25_569

const escaped = (text: string): string => text.replace(/[&<>"\n\t]/g, (sign) => `&#${sign.charCodeAt(0)};`)
const worn = (value: number): string => (value >= 1e15 ? value.toExponential(14).replace('e+', 'E+') : String(value))

function cellXml(cell: MessyCell, ref: string): string {
  if (cell === null) return `<c r="${ref}" s="0"/>`
  if (typeof cell === 'number') return `<c r="${ref}"><v>${worn(cell)}</v></c>`
  if (typeof cell === 'string') return `<c r="${ref}" t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`
  if ('day' in cell) return `<c r="${ref}" s="${1 + cell.format}"><v>${serialOf(cell.day)}</v></c>`
  const stored = cell.v === undefined ? '' : `<v>${typeof cell.v === 'number' ? cell.v : escaped(cell.v)}</v>`
  return `<c r="${ref}"${typeof cell.v === 'string' ? ' t="str"' : ''}><f>${escaped(cell.f)}</f>${stored}</c>`
}

function sheetXml({ rows, merges, hidden }: MessySheet): string {
  const columns = hidden.map((at) => `<col min="${at + 1}" max="${at + 1}" width="9" hidden="1"/>`).join('')
  const lines = rows
    .map((row, i) => `<row r="${i + 1}">${row.map((cell, at) => cellXml(cell, `${letterOf(at)}${i + 1}`)).join('')}</row>`)
    .join('')
  const merged = merges.length ? `<mergeCells>${merges.map((range) => `<mergeCell ref="${range}"/>`).join('')}</mergeCells>` : ''
  return `<worksheet xmlns="${main}">${columns ? `<cols>${columns}</cols>` : ''}<sheetData>${lines}</sheetData>${merged}</worksheet>`
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packages = 'http://schemas.openxmlformats.org/package/2006'
const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** The bytes of a workbook with these sheets. */
export function messyXlsx(sheets: readonly MessySheet[]): Uint8Array {
  const related = (list: readonly [string, string][]) =>
    `<Relationships xmlns="${packages}/relationships">${list
      .map(([kind, target], i) => `<Relationship Id="rId${i + 1}" Type="${office}/${kind}" Target="${target}"/>`)
      .join('')}</Relationships>`
  const styles =
    `<styleSheet xmlns="${main}"><numFmts count="${formats.length}">${formats.map((code, i) => `<numFmt numFmtId="${170 + i}" formatCode="${escaped(code)}"/>`).join('')}</numFmts>` +
    `<fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellXfs count="${formats.length + 1}"><xf/>${formats
      .map((_, i) => `<xf numFmtId="${170 + i}" applyNumberFormat="1"/>`)
      .join('')}</cellXfs></styleSheet>`
  const parts: [string, string][] = [
    [
      '[Content_Types].xml',
      `<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
        `<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/>` +
        `${sheets.map((_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="${types}.worksheet+xml"/>`).join('')}` +
        `<Override PartName="/xl/styles.xml" ContentType="${types}.styles+xml"/></Types>`,
    ],
    ['_rels/.rels', related([['officeDocument', 'xl/workbook.xml']])],
    [
      'xl/workbook.xml',
      `<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${sheets
        .map(({ name }, i) => `<sheet name="${escaped(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`)
        .join('')}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      related([
        ...sheets.map((_, i): [string, string] => ['worksheet', `worksheets/sheet${i + 1}.xml`]),
        ['styles', 'styles.xml'],
      ]),
    ],
    ...sheets.map((sheet, i): [string, string] => [`xl/worksheets/sheet${i + 1}.xml`, sheetXml(sheet)]),
    ['xl/styles.xml', styles],
  ]
  return pack(
    parts.map(([name, text]) => ({
      name,
      data: Buffer.from(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${text}`),
    })),
  )
}
