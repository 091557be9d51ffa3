// How good clusters are, where the truth is known.
/** `pairs`: the true ones. */
export type Figures = { readonly pairs: number; readonly precision: number; readonly recall: number; readonly f1: number }

/** Pairwise precision, recall and F1 of clusters against the truth; both name a cluster for each row. */
export function measure(truth: readonly (number | string)[], found: readonly (number | string)[]): Figures {
  const two = (n: number) => (n * (n - 1)) / 2
  const sum = (keys: readonly unknown[]) => {
    const counts = new Map<unknown, number>()
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
    return [...counts.values()].reduce((all, n) => all + two(n), 0)
  }
  const [real, said, both] = [sum(truth), sum(found), sum(truth.map((one, i) => `${one}\n${found[i]}`))]
  const [precision, recall] = [said ? both / said : 1, real ? both / real : 1]
  return { pairs: real, precision, recall, f1: (2 * precision * recall) / (precision + recall || 1) }
}
