// A blank form as an office might draw it: title over five columns, fill-in line, two rows to fill, totals, print set-up.
import { pack } from './zip.ts'

const ns = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

/** The sheet's XML with its data, or other data, between what stands before and after. */
export const formXml = ({ data, merges = ['A1:E1'] }: { data: string; merges?: readonly string[] }): string =>
  `${xml}<worksheet ${ns}><sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="1" width="6" customWidth="1"/>` +
  `<col min="2" max="2" width="24" customWidth="1"/><col min="6" max="6" width="12" style="2" customWidth="1"/></cols>${data}` +
  `<mergeCells count="${merges.length}">${merges.map((ref) => `<mergeCell ref="${ref}"/>`).join('')}</mergeCells>` +
  '<printOptions horizontalCentered="1"/><pageMargins left="0.5" right="0.5" top="0.7" bottom="0.7" header="0.3" footer="0.3"/>' +
  '<pageSetup paperSize="9" orientation="landscape"/><headerFooter><oddFooter>&amp;C第 &amp;P 页</oddFooter></headerFooter></worksheet>'

const text = (ref: string, style: number, index: number) => `<c r="${ref}" s="${style}" t="s"><v>${index}</v></c>`
const blank = (ref: string, style = 2) => `<c r="${ref}" s="${style}"/>`

const usual =
  '<sheetData>' +
  `<row r="1" ht="30" customHeight="1">${text('A1', 1, 0)}</row>` +
  `<row r="2">${text('A2', 0, 1)}${blank('B2', 0)}${text('D2', 0, 9)}${blank('E2', 0)}</row>` +
  `<row r="3">${text('B3', 3, 2)}${text('C3', 3, 3)}${text('D3', 3, 4)}${text('E3', 3, 5)}</row>` +
  `<row r="4" spans="1:5"><c r="A4" s="2"><v>1</v></c>${text('B4', 2, 6)}${blank('C4')}${blank('D4')}` +
  '<c r="E4" s="2" t="str"><f>IF(C4&gt;0,"有","无")</f><v>有</v></c></row>' +
  `<row r="5" spans="1:5"><c r="A5" s="2"><v>2</v></c>${text('B5', 2, 7)}${blank('C5')}${blank('D5')}${blank('E5')}</row>` +
  `<row r="6">${blank('A6')}${text('B6', 2, 8)}<c r="C6" s="2"><f t="shared" ref="C6:D6" si="0">SUM(C4:C5)</f><v>999</v></c>` +
  `<c r="D6" s="2"><f t="shared" si="0"/><v>999</v></c>${blank('E6')}</row></sheetData>`

const words = [
  '疫情防控日报表',
  '填报单位：',
  '项目',
  '今日新增',
  '累计',
  '备注',
  '居家隔离人数',
  '消毒面积（㎡）',
  '合计',
  '填报时间：',
]

/** The bytes of the form; `words` replaces its texts in their order, `parts` replaces or adds parts. */
export function drawnForm(parts: Readonly<Record<string, string>> = {}, said: readonly string[] = words): Uint8Array {
  const all: Record<string, string> = {
    '[Content_Types].xml':
      `${xml}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
      '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>' +
      '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>' +
      '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>' +
      '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    '_rels/.rels': `${xml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml':
      `${xml}<workbook ${ns} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="日报" sheetId="1" r:id="rId1"/></sheets>` +
      '<definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0">日报!$1:$3</definedName></definedNames><calcPr calcId="191029"/></workbook>',
    'xl/_rels/workbook.xml.rels':
      `${xml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>` +
      '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>' +
      '<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    'xl/worksheets/sheet1.xml': formXml({ data: usual }),
    'xl/styles.xml':
      `${xml}<styleSheet ${ns}><fonts count="3"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="18"/><name val="方正小标宋简体"/></font><font><b/><sz val="11"/><name val="黑体"/></font></fonts>` +
      '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
      '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border><left style="thin"/><right style="thin"/><top style="thin"/><bottom style="thin"/><diagonal/></border></borders>' +
      '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' +
      '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment horizontal="center" vertical="center"/></xf><xf numFmtId="0" fontId="0" fillId="0" borderId="1" xfId="0"/>' +
      '<xf numFmtId="0" fontId="2" fillId="0" borderId="1" xfId="0" applyAlignment="1"><alignment horizontal="center"/></xf></cellXfs></styleSheet>',
    'xl/sharedStrings.xml': `${xml}<sst ${ns} count="${said.length}" uniqueCount="${said.length}">${said.map((one) => `<si><t>${one}</t></si>`).join('')}</sst>`,
    ...parts,
  }
  return pack(Object.entries(all).map(([name, data]) => ({ name, data: Buffer.from(data) })))
}
