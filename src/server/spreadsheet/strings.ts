// The texts that cells of a workbook share, kept as bytes: as strings of the engine they would weigh several times as much.
import { say } from './problems.ts'
import type { XmlReader } from './xml.ts'

/** What one cell may hold at most in Excel, WPS and LibreOffice. */
export const longest = 32_767

const page = 1 << 20
const pages = 16
const most = 750_000

/** Texts by their number. More than 16 MB of them, or 750,000, are refused. */
export class SharedStrings {
  readonly #pages: Buffer[] = []
  #at = page
  #count = 0
  #starts = new Uint32Array(1024)
  #lengths = new Uint32Array(1024)

  add(text: string): void {
    if (this.#count >= most) throw say.tooLarge({ what: 'memory', limit: page * pages })
    if (this.#count === this.#starts.length) this.#grow()
    const size = Buffer.byteLength(text)
    if (this.#at + size > page) this.#turn()
    this.#starts[this.#count] = (this.#pages.length - 1) * page + this.#at
    this.#lengths[this.#count++] = size
    if (size > 0) this.#at += this.#pages.at(-1)!.write(text, this.#at)
  }

  get(index: number): string {
    const [start, length] = [this.#starts[index], this.#lengths[index]]
    if (start === undefined || length === undefined || index >= this.#count) throw say.damaged()
    const at = start % page
    return length === 0 ? '' : this.#pages[Math.floor(start / page)]!.toString('utf8', at, at + length)
  }

  #turn(): void {
    if (this.#pages.length === pages) throw say.tooLarge({ what: 'memory', limit: page * pages })
    this.#pages.push(Buffer.allocUnsafeSlow(page))
    this.#at = 0
  }

  #grow(): void {
    const longer = (short: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> => {
      const long = new Uint32Array(Math.min(most, short.length * 2))
      long.set(short)
      return long
    }
    this.#starts = longer(this.#starts)
    this.#lengths = longer(this.#lengths)
  }
}

/** The text of one cell or shared string while it is read: pieces of `t`, not those of how it is pronounced (`rPh`). */
export class TextInside {
  text = ''
  #inText = false
  #aside = 0

  open(name: string, empty: boolean): void {
    if (empty) return
    if (this.#aside > 0 || name === 'rPh') this.#aside++
    else if (name === 't') this.#inText = true
  }

  add(piece: string): void {
    if (!this.#inText) return
    this.text += piece
    if (this.text.length > 8 * longest) throw say.tooLarge({ what: 'text', limit: longest })
  }

  close(name: string): void {
    if (this.#aside > 0) this.#aside--
    else if (name === 't') this.#inText = false
  }

  /** What was read, and a fresh start. */
  take(): string {
    const text = meant(this.text)
    this.text = ''
    return text
  }
}

/** Text as it is meant: `_x000D_` stands for a sign that XML cannot carry; */
export function meant(raw: string): string {
  const text = raw.includes('_x')
    ? raw.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    : raw
  if (text.length > longest) throw say.tooLarge({ what: 'text', limit: longest })
  return text.toWellFormed()
}

/** Reads `sharedStrings.xml`. */
export function stringsReader(strings: SharedStrings): XmlReader {
  const inside = new TextInside()
  return {
    open: (name, _, empty) => {
      if (name === 'si' && empty) strings.add('')
      else inside.open(name, empty)
    },
    text: (piece) => inside.add(piece),
    close: (name) => {
      inside.close(name)
      if (name === 'si') strings.add(inside.take())
    },
  }
}
