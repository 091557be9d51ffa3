// A button that fetches a file and saves it under the name that the server gives.
import { DownloadOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState, type ReactNode } from 'react'
import type { z } from 'zod'
import type { Contract } from '#core/contract.ts'
import type { Text } from '#core/text.ts'
import { fetchFile, type Fetched } from '../api.ts'
import { useText } from '../language.ts'
import { asProblem } from '../problems.ts'
import { useNotify } from './notify.tsx'
import { words } from './words.ts'

type Props<I extends z.ZodType, O extends z.ZodType> = {
  readonly of: Contract<'download', I, O>
  readonly input: z.input<I>
  readonly label?: Text
  readonly icon?: ReactNode
}

export function DownloadButton<I extends z.ZodType, O extends z.ZodType>({
  of,
  input,
  label = words.download,
  icon,
}: Props<I, O>) {
  const say = useText()
  const notify = useNotify()
  const [busy, setBusy] = useState(false)
  const fetched = async () => {
    setBusy(true)
    try {
      save(await fetchFile(of, input))
    } catch (error) {
      notify.refused(asProblem(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button icon={icon ?? <DownloadOutlined aria-hidden />} loading={busy} onClick={() => void fetched()}>
      {say(label)}
    </Button>
  )
}

/** Hands a file to the browser's downloads. */
export function save({ blob, name }: Fetched): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
