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
/** Words for who lives there that are nobody's name. */
const nobody =
  /^(出租|出租房|出租屋|租户|租客|承租人|业主|房东|房主|户主|住户|居民|自住|自用|商铺|门面|门店|仓库|车库|储藏室|办公室|办公|物业|公司|集体户)$/
const vacant =
  /^(空置|空置房?|空置户|空房|空户|空|空关|空关房|闲置|闲置房|无人|无人居住|无人住|无人房|未入住|未装修|毛坯|毛坯房|未售|未交房|vacant|empty)$/i
const han = String.raw`\p{Script=Han}\u3007\ue000-\uf8ff`
const several = new RegExp(`^[${han}]{2,4}(?:\\s*[、/,;&和]\\s*[${han}]{2,4})+$`, 'u')
const twoNames = new RegExp(`^[${han}]{2,3}\\s+[${han}]{2,3}$`, 'u')
const doubleSurname =
  /^(欧阳|上官|司徒|司马|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|东方|独孤|南宫|西门|端木|百里|长孙|宇文|轩辕|钟离|闻人|澹台|呼延|赫连|拓跋|申屠|濮阳|淳于|公羊|太史|仲孙|万俟|闾丘|第五|鲜于|亓官|司空|梁丘|左丘|东郭|南门|东门|羊舌|微生|公冶|宗政|单于|太叔|公西|颛孙|壤驷|乐正|漆雕|巫马|宰父|谷梁|段干|张简|范姜)\s/
const ethnic = /[·•・‧∙⋅.．。]/g

export const nameSays = {
  several: text('一格里有几个人的姓名。请一人一行填写', 'Several persons stand in this cell. Give each a row of their own'),
  masked: text('姓名被遮盖。请补全', 'The name is masked. Enter it in full'),
  spaced: text(
    '姓名中间有空格，像是两个人，按一个人登记。请核对，一人一行',
    'This looks like two names; one person was taken. Please check, and give each a row',
  ),
  digits: text('姓名里有数字。请核对', 'There are digits in the name. Please check'),
} as const

export function readName(raw: string): NameRead {
  let said = raw
    .replaceAll('\n', ' ')
    .replace(/^[’'`"*※]+|[’'`"※,，;；:：]+$/g, '')
    .trim()
  const squeezed = said.replaceAll(/\s/g, '')
  if (squeezed === '') return { name: null }
  if (vacant.test(squeezed)) return { name: null, vacant: true }
  if (none.test(squeezed) || nobody.test(squeezed)) return { name: null }
  const hints: string[] = []
  said = said
    .replace(/[(（[【〔<《]([^()（）[\]【】〔〕<>《》]*)[)）\]】〕>》]?/g, (_, words: string) => {
      if (words.trim()) hints.push(words.trim())
      return ' '
    })
    .replace(/^(户主|姓名|租户|承租人|业主)\s*[:：]\s*/, (words) => {
      hints.push(words.replace(/[:：\s]/g, ''))
      return ''
    })
    .trim()
  const phone =
    /(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}|0\d{2,3}-?\d{7,8}/.exec(said)?.[0] ??
    hints.find((hint) => /1[3-9]\d{9}/.test(hint))
  if (phone)
    said = said
      .replace(phone, ' ')
      .replace(/(电话|手机)\s*[:：]?/, ' ')
      .trim()
  said = said.replace(/[\s,，/、;；:：-]+$/, '').replace(/^\d{1,3}[.、]\s*/, '')
  const more = { ...(hints.length ? { hint: hints.join(' ') } : {}), ...(phone ? { phone } : {}) }
  if (several.test(said)) return { name: null, ...more, fault: nameSays.several }
  const name = spelledName(said)
  const spaced = twoNames.test(said) && !doubleSurname.test(said)
  if (!name) return { name: null, ...more, ...(vacant.test(hints[0] ?? '') ? { vacant: true } : {}) }
  if (/[*●○×]|某某/.test(name)) return { name, ...more, doubt: nameSays.masked }
  if (/\d/.test(name)) return { name, ...more, doubt: nameSays.digits }
  return { name, ...more, ...(spaced ? { doubt: nameSays.spaced } : {}) }
}

/** 王  伟 → 王伟, 阿依古丽.买买提 → 阿依古丽·买买提; Latin names keep single spaces. */
function spelledName(said: string): string {
  const closed = said.replace(new RegExp(`(?<=[${han}])\\s+(?=[${han}])`, 'gu'), '')
  return closed
    .replace(new RegExp(`(?<=[${han}])\\s*[·•・‧∙⋅.．]\\s*(?=[${han}])`, 'gu'), '·')
    .replace(/\s+/g, ' ')
    .replace(ethnic, (dot, at: number) => (at === closed.length - 1 ? '' : dot))
    .slice(0, 50)
    .trim()
}

/** How a name looks; not how words of other columns do. */
export const looksLikeName = (raw: string): boolean => {
  const squeezed = raw
    .replace(/[(（].*$/, '')
    .replaceAll(/\s/g, '')
    .replace(/\d{7,}$/, '')
  if (vacant.test(squeezed)) return true
  if (
    /(族|小区|花园|社区|号|楼|栋|单元|室|路|街|村|组|区|省|市|县|已婚|未婚|离异|丧偶|初中|高中|大专|本科|小学|中专|文盲|群众|党员|团员|自住|出租|空置|户主|配偶|子女|父母)$/.test(
      squeezed,
    )
  )
    return false
  return (
    new RegExp(`^[${han}]{2,4}$|^[${han}]{1,12}[·•・‧.．][${han}·•・‧.．]{1,16}$`, 'u').test(squeezed) ||
    /^[A-Za-z]+([ .'-]+[A-Za-z.]+){1,4}$/.test(raw.trim())
  )
}
