// A photo as it may travel: upright, no larger than the rule says, and drawn anew, so that the place, the time and the
// camera's notes of the original stay behind on the device.
import { longestFile, longestThumb, thumbSide, type PhotoTerms } from '#core/files.ts'
import { problems } from '#core/problem.ts'
import { text } from '#core/text.ts'

export const say = problems('photo', {
  unreadable: [
    422,
    text('这张图片打不开，请重新拍照或换一张。', 'This picture cannot be opened. Take it again or choose another.'),
  ],
  noPapers: [415, text('这里只收照片。', 'Only photos are taken here.')],
  tooLarge: [
    413,
    text('文件超过 5 MB，请重新拍照或降低扫描清晰度。', 'The file is larger than 5 MB. Take it again, or scan it more coarsely.'),
  ],
})

/** Base64, as `files.add` takes it. */
export type Prepared = { readonly content: string; readonly thumb: string | null }

/** A chosen file ready to be sent: a picture shrunk, a scan as it is. Throws `photo.*`. */
export async function prepare(file: Blob, terms: PhotoTerms, { papers = false } = {}): Promise<Prepared> {
  if (await startsLikePdf(file)) {
    if (!papers) throw say.noPapers()
    if (file.size > longestFile) throw say.tooLarge()
    return { content: await base64(file), thumb: null }
  }
  const picture = await decoded(file)
  try {
    const content = await smallEnough(picture, terms.longest, terms.kilobytes * 1000)
    const thumb = await smallEnough(picture, thumbSide, longestThumb)
    return { content: await base64(content), thumb: await base64(thumb) }
  } finally {
    picture.close?.()
  }
}

const startsLikePdf = async (file: Blob): Promise<boolean> => (await file.slice(0, 5).text()) === '%PDF-'

type Picture = CanvasImageSource & { width: number; height: number; close?: () => void }

/** Opened and turned upright. Older phones open it as an image of the page, which turns by itself too. */
async function decoded(file: Blob): Promise<Picture> {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    const url = URL.createObjectURL(file)
    try {
      const image = new Image()
      image.src = url
      await image.decode()
      return image
    } catch {
      throw say.unreadable()
    } finally {
      URL.revokeObjectURL(url)
    }
  }
}

/** First coarser, then smaller, until it fits; a photo of a room is still read at the end of this. */
async function smallEnough(picture: Picture, longest: number, bytes: number): Promise<Blob> {
  for (let side = longest; ; side = Math.round(side * 0.8)) {
    const canvas = drawn(picture, side)
    for (const quality of [0.82, 0.7, 0.58]) {
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality))
      if (!blob) throw say.unreadable()
      if (blob.size <= bytes || side < 160) return blob
    }
  }
}

function drawn(picture: Picture, longest: number): HTMLCanvasElement {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  const pen = canvas.getContext('2d')
  if (!pen) throw say.unreadable()
  // A JPEG has no glass: what was transparent becomes paper.
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return canvas
}

const base64 = (blob: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '')
    reader.onerror = () => reject(say.unreadable())
    reader.readAsDataURL(blob)
  })

/** A small picture that came in base64, as an address for `<img>`; what is neither JPEG nor WebP nor PNG is no picture. */
export function pictureOf(thumb: string | null | undefined): string | undefined {
  const kind = thumb?.startsWith('/9j/')
    ? 'jpeg'
    : thumb?.startsWith('iVBOR')
      ? 'png'
      : thumb?.startsWith('UklGR')
        ? 'webp'
        : undefined
  return kind && `data:image/${kind};base64,${thumb}`
}
