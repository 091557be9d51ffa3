// A cluster for one run of the tests: fast, forgetful, and gone afterwards even when the run was killed.
import { spawn } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { binariesFor, program } from './binaries.ts'
import { createCluster, giveTo, readPassword, superuser } from './cluster.ts'
import { couldReach, type OsUser, osUserFor } from './osUser.ts'
import { clusterOf, programsHomeOf } from './place.ts'
import { bringDown, bringUp } from './postmaster.ts'
import { asUser, programEnv } from './programs.ts'

/** `url` is the superuser's address of an empty cluster (database `postgres`); `stop` removes every trace. */
export type ThrowAway = { url: string; version: number; stop(): Promise<void> }

/** A cluster without fsync in a temporary directory. Under root it runs as the database's OS user. */
export async function throwAwayCluster(env: Record<string, string | undefined> = process.env): Promise<ThrowAway> {
  const inTemp = join(tmpdir(), 'linli-test-')
  const dir = mkdtempSync(couldReach(inTemp) ? inTemp : '/var/tmp/linli-test-')
  const user = osUserFor(dir)
  if (user) chownSync(dir, user.uid, user.gid)
  const cluster = clusterOf(dir)
  const keys = join(dir, 'keys')
  const binaries = binariesFor(user, programsHomeOf(dir), env)
  const guard = process.platform === 'win32' ? undefined : guardOf(dir, cluster, program(binaries, 'pg_ctl'), user)
  const stop = async () => {
    if (guard) await guard.finish()
    else await bringDown(cluster, binaries)
    rmSync(dir, { recursive: true, force: true })
  }
  try {
    await createCluster(cluster, keys, binaries, user, { throwAway: true })
    // The guard runs as this user too, and can remove only what is its own.
    if (user) giveTo(dir, user)
    const { port } = await bringUp(cluster, binaries, user, undefined)
    const url = `postgres://${superuser}:${readPassword(cluster, keys)}@127.0.0.1:${port}/postgres`
    return { url, version: binaries.version, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/**
 * A small shell that waits for the end of a pipe which only we hold: it ends when we close it, and also when we are
 * killed, and then stops the cluster and removes the directory.
 */
function guardOf(dir: string, cluster: string, pgCtl: string, user: OsUser | undefined): { finish(): Promise<void> } {
  const script = 'read -r _; "$1" stop -s -w -m immediate -D "$2"; rm -rf -- "$3"'
  const shell = spawn('/bin/sh', ['-c', script, 'sh', pgCtl, cluster, dir], {
    ...asUser(user),
    cwd: '/',
    env: programEnv(),
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  const ended = new Promise<void>((resolve) => {
    shell.on('close', () => resolve()).on('error', () => resolve())
  })
  shell.unref()
  return {
    finish() {
      shell.ref()
      shell.stdin.end()
      return ended
    },
  }
}
