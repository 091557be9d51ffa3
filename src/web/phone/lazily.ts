// Parts that are loaded after the first look: fetched ahead while there is a signal, waited for where there is none.
import { lazy, type ComponentType, type LazyExoticComponent } from 'react'
import { connection } from './wire.ts'

const ahead: (() => Promise<unknown>)[] = []
const patience = 3_000

// React's own `lazy` asks for `any` here: props of every kind of component.
type Parts<N extends string> = Record<N, ComponentType<any>>

/** `lazily(() => import('./page.tsx'), 'Page')`: the component by its name. A lost network delays it and breaks nothing. */
export function lazily<M extends Parts<N>, const N extends string>(load: () => Promise<M>, name: N): LazyExoticComponent<M[N]> {
  ahead.push(load)
  return lazy(async () => {
    for (;;) {
      try {
        return { default: (await load())[name] }
      } catch {
        await signal()
      }
    }
  })
}

/** Loads everything that was promised, so that a phone without a service worker has it before the network goes. */
export async function loadAhead(): Promise<void> {
  for (const load of ahead) await load().catch(() => undefined)
}

const signal = (): Promise<void> =>
  new Promise((go) => {
    const done = () => {
      clearTimeout(timer)
      stop()
      go()
    }
    const timer = setTimeout(done, patience)
    const stop = connection.watch(() => {
      if (connection.get() === 'online') done()
    })
  })
