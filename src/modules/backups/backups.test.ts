// The page of backups through the door: a sheet confirmed, a backup made and proved by its job, failures and strangers.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject, expect, test } from 'vitest'
import { modules } from '#app/modules.ts'
import { sample, story } from '#app/testing.ts'
import { databaseUrl, onServer } from '#app/testing-setup.ts'
import { newId } from '#core/ids.ts'
import { identify, sees } from '#modules/identity/server.ts'
import { signedIn } from '#modules/identity/testing.ts'
import { silentLog } from '#server/log.ts'
import { openHouse } from '#server/start.ts'
import * as api from './api.ts'

test(
  'only administrators ask, and a house without backups says so',
  story(async (town) => {
    await expect(town.as('communitySecretary', sample.community).ask(api.standing, {})).rejects.toMatchObject({
      code: 'door.notAllowed',
    })
    await expect(town.as('administrator', sample.community).ask(api.standing, {})).rejects.toMatchObject({
      code: 'backup.unavailable',
    })
  }),
)

test('a sheet is shown once and typed back; then a backup is made, proved, and stands on the page', async () => {
  const { adminUrl, template } = inject('ground')
  const name = `${template}_p${process.pid}`
  const root = mkdtempSync(join(tmpdir(), 'linli-backups-page-'))
  await onServer(adminUrl, `create database ${name}`)
  const folder = join(root, 'backups')
  const running = await openHouse({
    adminUrl: databaseUrl(adminUrl, name),
    kind: 'real',
    keysDir: join(root, 'keys'),
    modules,
    identify,
    sees,
    log: silentLog,
    jobsIn: 'memory',
    backups: { folder, dataDir: null, most: 3, epochs: 'month', at: '02:30' },
  })
  try {
    const admin = await signedIn({ running, at: () => {} }, 'administrator', sample.county)
    expect(await admin.does(api.standing, {})).toMatchObject({
      sheet: null,
      backups: [],
      secondCopy: { standing: 'none' },
      next: expect.stringMatching(/T18:30:00/),
    })
    expect(await admin.try(api.work, { what: 'make' })).toBe('backup.noSheet')

    const id = newId()
    const sheet = await (await admin.send(api.newSheet, {}, id)).json()
    expect(sheet.groups).toHaveLength(8)
    expect(await (await admin.send(api.newSheet, {}, id)).json()).toMatchObject({ groups: [] })
    const typed = sheet.ask.map((place: number) => sheet.groups[place - 1])
    expect(await admin.try(api.confirmSheet, { id: sheet.id, typed: [typed[0], 'ZZZZZ'] })).toBe('backup.sheetNotConfirmed')
    expect(await admin.does(api.confirmSheet, { id: sheet.id, typed })).toEqual({ id: sheet.id })

    await admin.does(api.work, { what: 'make' })
    await running.jobs.drain(running.house)
    const after = await admin.does(api.standing, {})
    expect(after).toMatchObject({ sheet: { id: sheet.id }, failure: null, running: null, backups: [{ proved: 'well' }] })
    // Nothing of the sheet is kept, neither beside the keys nor beside the backups.
    const kept = [folder, join(root, 'keys')].flatMap((dir) =>
      readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((e) => e.isFile())
        .map((e) => readFileSync(join(e.parentPath, e.name), 'latin1')),
    )
    for (const group of sheet.groups) expect(kept.some((words) => words.includes(group))).toBe(false)

    rmSync(folder, { recursive: true })
    await admin.does(api.work, { what: 'check' })
    await running.jobs.drain(running.house)
    expect((await admin.does(api.standing, {})).backups).toEqual([])
  } finally {
    await running.close()
    await onServer(adminUrl, `drop database ${name} with (force)`)
    rmSync(root, { recursive: true, force: true })
  }
})
