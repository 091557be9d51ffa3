// 账号和任职表: the accounts that the page lists, one line for each post, for the office's own files.
import { sql } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import { dayOf, sayDay, sayMinute } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import { inBatches } from '#server/exports/batches.ts'
import { exporting, type ExportPlan } from '#server/exports/exporting.ts'
import { column, listPlan } from '#server/exports/listed.ts'
import type { Ctx, Handled } from '#server/house.ts'
import * as api from '../api.ts'
import { AccountState, Role, type AccountRow } from '../model.ts'
import { linesOf, soughtSql } from './people.ts'

const columns = [
  column('name', '姓名'),
  column('username', '用户名', { width: 16 }),
  column('state', '状态'),
  column('homeName', '所属区域', { width: 16 }),
  column('role', '角色', { width: 14 }),
  column('areaName', '任职区域', { width: 16 }),
  column('since', '任职起', { width: 14 }),
  column('lastSignIn', '最近登录', { width: 18 }),
  column('secondFactor', '登录动态码'),
]

const lineFor = ({ posts, lastSignIn, state, secondFactor, ...line }: api.AccountLine) => {
  const own = {
    name: line.name,
    username: line.username,
    homeName: line.homeName,
    state: choiceText(AccountState, state).zh,
    lastSignIn: lastSignIn && sayMinute(lastSignIn, 'zh'),
    secondFactor: secondFactor ? '已启用' : '未启用',
  }
  const held = posts.map((p) => ({
    ...own,
    role: choiceText(Role, p.role).zh,
    areaName: p.areaName,
    since: sayDay(dayOf(p.since), 'zh'),
  }))
  return held.length ? held : [own]
}

async function accountsSheet(ctx: Ctx, { words, state, role }: Parsed<typeof api.exportAccounts>): Promise<ExportPlan> {
  const matching = soughtSql(ctx, { words, state, role })
  const {
    rows: [size],
  } = await sql<{ n: number }>`
    select coalesce(sum(greatest(1, (select count(*) from identity_assignments p where p.account = a.id and p.until is null))), 0)::int as n
    from identity_accounts a where ${matching}`.execute(ctx.tx)
  const batches = async function* () {
    const all = sql<AccountRow>`select a.* from identity_accounts a where ${matching} order by a.username`
    for await (const found of inBatches(ctx.tx, all)) yield { rows: (await linesOf(ctx, found)).flatMap(lineFor) }
  }
  return listPlan(ctx, { title: '账号和任职表', area: ctx.area, row: api.AccountLine, columns, rows: size!.n, batches })
}

export const accountSheetHandlers: readonly Handled[] = [exporting(api.exportAccounts, (ctx, input) => accountsSheet(ctx, input))]
