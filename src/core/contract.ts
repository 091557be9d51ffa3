// A contract is one thing the house can be asked, told or made to hand out. Browser and server import the same object.
import type { z } from 'zod'
import type { Text } from './text.ts'

/** Who may: role names, or anyone (no sign-in), or whoever is signed in. The place is judged inside the transaction. */
export type May = readonly string[] | 'anyone' | 'signedIn'

type Terms<I extends z.ZodType, O extends z.ZodType> = {
  readonly title: Text
  readonly may: May
  readonly input: I
  readonly output: O
  /** Personal fields leave unmasked; every answer is then a look at the persons that `looks` names. */
  readonly shows?: 'full'
  /** Ids of the persons whom an answer shows. Required where `shows` is full. */
  // Written as a method, so that a contract of known shape may stand where any contract is asked for.
  looks?(output: z.output<O>): readonly string[]
  /** Of a download: roles that may have it unmasked, for a purpose (core/exports.ts). */
  readonly full?: readonly string[]
  /** The input that is a file (`uploaded()`, core/upload.ts), and how heavy it may be, bytes. */
  readonly file?: { readonly field: string; readonly most: number }
  /** Its JSON may hold a photo or a form: more than the usual 4 MB. */
  readonly heavy?: true
  /** May be sent from a phone's outbox, hours after the tap. */
  readonly queued?: true
  /** Names of inputs that may hold words naming a person: audited as keyed digests only. */
  readonly secret?: readonly string[]
}

export type Kind = 'command' | 'query' | 'download'

export type Contract<K extends Kind = Kind, I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = {
  readonly kind: K
  /** `module.verb`, the address below /api/. */
  readonly name: string
} & Terms<I, O>

export type Input<C extends Contract> = z.input<C['input']>
export type Parsed<C extends Contract> = z.output<C['input']>
export type Output<C extends Contract> = z.output<C['output']>

/** Something that changes the record: idempotent by the id of the request, audited, in one transaction. */
export const command = <I extends z.ZodType, O extends z.ZodType>(
  name: string,
  terms: Terms<I, O>,
): Contract<'command', I, O> => ({ kind: 'command', name, ...terms })

/** Something that is asked and changes nothing. */
export const query = <I extends z.ZodType, O extends z.ZodType>(name: string, terms: Terms<I, O>): Contract<'query', I, O> => ({
  kind: 'query',
  name,
  ...terms,
})

/** A file made for the asker: a workbook, a printed sheet. Its `output` describes one row of it, so that masks apply. */
export const download = <I extends z.ZodType, O extends z.ZodType>(
  name: string,
  terms: Terms<I, O>,
): Contract<'download', I, O> => ({ kind: 'download', name, ...terms })

export const moduleOf = (contract: Contract): string => contract.name.slice(0, contract.name.indexOf('.'))

/** Headers of a request as data (house.md §5). */
export const headers = {
  /** Id made on the device: request id, idempotency key, record id. */
  key: 'idempotency-key',
  /** Id of the assignment (role at an area) in which the caller works now. */
  post: 'linli-post',
  /** Id of the enrolled device. */
  device: 'linli-device',
  /** What the device's clock read when it sent the request, an instant. */
  sentAt: 'linli-sent-at',
  /** Set to `1` by a page that asks again only because of a live event: no look is written for it. */
  refresh: 'linli-refresh',
} as const
