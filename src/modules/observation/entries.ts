// The way from the contact card to the resident's own page. Observation prints it and does not know what makes it.
import type { Id } from '#core/ids.ts'
import { offer, type Ctx } from '#server/house.ts'

/** What stands on the card for one person: the code in its QR, and the form to be typed while it can be used. */
export type EntryCode = { readonly person: Id; readonly name: string; readonly qr: string; readonly typed: string | null }
/** Codes of the persons of an order, made where there are none yet, in the transaction of the print. */
export type EntryCodes = (ctx: Ctx, order: { readonly id: Id; readonly persons: readonly Id[] }) => Promise<readonly EntryCode[]>
export const entryCodes = offer<EntryCodes>('observation.entryCodes')
