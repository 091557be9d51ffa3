// Let dwellings on the console: how many rent here, what is missing, what changed; one dwelling beside the list.
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import type { Id } from '#core/ids.ts'
import { infoOf, labelOf } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { areas } from '#modules/territory/api.ts'
import { CommunityPicker, useCommunity } from '#modules/territory/web/pickers.tsx'
import { useFilters } from '#web/console/address.ts'
import { FormDrawer } from '#web/console/drawer.tsx'
import { ExportButton } from '#web/console/exporting.tsx'
import { Page } from '#web/console/page.tsx'
import { useAsk } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import { holds, useSession } from '#web/session.ts'
import * as api from '../tenancy.ts'
import { Choose, DwellingPicker } from './pickers.tsx'
import { RentalDrawer } from './tenancyDrawer.tsx'

const said = {
  grid: text('网格', 'Grid'),
  none: text('无', 'None'),
  unknown: text('未登记', 'Not on record'),
  empty: text('还没有出租房屋', 'No let dwelling yet'),
  emptyHint: text(
    '房屋性质是“出租”、有租客、或登记了房东的房屋会出现在这里。',
    'Dwellings said to be let, with tenants, or with a landlord on record stand here.',
  ),
}
const figures = ['dwellings', 'households', 'people', 'noLandlord', 'noTenants', 'hazards'] as const

export function RentalsPage() {
  const say = useText()
  const { roles } = useSession()
  const where = useCommunity()
  const wide = where.own ? {} : { community: where.community ?? '' }
  const navigate = useNavigate()
  const { dwelling } = useSearch({ strict: false }) as { dwelling?: Id }
  const [filters, setFilters] = useFilters(api.rentals)
  const [adding, setAdding] = useState(false)
  const enabled = where.community !== undefined
  const { data } = useAsk(api.rentalOverview, wide, { enabled })
  const grids = useAsk(areas, { under: where.community ?? '' }, { enabled }).data?.rows.filter((a) => a.level === 'grid') ?? []
  const names = new Map(grids.map((a) => [a.areaCode, a.name]))
  const open = (id: Id | undefined) => void navigate({ to: '.', search: ((now: object) => ({ ...now, dwelling: id })) as never })
  const opens = (key: (typeof figures)[number]) => () =>
    setFilters({ changed: undefined, having: api.RentalHaving.options.find((one) => one === key) })
  const placed = filters['grid'] ? { grid: filters['grid'] } : {}
  return (
    <Page
      title={api.rentals.title}
      figures={figures.map((key) => {
        const field = api.rentalOverview.output.shape[key]
        const unit = infoOf(field)?.unit
        return {
          key,
          title: labelOf(field, key),
          value: data?.[key],
          onOpen: opens(key),
          ...(unit ? { unit } : {}),
          ...(key === 'hazards' ? { tone: 'look' as const } : {}),
        }
      })}
      tools={
        <>
          {!where.own && <CommunityPicker {...where} />}
          <ExportButton of={api.exportRentals} input={{ ...wide, ...filters }} />
          {holds(api.declareTenancy.may, roles) && (
            <Button type="primary" onClick={() => setAdding(true)}>
              {say(api.declareTenancy.title)}
            </Button>
          )}
        </>
      }
    >
      {enabled && (
        <DataTable
          of={api.rentals}
          fixed={{ ...wide, ...placed }}
          filters={['having', 'changed']}
          columns={[
            'address',
            'landlordName',
            'landlordPhone',
            'tenants',
            'households',
            'people',
            'since',
            'changedAt',
            'grid',
            'hazards',
          ]}
          cells={{
            landlordName: (row) => row.landlordName ?? <Tone tone="look">{say(said.unknown)}</Tone>,
            tenants: (row) => (row.households > 0 ? row.tenants : <Tone tone="look">{say(said.unknown)}</Tone>),
            grid: (row) => (row.grid ? (names.get(row.grid) ?? row.grid) : say(said.none)),
            hazards: (row) => (row.hazards > 0 ? <Tone tone="danger">{row.hazards}</Tone> : 0),
          }}
          onOpen={(row) => open(row.id)}
          empty={{ title: said.empty, hint: said.emptyHint }}
          tools={
            <Choose
              compact
              of={say(said.grid)}
              options={grids.map((a) => ({ value: a.areaCode, label: a.name }))}
              value={filters['grid']}
              empty={say(said.none)}
              onChange={(grid) => setFilters({ grid })}
            />
          }
        />
      )}
      <RentalDrawer dwelling={dwelling} community={wide.community} onOpen={open} onClose={() => open(undefined)} />
      <FormDrawer
        of={api.declareTenancy}
        open={adding}
        onClose={() => setAdding(false)}
        fields={tenancyFields}
        onDone={(row) => open(row.id)}
        inputs={{ dwelling: (props) => <DwellingPicker {...props} /> }}
      />
    </Page>
  )
}

const tenancyFields = ['dwelling', 'declaredBy', 'since', 'members', 'landlordName', 'landlordPhone', 'note'] as const
