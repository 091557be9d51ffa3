// The inbox and the groups: who hears, once, in the own area; what leaves the house, and that nothing does before it is switched on.
import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import { sample, story, type Person, type Town } from '#app/testing.ts'
import { newId } from '#core/ids.ts'
import { text } from '#core/text.ts'
import { asSystem } from '#server/system.ts'
import { notify, type News } from '#modules/identity/news.ts'
import * as policy from '#modules/policy/api.ts'
import * as reporting from '#modules/reporting/api.ts'
import * as api from './api.ts'

const { community, other, street } = sample
const problem = (code: string) => expect.objectContaining({ code })

/** Somebody whose post is known to the register of posts, not to the session alone. */
async function appointed(town: Town, role: string, area: string, name: string): Promise<Person> {
  const person = town.as(role, area, name)
  await sql`insert into identity_assignments (area_code, id, account, role, since, given_by)
    values (${area}, ${newId()}, ${person.who.account}, ${role}, '2026-01-01', ${newId()})`.execute(town.admin)
  return person
}

const returned = (to: News['to']): News => ({
  topic: 'returned',
  to,
  title: text('3月1日日报被退回', 'The report of 1 March was returned'),
  path: '/reports',
})
/** Says it as somebody of the street would, in one transaction, and lets the jobs run. */
async function say(town: Town, news: News, area: string = street): Promise<void> {
  await asSystem(town.running.house, area, 'test.news', (ctx) => notify(ctx, news))
  await town.drain()
}

describe('the inbox', () => {
  test(
    'whoever holds the role there hears once, nobody else does, and reading is of the own',
    story(async (town) => {
      const secretary = await appointed(town, 'communitySecretary', community, '孙书记')
      const neighbour = await appointed(town, 'communitySecretary', other, '别处书记')
      const worker = await appointed(town, 'gridWorker', sample.grid, '李网格员')
      await say(town, returned({ roles: ['communitySecretary'], area: community }))
      expect(await secretary.ask(api.unread, {})).toEqual({ unread: 1 })
      const { rows, total } = await secretary.ask(api.inbox, {})
      expect({ total, rows }).toMatchObject({
        total: 1,
        rows: [{ topic: 'returned', path: '/reports', readAt: null, title: { zh: '3月1日日报被退回' } }],
      })
      for (const person of [neighbour, worker]) expect(await person.ask(api.inbox, {})).toMatchObject({ total: 0, rows: [] })
      await expect(worker.tell(api.read, { item: rows[0]!.id })).rejects.toEqual(problem('outreach.unknownItem'))
      expect(await secretary.tell(api.read, { item: rows[0]!.id })).toEqual({ unread: 0 })
      expect((await secretary.ask(api.inbox, { unread: true })).rows).toEqual([])
    }),
  )

  test(
    'news travels up and to a named account, and is read by key',
    story(async (town) => {
      const officer = await appointed(town, 'subdistrictOfficer', street, '街道专员')
      const worker = await appointed(town, 'gridWorker', sample.grid, '李网格员')
      for (let n = 1; n <= 5; n++) {
        town.at(`2026-03-02T0${n}:00:00.000Z`)
        await say(
          town,
          { ...returned([worker.who.account, officer.who.account]), title: text(`第${n}条`, `No. ${n}`) },
          community,
        )
      }
      const first = await worker.ask(api.inbox, { limit: 3 })
      const second = await worker.ask(api.inbox, { limit: 3, after: first.next! })
      expect([...first.rows, ...second.rows].map((r) => r.title.en)).toEqual(['No. 5', 'No. 4', 'No. 3', 'No. 2', 'No. 1'])
      expect(second.next).toBeNull()
      expect(await officer.tell(api.read, {})).toEqual({ unread: 0 })
      expect(await worker.ask(api.unread, {})).toEqual({ unread: 5 })
    }),
  )
})

