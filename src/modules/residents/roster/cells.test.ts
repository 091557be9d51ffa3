// Single cells as people write them: days, telephones, numbers, names, addresses, words.
import { expect, test } from 'vitest'
import type { CellKind } from '#server/spreadsheet/cells.ts'
import { checkDigit } from '../documents.ts'
import { digitsOf, readAddress, readBuilding, readHeading, readRoom, readUnit, type Context, type Parts } from './addresses.ts'
import { readDate, type DateFault } from './dates.ts'
import { idSays, readId } from './ids.ts'
import { readName } from './names.ts'
import { readPhones } from './phones.ts'
import { relationOf, sexOf, useOf } from './words.ts'

const today = '2026-11-22'

test.each<[string, string | null, (DateFault | undefined)?, CellKind?]>([
  ['1990-1-31', '1990-01-31'], ['1990/1/31', '1990-01-31'], ['1990.1.31', '1990-01-31'], ['1990．1．31', '1990-01-31'], ['1990 1 31', '1990-01-31'], ['1990,1,31', '1990-01-31'],
  ['1990--1--31', '1990-01-31'], ['1990年1月31日', '1990-01-31'], ['1990年1月31日生', '1990-01-31'], ['１９９０年１月３１日', '1990-01-31'], ['一九九〇年一月三十一日', '1990-01-31'],
  ['一九九零年十二月二十一日', '1990-12-21'], ['二〇二〇年五月五日', '2020-05-05'], ['2020年元月1日', '2020-01-01'], ['19900131', '1990-01-31'], ['19900131.0', '1990-01-31'], ['1990-01-31 00:00:00', '1990-01-31'],
  ['1990-01-31T00:00:00.000Z', '1990-01-31'], ['1990/01/31 星期三', '1990-01-31'], ['31/1/1990', '1990-01-31'], ['1/31/1990', '1990-01-31'], ['Jan 31, 1990', '1990-01-31'], ['31 January 1990', '1990-01-31'],
  ['32874', '1990-01-01', undefined, 'number'], ['32874', '1990-01-01'], ['32874.5', '1990-01-01', undefined, 'number'], ['1990-01-31', '1990-01-31', undefined, 'date'], ['1990-01-31T08:00', '1990-01-31', undefined, 'datetime'],
  ['90.1.31', '1990-01-31', 'century'], ['90-1-31', '1990-01-31', 'century'], ['90年1月31日', '1990-01-31', 'century'], ['900131', '1990-01-31', 'century'], ['05.1.31', '2005-01-31', 'century'], ['26.12.1', '1926-12-01', 'century'],
  ['31-Jan-90', '1990-01-31', 'century'], ['1/31/90', '1990-01-31', 'century'],
  ['1990.01', null, 'monthOnly'], ['1990年1月', null, 'monthOnly'], ['199001', null, 'monthOnly'], ['1990-01-00', null, 'monthOnly'], ['Jan 1990', null, 'monthOnly'], ['200101', null, 'monthOnly'],
  ['1990', null, 'yearOnly'], ['90年', null, 'yearOnly'], ['1990年左右', null, 'yearOnly'], ['56岁', null, 'age'], ['56', null, 'age'], ['3个月', null, 'age'],
  ['农历1990年正月初三', null, 'lunar'], ['一九五〇年腊月廿三', null, 'lunar'], ['5/6/1990', null, 'dayOrMonth'], ['2090-01-01', null, 'future'], ['2026-11-23', null, 'future'], ['1890-1-1', null, 'tooOld'],
  ['1990-02-30', null, 'noSuchDay'], ['1990-13-01', null, 'noSuchDay'], ['待查', null, 'unreadable'], ['12-5', null, 'unreadable'],
  ['', null], ['不详', null], ['/', null], ['—', null],
])('the day %s is %s (%s)', (text, day, fault, kind = 'text') =>
  expect(readDate({ text, kind }, today)).toEqual(fault ? { day, fault } : { day }))

