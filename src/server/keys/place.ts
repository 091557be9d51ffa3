// Where keys are kept: outside the data, so that a copy of the data never carries them.
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/**
 * The key folder: `LINLI_KEYS`, else `~/.linli/keys`; the demo has its own folder `demo` in it.
 * Nothing is made here: `openKeyRing` and `passwords` make the folder, 0700, when they first write.
 */
export function keysDir(env: Record<string, string | undefined>, { demo = false }: { demo?: boolean } = {}): string {
  const named = env.LINLI_KEYS?.replace(/^~(?=$|[/\\])/, homedir())
  const dir = named ? resolve(named) : join(homedir(), '.linli', 'keys')
  return demo ? join(dir, 'demo') : dir
}
