// Raises the sample town in a process of its own: the memory that half a minute of three days takes ends with it.
import { keepCompiled } from './node-version.mjs'

keepCompiled()
const { inWords } = await import('./serve.ts')
const { raiseDemo } = await import('./demo.ts')
await inWords(() => raiseDemo(JSON.parse(process.env.LINLI_DEMO), ({ zh, en }) => void process.stdout.write(`${zh}  ${en}\n`)))
