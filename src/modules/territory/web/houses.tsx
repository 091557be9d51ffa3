// Compounds, buildings and dwellings of one community: lists, forms, and a building put into a grid in one action.
import { useState } from 'react'
import { text } from '#core/text.ts'
import { ActionButton, type Action } from '#web/console/action.tsx'
import { useFilters } from '#web/console/address.ts'
import { FormDrawer } from '#web/console/drawer.tsx'
import { ExportButton } from '#web/console/exporting.tsx'
import type { OwnInput } from '#web/console/inputs.tsx'
import { useAsk } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import * as api from '../api.ts'
import type { Compound } from '../model.ts'
import { BuildingsPicker } from './buildingsPicker.tsx'
import { GridPicker, UnitPicker } from './pickers.tsx'

const said = {
  onlyReading: text('当前岗位只能查看', 'Your present post may only read'),
  add: text('添加小区', 'Add a compound'),
  change: text('修改', 'Change'),
  addBuilding: text('添加楼栋', 'Add a building'),
  addUnit: text('添加单元', 'Add a unit'),
  addDwelling: text('添加房屋', 'Add a dwelling'),
  intoGrid: text('划入网格', 'Put into a grid'),
  noManager: text('无', 'None'),
  noGrid: text('未划入', 'In no grid'),
  noCompound: text('还没有小区', 'No compounds yet'),
  noBuilding: text('还没有楼栋', 'No buildings yet'),
  noDwelling: text('还没有房屋', 'No dwellings yet'),
  begin: text('可以逐个添加，也可以下载模板填好后导入。', 'Add them one by one, or fill in the template and load it.'),
}

type TabProps = { community: string; mayKeep: boolean }
const unless = (mayKeep: boolean) => (mayKeep ? undefined : said.onlyReading)

export function CompoundsTab({ community, mayKeep }: TabProps) {
  const say = useText()
  const [adding, setAdding] = useState(false)
  const [changed, setChanged] = useState<Compound>()
  const [into, setInto] = useState<string>()
  return (
    <>
      <DataTable
        of={api.compounds}
        fixed={{ community }}
        columns={['name', 'type', 'propertyManager', 'buildings', 'dwellings']}
        cells={{ propertyManager: (c) => c.propertyManager ?? <Tone tone="quiet">{say(said.noManager)}</Tone> }}
        empty={{ title: said.noCompound, hint: said.begin }}
        tools={<ActionButton label={said.add} type="primary" run={() => setAdding(true)} disabledReason={unless(mayKeep)} />}
        actions={(row): Action[] => [
          { label: said.change, run: () => setChanged(row), disabledReason: unless(mayKeep) },
          { label: said.addBuilding, run: () => setInto(row.id), disabledReason: unless(mayKeep) },
        ]}
      />
      <FormDrawer of={api.addCompound} open={adding} onClose={() => setAdding(false)} fixed={{ community }} />
      <FormDrawer
        of={api.changeCompound}
        open={changed !== undefined}
        onClose={() => setChanged(undefined)}
        draft={false}
        fixed={{ community, compound: changed?.id ?? '' }}
        initial={changed ? { name: changed.name, type: changed.type, propertyManager: changed.propertyManager } : {}}
      />
      <FormDrawer
        of={api.addBuilding}
        open={into !== undefined}
        onClose={() => setInto(undefined)}
        draft={false}
        fixed={{ community, compound: into ?? '' }}
      />
    </>
  )
}

type BuildingDoing = { verb: 'grid' | 'rename' | 'unit' | 'dwelling'; building: api.BuildingRow }

