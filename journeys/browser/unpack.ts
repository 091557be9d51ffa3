// Unpacks the Chromium of @sparticuz/chromium into the folder named on the command line. It is a program of its own because that
// package always writes into the temporary folder of its process, and ours must stay as it is for everybody else.
import { chmodSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

const folder = process.argv[2]
if (!folder) throw new Error('Say which folder to unpack into: node unpack.ts <folder>')
process.env.TMPDIR = folder

const packageFolder = resolve(createRequire(import.meta.url).resolve('@sparticuz/chromium'), '../..')
const { inflate } = await import('@sparticuz/chromium')
await Promise.all(['chromium.br', 'al2023.tar.br', 'swiftshader.tar.br'].map((file) => inflate(join(packageFolder, 'bin', file))))

// Packages may be installed by root and the tests run by somebody else.
chmodSync(folder, 0o755)
chmodSync(join(folder, 'chromium'), 0o755)
