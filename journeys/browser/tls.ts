// A phone that meets the server over HTTPS under a real name, so that service worker, camera and WebCrypto work as they do outside:
// certificates made on the spot, a browser that trusts exactly these, and a profile that outlives a browser killed in mid-air.
import './reflect.ts'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  type X509Certificate,
} from '@peculiar/x509'
import { chromium, type BrowserContext, type BrowserContextOptions, type Cookie, type Page } from 'playwright-core'
import { findChromium } from './chromium.ts'
import { phone, watch } from './page.ts'

/** The name that secure phones know; it leads to this machine in their browsers and nowhere else. */
export const secureHost = 'linli.test'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const dayMs = 86_400_000
const asideFile = 'cookies-set-aside.json'

/**
 * PEM files of one private authority and one server. `certFile` holds the server's certificate followed by the authority's,
 * as a server wants it; `spki` is the base64 SHA-256 of the authority's public key.
 */
export type Certificates = { folder: string; keyFile: string; certFile: string; caFile: string; spki: string; remove: () => void }

/** Makes an authority and a certificate for `linli.test` good from yesterday for 30 days, in a folder that `remove` deletes. */
export async function makeCertificates(): Promise<Certificates> {
  const authority = await newKeys()
  const server = await newKeys()
  const ca = await authorityCertificate(authority)
  const leaf = await serverCertificate(server, authority, ca)
  const folder = mkdtempSync(join(tmpdir(), 'linli-tls-'))
  const save = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content, { mode: 0o600 })
    return join(folder, name)
  }
  const key = PemConverter.encode(await crypto.subtle.exportKey('pkcs8', server.privateKey), 'PRIVATE KEY')
  return {
    folder,
    keyFile: save('server.key', `${key}\n`),
    certFile: save('server.crt', `${leaf.toString('pem')}\n${ca.toString('pem')}\n`),
    caFile: save('authority.crt', `${ca.toString('pem')}\n`),
    spki: createHash('sha256').update(Buffer.from(ca.publicKey.rawData)).digest('base64'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const newKeys = (): Promise<CryptoKeyPair> => crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])

const validity = () => ({ notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + 30 * dayMs) })

const authorityCertificate = async (keys: CryptoKeyPair): Promise<X509Certificate> =>
  X509CertificateGenerator.createSelfSigned({
    name: 'CN=Linli journeys authority',
    keys,
    signingAlgorithm: algorithm,
    ...validity(),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })

const serverCertificate = async (keys: CryptoKeyPair, authority: CryptoKeyPair, ca: X509Certificate): Promise<X509Certificate> =>
  X509CertificateGenerator.create({
    subject: `CN=${secureHost}`,
    issuer: ca.subject,
    publicKey: keys.publicKey,
    signingKey: authority.privateKey,
    signingAlgorithm: algorithm,
    ...validity(),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new SubjectAlternativeNameExtension([{ type: 'dns', value: secureHost }]),
      await AuthorityKeyIdentifierExtension.create(ca, false),
    ],
  })

/**
 * Where the secure phone goes and what it keeps: `origin` like `https://linli.test:8443`, `path` on it (default `/`), `profileDir`
 * a folder that holds its storage from one start to the next, `camera` a y4m film that its camera sees, `options` over the usual
 * phone.
 */
export type SecurePhoneWish = {
  origin: string
  spki: string
  profileDir: string
  path?: string
  camera?: string
  options?: BrowserContextOptions
}

/** `kill` ends the browser as an empty battery does, `close` in good order; both leave the profile. */
export type SecurePhone = { context: BrowserContext; page: Page; kill: () => Promise<void>; close: () => Promise<void> }

/** Starts a phone with that profile and goes to the origin; with the server gone it gets there only through its service worker. */
export async function openSecurePhone(wish: SecurePhoneWish): Promise<SecurePhone> {
  const found = await findChromium()
  const context = await chromium.launchPersistentContext(wish.profileDir, {
    ...phone,
    ...wish.options,
    ...found,
    args: [...found.args, ...trustAndCamera(wish)],
  })
  const page = context.pages()[0] ?? (await context.newPage())
  watch(page)
  try {
    await bringBackCookies(context, wish.profileDir)
    await page.goto(wish.origin + (wish.path ?? '/'))
  } catch (problem) {
    await context.close()
    throw problem
  }
  return { context, page, kill: () => kill(context, wish.profileDir), close: () => context.close() }
}

const trustAndCamera = ({ spki, camera }: SecurePhoneWish): string[] => [
  `--host-resolver-rules=MAP ${secureHost} 127.0.0.1`,
  `--ignore-certificate-errors-spki-list=${spki}`,
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  ...(camera ? [`--use-file-for-fake-video-capture=${camera}`] : []),
]

/**
 * Kills the browser with all its processes at once and waits until it is gone, so that the profile is free again. Chromium writes
 * cookies only every half minute; those with a date are set aside here, as on a phone that has been signed in for longer than
 * that. localStorage of the last seconds is lost, IndexedDB and caches stand.
 */
async function kill(context: BrowserContext, profileDir: string): Promise<void> {
  const cookies = (await context.cookies()).filter(({ expires }) => expires !== -1)
  writeFileSync(join(profileDir, asideFile), JSON.stringify(cookies))
  const session = await context.browser()?.newBrowserCDPSession()
  const { processInfo } = (await session?.send('SystemInfo.getProcessInfo')) ?? { processInfo: [] }
  const main = processInfo.find(({ type }) => type === 'browser')
  if (!main) throw new Error('This browser does not say which process it is.')
  const closed = context.waitForEvent('close')
  killGroup(main.id)
  await closed
  while (isRunning(main.id)) await wait(5)
}

async function bringBackCookies(context: BrowserContext, profileDir: string): Promise<void> {
  const file = join(profileDir, asideFile)
  if (!existsSync(file)) return
  await context.addCookies(JSON.parse(readFileSync(file, 'utf8')) as Cookie[])
  rmSync(file)
}

/** The browser leads a process group of its own, except on Windows, where its children end when they lose it. */
const killGroup = (id: number): true => process.kill(process.platform === 'win32' ? id : -id, 'SIGKILL')

function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0)
  } catch {
    return false
  }
}
