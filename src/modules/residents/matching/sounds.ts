// How Chinese characters sound and look: readings, what dialects fold together, signs that eyes and input methods mistake.
import { pinyin } from 'pinyin-pro'

/** Traditional and variant forms that people write in names. */
const variants = new Map(
  Object.entries({
    張: '张',
    劉: '刘',
    陳: '陈',
    楊: '杨',
    趙: '赵',
    黃: '黄',
    吳: '吴',
    孫: '孙',
    馬: '马',
    羅: '罗',
    鄭: '郑',
    謝: '谢',
    韓: '韩',
    馮: '冯',
    鄧: '邓',
    許: '许',
    蕭: '萧',
    葉: '叶',
    蘇: '苏',
    盧: '卢',
    蔣: '蒋',
    賈: '贾',
    閻: '阎',
    鍾: '钟',
    鐘: '钟',
    範: '范',
    譚: '谭',
    陸: '陆',
    龍: '龙',
    萬: '万',
    錢: '钱',
    湯: '汤',
    賴: '赖',
    龔: '龚',
    龐: '庞',
    顧: '顾',
    樊: '樊',
    鄒: '邹',
    溫: '温',
    嚴: '严',
    齊: '齐',
    偉: '伟',
    麗: '丽',
    強: '强',
    軍: '军',
    傑: '杰',
    濤: '涛',
    華: '华',
    蘭: '兰',
    紅: '红',
    國: '国',
    輝: '辉',
    寧: '宁',
    貞: '贞',
    瑩: '莹',
    曉: '晓',
    鳳: '凤',
    飛: '飞',
    衛: '卫',
    東: '东',
    義: '义',
    禮: '礼',
    慶: '庆',
    榮: '荣',
    愛: '爱',
    勝: '胜',
    興: '兴',
    鵬: '鹏',
    靜: '静',
    潔: '洁',
    豔: '艳',
    艷: '艳',
    麗珍: '丽珍',
    燕: '燕',
    蓮: '莲',
    雲: '云',
    鳴: '鸣',
    銘: '铭',
    鋒: '锋',
    鐵: '铁',
    鑫: '鑫',
    貴: '贵',
    財: '财',
    賢: '贤',
    贊: '赞',
    長: '长',
    門: '门',
    開: '开',
    陽: '阳',
    陰: '阴',
    順: '顺',
    領: '领',
    風: '风',
    恆: '恒',
    棟: '栋',
    樹: '树',
    歐: '欧',
    漢: '汉',
    澤: '泽',
    煒: '炜',
    爾: '尔',
    瑋: '玮',
    環: '环',
    發: '发',
    盧瑟: '卢瑟',
    祿: '禄',
    筆: '笔',
    紹: '绍',
    維: '维',
    緒: '绪',
    聰: '聪',
    聖: '圣',
    蔭: '荫',
    誠: '诚',
    誌: '志',
    詩: '诗',
    嬌: '娇',
    婭: '娅',
    嫻: '娴',
    學: '学',
    寶: '宝',
    嵐: '岚',
    廣: '广',
    彥: '彦',
    惠: '惠',
    懷: '怀',
    業: '业',
    榕: '榕',
    倫: '伦',
    億: '亿',
    優: '优',
    兒: '儿',
    凱: '凯',
    剛: '刚',
    劍: '剑',
    勳: '勋',
    壽: '寿',
    夢: '梦',
    淸: '清',
    啓: '启',
    啟: '启',
    喆: '哲',
    昇: '升',
    峯: '峰',
    烱: '炯',
    菓: '果',
    玥: '玥',
    堃: '坤',
    犇: '奔',
    淼: '淼',
    勛: '勋',
  }),
)

/** One form of each sign: variants and traditional forms as the standard one. */
export const plainSigns = (said: string): string => [...said].map((sign) => variants.get(sign) ?? sign).join('')

/** Signs that eyes mistake for each other, on paper and in a photograph of it. */
const alike = `己已巳 末未 土士 晴睛清 莉荔 日曰 玉王 扬杨 侯候 徐除 昊吴 大太夫天 千干于 人入八 刀力 午牛 古占 由田甲申 目日 贝见 白自 石右 乌鸟 今令 元无 历厉 仓仑 代伐 住佳往 折拆析 竞竟 券卷 冶治
拔拨 挠桡 梅海 云去 泽译 法沾 沬沫 洪共 海悔 涛寿 渝愉瑜喻 涵函 源原 溪奚 娜那哪 娟捐 婷停 婧靖 嫣焉 桂挂 柱住 林木 松柏 栋拣 桢祯 梓样 欣折 武式斌 玲铃 珍诊 珊册 琪淇 琳淋 瑛英 瑞端 璐路 莹萤 苗茵 英央
荣荥 莲连 菊掬 萍苹 蓉容 薇微 蕾雷 贤坚 贵责 超起 辉晖 远运 建健 逸免 郎朗 邓郑 铭名 锋峰 锦绵 阳旧 隆降 霞震 鹏朋 龙尤 凤风 博傅 友左 叶汁 古吉 启后 和知 坤坪 培陪 奕弈 妍研 妮泥 婉宛 子孑 孝考 宁宇字 安妥
宏宠 宝室 宣宜 家冢 宸晨震 岩若 廷延 弘弛 彬杉 彭膨 德徳 怡治 思恩 恒桓 悦阅 惠慧 敏毓 旭旮 昌冒 春舂 星皇 晓哓 智知 曼蔓 权仅 李季 来米 柳抑 样洋 闰润 萧潇 焕换 然燃 熙照 玮伟 玫玟 瑶摇 璇旋 秀季 秋秒 程理
童董 江红 纯钝 维唯 绍结 美姜 翔祥 耀跃 般航 良艮 荷何 虎虚 虹红 许计 诗持 谢射 轩车东 辰展 诵通 根银 雅稚 韦丰 顺须 颖颍 香看 马鸟 鸿鸣 麟鳞 黎梨 文丈 志忠 丹舟 林材 倩债 明朋 今令 杰木`
const looks = new Map<string, Set<string>>()
for (const group of alike.split(/\s+/)) for (const sign of group) looks.set(sign, new Set([...(looks.get(sign) ?? []), ...group]))

