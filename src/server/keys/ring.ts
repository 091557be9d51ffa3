// The key ring: every key of one database, outside the data, and what may be done with them.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { toBase64url, unseal, type SealedContent, type SealKey, type Sealed } from '#core/envelope.ts'
import { isProblem } from '#core/problem.ts'
import { canonicalJson } from './canonical.ts'
import { agreementKey, closeField, hmac, keyIdOf, openField, publicPoint } from './ciphers.ts'
import { hasFolder, locked, readPrivate, writePrivate } from './files.ts'
import { History } from './history.ts'
import { checkOf, makeKey, parseRing, printRing, type Key, type StoredKey } from './keyFile.ts'
import {
  fieldsOf,
  ownerOf,
  requireCommunity,
  ringNames,
  searchOf,
  type Purpose,
  type RotatableName,
  type SecretName,
} from './names.ts'
import { say } from './say.ts'
import { communitiesFolder, historyFile, ringFile, Vault } from './vault.ts'
import { verifyKeys, type Verdict } from './verify.ts'

/** What may be told of a key. Times are ISO 8601. */
export type KeyInfo = Pick<Key, 'name' | 'id' | 'state' | 'created' | 'ended'>
/** 32 bytes to sign, seed or encrypt with; `id` goes beside what they make. */
export type Secret = { readonly id: string; readonly bytes: Buffer }

export type KeyRing = {
  /**
   * Closes a field of a community. `context` is what the value is and whose (`module.field:<id>`): it opens there and nowhere else.
   * About 10 µs; the first use of a purpose makes its keys and takes some ms. Throws `keys.destroyed`.
   */
  readonly encrypt: (community: string, purpose: Purpose, plaintext: string, context: string) => Buffer
  /** Opens what `encrypt` closed, by the key that it names. Throws `keys.tampered`, `keys.destroyed`, `keys.unknownKey`. */
  readonly decrypt: (community: string, closed: Uint8Array, context: string) => string
  /** Closes what signs an account in; the same as `encrypt`, by the ring's own key. */
  readonly closeSecret: (plaintext: string, context: string) => Buffer
  /** Opens what `closeSecret` closed. Throws `keys.tampered`. */
  readonly openSecret: (closed: Uint8Array, context: string) => string
  /** 16 bytes, equal for equal values of one kind (`document`, `phone`) of one community and purpose. Spell the value one way first. */
  readonly searchDigest: (community: string, purpose: Purpose, kind: string, value: string) => Buffer
  /** 32 bytes, equal for equal JSON whatever the order of members; the same for the life of the ring. */
  readonly digest: (value: unknown) => Buffer
  /** The public key that phones seal to. */
  readonly sealKey: () => SealKey
  /** Opens a sealed request, also one sealed to a retired key. Throws `keys.unsealable` for anything else. */
  readonly unseal: (sealed: Sealed, aad: string) => Promise<SealedContent>
  /** The active secret of this name, or the one with this id; Ed25519 seeds for `audit` and `passes:<community>` (see `signingKey`). */
  readonly secret: (name: SecretName, id?: string) => Secret
  /** All keys of this name, oldest first: a trust list, the epochs of the backups. */
  readonly keysOf: (name: RotatableName) => readonly KeyInfo[]
  /** Keys of a community's fields, of every purpose, oldest first. */
  readonly fieldKeysOf: (community: string) => readonly KeyInfo[]
  /** Communities that have keys. */
  readonly communities: () => readonly string[]
  /** Retires the active key and makes the next; what the retired one made stays readable. */
  readonly rotate: (name: RotatableName) => KeyInfo
  /** Destroys fields and search keys of one purpose for ever and answers what is destroyed now; repeating it changes nothing. */
  readonly destroy: (community: string, purpose: Purpose) => readonly KeyInfo[]
  /** Destroys one retired key: an epoch of the backups. Throws `keys.unknownKey`. */
  readonly destroyRetired: (name: RotatableName, id: string) => KeyInfo
  /** Reads every file again and tries every key. */
  readonly verify: () => Verdict
}

/**
 * Opens the ring of the database whose id is `dataId`.
 * `fresh`: true as long as nothing encrypted was committed, and only then is a ring made. Commit the data's id first: opening again
 * with the same id after a crash finds the ring made before. Throws `keys.missing`, `.foreign`, `.exposed`, `.damaged`, `.closed`.
 */
export async function openKeyRing({ dir, dataId, fresh }: { dir: string; dataId: string; fresh: boolean }): Promise<KeyRing> {
  const words = ringWords(dir) ?? (fresh ? locked(dir, () => ringWords(dir) ?? makeRing(dir, dataId)) : undefined)
  if (words === undefined) throw say.missing({ where: join(dir, ringFile) })
  const ring = parseRing(words, ringFile)
  if (ring.dataId !== dataId) throw say.foreign({ dir })
  if (readPrivate(join(dir, historyFile)) === undefined) startHistory(dir, ring.keys)
  return ringOf(new Vault(dir, ring.secret), () => verifyKeys({ dir, dataId }))
}

