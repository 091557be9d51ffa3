// Before all stories: one cluster, one migrated template. Every story then gets a clone of it, with real commits.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { throwAwayCluster } from '#server/embedded/throwAway.ts'
import { silentLog } from '#server/log.ts'
import { openHouse, type Running } from '#server/start.ts'
import { modules } from './modules.ts'

/** What stories need to make and open a clone. */
export type TestGround = {
  adminUrl: string
  template: string
  workingUrl: string
  keysDir: string
  meta: { dataId: string; kind: 'real' | 'demo'; rolePrefix: string; generation: number; keysMade: boolean }
}

declare module 'vitest' {
  interface ProvidedContext {
    ground: TestGround
  }
}

export const databaseUrl = (adminUrl: string, name: string): string => {
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return url.href
}

export const onServer = async (adminUrl: string, ...statements: string[]): Promise<void> => {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

/** `DATABASE_URL` (may create roles and databases) or a throw-away cluster. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.DATABASE_URL
  const cluster = given ? undefined : await throwAwayCluster()
  const adminUrl = given ?? cluster!.url
  const keysDir = mkdtempSync(join(tmpdir(), 'linli-keys-'))
  const template = `linli_test_${process.pid}_${Date.now().toString(36)}`
  await onServer(adminUrl, `create database ${template}`)
  const running: Running = await openHouse({
    adminUrl: databaseUrl(adminUrl, template),
    kind: 'real',
    keysDir,
    modules,
    log: silentLog,
    identify: async () => undefined,
    sees: () => new Set(),
  })
  const { meta, appUrl } = running
  await running.close()
  project.provide('ground', { adminUrl, template, workingUrl: appUrl, keysDir, meta })

  return async () => {
    await dropAll(adminUrl, template, meta.rolePrefix)
    await cluster?.stop()
    rmSync(keysDir, { recursive: true, force: true })
  }
}

/** On a given server nothing of the run stays: its databases, then its roles. */
async function dropAll(adminUrl: string, template: string, prefix: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ datname: string }>('select datname from pg_database where starts_with(datname, $1)', [
      template,
    ])
    for (const { datname } of rows) await client.query(`drop database if exists ${pg.escapeIdentifier(datname)} with (force)`)
    const roles = await client.query<{ rolname: string }>('select rolname from pg_roles where starts_with(rolname, $1)', [
      `${prefix}_`,
    ])
    for (const { rolname } of roles.rows) await client.query(`drop role if exists ${pg.escapeIdentifier(rolname)}`)
  } finally {
    await client.end()
  }
}
