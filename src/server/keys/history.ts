// The ring's history, a line per event: an auditor reads it, a running server learns from it what another process changed,
// and it knows of keys whose file is gone. It holds no secret.
import { readFrom, appendLines } from './files.ts'
import type { StoredKey } from './keyFile.ts'
import { ownerOf, type Owner } from './names.ts'

type Event = 'made' | 'retired' | 'destroyed'
const line = /^\S+ (made|retired|destroyed) (\S+) (\S+)$/
const eventOf: Record<StoredKey['state'], Event> = { active: 'made', retired: 'retired', destroyed: 'destroyed' }
const ranks: Record<Event, number> = { made: 0, retired: 1, destroyed: 2 }

/** `<name> <id>`: an id alone is unique within one file only. */
export const handleOf = (key: { readonly name: string; readonly id: string }): string => `${key.name} ${key.id}`

export class History {
  readonly #path: string
  #read = 0
  readonly #last = new Map<string, Event>()
  readonly #owners = new Set<Owner>()

  constructor(path: string) {
    this.#path = path
  }

  /** Reads what was added since the last look; answers whose keys changed. `undefined`: the file was replaced, trust nothing. */
  look(): ReadonlySet<Owner> | undefined {
    const { size, added } = readFrom(this.#path, this.#read)
    if (size < this.#read) {
      this.#read = 0
      this.#last.clear()
      this.#owners.clear()
      this.look()
      return undefined
    }
    const whole = added.slice(0, added.lastIndexOf('\n') + 1)
    this.#read += Buffer.byteLength(whole)
    return new Set(whole.split('\n').flatMap((words) => this.#take(words)))
  }

  #take(words: string): Owner[] {
    const [, event, name, id] = line.exec(words) ?? []
    if (event === undefined || name === undefined || id === undefined) return []
    this.#last.set(handleOf({ name, id }), event as Event)
    const owner = ownerOf(name)
    this.#owners.add(owner)
    return [owner]
  }

  /** Writes down what these keys went through and the history does not know yet. Only inside `locked`, after the keys' own file. */
  note(keys: readonly StoredKey[], at: string): void {
    const news = keys.flatMap((key) => {
      const known = this.#last.get(handleOf(key))
      const event = eventOf[key.state]
      const unmade = known === undefined && event !== 'made' ? [`${key.created} made ${handleOf(key)}`] : []
      return known === event || (known && ranks[known] > ranks[event]) ? [] : [...unmade, `${at} ${event} ${handleOf(key)}`]
    })
    if (news.length > 0) appendLines(this.#path, news)
  }

  /** Whether this owner ever had keys. */
  knows(owner: Owner): boolean {
    return this.#owners.has(owner)
  }

  isDestroyed(key: { readonly name: string; readonly id: string }): boolean {
    return this.#last.get(handleOf(key)) === 'destroyed'
  }

  /** `<name> <id>` of every key ever made. */
  handles(): Iterable<string> {
    return this.#last.keys()
  }
}
