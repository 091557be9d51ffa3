// The head of a backup file: what may be read without a key, and the data key, closed so that sheet and epoch key together open it.
import { createCipheriv, createDecipheriv, generateKeyPairSync, hkdfSync, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { publicOf, sharedBy, type SheetKeys } from './sheet.ts'
import { say } from './say.ts'

/** In the clear: which data, when, and which sheet and epoch open it. Nothing of what is inside. */
export const Head = z.object({
  format: z.literal(1),
  dataId: z.uuid(),
  kind: z.enum(['real', 'demo']),
  made: z.string(),
  sheet: z.string(),
  epoch: z.string(),
  ephemeral: z.string(),
})
export type Head = z.infer<typeof Head>

const magic = Buffer.from('LINLIBAK')
const fixedBytes = magic.length + 4
const ivBytes = 12
const tagBytes = 16
const keyBytes = 32
const wrappedBytes = ivBytes + keyBytes + tagBytes
/** A head is a few hundred bytes; more is no head of ours. */
const mostHead = 4096

/** Both halves go into one derivation: without either nothing opens, and each new backup has a key of its own. */
const wrappingKey = (shared: Buffer, epochKey: Buffer, ephemeral: string, sheetKey: string): Buffer =>
  Buffer.from(
    hkdfSync('sha256', Buffer.concat([shared, epochKey]), Buffer.from(`${ephemeral}.${sheetKey}`), 'linli backup 1', keyBytes),
  )

/** A new data key and the bytes that begin a file. */
export function newHead(
  about: Pick<Head, 'dataId' | 'kind' | 'made'>,
  sheet: Pick<SheetKeys, 'id' | 'publicKey'>,
  epoch: { id: string; bytes: Buffer },
): { bytes: Buffer; dataKey: Buffer } {
  const { privateKey } = generateKeyPairSync('x25519')
  const ephemeral = publicOf(privateKey)
  const head: Head = { format: 1, ...about, sheet: sheet.id, epoch: epoch.id, ephemeral }
  const words = Buffer.from(JSON.stringify(head))
  const dataKey = randomBytes(keyBytes)
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv(
    'aes-256-gcm',
    wrappingKey(sharedBy(privateKey, sheet.publicKey), epoch.bytes, ephemeral, sheet.publicKey),
    iv,
  )
  cipher.setAAD(words)
  const wrapped = Buffer.concat([iv, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(words.length)
  return { bytes: Buffer.concat([magic, length, words, wrapped]), dataKey }
}

export type ReadHead = { readonly head: Head; readonly words: Buffer; readonly wrapped: Buffer; readonly bytes: number }

/** Reads the head from the first bytes of a file (5,000 are enough). Throws `backup.notABackup`, `backup.laterFormat`, `backup.cutShort`. */
export function readHead(start: Buffer, file: string): ReadHead {
  if (!start.subarray(0, magic.length).equals(magic)) throw say.notABackup({ file })
  if (start.length < fixedBytes) throw say.cutShort({ file })
  const length = start.readUInt32BE(magic.length)
  if (length > mostHead) throw say.altered({ file })
  const bytes = fixedBytes + length + wrappedBytes
  if (start.length < bytes) throw say.cutShort({ file })
  const words = start.subarray(fixedBytes, fixedBytes + length)
  return { head: parsed(words, file), words, wrapped: start.subarray(fixedBytes + length, bytes), bytes }
}

function parsed(words: Buffer, file: string): Head {
  let json: unknown
  try {
    json = JSON.parse(words.toString('utf8'))
  } catch {
    throw say.altered({ file })
  }
  const format = z.object({ format: z.number() }).safeParse(json)
  if (format.success && format.data.format > 1) throw say.laterFormat({ file })
  const head = Head.safeParse(json)
  if (!head.success) throw say.altered({ file })
  return head.data
}

/** Opens the data key. Throws `backup.otherSheet` for another sheet, `backup.altered` when the head was changed. */
export function openHead({ head, words, wrapped }: ReadHead, sheet: SheetKeys, epochKey: Buffer, file: string): Buffer {
  if (sheet.id !== head.sheet) throw say.otherSheet({ sheet: head.sheet })
  try {
    const key = wrappingKey(sharedBy(sheet.secret, head.ephemeral), epochKey, head.ephemeral, sheet.publicKey)
    const decipher = createDecipheriv('aes-256-gcm', key, wrapped.subarray(0, ivBytes))
    decipher.setAAD(words)
    decipher.setAuthTag(wrapped.subarray(-tagBytes))
    return Buffer.concat([decipher.update(wrapped.subarray(ivBytes, -tagBytes)), decipher.final()])
  } catch {
    throw say.altered({ file })
  }
}
