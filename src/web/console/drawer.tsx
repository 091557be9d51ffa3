// One record beside its list: what is known of it in words, and whatever belongs to it below.
import { Drawer } from 'antd'
import type { ReactNode } from 'react'
import type { z } from 'zod'
import type { Text } from '#core/text.ts'
import { fieldsOf } from '../fields.ts'
import { useLanguage, useText } from '../language.ts'
import { showField } from '../show.ts'
import { Form, type FormProps } from './form.tsx'

type SideProps = { title: Text; open: boolean; onClose: () => void; tools?: ReactNode; children: ReactNode; /** For a table inside. */ wide?: boolean }

/** A sheet from the right. Narrow screens give it their whole width. */
export function Side({ title, open, onClose, tools, children, wide = false }: SideProps) {
  const say = useText()
  return (
    <Drawer title={say(title)} open={open} onClose={onClose} size={`min(${wide ? 1040 : 560}px, 100vw)`} extra={tools} destroyOnHidden>
      {children}
    </Drawer>
  )
}

type RecordProps<S extends z.ZodType> = {
  readonly title: Text
  readonly schema: S
  readonly value: z.output<S> | undefined
  readonly onClose: () => void
  /** Which fields, in order; every labelled one where left out. */
  readonly fields?: readonly string[]
  readonly tools?: ReactNode
  readonly children?: ReactNode
}

export function RecordDrawer<S extends z.ZodType>({ title, schema, value, onClose, fields, tools, children }: RecordProps<S>) {
  return (
    <Side title={title} open={value !== undefined} onClose={onClose} tools={tools}>
      {value !== undefined && <RecordWords schema={schema} value={value} {...(fields ? { fields } : {})} />}
      {children}
    </Side>
  )
}

/** A record as a list of names and values. */
export function RecordWords<S extends z.ZodType>(
  { schema, value, fields }: { schema: S; value: z.output<S>; fields?: readonly string[] },
) {
  const say = useText()
  const language = useLanguage()
  const shown = fieldsOf(schema).filter((f) => (fields ? fields.includes(f.name) : f.info?.zh && f.kind !== 'id'))
  const ordered = fields ? fields.map((name) => shown.find((f) => f.name === name)).filter((f) => f !== undefined) : shown
  return (
    <dl className="record">
      {ordered.map((field) => (
        <div key={field.name}>
          <dt>{say(field.label)}</dt>
          <dd>{showField(field, (value as Record<string, unknown>)[field.name], language, { wide: true, unit: true })}</dd>
        </div>
      ))}
    </dl>
  )
}

/** A contract's form in a sheet from the right; closed when it is done. */
export function FormDrawer<I extends z.ZodType, O extends z.ZodType>(
  { open, onClose, title, ...form }: FormProps<I, O> & { open: boolean; onClose: () => void; title?: Text },
) {
  return (
    <Side title={title ?? form.of.title} open={open} onClose={onClose}>
      <Form {...form} onCancel={onClose} onDone={(outcome) => { form.onDone?.(outcome); onClose() }} />
    </Side>
  )
}
