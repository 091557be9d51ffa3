// `linli pass …`: hands out passes of the demo town, looks at passes, and prints the keys that gates trust.
import { createInterface } from 'node:readline'
import { Day, dayOf } from '#core/dates.ts'
import { keysDir } from '#server/keys/place.ts'
import { passesOf } from '#server/keys/names.ts'
import { ringThere, type KeyRing } from '#server/keys/ring.ts'
import { silentLog } from '#server/log.ts'
import { coseOf, inspector, type Inspected } from '#modules/access/inspecting.ts'
import { say } from '#modules/access/model.ts'
import { hex, mostDays, PassKind } from '#modules/access/pass.ts'
import {
  activeKey,
  householdReference,
  nextKey,
  signer,
  trustList,
  verifierOf,
  type TrustedKey,
} from '#modules/access/server/signing.ts'
import { open } from '../opening.ts'
import { community as town } from '../town/places.ts'
import type { Command, Given } from './command.ts'

type Values = Given['values']

const wrong = (words: string) => Object.assign(new TypeError(words), { code: 'ERR_PARSE_ARGS_VALUE' })

function numberOf(values: Values, name: string, otherwise: number, most: number): number {
  const given = values[name]
  const n = given === undefined ? otherwise : Number(given)
  if (!Number.isInteger(n) || n < 1 || n > most)
    throw wrong(`--${name} takes a whole number from 1 to ${most}. 请填 1 到 ${most} 的整数。`)
  return n
}

function dayFrom(values: Values, name: string): Day | undefined {
  const given = values[name]
  if (given === undefined) return undefined
  const day = Day.safeParse(given)
  if (!day.success) throw wrong(`--${name} takes a day, 2026-11-22. 日期请写成 2026-11-22。`)
  return day.data
}

/** The demo's ring; a demo that was never opened gets its database and its keys first. */
async function demoRing(): Promise<KeyRing> {
  const dir = keysDir(process.env, { demo: true })
  const there = await ringThere(dir)
  if (there) return there
  await (await open({ demo: true, log: silentLog, say: ({ en }) => process.stderr.write(`${en}\n`) })).stop()
  return (await ringThere(dir))!
}

/** The id of the key to sign with: the active one, or the one before it. The demo has both from its first pass on, so that each stays what it was called. */
function keyOf(keys: KeyRing, generation: unknown): string {
  if (generation !== undefined && generation !== 'current' && generation !== 'previous') {
    throw wrong('--generation takes current or previous. 请填 current 或 previous。')
  }
  const retired = () => keys.keysOf(passesOf(town.code)).filter((key) => key.state === 'retired')
  if (retired().length === 0) nextKey(keys, town.code)
  return generation === 'previous' ? retired().at(-1)!.id : activeKey(keys, town.code)
}

export const passIssue: Command = {
  name: 'pass issue',
  summary: 'hand out passes of the demo town, signed with its key',
  help: `  --demo               the demo town; real passes are issued on the Access page
  --count N            how many (1, at most 100000)
  --generation WHICH   current (as it is) or previous: signed with the key before the present one
  --first-day DAY      first day on which they are good (today), 2026-11-22
  --days N             natural days from then on (14, at most ${mostDays})
  --kind KIND          ${PassKind.options.join(', ')}

--json prints {"passes":[{"text","shortCode"}]}. "text" is what the QR code holds: 98 or 99 bytes in Base45, at most 150 signs; a blank is one of
its signs, though never at an end. Each pass is of another invented household. The keys stay in the demo's key folder, so
"pass inspect" knows them in another process, before and after the server is started.`,
  options: {
    demo: { type: 'boolean' },
    count: { type: 'string' },
    generation: { type: 'string' },
    'first-day': { type: 'string' },
    days: { type: 'string' },
    kind: { type: 'string' },
  },
  run: async ({ values, out }) => {
    if (values['demo'] !== true) throw say.demoOnly()
    const count = numberOf(values, 'count', 1, 100_000)
    const days = numberOf(values, 'days', 14, mostDays)
    const firstDay = dayFrom(values, 'first-day') ?? dayOf(Date.now())
    const kind = PassKind.safeParse(values['kind'] ?? 'household')
    if (!kind.success) throw wrong(`--kind takes one of ${PassKind.options.join(', ')}.`)
    const keys = await demoRing()
    const issue = signer(keys, town.code, keyOf(keys, values['generation']))
    const passes = Array.from({ length: count }, (_, i) => {
      const { text, shortCode } = issue({
        household: householdReference(keys, town.code, `demo ${i}`),
        kind: kind.data,
        firstDay,
        days,
      })
      return { text, shortCode }
    })
    out({ passes }, passes.map((pass) => `${pass.shortCode}  ${pass.text}`).join('\n'))
    return 0
  },
}

type Trusted = { readonly demo: boolean; readonly communities: ReadonlyMap<string, string>; readonly list: readonly TrustedKey[] }

