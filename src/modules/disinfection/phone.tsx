// Recording a round of disinfection on a phone, with or without a network.
import { LedgerForm } from '#web/phone/form.tsx'
import { rounds } from './api.ts'

export const DisinfectionForm = () => <LedgerForm of={rounds} />
