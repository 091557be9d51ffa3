// The filters of a list in one row. Days and choices stand in the address; words that may name a person do not.
import { Button, Input } from 'antd'
import { useState } from 'react'
import type { z } from 'zod'
import type { Contract } from '#core/contract.ts'
import { fieldOf, type Field } from '../fields.ts'
import { useText } from '../language.ts'
import type { Filters } from './address.ts'
import { FieldInput } from './inputs.tsx'
import { words } from './words.ts'

type Props = {
  readonly of: Contract
  readonly names: readonly string[]
  readonly values: Filters
  readonly onChange: (change: Filters) => void
}

export function FilterRow({ of, names, values, onChange }: Props) {
  const say = useText()
  const shape = (of.input as z.ZodObject).shape as Record<string, z.ZodType>
  const fields = names.map((name) => shape[name] && fieldOf(name, shape[name])).filter((f): f is Field => f !== undefined)
  const set = names.filter((name) => values[name] !== undefined)
  if (fields.length === 0) return null
  return (
    <div className="filters" role="search">
      {fields.map((field) => (
        <span className="filter" key={field.name}>
          <label className="unseen" htmlFor={`filter-${field.name}`}>
            {say(field.label)}
          </label>
          {field.kind === 'text' ? (
            <SearchInput field={field} value={values[field.name]} onChange={(value) => onChange({ [field.name]: value })} />
          ) : (
            <FieldInput
              compact
              id={`filter-${field.name}`}
              field={field}
              value={values[field.name]}
              onChange={(value) => onChange({ [field.name]: value })}
            />
          )}
        </span>
      ))}
      {set.length > 0 && (
        <Button type="link" size="small" onClick={() => onChange(Object.fromEntries(set.map((name) => [name, undefined])))}>
          {say(words.clearFilters)}
        </Button>
      )}
    </div>
  )
}

/** Words are looked for when they are complete, not letter by letter: each look at a list is recorded. */
function SearchInput({ field, value, onChange }: { field: Field; value: unknown; onChange: (value: unknown) => void }) {
  const say = useText()
  const given = String(value ?? '')
  const [typed, setTyped] = useState(given)
  const [before, setBefore] = useState(given)
  if (before !== given) {
    setBefore(given)
    setTyped(given)
  }
  return (
    <Input.Search
      id={`filter-${field.name}`}
      className="filter-words"
      placeholder={say(field.info?.hint ?? field.label)}
      allowClear
      autoComplete="off"
      value={typed}
      onChange={(e) => setTyped(e.target.value)}
      onSearch={(said) => onChange(said.trim() || undefined)}
    />
  )
}
