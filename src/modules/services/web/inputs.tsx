// Inputs of services' forms: a category or urgency of the rules, the household, a carer, items with their quantities.
import { Button, Flex, Input, InputNumber, Select } from 'antd'
import type { Text } from '#core/text.ts'
import { HouseholdPicker } from '#modules/residents/web/pickers.tsx'
import { AccountPicker } from '#modules/territory/web/pickers.tsx'
import type { InputProps, OwnInput } from '#web/console/inputs.tsx'
import { useText } from '#web/language.ts'
import { said } from './said.ts'

export type Coded = { readonly key: string; readonly title: Text }

const told = ({ id, describedBy, invalid }: InputProps) => ({
  id,
  ...(describedBy ? { 'aria-describedby': describedBy } : {}),
  ...(invalid ? { status: 'error' as const, 'aria-invalid': true } : {}),
})

/** One of the choices of the rules. */
export const codedInput = (choices: readonly Coded[]): OwnInput =>
  function CodedInput(props) {
    const say = useText()
    return (
      <Select
        {...told(props)}
        className="wide"
        value={(props.value as string | undefined) ?? null}
        notFoundContent={say(said.nothing)}
        allowClear={!props.required}
        options={choices.map((c) => ({ value: c.key, label: say(c.title) }))}
        onChange={(value: string | null) => props.onChange(value ?? undefined)}
      />
    )
  }

export const householdInput: OwnInput = (props) => <HouseholdPicker {...props} />
export const carerInput: OwnInput = (props) => <AccountPicker {...props} />

type Given = { item?: string; quantity?: number }

/** Items of a delivery, each with how many. */
export const itemsInput: OwnInput = function ItemsInput({ id, value, onChange, labelledBy }) {
  const say = useText()
  const rows = (value as Given[] | undefined)?.length ? (value as Given[]) : [{}]
  const put = (at: number, change: Given) => onChange(rows.map((row, i) => (i === at ? { quantity: 1, ...row, ...change } : row)))
  return (
    <div id={id} role="group" tabIndex={-1} {...(labelledBy ? { 'aria-labelledby': labelledBy } : {})}>
      {rows.map((row, i) => (
        <Flex key={i} gap={8} style={{ marginBottom: 8 }}>
          <Input
            aria-label={`${say(said.item)} ${i + 1}`}
            placeholder={say(said.item)}
            value={row.item ?? ''}
            onChange={(e) => put(i, { item: e.target.value })}
          />
          <InputNumber
            aria-label={`${say(said.quantity)} ${i + 1}`}
            min={0}
            controls={false}
            value={row.quantity ?? 1}
            onChange={(n) => put(i, { quantity: n ?? 1 })}
          />
          <Button
            aria-label={`${say(said.remove)} ${i + 1}`}
            disabled={rows.length === 1}
            onClick={() => onChange(rows.filter((_, at) => at !== i))}
          >
            ×
          </Button>
        </Flex>
      ))}
      <Button onClick={() => onChange([...rows, { item: '', quantity: 1 }])}>{say(said.addItem)}</Button>
    </div>
  )
}
