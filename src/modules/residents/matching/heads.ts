// What the columns of the three lists are called.
import { problems } from '#core/problem.ts'
import { text } from '#core/text.ts'

export type Column =
  'row' | 'name' | 'sex' | 'birth' | 'age' | 'id' | 'phone' | 'compound' | 'building' | 'unit' | 'room' | 'address' | 'seen'

/** Columns about somebody or something else. */
const others =
  /紧急|监护|房东|单位名|公司|学校|网格员|楼长|填表|填报|登记人|登记员|走访人|走访员|排查人|责任|民警|保安|值班|核验|经办|介绍|车牌|体温|备注|说明|关系|类型|类别|种类|是否|状态|情况|原因|事由|结果|次数|人数|户籍|籍贯|民族|面积|楼层/

const words: readonly [Column, RegExp][] = [
  ['row', /^(行号|行|row|行次)$/i],
  ['sex', /性别|姓别|^(sex|gender)$/i],
  ['birth', /出生|生日|生年|birth|^dob$/i],
  ['age', /年龄|岁数|周岁|虚岁|^age$/i],
  ['id', /身份证|证件|公民身份|身份号|^id ?(no|number|card)?$|^证号$/i],
  ['phone', /电话|手机|联系方式|座机|联系号码|通讯号码|^(tel|phone|mobile)/i],
  ['address', /地址|住址|居住地|住所|住处|详址|居所|住在|去往|到访|目的地|前往|楼栋单元|单元房|楼栋房|门牌地址|address/i],
  ['compound', /小区|院落|楼盘|大院|compound|estate/i],
  ['unit', /单元|门洞|^门号?$|^梯$|^unit/i],
  ['building', /楼栋|楼号|栋|幢|^楼$|楼宇|楼座|^座|^building|^block/i],
  ['room', /房号|房间|室|门牌|^房|户号|^room/i],
  ['seen', /时间|日期|date|time/i],
  [
    'name',
    /姓名|名字|称呼|昵称|姓氏|人员名|来访者|来访人|访客|受访人|被访人|住户|居民|户主|业主|租户|成员|出入人|^(name|full ?name)$/i,
  ],
]
const numbered = /^(序号|编号|顺序号|序|no\.?|id|记录号|流水号|登记号)$/i

/** Which column stands where; several may hold telephones. */
export type Layout = ReadonlyMap<Column, readonly number[]>

export const sayMatch = problems('matching', {
  noName: [
    422,
    ({ file }: { file: string }) =>
      text(
        `“${file}”里找不到姓名一列。请在第一行写上列名：姓名、联系电话、住址等。`,
        `No column of names in “${file}”. Write the heads into the first line: 姓名, 联系电话, 住址 and so on.`,
      ),
  ],
  noColumn: [
    422,
    ({ file, column }: { file: string; column: string }) =>
      text(`“${file}”里没有“${column}”这一列，请核对说明文件。`, `“${file}” has no column “${column}”. Check the specification.`),
  ],
  empty: [
    422,
    ({ file }: { file: string }) =>
      text(`“${file}”是空的或读不出来，请核对文件。`, `“${file}” is empty or cannot be read. Check the file.`),
  ],
})

/** 楼号-单元-房号: one column that says several parts of a place. */
const partsNamed = (head: string): number =>
  [/小区|院落/, /楼栋|楼号|栋|幢/, /单元/, /房号|室|房间/].filter((part) => part.test(head)).length

/** A householder's name stands in only where the people themselves are not named. */
const behind = (head: string): number => (/户主|业主|房主/.test(head) ? 2 : /姓名/.test(head) ? 0 : 1)

/** Reads the first line of a list. */
export function layoutOf(heads: readonly string[]): Layout {
  const found = new Map<Column, number[]>()
  heads.forEach((head, at) => {
    const plain = head
      .normalize('NFKC')
      .replaceAll(/[\s*:"']/g, '')
      .replace(/\(.*?\)/g, '')
    const column =
      others.test(plain) && !/年龄|户主姓名|户主$/.test(plain)
        ? undefined
        : partsNamed(plain) > 1
          ? 'address'
          : words.find(([, seen]) => seen.test(plain))?.[0]
    if (column) found.set(column, [...(found.get(column) ?? []), at])
  })
  if (!found.has('row')) {
    const at = heads.findIndex((head) => numbered.test(head.normalize('NFKC').trim()))
    if (at >= 0) found.set('row', [at])
  }
  // Where no column is plainly that of the people themselves, the only one that names anybody is taken.
  const named = heads.flatMap((head, at) => (/姓名/.test(head) ? [at] : []))
  if (!found.has('name') && named.length === 1) found.set('name', named)
  const names = found.get('name')
  if (names && names.length > 1)
    found.set(
      'name',
      [...names].sort((a, b) => behind(heads[a]!) - behind(heads[b]!)),
    )
  return found
}
