// Verifies a pass on the phone, without the server: signature, dates, stop-list.
import { verifyAsync } from '@noble/ed25519'
import type { Day } from '#core/dates.ts'
import { hex, judge, readPass, signedOver, type Judged } from '../pass.ts'

type Listed = { readonly keys: readonly { keyId: string; publicKey: string }[]; readonly stopped: readonly string[] }

const bytesOf = (base64url: string): Uint8Array =>
  Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))

/** Whether a text is a good pass by the list of this phone. A key of another community is unknown here. */
export async function verifyHere(written: string, { keys, stopped }: Listed, today: Day): Promise<Judged> {
  const pass = readPass(written)
  let good: boolean | undefined
  if (typeof pass !== 'string') {
    const key = keys.find((k) => k.keyId === hex(pass.keyId))
    if (key) {
      const message = signedOver(pass.keyId, pass.payload)
      good = await verifyAsync(pass.signature, message, bytesOf(key.publicKey)).catch(() => false)
    }
  }
  return judge(written, { verifies: () => good, stopped: (id) => stopped.includes(id) }, today)
}