export function BuildingsTab({ community, mayKeep }: TabProps) {
  const say = useText()
  const [doing, setDoing] = useState<BuildingDoing>()
  const [several, setSeveral] = useState(false)
  const close = () => setDoing(undefined)
  const { data: areas } = useAsk(api.areas, { under: community })
  const names = new Map(areas?.rows.map((a) => [a.areaCode, a.name]))
  const fixed = { community, building: doing?.building.id ?? '' }
  const picks: Record<string, OwnInput> = {
    grid: (props) => <GridPicker {...props} community={community} />,
    unit: (props) => <UnitPicker {...props} {...fixed} />,
    buildings: (props) => <BuildingsPicker {...props} community={community} />,
  }
  const act = (verb: BuildingDoing['verb'], label: Action['label'], building: api.BuildingRow): Action => ({
    label,
    run: () => setDoing({ verb, building }),
    disabledReason: unless(mayKeep),
  })
  return (
    <>
      <DataTable
        of={api.buildings}
        fixed={{ community }}
        columns={['compoundName', 'name', 'units', 'dwellings', 'grids']}
        cells={{
          grids: ({ grids, dwellings }) =>
            grids.length === 0 ? (
              <Tone tone={dwellings > 0 ? 'look' : 'quiet'}>{say(said.noGrid)}</Tone>
            ) : (
              grids.map((g) => names.get(g) ?? g).join('、')
            ),
        }}
        empty={{ title: said.noBuilding, hint: said.begin }}
        tools={
          <>
            <ActionButton label={api.assignBuildings.title} run={() => setSeveral(true)} disabledReason={unless(mayKeep)} />
            <ExportButton of={api.exportBuildings} input={{ community }} />
          </>
        }
        actions={(row) => [
          act('grid', said.intoGrid, row),
          act('rename', said.change, row),
          act('unit', said.addUnit, row),
          act('dwelling', said.addDwelling, row),
        ]}
      />
      <FormDrawer
        of={api.assignBuildings}
        open={several}
        onClose={() => setSeveral(false)}
        draft={false}
        fixed={{ community }}
        inputs={picks}
      />
      <FormDrawer of={api.assignGrid} open={doing?.verb === 'grid'} onClose={close} draft={false} fixed={fixed} inputs={picks} />
      <FormDrawer
        of={api.changeBuilding}
        open={doing?.verb === 'rename'}
        onClose={close}
        draft={false}
        fixed={fixed}
        initial={{ name: doing?.building.name ?? '' }}
      />
      <FormDrawer of={api.addUnit} open={doing?.verb === 'unit'} onClose={close} draft={false} fixed={fixed} />
      <FormDrawer
        of={api.addDwelling}
        open={doing?.verb === 'dwelling'}
        onClose={close}
        draft={false}
        fixed={fixed}
        inputs={picks}
      />
    </>
  )
}

export function DwellingsTab({ community, mayKeep }: TabProps) {
  const say = useText()
  const [changed, setChanged] = useState<api.DwellingRow>()
  const [{ use, ungrouped }] = useFilters(api.dwellings)
  const { data: areas } = useAsk(api.areas, { under: community })
  const names = new Map(areas?.rows.map((a) => [a.areaCode, a.name]))
  return (
    <>
      <DataTable
        of={api.dwellings}
        fixed={{ community }}
        columns={['compoundName', 'buildingName', 'unitName', 'room', 'floor', 'use', 'grid']}
        filters={['use', 'ungrouped']}
        cells={{ grid: ({ grid }) => (grid ? (names.get(grid) ?? grid) : <Tone tone="look">{say(said.noGrid)}</Tone>) }}
        empty={{ title: said.noDwelling, hint: said.begin }}
        tools={
          <ExportButton
            of={api.exportDwellings}
            input={{ community, ...(use ? { use } : {}), ...(ungrouped ? { ungrouped } : {}) }}
          />
        }
        actions={(row) => [{ label: said.change, run: () => setChanged(row), disabledReason: unless(mayKeep) }]}
      />
      <FormDrawer
        of={api.changeDwelling}
        open={changed !== undefined}
        onClose={() => setChanged(undefined)}
        draft={false}
        fixed={{ community, dwelling: changed?.id ?? '' }}
        initial={changed ? { room: changed.room, floor: changed.floor, use: changed.use } : {}}
      />
    </>
  )
}
