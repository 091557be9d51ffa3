// The sentences that a roster's rows are given: which row, which cell, what is wrong, what to do. None repeats what stands there.
import { text, type Text } from '#core/text.ts'
import type { Said } from '#server/imports/understand/model.ts'
import type { DateFault } from './dates.ts'

/** `第 12 行（F12）身份证号：…` */
export const about = (row: number, cell: Said | string | undefined, what: Text, why: Text): Text => {
  const at = typeof cell === 'string' ? cell : cell?.at
  return text(
    `第 ${row} 行${at ? `（${at} 单元格）` : ''}${what.zh}：${why.zh}。`,
    `Row ${row}${at ? ` (cell ${at})` : ''}, ${what.en}: ${why.en}.`,
  )
}

export const heads = {
  name: text('姓名', 'name'),
  sex: text('性别', 'sex'),
  birthDate: text('出生日期', 'birth date'),
  idNumber: text('证件号码', 'document number'),
  idType: text('证件类型', 'kind of document'),
  phone: text('电话', 'phone'),
  relation: text('与户主关系', 'relation to the head'),
  compound: text('小区', 'compound'),
  building: text('楼栋', 'building'),
  unit: text('单元', 'unit'),
  room: text('房号', 'room'),
  address: text('住址', 'address'),
  use: text('房屋性质', 'use'),
  grid: text('网格编码', 'grid code'),
  person: text('人员', 'person'),
} as const
export type Head = keyof typeof heads

export const dates: Record<DateFault, Text> = {
  lunar: text('写的是农历，没有换算。请填公历日期', 'This is a lunar date and was not converted. Enter the solar date'),
  monthOnly: text('只写到月，没有补日。请填完整日期', 'Only year and month are given; no day was made up. Enter the whole date'),
  yearOnly: text('只写了年份，没有补月日。请填完整日期', 'Only a year is given; nothing was made up. Enter the whole date'),
  age: text('写的是年龄，推不出生日。请填出生日期', 'This is an age, which names no day. Enter the birth date'),
  future: text('日期还没有到，没有采用。请核对', 'This day lies in the future and was not taken. Please check'),
  tooOld: text('早于 1900 年，没有采用。请核对', 'This is before 1900 and was not taken. Please check'),
  noSuchDay: text('没有这一天，没有采用。请核对', 'There is no such day; it was not taken. Please check'),
  unreadable: text(
    '看不出是哪一天，没有采用。请写成 1990-01-31',
    'It cannot be told which day this is; it was not taken. Write it as 1990-01-31',
  ),
  dayOrMonth: text(
    '分不清日和月，没有采用。请写成 1990-01-31',
    'Day and month cannot be told apart; it was not taken. Write it as 1990-01-31',
  ),
  century: text('年份只有两位，按推定的世纪登记。请核对', 'The year has two digits; the century was guessed. Please check'),
}

