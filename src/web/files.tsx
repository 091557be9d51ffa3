// Photos and scans on the console: small pictures in a row, and each of them in full when it is asked for.
import { FilePdfOutlined, PictureOutlined } from '@ant-design/icons'
import { Modal } from 'antd'
import { useEffect, useState, type ReactNode } from 'react'
import { seeFile, thumbs } from '#core/files.ts'
import { Id } from '#core/ids.ts'
import { text } from '#core/text.ts'
import { fetchFile } from './api.ts'
import { save } from './console/download.tsx'
import { useNotify } from './console/notify.tsx'
import { useAsk } from './console/query.ts'
import { useText } from './language.ts'
import { asProblem } from './problems.ts'
import { pictureOf } from './shrink.ts'
import './files.css'

const said = {
  photo: (at: number) => text(`查看第 ${at} 个文件`, `Open file ${at}`),
  picture: (at: number) => text(`第 ${at} 张照片`, `Photo ${at}`),
  hidden: (count: number) =>
    text(
      `${count} 个文件，您当前的岗位不能查看`,
      `${count} ${count === 1 ? 'file' : 'files'}; your present post may not see them`,
    ),
  notHere: text('还没有上传到服务器', 'Not at the server yet'),
}

type StripProps = {
  /** Whose guard judges who may see them. */
  readonly of: string
  readonly ids: readonly string[]
  /** The community of their record; needed by posts wider than one. */
  readonly community?: string | undefined
  /** What stands below each, such as a button that takes it out. */
  readonly below?: (id: string, at: number) => ReactNode
}

/** Small pictures, as far as the caller may see them. */
export function FileStrip({ of, ids, community, below }: StripProps) {
  const say = useText()
  const [open, setOpen] = useState<string>()
  const known = ids.filter((id) => Id.safeParse(id).success)
  const { data } = useAsk(thumbs, { of, files: known, ...(community ? { community } : {}) }, { enabled: known.length > 0 })
  if (known.length < ids.length) return <span>{say(said.hidden(ids.length))}</span>
  return (
    <ul className="files">
      {ids.map((id, i) => {
        const row = data?.rows.find((one) => one.id === id)
        const picture = pictureOf(row?.thumb)
        return (
          <li key={id}>
            <button
              type="button"
              disabled={!row}
              title={data && !row ? say(said.notHere) : say(said.photo(i + 1))}
              onClick={() => setOpen(id)}
            >
              {picture ? (
                <img src={picture} alt={say(said.picture(i + 1))} />
              ) : row?.type === 'pdf' ? (
                <>
                  <FilePdfOutlined aria-hidden />
                  <span>PDF {i + 1}</span>
                </>
              ) : (
                <>
                  <PictureOutlined aria-hidden />
                  <span>{data && !row ? say(said.notHere) : say(said.picture(i + 1))}</span>
                </>
              )}
            </button>
            {below?.(id, i + 1)}
          </li>
        )
      })}
      {open && (
        <Whole key={open} of={of} id={open} at={ids.indexOf(open) + 1} community={community} onClose={() => setOpen(undefined)} />
      )}
    </ul>
  )
}

/** The file itself: a picture on the page, a scan among the downloads. */
function Whole({
  of,
  id,
  at,
  community,
  onClose,
}: {
  of: string
  id: string
  at: number
  community: string | undefined
  onClose: () => void
}) {
  const say = useText()
  const notify = useNotify()
  const [address, setAddress] = useState<string>()
  useEffect(() => {
    const asking = new AbortController()
    let made: string | undefined
    const look = async () => {
      try {
        const found = await fetchFile(seeFile, { of, file: id, ...(community ? { community } : {}) }, { signal: asking.signal })
        if (asking.signal.aborted) return
        if (!found.blob.type.startsWith('image/')) {
          save(found)
          onClose()
          return
        }
        made = URL.createObjectURL(found.blob)
        setAddress(made)
      } catch (error) {
        if (asking.signal.aborted) return
        notify.refused(asProblem(error))
        onClose()
      }
    }
    void look()
    return () => {
      asking.abort()
      if (made) URL.revokeObjectURL(made)
    }
    // One look for each opening: what the callbacks are at the moment changes nothing in what is shown.
  }, [of, id, community])
  return (
    <Modal open={address !== undefined} title={say(said.picture(at))} footer={null} width="min(1000px, 96vw)" onCancel={onClose}>
      <img className="file-whole" src={address} alt={say(said.picture(at))} />
    </Modal>
  )
}
