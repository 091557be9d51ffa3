// Contracts as TanStack queries: keyed by name, input and post, fresh by live events, every failure a Problem.
import { hashKey, QueryClient, useInfiniteQuery, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'
import type { z } from 'zod'
import { moduleOf, type Contract } from '#core/contract.ts'
import { newId } from '#core/ids.ts'
import type { Problem } from '#core/problem.ts'
import type { pageOf } from '#core/paging.ts'
import { ask, tell, type Asking } from '../api.ts'
import { isRefresh, refresh } from '../live.ts'
import { asProblem } from '../problems.ts'
import { session, useSession } from '../session.ts'

/** A query whose answer is a page of rows. */
export type ListQuery<I extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> = Contract<
  'query',
  I,
  ReturnType<typeof pageOf<R>>
>

/** The cache of this tab. Only a lost connection is tried again by itself: a refusal would be the same. */
export const makeQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && asProblem(error).code === 'web.offline',
      },
    },
  })

/** Key of a contract's answers in the cache. */
export const keyOf = (contract: Contract, input: unknown, post: string | undefined = session().post?.id): readonly unknown[] => [
  contract.name,
  input,
  post ?? null,
]

export type AskTerms<A = unknown> = {
  readonly enabled?: boolean
  /** Asks again after so many ms while it answers a number: for work that is under way. */
  readonly every?: (answer: A | undefined) => number | undefined
}

/** The answer to a query, kept fresh. `error` is a Problem. */
export function useAsk<I extends z.ZodType, O extends z.ZodType>(
  contract: Contract<'query', I, O>,
  input: z.input<I>,
  { enabled = true, every }: AskTerms<z.output<O>> = {},
): UseQueryResult<z.output<O>, Problem> {
  const queryKey = keyOf(contract, input, useSession().post?.id)
  return useQuery<z.output<O>, Problem>({
    queryKey,
    enabled,
    queryFn: ({ signal }) => ask(contract, input, { signal, refresh: isRefresh(hashKey(queryKey)) }),
    ...(every ? { refetchInterval: (query) => every(query.state.data) ?? false } : {}),
  })
}

/** The rows of a list so far, and the way to more of them. */
export function useRows<I extends z.ZodType, R extends z.ZodType>(of: ListQuery<I, R>, input: Record<string, unknown>) {
  // Pages are kept apart from a single answer to the same question: the cache would hand one out as the other.
  const queryKey = [...keyOf(of, input, useSession().post?.id), 'pages']
  const pages = useInfiniteQuery({
    queryKey,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      ask(of, { ...input, ...(pageParam ? { after: pageParam } : {}) } as z.input<I>, {
        signal,
        refresh: isRefresh(hashKey(queryKey)),
      }),
    getNextPageParam: (last) => last.next ?? undefined,
  })
  return {
    rows: pages.data?.pages.flatMap((page) => page.rows as z.output<R>[]) ?? [],
    /** null where the server does not count. */
    total: pages.data?.pages[0]?.total ?? null,
    loading: pages.isPending,
    problem: pages.error ? asProblem(pages.error) : undefined,
    more: pages.hasNextPage ? () => void pages.fetchNextPage() : undefined,
    loadingMore: pages.isFetchingNextPage,
    again: () => void pages.refetch(),
  }
}

/** Every row that a filter matches, up to `most`; for a printed sheet or a count. */
export async function allRows<I extends z.ZodType, R extends z.ZodType>(
  of: ListQuery<I, R>,
  input: Record<string, unknown>,
  most = 5000,
  asking: Asking = {},
): Promise<{ rows: z.output<R>[]; complete: boolean }> {
  const rows: z.output<R>[] = []
  let after: string | undefined
  do {
    const page = await ask(of, { ...input, limit: 200, ...(after ? { after } : {}) } as z.input<I>, asking)
    rows.push(...(page.rows as z.output<R>[]))
    after = page.next ?? undefined
  } while (after && rows.length < most)
  return { rows, complete: !after }
}

/**
 * A command for buttons: `tell(input)` answers the outcome, or undefined after a refusal, which is then in `problem`.
 * The same content sent again after a lost reply carries the same id.
 */
export function useTell<I extends z.ZodType, O extends z.ZodType>(contract: Contract<'command', I, O>) {
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const attempt = useRef<{ id: string; content: string }>(undefined)

  const say = useCallback(
    async (input: z.input<I>, id?: string, refused?: (problem: Problem) => void): Promise<z.output<O> | undefined> => {
      const content = JSON.stringify(input)
      if (attempt.current?.content !== content) attempt.current = { id: newId(), content }
      setBusy(true)
      setProblem(undefined)
      try {
        const outcome = await tell(contract, input, { id: id ?? attempt.current.id })
        attempt.current = undefined
        void refresh(client, { list: moduleOf(contract), area: '' })
        return outcome
      } catch (error) {
        const refusal = asProblem(error)
        setProblem(refusal)
        refused?.(refusal)
        return undefined
      } finally {
        setBusy(false)
      }
    },
    [client, contract],
  )

  return { tell: say, busy, problem, forget: useCallback(() => setProblem(undefined), []) }
}
