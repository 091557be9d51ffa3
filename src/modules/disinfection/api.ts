// Disinfection as a ledger: from this declaration come its contracts, pages, workbook, printed sheet and daily figures.
import { z } from 'zod'
import { query } from '#core/contract.ts'
import { ledger } from '#core/ledger.ts'
import { text } from '#core/text.ts'
import { by } from '#modules/identity/model.ts'
import { Advice, round } from './model.ts'

export const rounds = ledger('disinfection', {
  title: text('消毒记录', 'Disinfection'),
  fields: round,
  record: by(
    'gridWorker',
    'gridLeader',
    'communityStaff',
    'buildingSteward',
    'gateGuard',
    'volunteer',
    'propertyManager',
    'communitySecretary',
  ),
  read: by(
    'gridWorker',
    'gridLeader',
    'communityStaff',
    'buildingSteward',
    'gateGuard',
    'medic',
    'volunteer',
    'propertyManager',
    'communitySecretary',
    'subdistrictOfficer',
    'districtOfficer',
    'auditor',
  ),
  mend: by('communitySecretary'),
  filters: ['place', 'method'],
  counts: [
    {
      key: 'disinfection.rounds',
      title: text('消毒', 'Disinfection'),
      unit: text('次', 'rounds'),
      definition: text('登记的消毒次数，一处一时段为一次', 'Rounds recorded; one place in one span of time is one'),
    },
    {
      key: 'disinfection.area',
      title: text('消毒面积', 'Area disinfected'),
      unit: text('㎡', 'm²'),
      sum: 'squareMetres',
      definition: text(
        '各次登记面积之和，同一处多次消毒重复计算；未填面积的不计',
        'Sum of the areas entered; a place treated twice counts twice, a blank not at all',
      ),
    },
  ],
  notes: [
    text(
      '有效氯以 mg/L 计；未测量的项目留空，不填 0。',
      'Available chlorine in mg/L; what was not measured stays blank and is no 0.',
    ),
    text('浓度和作用时间按当地防控方案执行。', 'Strength and contact time follow the plan in force here.'),
  ],
})

/** What the rules in force recommend, and the document that says so. */
export const adviceInForce = query('disinfection.advice', {
  title: text('浓度和时间建议', 'Advice on strength and time'),
  may: rounds.read,
  input: z.object({}),
  output: z.object({ rows: z.array(Advice), document: z.string().nullable() }),
})