test.each<[string, string[], number?]>([
  ['13800138000', ['13800138000']], ['138 0013 8000', ['13800138000']], ['138-0013-8000', ['13800138000']], ['１３８００１３８０００', ['13800138000']], ['+86 13800138000', ['13800138000']], ['008613800138000', ['13800138000']],
  ['86-13800138000', ['13800138000']], ['13800138000.0', ['13800138000']], ['1.3812345678E+10', ['13812345678']], ['‘13800138000', ['13800138000']], ['13800138000（儿子）', ['13800138000']], ['手机：13800138000', ['13800138000']],
  ['13800138000/13900139000', ['13800138000', '13900139000']], ['13800138000、027-88888888', ['13800138000', '027-88888888']], ['13800138000；13900139000', ['13800138000', '13900139000']],
  ['13800138000 13900139000', ['13800138000', '13900139000']], ['13800138000\n13900139000', ['13800138000', '13900139000']], ['138 0013 8000 139 0013 9000', ['13800138000', '13900139000']],
  ['1380013800013900139000', ['13800138000', '13900139000']], ['本人13800138000 儿子13900139000', ['13800138000', '13900139000']], ['13800138000,13800138000', ['13800138000']],
  ['027-8888 8888', ['027-88888888']], ['02788888888', ['027-88888888']], ['(027)88888888', ['027-88888888']], ['027—88888888', ['027-88888888']], ['0571 88886666', ['0571-88886666']], ['88888888', ['88888888']],
  ['027-88888888-801', ['027-88888888-801']], ['027-88888888转801', ['027-88888888-801']], ['+33612345678', ['+33612345678']],
  ['无', []], ['没有手机', []], ['—', []], ['', []], ['1380013800', [], 1], ['138001380001', [], 1], ['12345678901', [], 1], ['1.38E+10', [], 1], ['138****8000', [], 1], ['1380013800,13900139000', ['13900139000'], 1],
])('%j is dialled %j', (text, phones, faults = 0) => expect(readPhones(text)).toMatchObject({ phones, faults }))

const id = '11010519491231002X'
const say = (text: string, more: object = {}) => ({ text, at: 'F12', kind: 'text' as const, ...more })
const permit = `81000019900101001${checkDigit('81000019900101001')}`
test.each<[string, string | undefined, string, string | null]>([
  [id, undefined, 'idCard', id], ['11010519491231002x', undefined, 'idCard', id], ['110105 19491231 002X', undefined, 'idCard', id], ['110105-19491231-002X', undefined, 'idCard', id], [`'${id}`, undefined, 'idCard', id],
  ['１１０１０５１９４９１２３１００２Ｘ', undefined, 'idCard', id], ['11010519491231002×', undefined, 'idCard', id], [`身份证：${id}`, undefined, 'idCard', id], [`${id}。`, undefined, 'idCard', id], ['330502880702447', undefined, 'idCard', '33050219880702447X'],
  ['E12345678', undefined, 'passport', 'E12345678'], ['e12345678', '护照', 'passport', 'E12345678'], ['护照E12345678', undefined, 'passport', 'E12345678'], ['H12345678', undefined, 'hkMacaoPermit', 'H12345678'], ['H12345678', '港澳居民来往内地通行证', 'hkMacaoPermit', 'H12345678'],
  ['12345678', '台胞证', 'taiwanPermit', '12345678'], ['USA110023456789', undefined, 'foreignerResidence', 'USA110023456789'], [permit, undefined, 'residencePermit', permit], [id, '户口簿', 'idCard', id], [id, '军官证', 'idCard', id],
  ['无', undefined, 'notRecorded', null], ['', '身份证', 'idCard', null], ['无证', undefined, 'none', null], ['不详', undefined, 'notRecorded', null],
])('the number %s (%s) is %s %s', (text, kind, type, number) => expect(readId(say(text), kind, today)).toEqual({ type, number }))

test.each<[string, object, object?]>([
  ['110105194912310000', idSays.worn, { kind: 'number', lossy: true }], ['1.10105E+17', idSays.worn, { lossy: true }], ['1.10105194912310E+17', idSays.worn], ['4201**********1234', idSays.masked], ['110105XXXXXXXX002X', idSays.masked],
  ['12345678', idSays.kind], [`${id}/440524188001010014`, idSays.several], ['110105194912310021', { zh: expect.stringContaining('校验位') }], ['1101051949123100', { zh: expect.stringContaining('位数') }],
  ['1101051949123100211', { zh: expect.stringContaining('位数') }], ['110105194902300021', { zh: expect.stringContaining('出生日期') }],
])('the number %s is dropped, and said', (text, fault, more = {}) => {
  const read = readId(say(text, more), undefined, today)
  expect(read.number).toBeNull()
  expect(read.fault).toMatchObject(fault)
})

