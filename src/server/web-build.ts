// The pages are built when they are missing or older than their sources: who starts the house need not know of a build.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export type WebBuild = {
  /** Folder of the project, where `vite.config.ts` lies. */
  readonly root: string
  /** Hears one line before a build and one after it. */
  readonly log?: (line: string) => void
  /** Where the built pages go; `dist` in the project where left out. */
  readonly out?: string
}

const builds = ['console', 'phone', 'home'] as const

/**
 * Makes sure that `console`, `phone` and `home` in the answered folder are built from the present sources; does nothing when they are.
 * Several processes may ask at once: one builds, the others wait. Rejects with the last lines of the builder when it fails.
 */
export async function ensureWeb({ root, log = () => {}, out = join(root, 'dist') }: WebBuild): Promise<string> {
  const stamp = stampOf(root)
  if (isBuilt(out, stamp)) return out
  mkdirSync(out, { recursive: true })
  const free = await hold(join(out, '.building'))
  try {
    if (isBuilt(out, stamp)) return out
    const began = Date.now()
    log('Building the pages, once …')
    for (const name of builds) await build(root, out, name)
    writeFileSync(stampFile(out), stamp)
    log(`Pages built in ${((Date.now() - began) / 1000).toFixed(1)} s.`)
    return out
  } finally {
    free()
  }
}

const stampFile = (out: string) => join(out, 'sources.sha256')

const isBuilt = (out: string, stamp: string): boolean =>
  builds.every((name) => existsSync(join(out, name, 'index.html'))) &&
  existsSync(stampFile(out)) &&
  readFileSync(stampFile(out), 'utf8') === stamp

/** SHA-256 over names and contents of everything that a page can be made of. */
function stampOf(root: string): string {
  const hash = createHash('sha256')
  const files = [
    ...['core', 'web', 'modules', 'app'].flatMap((floor) => filesBelow(join(root, 'src', floor))),
    ...['package-lock.json', 'vite.config.ts'].map((name) => join(root, name)),
  ]
  for (const file of files.filter(existsSync).sort()) hash.update(`${relative(root, file)}\n`).update(readFileSync(file))
  return hash.digest('hex')
}

const ofServer = /(?:\.test\.tsx?|\.testing\.ts|\.sql|\.md|[/\\]server\.ts)$/

const filesBelow = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((file) => !ofServer.test(file))
    : []

/** Builds beside the old pages and then changes places, so that nobody is ever served half of a build. */
async function build(root: string, out: string, name: (typeof builds)[number]): Promise<void> {
  const fresh = join(out, `.${name}.${process.pid}`)
  try {
    await vite(root, ['build', '--configLoader', 'native', '--logLevel', 'warn', '--mode', name, '--outDir', fresh])
    rmSync(join(out, name), { recursive: true, force: true })
    renameSync(fresh, join(out, name))
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

/** In a process of its own: the builder's memory is given back, and a test's NODE_ENV does not leak into the pages. */
function vite(root: string, args: readonly string[]): Promise<void> {
  const entrance = join(createRequire(join(root, 'package.json')).resolve('vite/package.json'), '..', 'bin', 'vite.js')
  const child = spawn(process.execPath, [entrance, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production', NODE_OPTIONS: '' },
  })
  let said = ''
  const hear = (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000)
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`The pages could not be built:\n${said.trim()}`))))
  })
}

/** Waits for its turn; a builder that died leaves nobody waiting. Answers the way to let go. */
async function hold(lock: string): Promise<() => void> {
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' })
      return () => rmSync(lock, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      if (isLeft(lock)) rmSync(lock, { force: true })
      else await sleep(200)
    }
  }
}

/** Whether the lock's holder is gone. A lock that says nothing yet is being written: it is given ten seconds. */
function isLeft(lock: string): boolean {
  try {
    const pid = Number(readFileSync(lock, 'utf8'))
    return pid > 0 ? !lives(pid) : Date.now() - statSync(lock).mtimeMs > 10_000
  } catch {
    return false
  }
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
