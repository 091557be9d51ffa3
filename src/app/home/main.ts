// Entrance of a resident's own page: the code leaves the address before anything else happens, then civil days, then the page.
import '#web/phone/phone.css'
import { takeCode } from '#modules/family/web/home/code.ts'
import { ensureTemporal } from '#web/temporal.ts'

takeCode()
await ensureTemporal()
const { start } = await import('#modules/family/web/home/start.tsx')
start(document.getElementById('root')!)
