// What one key file holds, how it is checked when it is read, and how its keys come to be.
import { createECDH, createHmac, createSecretKey, randomBytes, timingSafeEqual, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { idBytesOf, ownerOf, type KeyName, type Owner } from './names.ts'
import { say } from './say.ts'

/** `material` is 32 bytes, base64url, until the key is destroyed. `sum` is keyed: a file of another ring does not pass. */
export const StoredKey = z.object({
  name: z.string(),
  id: z.string(),
  state: z.enum(['active', 'retired', 'destroyed']),
  created: z.string(),
  ended: z.string().nullable(),
  material: z.string().length(43).nullable(),
  sum: z.string(),
})
export type StoredKey = z.infer<typeof StoredKey>

const CommunityFile = z.object({ format: z.literal(1), owner: z.string(), keys: z.array(StoredKey) })
/** `anchor` keys the sums and the check; `check` binds the ring to the data's id. */
export const RingFile = z.object({
  format: z.literal(1),
  dataId: z.string(),
  created: z.string(),
  anchor: z.string(),
  check: z.string(),
  keys: z.array(StoredKey),
})
export type RingFile = z.infer<typeof RingFile>

function parsed<T extends z.ZodType>(shape: T, words: string, file: string): z.output<T> {
  let json: unknown
  try {
    json = JSON.parse(words)
  } catch {
    throw say.damaged({ file })
  }
  const format = z.object({ format: z.number() }).safeParse(json)
  if (format.success && format.data.format > 1) throw say.newer({ file })
  const read = shape.safeParse(json)
  if (!read.success) throw say.damaged({ file })
  return read.data
}

const keyedSum = (anchor: Buffer, words: string): string => createHmac('sha256', anchor).update(words).digest('base64url')

const sameWords = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

/** The value that binds a ring to its data. */
export const checkOf = (anchor: Buffer, dataId: string): string => keyedSum(anchor, `linli ring of ${dataId}`)

const sumOf = (anchor: Buffer, key: Omit<StoredKey, 'sum'>): string =>
  keyedSum(anchor, JSON.stringify([key.name, key.id, key.state, key.created, key.ended, key.material]))

function requireSound(keys: readonly StoredKey[], anchor: Buffer, owner: Owner, file: string): void {
  const active = new Set<string>()
  for (const key of keys) {
    const sound =
      ownerOf(key.name) === owner &&
      sameWords(key.sum, sumOf(anchor, key)) &&
      (key.state === 'destroyed') === (key.material === null)
    if (!sound || (key.state === 'active' && active.has(key.name))) throw say.damaged({ file })
    if (key.state === 'active') active.add(key.name)
  }
}

/** Reads the ring's own file; throws `keys.damaged` unless every sum and the check hold. */
export function parseRing(words: string, file: string): RingFile & { readonly secret: Buffer } {
  const ring = parsed(RingFile, words, file)
  const secret = Buffer.from(ring.anchor, 'base64url')
  if (!sameWords(ring.check, checkOf(secret, ring.dataId))) throw say.damaged({ file })
  requireSound(ring.keys, secret, 'ring', file)
  return { ...ring, secret }
}

/** Reads the keys of one community; throws `keys.damaged` when a sum does not hold or the file is another community's. */
export function parseCommunity(words: string, anchor: Buffer, owner: Owner, file: string): readonly StoredKey[] {
  const found = parsed(CommunityFile, words, file)
  if (found.owner !== owner) throw say.damaged({ file })
  requireSound(found.keys, anchor, owner, file)
  return found.keys
}

export const printRing = (ring: RingFile): string => `${JSON.stringify(ring, null, 1)}\n`
export const printCommunity = (owner: Owner, keys: readonly StoredKey[]): string =>
  `${JSON.stringify({ format: 1, owner, keys }, null, 1)}\n`

const signed = (anchor: Buffer, key: Omit<StoredKey, 'sum'>): StoredKey => ({ ...key, sum: sumOf(anchor, key) })

// Every number of 32 bytes is a key, save on the curve P-256, where a few are none.
function newMaterial(name: KeyName): Buffer {
  if (name !== 'seal') return randomBytes(32)
  const pair = createECDH('prime256v1')
  pair.generateKeys()
  const number = pair.getPrivateKey()
  return Buffer.concat([Buffer.alloc(32 - number.length), number])
}

/** A new active key; its id differs from those in `beside`. */
export function makeKey(name: KeyName, anchor: Buffer, at: string, beside: readonly StoredKey[] = []): StoredKey {
  let id: string
  do id = randomBytes(idBytesOf(name)).toString('base64url')
  while (beside.some((key) => key.id === id))
  return signed(anchor, {
    name,
    id,
    state: 'active',
    created: at,
    ended: null,
    material: newMaterial(name).toString('base64url'),
  })
}

export const retireKey = (key: StoredKey, anchor: Buffer, at: string): StoredKey =>
  signed(anchor, { ...key, state: 'retired', ended: at })
export const destroyKey = (key: StoredKey, anchor: Buffer, at: string): StoredKey =>
  signed(anchor, { ...key, state: 'destroyed', ended: at, material: null })

/** A key ready for use. */
export type Key = {
  readonly name: KeyName
  readonly id: string
  readonly state: StoredKey['state']
  readonly created: string
  readonly ended: string | null
  /** The 32 bytes; throws `keys.destroyed` when there are none any more. */
  readonly secret: () => KeyObject
}

/** `dead`: the history says that it was destroyed, whatever the file says. */
export function readyKey(stored: StoredKey, dead: boolean): Key {
  const { id, created, ended, material } = stored
  let object: KeyObject | undefined
  return {
    name: stored.name as KeyName,
    id,
    created,
    ended,
    state: dead ? 'destroyed' : stored.state,
    secret: () => {
      if (dead || material === null) throw say.destroyed({ key: stored.name })
      return (object ??= createSecretKey(material, 'base64url'))
    },
  }
}