/** Opens the ring that lies in this folder, whatever data it belongs to: for what asks keys only. Undefined where there is none. */
export async function ringThere(dir: string): Promise<KeyRing | undefined> {
  const words = ringWords(dir)
  return words === undefined ? undefined : openKeyRing({ dir, dataId: parseRing(words, ringFile).dataId, fresh: false })
}

const ringWords = (dir: string): string | undefined => (hasFolder(dir) ? readPrivate(join(dir, ringFile)) : undefined)

function makeRing(dir: string, dataId: string): string {
  // Keys of communities without a ring: they are of other data, and the ring itself was lost.
  if (existsSync(join(dir, historyFile)) || existsSync(join(dir, communitiesFolder))) throw say.foreign({ dir })
  const at = new Date().toISOString()
  const anchor = randomBytes(32)
  const keys = ringNames.map((name) => makeKey(name, anchor, at))
  const words = printRing({
    format: 1,
    dataId,
    created: at,
    anchor: anchor.toString('base64url'),
    check: checkOf(anchor, dataId),
    keys,
  })
  writePrivate(join(dir, ringFile), words)
  return words
}

/** A ring just made has no history yet; one that has keys of communities has lost it, and with it the knowledge of what else is lost. */
function startHistory(dir: string, keys: readonly StoredKey[]): void {
  const path = join(dir, historyFile)
  locked(dir, () => {
    // Another process may have begun it while this one waited.
    if (existsSync(path)) return
    if (existsSync(join(dir, communitiesFolder))) throw say.missing({ where: path })
    new History(path).note(keys, new Date().toISOString())
  })
}

const infoOf = ({ name, id, state, created, ended }: Key): KeyInfo => ({ name, id, state, created, ended })

function ringOf(vault: Vault, verify: () => Verdict): KeyRing {
  return {
    encrypt: (community, purpose, plaintext, context) =>
      closeField(vault.active(fieldsOf(community, purpose)), plaintext, context),
    decrypt: (community, closed, context) => openField(vault.byId(requireCommunity(community), keyIdOf(closed)), closed, context),
    closeSecret: (plaintext, context) => closeField(vault.active('accounts'), plaintext, context),
    openSecret: (closed, context) => openField(vault.byId('ring', keyIdOf(closed)), closed, context),
    searchDigest: (community, purpose, kind, value) =>
      hmac(vault.active(searchOf(community, purpose)), `${kind}\0${value}`).subarray(0, 16),
    digest: (value) => hmac(vault.active('digest'), canonicalJson(value)),
    ...sealing(vault),
    secret: (name, id) => {
      const key = id === undefined ? vault.active(name) : vault.byId(ownerOf(name), id)
      if (key.name !== name) throw say.unknownKey({ key: key.id })
      return { id: key.id, bytes: key.secret().export() }
    },
    keysOf: (name) => vault.all(name).map(infoOf),
    fieldKeysOf: (community) =>
      vault
        .of(requireCommunity(community))
        .filter((key) => key.name.startsWith('fields:'))
        .map(infoOf),
    communities: () => vault.communities(),
    rotate: (name) => infoOf(vault.renew(name)),
    destroy: (community, purpose) => {
      const names = [fieldsOf(community, purpose), searchOf(community, purpose)]
      return vault.destroy(community, (key) => (names as string[]).includes(key.name), names).map(infoOf)
    },
    destroyRetired: (name, id) => {
      const known = vault.all(name).find((key) => key.id === id)
      if (known?.state === 'active') throw new Error('The active key is renewed before it is destroyed.')
      const [gone] = known ? vault.destroy(ownerOf(name), (key) => key.name === name && key.id === id) : []
      if (!gone) throw say.unknownKey({ key: id })
      return infoOf(gone)
    },
    verify,
  }
}

function sealing(vault: Vault): Pick<KeyRing, 'sealKey' | 'unseal'> {
  const opened = new Map<string, Promise<CryptoKey>>()
  const open = (kid: string): Promise<CryptoKey> => {
    const key = vault.byId('ring', kid)
    if (key.name !== 'seal') throw say.unsealable()
    const known = opened.get(kid) ?? agreementKey(key)
    opened.set(kid, known)
    return known
  }
  return {
    sealKey: () => {
      const key = vault.active('seal')
      return { kid: key.id, publicKey: toBase64url(publicPoint(key)) }
    },
    // Whatever is wrong with a sealed item, the phone can do one thing only: keep it and let its owner send it again.
    unseal: async (sealed, aad) => {
      try {
        return await unseal(await open(sealed.kid), sealed, aad)
      } catch (error) {
        throw isProblem(error) && error.code !== 'keys.unknownKey' && error.code !== 'keys.destroyed' ? error : say.unsealable()
      }
    },
  }
}
