// The built pages: console under /console/, phone under /m/, a resident's own under /home/; hashed files are kept by browsers for ever, the rest never.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, normalize } from 'node:path'
import type { Context, Hono } from 'hono'
import { getMimeType } from 'hono/utils/mime'

const isPhone = (agent: string): boolean => /Mobile|Android|iPhone|MicroMessenger/i.test(agent)

export function pages(app: Hono, dist: string): void {
  app.get('/', (c) => c.redirect(isPhone(c.req.header('user-agent') ?? '') ? '/m/' : '/console/'))
  // Short, for it stands in codes on paper.
  app.get('/verify', (c) => c.redirect(`/console/verify${new URL(c.req.url).search}`))
  for (const [base, folder] of [
    ['/console', 'console'],
    ['/m', 'phone'],
    ['/home', 'home'],
  ] as const) {
    app.get(base, (c) => c.redirect(`${base}/`))
    app.get(`${base}/*`, (c) => file(c, join(dist, folder), c.req.path.slice(base.length + 1)))
  }
}

/** A file of the build, or the page itself for an address that the page's own router knows. */
function file(c: Context, root: string, path: string): Response {
  const wanted = normalize(join(root, decodeURIComponent(path)))
  const exists = wanted.startsWith(root) && existsSync(wanted) && statSync(wanted).isFile()
  if (!exists && /\.[a-z0-9]+$/i.test(path)) return c.notFound() as Response
  const found = exists ? wanted : join(root, 'index.html')
  const hashed = exists && /-[A-Za-z0-9_-]{8}\.\w+$/.test(found)
  return c.body(readFileSync(found), 200, {
    'content-type': getMimeType(found) ?? 'application/octet-stream',
    'cache-control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
  })
}
