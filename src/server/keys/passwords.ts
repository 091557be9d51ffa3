// Generated passwords of the database's working logins, beside the keys and never in the data.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { hasFolder, locked, readPrivate, writePrivate } from './files.ts'
import { say } from './say.ts'

export const passwordsFile = 'passwords.json'

const Kept = z.object({
  format: z.literal(1),
  passwords: z.record(z.string(), z.object({ value: z.string().min(20), created: z.string() })),
})
type Kept = z.infer<typeof Kept>

function parse(words: string | undefined): Kept['passwords'] {
  if (words === undefined) return {}
  try {
    return Kept.parse(JSON.parse(words)).passwords
  } catch {
    throw say.damaged({ file: passwordsFile })
  }
}

/** Throws `keys.damaged` when the file's text is not what was written. */
export const checkPasswords = (words: string | undefined): void => void parse(words)

export type Passwords = {
  /** The password of this name; made when there is none: 43 characters of A–Z a–z 0–9 - _. */
  readonly of: (name: string) => string
  readonly has: (name: string) => boolean
  /** Makes another one in its place and answers it. */
  readonly renew: (name: string) => string
}

/** Passwords kept in the key folder `dir`. Throws `keys.exposed`, `keys.damaged`, `keys.closed`. */
export function passwords(dir: string): Passwords {
  const path = join(dir, passwordsFile)
  const kept = () => (hasFolder(dir) ? parse(readPrivate(path)) : {})
  const make = (name: string, anew: boolean): string =>
    locked(dir, () => {
      const all = kept()
      const known = Object.hasOwn(all, name) ? all[name] : undefined
      if (known && !anew) return known.value
      const value = randomBytes(32).toString('base64url')
      const next: Kept = { format: 1, passwords: { ...all, [name]: { value, created: new Date().toISOString() } } }
      writePrivate(path, `${JSON.stringify(next, null, 1)}\n`, known ? [known.value] : [])
      return value
    })
  return {
    of: (name) => {
      const all = kept()
      return Object.hasOwn(all, name) ? all[name]!.value : make(name, false)
    },
    has: (name) => Object.hasOwn(kept(), name),
    renew: (name) => make(name, true),
  }
}

/** The password of this name in the key folder, made when there is none. */
export const namedPassword = (dir: string, name: string): string => passwords(dir).of(name)
