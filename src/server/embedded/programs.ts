// Runs the programs of PostgreSQL: with a small environment, as the right OS user, never through a shell.
import { spawn } from 'node:child_process'
import type { OsUser } from './osUser.ts'

// Only these pass: our own environment may hold keys, PG* would change what the programs do, and LD_LIBRARY_PATH what they load.
const passedOn = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'USERPROFILE']

/** The environment of PostgreSQL's programs; messages in English, because we read them. */
export function programEnv(): Record<string, string> {
  const env: Record<string, string> = { LC_ALL: 'C', TZ: 'UTC' }
  for (const name of passedOn) if (process.env[name] !== undefined) env[name] = process.env[name]
  return env
}

/** `uid` and `gid` for spawn when another OS user is to run a program; nothing for ourselves. */
export const asUser = (user: OsUser | undefined): { uid?: number; gid?: number } => (user ? { uid: user.uid, gid: user.gid } : {})

export type Outcome = { code: number; output: string }

/** Runs a program to its end; `code` is -1 when it could not be started, `output` holds stdout and stderr together. */
export function run(file: string, args: string[], options: { user?: OsUser; cwd?: string } = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      ...asUser(options.user),
      cwd: options.cwd ?? '/',
      env: programEnv(),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    })
    let output = ''
    const add = (chunk: string) => {
      output = (output + chunk).slice(-20_000)
    }
    child.stdout.setEncoding('utf8').on('data', add)
    child.stderr.setEncoding('utf8').on('data', add)
    child.on('error', (error) => resolve({ code: -1, output: `${output}${error.message}` }))
    child.on('close', (code) => resolve({ code: code ?? -1, output }))
  })
}

/** Milliseconds. The timer does not keep the process alive. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
