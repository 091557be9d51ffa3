// The disinfection ledger on the console: everything comes from its declaration.
import { LedgerPage } from '#web/ledger.tsx'
import { rounds } from './api.ts'

export const DisinfectionPage = () => <LedgerPage of={rounds} />
