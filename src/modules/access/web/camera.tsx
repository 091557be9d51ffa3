// The camera of the gate: reads QR codes on the phone itself; its decoder is served by this house, never fetched from elsewhere.
import { useEffect, useRef, useState } from 'react'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url'
import { text } from '#core/text.ts'
import { Notice } from '#web/phone/ui.tsx'
import { useWords } from '#web/phone/words.ts'

prepareZXingModule({ overrides: { locateFile: () => wasm } })

/** Milliseconds between two looks at the picture: a cheap phone keeps cool. */
const between = 120

/** Shows what the camera sees and hands over the first code that it reads. Says so where there is no camera. */
export function Camera({ onRead }: { onRead: (written: string) => void }) {
  const say = useWords()
  const video = useRef<HTMLVideoElement>(null)
  const told = useRef(onRead)
  told.current = onRead
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    const over = new AbortController()
    let stream: MediaStream | undefined
    async function run() {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false })
      const seen = video.current
      if (over.signal.aborted || !seen) {
        stop(stream)
        return
      }
      seen.srcObject = stream
      await seen.play()
      const written = await firstCode(seen, over.signal)
      if (written !== undefined && !over.signal.aborted) told.current(written)
    }
    run().catch(() => {
      if (!over.signal.aborted) setFailed(true)
    })
    return () => {
      over.abort()
      stop(stream)
    }
  }, [])
  return failed ? (
    <Notice tone="look">
      {text('打不开摄像头，请输入短码或房号。', 'The camera cannot be opened: type the code or the room.')}
    </Notice>
  ) : (
    <video ref={video} className="gate-camera" muted playsInline aria-label={say(text('摄像头画面', 'What the camera sees'))} />
  )
}

const stop = (stream: MediaStream | undefined): void => {
  for (const track of stream?.getTracks() ?? []) track.stop()
}

async function firstCode(video: HTMLVideoElement, over: AbortSignal): Promise<string | undefined> {
  const canvas = document.createElement('canvas')
  const pen = canvas.getContext('2d', { willReadFrequently: true })!
  while (!over.aborted) {
    if (video.videoWidth > 0) {
      canvas.width = video.videoWidth
      canvas.height = video.videoHeight
      pen.drawImage(video, 0, 0)
      const picture = pen.getImageData(0, 0, canvas.width, canvas.height)
      const [found] = await readBarcodes(picture, { formats: ['QRCode'], tryHarder: true, maxNumberOfSymbols: 1 })
      if (found?.isValid) return found.text
    }
    await new Promise((next) => setTimeout(next, between))
  }
  return undefined
}
