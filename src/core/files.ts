// Photos and scans: one mechanism for every record that carries some. A field holds ids; the files travel, rest and are shown by these.
import { z } from 'zod'
import { command, download, query } from './contract.ts'
import { Id } from './ids.ts'
import { choice, label, personal, type FieldInfo } from './labels.ts'
import { lowerWins, type PolicyKey } from './policy.ts'
import { text } from './text.ts'

/** What is taken, judged by content and never by name. */
export const FileType = choice({
  jpeg: text('照片（JPEG）', 'Photo (JPEG)'),
  png: text('图片（PNG）', 'Picture (PNG)'),
  webp: text('图片（WebP）', 'Picture (WebP)'),
  pdf: text('扫描件（PDF）', 'Scan (PDF)'),
})
export type FileType = z.infer<typeof FileType>

/** Media type under which a file of each type leaves the house. */
export const mediaTypes: Record<FileType, string> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  pdf: 'application/pdf',
}

/** The longest file, in bytes; a phone's photo is far below it. */
export const longestFile = 5 * 1024 * 1024
/** The longest small picture that stands in a list, in bytes, and its longest side in pixels. */
export const longestThumb = 32 * 1024
export const thumbSide = 240

type More = Omit<FieldInfo, 'zh' | 'en' | 'files'> & { readonly keep: string; readonly most?: number; readonly papers?: boolean }

/**
 * A field of photos of a record: ids of files, none where nobody took one. `of` names the guard who says who may see them
 * (server/files/guards.ts). `most`: how many, 4 where left out; `papers`: scans as PDF are taken too.
 */
export const photos = (of: string, zh: string, en: string, { most = 4, papers = false, ...more }: More) =>
  personal(z.array(Id).max(most).default([]), zh, en, { mask: 'text', ...more, files: { of, most, papers } })

const base64 = (bytes: number) =>
  z
    .base64()
    .min(4)
    .max(Math.ceil(bytes / 3) * 4)
const guard = z.string().regex(/^[a-zA-Z]{1,40}$/)
/** Named by posts wider than one community; others leave it out. */
const community = label(
  z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  '社区',
  'Community',
)
const keep = 'response'

/** What is told of a file: nothing of what it shows. Widths and heights in pixels, null for a scan. */
export const FileInfo = z.object({
  id: Id,
  of: guard,
  type: label(FileType, '类型', 'Type'),
  bytes: label(z.int(), '大小', 'Size', { unit: text('字节', 'bytes') }),
  width: z.int().nullable(),
  height: z.int().nullable(),
})
export type FileInfo = z.infer<typeof FileInfo>

/** Hands a file over; the id of the request is the file's. Sent twice it is kept once. */
export const addFile = command('files.add', {
  title: text('照片、扫描件', 'Photo or scan'),
  may: 'signedIn',
  queued: true,
  output: FileInfo,
  heavy: true,
  input: z.object({ of: guard, content: base64(longestFile), thumb: base64(longestThumb).nullable().default(null) }),
})

/** Small pictures for a list. A file that is hidden from the caller, or has not arrived, is left out. */
export const thumbs = query('files.thumbs', {
  title: text('查看缩略图', 'Look at small pictures'),
  may: 'signedIn',
  input: z.object({ of: guard, files: z.array(Id).min(1).max(24), community }),
  output: z.object({
    rows: z.array(FileInfo.extend({ thumb: personal(z.string().nullable(), '缩略图', 'Small picture', { mask: 'text', keep }) })),
  }),
})

/** The file itself. */
export const seeFile = download('files.see', {
  title: text('查看照片、扫描件', 'Look at a photo or scan'),
  may: 'signedIn',
  input: z.object({ of: guard, file: Id, community }),
  output: FileInfo,
})

/** How far photos are shrunk on the device before they travel: longest side in pixels, size in kB. */
export const PhotoTerms = z.object({
  longest: label(z.int().min(640).max(4096), '最长边', 'Longest side', { unit: text('像素', 'px') }),
  kilobytes: label(z.int().min(60).max(2000), '大小不超过', 'No larger than', { unit: text('kB', 'kB') }),
})
export type PhotoTerms = z.infer<typeof PhotoTerms>

export const photoRule: PolicyKey<PhotoTerms> = lowerWins('files.photos', {
  title: text('照片压缩', 'How photos are shrunk'),
  schema: PhotoTerms,
  unset: { longest: 1600, kilobytes: 300 },
})

/** How long a file may wait for a record that names it. Hours. */
export const unnamedRule: PolicyKey<number> = lowerWins('files.unnamedHours', {
  title: text('未登记照片的保留', 'How long photos wait for a record'),
  unset: 48,
  schema: label(z.int().min(24).max(720), '小时', 'Hours', { unit: text('小时', 'hours') }),
})

/** The rule in force where the caller works; a device keeps the answer for when there is no network. */
export const photoTerms = query('files.terms', {
  title: text('照片压缩规则', 'How photos are shrunk'),
  may: 'signedIn',
  input: z.object({}),
  output: PhotoTerms,
})