test.each<[string, object]>([
  ['王  伟', { name: '王伟' }], ['王　伟', { name: '王伟' }], ['王\n伟', { name: '王伟' }], ['阿依古丽.买买提', { name: '阿依古丽·买买提' }], ['阿依古丽·买买提', { name: '阿依古丽·买买提' }], ['𠮷野家', { name: '𠮷野家' }], ['㛃 㛃', { name: '㛃㛃' }],
  ['John  Smith', { name: 'John Smith' }], ['王伟（户主）', { name: '王伟', hint: '户主' }], ['张三(租户)', { name: '张三', hint: '租户' }], ['王伟 13800138000', { name: '王伟', phone: '13800138000' }], ['户主：王伟', { name: '王伟', hint: '户主' }],
  ['欧阳 晓红', { name: '欧阳晓红' }], ['出租', { name: null }], ['租户', { name: null }], ['空置', { name: null, vacant: true }], ['空房', { name: null, vacant: true }], ['无', { name: null }], ['/', { name: null }], ['不详', { name: null }],
])('the name %j', (text, read) => expect(readName(text)).toEqual(read))
test('a cell of two names and a masked name are said', () => {
  expect(readName('王伟、李芳')).toMatchObject({ name: null, fault: expect.anything() })
  expect(readName('王*伟')).toMatchObject({ name: '王*伟', doubt: expect.anything() })
  expect(readName('王伟 李芳')).toMatchObject({ doubt: expect.anything() })
})

const at = (building: string | undefined, unit: string | undefined, room: string | undefined, compound?: string): Parts =>
  ({ ...(building ? { building } : {}), ...(unit ? { unit } : {}), ...(room ? { room } : {}), ...(compound ? { compound } : {}) })
const usual = at('3号楼', '1单元', '402')
const lucky = at('3号楼', '1单元', '402', '幸福小区')
test.each<[string, Parts, Context?]>([
  ...['3号楼1单元402', '3-1-402', '3栋1单元402室', '三号楼一单元四零二', '3#1-402', '3/1/402', '３号楼１单元４０２室', '3—1—402', '3号楼-1单元-402', '3 1 402', '3.1.402', '3#楼1单元402', '3栋1-402', '3号楼1单元4层402', '3幢1门402', 'Building 3, Unit 1, Room 402']
    .map((text): [string, Parts] => [text, usual]),
  ...['幸福小区3号楼1单元402', '幸福小区 3 栋 1 单元 402', '幸福小区3-1-402', '武汉市江岸区后湖街道惠民社区幸福小区3栋1单元402室', '江岸区幸福小区3栋1单元402', '幸福小区\n3号楼1单元402', '解放路125号幸福小区3栋1单元402', '幸福小区 第3栋 第1单元 402号', '幸福小区3栋1单元402（自住）']
    .map((text): [string, Parts] => [text, lucky]),
  ['3幢402', at('3号楼', undefined, '402')], ['3号楼402', at('3号楼', undefined, '402')], ['3楼402', at('3号楼', undefined, '402')], ['3-402', at('3号楼', undefined, '402')], ['幸福小区3号楼2门501号', at('3号楼', '2单元', '501', '幸福小区')],
  ['A座1203', at('A座', undefined, '1203')], ['北3栋402', at('北3号楼', undefined, '402')], ['东区5栋', at('东区5号楼', undefined, undefined)], ['A3栋1单元402', at('A3号楼', '1单元', '402')], ['三栋二单元十二楼1203室', at('3号楼', '2单元', '1203')],
  ['12号院3号楼1单元301', at('3号楼', '1单元', '301', '12号院')], ['解放路125号3栋2单元501', at('3号楼', '2单元', '501', '解放路125号')], ['100弄3号402室', at('3号楼', undefined, '402', '100弄')], ['幸福村二组15号', at('2组', undefined, '15号', '幸福村')],
  ['桂花园二期3栋1单元402', at('3号楼', '1单元', '402', '桂花园二期')], ['浦东新区花木街道锦绣里12号楼501', at('12号楼', undefined, '501', '锦绣里')], ['1单元402', at(undefined, '1单元', '402')], ['402', at(undefined, undefined, '402')],
  ['幸福小区A-601', at('A座', undefined, '601', '幸福小区')], ['C-302', at('C座', undefined, '302')], ['铁路宿舍13号3单元301', at('13号楼', '3单元', '301', '铁路宿舍')], ['解放路13号3单元301', at('13号', '3单元', '301', '解放路')], ['幸福小区3-1-402号', lucky],
  ['叁号楼一单元402', usual], ['万科城市花园3-1-402', at('3号楼', '1单元', '402', '万科城市花园')], ['武汉市江岸区万科城市花园3-1-402', at('3号楼', '1单元', '402', '万科城市花园')], ['山西省运城市盐湖区幸福小区3-1-402', lucky],
  ['1-402', at(undefined, '1单元', '402'), { building: '3号楼' }], ['3-402', at('3号楼', undefined, '402'), { building: '3号楼' }], ['2-501', at(undefined, '2单元', '501'), { building: '3号楼' }], ['无', {}], ['幸福小区', { compound: '幸福小区' }],
  ['负101', { room: '负101' }], ['商铺2号', { room: '商铺2号' }], ['12号甲503', { building: '12号甲', room: '503' }], ['解放路12号甲503', { compound: '解放路', building: '12号甲', room: '503' }],
  ...(['负101', '商铺2号', '底商5', '地下室3', '阁楼', '101附1', '602-A'].map((room): [string, Parts] => [`幸福小区3号楼1单元${room}`, { compound: '幸福小区', building: '3号楼', unit: '1单元', room }])),
])('the address %j', (text, parts, context) => expect(readAddress(text, context)).toEqual(parts))
test('a room made of floor and door, and a house without rooms, are marked', () => {
  expect(readAddress('3栋4楼2号')).toEqual({ building: '3号楼', room: '402', floored: true })
  expect(readAddress('解放路15号')).toEqual({ compound: '解放路', building: '15号', room: '15号', house: true })
})

