// Entrance of the console: civil days first, everything else after.
import { ensureTemporal } from '#web/temporal.ts'

await ensureTemporal()
const { start } = await import('../console.tsx')
start(document.getElementById('root')!)
