// One value that pages share outside of React's tree: read anywhere, watched by a hook.
import { useSyncExternalStore } from 'react'

export type Store<T> = {
  get(): T
  set(next: T): void
  /** Calls `heard` after each change; answers the way to stop. */
  watch(heard: (value: T) => void): () => void
  /** The value in a component, kept up to date. */
  use(): T
}

/** A store that begins with `first`. Setting the same value again wakes nobody. */
export function store<T>(first: T): Store<T> {
  let value = first
  const listeners = new Set<(value: T) => void>()
  const watch = (heard: (value: T) => void) => {
    listeners.add(heard)
    return () => {
      listeners.delete(heard)
    }
  }
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const heard of listeners) heard(next)
    },
    watch,
    use: () =>
      useSyncExternalStore(
        watch,
        () => value,
        () => value,
      ),
  }
}

/** Storage that may be refused (private windows, full disks): then nothing is kept, and nothing breaks. */
export const kept = {
  read(where: 'local' | 'session', key: string): string | null {
    try {
      return boxOf(where).getItem(key)
    } catch {
      return null
    }
  },
  write(where: 'local' | 'session', key: string, value: string | null): void {
    try {
      if (value === null) boxOf(where).removeItem(key)
      else boxOf(where).setItem(key, value)
    } catch {
      /* not kept */
    }
  },
  keys(where: 'local' | 'session'): string[] {
    try {
      return Object.keys(boxOf(where))
    } catch {
      return []
    }
  },
}

const boxOf = (where: 'local' | 'session'): Storage => (where === 'local' ? globalThis.localStorage : globalThis.sessionStorage)