describe('what the modules below do', () => {
  test(
    'a returned report reaches its secretary; a rule waits for a second person, whose answer reaches the author',
    story(async (town) => {
      const secretary = await appointed(town, 'communitySecretary', community, '孙书记')
      const officer = await appointed(town, 'subdistrictOfficer', street, '街道专员')
      const compiled = await secretary.tell(reporting.compile, {})
      await secretary.tell(reporting.submit, { report: compiled.id })
      await officer.tell(reporting.sendBack, { community, report: compiled.id, reason: '3-1-402 的王大明漏报' })
      await town.drain()
      const { rows } = await secretary.ask(api.inbox, { topic: 'returned' })
      expect(rows.map((r) => r.title.zh)).toEqual(['2026-03-02 的日报被退回，请改正后重新上报'])

      const author = await appointed(town, 'administrator', community, '甲')
      const pack = await author.tell(policy.writePack, {
        areaCode: community,
        title: '社区规则',
        document: '样例文件〔2026〕2号',
        effectiveFrom: '2026-03-03T00:00:00.000Z',
        values: { 'reporting.grace': 30 },
      })
      const version = pack.versions[0]!.id
      await town.drain()
      expect((await secretary.ask(api.inbox, { topic: 'waiting' })).rows).toHaveLength(1)
      expect((await author.ask(api.inbox, { topic: 'waiting' })).rows).toHaveLength(0)
      await secretary.tell(policy.refuseVersion, { version, reason: '请附会议纪要' })
      await town.drain()
      expect((await author.ask(api.inbox, {})).rows.map((r) => r.topic)).toEqual(['returned'])
    }),
  )
})

