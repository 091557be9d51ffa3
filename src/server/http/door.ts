// The one door: who → may → parse → begin, scope → known key? → handler → listeners → audit → commit → masked answer.
import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { moduleOf, type Contract } from '#core/contract.ts'
import { instantOf } from '#core/dates.ts'
import { timing, type Clock } from '#core/fact.ts'
import { Id, newId } from '#core/ids.ts'
import type { MaskKind } from '#core/labels.ts'
import { holdsPersonal, masked } from '#core/masking.ts'
import { isProblem, Problem } from '#core/problem.ts'
import { audit, lookedBefore, type Act } from '../audit.ts'
import type { Tx } from '../database/connect.ts'
import type { Ctx, Handled, House, Listener, Made, Post, Sees, Started, Who } from '../house.ts'
import { communityOf, isCommunity, liesIn, padded, say as scopeSay } from '../scope.ts'
import { factById, fromDatabase, takenId } from './constraints.ts'
import { say } from './say.ts'

/** A request after its headers were read and its seal, if any, opened. */
export type Asked = {
  readonly contract: Contract
  readonly input: unknown
  readonly id: Id
  readonly who: Who
  readonly postId: Id | undefined
  readonly device: Id | null
  readonly clock?: Clock | undefined
  readonly sentAt?: number | undefined
  readonly refresh: boolean
  /** Comes when whoever asked has gone. */
  readonly gone?: AbortSignal | undefined
}

/** How long one statement of a request may take, ms. */
const longest = 60_000

type Answer = { output: unknown } | { file: Made } | Started
export type Door = (asked: Asked) => Promise<Answer>

type Doings = { acting: string; looked: Set<string>; purpose: string | undefined }

/** Makes the door over the register's handlers and listeners. */
export function doorOf(house: House, handlers: readonly Handled[], listeners: readonly Listener[], sees: Sees): Door {
  const byName = new Map(handlers.map((h) => [h.contract.name, h]))

  return async (asked) => {
    const { contract } = asked
    const handled = byName.get(contract.name)
    if (!handled) throw say.unknownContract()
    const post = postOf(asked)
    const doings: Doings = { acting: padded(post.area), looked: new Set(), purpose: undefined }
    const digest = house.keys.digest(digested(contract, asked.input))
    const act = (more: Partial<Act> & Pick<Act, 'outcome'>): Act => ({
      community: doings.acting,
      at: house.now(),
      account: asked.who.account,
      session: asked.who.session,
      device: asked.device,
      role: post.role,
      area: post.area,
      contract: contract.name,
      inputDigest: digest,
      ...(doings.purpose === undefined ? {} : { purpose: doings.purpose }),
      ...more,
    })
    try {
      if (!mayDo(contract, post)) throw say.notAllowed()
      const input = parsed(contract, asked.input)
      const inScope = <T>(work: (ctx: Ctx) => Promise<T>) =>
        // What somebody tells is carried out though they lost the network; what they ask is for nobody then.
        house.within(post.area, (tx) => work(ctxOf(house, asked, post, tx, doings, digest, sees(post.role))), {
          longest,
          signal: contract.kind === 'command' ? undefined : asked.gone,
        })
      if (contract.kind === 'command') {
        const output = await inScope((ctx) => carryOut(handled, listeners, input, ctx, act)).catch((error: unknown) =>
          repeatedLate(error, handled, input, inScope, act),
        )
        return { output: shown(contract, output, sees(post.role)) }
      }
      return await inScope((ctx) => answered(handled, input, ctx, asked, act, sees(post.role), doings))
    } catch (error) {
      const problem = fromDatabase(error)
      if (isProblem(problem) && contract.kind !== 'query') {
        await house.within(post.area, (tx) => audit(tx, act({ outcome: 'refused', problem: problem.code })))
      }
      throw problem
    }
  }
}

