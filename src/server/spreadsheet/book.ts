// What a workbook says of itself outside its sheets: which parts it has and what they are, its sheets, its number formats.
import { checkFormula } from './formulas.ts'
import { builtIn, formatOf, type NumberFormat } from './formats.ts'
import { say } from './problems.ts'
import { SharedStrings, stringsReader } from './strings.ts'
import { checkProlog, readXml } from './unzip.ts'
import { attributesOf } from './xml.ts'
import type { PackedPart } from './zip.ts'

export type BookSheet = { name: string; hidden: boolean; part: PackedPart }
export type Book = { sheets: BookSheet[]; since1904: boolean; formats: readonly NumberFormat[]; strings: SharedStrings }

type Relation = { id: string; type: string; target: string }

/** Relations by which a workbook draws on something outside itself, or carries programs. */
const outside = /\/(externalLink\w*|connections|queryTable|ddeLink|oleLink)$/i
const programs = /\/(vbaProject\w*|xlMacrosheet|xlIntlMacrosheet|activeXControl\w*|attachedToolbars)$/i
const mostStyles = 65_536
const mostSheets = 500

/** Reads all but the cells. Programs, outside data and documents that are no workbook are refused. */
export async function openBook(bytes: Uint8Array, parts: readonly PackedPart[]): Promise<Book> {
  const byName = new Map(parts.map((part) => [part.name.toLowerCase(), part]))
  const relations = await readRelations(bytes, parts)
  const root = relations.get('')?.find(({ type }) => type.endsWith('/officedocument'))
  const at = root?.target ?? 'xl/workbook.xml'
  const part = byName.get(at)
  if (!part) throw say.notAWorkbook({ found: 'otherZip' })
  const own = relations.get(at) ?? []
  const partOf = (relation: Relation | undefined): PackedPart | undefined => relation && byName.get(relation.target)
  const { sheets, since1904 } = await readBook(bytes, part, own, partOf)
  const styles = partOf(own.find(({ type }) => type.endsWith('/styles')))
  const shared = partOf(own.find(({ type }) => type.endsWith('/sharedstrings')))
  const strings = new SharedStrings()
  if (shared) await readXml(bytes, shared, stringsReader(strings))
  return { sheets, since1904, formats: styles ? await readFormats(bytes, styles) : [], strings }
}

/** The relations of every part by the name of the part, '' for those of the whole. No part may hide a document type. */
async function readRelations(bytes: Uint8Array, parts: readonly PackedPart[]): Promise<Map<string, Relation[]>> {
  const all = new Map<string, Relation[]>()
  for (const part of parts) {
    const hit = /^(.*\/)?_rels\/([^/]*)\.rels$/.exec(part.name.toLowerCase())
    if (hit) all.set((hit[1] ?? '') + (hit[2] ?? ''), await relationsIn(bytes, part, hit[1] ?? ''))
    else if (/\.(xml|rels|vml)$/i.test(part.name)) await checkProlog(bytes, part)
  }
  return all
}

async function relationsIn(bytes: Uint8Array, part: PackedPart, folder: string): Promise<Relation[]> {
  const relations: Relation[] = []
  await readXml(bytes, part, {
    open: (name, attributes) => {
      if (name !== 'Relationship') return
      const { Id: id = '', Type: type = '', Target: target = '', TargetMode: mode } = attributesOf(attributes)
      if (programs.test(type)) throw say.macros()
      if (outside.test(type)) throw say.externalLinks()
      const isOutside = mode?.toLowerCase() === 'external'
      if (isOutside && /\/oleObject$/i.test(type)) throw say.externalLinks()
      if (!isOutside) relations.push({ id, type: type.toLowerCase(), target: resolved(folder, target) })
    },
  })
  return relations
}

/** Targets count from the folder of the part, or from the root when they begin with a slash. */
function resolved(folder: string, target: string): string {
  const path: string[] = []
  const whole = /^[/\\]/.test(target) ? target : folder + target
  for (const step of whole.toLowerCase().split(/[/\\]/)) {
    if (step === '..') path.pop()
    else if (step !== '' && step !== '.') path.push(step)
  }
  return path.join('/')
}

async function readBook(
  bytes: Uint8Array,
  part: PackedPart,
  own: readonly Relation[],
  partOf: (relation: Relation | undefined) => PackedPart | undefined,
): Promise<Pick<Book, 'sheets' | 'since1904'>> {
  const sheets: BookSheet[] = []
  let [since1904, isBook, name] = [false, false, '']
  await readXml(bytes, part, {
    open: (tag, attributes) => {
      if (tag === 'workbook') isBook = true
      if (tag === 'workbookPr') since1904 = /^(1|true|on)$/i.test(attributesOf(attributes)['date1904'] ?? '')
      if (tag === 'externalReference') throw say.externalLinks()
      if (tag === 'sheet') addSheet(attributesOf(attributes))
      name = tag
    },
    text: (said) => {
      if (name === 'definedName') checkFormula(said)
    },
    close: () => {
      name = ''
    },
  })
  if (!isBook) throw say.notAWorkbook({ found: 'otherZip' })
  if (sheets.length === 0) throw say.damaged()
  return { sheets, since1904 }

  function addSheet({ name: title = '', state = '', id }: Record<string, string>): void {
    const relation = own.find((one) => one.id === id)
    // Charts have sheets of their own, and dialogues had.
    if (relation && !relation.type.endsWith('/worksheet')) return
    const sheetPart = partOf(relation)
    if (!sheetPart) throw say.damaged()
    if (sheets.length >= mostSheets) throw say.tooLarge({ what: 'parts', limit: mostSheets })
    sheets.push({ name: title, hidden: /hidden$/i.test(state), part: sheetPart })
  }
}

/** The number format of each cell style, by its number. A workbook without any is read as plain numbers. */
async function readFormats(bytes: Uint8Array, part: PackedPart): Promise<NumberFormat[]> {
  const codes = new Map<number, NumberFormat>()
  const formats: NumberFormat[] = []
  let inCells = false
  await readXml(bytes, part, {
    open: (name, attributes, empty) => {
      if (name === 'cellXfs') inCells = !empty
      else if (name === 'numFmt' && codes.size < mostStyles) {
        const { numFmtId, formatCode = '' } = attributesOf(attributes)
        codes.set(Number(numFmtId), formatOf(formatCode.slice(0, 255)))
      } else if (name === 'xf' && inCells && formats.length < mostStyles) {
        const id = Number(attributesOf(attributes)['numFmtId'] ?? 0)
        formats.push(codes.get(id) ?? builtIn(id))
      }
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false
    },
  })
  return formats
}
