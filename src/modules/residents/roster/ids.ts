// Document numbers as rosters write them. What a spreadsheet has worn down, or what does not stand the check, is dropped and said, never mended.
import type { Day } from '#core/dates.ts'
import { text, type Text } from '#core/text.ts'
import type { Said } from '#server/imports/understand/model.ts'
import { idCardFault, idFault, idFaults, IdType, spelled } from '../documents.ts'

/** `fault` says why a number that stood there was dropped. */
export type IdRead = { readonly type: IdType; readonly number: string | null; readonly fault?: Text; readonly doubt?: Text }

export const idSays = {
  worn: text(
    '长号码被表格按数字保存，末几位已丢失，没有采用。请把这一列设为“文本”，对照证件重填',
    'The spreadsheet kept this number as a number and lost its last digits; it was not taken. Format the column as text and enter it again',
  ),
  masked: text('号码被遮盖，没有采用。请对照证件补全', 'The number is masked and was not taken. Enter it in full'),
  several: text(
    '一格里有几个号码，无法确定是哪一个，没有采用。请只留本人的',
    'Several numbers stand in this cell; none was taken. Keep the person’s own',
  ),
  kind: text(
    '看不出是哪种证件，号码没有采用。请填写证件类型',
    'It cannot be told which document this is; the number was not taken. Enter the kind of document',
  ),
  military: text(
    '这种证件不能登记号码，没有采用。请改填居民身份证号',
    'Numbers of this kind of document are not registered; it was not taken. Enter the identity card instead',
  ),
  otherKind: text(
    '证件类型与号码不符，按号码认定。请核对',
    'Kind and number do not agree; the number was followed. Please check',
  ),
  zeros: text(
    '末三位都是 0，可能被表格改过。请对照证件核对',
    'It ends in three noughts and may have been changed by a spreadsheet. Compare it with the card',
  ),
} as const

const none =
  /^(无|不详|未知|没有|没|空|暂无|待补|未提供|拒绝提供|不清楚|不记得|忘记|遗失|丢失|办理中|补办中|在办|n\/?a|null|unknown|[-—–/\\.·*_、0]+)$/i
const withoutPapers = /^(无证|无证件|无身份证|没有身份证|未办理?|未办证|未上户口?|无户口|黑户|新生儿?|婴儿|none|no)$/i

/** Kinds as people call them; `military`: none that the register knows. */
const kinds: readonly [RegExp, IdType | 'other'][] = [
  [/港澳台居民居住证|居住证/, 'residencePermit'],
  [/港澳|回乡证|香港|澳门|hong ?kong|macao/i, 'hkMacaoPermit'],
  [/台胞|台湾|taiwan/i, 'taiwanPermit'],
  [/永久居留|永居|外国人.*居留|permanent/i, 'foreignerResidence'],
  [/护照|passport/i, 'passport'],
  [/军官|士兵|军人|警官|驾驶|社保|学生证|出生|残疾|护士|military/i, 'other'],
  [/身份证|户口|身份|公民|二代证|id ?card|identity|^id$/i, 'idCard'],
  [/^(无|无证件|没有|none)$/i, 'none'],
]

/** The kind that words name; undefined where they name none that is known. */
export const kindOf = (words: string | undefined): IdType | 'other' | undefined => {
  const said = words?.normalize('NFKC').replaceAll(/\s/g, '')
  return said ? (kinds.find(([seen]) => seen.test(said))?.[1] ?? IdType.options.find((type) => type === said)) : undefined
}

