// Names as rosters write them, with what else people put into the same cell.
import { text, type Text } from '#core/text.ts'

/** `hint` are words in brackets (户主, 租户), `phone` a number beside the name; `vacant`: the cell says that nobody lives there. */
export type NameRead = {
  readonly name: string | null
  readonly hint?: string
  readonly phone?: string
  readonly vacant?: true
  readonly fault?: Text
  readonly doubt?: Text
}

const none = /^(无|不详|未知|没有|没人|暂无|待补|不清楚|未登记|未入户|家中无人|拒访|n\/?a|null|unknown|[-—–/\\.·*_、0]+)$/i
const vacant = /^(空置|空置房?|空置户|空房|空户|空|空关|空关房|闲置|闲置房|无人|无人居住|无人住|无人房|未入住|未装修|毛坯|毛坯房|未售|未交房|vacant|empty)$/i
const han = String.raw`\p{Script=Han}\u3007\ue000-\uf8ff`
const several = new RegExp(`^[${han}]{2,4}\\s*[、/,;&和]\\s*[${han}]{2,4}$`, 'u')
const ethnic = /[·•・‧∙⋅.．。]/g

export const nameSays = {
  several: text('一格里有几个人的姓名。请一人一行填写', 'Several persons stand in this cell. Give each a row of their own'),
  masked: text('姓名被遮盖。请补全', 'The name is masked. Enter it in full'),
  digits: text('姓名里有数字。请核对', 'There are digits in the name. Please check'),
} as const

export function readName(raw: string): NameRead {
  let said = raw.replaceAll('\n', ' ').replace(/^[’'`"*※]+|[’'`"※,，;；:：]+$/g, '').trim()
  const squeezed = said.replaceAll(/\s/g, '')
  if (squeezed === '') return { name: null }
  if (vacant.test(squeezed)) return { name: null, vacant: true }
  if (none.test(squeezed)) return { name: null }
  const hints: string[] = []
  said = said.replace(/[(（[【〔<《]([^()（）[\]【】〔〕<>《》]*)[)）\]】〕>》]?/g, (_, words: string) => {
    if (words.trim()) hints.push(words.trim())
    return ' '
  }).replace(/^(户主|姓名|租户|承租人|业主)\s*[:：]\s*/, (words) => { hints.push(words.replace(/[:：\s]/g, '')); return '' }).trim()
  const phone = /(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}|0\d{2,3}-?\d{7,8}/.exec(said)?.[0] ?? hints.find((hint) => /1[3-9]\d{9}/.test(hint))
  if (phone) said = said.replace(phone, ' ').replace(/(电话|手机)\s*[:：]?/, ' ').trim()
  said = said.replace(/[\s,，/、;；:：-]+$/, '').replace(/^\d{1,3}[.、]\s*/, '')
  const more = { ...(hints.length ? { hint: hints.join(' ') } : {}), ...(phone ? { phone } : {}) }
  if (several.test(said)) return { name: null, ...more, fault: nameSays.several }
  const name = spelledName(said)
  if (!name) return { name: null, ...more, ...(vacant.test(hints[0] ?? '') ? { vacant: true } : {}) }
  if (/[*●○×]|某某/.test(name)) return { name, ...more, doubt: nameSays.masked }
  if (/\d/.test(name)) return { name, ...more, doubt: nameSays.digits }
  return { name, ...more }
}

/** 王  伟 → 王伟, 阿依古丽.买买提 → 阿依古丽·买买提; Latin names keep single spaces. */
function spelledName(said: string): string {
  const closed = said.replace(new RegExp(`(?<=[${han}])\\s+(?=[${han}])`, 'gu'), '')
  return closed.replace(new RegExp(`(?<=[${han}])\\s*[·•・‧∙⋅.．]\\s*(?=[${han}])`, 'gu'), '·').replace(/\s+/g, ' ').replace(ethnic, (dot, at: number) =>
    at === closed.length - 1 ? '' : dot).slice(0, 50).trim()
}

/** How a name looks; not how words of other columns do. */
export const looksLikeName = (raw: string): boolean => {
  const squeezed = raw.replace(/[(（].*$/, '').replaceAll(/\s/g, '').replace(/\d{7,}$/, '')
  if (vacant.test(squeezed)) return true
  if (/(族|小区|花园|社区|号|楼|栋|单元|室|路|街|村|组|区|省|市|县|已婚|未婚|离异|丧偶|初中|高中|大专|本科|小学|中专|文盲|群众|党员|团员|自住|出租|空置|户主|配偶|子女|父母)$/.test(squeezed)) return false
  return new RegExp(`^[${han}]{2,4}$|^[${han}]{1,12}[·•・‧.．][${han}·•・‧.．]{1,16}$`, 'u').test(squeezed) || /^[A-Za-z]+([ .'-]+[A-Za-z.]+){1,4}$/.test(raw.trim())
}
