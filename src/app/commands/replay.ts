// `linli replay NAME`: a recorded day of people, played through the door, and the figures that follow by themselves.
import { isFloating, isSealed, isTown, readScenario, type AnyScenario } from '../replay/scenario.ts'
import { replay as run, type Replayed } from '../replay/replay.ts'
import { replayFloating, type ReplayedFloating } from '../replay/replayFloating.ts'
import { replaySealed, type ReplayedSealed } from '../replay/replaySealed.ts'
import { replayTown, type ReplayedTown } from '../replay/replayTown.ts'
import { townPassword } from '../replay/raise.ts'
import type { Command } from './command.ts'

export const replay: Command = {
  name: 'replay',
  summary: "play a scenario through the HTTP contracts on a throw-away database and print the daily report's figures",
  help: `  replay s4a                  a community of 5,926 households is screened by phone, at the door and with notices; 14 returnees are observed and released
  replay s4b                  2,135 people who rent are screened; 14 households and 17 persons are put under observation
  replay s2-sealed            a building of 77 households is sealed for 14 days, rung twice and disinfected once a day
  replay s2                   17 communities in 57 grids report to their town, which sums up and reports to the county

  --scenario FILE             another scenario (see scenarios/s4a.json)
  --households N              another size; the deeds are scaled
  --seed K                    another town of the same size (1)
  --recount                   count again by plain SQL over the raw rows; ends 1 when a figure differs
  --keep DIR                  keep the town in DIR and say how to serve it; DIR must be new`,
  options: {
    scenario: { type: 'string' },
    households: { type: 'string' },
    seed: { type: 'string' },
    recount: { type: 'boolean' },
    keep: { type: 'string' },
  },
  run: async ({ words, values, out }) => {
    const scenario = readScenario(words[0] ?? 's4a', values['scenario'] as string | undefined)
    const number = (name: string) => (values[name] === undefined ? undefined : wholeNumber(name, String(values[name])))
    const households = number('households')
    const asked = {
      seed: number('seed') ?? 1,
      recount: values['recount'] === true,
      ...(households === undefined ? {} : { households }),
      ...(values['keep'] ? { keep: String(values['keep']) } : {}),
      step: (line: string) => void process.stderr.write(`${line}\n`),
    }
    const result = await played(scenario, values['scenario'] as string | undefined, asked)
    const { kept, ...rest } = result
    out(
      kept ? { ...rest, kept } : rest,
      [
        ...townLines(result),
        ...Object.entries(result.figures).map(([name, figure]) => `${String(figure).padStart(8)}  ${name}`),
        ...(kept
          ? [
              '',
              `LINLI_DATA=${kept.data} LINLI_KEYS=${kept.keys} npm start -- --demo`,
              `secretary, worker1 …, officer, district, auditor, admin: ${townPassword}`,
            ]
          : []),
      ].join('\n'),
    )
    return 0
  },
}

type Result = Replayed | ReplayedTown | ReplayedFloating | ReplayedSealed
type Asked = { seed: number; recount: boolean; households?: number; keep?: string; step: (line: string) => void }

function played(scenario: AnyScenario, file: string | undefined, asked: Asked): Promise<Result> {
  if (isTown(scenario)) return replayTown({ scenario, file, ...asked })
  if (isFloating(scenario)) return replayFloating({ scenario, ...asked })
  return isSealed(scenario) ? replaySealed({ scenario, ...asked }) : run({ scenario, ...asked })
}

/** How large the town is, where it is one of many communities. */
const townLines = (result: Result): string[] =>
  'town' in result ? [`${String(result.communities).padStart(8)}  communities`, `${String(result.grids).padStart(8)}  grids`] : []

function wholeNumber(name: string, words: string): number {
  const n = Number(words)
  if (Number.isInteger(n) && n > 0) return n
  throw Object.assign(new TypeError(`--${name} takes a whole number above 0`), { code: 'ERR_PARSE_ARGS_VALUE' })
}
