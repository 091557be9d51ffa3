// What is compared between two people, in which steps, and what each step means in words.
import { text, type Text } from '#core/text.ts'
import { compareBirths, type BirthLevel } from './births.ts'
import { compareNames, type NameLevel } from './names.ts'
import { compareIds, comparePhones, type IdLevel, type PhoneLevel } from './numbers.ts'
import type { Person } from './people.ts'
import { comparePlaces, type PlaceLevel } from './places.ts'
import type { Field, Level } from './weigh.ts'

type Step<K extends string> = readonly [key: K, group: number, m: number, h: number, zh: string, en: string]
const levelsOf = <K extends string>(steps: readonly Step<K>[]): { levels: Level[]; at: Record<string, number> } => {
  const levels = steps.map(([key, group, m, h, zh, en]): Level => ({ key, group, m, h, say: text(zh, en) }))
  return { levels, at: Object.fromEntries(levels.map(({ key }, i) => [key, i])) }
}

const names = levelsOf<NameLevel>([
  ['unknown', -1, 0, 0, '姓名无法比较', 'names cannot be compared'],
  ['same', 0, 0.9, 0.001, '姓名相同', 'same name'],
  ['sameSound', 0, 0.045, 0.001, '姓名同音或形近', 'names sound or look the same'],
  ['nearSound', 0, 0.012, 0.002, '姓名方音相近', 'names sound alike in dialect'],
  ['shorter', 0, 0.01, 0.004, '姓名缺字或颠倒', 'a sign missing or two swapped'],
  ['oneSign', 0, 0.01, 0.06, '姓名差一字', 'one sign of the name differs'],
  ['surnameOnly', 0, 0.004, 0.35, '同姓不同名', 'same surname, other given name'],
  ['givenOnly', 0, 0.006, 0.002, '同名不同姓', 'same given name, other surname'],
  ['other', 0, 0.013, 0.58, '姓名不同', 'different names'],
  ['calledSo', 1, 0.97, 0.42, '称呼与姓氏相符', 'form of address fits the surname'],
  ['calledElse', 1, 0.03, 0.58, '称呼与姓氏不符', 'form of address does not fit the surname'],
  ['partFits', 2, 0.97, 0.01, '遮盖的姓名相符', 'masked name fits'],
  ['partOther', 2, 0.03, 0.99, '遮盖的姓名不符', 'masked name does not fit'],
  ['givenFits', 3, 0.93, 0.03, '小名与名字相符', 'pet name fits the given name'],
  ['givenOther', 3, 0.07, 0.97, '小名与名字不符', 'pet name does not fit'],
  ['initialsFit', 4, 0.95, 0.01, '拼音首字母相符', 'initials fit'],
  ['initialsOther', 4, 0.05, 0.99, '拼音首字母不符', 'initials do not fit'],
])
const births = levelsOf<BirthLevel>([
  ['unknown', -1, 0, 0, '年龄无法比较', 'ages cannot be compared'],
  ['same', 0, 0.92, 0.004, '出生日期相同', 'same birth date'],
  ['slip', 0, 0.055, 0.01, '出生日期差一处或月日颠倒', 'birth dates differ in one part, or day and month are swapped'],
  ['sameYear', 0, 0.01, 0.02, '出生年相同', 'same year of birth'],
  ['near', 0, 0.006, 0.1, '出生相差不到三年', 'born less than three years apart'],
  ['far', 0, 0.004, 0.2, '出生相差多年', 'born years apart'],
  ['other', 0, 0.005, 0.666, '出生日期不同', 'different birth dates'],
  ['yearFits', 1, 0.9, 0.1, '年龄相符', 'ages fit'],
  ['yearNear', 1, 0.06, 0.06, '年龄相差两岁', 'ages two years apart'],
  ['yearFar', 1, 0.02, 0.12, '年龄相差几岁', 'ages some years apart'],
  ['yearOther', 1, 0.01, 0.17, '年龄不符', 'ages do not fit'],
  ['generation', 1, 0.01, 0.55, '年龄差一辈', 'a generation apart'],
])
const ids = levelsOf<IdLevel>([
  ['unknown', -1, 0, 0, '证件号无法比较', 'numbers cannot be compared'],
  ['same', 0, 0.93, 0.004, '证件号相同', 'same identity number'],
  ['near', 0, 0.04, 0.001, '证件号差一两位', 'identity numbers one or two digits apart'],
  ['sameBirth', 0, 0.005, 0.01, '证件号不同而生日段相同', 'different numbers with the same birth date'],
  ['other', 0, 0.025, 0.985, '证件号不同', 'different identity numbers'],
  ['partFits', 1, 0.94, 0.004, '证件号已知部分相符', 'what is known of the number fits'],
  ['partNear', 1, 0.03, 0.01, '证件号已知部分差一位', 'what is known of the number is one digit apart'],
  ['partOther', 1, 0.03, 0.986, '证件号已知部分不符', 'what is known of the number does not fit'],
])
const phones = levelsOf<PhoneLevel>([
  ['unknown', -1, 0, 0, '电话无法比较', 'telephones cannot be compared'],
  ['same', 0, 0.74, 0.3, '电话相同', 'same telephone'],
  ['near', 0, 0.035, 0.005, '电话差一位', 'telephones one digit apart'],
  ['other', 0, 0.225, 0.695, '电话不同', 'different telephones'],
  ['partFits', 1, 0.8, 0.3, '电话已知部分相符', 'what is known of the telephone fits'],
  ['partOther', 1, 0.2, 0.7, '电话已知部分不符', 'what is known of the telephone does not fit'],
])
const places = levelsOf<PlaceLevel>([
  ['unknown', -1, 0, 0, '住址无法比较', 'places cannot be compared'],
  ['dwelling', 0, 0.85, 0.96, '同一房号', 'same dwelling'],
  ['roomNear', 0, 0.05, 0.02, '房号差一位', 'rooms one digit apart'],
  ['building', 0, 0.02, 0.01, '同楼不同房', 'same building, other room'],
  ['compound', 0, 0.03, 0.005, '同小区不同楼', 'same compound, other building'],
  ['elsewhere', 0, 0.05, 0.005, '不同小区', 'different compounds'],
  ['buildingFits', 1, 0.9, 0.97, '同一楼栋', 'same building'],
  ['compoundFits', 1, 0.05, 0.02, '同小区不同楼栋', 'same compound, other building'],
  ['compoundOther', 1, 0.05, 0.01, '不同小区', 'different compounds'],
  ['onlyCompound', 2, 0.94, 0.99, '同一小区', 'same compound'],
  ['otherCompound', 2, 0.06, 0.01, '不同小区', 'different compounds'],
])
const sexes = levelsOf<string>([
  ['unknown', -1, 0, 0, '性别无法比较', 'sex cannot be compared'],
  ['same', 0, 0.985, 0.45, '性别相同', 'same sex'],
  ['other', 0, 0.015, 0.55, '性别不同', 'different sex'],
])