/** The post that the request names; the only one where it names none. */
function postOf({ who, postId }: Asked): Post {
  const post = postId ? who.posts.find((p) => p.id === postId) : who.posts.length === 1 ? who.posts[0] : undefined
  if (!post) throw say.choosePost()
  return post
}

const mayDo = ({ may }: Contract, post: Post): boolean => typeof may === 'string' || may.includes(post.role)

/** What the digest covers: the input as it came, for it is what a repeat brings again. */
const digested = (contract: Contract, input: unknown): unknown => [contract.name, shortened(input) ?? null]

/** Files stand for themselves by their own digest, however they came: spelled out they would be copied three times. */
const shortened = (input: unknown): unknown =>
  typeof input === 'object' && input !== null && !Array.isArray(input)
    ? Object.fromEntries(
        Object.entries(input).map(([key, value]) => [
          key,
          typeof value === 'string' && value.length > 65_536
            ? { sha256: createHash('sha256').update(value).digest('hex') }
            : byDigest(value),
        ]),
      )
    : input

const byDigest = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'sha256' in value && 'pieces' in value ? { sha256: value.sha256 } : value

/** Reads the input by its contract; names the fields that do not fit, never what stood in them. */
export function parsed(contract: Contract, input: unknown): unknown {
  const result = contract.input.safeParse(input)
  if (result.success) return result.data
  const issues = result.error.issues.map((issue) => ({
    path: issue.path.map(String).join('.'),
    code: issue.code,
    ...limitsOf(issue),
  }))
  const problem = say.unreadable({ fields: [...new Set(issues.map((i) => i.path))] })
  throw new Problem(problem.code, problem.status, problem.say, { fields: [...new Set(issues.map((i) => i.path))], issues })
}

const limitsOf = (issue: z.core.$ZodIssue): Record<string, unknown> =>
  Object.fromEntries(
    ['minimum', 'maximum', 'format', 'expected'].flatMap((k) => {
      const value = (issue as unknown as Record<string, unknown>)[k]
      return typeof value === 'string' || typeof value === 'number' ? [[k, value]] : []
    }),
  )

async function carryOut(
  handled: Handled,
  listeners: readonly Listener[],
  input: unknown,
  ctx: Ctx,
  act: (more: Pick<Act, 'outcome'> & Partial<Act>) => Act,
): Promise<unknown> {
  const { contract } = handled
  if (await knownKey(ctx, contract)) {
    await audit(ctx.tx, act({ outcome: 'before', record: ctx.id }))
    return contract.output.parse(await handled.again!(input as never, ctx))
  }
  const output = await handled.run(input as never, ctx)
  for (const listener of listeners)
    if (listener.contract === contract.name) await listener.hear(output as never, input as never, ctx)
  const done = contract.output.parse(output)
  await audit(ctx.tx, act({ outcome: 'done', record: ctx.id, ...lookOf(contract, done) }))
  await ctx.touched(moduleOf(contract))
  return done
}

/** Remembers the request's key; true when the same account has sent the same before. Another content is refused. */
async function knownKey(ctx: Ctx, contract: Contract): Promise<boolean> {
  const keys = ctx.tx.withTables<{
    idempotencyKeys: { community: string; account: Id; contract: string; key: Id; digest: Buffer; at: string }
  }>()
  const mine = { community: padded(ctx.area), account: ctx.who.account, contract: contract.name, key: ctx.id }
  const { numInsertedOrUpdatedRows } = await keys
    .insertInto('idempotencyKeys')
    .values({ ...mine, digest: ctx.digest, at: instantOf(ctx.now) })
    .onConflict((c) => c.doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows) return false
  const before = await keys
    .selectFrom('idempotencyKeys')
    .select('digest')
    .where((eb) => eb.and(mine))
    .executeTakeFirstOrThrow()
  if (!before.digest.equals(ctx.digest)) throw say.idTaken()
  return true
}

/**
 * A record's id was taken though its key is no longer known (keys are kept 60 days): the same account with the same
 * content reads "done before", anybody else hears that the id is taken.
 */
