// What a server and its reading child hold together while somebody uploads files that are made to fill the memory, over HTTP.
// Linux says of each process how much it holds; elsewhere this is left out.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeXlsx } from 'hucre/xlsx'
import { afterAll, expect, inject, test } from 'vitest'
import { sample } from '#app/testing.ts'
import { databaseUrl, onServer } from '#app/testing-setup.ts'
import { headers } from '#core/contract.ts'
import { newId } from '#core/ids.ts'
import { bodyOf } from '#core/upload.ts'
import { roster } from '#modules/residents/api.ts'
import { pack, readDirectory, unpack } from '../spreadsheet/zip.ts'

/** MB. */
const bound = 300

/** A server as `npm start` opens it, over a database of its own; whoever asks is the secretary. */
const program = `
  import { serve } from '@hono/node-server'
  import { modules } from './src/app/modules.ts'
  import { sees } from './src/modules/identity/server.ts'
  import { memoryJobs } from './src/server/jobs.ts'
  import { openKeyRing } from './src/server/keys/ring.ts'
  import { silentLog } from './src/server/log.ts'
  import { openOver } from './src/server/start.ts'
  import { warmReader } from './src/server/spreadsheet/read.ts'
  const { meta, keysDir, working, who } = JSON.parse(process.env.GROUND)
  if (!working) { await warmReader(); process.exit() }
  const running = await openOver({
    modules, sees, meta, working, log: silentLog, identify: async () => who, jobs: memoryJobs(modules.flatMap((m) => m.jobs ?? [])),
    keys: await openKeyRing({ dir: keysDir, dataId: meta.dataId, fresh: false }),
  })
  const work = () => void running.jobs.drain(running.house).finally(() => setTimeout(work, 50))
  work()
  serve({ fetch: running.app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => process.stdout.write(port + '\\n'))`

const folder = mkdtempSync(join(tmpdir(), 'imports-'))
const clone = `imports_memory_${process.pid}`
let server: ChildProcess | undefined
afterAll(async () => {
  if (server && server.exitCode === null) {
    server.kill('SIGKILL')
    await once(server, 'close')
  }
  rmSync(folder, { recursive: true })
  await onServer(inject('ground').adminUrl, `drop database if exists ${clone} with (force)`)
})

const args = ['--max-semi-space-size=4', '--no-warnings', '--input-type=module', '-e', program]
/** Compiled by a process of its own first, as a start does (`compileAhead`). */
const env = (ground: object) => ({ ...process.env, NODE_OPTIONS: '', NODE_COMPILE_CACHE: folder, GROUND: JSON.stringify(ground) })

async function startServer(): Promise<{ url: string; pid: number; post: string }> {
  const { adminUrl, workingUrl, template, meta, keysDir } = inject('ground')
  await onServer(adminUrl, `create database ${clone} template ${template}`)
  spawnSync(process.execPath, args, { env: env({}), stdio: 'inherit' })
  const post = { id: newId(), role: 'communitySecretary', area: sample.community }
  const who = { account: newId(), name: 'secretary', session: newId(), posts: [post] }
  server = spawn(process.execPath, args, {
    env: env({ meta, keysDir, working: databaseUrl(workingUrl, clone), who }),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [port] = (await once(server.stdout!, 'data')) as [Buffer]
  return { url: `http://127.0.0.1:${port.toString().trim()}`, pid: server.pid!, post: post.id }
}

const held = (pid: number | string): number => {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}
/** Processes and threads come and go between two looks. */
function childrenOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
    )
  } catch {
    return []
  }
}

async function book(rows: string): Promise<Uint8Array<ArrayBuffer>> {
  const small = await writeXlsx({ sheets: [{ name: '表', rows: [['姓名', 1]] }] })
  const parts = new Map(readDirectory(small).map((entry) => [entry.name, unpack(small, entry)]))
  parts.set('xl/worksheets/sheet1.xml', Buffer.from(`<worksheet><sheetData>${rows}</sheetData></worksheet>`))
  return new Uint8Array(pack([...parts].map(([name, data]) => ({ name, data }))))
}
const times = (count: number, make: (n: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i + 1)).join('')

test.runIf(process.platform === 'linux')(
  'server and child stay below 300 MB, whatever comes in, and the next list is read',
  { timeout: 120_000 },
  async () => {
    const { url, pid, post } = await startServer()
    const send = async (contract: { name: string; file?: { field: string; most: number } }, input: unknown) => {
      const { body, type } = bodyOf(contract, { input })
      const said = {
        'content-type': type,
        [headers.key]: newId(),
        [headers.post]: post,
        [headers.sentAt]: new Date().toISOString(),
      }
      return (await (await fetch(`${url}/api/${contract.name}`, { method: 'POST', headers: said, body })).json()) as Record<
        string,
        any
      >
    }
    const fate = async (fileName: string, content: Uint8Array<ArrayBuffer>) => {
      const { id, code } = await send(roster.contracts.start, { fileName, content })
      if (!id) return String(code)
      for (;;) {
        const { run } = await send(roster.contracts.status, { run: id })
        if (run.state !== 'reading') return `${run.state} ${run.total}`
        await new Promise((later) => setTimeout(later, 50))
      }
    }
    let [most, looks] = [0, 0]
    const clock = setInterval(() => {
      const children = childrenOf(pid)
      if (children.length > 0) looks++
      most = Math.max(most, held(pid) + children.reduce((sum, child) => sum + held(child), 0))
    }, 10)
    const honest = new TextEncoder().encode('小区,楼栋,房号,姓名,与户主关系\n桂园小区,3号楼,402,王小明,户主')
    try {
      expect(
        await fate(
          'blank.xlsx',
          await book(
            `<row r="1"><c r="A1"><v>1</v></c></row>${times(600_000, (n) => `<row r="${n + 1}"><c r="A${n + 1}" s="1"/></row>`)}`,
          ),
        ),
      ).toBe('mapping 0')
      expect(await fate('line.csv', new TextEncoder().encode(`a,b\n${'x'.repeat(14_900_000)}`))).toBe('failed 0')
      expect(
        await fate('torn.xlsx', new Uint8Array(Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(14_900_000, 65)]))),
      ).toBe('spreadsheet.truncated')
      expect(await fate('heavy.csv', new Uint8Array(15_000_001))).toBe('door.tooLarge')
      expect(await fate('名册.csv', honest)).toBe('ready 1')
    } finally {
      clearInterval(clock)
    }
    expect(looks, 'the child was seen at work').toBeGreaterThan(0)
    expect(most).toBeGreaterThan(100)
    expect(most).toBeLessThan(bound)
  },
)
