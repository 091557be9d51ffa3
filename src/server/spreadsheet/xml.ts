// Reads XML piece by piece, as it is unpacked, so that a part of any size takes no more memory than its longest tag.
// Names come without their prefix. Whatever a workbook has no use for (document types, entities of its own) is refused.
import { say } from './problems.ts'

/** What is told of a part: `empty` is true of `<name/>`, for which no `close` follows. Text may come in several pieces. */
export type XmlReader = {
  open(name: string, attributes: string, empty: boolean): void
  text?(text: string): void
  close?(name: string): void
}

/** Workbooks nest a dozen deep; their longest tags have some hundred signs. Both in the widest sense. */
const deepest = 100
const longestTag = 100_000

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Text with its references resolved and its line ends as XML wants them. An entity that XML does not know is refused. */
export function plainText(raw: string): string {
  const text = raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw
  return text.includes('&') ? text.replace(/&([^;&\s]*);?/g, (whole, name: string) => signOf(whole, name)) : text
}

function signOf(whole: string, name: string): string {
  if (!whole.endsWith(';')) throw say.damaged()
  const code = /^#x[0-9a-f]{1,6}$/i.test(name)
    ? parseInt(name.slice(2), 16)
    : /^#\d{1,7}$/.test(name)
      ? Number(name.slice(1))
      : -1
  if (code >= 0 && code <= 0x10ffff) return String.fromCodePoint(code)
  const sign = named[name]
  if (sign === undefined) throw say.entities()
  return sign
}

/** The attributes of a tag by their names, prefixes dropped. What is written otherwise is damage. */
export function attributesOf(written: string): Record<string, string> {
  const found: Record<string, string> = Object.create(null) as Record<string, string>
  // Each begins where the last ended: no tag, however long, is searched twice.
  const each = /\s*(?:[^\s=:"'<>/]+:)?([^\s=:"'<>/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y
  let read = 0
  for (let hit = each.exec(written); hit; hit = each.exec(written)) {
    found[hit[1]!] = plainText(hit[2] ?? hit[3] ?? '')
    read = each.lastIndex
  }
  if (written.slice(read).trim() !== '') throw say.damaged()
  return found
}

/** The same text on its own: a part of a longer text would keep all of that in memory. */
export const alone = (text: string): string => Buffer.from(text).toString()

/** Feeds a reader: `write` for each piece, `end` after the last. A part that is not well formed is `spreadsheet.damaged`. */
export class XmlScanner {
  readonly #reader: XmlReader
  readonly #path: string[] = []
  #rest = ''
  #began = false

  constructor(reader: XmlReader) {
    this.#reader = reader
  }

  write(piece: string): void {
    const xml = this.#rest === '' ? piece : this.#rest + piece
    let at = 0
    while (at < xml.length) {
      const next = xml[at] === '<' ? this.#mark(xml, at) : this.#words(xml, at)
      if (next < 0) break
      at = next
    }
    this.#rest = xml.slice(at)
    if (this.#rest.length > longestTag) throw say.damaged()
  }

  end(): void {
    if (this.#rest.trim() !== '' || this.#path.length > 0 || !this.#began) throw say.damaged()
  }

  /** Text up to the next tag; of what breaks off, all but a reference or line end that may go on. Answers where to go on. */
  #words(xml: string, from: number): number {
    let to = xml.indexOf('<', from)
    if (to < 0) {
      to = xml.length
      const reference = xml.lastIndexOf('&')
      if (reference >= from && !xml.includes(';', reference)) to = reference
      else if (xml.endsWith('\r')) to--
      if (to === from) return -1
    }
    if (this.#path.length > 0) this.#reader.text?.(plainText(xml.slice(from, to)))
    return to
  }

  #mark(xml: string, from: number): number {
    const second = xml[from + 1]
    if (second === undefined) return -1
    if (second === '!') return this.#declared(xml, from)
    if (second === '?') return after(xml, '?>', from)
    const end = tagEnd(xml, from + 1)
    if (end < 0) return -1
    if (second === '/') this.#close(xml.slice(from + 2, end))
    else this.#open(xml, from + 1, end)
    return end + 1
  }

  #declared(xml: string, from: number): number {
    if (xml.startsWith('<!--', from)) return after(xml, '-->', from)
    if (xml.startsWith('<![CDATA[', from)) {
      const end = after(xml, ']]>', from)
      if (end > 0) this.#reader.text?.(xml.slice(from + 9, end - 3))
      return end
    }
    if (xml.length - from < 9 && ('<!--'.startsWith(xml.slice(from)) || '<![CDATA['.startsWith(xml.slice(from)))) return -1
    throw say.entities()
  }

  #open(xml: string, from: number, end: number): void {
    const empty = xml[end - 1] === '/'
    const to = empty ? end - 1 : end
    let stop = from
    let start = from
    for (; stop < to; stop++) {
      const code = xml.charCodeAt(stop)
      if (code === 58) start = stop + 1
      else if (code <= 32) break
    }
    const name = xml.slice(start, stop)
    if (name === '' || (this.#path.length === 0 && this.#began)) throw say.damaged()
    this.#began = true
    if (!empty && this.#path.push(name) > deepest) throw say.damaged()
    this.#reader.open(name, stop < to ? xml.slice(stop, to) : '', empty)
  }

  #close(written: string): void {
    const name = written.slice(written.indexOf(':') + 1).trimEnd()
    if (this.#path.pop() !== name) throw say.damaged()
    this.#reader.close?.(name)
  }
}

function after(xml: string, mark: string, from: number): number {
  const at = xml.indexOf(mark, from)
  return at < 0 ? -1 : at + mark.length
}

/** Where a tag ends: at the first `>` outside its quotes. */
function tagEnd(xml: string, from: number): number {
  let quote = 0
  for (let i = from; i < xml.length; i++) {
    const code = xml.charCodeAt(i)
    if (quote !== 0) {
      if (code === quote) quote = 0
    } else if (code === 62) return i
    else if (code === 34 || code === 39) quote = code
    else if (code === 60) throw say.damaged()
  }
  return -1
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' }
// oxlint-disable-next-line no-control-regex -- XML knows no way to write these
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g
/** Words as they stand in XML, in a cell or in an attribute; signs that XML cannot hold are left out. */
export const escaped = (words: string): string => words.replace(unwritable, '').replace(/[&<>"\r]/g, (sign) => entities[sign]!)