describe('groups', () => {
  const close: (() => void)[] = []
  afterEach(() => {
    delete process.env['LINLI_CHANNEL_GATEWAY']
    for (const one of close.splice(0)) one()
  })

  /** A gateway that writes down what passes and answers as it is told. */
  async function gateway(answer: object) {
    const heard: { path: string; body: Record<string, never> }[] = []
    const server = createServer((request: IncomingMessage, reply) => {
      let body = ''
      request.on('data', (part) => {
        body += String(part)
      })
      request.on('end', () => {
        heard.push({ path: request.url!, body: JSON.parse(body) })
        reply.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
      })
    }).listen(0, '127.0.0.1')
    await new Promise((ready) => server.once('listening', ready))
    close.push(() => server.close())
    process.env['LINLI_CHANNEL_GATEWAY'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return heard
  }

  const entry = { name: '防控群', topics: ['returned'] as ['returned'] }
  const robots = {
    wecom: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=planted-key',
    dingtalk: 'https://oapi.dingtalk.com/robot/send?access_token=planted-key',
    feishu: 'https://open.feishu.cn/open-apis/bot/v2/hook/planted-key',
  } as const

  test(
    'a new group runs dry: what would be sent is written down, and nothing leaves',
    story(async (town) => {
      const heard = await gateway({ errcode: 0 })
      const secretary = await appointed(town, 'communitySecretary', community, '孙书记')
      const { id: channel } = await secretary.tell(api.addChannel, { kind: 'wecom', ...entry })
      await expect(secretary.tell(api.switchChannel, { channel, state: 'on' })).rejects.toEqual(problem('outreach.noAddress'))
      await say(town, returned({ roles: ['communitySecretary'], area: community }))
      await say(town, { ...returned({ roles: ['communitySecretary'], area: community }), topic: 'answered' })
      expect(await secretary.ask(api.deliveries, {})).toMatchObject({
        total: 1,
        rows: [{ outcome: 'dryRun', channelName: '防控群' }],
      })
      expect((await secretary.ask(api.deliveries, {})).rows[0]!.words).toContain('3月1日日报被退回')
      expect(heard).toEqual([])
    }),
  )

  test.for([['wecom'], ['dingtalk'], ['feishu']] as const)(
    '%s is written to in its own way, and its secret is shown to nobody',
    ([kind]) =>
      story(async (town) => {
        const heard = await gateway(kind === 'feishu' ? { code: 0 } : { errcode: 0 })
        const secretary = await appointed(town, 'communitySecretary', community, '孙书记')
        const { id: channel } = await secretary.tell(api.addChannel, {
          kind,
          ...entry,
          address: robots[kind],
          secretToken: 'SECmarker',
        })
        await secretary.tell(api.switchChannel, { channel, state: 'on' })
        await say(town, returned({ roles: ['communitySecretary'], area: community }))
        await secretary.tell(api.tryChannel, { channel })
        await town.drain()
        expect(heard).toHaveLength(2)
        const { path, body } = heard[0]!
        const now = Date.parse('2026-03-02T01:00:00.000Z')
        const hmac = (key: string, message: string) => createHmac('sha256', key).update(message).digest('base64')
        if (kind === 'wecom') {
          expect(path).toBe('/qyapi.weixin.qq.com/cgi-bin/webhook/send?key=planted-key')
        } else if (kind === 'dingtalk') {
          const { searchParams } = new URL(path, 'http://gateway')
          expect([searchParams.get('timestamp'), searchParams.get('sign')]).toEqual([
            String(now),
            hmac('SECmarker', `${now}\nSECmarker`),
          ])
        } else {
          expect(body).toMatchObject({
            msg_type: 'text',
            timestamp: String(now / 1000),
            sign: hmac(`${now / 1000}\nSECmarker`, ''),
          })
        }
        expect(JSON.stringify(body)).toContain('3月1日日报被退回')
        expect((await secretary.ask(api.deliveries, {})).rows.map((r) => r.outcome)).toEqual(['sent', 'sent'])
        expect(JSON.stringify(await secretary.ask(api.channels, {}))).not.toMatch(/planted-key|SECmarker/)
        const { rows } = await sql<{ all: string }>`select row_to_json(c)::text as all from outreach_channels c`.execute(
          town.admin,
        )
        expect(rows[0]!.all).not.toMatch(/planted-key|SECmarker/)
      })(),
  )

  test(
    'a service that says no is asked four times, and the page says its number',
    story(async (town) => {
      const heard = await gateway({ errcode: 310000, errmsg: 'keywords not in content' })
      const secretary = await appointed(town, 'communitySecretary', community, '孙书记')
      const { id: channel } = await secretary.tell(api.addChannel, { kind: 'dingtalk', ...entry, address: robots.dingtalk })
      await secretary.tell(api.switchChannel, { channel, state: 'on' })
      await say(town, returned({ roles: ['communitySecretary'], area: community }))
      expect(heard).toHaveLength(4)
      expect(await secretary.ask(api.deliveries, { outcome: 'failed' })).toMatchObject({
        rows: [{ tries: 4, answered: '310000' }],
      })
    }),
  )

  test(
    'only addresses of the service are taken, and only by those who keep groups of that level',
    story(async (town) => {
      const secretary = await appointed(town, 'communitySecretary', community, '孙书记')
      for (const address of [
        'https://qyapi.weixin.qq.com.evil.example/x',
        'http://qyapi.weixin.qq.com/x',
        'https://127.0.0.1/x',
        'https://user@qyapi.weixin.qq.com/x',
        robots.feishu,
      ]) {
        await expect(secretary.tell(api.addChannel, { kind: 'wecom', ...entry, address })).rejects.toEqual(
          problem('outreach.notThatService'),
        )
      }
      const worker = await appointed(town, 'gridWorker', sample.grid, '李网格员')
      await expect(worker.ask(api.channels, {})).rejects.toEqual(problem('door.notAllowed'))
      const { id: channel } = await secretary.tell(api.addChannel, { kind: 'wecom', ...entry, address: robots.wecom })
      const above = await appointed(town, 'administrator', sample.county, '管理员')
      await expect(above.tell(api.switchChannel, { channel, state: 'on' })).rejects.toEqual(problem('outreach.notOwnArea'))
    }),
  )
})
