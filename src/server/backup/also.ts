// What else is in a backup beside the database and the keys: folders of the data directory, by name.
import { createReadStream, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

/** A folder below the data directory whose files are immutable once written, and closed under the community's keys already. */
export type AlsoKept = { readonly name: string; readonly folder: (dataDir: string) => string }

/** One line per folder. Photos and scans lie in `files`. */
export const alsoKept: readonly AlsoKept[] = [{ name: 'files', folder: (dataDir) => join(dataDir, 'files') }]

export type KeptFile = { readonly of: string; readonly path: string; readonly bytes: number }

/** Every file of these folders, a path with `/` inside its folder. Read after the snapshot began: a row then never names a file that lacks. */
export function* keptFiles(dataDir: string): Generator<KeptFile & { readonly at: string }> {
  for (const { name, folder } of alsoKept) {
    const root = folder(dataDir)
    if (!existsSync(root)) continue
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || entry.name.endsWith('.tmp')) continue
      const at = join(entry.parentPath, entry.name)
      const { size } = statSync(at)
      yield { of: name, path: relative(root, at).split(sep).join('/'), bytes: size, at }
    }
  }
}

/** The bytes of a file in portions, exactly as many as were announced. */
export const bytesOf = ({ at, bytes }: { at: string; bytes: number }): AsyncIterable<Buffer> =>
  bytes === 0 ? emptiness() : createReadStream(at, { end: bytes - 1, highWaterMark: 256 * 1024 })
async function* emptiness(): AsyncGenerator<Buffer> {}

const plainPath = /^(?!.*(^|\/)\.\.?(\/|$))[A-Za-z0-9._\-/]+$/

/** Where a file of a backup is put back; undefined for a name that is none of ours or would leave its folder. */
export function placeOf(file: { of: string; path: string }, dataDir: string): string | undefined {
  const kept = alsoKept.find(({ name }) => name === file.of)
  if (!kept || file.path.startsWith('/') || !plainPath.test(file.path)) return undefined
  const at = join(kept.folder(dataDir), file.path)
  mkdirSync(join(at, '..'), { recursive: true, mode: 0o700 })
  return at
}

/** A folder that holds something already, where files would be put back. */
export const takenFolder = (dataDir: string): string | undefined =>
  alsoKept.map(({ folder }) => folder(dataDir)).find((folder) => existsSync(folder) && readdirSync(folder).length > 0)
