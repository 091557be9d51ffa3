// Photos of a record on a phone: take one, look at it, take it out again before it is sent.
import { useEffect, useId, useState } from 'react'
import type { Id } from '#core/ids.ts'
import { text } from '#core/text.ts'
import type { Field } from '#web/fields.ts'
import { asProblem } from '#web/problems.ts'
import { pictureOf } from '#web/shrink.ts'
import { keepPhoto, removePhoto, takenOut, thumbOf } from './photo.ts'
import { Notice, SmallButton, toast } from './ui.tsx'
import { useWords } from './words.ts'
import './photo.css'

const said = {
  camera: text('拍照', 'Take a photo'),
  choose: text('选照片', 'Choose a photo'),
  shrinking: text('正在压缩…', 'Shrinking…'),
  full: (most: number) => text(`最多 ${most} 张`, `At most ${most}`),
  remove: (at: number) => text(`删除第 ${at} 张`, `Remove photo ${at}`),
  photo: (at: number) => text(`第 ${at} 张照片`, `Photo ${at}`),
  onItsWay: text('已在待上传或已上传', 'In the queue or sent'),
  stays: text(
    '照片已去掉位置信息，只存在邻里里，不进手机相册。',
    'The place is taken out of photos; they are kept in Linli only, not in the gallery.',
  ),
}

type Terms = { field: Field; value: unknown; onChange: (next: unknown) => void }

/** The photos of a field, as ids; nothing is sent before its record is. */
export function PhotoInput({ field, value, onChange }: Terms) {
  const say = useWords()
  const ids = (value as readonly Id[] | undefined) ?? []
  const [busy, setBusy] = useState(false)
  const { of, most } = field.info!.files!
  const room = most - ids.length
  const take = async (files: readonly File[]) => {
    setBusy(true)
    const taken: Id[] = []
    try {
      for (const file of files.slice(0, room)) taken.push(await keepPhoto(of, file))
      if (files.length > room) toast(said.full(most), { tone: 'look' })
    } catch (error) {
      toast(asProblem(error).say, { tone: 'stop' })
    } finally {
      setBusy(false)
      if (taken.length > 0) onChange([...ids, ...taken])
    }
  }
  const remove = async (id: Id) => {
    await removePhoto(id)
    onChange(ids.filter((one) => one !== id))
  }
  useEffect(() => {
    void takenOut(ids).then(
      (gone) => {
        if (gone.length > 0) onChange(ids.filter((id) => !gone.includes(id)))
      },
      () => undefined,
    )
    // Asked once for each list that a form brings along.
  }, [ids.join()])
  return (
    <div className="photos" role="group" aria-label={say(field.label)}>
      {ids.length > 0 && (
        <ul>
          {ids.map((id, i) => (
            <li key={id}>
              <Small id={id} at={i + 1} />
              <SmallButton onClick={() => remove(id)}>{said.remove(i + 1)}</SmallButton>
            </li>
          ))}
        </ul>
      )}
      {busy && <Notice>{said.shrinking}</Notice>}
      {room > 0 && !busy && (
        <div className="pair">
          <Picker words={said.camera} camera onFiles={take} />
          <Picker words={said.choose} onFiles={take} />
        </div>
      )}
      <p className="quiet">{say(said.stays)}</p>
    </div>
  )
}

function Picker({
  words,
  camera = false,
  onFiles,
}: {
  words: typeof said.camera
  camera?: boolean
  onFiles: (files: File[]) => Promise<void>
}) {
  const say = useWords()
  const id = useId()
  return (
    <label className="small picker" htmlFor={id}>
      <span>{say(words)}</span>
      <input
        id={id}
        type="file"
        accept="image/*"
        {...(camera ? { capture: 'environment' as const } : { multiple: true })}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])]
          event.target.value = ''
          if (files.length > 0) void onFiles(files)
        }}
      />
    </label>
  )
}

function Small({ id, at }: { id: Id; at: number }) {
  const say = useWords()
  const [thumb, setThumb] = useState<string | null>()
  useEffect(() => {
    let gone = false
    void thumbOf(id).then(
      (found) => {
        if (!gone) setThumb(found ?? null)
      },
      () => setThumb(null),
    )
    return () => {
      gone = true
    }
  }, [id])
  const picture = pictureOf(thumb)
  if (picture) return <img src={picture} alt={say(said.photo(at))} />
  return <span className="quiet">{thumb === undefined ? '…' : say(said.onItsWay)}</span>
}