export const looksAlike = (a: string, b: string): boolean => looks.get(a)?.has(b) ?? false

const readings = new Map<string, string>()
const surnameReadings = new Map<string, string>()

/** The sound of one character without tone, `''` for a sign without one; ü is v. `surname`: as the first of a name (单 shan, 查 zha). */
export function soundOf(sign: string, surname = false): string {
  const kept = surname ? surnameReadings : readings
  let sound = kept.get(sign)
  if (sound === undefined) {
    sound = /^\p{Script=Han}$/u.test(sign) ? pinyin(sign, { surname: surname ? 'head' : 'off', toneType: 'none', v: true }) : ''
    if (!/^[a-z]+$/.test(sound)) sound = ''
    kept.set(sign, sound)
  }
  return sound
}

/** What dialects and their input methods do not tell apart: zh z, ch c, sh s, n l, r l, hu f, ang an, eng en, ing in. */
export const folded = (sound: string): string =>
  sound
    .replace(/^huang$/, 'wang')
    .replace(/^([zcs])h/, '$1')
    .replace(/^[nr](?=[aeiouv])/, 'l')
    .replace(/^hu(?=[aeino])/, 'f')
    .replace(/^fu$/, 'fu')
    .replace(/^hu$/, 'fu')
    .replace(/ng$/, 'n')

const initials = '(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])'
const finals =
  '(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|van|ai|ei|ui|ao|ou|iu|ie|ue|ve|er|an|en|in|un|ia|ua|uo|a|o|e|i|u|v)'
const syllable = new RegExp(`^${initials}?${finals}$`)

/** Wang Jianguo → wang, jian, guo; undefined where the letters are no pinyin. A syllable that begins with a vowel stands at a word's beginning. */
export function syllablesOf(said: string): string[] | undefined {
  const found: string[] = []
  for (const word of said
    .toLowerCase()
    .replaceAll('ü', 'v')
    .split(/[^a-z]+/)
    .filter(Boolean)) {
    const parts = word.length > 20 ? undefined : parted(word, true)
    if (!parts) return undefined
    found.push(...parts)
  }
  return found.length > 0 && found.length <= 5 ? found : undefined
}

function parted(word: string, first: boolean): string[] | undefined {
  if (word === '') return []
  for (let length = Math.min(6, word.length); length > 0; length--) {
    const one = word.slice(0, length)
    if (!syllable.test(one) || (!first && /^[aeiouv]/.test(one))) continue
    const rest = parted(word.slice(length), false)
    if (rest) return [one, ...rest]
  }
  return undefined
}

/** Edits between two short texts, a swap of neighbours being one; 4 stands for more than 3. What they begin and end with alike is not looked at. */
export function edits(a: string, b: string): number {
  if (a === b) return 0
  if (Math.abs(a.length - b.length) > 3) return 4
  let [from, endA, endB] = [0, a.length, b.length]
  while (from < endA && from < endB && a[from] === b[from]) from++
  while (endA > from && endB > from && a[endA - 1] === b[endB - 1]) {
    endA--
    endB--
  }
  if (endA === from || endB === from) return Math.min(4, endA - from + endB - from)
  if (endA - from === 1 && endB - from === 1) return 1
  if (endA - from === 2 && endB - from === 2 && a[from] === b[from + 1] && a[from + 1] === b[from]) return 1
  return endA - from > 12 || endB - from > 12 ? 4 : table(a.slice(from, endA), b.slice(from, endB))
}

function table(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1)
      row.push(least)
    }
    before = last
    last = row
  }
  return Math.min(4, last[b.length]!)
}

/** Whether two texts are one edit apart, or none. */
export function nearlySame(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false
  let [from, endA, endB] = [0, a.length, b.length]
  while (from < endA && from < endB && a[from] === b[from]) from++
  while (endA > from && endB > from && a[endA - 1] === b[endB - 1]) {
    endA--
    endB--
  }
  const [left, right] = [endA - from, endB - from]
  return (left <= 1 && right <= 1) || (left === 2 && right === 2 && a[from] === b[from + 1] && a[from + 1] === b[from])
}