export const says = {
  noName: text(
    '没有姓名。请填写姓名；空置房请把房屋性质写成“空置”',
    'There is no name. Enter it, or write 空置 (vacant) as the use',
  ),
  unstored: text(
    '公式没有保存结果，读不出来。请改成文字后重新上传',
    'The formula has no stored result. Write the value instead and upload again',
  ),
  error: text('公式出错，读不出来。请改成文字后重新上传', 'The cell holds an error. Write the value instead and upload again'),
  mangled: text(
    '被表格改成了日期，读不出原来的门牌。请把这一列设为“文本”后重填',
    'The spreadsheet turned this into a date. Format the column as text and enter it again',
  ),
  headWithoutRow: text(
    '户主在成员里没有自己的一行，没有登记。请给户主加一行',
    'The householder has no row among the members and was not taken. Add a row for this person',
  ),
  besides: text(
    '同一行还写了别人，只登记了前一个。请一人一行',
    'Somebody else stands in the same row; only the first was taken. Give each a row of their own',
  ),
  listed: text(
    '一格里有几个人的姓名，已经分开登记，其他内容空着。请核对',
    'Several names stand in one cell; each was taken as a person of whom nothing else is known. Please check',
  ),
  noPlace: text(
    '没有住址，也不能从上一行得知。请填写楼栋和房号',
    'There is no address, and none follows from the row above. Enter building and room',
  ),
  unreadPlace: text('看不出楼栋和房号。请写成“3号楼1单元402”', 'Building and room cannot be told. Write it as 3号楼1单元402'),
  noBuilding: text('不知道是哪一栋。请填写楼栋', 'The building is not known. Enter it'),
  noRoom: text('不知道是哪一户。请填写房号', 'The room is not known. Enter it'),
  noCompound: text('不知道是哪个小区。请填写小区', 'The compound is not known. Enter it'),
  tooLong: text('内容过长。请改短', 'Too long. Shorten it'),
  compoundGuessed: text(
    '没有写小区，按本社区（本表）唯一的小区登记。请核对',
    'No compound is given; the only one of this community or file was taken. Please check',
  ),
  compoundFromTitle: text(
    '没有写小区，按标题里的名称登记。请核对',
    'No compound is given; the name in the title was taken. Please check',
  ),
  compoundFromAbove: text(
    '没有写小区，按上下行的小区登记。请核对',
    'No compound is given; that of the rows around was taken. Please check',
  ),
  communityAsCompound: text(
    '没有写小区，也没有登记过小区，暂用社区的名称。请核对',
    'No compound is given or registered; the community’s name was taken for now. Please check',
  ),
  placeFromAbove: text(
    '没有写住址，按上一行同一户登记。请核对',
    'No address is given; that of the household above was taken. Please check',
  ),
  unitMissing: text(
    '同一栋的其他住户都写了单元，这一行没有。请核对',
    'Other rows of this building name a unit, this one does not. Please check',
  ),
  roomMade: text('房号由楼层和户序拼成。请核对', 'The room was put together from floor and door. Please check'),
  roomIsHouse: text(
    '只有门牌号，没有房号，按门牌登记。请核对',
    'Only a house number is given; it was taken for the room. Please check',
  ),
  placesDiffer: text(
    '几列写的住址不一致，按单独的楼栋、单元、房号列登记。请核对',
    'The columns give different places; those of building, unit and room were taken. Please check',
  ),
  sexUnknown: text('看不出是男是女，没有采用。请填“男”或“女”', 'It names no sex and was not taken. Enter 男 or 女'),
  sexDiffers: text(
    '与证件号码不一致，按证件号码登记。请核对',
    'It differs from the document number, which was followed. Please check',
  ),
  birthDiffers: text(
    '与证件号码不一致，按证件号码登记。请核对',
    'It differs from the document number, which was followed. Please check',
  ),
  relationUnknown: text('不认识这个称呼，按“其他”登记。请核对', 'This word is not known; “other” was taken. Please check'),
  relationMissing: text('没有写与户主关系，按“其他”登记。请核对', 'No relation is given; “other” was taken. Please check'),
  phoneWrong: text('有号码位数不对，没有采用。请核对', 'A number of the wrong length was not taken. Please check'),
  phoneWorn: text(
    '号码被表格按数字缩写，没有采用。请重填',
    'The spreadsheet shortened the number; it was not taken. Enter it again',
  ),
  phoneMasked: text('号码被遮盖，没有采用。请补全', 'The number is masked and was not taken. Enter it in full'),
  gridWrong: text('不是 17 位网格编码，没有采用', 'This is no grid code of 17 digits and was not taken'),
  idHeldTwice: text(
    '同一个证件号码写在两个不同的人名下，这一行没有采用。请对照证件核对两行',
    'The same document number stands with two different persons; it was not taken here. Compare both rows with the cards',
  ),
  idAlsoThere: text(
    '另一行写了同一个证件号码、不同的姓名。请核对两行',
    'Another row has the same document number under another name. Please check both',
  ),
  elsewhere: text(
    '此人在本文件里另有一行，住址不同，只登记先出现的一处。请核对住在哪里',
    'This person stands in another row at another address; only the first was taken. Check where the person lives',
  ),
  sameName: text(
    '同一户里有同名的人，又没有可以区分的内容，按同一人处理。请核对',
    'The household has somebody of the same name and nothing tells them apart; taken as one person. Please check',
  ),
} as const
