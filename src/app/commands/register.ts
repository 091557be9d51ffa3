// The commands, in the order in which `--help` lists them.
import { accountsRescue } from './accounts.ts'
import { backup, backupEndEpoch, backupList, backupSheet, epochsExport } from './backup.ts'
import { bench } from './bench.ts'
import { build } from './build.ts'
import { keysRetire, keysRotate, keysVerify } from './keys.ts'
import { importRoster } from './import.ts'
import { importFollowup } from './importFollowup.ts'
import { match } from './match.ts'
import { passInspect, passIssue, passKeys } from './pass.ts'
import { replay } from './replay.ts'
import { restore } from './restore.ts'
import type { Command } from './command.ts'

export const commands: readonly Command[] = [
  replay,
  importRoster,
  importFollowup,
  match,
  keysVerify,
  keysRotate,
  keysRetire,
  epochsExport,
  backupSheet,
  backupList,
  backupEndEpoch,
  backup,
  restore,
  build,
  bench,
  passIssue,
  passInspect,
  passKeys,
  accountsRescue,
]
