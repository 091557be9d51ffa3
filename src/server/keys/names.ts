// How keys are named, and in whose file each of them lies.
import { Id } from '#core/ids.ts'

/** What a community's fields are kept for: its register, or one response, whose keys are destroyed when it ends. */
export type Purpose = 'register' | `response:${string}`

/**
 * Keys of the whole ring. `digest` is never renewed: digests of sixty days are compared with each other. `accounts` closes what
 * signs people in beside their password; rings made before there was one get it at its first use.
 */
export const ringNames = ['accounts', 'audit', 'backup', 'digest', 'seal', 'session'] as const
export type RingName = (typeof ringNames)[number]

export type FieldsName = `fields:${string}:${Purpose}`
export type SearchName = `search:${string}:${Purpose}`
export type PassesName = `passes:${string}`
export type KeyName = RingName | FieldsName | SearchName | PassesName

/** Keys whose raw bytes a caller may have. */
export type SecretName = 'audit' | 'backup' | 'session' | PassesName
/** Keys that may be renewed: what the retired one made stays readable by its key id. */
export type RotatableName = 'accounts' | 'audit' | 'backup' | 'seal' | 'session' | PassesName | FieldsName

/** `ring`, or the 12 digits of a community: one file each. */
export type Owner = string

const communityCode = /^\d{12}$/

/** Names become paths, so a code that is none is a mistake of the program and stops here. */
export function requireCommunity(community: string): string {
  if (!communityCode.test(community)) throw new Error('A key belongs to a community of 12 digits.')
  return community
}

function requirePurpose(purpose: Purpose): Purpose {
  const response = purpose.startsWith('response:') ? purpose.slice('response:'.length) : undefined
  if (purpose !== 'register' && !Id.safeParse(response).success) throw new Error('A purpose is register or response:<id>.')
  return purpose
}

export const fieldsOf = (community: string, purpose: Purpose): FieldsName =>
  `fields:${requireCommunity(community)}:${requirePurpose(purpose)}`
export const searchOf = (community: string, purpose: Purpose): SearchName =>
  `search:${requireCommunity(community)}:${requirePurpose(purpose)}`
export const passesOf = (community: string): PassesName => `passes:${requireCommunity(community)}`

/** Whose file holds the key of this name. */
export const ownerOf = (name: string): Owner => name.split(':')[1] ?? 'ring'

/** Fields and search of one purpose are made together and end together. */
export function madeWith(name: KeyName): readonly KeyName[] {
  const [kind, ...rest] = name.split(':')
  return kind === 'fields' || kind === 'search' ? ([`fields:${rest.join(':')}`, `search:${rest.join(':')}`] as KeyName[]) : [name]
}

/** Bytes of a key's id: four where every byte counts (a printed pass), six elsewhere. */
export const idBytesOf = (name: KeyName): number => (name.startsWith('passes:') ? 4 : 6)
