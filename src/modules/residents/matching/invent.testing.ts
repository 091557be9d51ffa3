// Invents a subdistrict and the three lists that different hands keep of it, with the truth: who is who. Knows nothing of how rows are matched.
import { checkDigit } from '../documents.ts'
import { pinyin } from 'pinyin-pro'

export type Invented = {
  readonly files: { readonly grid: string; readonly visits: string; readonly gate: string }
  readonly truth: ReadonlyMap<string, number>
}
/** `trouble`: how worn the lists are; 0.5 careful hands, 1 as usual, 2 bad ones. */
export type Wish = { readonly seed: number; readonly people: number; readonly trouble: number }

const surnames =
  '王7.3 李7.2 张6.8 刘5.4 陈4.6 杨3.1 黄2.3 赵2.1 吴2 周1.9 徐1.5 孙1.5 马1.3 朱1.3 胡1.2 郭1.2 何1.2 林1.2 高1 罗1 郑1 梁.9 谢.8 宋.8 唐.7 许.7 韩.7 冯.6 邓.6 曹.6 彭.5 曾.5 肖.5 田.5 董.5 袁.5 潘.5 于.5 蒋.4 蔡.4 余.4 杜.4 叶.4 程.4 苏.4 魏.4 吕.4 丁.4 任.4 沈.4 姚.3 卢.3 姜.3 崔.3 钟.3 谭.3 陆.3 汪.3 范.3 金.3 石.3 廖.3 贾.3 夏.3 韦.3 付.3 方.3 白.3 邹.3 孟.3 熊.3 秦.3 邱.3 江.3 尹.2 薛.2 闫.2 段.2 雷.2 侯.2 龙.2 史.2 陶.2 黎.2 贺.2 顾.2 毛.2 郝.2 龚.2 邵.2 万.2 欧阳.06 司马.02 上官.02 诸葛.02 尉迟.01 皇甫.01'
    .split(' ')
    .map((one) => [one.replace(/[\d.]/g, ''), Number(one.replace(/[^\d.]/g, ''))] as const)
const given = {
  male: {
    old: '国建军明华志文德福贵金生荣祥光平永庆富海山清林春根发宝元成友良忠义顺昌松柏传家正学仁全水木火土新',
    young: '伟强磊洋勇杰涛超鹏浩宇轩博子涵睿俊豪晨阳旭东泽天佑铭鑫凯帆龙飞翔斌波辉嘉航毅弘思远景行一诺梓',
  },
  female: {
    old: '英兰秀珍桂芳玉梅凤云莲香菊淑芬琴素华红霞美金荣月桃花枝翠春喜惠清爱连腊巧银',
    young: '丽静敏娟艳娜婷雪倩颖莹洁琳欣怡梦琪雨萱佳思涵子诗雅馨月悦可心妍语晗芷若紫晴璐瑶蕾薇玲慧丹',
  },
}
const compoundNames = [
  '幸福小区',
  '阳光花园',
  '锦绣家园',
  '和平里',
  '翠竹苑',
  '东湖名居',
  '百花新村',
  '紫荆公寓',
  '幸福家园',
  '江南春城',
  '银河湾',
  '建设新村',
]
const soundAlike =
  '国果过 建健见 军君均 明名鸣 华花桦 志智治 文雯闻 德得 福富 金今津 生升声 荣容蓉 祥翔详 平萍苹 永勇咏 海 清青卿 林琳霖 春 宝保 成诚程 友有 义艺 英瑛 兰岚 秀绣 珍真贞 桂贵 芳方 玉育 梅美 凤奉 云芸 莲连 香湘 淑书 芬分 琴芹 红洪宏 霞侠 伟玮炜 强 磊蕾 洋阳扬 杰洁捷 涛 鹏朋 浩皓昊 宇雨语 轩萱 博波 子紫 涵晗 晨辰 丽莉利 静靖婧 敏 娟 艳燕 娜 婷亭 倩茜 颖影 莹盈 欣心鑫新 怡仪宜 佳嘉家 张章 陈程 徐许 吴武 余于俞 肖萧 付傅 闫严颜 江姜 何贺 魏卫 黄王 郭国'.split(
    ' ',
  )
