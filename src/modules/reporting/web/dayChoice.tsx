// The day that a page is about, chosen beside its title.
import { fieldOf } from '#web/fields.ts'
import { FieldInput } from '#web/console/inputs.tsx'
import { useText } from '#web/language.ts'
import * as api from '../api.ts'

const field = fieldOf('day', api.dayOfReport.input.shape.day)

export function DayChoice({ day, onChange }: { day: string; onChange: (day: string | undefined) => void }) {
  const say = useText()
  return (
    <span className="filter">
      <label className="unseen" htmlFor="report-day">
        {say(field.label)}
      </label>
      <FieldInput compact id="report-day" field={field} value={day} onChange={(value) => onChange(value as string | undefined)} />
    </span>
  )
}
