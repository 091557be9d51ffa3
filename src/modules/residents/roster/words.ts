// Words of a roster's choices as people write them: sex, relation to the head, use of a dwelling, tags.
import { choiceText } from '#core/labels.ts'
import { Use } from '#modules/territory/model.ts'
import { Relation, Sex, Tag } from '../model.ts'

const squeeze = (words: string): string =>
  words
    .normalize('NFKC')
    .replaceAll(/[\s。.,、()]/g, '')
    .toLowerCase()

const sexes: Record<Sex, RegExp> = {
  male: /^(男|男性|男士|男生|先生|m|male|man|boy|1|1男|男1|01|♂)$/,
  female: /^(女|女性|女士|女生|小姐|f|female|woman|girl|2|2女|女2|02|♀)$/,
}
/** undefined where the words name none. */
export const sexOf = (words: string): Sex | undefined => Sex.options.find((sex) => sexes[sex].test(squeeze(words)))
export const looksLikeSex = (words: string): boolean => /^(男|女|男性|女性|m|f|male|female)$/.test(squeeze(words))

/** In this order: 儿媳 before 儿, 外孙女 before 女. */
const relations: readonly [Relation, RegExp][] = [
  [
    'head',
    /^(户主|户主本人|本人|本人户主|自己|家长|业主|业主本人|房主|房东|承租人|承租户|承租人本人|主租人|租户户主|head|householder|self|owner|0|01)$/,
  ],
  [
    'childInLaw',
    /^(媳|儿媳|儿媳妇|女婿|婿|上门女婿|孙媳妇?|孙女婿|外孙媳妇?|外孙女婿|(son|daughter)-?in-?law|子媳|长媳|次媳|[大二三四小]?(儿媳|女婿))$/,
  ],
  ['grandchild', /^([长次大二三四小]?(外)?孙(子|女|儿|女儿)?|(外)?孙子女|曾孙.*|重孙.*|孙辈|grand(child|son|daughter))$/],
  [
    'grandparent',
    /^(祖父|祖母|外祖父|外祖母|祖父母|外祖父母|爷爷|奶奶|外公|外婆|姥姥|姥爷|曾祖.*|祖辈|grand(parent|father|mother)|grandparents)$/,
  ],
  ['parentInLaw', /^(岳父|岳母|岳父母|公公|婆婆|公婆|丈人|丈母娘|丈母|家公|家婆|岳父母或公婆|(father|mother|parent)-?in-?law)$/],
  ['spouse', /^(配偶|妻|妻子|夫|丈夫|爱人|老伴|老公|老婆|夫妻|太太|先生|内人|夫人|husband|wife|spouse)$/],
  ['parent', /^(父|母|父亲|母亲|父母|爸爸?|妈妈?|继父|继母|养父|养母|老父|老母|户主父亲|户主母亲|parent|father|mother)$/],
  [
    'sibling',
    /^(兄|弟|姐|妹|哥哥?|弟弟|姐姐|妹妹|兄弟|姐妹|姊妹|兄妹|姐弟|胞[兄弟姐妹]|堂?表?[兄弟姐妹哥]{1,2}|兄弟姐妹|brother|sister|sibling)$/,
  ],
  [
    'child',
    /^([独长次大二三四五六小老么幺末]?(生|继|养)?(子|女|儿|儿子|女儿|闺女|姑娘)|子女|儿女|孩子|小孩|婴儿|(独|养|继)(生)?子女|[长次三四五]?(男|女)孩|child|son|daughter|kid)$/,
  ],
  [
    'kin',
    /^(亲属|亲戚|其他亲属|其它亲属|旁系亲属|叔.*|伯.*|姑.*|舅.*|姨.*|婶.*|侄.*|甥.*|外甥.*|嫂.*|弟媳|弟妹|姐夫|妹夫|兄嫂|亲家.*|kin|relative|uncle|aunt|nephew|niece|cousin)$/,
  ],
  ['carer', /^(保姆|住家保姆|护工|月嫂|育儿嫂|家政.*|保姆或护工|护理.*|carer|nanny|maid|caregiver)$/],
  ['roommate', /^(合租|合租人|合租户|室友|合租者|同住人?|同住租客|room-?mate|flatmate)$/],
  [
    'other',
    /^(其他|其它|非亲属|朋友|同学|同事|老乡|工友|员工|职工|租户|租客|租赁户|租住|寄住|寄居|借住|雇员|学徒|其他人员|other|tenant|friend|集体户)$/,
  ],
]

/** undefined where the words are not known. 之 and numbers of order do not matter: 之妻, 户主之子. */
export function relationOf(words: string): Relation | undefined {
  const said = squeeze(words)
    .replace(/^(户主|本人|房主|业主)?(之|的)/, '')
    .replace(/^户主(?=.)(?!本人)/, '')
    .replace(/[\d一]$/, (end) => (words.length <= 2 && /^\d+$/.test(words) ? end : ''))
  const known = Relation.options.find((one) => {
    const { zh, en } = choiceText(Relation, one)
    return squeeze(zh) === said || squeeze(en) === said || one.toLowerCase() === said
  })
  return known ?? relations.find(([, seen]) => seen.test(said))?.[0]
}

/** Somebody who rents: the head of a household of their own. */
export const isTenant = (words: string): boolean => /租(户|客|住|赁|房)|承租|tenant/i.test(squeeze(words))
export const looksLikeRelation = (words: string): boolean => /[\u4e00-\u9fff]/.test(words) && relationOf(words) !== undefined

const uses: Record<Use, RegExp> = {
  vacant: /空置|空房|空关|闲置|无人|未入住|毛坯|vacant|empty/,
  rental: /出租|租赁|租住|租房|租户|承租|群租|合租|短租|转租|^租$|rent|let|tenant/,
  owner: /自住|自有|自用|业主|产权|自购|常住|居住|本人|owner|self/,
}
export const useOf = (words: string): Use | undefined => {
  const said = squeeze(words)
  return Use.options.find((one) => one === said) ?? (['vacant', 'rental', 'owner'] as const).find((use) => uses[use].test(said))
}

/** Tags by their own words only. */
export const tagsOf = (words: string): Tag[] => {
  const said = words.split(/[、,，;；/\s]+/).map(squeeze)
  return Tag.options.filter(
    (tag) => said.includes(squeeze(choiceText(Tag, tag).zh)) || said.includes(squeeze(choiceText(Tag, tag).en)),
  )
}