/** Keys of the real data, or of the demo where it is asked for or nothing else is here; `--community` leaves those of one gate. */
async function trustedBy(values: Values): Promise<Trusted> {
  const real = values['demo'] === true ? undefined : await ringThere(keysDir(process.env))
  const keys = real ?? (await ringThere(keysDir(process.env, { demo: true })))
  if (!keys) throw say.noKeys()
  const wanted = values['community']
  const communities = keys.communities().filter((code) => wanted === undefined || code === wanted)
  const lists = communities.map((code) => [code, trustList(keys, code)] as const)
  return {
    demo: real === undefined,
    list: lists.flatMap(([, list]) => list),
    communities: new Map(lists.flatMap(([code, list]) => list.map((key) => [key.keyId, code] as const))),
  }
}

const which = { demo: { type: 'boolean' }, community: { type: 'string' } } as const

export const passInspect: Command = {
  name: 'pass inspect',
  summary: 'say of each pass whether it is good and what it claims, or print it as COSE_Sign1',
  help: `  TEXT               one pass (in quotes: a blank may be part of it), or
  --stdin            one pass on each line of the input; only the end of the line is taken off
  --on DAY           judge as of this day (today)
  --community CODE   judge as a gate of this community (12 digits): its keys only. Without it: keys of every community here
  --demo             keys of the demo town; also where this machine has no other keys
  --cose             print the standard COSE_Sign1 (RFC 9052, tag 18) in hexadecimal instead; the signature is not judged

--json prints one line for each line of the input: {"line","valid","reason","claims","keyId","shortCode","community","demo"}.
Reasons: notAPass (no Base45), length, version, claims (not written the one canonical way), unknownKey (a foreign key, another community),
signature (altered or forged), notYet, expired, replayed, shortCode (a code alone proves nothing: only the gate's list knows it), mistyped.
replayed: a pass that was already good earlier in the same input, whatever its text: the first use counts, each further one is named. A gate
that is connected shows the second use in one period in the same way; how often a household may go out is its quota, which no text can tell.
Nothing is kept from one run to the next. Ends 0 when every line was looked at, good or not; 1 when there are no keys.`,
  options: { ...which, stdin: { type: 'boolean' }, on: { type: 'string' }, cose: { type: 'boolean' } },
  run: async ({ values, words, out }) => {
    const given = values['stdin'] === true ? createInterface({ input: process.stdin, crlfDelay: Infinity }) : words
    if (values['stdin'] !== true && words.length !== 1)
      throw wrong('Give one pass in quotes, or --stdin. 请给出一张出入证（加引号），或用 --stdin。')
    return values['cose'] === true ? printCose(given, out) : printInspected(given, values, out)
  },
}

async function printCose(given: Iterable<string> | AsyncIterable<string>, out: Given['out']): Promise<number> {
  let wrongs = 0
  for await (const written of given) {
    const cose = coseOf(written)
    if (!cose) wrongs++
    out({ cose: cose ? hex(cose) : null }, cose ? hex(cose) : say.notAPass().say.en)
  }
  return wrongs ? 1 : 0
}

async function printInspected(
  given: Iterable<string> | AsyncIterable<string>,
  values: Values,
  out: Given['out'],
): Promise<number> {
  const { demo, list, communities } = await trustedBy(values)
  const inspect = inspector({ verifies: verifierOf(list), stopped: () => false }, dayFrom(values, 'on') ?? dayOf(Date.now()))
  let line = 0
  for await (const written of given) {
    const seen = inspect(written)
    const community = (seen.keyId && communities.get(seen.keyId)) ?? null
    out({ line: ++line, ...seen, community, demo }, saidOf(seen, community))
  }
  return 0
}

const saidOf = ({ valid, reason, claims }: Inspected, community: string | null): string =>
  [
    valid ? '有效 valid' : `无效 not valid: ${reason}`,
    claims && `${claims.kind} ${claims.firstDay} – ${claims.lastDay}`,
    community,
  ]
    .filter(Boolean)
    .join('  ')

export const passKeys: Command = {
  name: 'pass keys',
  summary: "print the public keys that a community's gates trust, or begin a new one",
  help: `  --community CODE   one community (12 digits); otherwise all that have keys here
  --demo             the demo town
  --rotate           first retire the present key of --community and make the next; passes signed before go on to their last day

--json prints {"communities":[{"community","keys":[{"keyId","publicKey","created","ended"}]}]}; publicKey: 32 bytes of Ed25519, base64url.`,
  options: { ...which, rotate: { type: 'boolean' } },
  run: async ({ values, out }) => {
    const dir = keysDir(process.env, { demo: values['demo'] === true })
    const keys = await ringThere(dir)
    if (!keys) throw say.noKeys()
    const wanted = values['community']
    const known = keys.communities().filter((code) => wanted === undefined || code === wanted)
    if (values['rotate'] === true) {
      if (typeof wanted !== 'string' || known.length !== 1)
        throw wrong('--rotate needs --community: 12 digits of a community that has keys here.')
      nextKey(keys, wanted)
    }
    const communities = known
      .map((community) => ({ community, keys: trustList(keys, community) }))
      .filter((one) => one.keys.length > 0)
    out(
      { communities },
      communities
        .flatMap((one) =>
          one.keys.map((key) => `${one.community}  ${key.keyId}  ${key.publicKey}  ${key.ended ?? '使用中 active'}`),
        )
        .join('\n'),
    )
    return 0
  },
}
