// Access on the console: passes by building, issued and stopped, and printed as cards with their list to sign.
import { Select } from 'antd'
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { ask } from '#web/api.ts'
import { ActionButton } from '#web/console/action.tsx'
import { useFilters } from '#web/console/address.ts'
import { FormDrawer } from '#web/console/drawer.tsx'
import type { OwnInput } from '#web/console/inputs.tsx'
import { useNotify } from '#web/console/notify.tsx'
import { Page } from '#web/console/page.tsx'
import { usePrint } from '#web/console/print.tsx'
import { DataTable } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import { holds, useSession } from '#web/session.ts'
import { Choose, HouseholdPicker, useBuildings } from '#modules/residents/web/pickers.tsx'
import { CommunityPicker, useCommunity } from '#modules/territory/web/pickers.tsx'
import * as api from '../api.ts'
import { Standing } from '../model.ts'
import { Cards, type Layout } from './cards.tsx'

const said = {
  title: text('出入管理', 'Access'),
  none: text('还没有发过出入证', 'No passes yet'),
  noneHint: text(
    '点“整栋发证”，给一栋楼每户发一张，再打印卡片和签收单。',
    'Issue a building: one pass for each household, then print the cards and the list to sign.',
  ),
  mayNot: text('您的岗位不能发证', 'Your post cannot issue passes'),
  stopped: text('这张证已停用', 'This pass is stopped'),
  notGood: text('只能打印有效的证', 'Only good passes are printed'),
  stop: text('停用', 'Stop'),
  print: text('打印', 'Print'),
  printBuilding: text('打印整栋', 'Print a building'),
  chooseBuilding: text('请先在筛选里选择楼栋', 'Choose a building in the filters first'),
  layout: text('每页张数', 'Cards on a page'),
  four: text('A4 每页 4 张（12×8 厘米）', '4 on A4 (12 × 8 cm)'),
  eight: text('A4 每页 8 张（小卡）', '8 on A4 (small)'),
  building: text('楼栋', 'Building'),
  noBuildings: text('还没有楼栋，请先在“区域与房屋”里添加。', 'No buildings yet. Add them under Areas and houses.'),
  people: text(
    '丢了、借出了、过期了都不影响居民本人通行：门岗按房号查找即可。',
    'A lost, lent or expired card keeps nobody in: the gate looks the person up by room.',
  ),
}
const tones: Record<Standing, 'ok' | 'info' | 'quiet' | 'look'> = {
  good: 'ok',
  notYet: 'info',
  expired: 'quiet',
  stopped: 'look',
}

type Asked = { pass: string } | { batch: string } | { building: string }

/** Fetches cards and opens the print dialogue with them. */
function usePrintCards(layout: Layout, here: { community?: string }) {
  const print = usePrint()
  const notify = useNotify()
  const [busy, setBusy] = useState(false)
  return {
    busy,
    printCards: async (asked: Asked) => {
      setBusy(true)
      try {
        await print(<Cards printed={await ask(api.cards, { ...here, ...asked })} layout={layout} />)
      } catch (error) {
        notify.refused(asProblem(error))
      } finally {
        setBusy(false)
      }
    },
  }
}

export function AccessPage() {
  const say = useText()
  const { roles } = useSession()
  const where = useCommunity()
  const here = where.own || !where.community ? {} : { community: where.community }
  const [filters] = useFilters(api.passes)
  const [layout, setLayout] = useState<Layout>('four')
  const [form, setForm] = useState<'one' | 'building'>()
  const [stopping, setStopping] = useState<string>()
  const { busy, printCards } = usePrintCards(layout, here)
  const mayNot = holds(api.issue.may, roles) ? undefined : said.mayNot
  const building = filters['building'] as string | undefined
  return (
    <Page
      title={said.title}
      tools={
        <>
          {!where.own && <CommunityPicker {...where} />}
          <ActionButton label={api.issue.title} run={() => setForm('one')} disabledReason={mayNot} />
          <ActionButton label={api.issueBuilding.title} type="primary" run={() => setForm('building')} disabledReason={mayNot} />
        </>
      }
    >
      <p>{say(said.people)}</p>
      <BuildingFilter community={here.community} />
      <DataTable
        of={api.passes}
        columns={[
          'address',
          'name',
          'kind',
          'standing',
          'firstDay',
          'lastDay',
          'shortCode',
          'proxyName',
          'issuedAt',
          'issuedByName',
        ]}
        filters={['kind', 'state']}
        fixed={{ ...here, ...(building ? { building } : {}) }}
        empty={{ title: said.none, hint: said.noneHint }}
        cells={{
          standing: (row) => <Tone tone={tones[row.standing]}>{say(choiceText(Standing, row.standing))}</Tone>,
          shortCode: (row) => <span className="code">{row.shortCode}</span>,
        }}
        actions={(row) => [
          {
            label: said.print,
            run: () => void printCards({ pass: row.id }),
            disabledReason: mayNot ?? (row.standing === 'good' || row.standing === 'notYet' ? undefined : said.notGood),
          },
          {
            label: said.stop,
            danger: true,
            run: () => setStopping(row.id),
            disabledReason: mayNot ?? (row.standing === 'stopped' ? said.stopped : undefined),
          },
        ]}
        tools={
          <>
            <Select
              aria-label={say(said.layout)}
              value={layout}
              onChange={setLayout}
              options={[
                { value: 'four', label: say(said.four) },
                { value: 'eight', label: say(said.eight) },
              ]}
            />
            <ActionButton
              label={said.printBuilding}
              loading={busy}
              run={() => void printCards({ building: building ?? '' })}
              disabledReason={mayNot ?? (building ? undefined : said.chooseBuilding)}
            />
          </>
        }
      />
      <FormDrawer
        of={api.issue}
        open={form === 'one'}
        onClose={() => setForm(undefined)}
        draft={false}
        fixed={here}
        onDone={({ id }) => void printCards({ pass: id })}
        fields={['household', 'kind', 'firstDay', 'days', 'proxyName']}
        inputs={{ household: (props) => <HouseholdPicker {...props} /> }}
      />
      <FormDrawer
        of={api.issueBuilding}
        open={form === 'building'}
        onClose={() => setForm(undefined)}
        draft={false}
        fixed={here}
        onDone={({ batch }) => void printCards({ batch })}
        fields={['building', 'kind', 'firstDay', 'days']}
        inputs={{ building: buildingInput }}
      />
      <FormDrawer
        of={api.stop}
        open={stopping !== undefined}
        onClose={() => setStopping(undefined)}
        draft={false}
        fixed={{ ...here, pass: stopping ?? '' }}
        fields={['why']}
      />
    </Page>
  )
}

const buildingInput: OwnInput = (props) => <BuildingInput {...props} />
function BuildingInput(props: Parameters<OwnInput>[0]) {
  const say = useText()
  return (
    <Choose
      told={{ id: props.id }}
      of={say(said.building)}
      options={useBuildings(undefined)}
      value={props.value}
      empty={say(said.noBuildings)}
      onChange={props.onChange}
    />
  )
}

function BuildingFilter({ community }: { community: string | undefined }) {
  const say = useText()
  const [filters, setFilters] = useFilters(api.passes)
  const all = useBuildings(community)
  return (
    <Choose
      compact
      of={say(said.building)}
      options={all}
      value={filters['building']}
      empty={say(said.noBuildings)}
      onChange={(building) => setFilters({ building })}
    />
  )
}