test.each([['3', '3号楼'], ['3.0', '3号楼'], ['三', '3号楼'], ['03', '3号楼'], ['3号', '3号楼'], ['#3', '3号楼'], ['3栋', '3号楼'], ['A', 'A座'], ['北3', '北3号楼'], ['二组', '2组'], ['平房', '平房']])('building %s is %s', (text, building) =>
  expect(readBuilding(text).building).toBe(building))
test.each([['1', '1单元'], ['1.0', '1单元'], ['一单元', '1单元'], ['A', 'A单元'], ['1门', '1单元'], ['东', '东单元'], ['第2单元', '2单元'], ['无', undefined]])('unit %s is %s', (text, unit) => expect(readUnit(text).unit).toBe(unit))
test.each([['402', '402'], ['402.0', '402'], ['402室', '402'], ['四零二', '402'], ['402A', '402A'], ['4-2', '4-2'], ['4楼402', '402'], ['3-1-402', '402']])('room %s is %s', (text, room) => expect(readRoom(text).room).toBe(room))
test.each([['三', '3'], ['十', '10'], ['十二', '12'], ['二十', '20'], ['四零二', '402'], ['一百零三', '103'], ['一百二十', '120']])('%s is %s', (said, digits) => expect(digitsOf(said)).toBe(digits))

test.each<[string, object]>([
  ['3号楼', { building: '3号楼' }], ['幸福小区3号楼', { compound: '幸福小区', building: '3号楼' }], ['—— 3号楼1单元 ——', { building: '3号楼', unit: '1单元' }], ['Sheet1', {}], ['清河苑', { compound: '清河苑' }],
  ['灵际社区幸福小区居民信息登记表', { compound: '幸福小区', community: '灵际社区' }], ['武汉市江岸区惠民社区居民信息登记表', { community: '惠民社区' }], ['小区：桂花园 楼栋：5', { compound: '桂花园', building: '5号楼' }], ['汇总', {}], ['【3号楼1单元】', { building: '3号楼', unit: '1单元' }], ['一、3号楼', { building: '3号楼' }], ['附件2：阳光城实有人口信息采集表', { compound: '阳光城' }], ['2020年江南春天人员排查台账', { likely: '江南春天' }],
  ['新冠肺炎疫情防控人员排查台账', {}], ['春节返乡人员登记表', {}], ['单位：后湖街道灵际社区 2020年2月5日', { community: '灵际社区' }], ['幸福村村民花名册', { compound: '幸福村' }], ['幸福村居民登记表', { compound: '幸福村' }],
])('the heading %s', (text, parts) => expect(readHeading(text)).toEqual(parts))

test.each([['户主', 'head'], ['本人', 'head'], ['妻', 'spouse'], ['老公', 'spouse'], ['老伴', 'spouse'], ['媳', 'childInLaw'], ['长子', 'child'], ['二女', 'child'], ['女', 'child'], ['之子', 'child'], ['儿媳', 'childInLaw'], ['女婿', 'childInLaw'], ['外孙女', 'grandchild'], ['孙子', 'grandchild'],
  ['岳母', 'parentInLaw'], ['公婆', 'parentInLaw'], ['父亲', 'parent'], ['外婆', 'grandparent'], ['弟弟', 'sibling'], ['侄子', 'kin'], ['住家保姆', 'carer'], ['室友', 'roommate'], ['租户', 'other'], ['朋友', 'other'], ['户主之妻', 'spouse'], ['媳妇', undefined], ['某某', undefined]])('%s is %s', (words, relation) =>
  expect(relationOf(words)).toBe(relation))
test.each([['男', 'male'], ['男性', 'male'], [' 女 ', 'female'], ['F', 'female'], ['1', 'male'], ['2', 'female'], ['未知', undefined]])('%s is %s', (words, sex) => expect(sexOf(words)).toBe(sex))
test.each([['自住', 'owner'], ['出租', 'rental'], ['空置房', 'vacant'], ['租赁', 'rental'], ['', undefined]])('%s is used as %s', (words, use) => expect(useOf(words)).toBe(use))