async function repeatedLate(
  error: unknown,
  handled: Handled,
  input: unknown,
  inScope: <T>(work: (ctx: Ctx) => Promise<T>) => Promise<T>,
  act: (more: Pick<Act, 'outcome'> & Partial<Act>) => Act,
): Promise<unknown> {
  const table = takenId(error)
  if (!table) throw error
  return inScope(async (ctx) => {
    const row = await factById(ctx, table)
    if (!row || row.recordedBy !== ctx.who.account || !row.digest.equals(ctx.digest)) throw say.idTaken()
    await audit(ctx.tx, act({ outcome: 'before', record: ctx.id }))
    return handled.contract.output.parse(await handled.again!(input as never, ctx))
  })
}

async function answered(
  handled: Handled,
  input: unknown,
  ctx: Ctx,
  asked: Asked,
  act: (more: Pick<Act, 'outcome'> & Partial<Act>) => Act,
  sees: ReadonlySet<MaskKind>,
  doings: Doings,
): Promise<Answer> {
  const { contract } = handled
  if (contract.kind === 'download') {
    const file = (await handled.run(input as never, ctx)) as Made | Started
    if ('started' in file) {
      await audit(ctx.tx, act({ outcome: 'done', record: ctx.id }))
      return file
    }
    await audit(
      ctx.tx,
      act({
        outcome: 'looked',
        shown: file.count,
        persons: [...(file.looks ?? []), ...doings.looked],
        ...(file.record ? { record: file.record } : {}),
      }),
    )
    return { file }
  }
  const output = contract.output.parse(await handled.run(input as never, ctx))
  if (contract.shows === 'full' || holdsPersonal(contract.output)) {
    const look = act({ outcome: 'looked', ...lookOf(contract, output), once: contract.shows !== 'full' })
    const persons = [...(look.persons ?? []), ...doings.looked]
    if (!(asked.refresh && (await lookedBefore(ctx.tx, look)))) await audit(ctx.tx, { ...look, persons })
  }
  return { output: shown(contract, output, sees) }
}

/** How many rows an answer shows, and whom it names in full. */
function lookOf(contract: Contract, output: unknown): Pick<Act, 'shown' | 'persons'> {
  const rows = (output as { rows?: unknown }).rows
  const shownRows = Array.isArray(rows) ? rows.length : 1
  return contract.shows === 'full' ? { shown: shownRows, persons: contract.looks?.(output) ?? [] } : { shown: shownRows }
}

const shown = (contract: Contract, output: unknown, sees: ReadonlySet<MaskKind>): unknown =>
  contract.shows === 'full' ? output : masked(contract.output, output, sees)

function ctxOf(house: House, asked: Asked, post: Post, tx: Tx, doings: Doings, digest: Buffer, sees: ReadonlySet<MaskKind>): Ctx {
  const now = house.now()
  return {
    house,
    tx,
    id: asked.id,
    now,
    who: asked.who,
    post,
    role: post.role,
    area: post.area,
    sees,
    device: asked.device,
    digest,
    timing: timing(now, asked.clock, asked.sentAt),
    get community() {
      if (isCommunity(doings.acting) && !doings.acting.endsWith('000')) return doings.acting
      throw scopeSay.communityNeeded()
    },
    at: (community) => {
      if (!liesIn(community, communityOf(post.area)) || community.length !== 12) throw scopeSay.outOfReach()
      doings.acting = community
      return community
    },
    touched: (list) => house.touch(tx, list, doings.acting),
    looked: (persons) => {
      for (const p of persons) doings.looked.add(p)
    },
    purpose: (typed) => {
      doings.purpose = typed
    },
  }
}

export const requestId = (header: string | undefined, kind: Contract['kind']): Id => {
  if (!header) {
    if (kind === 'command') throw say.noKey()
    return newId()
  }
  const id = Id.safeParse(header)
  if (!id.success) throw say.noKey()
  return id.data
}
