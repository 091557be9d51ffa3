// Telephones as rosters write them: several in a cell, with country codes, spaces and words; a number of the wrong length is dropped.

/** `faults` counts what looked like a number and is none. */
export type PhonesRead = {
  readonly phones: readonly string[]
  readonly faults: number
  readonly masked?: true
  readonly worn?: true
}

const none =
  /^(无|不详|未知|没有|没|空|暂无|无电话|无手机|没有手机|没有电话|停机|空号|关机|不便提供|拒绝提供|未提供|拒填|未登记|待补|不清楚|n\/?a|null|none|no|unknown|[-—–/\\.·*_、0]+)$/i
const mobile = /^1[3-9]\d{9}$/
/** Three digits for the largest cities, four for all others. */
const areaCode = /^(010|02\d|0[3-9]\d{2})/

/** All numbers in a cell, each once, in their order: mobiles as 11 digits, landlines as `027-88888888`. */
export function readPhones(raw: string, { lossy }: { lossy?: boolean } = {}): PhonesRead {
  const text = raw
    .normalize('NFKC')
    .replace(/^[’'`"]+/, '')
    .trim()
  if (text === '' || none.test(text.replaceAll(/\s/g, ''))) return { phones: [], faults: 0 }
  const exponent = /^(\d)(?:\.(\d+))?e\+(\d+)$/i.exec(text)
  if (exponent && (exponent[2]?.length ?? 0) < Number(exponent[3])) return { phones: [], faults: 1, worn: true }
  const whole = exponent ? `${exponent[1]}${exponent[2]}` : text
  if (lossy) return { phones: [], faults: 1, worn: true }
  if (/\d{2,}[*xX×●]{2,}/.test(whole)) return { phones: [], faults: 1, masked: true }
  const phones: string[] = []
  let faults = 0
  for (const piece of whole.split(/[/、;,|\n或&]|以及|\s和|和\s|(?<=\d)\s*(?=(?!转)[\u4e00-\u9fff]{1,4}[::]?\s*\+?\d)/)) {
    const read = readPiece(piece)
    phones.push(...read.phones)
    faults += read.faults
  }
  return { phones: [...new Set(phones)], faults }
}

function readPiece(piece: string): { phones: string[]; faults: number } {
  const alone = phoneOf(piece)
  if (alone) return { phones: [alone], faults: 0 }
  if (!/\d{3}/.test(piece.replaceAll(/[\s-]/g, ''))) return { phones: [], faults: 0 }
  const glued = /^(1[3-9]\d{9})(1[3-9]\d{9})$/.exec(piece.replaceAll(/\s/g, ''))
  if (glued) return { phones: [glued[1]!, glued[2]!], faults: 0 }
  const parts = piece.split(/\s+/).filter((part) => /\d/.test(part))
  const each = parts.map(phoneOf)
  if (parts.length > 1 && each.every((phone) => phone !== undefined)) return { phones: each as string[], faults: 0 }
  return scanned(piece)
}

const within =
  /(?:(?:\+|00)?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(?!\d)|\(?0\d{2,3}\)?[-\s]*\d{4}\s?\d{3,4}(?:[-转\s]+\d{1,6})?(?!\d)/g

/** Numbers among words or beside each other. What is left of digits is a number gone wrong. */
function scanned(piece: string): { phones: string[]; faults: number } {
  const phones: string[] = []
  const rest = piece.replace(within, (found, at: number) => {
    const phone = /\d/.test(piece[at - 1] ?? '') ? undefined : phoneOf(found)
    if (!phone) return found
    phones.push(phone)
    return ' '
  })
  return { phones, faults: /\d{5,}/.test(rest.replaceAll(/[\s-]/g, '')) ? 1 : 0 }
}

/** One number in one spelling; undefined where it is none. */
function phoneOf(said: string): string | undefined {
  const words = said
    .trim()
    .replace(/^[\u4e00-\u9fffa-zA-Z]{1,8}\s*[::.]?\s*(?=[+(\d])/, '')
    .replace(/\([^()\d]*\)\s*$/, '')
    .replace(/(?<=\d)\s*[\u4e00-\u9fff]{1,6}$/, '')
    .replace(/\.0+$/, '')
    .replace(/[.。]+$/, '')
    .trim()
  if (!/^[+\d()\s.\-–—―转ext:x#*]+$/i.test(words)) return undefined
  const [main = '', extension] = words.split(/(?:转|ext\.?|#|x)\s*:?/i)
  const marked = main.replace(/[–—―.]/g, '-')
  const plain = marked.replace(/[\s()-]/g, '')
  const national = plain
    .replace(/^(\+|00)?86(?=1[3-9]\d{9}$)/, '')
    .replace(/^(\+|00)86(?=0?\d{9,11}$)/, '')
    .replace(/^0(?=1[3-9]\d{9}$)/, '')
  if (mobile.test(national) && !extension) return national
  if (/^\+(?!86)\d{7,15}$/.test(plain)) return plain
  return landlineOf(national, marked, extension?.trim())
}

function landlineOf(plain: string, marked: string, extension: string | undefined): string | undefined {
  const tail = (further: string | undefined) => (further ? `-${further}` : '')
  const code =
    areaCode.exec(plain)?.[0] ??
    (/^(\+|00)86/.test(marked) && !plain.startsWith('0') ? areaCode.exec(`0${plain}`)?.[0] : undefined)
  if (code) {
    const rest = plain.startsWith('0') ? plain.slice(code.length) : `0${plain}`.slice(code.length)
    if (/^[2-9]\d{6,7}$/.test(rest)) return `${code}-${rest}${tail(extension)}`
    const further = /^\(?0\d{2,3}\)?[\s-]*([2-9]\d{6,7})-(\d{1,6})$/.exec(marked.replaceAll(/(?<=\d)\s(?=\d)/g, ''))
    return further ? `${code}-${further[1]}-${further[2]}` : undefined
  }
  return /^[2-9]\d{6,7}$/.test(plain) ? `${plain}${tail(extension)}` : undefined
}

export const looksLikePhone = (text: string): boolean => {
  const { phones, faults } = readPhones(text)
  return phones.length > 0 && faults === 0 && phones.some((phone) => mobile.test(phone) || phone.includes('-'))
}
