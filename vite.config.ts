// The builds of the pages: `--mode console` under /console/, `--mode phone` under /m/, `--mode home` (a resident's own) under /home/. Nothing inline, so that scripts need no exception.
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type PluginOption, type UserConfig } from 'vite'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The service worker keeps every page of the phone for a start without a network; the API is never kept. */
async function offline(): Promise<PluginOption> {
  const { VitePWA } = await import('vite-plugin-pwa')
  return VitePWA({
    registerType: 'prompt',
    injectRegister: false,
    manifest: {
      name: '邻里',
      short_name: '邻里',
      lang: 'zh-CN',
      start_url: '/m/',
      scope: '/m/',
      display: 'standalone',
      theme_color: '#0C6B58',
      background_color: '#F3F5F4',
      icons: [{ src: 'icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' }],
    },
    workbox: {
      globPatterns: ['**/*.{js,css,html,svg,png,webmanifest,wasm}'],
      navigateFallback: '/m/index.html',
      navigateFallbackDenylist: [/^\/api/],
      maximumFileSizeToCacheInBytes: 4 * 1024 * 1024,
      cleanupOutdatedCaches: true,
      sourcemap: false,
    },
  })
}

/**
 * The phone checks with zod and never prints a JSON schema: that part of the library, 5 kB of its first load, is left out.
 * The names stay, so that a new version which wants more of them fails the build instead of a phone.
 */
const withoutJsonSchema = (): PluginOption => ({
  name: 'without-json-schema',
  enforce: 'pre',
  transform(code, id) {
    if (!/zod\/v4\/core\/(to-json-schema|json-schema-processors)\.js$/.test(id)) return undefined
    const names = [...code.matchAll(/^export (?:function|const) (\w+)/gm)].map((found) => found[1])
    const aliases = [...code.matchAll(/^export \{[^}]*\};/gm)].map((found) => found[0])
    return { code: [...names.map((name) => `export const ${name} = () => () => undefined`), ...aliases].join('\n'), map: null }
  },
})

const bases = { console: '/console/', phone: '/m/', home: '/home/' } as const

export default defineConfig(async ({ mode }): Promise<UserConfig> => {
  const which = mode === 'phone' || mode === 'home' ? mode : 'console'
  return {
    root: here(`src/app/${which}`),
    base: bases[which],
    cacheDir: here('dist/.vite'),
    publicDir: here(`src/app/${which}/public`),
    envDir: false,
    plugins: [react(), ...(which === 'console' ? [] : [withoutJsonSchema()]), ...(which === 'phone' ? [await offline()] : [])],
    build: {
      outDir: here(`dist/${which}`),
      emptyOutDir: true,
      target: ['chrome107', 'safari16', 'firefox115'],
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1500,
    },
  }
})