const manners = levelsOf<string>([
  ['unknown', -1, 0, 0, '称呼与年龄无法比较', 'form of address and age cannot be compared'],
  ['fits', 0, 0.9, 0.4, '称呼与年龄相符', 'form of address fits the age'],
  ['unfit', 0, 0.1, 0.6, '称呼与年龄不符', 'form of address does not fit the age'],
])
/** 老王 is from about 45 years on, 小王 up to about 60. */
function mannerOf(a: Person, b: Person, thisYear: number): number {
  const [called, other] = a.name?.manner ? [a.name.manner, b] : [b.name?.manner, a]
  if (!called || !other.birth?.year || other.name?.kind === 'surname') return 0
  const age = thisYear - other.birth.year
  return (called === 'old' ? age >= 45 : age <= 60) ? 1 : 2
}

/** The places of the fields in a pair's levels. */
export const at = { name: 0, sex: 1, birth: 2, id: 3, phone: 4, place: 5, manner: 6 } as const
/** The numbers of the levels by their names. */
export const level = { name: names.at, birth: births.at, id: ids.at, phone: phones.at, place: places.at, sex: sexes.at } as const

const fieldLevels = { name: names, sex: sexes, birth: births, id: ids, phone: phones, place: places } as const
/** How often strangers of one community agree so, for a single look where no rows are at hand to learn from. */
const strangers: Record<string, number> = {
  'name.same': 3e-4,
  'name.sameSound': 6e-4,
  'name.nearSound': 4e-4,
  'name.shorter': 4e-4,
  'name.oneSign': 2e-3,
  'name.partFits': 2e-3,
  'name.givenFits': 0.03,
  'name.calledSo': 0.04,
  'name.initialsFit': 5e-3,
  'name.surnameOnly': 0.04,
  'birth.same': 4e-5,
  'birth.slip': 2e-3,
  'birth.sameYear': 0.012,
  'birth.near': 0.05,
  'birth.far': 0.2,
  'birth.yearFits': 0.03,
  'birth.yearNear': 0.03,
  'sex.same': 0.5,
  'sex.other': 0.5,
  'phone.same': 1e-4,
  'id.same': 1e-6,
  'place.dwelling': 5e-4,
}
/** Bits for one person, by the stated shares. */
export const bitsOf = (field: keyof typeof fieldLevels, key: string): number => {
  const { levels, at: numbers } = fieldLevels[field]
  return Math.log2(Math.max(1e-6, levels[numbers[key]!]!.m) / (strangers[`${field}.${key}`] ?? 1))
}
export const wordsOf = (field: keyof typeof fieldLevels, key: string): Text =>
  fieldLevels[field].levels[fieldLevels[field].at[key]!]!.say

