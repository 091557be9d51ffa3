// Fields read from a contract, complaints in words, values as people read them.
import { expect, test } from 'vitest'
import { z } from 'zod'
import { complaints } from '#core/complaints.ts'
import { Day, Instant } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import { choice, label } from '#core/labels.ts'
import { problems } from '#core/problem.ts'
import { text } from '#core/text.ts'
import { fieldOf, fieldsOf, isPassword, isPersonal, type FieldKind } from './fields.ts'
import { complaintsIn, tidy } from './form.ts'
import { show } from './show.ts'

const Colour = choice({ red: text('红', 'Red'), blue: text('蓝', 'Blue') })
const Thing = z.object({
  id: Id,
  name: label(z.string().trim().min(2).max(5), '名称', 'Name', { harmless: 'a thing' }),
  story: label(z.string().max(9).optional(), '说明', 'Story', { long: true, keep: 'register' }),
  colour: label(Colour, '颜色', 'Colour'),
  also: label(z.array(Colour).min(1), '还有', 'Also'),
  made: label(Day.nullable(), '制作日期', 'Made on'),
  sold: label(Instant.optional(), '售出', 'Sold'),
  opens: z.iso.time().optional(),
  size: label(z.int().min(1).max(9), '大小', 'Size', { unit: text('厘米', 'cm') }),
  works: z.boolean(),
  maker: label(z.object({ town: label(z.string(), '城市', 'Town') }).optional(), '制作者', 'Maker'),
  parts: z.array(z.object({ name: z.string() })).default([]),
})

test('each field tells how it is entered', () => {
  const kinds = Object.fromEntries(fieldsOf(Thing).map((f) => [f.name, f.kind]))
  expect(kinds).toEqual({
    id: 'id',
    name: 'text',
    story: 'long',
    colour: 'choice',
    also: 'choices',
    made: 'day',
    sold: 'instant',
    opens: 'time',
    size: 'number',
    works: 'yesNo',
    maker: 'group',
    parts: 'list',
  } satisfies Record<string, FieldKind>)
  expect(fieldOf('size', Thing.shape.size)).toMatchObject({ min: 1, max: 9, whole: true, required: true })
  expect(fieldOf('x', z.number())).toMatchObject({ min: undefined, max: undefined, whole: false })
  expect(fieldOf('also', Thing.shape.also).choices.map((c) => c.text.zh)).toEqual(['红', '蓝'])
})

test('words about persons are told from others, and passwords from both', () => {
  const personal = fieldsOf(Thing)
    .filter(isPersonal)
    .map((f) => f.name)
  expect(personal).toEqual(['story', 'maker', 'parts'])
  expect(['password', 'newPassword', 'token', 'pin', 'spin2', 'opinion'].filter((name) => isPassword({ name }))).toEqual([
    'password',
    'newPassword',
    'token',
    'pin',
  ])
})

test.each([
  ['nothing entered', { size: undefined }, 'size', '请填写'],
  ['nothing chosen', { colour: undefined }, 'colour', '请选择'],
  ['too short', { name: 'a' }, 'name', '至少 2 个字'],
  ['too long', { name: 'abcdef' }, 'name', '最多 5 个字'],
  ['too big', { size: 10 }, 'size', '不能大于 9'],
  ['no day', { made: '2026-02-30' }, 'made', '请填真实存在的日期，例如 2026-11-22'],
  ['none of several', { also: [] }, 'also', '至少选 1 项'],
  ['inside a group', { maker: {} }, 'maker.town', '请填写'],
])('a complaint says what to do: %s', (_, wrong, path, sentence) => {
  const right = {
    id: '0198a000-0000-7000-8000-000000000001',
    name: '灯',
    colour: 'red',
    also: ['blue'],
    made: null,
    size: 3,
    works: true,
  }
  expect(complaints(Thing, { ...right, name: '路灯' })).toEqual({})
  expect(complaints(Thing, { ...right, name: '路灯', ...wrong })[path]?.zh).toBe(sentence)
})

test('a rule of its own speaks for itself', () => {
  const rule = Thing.pick({ size: true }).refine(({ size }) => size % 2 === 0, {
    path: ['size'],
    params: { say: text('要成双', 'Must be even') },
  })
  expect(complaints(rule, { size: 3 })).toEqual({ size: text('要成双', 'Must be even') })
})

test('what was emptied is not sent, and a null only where it is wanted', () => {
  const typed = { name: '路灯', story: '', made: '', size: undefined, maker: { town: '' } }
  expect(tidy(fieldsOf(Thing), typed)).toEqual({ name: '路灯', made: null, maker: {} })
})

test('values read as people say them', () => {
  expect(show(Thing.shape.made, '2026-11-22', 'zh')).toBe('2026年11月22日')
  expect(show(Thing.shape.made, '2026-11-22', 'en')).toBe('22 Nov 2026')
  expect(show(Thing.shape.made, null, 'zh')).toBe('—')
  expect(show(Thing.shape.also, ['red', 'blue'], 'zh')).toBe('红、蓝')
  expect(show(Thing.shape.size, 5926, 'en', { unit: true })).toBe('5,926 cm')
  expect(show(Thing.shape.works, false, 'en')).toBe('No')
  expect(show(Thing.shape.sold, '2026-11-22T09:05:00.000Z', 'zh')).toBe('11月22日 17:05')
  expect(show(Thing.shape.maker, { town: '合肥' }, 'zh')).toBe('城市 合肥')
})

test('a refusal gives its fields their sentences', () => {
  const say = problems('specimen', {
    fields: [400, ({ fields }: { fields: unknown }) => text(`请核对 ${typeof fields}`, 'Please check')],
  })
  expect(complaintsIn(say.fields({ fields: ['size'] }))).toEqual({
    size: text('请核对后重填', 'Please check and enter it again'),
  })
  expect(complaintsIn(say.fields({ fields: { size: text('太大', 'Too big') } }))).toEqual({ size: text('太大', 'Too big') })
  expect(complaintsIn(say.fields({ fields: 7 }))).toEqual({})
})
