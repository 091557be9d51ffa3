// What may happen next is a table: one answer for the button and for the handler.

type Moves<S extends string> = Record<string, { readonly from: readonly S[]; readonly to: S }>

export type Can<S extends string, M extends Moves<S>> = {
  readonly [V in keyof M]: ((x: { readonly state: S }) => boolean) & M[V]
}

/**
 * `const can = states<Report['state']>()({ submit: { from: ['open', 'returned'], to: 'submitted' } })`
 * `can.submit(report)` says whether it may; `can.submit.to` is where it leads.
 */
export const states =
  <S extends string>() =>
  <const M extends Moves<S>>(moves: M): Can<S, M> =>
    Object.fromEntries(
      Object.entries(moves).map(([verb, move]) => [
        verb,
        Object.assign((x: { readonly state: S }) => move.from.includes(x.state), move),
      ]),
    ) as Can<S, M>
