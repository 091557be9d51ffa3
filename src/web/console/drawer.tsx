// One record beside its list: what is known of it in words, and whatever belongs to it below.
import { Drawer } from 'antd'
import type { ReactNode } from 'react'
import type { z } from 'zod'
import type { Language, Text } from '#core/text.ts'
import { fieldsOf, type Field } from '../fields.ts'
import { FileStrip } from '../files.tsx'
import { useLanguage, useText } from '../language.ts'
import { showField } from '../show.ts'
import { Form, type FormProps } from './form.tsx'

type SideProps = {
  title: Text
  open: boolean
  onClose: () => void
  tools?: ReactNode
  children: ReactNode
  /** For a table inside. */ wide?: boolean
}

/** A sheet from the right. Narrow screens give it their whole width. */
export function Side({ title, open, onClose, tools, children, wide = false }: SideProps) {
  const say = useText()
  return (
    <Drawer
      title={say(title)}
      open={open}
      onClose={onClose}
      size={`min(${wide ? 1040 : 560}px, 100vw)`}
      extra={tools}
      destroyOnHidden
    >
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
export function RecordWords<S extends z.ZodType>({
  schema,
  value,
  fields,
}: {
  schema: S
  value: z.output<S>
  fields?: readonly string[]
}) {
  const say = useText()
  const language = useLanguage()
  const shown = fieldsOf(schema).filter((f) => (fields ? fields.includes(f.name) : f.info?.zh && f.kind !== 'id'))
  const ordered = fields ? fields.map((name) => shown.find((f) => f.name === name)).filter((f) => f !== undefined) : shown
  return (
    <dl className="record">
      {ordered.map((field) => (
        <div key={field.name}>
          <dt>{say(field.label)}</dt>
          <dd>{valueOf(field, value as Record<string, unknown>, language)}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Photos are shown as small pictures, by the community in which their record stands; everything else in words. */
function valueOf(field: Field, value: Record<string, unknown>, language: Language): ReactNode {
  const here = value[field.name]
  if (field.kind !== 'files' || !Array.isArray(here) || here.length === 0)
    return showField(field, here, language, { wide: true, unit: true })
  return <FileStrip of={field.info!.files!.of} ids={here as string[]} community={value['community'] as string | undefined} />
}

/** A contract's form in a sheet from the right; closed when it is done. */
export function FormDrawer<I extends z.ZodType, O extends z.ZodType>({
  open,
  onClose,
  title,
  ...form
}: FormProps<I, O> & { open: boolean; onClose: () => void; title?: Text }) {
  return (
    <Side title={title ?? form.of.title} open={open} onClose={onClose}>
      <Form
        {...form}
        onCancel={onClose}
        onDone={(outcome) => {
          form.onDone?.(outcome)
          onClose()
        }}
      />
    </Side>
  )
}
