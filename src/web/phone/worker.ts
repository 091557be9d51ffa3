// The service worker: the pages of the phone on the phone, for a start without a network. The queue does not need it.
import { store } from '#web/store.ts'

/** Set when a new version lies ready; called, it takes over and the page loads anew. */
export const update = store<(() => void) | null>(null)

/** Registers it where the browser has one (HTTPS or localhost; not WeChat on iOS). */
export async function startWorker(script: string, scope: string): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  const registration = await navigator.serviceWorker.register(script, { scope }).catch(() => undefined)
  if (!registration) return
  let asked = false
  // Only the tab that was asked loads anew: another one may be in the middle of a sentence.
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (asked) location.reload()
  })
  const offer = () => {
    const { waiting } = registration
    if (!waiting || !navigator.serviceWorker.controller) return
    update.set(() => {
      asked = true
      waiting.postMessage({ type: 'SKIP_WAITING' })
    })
  }
  offer()
  registration.addEventListener('updatefound', () => {
    const coming = registration.installing
    coming?.addEventListener('statechange', offer)
  })
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) void registration.update().catch(() => undefined)
  })
}
