// What duties there are is said by the modules that know what is to be done: each declares its kinds, nobody here knows them.
import type { Text } from '#core/text.ts'
import { offer, type House } from '#server/house.ts'
import type { Role } from '#modules/identity/model.ts'
import type { Duty } from './model.ts'

/** A slot of a duty as a page opens it. */
export type DutyAt = Pick<
  Duty,
  'id' | 'kind' | 'subjectKind' | 'subject' | 'source' | 'sourceId' | 'building' | 'dwelling' | 'grid'
> & { readonly day: string; readonly slot: string }

export type DutyKind = {
  /** `<module>.<kind>`, for life. */
  readonly key: string
  readonly title: Text
  /** As what somebody answers for it in its grid, where nobody is named. */
  readonly role: Role
  /** Among slots of equal need the higher one comes first; 0 where it does not matter. */
  readonly priority: number
  /** Words of a slot; its key is shown where it has none. */
  readonly slots?: Readonly<Record<string, Text>>
  /** The console's page on which it is done, and the phone's: below /console and /m. */
  readonly path: (duty: DutyAt) => string
  readonly phone?: (duty: DutyAt) => string
  /** Names of the contracts whose entries close its slots. */
  readonly closes: readonly string[]
}

export const dutyKinds = offer<DutyKind>('duties.dutyKinds')

/** Every kind by its key. */
export const kindsOf = (house: Pick<House, 'offered'>): ReadonlyMap<string, DutyKind> =>
  new Map(house.offered(dutyKinds).map((kind) => [kind.key, kind]))

/** The words of a kind, or its key where no module of this house knows it any more. */
export const kindTitle = (kinds: ReadonlyMap<string, DutyKind>, key: string): Text =>
  kinds.get(key)?.title ?? { zh: key, en: key }

/** The usual words of slots; a kind may say its own. */
const usual: Readonly<Record<string, Text>> = {
  morning: { zh: '上午', en: 'Morning' },
  noon: { zh: '中午', en: 'Noon' },
  afternoon: { zh: '下午', en: 'Afternoon' },
  evening: { zh: '晚上', en: 'Evening' },
  day: { zh: '当日', en: 'In the day' },
}
export const slotTitle = (kind: DutyKind | undefined, slot: string): Text =>
  kind?.slots?.[slot] ?? usual[slot] ?? { zh: slot, en: slot }
