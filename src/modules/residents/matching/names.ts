// Names as three kinds of lists write them: in full, masked, by pinyin, 老王, 王阿姨, 小强; and how two of them agree.
import { isNothing } from '../roster/addresses.ts'
import { folded, looksAlike, nearlySame, plainSigns, soundOf, syllablesOf } from './sounds.ts'

/** `full`: all of a name; `surname`: 老王, 王阿姨, 王某, 王**; `part`: 王*国, some signs known; `given`: 小强, 阿珍; `sound`: letters; `initials`: wjg. */
export type NameForm = {
  readonly kind: 'full' | 'surname' | 'part' | 'given' | 'sound' | 'initials'
  /** All signs; `*` for one that is hidden. For `given` the given signs alone. */
  readonly text: string
  readonly surname: string
  readonly given: string
  readonly sounds: readonly string[]
  /** The folded sounds in one word. */
  readonly fold: string
  readonly sex?: 'male' | 'female'
  /** What the form of address says of the age: 老王, 王奶奶; 小王, 王妹妹. */
  readonly manner?: 'old' | 'young'
  /** 小荣: the sign may be the surname as well as the given name. */
  readonly either?: true
}

const doubles = new Set([
  '欧阳',
  '上官',
  '司徒',
  '司马',
  '诸葛',
  '夏侯',
  '皇甫',
  '尉迟',
  '公孙',
  '慕容',
  '令狐',
  '东方',
  '独孤',
  '南宫',
  '西门',
  '端木',
  '百里',
  '长孙',
  '宇文',
  '轩辕',
  '钟离',
  '闻人',
  '澹台',
  '呼延',
  '赫连',
  '拓跋',
  '申屠',
  '濮阳',
  '淳于',
  '公羊',
  '太史',
  '仲孙',
  '万俟',
  '闾丘',
  '第五',
  '鲜于',
  '亓官',
  '司空',
  '梁丘',
  '左丘',
  '东郭',
  '南门',
  '羊舌',
  '公冶',
  '宗政',
  '单于',
  '太叔',
  '段干',
  '张简',
  '范姜',
])
const surnames = new Set(
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤柯温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由'.split(
    '',
  ),
)

const titles: readonly [RegExp, 'male' | 'female' | undefined][] = [
  [
    /^(阿姨|姨|大妈|大娘|奶奶|婆婆|太婆|外婆|大婶|婶婶|婶子|婶|大嫂|嫂子|嫂|大姐|姐姐|姐|小姐|女士|太太|妹妹|妹|嬢嬢|孃孃|娭毑|姥姥|妈妈|师母|太)$/,
    'female',
  ],
  [
    /^(叔叔|叔|大叔|大爷|爷爷|爷|爹爹|大伯|伯伯|伯父|伯|师傅|先生|大哥|哥哥|哥|老弟|弟弟|弟|公公|老汉|老头|大舅|舅舅|总)$/,
    'male',
  ],
  [/^(老师|医生|大夫|教授|经理|主任|书记|科长|处长|局长|工|老|同志|老板|护士|警官|律师|校长|某|某某|氏|家|家人|户)$/, undefined],
]
const kin =
  /(?:之|的)?(妻子?|丈夫|老公|老婆|爱人|配偶|儿子|女儿|之子|之女|母亲|父亲|妈妈?|爸爸?|孙子|孙女|媳妇|女婿|岳母|岳父|婆婆|公公|家属|家人|亲属)$/

const isSurname = (said: string): boolean => doubles.has(said) || surnames.has(said)
const soundsOf = (surname: string, given: string): string[] => [
  ...[...surname].map((sign, i) => soundOf(sign, i === 0 && surname.length === 1) || sign),
  ...[...given].map((sign) => soundOf(sign) || sign),
]
const form = (
  kind: NameForm['kind'],
  surname: string,
  given: string,
  more: Pick<NameForm, 'sex' | 'manner' | 'either'> = {},
): NameForm => {
  const sounds = soundsOf(surname, given)
  return { kind, text: surname + given, surname, given, sounds, fold: sounds.map(folded).join(' '), ...more }
}
const mannerOf = (title: string): Pick<NameForm, 'manner'> =>
  /^老$|奶|爷|婆|爹|大妈|大娘|伯|姥|公公|老汉|老头|娭/.test(title)
    ? { manner: 'old' }
    : /妹|小姐|弟/.test(title)
      ? { manner: 'young' }
      : {}

/** Surname and given name; two signs are a surname only where they are a known one and something is left. */
export const splitName = (text: string): [string, string] => {
  const at = text.length > 2 && doubles.has(text.slice(0, 2)) ? 2 : 1
  return [text.slice(0, at), text.slice(at)]
}

