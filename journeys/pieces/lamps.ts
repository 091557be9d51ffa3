// A ledger that belongs to no module: what the console's tests draw.
import { z } from 'zod'
import { Day } from '#core/dates.ts'
import { choice, label } from '#core/labels.ts'
import { importing } from '#core/imports.ts'
import { ledger } from '#core/ledger.ts'
import { text } from '#core/text.ts'

const State = choice({ lit: text('正常', 'Lit'), dim: text('昏暗', 'Dim'), dark: text('不亮', 'Dark') })
const Part = choice({ bulb: text('灯泡', 'Bulb'), wire: text('线路', 'Wire'), post: text('灯杆', 'Post') })
const Road = choice({
  east: text('东路', 'East Road'),
  west: text('西路', 'West Road'),
  north: text('北路', 'North Road'),
  south: text('南路', 'South Road'),
  ring: text('环路', 'Ring Road'),
  lake: text('湖滨路', 'Lake Road'),
})

/** Rounds along the street lamps. */
export const lamps = ledger('lamps', {
  title: text('路灯巡查台账', 'Street lamp rounds'),
  fields: {
    seenOn: label(Day, '巡查日期', 'Seen on'),
    road: label(Road, '路段', 'Road', { hint: text('按路牌填写', 'As on the sign') }),
    state: label(State, '亮度', 'State', { group: text('检查', 'Check') }),
    parts: label(z.array(Part).optional(), '损坏部件', 'Broken parts', { group: text('检查', 'Check') }),
    power: label(z.int().min(1).max(400), '功率', 'Power', { unit: text('瓦', 'W'), group: text('检查', 'Check') }),
    caller: label(z.string().max(20).optional(), '报修人', 'Reported by', {
      mask: 'name',
      keep: 'register',
      why: text('修好后告知报修人', 'To tell them when it is mended'),
    }),
    remarks: label(z.string().max(200).optional(), '备注', 'Remarks', { long: true, harmless: 'a note on the lamp' }),
  },
  record: ['warden'],
  read: ['warden', 'reader'],
  filters: ['state'],
  counts: [
    {
      key: 'rounds',
      title: text('巡查', 'rounds'),
      unit: text('次', 'rounds'),
      definition: text('当日记录条数', 'Entries of the day'),
    },
    {
      key: 'power',
      title: text('总功率', 'total power'),
      unit: text('瓦', 'W'),
      sum: 'power',
      definition: text('当日功率之和', 'Sum of the day'),
    },
  ],
  notes: [text('亮度以目测为准。', 'The state is judged by eye.')],
})

/** The same lamps out of a workbook. */
export const lampList = importing('lamps', 'list', {
  title: text('导入路灯名单', 'Import the lamps'),
  may: ['warden'],
  row: z.object({
    road: label(Road, '路段', 'Road'),
    power: label(z.int().min(1).max(400), '功率', 'Power', { unit: text('瓦', 'W') }),
  }),
})
