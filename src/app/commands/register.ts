// The commands, in the order in which `--help` lists them.
import { build } from './build.ts'
import { keysRetire, keysRotate, keysVerify } from './keys.ts'
import { replay } from './replay.ts'
import type { Command } from './command.ts'

export const commands: readonly Command[] = [replay, keysVerify, keysRotate, keysRetire, build]
