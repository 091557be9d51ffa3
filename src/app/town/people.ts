// Invented households: names, ages and relations that could be, phone numbers of the prefix 154, which no operator gives out.
import { addDays, type Day } from '#core/dates.ts'
import type { Chance } from './chance.ts'

const surnames = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕', '欧阳', '司马', '尉迟']
const given = [
  ...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国志文辉斌波宁慧巧美雪荣爱妹琼勤珍贞莉莹晶妍茜秋珊莎锦青倩婷姣婉娴瑾颖露瑶怡婵雁蓓',
]

export type InventedPerson = {
  readonly name: string
  readonly relation: 'head' | 'spouse' | 'child' | 'parent' | 'other'
  readonly sex: 'male' | 'female'
  readonly birthDate: Day
  readonly phone: string | null
  readonly livesAlone: boolean
}

const nameOf = (chance: Chance, surname: string): string =>
  surname + chance.pick(given) + (chance.next() < 0.7 ? chance.pick(given) : '')

/** Born `age` years before the day, on some day of that year. */
const bornAt = (chance: Chance, age: number, on: Day): Day => addDays(on, -(age * 365 + Math.ceil(age / 4) + chance.below(360)))

/** How many live in a household: alone, a couple, or a family of up to three generations. */
export const inventSize = (chance: Chance): number =>
  1 + [0.18, 0.45, 0.78, 0.92, 1].findIndex((upTo) => chance.next() < upTo || upTo === 1)

/** One household of this size, or of a size that chance gives. */
export function inventHousehold(chance: Chance, index: number, on: Day, given?: number): InventedPerson[] {
  const surname = chance.pick(surnames)
  const size = given ?? inventSize(chance)
  const age = size === 1 ? 25 + chance.below(62) : 26 + chance.below(45)
  const man = chance.next() < 0.55
  const head: InventedPerson = {
    name: nameOf(chance, surname),
    relation: 'head',
    sex: man ? 'male' : 'female',
    birthDate: bornAt(chance, age, on),
    phone: phoneOf(index),
    livesAlone: size === 1 && age >= 70,
  }
  const others = Array.from({ length: size - 1 }, (_, i): InventedPerson => {
    if (i === 0) return member(chance, 'spouse', chance.pick(surnames), man ? 'female' : 'male', age, on)
    if (i === 1 || i === 2) {
      return member(
        chance,
        'child',
        surname,
        chance.next() < 0.5 ? 'male' : 'female',
        Math.max(1, age - 24 - chance.below(8)),
        on,
      )
    }
    return member(chance, 'parent', surname, chance.next() < 0.5 ? 'male' : 'female', age + 24, on)
  })
  return [head, ...others]
}

const member = (
  chance: Chance,
  relation: InventedPerson['relation'],
  surname: string,
  sex: InventedPerson['sex'],
  age: number,
  on: Day,
): InventedPerson => ({
  name: nameOf(chance, surname),
  relation,
  sex,
  birthDate: bornAt(chance, age, on),
  phone: null,
  livesAlone: false,
})

/** A number of the right shape that can be nobody's. */
const phoneOf = (index: number): string => `154${String(index % 100_000_000).padStart(8, '0')}`