/** Reads the number in a cell. `kind` is what the column beside it says. */
export function readId(said: Said | undefined, kindSaid: string | undefined, today: Day): IdRead {
  const named = kindOf(kindSaid)
  const without: IdType = named && named !== 'other' ? named : 'notRecorded'
  if (!said) return { type: without, number: null }
  const whole = said.text
    .normalize('NFKC')
    .replace(/[’‘'`"”“]/g, '')
    .trim()
  if (whole === '' || none.test(whole.replaceAll(/\s/g, ''))) return { type: without, number: null }
  if (withoutPapers.test(whole.replaceAll(/\s/g, ''))) return { type: 'none', number: null }
  const type = named && named !== 'other' ? named : 'idCard'
  if (said.lossy || /^\d(\.\d+)?e\+?1[4-9]$/i.test(whole) || (said.kind === 'number' && /^\d{16,}/.test(whole))) {
    return { type, number: null, fault: idSays.worn }
  }
  const [own, label] = unlabelled(whole)
  const kind = kindOf(label) ?? named
  if (/\d[*●○□■★?_…某]|[*●]{2,}|[xX]{2,}/.test(own))
    return { type: kind === 'other' || !kind ? 'idCard' : kind, number: null, fault: idSays.masked }
  if (kind === 'other') return ofOther(own, today)
  return judged(own, kind, said, today)
}

/** A number without the words before and behind it: 身份证：4201…, E12345678（护照）. */
function unlabelled(whole: string): [string, string | undefined] {
  const words = whole.match(/[\u4e00-\u9fff]{2,}|passport|id ?card/gi)?.join('')
  const bare = whole
    .replace(/\([^()]*\)/g, (part) => (/\d{6}/.test(part) ? part : ''))
    .replace(/[\u4e00-\u9fff]+\s*(号码|号)?\s*[::]?|(passport|id ?card|^id|^no\.?)\s*[::]?\s*/gi, ' ')
    .replace(/[×╳✕χХх]/g, 'X')
    .replace(/\.0+$/, '')
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9*●]+$/g, '')
  return [bare, words]
}

/** Papers without a kind of their own often bear the number of the identity card all the same. */
function ofOther(own: string, today: Day): IdRead {
  const number = spelled('idCard', own)
  return idCardFault(number, today) ? { type: 'notRecorded', number: null, fault: idSays.military } : { type: 'idCard', number }
}

const cardLike = /^[\dXx\s./·-]+$/

function judged(own: string, kind: IdType | undefined, said: Said, today: Day): IdRead {
  if (/^\d{15,18}[Xx]?\s*[/、,;\s]\s*\d{15,18}[Xx]?$/.test(own)) return { type: 'idCard', number: null, fault: idSays.several }
  const joined = own.replaceAll(/[\s\-–—·._/、,]/g, '').toUpperCase()
  const shaped = shapeOf(joined)
  if (!kind || kind === 'none' || kind === 'notRecorded') {
    if (!shaped) {
      if (cardLike.test(own) && joined.length >= 10) return card(joined, said, today)
      return { type: 'notRecorded', number: null, fault: idSays.kind }
    }
    return shaped === 'idCard' ? card(joined, said, today) : other(shaped, joined, today)
  }
  const fault = idFault(kind, spelled(kind, joined), today)
  if (fault && shaped && shaped !== kind && !idFault(shaped, spelled(shaped, joined), today)) {
    return { ...(shaped === 'idCard' ? card(joined, said, today) : other(shaped, joined, today)), doubt: idSays.otherKind }
  }
  return kind === 'idCard' ? card(joined, said, today) : other(kind, joined, today)
}

function card(joined: string, { kind }: Said, today: Day): IdRead {
  const number = spelled('idCard', joined)
  const fault = idFault('idCard', number, today) ?? (joined.length === 15 ? idCardFault(joined, today) : undefined)
  if (fault) return { type: 'idCard', number: null, fault: idFaults[fault] }
  return {
    type: 'idCard',
    number,
    ...(number.endsWith('000') && kind !== 'text'
      ? { number: null, fault: idSays.worn }
      : number.endsWith('000')
        ? { doubt: idSays.zeros }
        : {}),
  }
}

function other(kind: IdType, joined: string, today: Day): IdRead {
  const number = spelled(kind, joined)
  const fault = idFault(kind, number, today)
  return fault ? { type: kind, number: null, fault: idFaults[fault] } : { type: kind, number }
}

/** The kind that a number shows by itself. Eight digits alone could be anything, so they are nothing. */
function shapeOf(number: string): IdType | undefined {
  if (/^(81|82|83)0000\d{11}[\dX]$/.test(number)) return 'residencePermit'
  if (/^9\d{16}[\dX]$/.test(number) || /^[A-Z]{3}\d{12}$/.test(number)) return 'foreignerResidence'
  if (/^\d{17}[\dX]$|^\d{15}$/.test(number)) return 'idCard'
  if (/^[HM]\d{8}(\d{2})?$/.test(number)) return 'hkMacaoPermit'
  if (/^([EGDPS][A-Z]?\d{7,8}|1[45]\d{7}|[A-Z]{1,2}\d{6,8})$/.test(number)) return 'passport'
  return undefined
}

export const looksLikeId = (text: string): boolean =>
  /^\d{17}[\dXx]$|^\d{15}$/.test(text.normalize('NFKC').replaceAll(/[\s-]/g, '')) || /^\d\.\d+E\+17$/i.test(text)
