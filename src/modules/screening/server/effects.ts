// What becomes of screening when one of its rules changes: told to whoever signs the change.
import { sql } from 'kysely'
import { text } from '#core/text.ts'
import type { Foreseen, PolicyEffect } from '#modules/policy/effects.ts'
import { revisitAfter, screeningForm, sourceRisk } from '../rules.ts'

type Now = { open: number; people: number }

export const screeningEffects: PolicyEffect = {
  keys: [screeningForm.key, sourceRisk.key, revisitAfter.key],
  foresee: async ({ key, area }, { tx }) => {
    const { rows } = await sql<Now>`
      select (select count(*)::int from screening_campaigns c where c.state = 'open' and starts_with(c.community, ${area})) as open,
        (select count(distinct k.person)::int from screening_key_persons k where starts_with(k.community, ${area})) as people`.execute(
      tx,
    )
    return [sentence(key, rows[0]!)]
  },
}

function sentence(key: string, { open, people }: Now): Foreseen {
  const campaigns = text(`进行中的排查 ${open} 次`, `${open} open ${open === 1 ? 'campaign' : 'campaigns'}`)
  switch (key) {
    // A campaign asks to its end what was asked when it was opened, whatever is corrected later.
    case screeningForm.key:
      return {
        loud: open > 0,
        words: text(
          `${campaigns.zh}，仍用开始时的问题；以后新开的排查用新问题。`,
          `${campaigns.en}: they keep the questions of their start; new campaigns ask the new ones.`,
        ),
      }
    case revisitAfter.key:
      return {
        loud: open > 0,
        words: text(
          `${campaigns.zh}，待复访名单按新间隔计算。`,
          `${campaigns.en}: the list of doors to try again follows the new time.`,
        ),
      }
    default:
      return {
        loud: people > 0,
        words: text(
          `已登记的重点人员 ${people} 人保持原来的风险等级；以后登记或改动来源地的按新等级。`,
          `${people} key persons keep the risk they were given; those recorded later, or whose origin changes, follow the new one.`,
        ),
      }
  }
}
