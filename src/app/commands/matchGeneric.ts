// `linli match --generic SPEC.json`: lists of other kinds, linked and, where they bring their truth, measured.
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Clusters } from '#modules/residents/matching/cluster.ts'
import { surely } from '#modules/residents/matching/cluster.ts'
import { learned } from '#modules/residents/matching/explain.ts'
import { matchGeneric, readGeneric, Spec } from '#modules/residents/matching/generic.ts'
import { measure } from '#modules/residents/matching/measure.ts'

/** clusters.csv: `source,row,cluster,probability`; ASCII heads and no mark, so that every program reads it alike. */
export function clusteredBy(labels: readonly { source: string; row: string }[], { cluster, probability }: Clusters): string {
  const numbers = new Map<number, number>()
  const cell = (said: string) => (/[",\r\n]/.test(said) ? `"${said.replaceAll('"', '""')}"` : said)
  const lines = labels.map(({ source, row }, i) => {
    const root = cluster[i]!
    if (!numbers.has(root)) numbers.set(root, numbers.size + 1)
    return `${cell(source)},${cell(row)},${numbers.get(root)},${Math.min(probability[i]!, 1).toFixed(5)}`
  })
  return `source,row,cluster,probability\n${lines.join('\n')}\n`
}

/** Links what a specification describes; undefined where the file is none. Files are named from the specification's folder. */
export async function genericFrom(path: string) {
  const spec = specIn(readFileSync(path, 'utf8'))
  if (!spec) return undefined
  const began = performance.now()
  const rows = readGeneric(spec, (file) => readFileSync(resolve(dirname(path), file)))
  const matched = await matchGeneric(spec, rows)
  const { cluster, probability } = matched.clusters
  const truth = rows.map((row) => row.truth)
  const result = {
    rows: rows.length,
    clusters: new Set(cluster).size,
    candidates: matched.pairs.a.length,
    weights: learned(matched),
    ...(spec.truth
      ? {
          truth: measure(truth, [...cluster]),
          automatic: measure(
            truth,
            Array.from(cluster, (root, i) => (probability[i]! >= surely ? root : `alone ${i}`)),
          ),
        }
      : {}),
    seconds: Math.round((performance.now() - began) / 100) / 10,
  }
  return {
    result,
    csv: clusteredBy(
      rows.map(({ source, row }) => ({ source: spec.files[source]!.source, row })),
      matched.clusters,
    ),
  }
}

function specIn(json: string): Spec | undefined {
  try {
    return Spec.parse(JSON.parse(json))
  } catch {
    return undefined
  }
}
