// What a row of a list says of a person: name, document, telephone, dates, read with the same eyes as a roster.
import type { Day } from '#core/dates.ts'
import { text, type Text } from '#core/text.ts'
import type { Said, UnderstoodRow } from '#server/imports/understand/model.ts'
import type { IdType } from '../documents.ts'
import { completed, dialled, type Sex } from '../model.ts'
import { readDate } from '../roster/dates.ts'
import { readId } from '../roster/ids.ts'
import { readName } from '../roster/names.ts'
import { readPhones } from '../roster/phones.ts'
import { sexOf } from '../roster/words.ts'

export type Listed = {
  readonly name: string | null
  readonly sex: Sex | null
  readonly birthDate: Day | null
  readonly idType: IdType
  readonly idNumber: string | null
  readonly phone: string | null
  /** Why the row cannot be taken; and what somebody should look at though it is. */
  readonly reasons: readonly Text[]
  readonly remarks: readonly Text[]
}

const says = {
  name: text('请填写姓名', 'Please enter the name'),
  formula: text(
    '这一格的公式没有保存结果，请改为文字后再上传',
    'This formula was saved without its result: write the value instead',
  ),
  worn: text(
    '长数字的末几位已被表格丢掉，没有采用',
    'The spreadsheet has dropped the last digits of this number; it was not taken',
  ),
  phone: text('不是完整的电话号码，没有采用', 'No complete telephone number; it was not taken'),
  morePhones: text('有几个号码，只采用第一个', 'Several numbers stand here; the first was taken'),
  date: text('看不出是哪一天，没有采用', 'It cannot be told which day this is; it was not taken'),
  century: text('年份只写了两位，请核对世纪', 'The year has two digits only. Please check the century'),
}

/** `第 5 行 C5：…` */
export const inCell = (row: number, said: Pick<Said, 'at'> | undefined, why: Text): Text =>
  text(`第 ${row} 行${said ? ` ${said.at}` : ''}：${why.zh}。`, `Row ${row}${said ? `, ${said.at}` : ''}: ${why.en}.`)

/** Reads the fields of `personWords`. `today`: nobody is born after it. */
export function readListed({ row, fields, more }: UnderstoodRow, today: Day): Listed {
  const reasons: Text[] = []
  const remarks: Text[] = []
  const look = (said: Said | undefined, why: Text) => remarks.push(inCell(row, said, why))
  for (const said of Object.values(fields)) if (said.unstored) reasons.push(inCell(row, said, says.formula))
  const named = readName(fields['name']?.text ?? '')
  if (!named.name) reasons.push(inCell(row, fields['name'], named.fault ?? says.name))
  else if (named.doubt) look(fields['name'], named.doubt)
  const id = readId(fields['idNumber'], fields['idType']?.text, today)
  if (id.fault ?? id.doubt) look(fields['idNumber'], (id.fault ?? id.doubt)!)
  const born = dayIn(fields['birthDate'], today, look)
  const phone =
    phoneIn([...(fields['phone'] ? [fields['phone']] : []), ...(more['phone'] ?? [])], look) ??
    (named.phone ? dialled(named.phone) : null)
  const sex = sexOf(fields['sex']?.text ?? '') ?? null
  const told = completed({ idType: id.type, idNumber: id.number, birthDate: born, sex })
  return {
    name: named.name,
    sex: told.sex ?? null,
    birthDate: told.birthDate ?? null,
    idType: id.type,
    idNumber: told.idNumber ?? null,
    phone,
    reasons,
    remarks,
  }
}

type Look = (said: Said | undefined, why: Text) => void

/** The day in a cell; `look` hears where it is none, or a guess. */
export function dayIn(said: Said | undefined, today: Day, look: Look): Day | null {
  const { day, fault } = readDate(said, today)
  if (fault) look(said, fault === 'century' ? says.century : says.date)
  return day
}

/** The first telephone of these cells, as the register spells it. */
export function phoneIn(cells: readonly Said[], look: Look): string | null {
  const found: string[] = []
  for (const said of cells) {
    const { phones, faults, worn } = readPhones(said.text, said.lossy ? { lossy: true } : {})
    if (faults > 0) look(said, worn ? says.worn : says.phone)
    found.push(...phones)
  }
  const numbers = [...new Set(found.map(dialled))]
  if (numbers.length > 1) look(cells[0], says.morePhones)
  return numbers[0] ?? null
}

/** A free text of at most so many signs; null where nothing was said. */
export const wordsIn = (said: Said | undefined, most = 120): string | null => said?.text.trim().slice(0, most) || null
