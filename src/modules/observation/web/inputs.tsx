// Inputs of observation's forms: a category of the rules, conditions of a home, the members of a team, a resident, a place to be sealed.
import { Checkbox, Flex, Input, Select } from 'antd'
import { useState } from 'react'
import { text } from '#core/text.ts'
import type { InputProps, OwnInput } from '#web/console/inputs.tsx'
import { useAsk } from '#web/console/query.ts'
import { useText } from '#web/language.ts'
import { household } from '#modules/residents/api.ts'
import { Choose, HouseholdPicker, useBuildings } from '#modules/residents/web/pickers.tsx'
import { buildings, units } from '#modules/territory/api.ts'
import type { TeamMember } from '../model.ts'
import { teamRoles, type Category, type Condition, type TeamRule } from '../rules.ts'
import { said } from './said.ts'

export type Rules = {
  readonly categories: readonly Category[]
  readonly conditions: readonly Condition[]
  readonly teams: readonly TeamRule[]
}

const told = ({ id, describedBy, invalid }: InputProps) => ({
  id,
  ...(describedBy ? { 'aria-describedby': describedBy } : {}),
  ...(invalid ? { status: 'error' as const, 'aria-invalid': true } : {}),
})

export const categoryInput = (rules: Rules): OwnInput =>
  function CategoryInput(props) {
    const say = useText()
    return (
      <Select
        {...told(props)}
        className="wide"
        value={(props.value as string | undefined) ?? null}
        notFoundContent={say(said.noRules)}
        options={rules.categories.map((c) => ({
          value: c.key,
          label: c.days === null ? say(c.title) : `${say(c.title)} · ${c.days} ${say(text('天', 'days'))}`,
        }))}
        onChange={(value: string | null) => props.onChange(value ?? undefined)}
      />
    )
  }

export const conditionsInput = (rules: Rules): OwnInput =>
  function ConditionsInput({ id, value, onChange, labelledBy }) {
    const say = useText()
    const has = (value as Record<string, boolean> | undefined) ?? {}
    return (
      <div id={id} role="group" tabIndex={-1} {...(labelledBy ? { 'aria-labelledby': labelledBy } : {})}>
        <p className="field-hint">{say(said.allMustBe)}</p>
        {rules.conditions.map((c) => (
          <div key={c.key}>
            <Checkbox checked={has[c.key] === true} onChange={(e) => onChange({ ...has, [c.key]: e.target.checked })}>
              {say(c.title)}
              {c.required && ' *'}
            </Checkbox>
          </div>
        ))}
      </div>
    )
  }

/** Name and number of each role of the team; a role of which nothing is said is left out and can be written on the card by hand. */
export const teamInput = (rule: TeamRule | undefined): OwnInput =>
  function TeamInput({ id, value, onChange }) {
    const say = useText()
    const team = (value as Partial<TeamMember>[] | undefined) ?? []
    const roles = rule?.roles ?? ['gridWorker', 'medic']
    const put = (role: string, change: Partial<TeamMember>) => {
      const next = { role, name: '', phone: '', ...team.find((m) => m.role === role), ...change }
      const others = team.filter((m) => m.role !== role)
      onChange(next.name || next.phone ? [...others, next] : others)
    }
    return (
      <div id={id} role="group" tabIndex={-1}>
        {roles.map((role) => {
          const words = teamRoles[role] ? say(teamRoles[role]) : role
          const one = team.find((m) => m.role === role)
          return (
            <Flex key={role} gap={8} align="center" wrap style={{ marginBottom: 8 }}>
              <span style={{ minWidth: 96 }}>{words}</span>
              <Input
                style={{ flex: '1 1 110px' }}
                aria-label={`${words} ${say(said.name)}`}
                placeholder={say(said.name)}
                value={one?.name ?? ''}
                onChange={(e) => put(role, { name: e.target.value })}
              />
              <Input
                style={{ flex: '1 1 130px' }}
                inputMode="tel"
                aria-label={`${words} ${say(said.phone)}`}
                placeholder={say(said.phone)}
                value={one?.phone ?? ''}
                onChange={(e) => put(role, { phone: e.target.value })}
              />
            </Flex>
          )
        })}
      </div>
    )
  }

/** A resident, by building, household and name. */
export function PersonPicker(props: InputProps) {
  const say = useText()
  const [home, setHome] = useState<string>()
  const { data } = useAsk(household, { household: home ?? '' }, { enabled: home !== undefined })
  return (
    <Flex vertical gap={8}>
      <HouseholdPicker
        {...props}
        id={`${props.id}home`}
        value={home}
        onChange={(one) => {
          setHome(one as string | undefined)
          props.onChange(undefined)
        }}
      />
      <Choose
        told={told(props)}
        of={say(said.person)}
        disabled={!home}
        value={props.value}
        empty={say(said.nobody)}
        options={(data?.rows ?? []).map((m) => ({ value: m.id, label: m.name }))}
        onChange={props.onChange}
      />
    </Flex>
  )
}

/** Somebody of age of the same household. */
export const guardianInput = (adults: readonly { id: string; name: string }[]): OwnInput =>
  function GuardianInput(props) {
    const say = useText()
    return (
      <Choose
        told={told(props)}
        of={say(said.guardian)}
        value={props.value}
        empty={say(said.nobody)}
        options={adults.map((a) => ({ value: a.id, label: a.name }))}
        onChange={props.onChange}
      />
    )
  }

/** What is to be sealed: its building, then a unit of it; a compound or a garage through any of its buildings. */
export const placeInput = (scope: string | undefined): OwnInput =>
  function PlaceInput(props) {
    const say = useText()
    const [building, setBuilding] = useState<string>()
    const all = useBuildings(undefined)
    const { data } = useAsk(buildings, {})
    const inside = useAsk(units, { building: building ?? '' }, { enabled: scope === 'unit' && building !== undefined })
    const pick = (one: string | undefined) => {
      setBuilding(one)
      const compound = data?.rows.find((b) => b.id === one)?.compound
      props.onChange(scope === 'unit' ? undefined : scope === 'building' ? one : compound)
    }
    const compounds = [...new Map((data?.rows ?? []).map((b) => [b.compound, b.compoundName])).entries()].map(
      ([value, label]) => ({ value, label }),
    )
    if (scope === 'compound' || scope === 'garage') {
      return (
        <Choose
          told={told(props)}
          of={say(text('选择小区', 'Choose the compound'))}
          value={props.value}
          empty={say(said.nobody)}
          options={compounds}
          onChange={props.onChange}
        />
      )
    }
    return (
      <Flex vertical gap={8}>
        <Choose
          {...(scope === 'unit' ? {} : { told: told(props) })}
          of={say(said.building)}
          value={building}
          empty={say(said.nobody)}
          options={all}
          onChange={pick}
        />
        {scope === 'unit' && (
          <Choose
            told={told(props)}
            of={say(said.unit)}
            disabled={!building}
            value={props.value}
            empty={say(said.nobody)}
            options={(inside.data?.rows ?? []).map((u) => ({ value: u.id, label: u.name }))}
            onChange={props.onChange}
          />
        )}
      </Flex>
    )
  }
