// The three functions on Reflect that the certificate library (through tsyringe) looks for when it is loaded: import this first.
// It only asks whether its classes declared constructor parameters, and they have none, so this much replaces a whole polyfill.
const notes = new WeakMap<object, Map<unknown, unknown>>()

const getOwnMetadata = (key: unknown, target: object): unknown => notes.get(target)?.get(key)

function getMetadata(key: unknown, target: object | null): unknown {
  if (target === null) return undefined
  return getOwnMetadata(key, target) ?? getMetadata(key, Object.getPrototypeOf(target) as object | null)
}

function defineMetadata(key: unknown, value: unknown, target: object): void {
  notes.set(target, (notes.get(target) ?? new Map<unknown, unknown>()).set(key, value))
}

if (!('getMetadata' in Reflect)) Object.assign(Reflect, { getOwnMetadata, getMetadata, defineMetadata })
