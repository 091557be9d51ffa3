// L2 返程人员登记表 and L3 重点人员台账. What this house does not keep stays an empty column, for the forms of the offices have it.
import { sql } from 'kysely'
import { z } from 'zod'
import type { Parsed } from '#core/contract.ts'
import { dayOf, daysBetween, sayMinute, type Day } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { choiceText, personal } from '#core/labels.ts'
import { inBatches } from '#server/exports/batches.ts'
import type { ExportPlan } from '#server/exports/exporting.ts'
import { standing } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import { Sex } from '#modules/residents/model.ts'
import { membersIn, openField, peopleAt, phonesInCell, type Member } from '#modules/residents/server.ts'
import { areaNames } from '#modules/territory/server.ts'
import type * as api from '../api.ts'
import { Arrival, Category, Measure, Risk, Transport } from '../model.ts'
import { areaOf, communityOf } from './campaigns.ts'
import { describedKeyPersons, keyPersonLines, type KeyPersonLine } from './keyPersons.ts'
import { column, once, planned } from './sheets.ts'
import { gridIn } from './standing.ts'

const hidden = (mask: 'name' | 'phone' | 'document' | 'room' | 'text') =>
  personal(z.string().nullable(), '', '', { mask, keep: 'response' })
const Row = z.object({
  name: hidden('name'),
  document: hidden('document'),
  phone: hidden('phone'),
  address: hidden('room'),
  origin: hidden('text'),
  homePlace: hidden('text'),
  why: hidden('text'),
  leftOn: hidden('text'),
  arrivedOn: hidden('text'),
  transport: hidden('text'),
  vehicleNo: hidden('text'),
  symptoms: hidden('text'),
  contactName: hidden('name'),
  contactPhone: hidden('phone'),
  livesWith: hidden('name'),
  departedOn: hidden('text'),
  condition: hidden('text'),
  place: hidden('text'),
  note: hidden('text'),
  followUpNote: hidden('text'),
})

const returneeColumns = [
  column('name', '姓名'),
  column('document', '身份证号', { width: 20 }),
  column('sex', '性别', { width: 6 }),
  column('phone', '手机', { width: 14 }),
  column('originCode', '编码', { group: '来源地' }),
  column('origin', '地点', { group: '来源地', width: 18 }),
  column('community', '社区', { group: '目的地' }),
  column('address', '详址', { group: '目的地', width: 22 }),
  column('why', '返乡原因'),
  column('arrivedOn', '返乡时间'),
  column('transport', '交通方式'),
  column('vehicleNo', '航班／车次／车牌', { width: 14 }),
  column('symptoms', '有无症状'),
  column('tested', '三日内核酸阴性证明'),
  column('risk', '来源地风险等级'),
  column('category', '人员类型'),
  column('arrival', '状态'),
  column('contactName', '联系人', { group: '目的地联系人' }),
  column('contactPhone', '电话', { group: '目的地联系人', width: 14 }),
  column('riskStay', '14天内中高风险旅居史'),
  column('closeContact', '是否治愈或密接／次密接'),
  column('at', '申报时间', { width: 14 }),
  column('note', '备注'),
]

const ledgerColumns = [
  column('name', '姓名'),
  column('sex', '性别', { width: 6 }),
  column('age', '年龄', { type: 'number' }),
  column('document', '身份证号', { width: 20 }),
  column('phone', '电话', { width: 14 }),
  column('phonePlace', '号码归属地'),
  column('homePlace', '户籍地'),
  column('address', '现居住地', { width: 22 }),
  column('origin', '来源地', { width: 18 }),
  column('leftOn', '离开来源地时间'),
  column('arrivedOn', '来本地时间'),
  column('transport', '交通工具'),
  column('within14', '是否14天内'),
  column('livesWith', '同居住人员', { width: 16 }),
  column('departedOn', '离开时间', { group: '是否离开' }),
  column('departed', '已离开', { group: '是否离开' }),
  column('condition', '身体状况'),
  column('measure', '采取措施'),
  column('place', '住院或集中观察地址'),
  column('followUpNote', '网格化服务管理情况', { width: 20 }),
  column('handedOver', '是否移交卫健委'),
  column('sentTo', '下发市县'),
  column('batch', '下发批次'),
  column('checkedBy', '核查人', { group: '核查' }),
  column('checkedPhone', '电话', { group: '核查' }),
  column('checkedAt', '时间', { group: '核查', width: 14 }),
  column('reportedBy', '上报人', { group: '上报' }),
  column('community', '单位', { group: '上报' }),
  column('at', '时间', { group: '上报', width: 14 }),
  column('reportState', '状态', { group: '上报' }),
  column('policeStation', '所属派出所'),
  column('gridName', '网格'),
  column('position', '坐标'),
  column('note', '备注'),
]

type Asked = Parsed<typeof api.exportReturnees>

const words = (schema: z.ZodType, value: string | null): string | null => (value === null ? null : choiceText(schema, value).zh)
const yesNo = (value: boolean): string => (value ? '是' : '否')
/** The column of the form of February 2020 asks about fourteen days; whether a rule follows from them is for the packs to say. */
const within14 = (from: Day | null, today: Day): string | null => (from === null ? null : yesNo(daysBetween(from, today) <= 14))

