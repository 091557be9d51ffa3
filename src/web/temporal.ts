// Civil days need Temporal. Browsers that lack it load a stand-in before anything else starts.

/** Resolves when `Temporal` may be used. */
export async function ensureTemporal(): Promise<void> {
  if (!('Temporal' in globalThis)) await import('temporal-polyfill/global')
}
