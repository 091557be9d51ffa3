// Finds a Chromium that really starts on this machine, and brings one from npm where there is none.
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'
import { cached } from './cache.ts'
import { fontEnvironment } from './fonts.ts'

/** What `chromium.launch` needs; hand it over as it is. `env` is the whole environment, not an addition to it. */
export type FoundChromium = { executablePath: string; env: Record<string, string>; args: string[] }

type Attempt = { executablePath: string; libraries?: string; sandbox: boolean }

const startLimitMs = 20_000

/** Journeys speak to this machine only: no updates, no reports, no proxy that does not know `linli.test`. */
const closedNetwork = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--no-proxy-server',
]

let found: Promise<FoundChromium> | undefined

/**
 * The Chromium to use: `CHROMIUM_PATH`, else an installed one, else the one from npm (Linux on x64 only), each tried by a start.
 * Looked for once per process. Throws with the last reason when none starts.
 */
export const findChromium = (): Promise<FoundChromium> => (found ??= find())

async function find(): Promise<FoundChromium> {
  const fonts = await fontEnvironment()
  let reason: unknown = 'no installed browser was found'
  for await (const attempt of attempts()) {
    const candidate = prepare(attempt, fonts)
    try {
      await start(candidate)
      return candidate
    } catch (problem) {
      reason = problem
    }
  }
  throw new Error('No Chromium starts here. Install one, or name one in CHROMIUM_PATH.', { cause: reason })
}

async function* attempts(): AsyncGenerator<Attempt> {
  for (const executablePath of installed()) yield* withAndWithoutSandbox({ executablePath })
  if (process.platform !== 'linux' || process.arch !== 'x64') return
  const folder = await unpacked()
  const executablePath = join(folder, 'chromium')
  yield* withAndWithoutSandbox({ executablePath })
  yield* withAndWithoutSandbox({ executablePath, libraries: join(folder, 'al2023/lib') })
}

/** Root may not use the sandbox; others may not either where the kernel forbids user namespaces, which only a start tells. */
const withAndWithoutSandbox = (attempt: Omit<Attempt, 'sandbox'>): Attempt[] =>
  (process.getuid?.() === 0 ? [false] : [true, false]).map((sandbox) => ({ ...attempt, sandbox }))

function prepare({ executablePath, libraries, sandbox }: Attempt, fonts: Record<string, string>): FoundChromium {
  const env = { ...ownEnvironment(), ...fonts }
  if (libraries) env.LD_LIBRARY_PATH = [libraries, env.LD_LIBRARY_PATH].filter(Boolean).join(':')
  return { executablePath, env, args: sandbox ? closedNetwork : [...closedNetwork, '--no-sandbox'] }
}

const ownEnvironment = (): Record<string, string> =>
  Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined))

/** A version number proves little: a browser that lacks a library or a sandbox fails only when it shows a page. */
async function start(candidate: FoundChromium): Promise<void> {
  const browser = await chromium.launch({ ...candidate, timeout: startLimitMs })
  try {
    const page = await browser.newPage()
    await page.goto('data:text/html,<p>started</p>', { timeout: startLimitMs })
  } finally {
    await browser.close()
  }
}

function installed(): string[] {
  const named = process.env.CHROMIUM_PATH
  if (named && !existsSync(named)) console.warn(`CHROMIUM_PATH names ${named}, which does not exist; looking further.`)
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => commands.map((name) => join(folder, name)))
  return [...new Set([named, ...onPath, ...usualPlaces()])].filter((path) => path !== undefined && existsSync(path)) as string[]
}

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

function usualPlaces(): string[] {
  const { platform } = process
  if (platform === 'darwin')
    return ['Google Chrome', 'Chromium'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`)
  if (platform !== 'win32') return []
  const programs = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)']].filter((folder) => folder !== undefined)
  return programs.flatMap((folder) => [
    join(folder, 'Google/Chrome/Application/chrome.exe'),
    join(folder, 'Microsoft/Edge/Application/msedge.exe'),
  ])
}

function unpacked(): Promise<string> {
  const packageFolder = resolve(createRequire(import.meta.url).resolve('@sparticuz/chromium'), '../..')
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string }
  return cached(`chromium-${version}`, async (folder) => {
    await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'unpack.ts'), folder])
  })
}
