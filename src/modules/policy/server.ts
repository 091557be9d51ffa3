// Policy's line of the register, and what it lends to the modules above: the question to the rules and the response in force.
import { migrationsIn } from '#server/database/migrate.ts'
import { answering, type Module } from '#server/house.ts'
import { ownedBy } from '#modules/identity/owning.ts'
import { Pack, policyKeys, privacyNotice, Response, ResponseMove, Version } from './model.ts'
import { drafts } from './owned.ts'
import { packHandlers } from './packs.ts'
import { responseHandlers } from './responses.ts'
import { waitingHandlers } from './waiting.ts'

export { activeResponse, policy, requireResponse } from './ask.ts'

export const policyModule: Module = {
  name: 'policy',
  handlers: [...packHandlers, ...responseHandlers, ...waitingHandlers],
  tables: { policyPacks: Pack, policyVersions: Version, policyResponses: Response, policyResponseMoves: ResponseMove },
  migrations: migrationsIn(import.meta.dirname, 'policy'),
  offers: [...answering(policyKeys, privacyNotice), ...answering(ownedBy, drafts)],
}
