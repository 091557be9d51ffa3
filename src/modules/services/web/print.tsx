// A list as an official sheet of paper: everything that the filters match, in the order of the form.
import { PrinterOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import type { z } from 'zod'
import type { Text } from '#core/text.ts'
import { useNotify } from '#web/console/notify.tsx'
import { usePrint } from '#web/console/print.tsx'
import { allRows, type ListQuery } from '#web/console/query.ts'
import { OfficialSheet } from '#web/console/sheet.tsx'
import { useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import { said } from './said.ts'

type Props<I extends z.ZodType, R extends z.ZodType> = {
  readonly of: ListQuery<I, R>
  readonly row: z.ZodObject
  readonly input: Record<string, unknown>
  readonly title: Text
  readonly columns: readonly string[]
  /** A row as it is printed: codes of the rules in their words. */
  readonly shown?: (row: z.output<R>) => unknown
}

export function PrintList<I extends z.ZodType, R extends z.ZodType>({
  of,
  row,
  input,
  title,
  columns,
  shown = (one) => one,
}: Props<I, R>) {
  const say = useText()
  const print = usePrint()
  const notify = useNotify()
  const [busy, setBusy] = useState(false)
  const run = async () => {
    setBusy(true)
    try {
      const { rows, complete } = await allRows(of, input)
      if (!complete) return notify.look(said.tooMany)
      void print(<OfficialSheet title={title} row={row} columns={columns} rows={rows.map(shown)} />)
    } catch (error) {
      notify.refused(asProblem(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button icon={<PrinterOutlined aria-hidden />} loading={busy} onClick={() => void run()}>
      {say(said.print)}
    </Button>
  )
}