const lookAlike =
  '晴睛 玲铃 候侯 徐除 未末 杨扬 莉荔 洁浩 桢祯 晖辉 宇字 明朋 东车 志忠 建健 荣荥 玉王 丹舟 林材 惠慧 兰三 云去 文丈 田由 斌武 晨震 今令 倩债 艳绝 婷停 梅海 莲连 杰木 娜哪 琳淋 英央 芬芳 秀季'.split(
    ' ',
  )
const division = ['420102', '420103', '420106', '420111', '421083', '422301', '430102', '410102', '340104', '510104']

type Human = {
  readonly number: number
  readonly name: string
  readonly sex: 'male' | 'female'
  readonly born: readonly [number, number, number]
  readonly id: string
  readonly phones: readonly string[]
  readonly home: Home
  readonly old?: Home
  readonly family: number
  readonly known: { grid: boolean; visits: boolean }
  readonly visitor: boolean
}
type Home = { readonly compound: string; readonly building: string; readonly unit: string; readonly room: string }

export function invent({ seed, people: wanted, trouble }: Wish): Invented {
  let state = (seed * 2_654_435_761) >>> 0
  const chance = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (n: number) => Math.floor(chance() * n)
  const pick = <T>(from: ArrayLike<T>): T => from[below(from.length)]!
  const happens = (share: number) => chance() < share
  const thisYear = 2020 + below(3)

  // --- people ------------------------------------------------------------------------------------------------------
  const sumOf = surnames.reduce((sum, [, share]) => sum + share, 0)
  const surname = () => {
    let left = chance() * sumOf
    return surnames.find(([, share]) => (left -= share) <= 0)?.[0] ?? '王'
  }
  const nameOf = (clan: string, sex: 'male' | 'female', year: number, generation?: string) => {
    const signs = given[sex][year < 1978 ? 'old' : 'young']
    if (happens(0.12)) return clan + pick(signs)
    return clan + (generation ?? pick(signs)) + pick(signs)
  }
  const idOf = (born: readonly [number, number, number], sex: 'male' | 'female') => {
    const serial = String(below(50) * 2 + (sex === 'male' ? 1 : 0)).padStart(2, '0')
    const front =
      pick(division) +
      String(born[0]) +
      String(born[1]).padStart(2, '0') +
      String(born[2]).padStart(2, '0') +
      String(below(10)) +
      serial
    return front + checkDigit(front)
  }
  const phone = () =>
    `1${pick(['38', '39', '58', '59', '36', '50', '86', '77', '89', '99'])}${String(below(100_000_000)).padStart(8, '0')}`
  const compounds = compoundNames.slice(0, Math.max(3, Math.min(compoundNames.length, Math.round(wanted / 1500))))
  const tall = Math.max(2, Math.ceil(wanted / 2.6 / compounds.length / 50))
  const homes = new Set<string>()
  const home = (): Home => {
    for (;;) {
      const found = {
        compound: pick(compounds),
        building: String(1 + below(tall)),
        unit: String(1 + below(3)),
        room: `${1 + below(11)}0${1 + below(2)}`,
      }
      const key = Object.values(found).join('-')
      if (!homes.has(key) || happens(0.002)) {
        homes.add(key)
        return found
      }
    }
  }
  const humans: Human[] = []
  let families = 0
  const family = (at: Home, known: Human['known'], visitor = false) => {
    const number = families++
    const clan = surname()
    const size = pick([1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 6])
    const age = 24 + below(60)
    const shared = happens(0.3) ? phone() : undefined
    const moved = happens(0.03) ? home() : undefined
    const generation = happens(0.4) ? pick(given.male.young) : undefined
    const add = (sex: 'male' | 'female', years: number, its: string, same?: { born: Human['born'] }) => {
      const born = same?.born ?? ([thisYear - years - (happens(0.5) ? 1 : 0), 1 + below(12), 1 + below(28)] as const)
      const own = years >= 12 && happens(years > 72 ? 0.6 : 0.95)
      const phones = own
        ? [phone(), ...(happens(0.12) ? [phone()] : [])]
        : shared
          ? [shared]
          : humans.at(-1)?.family === number && humans.at(-1)!.phones.length
            ? [humans.at(-1)!.phones[0]!]
            : []
      humans.push({
        number: humans.length,
        name: nameOf(its, sex, born[0], years < 22 ? generation : undefined),
        sex,
        born,
        id: idOf(born, sex),
        phones: shared && happens(0.5) ? [shared] : phones,
        home: at,
        family: number,
        known,
        visitor,
        ...(moved ? { old: moved } : {}),
      })
    }
    add(happens(0.7) ? 'male' : 'female', age, clan)
    if (size > 1) add(humans.at(-1)!.sex === 'male' ? 'female' : 'male', Math.max(18, age - 3 + below(6)), surname())
    for (let i = 2; i < Math.min(size, 4); i++) {
      const years = Math.max(0, age - 22 - below(14))
      if (i === 3 && happens(0.12)) add(pick(['male', 'female'] as const), years, clan, { born: humans.at(-1)!.born })
      else add(pick(['male', 'female'] as const), years, clan)
    }
    for (let i = 4; i < size; i++)
      add(i === 4 ? 'female' : 'male', Math.min(96, age + 22 + below(10)), i === 4 ? surname() : clan)
  }
  while (humans.length < wanted) {
    const at = home()
    const draw = chance()
    if (draw < 0.07) {
      family(at, { grid: true, visits: false })
      family(at, { grid: false, visits: true })
    } else family(at, { grid: draw < 0.93, visits: draw < 0.16 ? false : happens(0.86) })
  }
  const residents = humans.length
  for (let i = 0; i < wanted * 0.05; i++) family(home(), { grid: false, visits: false }, true)

  // --- hands -------------------------------------------------------------------------------------------------------
  const odds = (share: number) => happens(Math.min(0.95, share * trouble))
  const swapped = (said: string, groups: readonly string[]) => {
    const at = below(said.length)
    const group = groups.filter((one) => one.includes(said[at]!))
    const others = group.length ? [...pick(group)].filter((sign) => sign !== said[at]) : []
    return others.length ? said.slice(0, at) + pick(others) + said.slice(at + 1) : said
  }
  const digitSlip = (said: string) => {
    const at = 1 + below(said.length - 2)
    if (happens(0.35)) return said.slice(0, at) + said[at + 1] + said[at] + said.slice(at + 2)
    return happens(0.12) ? said.slice(0, at) + said.slice(at + 1) : said.slice(0, at) + String(below(10)) + said.slice(at + 1)
  }
  const clanOf = (name: string) =>
    surnames.some(([one]) => one.length === 2 && name.startsWith(one)) ? name.slice(0, 2) : name[0]!
  const called = (human: Human) => {
    const age = thisYear - human.born[0]
    const clan = clanOf(human.name)
    if (age > 55)
      return pick(
        human.sex === 'male'
          ? [`老${clan}`, `${clan}大爷`, `${clan}师傅`, `${clan}爹爹`]
          : [`${clan}阿姨`, `${clan}婆婆`, `${clan}奶奶`, `${clan}大妈`],
      )
    return pick(
      human.sex === 'male'
        ? [`小${clan}`, `${clan}先生`, `${clan}某`, `阿${human.name.at(-1)}`]
        : [`${clan}女士`, `小${clan}`, `${clan}姐`, `小${human.name.at(-1)}`],
    )
  }
  const nameSaid = (human: Human, rate: number, nick: number): string => {
    if (happens(nick * trouble)) return happens(0.15) ? human.name[0] + '*'.repeat(human.name.length - 1) : called(human)
    if (odds(rate)) {
      const draw = chance()
      if (draw < 0.5) return swapped(human.name, soundAlike)
      if (draw < 0.75) return swapped(human.name, lookAlike)
      if (draw < 0.85) return human.name.length > 2 ? human.name.slice(0, 1) + human.name.slice(2) : human.name
      if (draw < 0.92)
        return pinyin(human.name, { toneType: 'none', type: 'array' })
          .map((word) => word[0]!.toUpperCase() + word.slice(1))
          .join(' ')
      return human.name.slice(0, -1) + pick(given[human.sex].old + given[human.sex].young)
    }
    return odds(0.02) ? `${human.name[0]} ${human.name.slice(1)}` : human.name
  }
  const phoneSaid = (human: Human, missing: number, masks: number): string => {
    if (!human.phones.length || happens(missing)) return ''
    let said = human.phones.length > 1 && happens(0.5) ? human.phones[1]! : human.phones[0]!
    if (odds(0.03)) said = phone()
    if (odds(0.03)) said = digitSlip(said)
    if (happens(masks)) return happens(0.85) ? `${said.slice(0, 3)}****${said.slice(-4)}` : `尾号${said.slice(-4)}`
    return odds(0.02) ? `${said.slice(0, 3)} ${said.slice(3, 7)} ${said.slice(7)}` : said
  }
  const idSaid = (human: Human, form: 'whole' | 'end' | 'mask', missing: number): string => {
    if (happens(missing)) return ''
    let said = human.id
    if (odds(0.008)) {
      const kin = humans.filter((other) => other.family === human.family && other !== human)
      if (kin.length) said = pick(kin).id
    }
    if (odds(0.02)) said = digitSlip(said)
    if (form === 'end') return said.slice(-4)
    if (form === 'mask') return `${said.slice(0, 6)}********${said.slice(-4)}`
    return odds(0.01) && said.slice(6, 8) === '19' ? said.slice(0, 6) + said.slice(8, 17) : said
  }
  const bornSaid = (human: Human, form: 'date' | 'age' | 'year', missing: number): string => {
    if (happens(missing)) return ''
    let [year, month, day] = human.born
    if (form === 'age')
      return `${thisYear - year + (odds(0.1) ? 1 : 0) - (happens(0.45) && year < thisYear ? 1 : 0)}${happens(0.2) ? '岁' : ''}`
    if (odds(0.02)) [month, day] = day <= 12 ? [day, month] : [month, day]
    if (odds(0.02)) year += pick([-1, 1, 10, -10])
    if (odds(0.01)) day = 1 + below(28)
    if (form === 'year') return String(year)
    const two = (n: number) => String(n).padStart(2, '0')
    return pick([
      `${year}-${two(month)}-${two(day)}`,
      `${year}-${two(month)}-${two(day)}`,
      `${year}/${month}/${day}`,
      `${year}年${month}月${day}日`,
      `${year}${two(month)}${two(day)}`,
    ])
  }
  const where = (human: Human, stale: boolean): Home => {
    const at = stale && human.old ? human.old : human.home
    return odds(0.012) ? { ...at, room: digitSlip(`0${at.room}0`).slice(1, -1) || at.room } : at
  }
  const shortCompound = (name: string) => (odds(0.04) ? name.replace(/(小区|花园|家园|新村|公寓)$/, '') : name)
  const inWords = ({ compound, building, unit, room }: Home, part: 'all' | 'building' | 'compound'): string => {
    const front = happens(0.2)
      ? `${pick(['武汉市', '湖北省武汉市', ''])}${pick(['江岸区', '洪山区'])}`
      : happens(0.1)
        ? `和平街道`
        : ''
    const name = front + shortCompound(compound)
    if (part === 'compound') return name
    if (part === 'building')
      return name + pick([`${building}栋`, `${building}号楼`, `${building}幢`, `${building}-${unit}`, `${building}栋${unit}单元`])
    return pick([
      `${name}${building}栋${unit}单元${room}`,
      `${name}${building}号楼${unit}单元${room}室`,
      `${name}${building}-${unit}-${room}`,
      `${name}${building}幢${unit}单元${room}室`,
      `${name}${building}#${unit}-${room}`,
      `${name} ${building}栋${unit}单元${room}号`,
    ])
  }

  // --- the three lists ---------------------------------------------------------------------------------------------
  const truth = new Map<string, number>()
  const shuffled = <T>(of: readonly T[]) =>
    of
      .map((one) => [chance(), one] as const)
      .sort((a, b) => a[0] - b[0])
      .map(([, one]) => one)
  const csv = (heads: readonly string[], rows: readonly (readonly string[])[]) =>
    `\ufeff${[heads, ...rows].map((row) => row.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')).join('\r\n')}\r\n`
  const list = (source: string, entries: readonly (readonly [Human, readonly string[]])[], heads: readonly string[]) => {
    const rows = shuffled(entries).map(([human, cells], i) => {
      truth.set(`${source}:${i + 1}`, human.number)
      return [String(i + 1), ...cells]
    })
    return csv(['行号', ...heads], rows)
  }
  const sexSaid = (human: Human) => (odds(0.012) ? '' : odds(0.005) !== (human.sex === 'male') ? '男' : '女')
  const own = humans.slice(0, residents)
  const style = seed % 3
  const gridRow = (human: Human) => {
    const at = where(human, happens(0.6))
    return [
      nameSaid(human, 0.012, 0),
      sexSaid(human),
      bornSaid(human, 'date', 0.04 * trouble),
      idSaid(human, 'whole', 0.08 * trouble),
      phoneSaid(human, 0.06, 0),
      shortCompound(at.compound),
      style === 1 ? `${at.building}号楼` : `${at.building}栋`,
      style === 2 ? at.unit : `${at.unit}单元`,
      at.room,
    ]
  }
  const grid = list(
    'grid',
    own
      .filter(({ known }) => known.grid && !happens(0.03))
      .flatMap((human) => (happens(0.006 * trouble) ? [human, human] : [human]))
      .map((human) => [human, gridRow(human)] as const),
    [
      '姓名',
      '性别',
      '出生日期',
      style === 0 ? '身份证号' : '公民身份号码',
      style === 1 ? '手机' : '联系电话',
      '小区',
      style === 1 ? '楼号' : '楼栋',
      '单元',
      style === 2 ? '室' : '房号',
    ],
  )
  const visits = list(
    'visits',
    own
      .filter(({ known }) => known.visits && !happens(0.12))
      .flatMap((human) => (happens(0.08) ? [human, human] : [human]))
      .map((human) => {
        const at = where(human, false)
        const words = [
          nameSaid(human, 0.04, 0.03),
          sexSaid(human),
          bornSaid(human, style === 1 ? 'year' : 'age', 0.08),
          idSaid(human, style === 2 ? 'mask' : 'end', 0.3),
          phoneSaid(human, 0.2, style === 1 ? 0.2 : 0),
        ]
        return [
          human,
          style === 2 ? [...words, at.compound, at.building, at.unit, at.room] : [...words, inWords(at, 'all')],
        ] as const
      }),
    [
      '受访人姓名',
      '性别',
      style === 1 ? '出生年' : '年龄',
      style === 2 ? '证件号码' : '证件后四位',
      '电话',
      ...(style === 2 ? ['小区', '楼栋', '单元', '房号'] : ['住址']),
    ],
  )
  const gate = list(
    'gate',
    humans.flatMap((human) =>
      Array.from({ length: human.visitor ? 1 : pick([0, 0, 0, 1, 1, 1, 2, 3]) }, () => {
        const vague = chance()
        const place = human.visitor && happens(0.6) ? pick(own).home : where(human, false)
        const words = [
          nameSaid(human, 0.05, 0.07),
          phoneSaid(human, 0.15, 0.35),
          inWords(place, vague < 0.7 ? 'all' : vague < 0.93 ? 'building' : 'compound'),
        ]
        return [human, style === 0 ? words : [words[0]!, sexSaid(human), words[1]!, words[2]!]] as const
      }),
    ),
    style === 0 ? ['姓名', '联系电话', '地址'] : ['来访人姓名', '性别', '手机号码', '住址（楼栋单元房号）'],
  )
  return { files: { grid, visits, gate }, truth }
}
