// One spelling for one value, so that equal inputs give equal digests.

/**
 * JSON with the members of every object in the order of their names (UTF-16 code units) and no blanks. What JSON leaves out
 * (undefined members) is left out; dates and Temporal values speak through `toJSON`.
 * Throws for what has no JSON: functions, bigint, NaN, infinities.
 */
export function canonicalJson(value: unknown): string {
  const words = spell(value)
  if (words === undefined) throw new Error('This value has no JSON.')
  return words
}

function spell(value: unknown): string | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error('A number that is not finite has no JSON.')
  if (typeof value === 'function' || typeof value === 'bigint' || typeof value === 'symbol')
    throw new Error('This value has no JSON.')
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if ('toJSON' in value && typeof value.toJSON === 'function') return spell(value.toJSON())
  if (Array.isArray(value)) return `[${value.map((item) => spell(item) ?? 'null').join(',')}]`
  const members = Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, member]) => {
      const words = spell(member)
      return words === undefined ? [] : [`${JSON.stringify(name)}:${words}`]
    })
  return `{${members.join(',')}}`
}
