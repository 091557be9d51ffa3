// The keys in memory and on disk: one file for the ring, one for each community, read when first needed.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readPrivate, writePrivate, locked } from './files.ts'
import { History } from './history.ts'
import {
  destroyKey,
  makeKey,
  parseCommunity,
  parseRing,
  printCommunity,
  printRing,
  readyKey,
  retireKey,
  type Key,
  type StoredKey,
} from './keyFile.ts'
import { madeWith, ownerOf, type KeyName, type Owner } from './names.ts'
import { say } from './say.ts'

export const ringFile = 'ring.json'
export const historyFile = 'history.log'
export const communitiesFolder = 'communities'

/** Path of an owner's file inside the key folder. By county, so that no folder grows too long to list. */
export const fileOf = (owner: Owner): string =>
  owner === 'ring' ? ringFile : `${communitiesFolder}/${owner.slice(0, 6)}/${owner}.json`

// How long another process's change may go unseen, in ms. A look costs one stat.
const lookEvery = 200

type Named = Pick<StoredKey, 'name' | 'id'>
type View = { readonly keys: readonly Key[]; readonly active: ReadonlyMap<string, Key>; readonly byId: ReadonlyMap<string, Key> }

export class Vault {
  readonly #dir: string
  readonly #anchor: Buffer
  readonly #history: History
  readonly #views = new Map<Owner, View>()
  #looked = -Infinity

  constructor(dir: string, anchor: Buffer) {
    this.#dir = dir
    this.#anchor = anchor
    this.#history = new History(join(dir, historyFile))
  }

  /** The active key of this name, made when there never was one. Throws `keys.destroyed`, `keys.missing`, `keys.damaged`. */
  active(name: KeyName): Key {
    return this.#view(ownerOf(name)).active.get(name) ?? this.#firstOf(name)
  }

  /** The key that made something, active or retired; throws `keys.destroyed` or `keys.unknownKey`. */
  byId(owner: Owner, id: string): Key {
    // Another process may have made it a moment ago: read again before giving up.
    const key = this.#view(owner).byId.get(id) ?? this.#reload(owner).byId.get(id)
    if (!key) throw say.unknownKey({ key: id })
    if (key.state === 'destroyed') throw say.destroyed({ key: key.name })
    return key
  }

  /** Every key of this name, oldest first. */
  all(name: KeyName): readonly Key[] {
    return this.#view(ownerOf(name)).keys.filter((key) => key.name === name)
  }

  /** Every key in an owner's file. */
  of(owner: Owner): readonly Key[] {
    return this.#view(owner).keys
  }

  /** Communities that have a file, in order. */
  communities(): readonly string[] {
    const folder = join(this.#dir, communitiesFolder)
    if (!existsSync(folder)) return []
    return readdirSync(folder, { recursive: true })
      .flatMap((path) => /(\d{12})\.json$/.exec(String(path))?.[1] ?? [])
      .toSorted()
  }

  /** Retires the active key of this name and makes the next one. */
  renew(name: KeyName): Key {
    this.active(name)
    const view = this.#change(ownerOf(name), (keys, at) => {
      requireLiving(keys, name)
      const rest = keys.map((key) => (key.name === name && key.state === 'active' ? retireKey(key, this.#anchor, at) : key))
      return [...rest, makeKey(name, this.#anchor, at, rest)]
    })
    return view.active.get(name)!
  }

  /** Destroys what `chosen` names; a name that never had a key gets a destroyed one, so that none is made later. Answers all destroyed. */
  destroy(owner: Owner, chosen: (key: Named) => boolean, names: readonly KeyName[] = []): readonly Key[] {
    const view = this.#change(owner, (keys, at) => {
      const unborn = names.filter((name) => !keys.some((key) => key.name === name))
      const all = unborn.reduce((made, name) => [...made, makeKey(name, this.#anchor, at, made)], keys)
      return all.map((key) => (chosen(key) && key.state !== 'destroyed' ? destroyKey(key, this.#anchor, at) : key))
    })
    return view.keys.filter((key) => key.state === 'destroyed' && chosen(key))
  }

  #firstOf(name: KeyName): Key {
    const owner = ownerOf(name)
    const view = this.#change(owner, (keys, at) => {
      requireLiving(keys, name)
      const lacking = madeWith(name).filter((each) => !keys.some((key) => key.name === each))
      return lacking.reduce((made, each) => [...made, makeKey(each, this.#anchor, at, made)], keys)
    })
    const key = view.active.get(name)
    if (!key) throw say.destroyed({ key: name })
    return key
  }

  #view(owner: Owner): View {
    const now = performance.now()
    if (now - this.#looked > lookEvery) {
      this.#notice()
      this.#looked = now
    }
    return this.#views.get(owner) ?? this.#reload(owner)
  }

  #notice(): void {
    const changed = this.#history.look()
    if (!changed) this.#views.clear()
    else for (const owner of changed) this.#views.delete(owner)
  }

  #reload(owner: Owner): View {
    return this.#keep(owner, this.#read(owner))
  }

  #keep(owner: Owner, stored: readonly StoredKey[]): View {
    const keys = stored.map((key) => readyKey(key, this.#history.isDestroyed(key)))
    const view = {
      keys,
      active: new Map(keys.filter((key) => key.state === 'active').map((key) => [key.name, key])),
      byId: new Map(keys.map((key) => [key.id, key])),
    }
    this.#views.set(owner, view)
    return view
  }

  #read(owner: Owner): readonly StoredKey[] {
    const file = fileOf(owner)
    const words = readPrivate(join(this.#dir, file))
    if (words !== undefined) {
      return owner === 'ring' ? parseRing(words, file).keys : parseCommunity(words, this.#anchor, owner, file)
    }
    // Never had keys: they may be made. Had some: the file is lost, and new ones would hide that.
    if (owner === 'ring' || this.#history.knows(owner)) throw say.missing({ where: join(this.#dir, file) })
    return []
  }

  #change(owner: Owner, revise: (keys: readonly StoredKey[], at: string) => readonly StoredKey[]): View {
    return locked(this.#dir, () => {
      this.#notice()
      const at = new Date().toISOString()
      const before = this.#read(owner)
      const after = revise(before, at)
      if (after.length !== before.length || after.some((key, i) => key !== before[i])) this.#write(owner, before, after)
      this.#history.note(after, at)
      return this.#keep(owner, after)
    })
  }

  #write(owner: Owner, before: readonly StoredKey[], after: readonly StoredKey[]): void {
    const path = join(this.#dir, fileOf(owner))
    const kept = new Set(after.map((key) => key.material))
    const gone = before.flatMap((key) => (key.material !== null && !kept.has(key.material) ? [key.material] : []))
    if (owner === 'ring') writePrivate(path, printRing({ ...this.#ring(path), keys: [...after] }), gone)
    else writePrivate(path, printCommunity(owner, after), gone)
  }

  #ring(path: string) {
    const { secret: _, ...ring } = parseRing(readPrivate(path) ?? '', ringFile)
    return ring
  }
}

/** A name whose keys were all destroyed is given none again. */
function requireLiving(keys: readonly StoredKey[], name: KeyName): void {
  const own = keys.filter((key) => key.name === name)
  if (own.length > 0 && own.every((key) => key.state === 'destroyed')) throw say.destroyed({ key: name })
}
