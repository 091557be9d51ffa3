// Looks at passes outside a gate: what a text claims, whether it is good, and the standard message that it stands for.
import { encode, Tagged } from 'cborg'
import type { Day } from '#core/dates.ts'
import { hex, judge, lastDayOf, protectedOf, readPass, type Invalid, type Pass, type PassKind, type Trust } from './pass.ts'
import { readShortCode, shortCodeOf } from './shortCode.ts'

/** What is said of a text: whether a gate would take it and why not; claims only of what reads as a pass. */
export type Inspected = {
  readonly valid: boolean
  readonly reason: Invalid | 'replayed' | 'shortCode' | 'mistyped' | null
  readonly claims: {
    readonly pass: string
    readonly household: string
    readonly kind: PassKind
    readonly firstDay: Day
    readonly lastDay: Day
    readonly days: number
  } | null
  readonly keyId: string | null
  readonly shortCode: string | null
}

/** Inspects texts one after another on one day; the second good use of one pass is `replayed`. */
export function inspector(trust: Trust, today: Day): (written: string) => Inspected {
  const used = new Set<string>()
  return (written) => {
    const judged = judge(written, trust, today)
    if (!judged.valid)
      return judged.pass ? { valid: false, reason: judged.reason, ...told(judged.pass) } : unreadable(written, judged.reason)
    const pass = hex(judged.pass.claims.id)
    const again = used.has(pass)
    used.add(pass)
    return { valid: !again, reason: again ? 'replayed' : null, ...told(judged.pass) }
  }
}

function unreadable(written: string, reason: Invalid): Inspected {
  const code = readShortCode(written)
  const why = code === undefined ? reason : code === 'mistyped' ? code : 'shortCode'
  return { valid: false, reason: why, claims: null, keyId: null, shortCode: why === 'shortCode' ? code! : null }
}

const told = ({ claims, keyId }: Pass): Pick<Inspected, 'claims' | 'keyId' | 'shortCode'> => ({
  claims: {
    pass: hex(claims.id),
    household: hex(claims.household),
    kind: claims.kind,
    firstDay: claims.firstDay,
    lastDay: lastDayOf(claims),
    days: claims.days,
  },
  keyId: hex(keyId),
  shortCode: shortCodeOf(claims.id),
})

/** The COSE_Sign1 message (RFC 9052, tag 18) that a pass stands for; undefined for what is no pass. The signature is not looked at. */
export function coseOf(written: string): Uint8Array | undefined {
  const pass = readPass(written)
  if (typeof pass === 'string') return undefined
  return encode(new Tagged(18, [protectedOf(pass.keyId), new Map(), pass.payload, pass.signature]))
}
