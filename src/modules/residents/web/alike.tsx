// While a person is typed: who may be registered already, quietly below the field. It never stands in the way of saving.
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { z } from 'zod'
import { text } from '#core/text.ts'
import { FieldInput, type InputProps, type OwnInput } from '#web/console/inputs.tsx'
import { useAsk } from '#web/console/query.ts'
import { fieldsOf } from '#web/fields.ts'
import { useText } from '#web/language.ts'
import * as api from '../api.ts'
import { PersonEntry } from '../model.ts'
import { phonesShown } from './phones.tsx'

const said = {
  perhaps: text('可能已登记，请先核对，不要重复登记：', 'Perhaps registered already; look before you register twice:'),
  years: text('岁', 'years'),
}

type Typed = z.input<typeof api.alike.input>

/** Whoever types is asked about only after a pause of so many milliseconds. */
const pause = 350
function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), pause)
    return () => clearTimeout(timer)
  }, [value])
  return rested
}

/** Names of at least two signs, numbers of at least seven digits: less would mean everybody. */
const enough = (value: string): boolean => (/\d/.test(value) ? value.replaceAll(/\D/g, '').length >= 7 : [...value].length >= 2)

function AlikeNote({ value, typed }: { value: unknown; typed: (value: string) => Typed }) {
  const say = useText()
  const words = useRested(typeof value === 'string' ? value.trim() : '')
  const { data } = useAsk(api.alike, typed(words), { enabled: enough(words) })
  if (!enough(words) || !data?.rows.length) return null
  return (
    <div className="field-hint" role="status">
      {say(said.perhaps)}
      <ul style={{ margin: 0, paddingInlineStart: 18 }}>
        {data.rows.map((one) => (
          <li key={one.id}>
            <Link
              style={{ textDecoration: 'underline' }}
              to={'/residents/person/$person' as never}
              params={{ person: one.id } as never}
            >
              {one.name}
            </Link>
            {` ${[one.address, one.age === null ? null : `${one.age} ${say(said.years)}`, phonesShown(one), one.reasons.map(say).join('、')].filter(Boolean).join(' · ')}`}
          </li>
        ))}
      </ul>
    </div>
  )
}

const shape = fieldsOf(PersonEntry)
const withNote =
  (name: 'name' | 'phone' | 'idNumber'): OwnInput =>
  (props: InputProps) => (
    <>
      <FieldInput field={shape.find((field) => field.name === name)!} {...props} />
      <AlikeNote value={props.value} typed={(value) => ({ [name]: value })} />
    </>
  )

/** Inputs of a person's form that say who may be registered already; `at` is where the person stands in the form. */
export const alikeInputs = (at: string): Record<string, OwnInput> => ({
  [`${at}.name`]: withNote('name'),
  [`${at}.phone`]: withNote('phone'),
  [`${at}.idNumber`]: withNote('idNumber'),
})
