// The two builds of the pages: `--mode console` under /console/, `--mode phone` under /m/. Nothing inline, so that scripts need no exception.
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
      name: '邻里', short_name: '邻里', lang: 'zh-CN', start_url: '/m/', scope: '/m/', display: 'standalone',
      theme_color: '#0C6B58', background_color: '#F3F5F4',
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

const bases = { console: '/console/', phone: '/m/' } as const

export default defineConfig(async ({ mode }): Promise<UserConfig> => {
  const which = mode === 'phone' ? 'phone' : 'console'
  return {
    root: here(`src/app/${which}`),
    base: bases[which],
    cacheDir: here('dist/.vite'),
    publicDir: here(`src/app/${which}/public`),
    envDir: false,
    plugins: [react(), ...(which === 'phone' ? [await offline()] : [])],
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
