// Text files with fields, as offices send them: which encoding, which separator, and their records one by one.
import { say } from './problems.ts'

/** What a file was written in; the names are those of `TextDecoder`. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030'

/** What one field may hold, as one cell may. */
const longest = 32_767
/** So many bytes are decoded at a time; the first of them tell the encoding and the separator. */
const piece = 65_536

/** By its mark; else UTF-16 where there are zeros and the signs make sense; else UTF-8 where valid; else what Chinese Windows writes. */
export function encodingOf(bytes: Uint8Array): Encoding | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const sample = bytes.subarray(0, piece)
  if (sample.includes(0)) return (['utf-16le', 'utf-16be'] as const).find((encoding) => makesSense(sample, encoding))
  if (sample.some((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 26 && byte !== 27))) return undefined
  return isUtf8(bytes) ? 'utf-8' : 'gb18030'
}

/** Nearly all signs are letters, digits, marks or Chinese characters, and some are separators or line ends. */
function makesSense(sample: Uint8Array, encoding: Encoding): boolean {
  const text = new TextDecoder(encoding).decode(sample.subarray(0, sample.length & ~1))
  if (!/[,\t;\r\n]/.test(text) || text.includes('\0')) return false
  const usual = text.match(/[\t\r\n\x20-\x7e\u2000-\u206f\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/g)?.length ?? 0
  return usual > text.length * 0.9
}

/** A character that breaks off at the very end does not make it another encoding. */
function isUtf8(bytes: Uint8Array): boolean {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for (let at = 0; at < bytes.length; at += piece) decoder.decode(bytes.subarray(at, at + piece), { stream: true })
    return true
  } catch {
    return false
  }
}

/** Text that a spreadsheet would take for a formula is set off with one apostrophe; exactly that one is taken away. */
const setOff = /^'+[=+\-@\t\r\n|]/
const plain = (text: string): string => (setOff.test(text) ? text.slice(1) : text)

/** The fields of each record. A field without end, and signs that no text has, are refused. */
export function* recordsOf(bytes: Uint8Array, encoding: string, maxColumns = Infinity): Generator<string[]> {
  let splitter: Splitter | undefined
  let first = true
  for (const text of decoded(bytes, encoding)) {
    splitter ??= new Splitter(separatorOf(text), maxColumns)
    for (const record of splitter.split(text)) {
      if (!first || !/^sep=.?$/i.test(record[0] ?? '')) yield record
      first = false
    }
  }
  const last = splitter?.end()
  if (last) yield last
}

function* decoded(bytes: Uint8Array, encoding: string): Generator<string> {
  const decoder = new TextDecoder(encoding)
  for (let at = 0; at < bytes.length; at += piece) {
    const isLast = at + piece >= bytes.length
    const text = decoder.decode(bytes.subarray(at, at + piece), { stream: !isLast })
    if (text.includes('\0')) throw say.damaged()
    yield text
  }
}

/** What separates the fields of most of the first lines into equally many; a comma where nothing does. Data may hold any of them. */
function separatorOf(text: string): string {
  const declared = /^sep=([,;\t|])[\r\n]/i.exec(text)?.[1]
  if (declared) return declared
  const lines = text
    .slice(0, 20_000)
    .replace(/"[^"]*"/g, '')
    .split(/[\r\n]+/)
    .filter((line) => line !== '')
    .slice(0, 30)
  const score = (sign: string): number => {
    const counts = new Map<number, number>()
    for (const line of lines) {
      const count = line.split(sign).length - 1
      if (count > 0) counts.set(count, (counts.get(count) ?? 0) + 1)
    }
    // A sign in one line of several is part of what somebody wrote.
    return Math.max(0, ...[...counts].map(([fields, times]) => (times > 1 || lines.length === 1 ? times * (fields + 1) : 0)))
  }
  return [',', '\t', ';'].reduce((best, sign) => (score(sign) > score(best) ? sign : best))
}

/** Splits text that comes in pieces. A quotation mark opens a field only where the field begins. */
class Splitter {
  readonly #separator: string
  readonly #maxColumns: number
  #record: string[] = []
  #field = ''
  #quoted: 'no' | 'inside' | 'closed' = 'no'
  #afterReturn = false

  constructor(separator: string, maxColumns: number) {
    this.#separator = separator
    this.#maxColumns = maxColumns
  }

  *split(text: string): Generator<string[]> {
    let from = 0
    for (let i = 0; i < text.length; i++) {
      const sign = text[i]!
      if (this.#quoted === 'inside') {
        if (sign !== '"') continue
        this.#append(text.slice(from, i))
        this.#quoted = 'closed'
      } else if (sign === '"' && this.#quoted === 'closed') {
        // Doubled, it was one mark of the text.
        this.#append('"')
        this.#quoted = 'inside'
      } else if (sign === '"' && this.#field === '' && i === from) {
        this.#quoted = 'inside'
      } else if (sign === this.#separator || sign === '\n' || sign === '\r') {
        const isSecond = sign === '\n' && this.#afterReturn
        if (!isSecond) {
          this.#append(text.slice(from, i))
          this.#endField()
          if (sign !== this.#separator) yield this.#take()
        }
        this.#afterReturn = sign === '\r'
        from = i + 1
        continue
      } else {
        this.#afterReturn = false
        if (this.#quoted === 'closed') this.#quoted = 'no'
        continue
      }
      this.#afterReturn = false
      from = i + 1
    }
    this.#append(text.slice(from))
  }

  end(): string[] | undefined {
    if (this.#quoted === 'inside') throw say.truncated()
    if (this.#record.length === 0 && this.#field === '') return undefined
    this.#endField()
    return this.#take()
  }

  #append(text: string): void {
    this.#field += text
    if (this.#field.length > longest) throw say.tooLarge({ what: 'text', limit: longest })
  }

  #endField(): void {
    this.#record.push(this.#field)
    this.#field = ''
    this.#quoted = 'no'
    if (this.#record.length > this.#maxColumns * 10) throw say.tooLarge({ what: 'columns', limit: this.#maxColumns })
  }

  #take(): string[] {
    const record = this.#record.map(plain)
    this.#record = []
    return record
  }
}
