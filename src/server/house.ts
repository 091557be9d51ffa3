// The house as its handlers see it: the database, the keys, the clock, who asks, and what the modules offer each other.
import type { Pool } from 'pg'
import type { z } from 'zod'
import type { Contract, Input, Output, Parsed } from '#core/contract.ts'
import type { Timing } from '#core/fact.ts'
import type { Id } from '#core/ids.ts'
import type { MaskKind } from '#core/labels.ts'
import type { Text } from '#core/text.ts'
import type { Backups } from './backup/backups.ts'
import type { Db, Patience, Tx } from './database/connect.ts'
import type { Migration } from './database/migrate.ts'
import type { KeyRing } from './keys/ring.ts'
import type { Log } from './log.ts'

/** A role at an area: one working scope. */
export type Post = { readonly id: Id; readonly role: string; readonly area: string }

export type Who = {
  readonly account: Id
  readonly name: string
  /** Names the session in the audit log; not the cookie. */
  readonly session: string
  readonly posts: readonly Post[]
}

/** A question that a lower floor asks of whoever can answer it. Made once, where it is asked. */
export type Offer<T> = { readonly name: string; readonly answer?: T }
export const offer = <T>(name: string): Offer<T> => ({ name })
export type Offered = { readonly offer: string; readonly answer: unknown }
/** `offers: [answering(indicators, mine)]` in a module's register entry. */
export const answering = <T>(to: Offer<T>, ...answers: readonly T[]): readonly Offered[] =>
  answers.map((answer) => ({ offer: to.name, answer }))

/** A job runs outside any request, in the scope that it is given, as the house itself. */
export type Job<T = unknown> = {
  readonly name: string
  readonly data: z.ZodType<T>
  readonly run: (data: T, house: House, progress: JobProgress) => Promise<void>
  /** Five-field cron in Asia/Shanghai; the job then takes `{}`. */
  readonly cron?: string
}
/** `jobs: [job({ name, data, run })]` in a module's register entry: each job keeps the type of its own data. */
export const job = <T>(made: Job<T>): Job<never> => made as unknown as Job<never>
export type JobProgress = { readonly signal: AbortSignal }

export type House = {
  readonly db: Db
  readonly rolePrefix: string
  readonly demo: boolean
  readonly keys: KeyRing
  /** The keeper's backups; absent in throw-away towns. */
  readonly backups?: Backups | undefined
  readonly log: Log
  /** Server time in ms since 1970. Injected, so that a replay can live through a past day. */
  readonly now: () => number
  readonly within: <T>(scope: string, work: (tx: Tx) => Promise<T>, patience?: Patience) => Promise<T>
  readonly offered: <T>(of: Offer<T>) => readonly T[]
  /** The words of a contract, undefined for what is none: an act in the audit log. */
  readonly titleOf: (contract: string) => Text | undefined
  /** What a contract asks for: labels and choices of its filters. */
  readonly inputOf: (contract: string) => z.ZodType | undefined
  /** A pool of its own under another role of the working login, closed with the house: for stores with their own schema. */
  readonly connect: (options: {
    readonly role: string
    readonly searchPath: string
    readonly max?: number
    readonly plain?: boolean
  }) => Pool
  /** Adds a job in the caller's transaction: it runs if and only if that commits. */
  readonly enqueue: (tx: Tx, job: string, data: object, options?: { singletonKey?: string; startAfter?: number }) => Promise<void>
  /** Tells live pages that a list changed in an area, when the transaction commits. */
  readonly touch: (tx: Tx, list: string, area: string) => Promise<void>
  /** Called with the id of every session, account or device that ends in any process (`announceEnd`). */
  readonly onEnd: (hear: (ended: string) => void) => void
}

