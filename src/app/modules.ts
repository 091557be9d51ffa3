// The register: one line per module, in floor order. A module may import only from those above its line.
import { access } from '#modules/access/server.ts'
import { backups } from '#modules/backups/server.ts'
import { disinfection } from '#modules/disinfection/server.ts'
import { family } from '#modules/family/server.ts'
import { files } from '#modules/files/server.ts'
import { duties } from '#modules/duties/server.ts'
import type { Module } from '#server/house.ts'
import { identity } from '#modules/identity/server.ts'
import { monitoring } from '#modules/monitoring/server.ts'
import { observation } from '#modules/observation/server.ts'
import { outreach } from '#modules/outreach/server.ts'
import { oversight } from '#modules/oversight/server.ts'
import { policyModule } from '#modules/policy/server.ts'
import { reporting } from '#modules/reporting/server.ts'
import { residents } from '#modules/residents/server.ts'
import { screening } from '#modules/screening/server.ts'
import { services } from '#modules/services/server.ts'
import { territory } from '#modules/territory/server.ts'

export const modules: readonly Module[] = [
  identity,
  territory,
  policyModule,
  files,
  residents,
  duties,
  screening,
  monitoring,
  disinfection,
  services,
  access,
  observation,
  reporting,
  family,
  backups,
  oversight,
  outreach,
]
