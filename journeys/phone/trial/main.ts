// The trial page: the phone as it is, with one page of its own, and a handle for what a trial must do five hundred times.
import '#web/phone/phone.css'
import { outbox, record, sending } from '#web/phone/outbox.ts'
import { startPhone } from '#web/phone/start.tsx'
import { lock, setUp, unlock, vault } from '#web/phone/vault.ts'
import { ensureTemporal } from '#web/temporal.ts'
import { visit, type Visit } from './contracts.ts'
import { parts } from './parts.tsx'

const trial = {
  record: async (input: Visit) => (await record(visit, input)).id,
  outbox: outbox.get,
  sending: sending.get,
  vault: vault.get,
  setUp,
  unlock,
  lock,
}
export type Trial = typeof trial
Object.assign(globalThis, { trial })

await ensureTemporal()
await startPhone(document.getElementById('root')!, parts)