export type Ctx = {
  readonly house: House
  readonly tx: Tx
  /** Id of the request: idempotency key and, for facts, the record's id. */
  readonly id: Id
  readonly now: number
  readonly who: Who
  readonly post: Post
  readonly role: string
  /** Area code of the working post, 6 to 17 digits. */
  readonly area: string
  /** What the caller's role reads unmasked. The door masks answers; whoever makes a file masks its rows with this. */
  readonly sees: ReadonlySet<MaskKind>
  /** The community in which the caller works; throws where the post is wider than one. */
  readonly community: string
  /** Names the community in which this request acts, for posts wider than one; throws when it is out of reach. */
  readonly at: (community: string) => string
  readonly device: Id | null
  readonly timing: Timing
  /** Keyed digest of the canonical input. */
  readonly digest: Buffer
  /** A list that this command changed beside its own module's. */
  readonly touched: (list: string) => Promise<void>
  /** Persons whom this answer shows beside those of `contract.looks`. */
  readonly looked: (persons: readonly string[]) => void
  readonly purpose: (typed: string) => void
}

/** A file made for the asker. */
export type Made = {
  name: string
  type: string
  count: number
  looks?: readonly string[]
  /** All of it, or piece by piece. */
  body: Uint8Array | AsyncIterable<Uint8Array>
  /** The record of the export, for the audit. */
  record?: Id
}
/** A file that is not there yet: it is made by a job, or waits for a second person. */
export type Started = { readonly started: object }

type Run<C extends Contract> = (
  input: Parsed<C>,
  ctx: Ctx,
) => Promise<C['kind'] extends 'download' ? Made | Started : z.input<C['output']>>

export type Handled = {
  readonly contract: Contract
  readonly run: (input: never, ctx: Ctx) => Promise<unknown>
  /** Reads the record of a command that was done before, under the caller's present rights. */
  readonly again?: ((input: never, ctx: Ctx) => Promise<unknown>) | undefined
}

/** Answers a query or a download. */
export const answer = <C extends Contract<'query' | 'download'>>(contract: C, run: Run<C>): Handled => ({
  contract,
  run: run as Handled['run'],
})

/** Carries out a command; `again` reads its record for a repeat. */
export const handle = <C extends Contract<'command'>>(contract: C, run: Run<C>, again: Run<C>): Handled => ({
  contract,
  run: run as Handled['run'],
  again: again as Handled['run'],
})

/** What an open door (no sign-in) gives its handler: no transaction, no scope. */
export type OpenCtx = {
  readonly house: House
  readonly request: Request
  readonly reply: Headers
  readonly who: Who | undefined
  readonly id: Id
  readonly from: From
}
/** Where a request comes from: the peer's address (the one a proxy on this machine names), and whether it came by HTTPS. */
export type From = { readonly address: string; readonly secure: boolean }
export type OpenHandled = { readonly contract: Contract; readonly open: (input: never, ctx: OpenCtx) => Promise<unknown> }

/** Answers a contract for anyone or for whoever is signed in, outside any scope: sign-in, set-up, own sessions. */
export const open = <C extends Contract>(
  contract: C,
  run: (input: Parsed<C>, ctx: OpenCtx) => Promise<z.input<C['output']>>,
): OpenHandled => ({ contract, open: run as OpenHandled['open'] })

export type Listener = { readonly contract: string; readonly hear: (output: never, input: never, ctx: Ctx) => Promise<void> }
/** News travels up: runs in the same transaction, after the handler of a lower module's command. */
export const after = <C extends Contract<'command'>>(
  contract: C,
  hear: (output: z.input<C['output']>, input: Parsed<C>, ctx: Ctx) => Promise<void>,
): Listener => ({ contract: contract.name, hear: hear as Listener['hear'] })

/** One line of the register. */
export type Module = {
  readonly name: string
  readonly handlers: readonly (Handled | OpenHandled)[]
  /** Row shapes by table name (camelCase): held against the columns by the house tests. */
  readonly tables: Readonly<Record<string, z.ZodObject>>
  readonly migrations: readonly Migration[]
  readonly listeners?: readonly Listener[]
  readonly offers?: readonly Offered[]
  // A job's data is checked by its own schema when it arrives.
  readonly jobs?: readonly Job<never>[]
  /** Runs once at every start, after the migrations and before the door opens: a store with its own schema prepares it here. */
  readonly prepare?: (house: House) => Promise<void>
}

export type Identify = (request: Request, house: House) => Promise<Who | undefined>
/** Whoever is known by something else than an account. Asked first; answers for requests of its own contracts only, undefined for all others. */
export const callers = offer<Identify>('callers')
export type Sees = (role: string) => ReadonlySet<MaskKind>
export type { Input, Output }
