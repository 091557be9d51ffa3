// The server: opens the house, builds the pages if they are older than their sources, listens, and goes down gracefully.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createHttp } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { serve } from '@hono/node-server'
import { isProblem } from '#core/problem.ts'
import type { Text } from '#core/text.ts'
import { warmReader } from '#server/spreadsheet/read.ts'
import { ensureWeb } from '#server/web-build.ts'
import { setUpDone, setUpToken } from '#modules/identity/server.ts'
import { demoAccounts } from './demo.ts'
import { open, openDatabase, projectRoot, type Opened } from './opening.ts'

const help = `npm start [-- --demo]

  --demo   opens on a sample town of invented people; never shares a database with real data
  --help   this page

Environment: PORT (8080), LINLI_DATA, LINLI_KEYS, LINLI_TLS=certificate.pem,key.pem, DATABASE_URL, LINLI_APP_URL
`

const line = (words: Text): void => {
  process.stdout.write(`${words.zh}  ${words.en}\n`)
}

type Listening = { close: () => Promise<void> }

export async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { demo: { type: 'boolean' }, help: { type: 'boolean' } },
    allowPositionals: false,
  })
  if (values.help) return void process.stdout.write(help)
  await inWords(() => run(values.demo ?? false))
}

/** Does something at the start; what stops it for a known reason is said in words, and the process ends with 1. */
export async function inWords(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!isProblem(error)) throw error
    process.stderr.write(`${error.say.zh}\n${error.say.en}\n`)
    process.exitCode = 1
  }
}

async function run(demo: boolean): Promise<void> {
  const web = await ensureWeb({ root: projectRoot, log: (words) => void process.stdout.write(`${words}\n`) })
  if (demo) {
    const database = await openDatabase({ demo, say: line })
    const raised = await raiseApart(database).finally(() => database.stop())
    if (!raised) return void (process.exitCode = 1)
  }
  const opened = await open({ demo, say: line, web })
  await opened.jobs.start(opened.house)
  const port = Number(process.env.PORT ?? 8080)
  let listening = await listen(opened, port, demo || !(await setUpDone(opened.house)))
  await sayWhere(opened, port, demo)
  void warmReader()

  let widening: NodeJS.Timeout | undefined
  if (!demo && !(await setUpDone(opened.house))) {
    // Set-up is done from this machine; the moment it is finished, phones may come.
    widening = setInterval(async () => {
      if (!(await setUpDone(opened.house))) return
      clearInterval(widening)
      await listening.close()
      listening = await listen(opened, port, false)
      line({
        zh: `设置完成，现在其他设备也可以访问 ${scheme()}://本机地址:${port}/`,
        en: `Set-up is finished; other devices may now use ${scheme()}://this-machine:${port}/`,
      })
    }, 1500)
  }
  const down = async () => {
    clearInterval(widening)
    await listening.close()
    await opened.stop()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void down())
}

/** The sample town, raised by `demo.mjs`; false where it could not be, which that process has said in words. */
async function raiseApart({ adminUrl, keys }: { adminUrl: string; keys: string }): Promise<boolean> {
  const program = fileURLToPath(new URL('./demo.mjs', import.meta.url))
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, LINLI_DEMO: JSON.stringify({ adminUrl, keys }) },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return code === 0
}

const scheme = (): 'https' | 'http' => (process.env.LINLI_TLS ? 'https' : 'http')

/** Serves until closed; open streams are ended, requests under way are answered first. */
async function listen({ app }: Opened, port: number, onlyHere: boolean): Promise<Listening> {
  const [certificate, key] = (process.env.LINLI_TLS ?? '').split(',')
  const hostname = onlyHere ? '127.0.0.1' : undefined
  const options =
    certificate && key
      ? { createServer: createHttps, serverOptions: { cert: readFileSync(certificate), key: readFileSync(key) } }
      : { createServer: createHttp }
  const server = await new Promise<ReturnType<typeof serve>>((resolve, reject) => {
    const started = serve({ fetch: app.fetch, port, ...(hostname ? { hostname } : {}), ...options }, () => resolve(started))
    started.once('error', reject)
  })
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        if ('closeIdleConnections' in server) server.closeIdleConnections()
        setTimeout(() => {
          if ('closeAllConnections' in server) server.closeAllConnections()
        }, 3000).unref()
      }),
  }
}

async function sayWhere(opened: Opened, port: number, demo: boolean): Promise<void> {
  const address = `${scheme()}://127.0.0.1:${port}`
  line({ zh: `邻里已启动：${address}/`, en: `Linli is running: ${address}/` })
  if (demo) {
    line({ zh: '演示数据，人物均为虚构，请勿录入真实信息。', en: 'Demo data, all people are invented. Enter nothing real.' })
    return line(demoAccounts)
  }
  const token = await setUpToken(opened.house)
  if (token) line({ zh: `首次设置（仅可用一次）：${address}/console/setup?token=${token}`, en: 'First set-up (works once).' })
}