/** So many names are remembered at once. */
const most = 200_000
const kept = new Map<string, NameForm | undefined>()

/** What a cell says of a name; undefined where it names nobody. Equal cells give the same object. */
export function readForm(raw: string): NameForm | undefined {
  if (kept.size > most) kept.clear()
  if (!kept.has(raw)) kept.set(raw, read(raw))
  return kept.get(raw)
}

function read(raw: string): NameForm | undefined {
  const bare = raw
    .normalize('NFKC')
    .replace(/[([{【〔<《].*?[)\]}】〕>》]?$/, '')
    .replace(/\d{3,}/g, '')
    .replace(/^[^\p{L}]+/u, '')
  if (
    !bare.trim() ||
    isNothing(bare) ||
    /^(业主|住户|户主|租户|租客|房东|居民|访客|外卖|快递|无名|匿名|拒访|本人|不愿透露|未知.*|不详.*)(员|小哥|人员|人)?$/.test(
      bare.trim(),
    )
  )
    return undefined
  if (/^[A-Za-zü\s.,'-]+$/.test(bare)) return letters(bare)
  const said = plainSigns(bare.replace(/[\s·•・‧.。,，、’'`"“”-]/g, '').replace(/[○●xX×＊※?？□_]/g, '*'))
  if (kin.test(said) && said.length >= 4) return undefined
  return called(said) ?? masked(said) ?? named(said)
}

/** Wang Jianguo, jianguo wang. */
function letters(said: string): NameForm | undefined {
  const sounds = syllablesOf(said)
  const text = said.toLowerCase().replace(/[^a-z]/g, '')
  if (/^[bcdfghjklmnpqrstwxyz]{2,4}$/.test(text))
    return { kind: 'initials', text, surname: text[0]!, given: text.slice(1), sounds: [], fold: text }
  if (!sounds || sounds.length < 2)
    return text.length < 2 ? undefined : { kind: 'full', text, surname: '', given: text, sounds: [text], fold: text }
  return {
    kind: 'sound',
    text: sounds.join(' '),
    surname: sounds[0]!,
    given: sounds.slice(1).join(' '),
    sounds,
    fold: sounds.map(folded).join(' '),
  }
}

/** 老王, 小李, 王阿姨, 张师傅, 李某某, 小强, 阿珍, 强强. */
function called(said: string): NameForm | undefined {
  const front = /^(老|小|大|阿)(.{1,2})$/.exec(said.replace(/^(老.)头$/, '$1'))
  if (front) {
    const rest = front[2]!
    const manner = front[1] === '老' ? { manner: 'old' as const } : front[1] === '小' ? { manner: 'young' as const } : {}
    if (isSurname(rest))
      return form('surname', rest, '', {
        ...manner,
        ...(rest.length === 1 && front[1] !== '老' ? { either: true as const } : {}),
      })
    if (front[1] !== '大' || rest.length === 1) return form('given', '', rest)
  }
  const tail = doubles.has(said.slice(0, 2)) ? said.slice(2) : said.slice(1)
  const title = titles.find(([words]) => words.test(tail.replace(/^[大老小一二三四五六]/, '')) || words.test(tail))
  const surname = said.slice(0, said.length - tail.length)
  if (title && isSurname(surname))
    return form('surname', surname, '', { ...(title[1] ? { sex: title[1] } : {}), ...mannerOf(tail) })
  const full = titles.find(([words]) => said.length >= 4 && words.test(said.slice(-2)))
  if (full && isSurname(said[0]!))
    return { ...form('full', ...splitName(said.slice(0, -2))), ...(full[1] ? { sex: full[1] } : {}) }
  return /^(.)\1$/.test(said) ? form('given', '', said[0]!) : undefined
}

/** 王**, 王*, 王*国, 王某. */
function masked(said: string): NameForm | undefined {
  const plain = said.replace(/某+/g, (signs) => '*'.repeat(signs.length))
  if (!plain.includes('*')) return undefined
  const known = plain.replaceAll('*', '')
  if (known === '') return undefined
  const [surname, given] = splitName(plain)
  if (known.length === surname.length && !surname.includes('*')) return form('surname', surname, '')
  return form('part', surname, given)
}

function named(said: string): NameForm | undefined {
  const text = said.replace(/[^\p{L}]/gu, '').slice(0, 20)
  if (text === '') return undefined
  const [surname, given] = splitName(text)
  if (doubles.has(text)) return form('surname', text, '')
  return text.length === 1
    ? isSurname(text)
      ? form('surname', text, '', { either: true })
      : form('given', '', text)
    : form('full', surname, given)
}

/** How two names agree, from best to worst; `unknown` where nothing can be said. */
export type NameLevel =
  | 'unknown'
  | 'same'
  | 'sameSound'
  | 'nearSound'
  | 'shorter'
  | 'oneSign'
  | 'surnameOnly'
  | 'givenOnly'
  | 'other'
  | 'calledSo'
  | 'calledElse'
  | 'partFits'
  | 'partOther'
  | 'givenFits'
  | 'givenOther'
  | 'initialsFit'
  | 'initialsOther'

/** The order of arguments does not matter. */
export function compareNames(a: NameForm | undefined, b: NameForm | undefined): NameLevel {
  if (!a || !b) return 'unknown'
  if (a.kind === 'initials' || b.kind === 'initials') return byInitials(a, b)
  if (a.kind === 'given' || b.kind === 'given') return byGiven(a, b)
  if (a.kind === 'surname' || b.kind === 'surname')
    return sameSurname(a, b) ? 'calledSo' : isGiven(a, b) || isGiven(b, a) ? 'givenFits' : 'calledElse'
  if (a.kind === 'part' || b.kind === 'part') return partFits(a.text, b.text) ? 'partFits' : 'partOther'
  if (a.text === b.text) return 'same'
  if (a.kind === 'sound' || b.kind === 'sound') return bySound(a, b)
  return inFull(a, b)
}

function sameSurname(a: NameForm, b: NameForm): boolean {
  const [one, other] = [a.surname[0] ?? '', b.surname[0] ?? '']
  if (one === '*' || other === '*') return true
  return one === other || (a.sounds[0] !== undefined && folded(a.sounds[0]) === folded(b.sounds[0] ?? '-'))
}

function byInitials(a: NameForm, b: NameForm): NameLevel {
  if (a.kind === b.kind) return a.text === b.text ? 'initialsFit' : 'initialsOther'
  const [short, long] = a.kind === 'initials' ? [a, b] : [b, a]
  if (long.kind !== 'full' && long.kind !== 'sound') return 'unknown'
  return long.sounds.map((sound) => sound[0]).join('') === short.text ? 'initialsFit' : 'initialsOther'
}

/** 小荣 beside 张荣. */
const isGiven = (short: NameForm, long: NameForm): boolean =>
  short.either === true &&
  (long.kind === 'full' || long.kind === 'given') &&
  folded(long.sounds.at(-1) ?? '-') === folded(short.sounds[0] ?? '')

function byGiven(a: NameForm, b: NameForm): NameLevel {
  const [short, long] = a.kind === 'given' ? [a, b] : [b, a]
  if (long.kind === 'surname') return isGiven(long, short) ? 'givenFits' : 'unknown'
  if (long.kind === 'part') return 'unknown'
  const theirs = long.kind === 'sound' ? long.sounds.map(folded) : long.sounds.slice(-2).map(folded)
  return short.sounds.every((sound) => theirs.includes(folded(sound))) ? 'givenFits' : 'givenOther'
}

const partFits = (a: string, b: string): boolean =>
  a.length === b.length && [...a].every((sign, i) => sign === '*' || b[i] === '*' || sign === b[i])

function bySound(a: NameForm, b: NameForm): NameLevel {
  if (a.fold === b.fold) return a.sounds.join() === b.sounds.join() ? 'sameSound' : 'nearSound'
  const turned = [...a.sounds.slice(1), a.sounds[0]!].map(folded).join(' ')
  const turnedLong = [...a.sounds.slice(-1), ...a.sounds.slice(0, -1)].map(folded).join(' ')
  if (turned === b.fold || turnedLong === b.fold) return 'nearSound'
  return a.sounds[0] === b.sounds[0] ? 'surnameOnly' : 'other'
}

function inFull(a: NameForm, b: NameForm): NameLevel {
  if (a.text.length === b.text.length) {
    const at: number[] = []
    for (let i = 0; i < a.text.length; i++) if (a.text[i] !== b.text[i]) at.push(i)
    if (at.every((i) => a.sounds[i] === b.sounds[i])) return 'sameSound'
    if (at.length === 1 && looksAlike(a.text[at[0]!]!, b.text[at[0]!]!)) return 'sameSound'
    if (a.fold === b.fold) return 'nearSound'
    if (at.length === 2 && nearlySame(a.text, b.text)) return 'shorter'
    if (at.length === 1 && a.text.length > 2) return at[0]! < a.surname.length ? 'givenOnly' : 'oneSign'
  } else if (a.surname === b.surname && (holds(a.given, b.given) || holds(b.given, a.given))) return 'shorter'
  if (a.surname === b.surname) return 'surnameOnly'
  return a.given === b.given ? 'givenOnly' : 'other'
}

const holds = (long: string, short: string): boolean =>
  short !== '' && long.length > short.length && [...short].every((sign) => long.includes(sign))
