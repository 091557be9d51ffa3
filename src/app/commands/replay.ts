// `linli replay NAME`: a recorded day of people, played through the door, and the figures that follow by themselves.
import { readScenario } from '../replay/scenario.ts'
import { replay as run } from '../replay/replay.ts'
import { townPassword } from '../replay/raise.ts'
import type { Command } from './command.ts'

export const replay: Command = {
  name: 'replay',
  summary: 'play a scenario through the HTTP contracts on a throw-away database and print the daily report\'s figures',
  help: `  replay s4a                  a community of 5,926 households is screened by phone, at the door and with notices

  --scenario FILE             another scenario (see scenarios/s4a.json)
  --households N              another size; the deeds are scaled
  --seed K                    another town of the same size (1)
  --recount                   count again by plain SQL over the raw rows; ends 1 when a figure differs
  --keep DIR                  keep the town in DIR and say how to serve it; DIR must be new`,
  options: {
    scenario: { type: 'string' }, households: { type: 'string' }, seed: { type: 'string' }, recount: { type: 'boolean' }, keep: { type: 'string' },
  },
  run: async ({ words, values, out }) => {
    const scenario = readScenario(words[0] ?? 's4a', values['scenario'] as string | undefined)
    const number = (name: string) => (values[name] === undefined ? undefined : wholeNumber(name, String(values[name])))
    const households = number('households')
    const result = await run({
      scenario, seed: number('seed') ?? 1, recount: values['recount'] === true,
      ...(households === undefined ? {} : { households }), ...(values['keep'] ? { keep: String(values['keep']) } : {}),
      step: (line) => process.stderr.write(`${line}\n`),
    })
    const { kept, ...rest } = result
    out(kept ? { ...rest, kept } : rest, [
      ...Object.entries(result.figures).map(([name, figure]) => `${String(figure).padStart(8)}  ${name}`),
      ...(kept ? ['', `LINLI_DATA=${kept.data} LINLI_KEYS=${kept.keys} npm start -- --demo`, `secretary, worker1 …, officer, district, auditor, admin: ${townPassword}`] : []),
    ].join('\n'))
    return 0
  },
}

function wholeNumber(name: string, words: string): number {
  const n = Number(words)
  if (Number.isInteger(n) && n > 0) return n
  throw Object.assign(new TypeError(`--${name} takes a whole number above 0`), { code: 'ERR_PARSE_ARGS_VALUE' })
}
