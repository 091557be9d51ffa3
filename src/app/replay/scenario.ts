// A scenario says what people did; how many of what that makes is for the house to count.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { problems } from '#core/problem.ts'
import { projectRoot } from '../opening.ts'

export const say = problems('replay', {
  unknown: [
    404,
    ({ name }: { name: string }) => ({
      zh: `没有名为 ${name} 的场景。用 --scenario 指定文件，或用 replay --help 查看。`,
      en: `There is no scenario named ${name}. Name a file with --scenario, or see replay --help.`,
    }),
  ],
  unreadable: [
    422,
    ({ fields }: { fields: readonly string[] }) => ({
      zh: `场景文件有 ${fields.length} 处不合：${fields.join('、')}。请对照 scenarios/s4a.json。`,
      en: `The scenario does not fit in ${fields.length} places: ${fields.join(', ')}. Compare it with scenarios/s4a.json.`,
    }),
  ],
  tooMany: [
    422,
    { zh: '场景里做过的比应排的户数还多，请核对。', en: 'More was done than there are households. Check the scenario.' },
  ],
  recount: [
    500,
    ({ figures }: { figures: readonly string[] }) => ({
      zh: `日报与直接清点原始记录不一致：${figures.join('、')}。`,
      en: `The report and the recount from raw rows differ: ${figures.join(', ')}.`,
    }),
  ],
})

const n = z.int().min(0)

export const Scenario = z.object({
  name: z.string(),
  about: z.string(),
  source: z.string(),
  day: z.iso.date(),
  households: z.int().min(1).max(200_000),
  precincts: z.int().min(1).max(20),
  days: z.tuple([
    z.object({ calls: z.object({ answered: n }) }),
    z.object({ firstVisits: z.object({ sheetLeft: n }), secondVisits: z.object({ sheetLeft: n }) }),
    z.object({ laterVisits: z.object({ opened: n }) }),
  ]),
  returnees: z.object({ found: n, unwell: n }),
  /** Returnees whom the deciding body put under observation at home the day after, and who stayed to the last day. */
  observed: z.object({ home: n }).optional(),
})
export type Scenario = z.infer<typeof Scenario>

/** A town of many communities: its areas from a file of the product, what was done in all of them together, and how their reports came in. */
export const TownScenario = Scenario.omit({ precincts: true }).extend({
  /** File beside the scenario: 编码, 名称, 级别, as the page for areas takes it. */
  areas: z.string(),
  /** Numbers of communities on the last day. */
  reports: z.object({ nothingOnTheLastDay: n, late: n, returned: n }),
})
export type TownScenario = z.infer<typeof TownScenario>

/** People who rent are screened door by door; some households and some single persons are put under observation (S4b). */
export const FloatingScenario = z.object({
  name: z.string(),
  about: z.string(),
  source: z.string(),
  day: z.iso.date(),
  precincts: z.int().min(1).max(20),
  /** Households that own their dwelling, beside them tenants in persons: those whom a worker reached, and those who were out. */
  owners: z.int().min(0).max(50_000),
  tenants: z.object({ reached: z.int().min(1), out: n }),
  home: z.object({ households: n, persons: n }),
  central: z.object({ persons: n }),
})
export type FloatingScenario = z.infer<typeof FloatingScenario>

/** A building is sealed for some days: who called, who did not, what was excused (S2 2.19, 2.22). */
export const SealedScenario = z.object({
  name: z.string(),
  about: z.string(),
  source: z.string(),
  /** First day of the seal. */
  day: z.iso.date(),
  households: z.int().min(1).max(2_000),
  days: z.int().min(1).max(60),
  /** Rules that differ from those of the shipped pack. */
  rules: z.record(z.string(), z.unknown()),
  /** Calls that nobody made, and those excused with a reason; rounds of disinfection that were left out. */
  calls: z.object({ missed: n, excused: n }),
  rounds: z.object({ missed: n }),
})
export type SealedScenario = z.infer<typeof SealedScenario>
export type AnyScenario = Scenario | TownScenario | FloatingScenario | SealedScenario

export const isSealed = (scenario: AnyScenario): scenario is SealedScenario => 'rounds' in scenario
export const isFloating = (scenario: AnyScenario): scenario is FloatingScenario => 'tenants' in scenario
export const isTown = (scenario: AnyScenario): scenario is TownScenario => 'areas' in scenario

/** What is done, in households. */
export type Deeds = {
  households: number
  precincts: number
  answered: number
  firstSheets: number
  secondSheets: number
  openLater: number
  returnees: number
  unwell: number
  observed: number
}

/** A scenario by name (`scenarios/<name>.json`) or by file. Throws in words. */
export function readScenario(name: string, file?: string): AnyScenario {
  const path = scenarioFile(name, file)
  let words: string
  try {
    words = readFileSync(path, 'utf8')
  } catch {
    throw say.unknown({ name: file ?? name })
  }
  const content = parsed(words)
  const read = shapeOf(content).safeParse(content)
  if (!read.success) throw say.unreadable({ fields: read.error.issues.map((i) => i.path.join('.') || 'file') })
  return read.data
}

/** What kind of scenario a file is, by what only that kind says. */
function shapeOf(content: unknown) {
  const says = (key: string) => typeof content === 'object' && content !== null && key in content
  if (says('areas')) return TownScenario
  if (says('tenants')) return FloatingScenario
  return says('rounds') ? SealedScenario : Scenario
}

export const scenarioFile = (name: string, file?: string): string => file ?? resolve(projectRoot, 'scenarios', `${name}.json`)

function parsed(words: string): unknown {
  try {
    return JSON.parse(words)
  } catch {
    return undefined
  }
}

/** The deeds for `households`; at another size than the scenario's each is scaled, and whoever is out is visited. */
export function deedsOf(scenario: Omit<Scenario, 'precincts'> & { precincts?: number }, households = scenario.households): Deeds {
  const [{ calls }, { firstVisits, secondVisits }, { laterVisits }] = scenario.days
  const scaled = (count: number) =>
    households === scenario.households ? count : Math.round((count * households) / scenario.households)
  const answered = Math.min(households, scaled(calls.answered))
  const firstSheets = Math.min(
    households - answered,
    households === scenario.households ? firstVisits.sheetLeft : households - answered,
  )
  const deeds = {
    households,
    precincts: scenario.precincts ?? 0,
    answered,
    firstSheets,
    secondSheets: Math.min(firstSheets, scaled(secondVisits.sheetLeft)),
    openLater: Math.min(firstSheets, scaled(laterVisits.opened)),
    returnees: Math.min(answered, scaled(scenario.returnees.found)),
    unwell: Math.min(answered, scaled(scenario.returnees.unwell)),
    observed: Math.min(answered, scaled(scenario.returnees.found), scaled(scenario.observed?.home ?? 0)),
  }
  if (calls.answered + firstVisits.sheetLeft > scenario.households) throw say.tooMany()
  return deeds
}
