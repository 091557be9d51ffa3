// Recording a round of disinfection on a phone, with or without a network; opened from a duty it names the building or unit.
import { LedgerForm } from '#web/phone/form.tsx'
import { useParams } from '#web/phone/route.ts'
import { rounds } from './api.ts'

export function DisinfectionForm() {
  const within = useParams('/disinfection/:within')?.['within']
  return <LedgerForm of={rounds} {...(within ? { fixed: { within }, draft: `disinfection ${within}` } : {})} />
}