async function sheet(
  ctx: Ctx,
  asked: Asked,
  {
    title,
    columns,
    only,
    notes,
  }: { title: string; columns: typeof ledgerColumns; only: 'returnee' | null; notes: readonly string[] },
): Promise<ExportPlan> {
  const community = communityOf(ctx, asked.community)
  const area = areaOf(ctx, community, asked.area)
  const lines = sql<KeyPersonLine>`
    select * from ${keyPersonLines(community, sql`and ${standing('screening_key_persons', 'e')}`)} as k
    where ${gridIn('k.grid', area)} and ${only ? sql`k.category = ${only}` : sql`true`}
      and ${asked.campaign ? sql`k.campaign = ${asked.campaign}` : sql`true`}
    order by k.occurred_at, k.id`
  const {
    rows: [count],
  } = await sql<{ n: number; persons: number }>`
    with l as (${lines}) select (select count(*) from l)::int as n, (select count(*) from (
      select person from l union select p.person from ${peopleAt({ community })} as p where p.household in (select lives_in from l)) as all_named
    )::int as persons`.execute(ctx.tx)
  const batches = async function* () {
    for await (const some of inBatches(ctx.tx, lines)) yield described(ctx, community, some)
  }
  return planned(ctx, { title, community, area, columns, row: Row, batches, notes, rows: count!.n, persons: count!.persons })
}

async function described(ctx: Ctx, community: string, lines: readonly KeyPersonLine[]) {
  const shown = await describedKeyPersons(ctx, community, lines)
  const households = Map.groupBy(
    await membersIn(
      ctx,
      lines.flatMap((l) => (l.livesIn ? [l.livesIn] : [])),
    ),
    (m) => m.household!,
  )
  const grids = await areaNames(ctx.tx, [community, ...lines.flatMap((l) => (l.grid ? [l.grid] : []))])
  const today = dayOf(ctx.now)
  const rows = shown.map((k, i) => {
    const livesIn = lines[i]!.livesIn
    const members = (livesIn && households.get(livesIn)) || []
    return {
      ...entryPart(k, today),
      ...personPart(ctx, k.person, members, k.phone),
      ...followUpPart(k.followUp),
      community: grids.get(community) ?? community,
      gridName: k.grid ? (grids.get(k.grid) ?? k.grid) : null,
    }
  })
  // Whoever lives with a key person is named in the sheet, too.
  return { rows, persons: once([...shown.map((k) => k.person), ...[...households.values()].flat().map((m) => m.root)]) }
}

function personPart(ctx: Ctx, person: Id, members: readonly Member[], phone: string | null) {
  const own = members.find((m) => m.root === person)
  const head = members.find((m) => m.root !== person)
  return {
    phone: own ? phonesInCell(ctx, own) : phone,
    document: own ? openField.document(ctx, own) : null,
    homePlace: own?.homePlace ?? null,
    contactName: head?.name ?? null,
    contactPhone: head ? phonesInCell(ctx, head) : null,
    livesWith:
      members
        .filter((m) => m.root !== person)
        .map((m) => m.name)
        .join('、') || null,
  }
}

const entryPart = (k: api.KeyPersonShown, today: Day) => ({
  name: k.name,
  sex: words(Sex, k.sex),
  age: k.age,
  phone: k.phone,
  address: k.address,
  originCode: k.originCode,
  origin: k.origin,
  why: k.travelReason,
  leftOn: k.leftOn,
  arrivedOn: k.arrivedOn,
  transport: words(Transport, k.transport),
  vehicleNo: k.vehicleNo,
  symptoms: k.symptoms?.length ? '有' : '无',
  risk: words(Risk, k.sourceRisk),
  category: words(Category, k.category),
  arrival: words(Arrival, k.arrival),
  riskStay: k.sourceRisk === 'high' || k.sourceRisk === 'medium' ? '有' : null,
  closeContact: k.category === 'contact' ? '有接触史（由疾控判定）' : null,
  within14: within14(k.leftOn ?? k.arrivedOn, today),
  reportedBy: k.recordedByName,
  at: sayMinute(k.occurredAt, 'zh'),
  note: k.note,
})

const followUpPart = (f: api.KeyPersonShown['followUp']) =>
  f === null
    ? {
        condition: null,
        measure: null,
        place: null,
        departed: null,
        departedOn: null,
        followUpNote: null,
        handedOver: null,
        checkedBy: null,
        checkedAt: null,
      }
    : {
        condition: f.well ? '正常' : '非正常',
        measure: words(Measure, f.measure),
        place: f.place,
        departed: yesNo(f.departedOn !== null),
        departedOn: f.departedOn,
        followUpNote: f.note,
        handedOver: yesNo(f.handedOver),
        checkedBy: f.recordedByName,
        checkedAt: sayMinute(f.occurredAt, 'zh'),
      }

const blanks = '空白表示没有询问、没有说明或本系统不登记，不表示无。'

export const returneeSheet = (ctx: Ctx, asked: Asked): Promise<ExportPlan> =>
  sheet(ctx, asked, {
    title: '返程人员登记表',
    columns: returneeColumns,
    only: 'returnee',
    notes: ['来源地风险等级为登记当时的规定，规定变化后不改写。', blanks],
  })
export const ledgerSheet = (ctx: Ctx, asked: Asked): Promise<ExportPlan> =>
  sheet(ctx, asked, {
    title: '重点人员台账',
    columns: ledgerColumns,
    only: null,
    notes: ['采取措施由有权机关决定，社区协助并如实登记；身体状况和去向取最近一次跟进。', blanks],
  })