const counted = (keys: Iterable<string>): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const key of keys) if (key) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}
export const dwellingOf = ({ place: { compound, building, unit, room } }: Person): string =>
  building && room ? `${compound}/${building}/${unit}/${room}` : ''

/** The seven comparisons of these people, with the frequencies of what they have in common. */
export function fieldsOf(people: readonly Person[], thisYear: number): Field[] {
  const total = people.length
  const full = counted(people.map(({ name }) => (name && (name.kind === 'full' || name.kind === 'sound') ? name.text : '')))
  const folds = counted(people.map(({ name }) => (name && (name.kind === 'full' || name.kind === 'sound') ? name.fold : '')))
  const clans = counted(people.map(({ name }) => (name?.kind === 'full' ? name.surname : '')))
  const lines = counted(people.flatMap((person) => person.phones.map(({ digits }) => digits)))
  const ends = counted(people.flatMap((person) => person.phones.map(({ digits }) => digits.slice(-4))))
  const homes = counted(people.map(dwellingOf))
  const stairs = counted(people.map(({ place }) => (place.building ? `${place.compound}/${place.building}` : '')))
  const rare = (count: number) => Math.max(1, count - 1.5) / total
  const p = (i: number) => people[i]!
  return [
    {
      key: 'name',
      say: text('姓名', 'name'),
      levels: names.levels,
      compare: (a, b) => names.at[compareNames(p(a).name, p(b).name)]!,
      share: (a, b, l) => {
        const [one, other] = [p(a).name!, p(b).name!]
        if (l === names.at['same']) return rare(full.get(one.text) ?? 1)
        if (l === names.at['sameSound'] || l === names.at['nearSound'])
          return rare(Math.max(folds.get(one.fold) ?? 1, folds.get(other.fold) ?? 1))
        if (l === names.at['calledSo']) return rare(clans.get((one.kind === 'surname' ? one : other).surname) ?? 1)
        return 0
      },
    },
    {
      key: 'sex',
      say: text('性别', 'sex'),
      levels: sexes.levels,
      compare: (a, b) => {
        const [one, other] = [p(a).sex, p(b).sex]
        return !one || !other ? 0 : one === other ? 1 : 2
      },
    },
    {
      key: 'birth',
      say: text('出生', 'birth'),
      levels: births.levels,
      compare: (a, b) => births.at[compareBirths(p(a).birth, p(b).birth)]!,
    },
    {
      key: 'id',
      say: text('证件', 'identity number'),
      levels: ids.levels,
      compare: (a, b) => ids.at[compareIds(p(a).id, p(b).id)]!,
    },
    {
      key: 'phone',
      say: text('电话', 'telephone'),
      levels: phones.levels,
      compare: (a, b) => phones.at[comparePhones(p(a).phones, p(b).phones)]!,
      share: (a, b, l) => {
        if (l === phones.at['same'])
          return Math.min(
            ...p(a).phones.flatMap(({ digits }) =>
              p(b).phones.some((other) => other.digits === digits) ? [rare(lines.get(digits) ?? 1)] : [],
            ),
            1e-2,
          )
        return l === phones.at['partFits'] ? Math.max(1e-4, rare(ends.get(p(a).phones[0]!.digits.slice(-4)) ?? 1) / 4) : 0
      },
    },
    {
      key: 'place',
      say: text('住处', 'place'),
      levels: places.levels,
      compare: (a, b) => places.at[comparePlaces(p(a).place, p(b).place)]!,
      share: (a, b, l) => {
        if (l === places.at['dwelling'])
          return Math.max(homes.get(dwellingOf(p(a))) ?? 1, homes.get(dwellingOf(p(b))) ?? 1) / total
        if (l !== places.at['buildingFits']) return 0
        const { compound, building } = p(a).place
        return (stairs.get(`${compound}/${building}`) ?? 1) / total
      },
    },
    {
      key: 'manner',
      say: text('称呼', 'form of address'),
      levels: manners.levels,
      compare: (a, b) => mannerOf(p(a), p(b), thisYear),
    },
  ]
}
