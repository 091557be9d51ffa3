// Loads the server and its demo once and ends: what was compiled stays in the cache (`compileAhead`).
import { keepCompiled } from './node-version.mjs'

keepCompiled()
await import('./serve.ts')
