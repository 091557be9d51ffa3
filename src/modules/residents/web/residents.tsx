// The page of residents: how many live here, households in the order of a walk, finding somebody, one household beside the list.
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Flex, Input } from 'antd'
import { useId, useState } from 'react'
import { choiceText, infoOf, labelOf } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { areas } from '#modules/territory/api.ts'
import { CommunityPicker, useCommunity } from '#modules/territory/web/pickers.tsx'
import { useFilters } from '#web/console/address.ts'
import { FormDrawer } from '#web/console/drawer.tsx'
import { ExportButton } from '#web/console/exporting.tsx'
import type { InputProps } from '#web/console/inputs.tsx'
import { Card, Page } from '#web/console/page.tsx'
import { useAsk } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import { holds, useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { Tag } from '../model.ts'
import { alikeInputs } from './alike.tsx'
import { phonesShown } from './phones.tsx'
import { HouseholdDrawer } from './household.tsx'
import { Choose, DwellingPicker, useBuildings } from './pickers.tsx'

const said = {
  title: text('居民', 'Residents'),
  import: text('导入名册', 'Import a roster'),
  grid: text('网格', 'Grid'),
  building: text('楼栋', 'Building'),
  found: text('查找结果', 'Found'),
  empty: text('还没有登记住户', 'No households yet'),
  emptyHint: text(
    '可以逐户登记，也可以下载名册模板填好后导入。',
    'Register them one by one, or fill in the roster template and import it.',
  ),
  notFound: text('没有找到', 'Nobody found'),
  notFoundHint: text(
    '姓名从第一个字起，拼音可用全拼或首字母，房号可写 3-1-402。',
    'Names from their beginning, pinyin whole or as initials, rooms as 3-1-402.',
  ),
  none: text('无', 'None'),
}

/** The most members that a household is registered with at once. */
const mostMembers = 30
const registerInputs = {
  dwelling: (props: InputProps) => <DwellingPicker {...props} />,
  ...Object.assign({}, ...Array.from({ length: mostMembers }, (_, i) => alikeInputs(`members.${i}`))),
}

export function ResidentsPage() {
  const say = useText()
  const { roles } = useSession()
  const where = useCommunity()
  const wide = where.own ? {} : { community: where.community ?? '' }
  const [filters, setFilters] = useFilters(api.households)
  const [adding, setAdding] = useState(false)
  const navigate = useNavigate()
  const { data } = useAsk(api.overview, wide, { enabled: where.community !== undefined })
  const may = holds(api.register.may, roles)
  const figure = (key: 'households' | 'people' | 'minors' | 'noDocument' | 'noPhone', opens?: object) => ({
    key,
    title: labelOf(api.overview.output.shape[key], key),
    value: data?.[key],
    ...unitOf(key),
    ...(opens ? { onOpen: () => setFilters({ having: undefined, ...opens }) } : {}),
  })
  return (
    <Page
      title={said.title}
      figures={[
        figure('households', { tag: undefined }),
        figure('people'),
        figure('minors', { having: 'minors' }),
        figure('noDocument', { having: 'noDocument' }),
        figure('noPhone', { having: 'noPhone' }),
      ]}
      tools={
        <>
          {!where.own && <CommunityPicker {...where} />}
          {holds(api.roster.may, roles) && (
            <Button onClick={() => void navigate({ to: '/roster' as never })}>{say(said.import)}</Button>
          )}
          {may && (
            <Button type="primary" onClick={() => setAdding(true)}>
              {say(api.register.title)}
            </Button>
          )}
        </>
      }
    >
      {where.community && <Find wide={wide} />}
      {where.community && <Households wide={wide} filters={filters} setFilters={setFilters} community={where.community} />}
      <FormDrawer of={api.register} open={adding} onClose={() => setAdding(false)} inputs={registerInputs} />
    </Page>
  )
}

const unitOf = (key: keyof typeof api.overview.output.shape) => {
  const unit = infoOf(api.overview.output.shape[key])?.unit
  return unit ? { unit } : {}
}

/** Words that may name somebody stay out of the address, and are asked for once, when they are complete. */
function Find({ wide }: { wide: { community?: string } }) {
  const say = useText()
  const id = useId()
  const [{ words }, setWords] = useFilters(api.search)
  const [typed, setTyped] = useState(String(words ?? ''))
  const field = api.search.input.shape.words
  return (
    <>
      <Card title={api.search.title}>
        <label className="unseen" htmlFor={id}>
          {say(api.search.title)}
        </label>
        <Input.Search
          id={id}
          allowClear
          enterButton
          autoComplete="off"
          style={{ maxWidth: 480 }}
          placeholder={say(infoOf(field)?.hint ?? labelOf(field, ''))}
          value={typed}
          onChange={(e) => setTyped(e.target.value)}
          onSearch={(said) => setWords({ words: said.trim() || undefined })}
        />
      </Card>
      {words !== undefined && (
        <DataTable
          of={api.search}
          title={said.found}
          fixed={{ ...wide, words }}
          columns={['name', 'relation', 'sex', 'age', 'phone', 'address', 'tags']}
          empty={{ title: said.notFound, hint: said.notFoundHint }}
          cells={{
            phone: (row) => phonesShown(row) || '—',
            name: (row) => <ToPerson id={row.id} name={row.name} wide={wide} />,
            tags: (row) => <TagList of={row.tags} />,
          }}
        />
      )}
    </>
  )
}

// Addresses are known to the register alone, so the router's types cannot know them here.
const ToPerson = ({ id, name, wide }: { id: string; name: string; wide: object }) => (
  <Link to={'/residents/person/$person' as never} params={{ person: id } as never} search={wide as never}>
    {name}
  </Link>
)

function TagList({ of }: { of: readonly Tag[] }) {
  const say = useText()
  return (
    <Flex wrap gap={4}>
      {of.map((tag) => (
        <Tone key={tag} tone="info">
          {say(choiceText(Tag, tag))}
        </Tone>
      ))}
    </Flex>
  )
}

type Filters = Record<string, unknown>
type HouseholdsProps = {
  wide: { community?: string }
  filters: Filters
  setFilters: (change: Filters) => void
  community: string
}

function Households({ wide, filters, setFilters, community }: HouseholdsProps) {
  const say = useText()
  const navigate = useNavigate()
  const { household } = useSearch({ strict: false }) as { household?: string }
  const { data } = useAsk(areas, { under: community })
  const grids = (data?.rows ?? []).filter((a) => a.level === 'grid').map((a) => ({ value: a.areaCode, label: a.name }))
  const names = new Map(grids.map((g) => [g.value, g.label]))
  const buildings = useBuildings(wide.community)
  const open = (id: string | undefined) =>
    void navigate({ to: '.', search: ((now: object) => ({ ...now, household: id })) as never })
  const placed = Object.fromEntries((['grid', 'building'] as const).flatMap((key) => (filters[key] ? [[key, filters[key]]] : [])))
  return (
    <>
      <DataTable
        of={api.households}
        fixed={{ ...wide, ...placed }}
        filters={['tag', 'having']}
        columns={['address', 'head', 'phone', 'people', 'grid', 'tenure', 'tags']}
        cells={{
          grid: (row) => (row.grid ? (names.get(row.grid) ?? row.grid) : <Tone tone="look">{say(said.none)}</Tone>),
          tags: (row) => <TagList of={row.tags} />,
        }}
        onOpen={(row) => open(row.id)}
        empty={{ title: said.empty, hint: said.emptyHint }}
        tools={
          <>
            <Choose
              compact
              of={say(said.grid)}
              options={grids}
              value={filters['grid']}
              empty={say(said.none)}
              onChange={(grid) => setFilters({ grid })}
            />
            <Choose
              compact
              of={say(said.building)}
              options={buildings}
              value={filters['building']}
              empty={say(said.none)}
              onChange={(building) => setFilters({ building })}
            />
            <ExportButton of={api.exportResidents} input={{ ...wide, ...filters }} />
          </>
        }
      />
      <HouseholdDrawer household={household} community={wide.community} onClose={() => open(undefined)} />
    </>
  )
}
