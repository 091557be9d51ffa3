// Entrance of the phone: civil days first, then what lies on it, then the pages.
import '#web/phone/phone.css'
import { startPhone } from '#web/phone/start.tsx'
import { ensureTemporal } from '#web/temporal.ts'
import { parts } from '../phone.tsx'

await ensureTemporal()
await startPhone(document.getElementById('root')!, parts)
