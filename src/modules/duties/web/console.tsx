// Today on the console: how the day stands, every slot by building and need, what is nobody's, and giving duties to somebody.
import { useNavigate } from '@tanstack/react-router'
import { Button, Checkbox, Skeleton, Switch } from 'antd'
import { useId, useState, type ReactNode } from 'react'
import { sayMinute } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { areas } from '#modules/territory/api.ts'
import { Choose } from '#modules/residents/web/pickers.tsx'
import { ActionButton } from '#web/console/action.tsx'
import { useFilters } from '#web/console/address.ts'
import { ConfirmReason } from '#web/console/confirm.tsx'
import { FormDrawer, Side } from '#web/console/drawer.tsx'
import type { InputProps } from '#web/console/inputs.tsx'
import { ProblemNote } from '#web/console/notify.tsx'
import { EmptyNote, Page, type Figure } from '#web/console/page.tsx'
import { useAsk, useRows, useTell } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { shownOf, words } from '#web/console/words.ts'
import { sayNumber, useLanguage, useText } from '#web/language.ts'
import { holds, useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { SlotState, statesByNeed } from '../model.ts'
import './today.css'
import { byBuilding, doorOf, tones, windowOf, type Group } from './words.ts'

const said = {
  title: text('今日任务', 'Today'),
  unit: text('项', 'slots'),
  nobodys: text('无人负责', 'Nobody’s'),
  duties: text('项', 'duties'),
  empty: text('今天没有任务', 'Nothing to do today'),
  emptyHint: text(
    '有观察、关爱或日常消毒等安排后，当天要做的会按楼栋列在这里。',
    'Once there are orders, care or daily rounds, what is due stands here by building.',
  ),
  subject: text('对象', 'About'),
  duty: text('任务', 'Duty'),
  window: text('时段', 'Window'),
  state: text('状态', 'State'),
  owner: text('负责人', 'Owner'),
  nobody: text('无人', 'Nobody'),
  late: text('迟办', 'late'),
  do: text('办理', 'Do it'),
  excuse: text('免办', 'Excuse'),
  unexcuse: text('撤销免办', 'Take back'),
  excuseWhy: text('只免去这一个时段，原因留在记录里。', 'This one window only; the reason stays in the record.'),
  mine: text('只看我的', 'Mine only'),
  grid: text('网格', 'Grid'),
  building: text('楼栋', 'Building'),
  kind: text('任务类别', 'Kind'),
  none: text('无', 'None'),
  choose: text('选中', 'Choose'),
  assign: text('指派所选', 'Assign chosen'),
  chooseFirst: text('请先勾选任务', 'Tick duties first'),
  noUnassigned: text('每项任务都有人负责', 'Every duty has an owner'),
  first: text(
    '请在“区域与房屋”为网格设责任人，或在这里勾选后指派。',
    'Name who answers for the grid on the page of areas, or assign duties here.',
  ),
  loadMore: text('加载更多', 'Load more'),
}

/** `above` stands over the list: what somebody should do before there is anything to do. */
export function TodayPage({ above }: { above?: ReactNode }) {
  const { roles } = useSession()
  const [filters, setFilters] = useFilters(api.today)
  const [chosen, setChosen] = useState<ReadonlySet<Id>>(new Set())
  const [assigning, setAssigning] = useState<readonly Id[]>()
  const [orphans, setOrphans] = useState(false)
  const leads = holds(api.assign.may, roles)
  const { state: _, after: __, limit: ___, ...where } = filters
  const counts = useAsk(api.summary, where)
  const over = useAsk(api.overview, {}, { enabled: leads })
  const figures: Figure[] = statesByNeed.map((state) => ({
    key: state,
    title: choiceText(SlotState, state),
    unit: said.unit,
    value: counts.data?.rows.reduce((n, row) => n + row[state], 0),
    ...(state === 'overdue' || state === 'missed' ? { tone: 'danger' as const } : {}),
    onOpen: () => setFilters({ state: filters['state'] === state ? undefined : state }),
  }))
  if (leads) {
    figures.push({
      key: 'nobody',
      title: said.nobodys,
      unit: said.duties,
      value: over.data?.unassigned,
      tone: 'look',
      onOpen: () => setOrphans(true),
    })
  }
  const tools = leads && (
    <ActionButton
      label={said.assign}
      type="primary"
      run={() => setAssigning([...chosen])}
      disabledReason={chosen.size === 0 ? said.chooseFirst : undefined}
    />
  )
  return (
    <Page title={said.title} figures={figures} tools={tools}>
      {above}
      <Slots
        filters={filters}
        setFilters={setFilters}
        chosen={leads ? chosen : undefined}
        counts={counts.data}
        onChoose={(duty) => setChosen(new Set(chosen.has(duty) ? [...chosen].filter((id) => id !== duty) : [...chosen, duty]))}
      />
      <Nobodys
        open={orphans}
        onClose={() => setOrphans(false)}
        onAssign={(duty) => {
          setOrphans(false)
          setAssigning([duty])
        }}
      />
      <FormDrawer
        of={api.assign}
        open={assigning !== undefined}
        onClose={() => setAssigning(undefined)}
        draft={false}
        fixed={{ duties: [...(assigning ?? [])] }}
        fields={['account', 'why']}
        initial={{ account: null }}
        inputs={{ account: (props) => <HelperPicker {...props} /> }}
        onDone={() => setChosen(new Set())}
      />
    </Page>
  )
}

type Filters = Record<string, unknown>
type Counts = {
  rows: readonly { kind: string; title: { zh: string; en: string } }[]
  buildings: readonly { id: Id; name: string | null }[]
}
type SlotsProps = {
  filters: Filters
  setFilters: (change: Filters) => void
  counts: Counts | undefined
  /** Duties that are ticked; undefined for whoever assigns nothing. */
  chosen: ReadonlySet<Id> | undefined
  onChoose: (duty: Id) => void
}

function Slots({ filters, setFilters, chosen, onChoose, counts }: SlotsProps) {
  const say = useText()
  const language = useLanguage()
  const list = useRows(api.today, { ...filters, limit: 200 })
  const groups = byBuilding(list.rows)
  const today = list.rows.reduce((last, { day }) => (day > last ? day : last), '')
  const filtered = Object.keys(filters).length > 0
  return (
    <section className="card ledger" aria-label={say(said.title)} aria-busy={list.loading}>
      <Bar filters={filters} setFilters={setFilters} counts={counts} />
      {list.problem && <ProblemNote problem={list.problem} onRetry={list.again} />}
      {list.loading && !list.problem && (
        <div className="ledger-wait">
          <Skeleton active title={false} paragraph={{ rows: 6 }} />
        </div>
      )}
      {!list.loading &&
        !list.problem &&
        list.rows.length === 0 &&
        (filtered ? (
          <EmptyNote
            title={words.none}
            hint={words.noneHint}
            action={
              <Button onClick={() => setFilters(Object.fromEntries(Object.keys(filters).map((name) => [name, undefined])))}>
                {say(words.clearFilters)}
              </Button>
            }
          />
        ) : (
          <EmptyNote title={said.empty} hint={said.emptyHint} />
        ))}
      {list.rows.length > 0 && (
        <div className="rows" tabIndex={0} role="region" aria-label={say(said.title)}>
          <table className="today">
            <thead>
              <tr>
                {chosen && (
                  <th scope="col">
                    <span className="unseen">{say(said.choose)}</span>
                  </th>
                )}
                {[said.subject, said.duty, said.window, said.state, said.owner].map((head) => (
                  <th key={head.en} scope="col">
                    {say(head)}
                  </th>
                ))}
                <th scope="col" className="row-actions">
                  {say(words.actions)}
                </th>
              </tr>
            </thead>
            {groups.map((group) => (
              <Building key={group.key} of={group} today={today} chosen={chosen} onChoose={onChoose} />
            ))}
          </table>
        </div>
      )}
      {list.rows.length > 0 && (
        <div className="ledger-foot">
          <span role="status">
            {say(shownOf(sayNumber(list.rows.length, language), sayNumber(list.total ?? list.rows.length, language)))}
          </span>
          {list.more && (
            <Button onClick={list.more} loading={list.loadingMore}>
              {say(said.loadMore)}
            </Button>
          )}
        </div>
      )}
    </section>
  )
}

function Bar({ filters, setFilters, counts }: Pick<SlotsProps, 'filters' | 'setFilters' | 'counts'>) {
  const say = useText()
  const { post, roles } = useSession()
  const id = useId()
  const wide = (post?.area.length ?? 17) < 17
  const { data } = useAsk(areas, { under: post?.area.slice(0, 14) ?? '' }, { enabled: wide })
  const grids = (data?.rows ?? []).filter((a) => a.level === 'grid').map((a) => ({ value: a.areaCode, label: a.name }))
  const kinds = (counts?.rows ?? []).map((row) => ({ value: row.kind, label: say(row.title) }))
  const buildings = (counts?.buildings ?? []).map((b) => ({ value: b.id, label: b.name ?? '—' }))
  const choice = (name: string, label: typeof said.kind, options: readonly { value: string; label: string }[]) => (
    <Choose
      compact
      of={say(label)}
      options={options}
      value={filters[name]}
      empty={say(said.none)}
      onChange={(value) => setFilters({ [name]: value })}
    />
  )
  return (
    <div className="ledger-bar">
      <div className="filters" role="search">
        {choice(
          'state',
          said.state,
          statesByNeed.map((value) => ({ value, label: say(choiceText(SlotState, value)) })),
        )}
        {choice('kind', said.kind, kinds)}
        {choice('building', said.building, buildings)}
        {wide && choice('grid', said.grid, grids)}
      </div>
      {holds(api.seesAll, roles) && (
        <label className="today-mine" htmlFor={id}>
          <Switch
            id={id}
            size="small"
            checked={filters['mine'] === true}
            onChange={(on) => setFilters({ mine: on || undefined })}
          />{' '}
          {say(said.mine)}
        </label>
      )}
    </div>
  )
}

function Building({
  of: { name, rows },
  today,
  chosen,
  onChoose,
}: { of: Group; today: string } & Pick<SlotsProps, 'chosen' | 'onChoose'>) {
  const say = useText()
  return (
    <tbody>
      <tr className="today-building">
        <th scope="rowgroup" colSpan={chosen ? 7 : 6}>
          {say(name)} <span className="code">{rows.length}</span>
        </th>
      </tr>
      {rows.map((row) => (
        <Line key={`${row.duty} ${row.day} ${row.slot}`} of={row} today={today} chosen={chosen} onChoose={onChoose} />
      ))}
    </tbody>
  )
}

function Line({
  of: row,
  today,
  chosen,
  onChoose,
}: { of: api.SlotRow; today: string } & Pick<SlotsProps, 'chosen' | 'onChoose'>) {
  const say = useText()
  const language = useLanguage()
  const go = useNavigate()
  const [asking, setAsking] = useState(false)
  const [excuse, unexcuse] = [useTell(api.excuse), useTell(api.unexcuse)]
  const slot = { duty: row.duty, day: row.day, slot: row.slot }
  const about = [doorOf(row), row.name].filter(Boolean).join(' ') || row.buildingName || row.compound || '—'
  const settled = row.state === 'done' || row.state === 'excused'
  const close = () => setAsking(false)
  const done = async (outcome: Promise<unknown>) => {
    if ((await outcome) !== undefined) close()
  }
  return (
    <tr>
      {chosen && (
        <td>
          <Checkbox
            checked={chosen.has(row.duty)}
            onChange={() => onChoose(row.duty)}
            aria-label={`${say(said.choose)} ${about}`}
          />
        </td>
      )}
      <td>{about}</td>
      <td>{say(row.title)}</td>
      <td className="nowrap">
        {say(row.slotTitle)} <span className="code">{windowOf(row, today)}</span>
      </td>
      <td>
        <Tone tone={tones[row.state]}>{say(choiceText(SlotState, row.state))}</Tone>
        {row.doneAt && (
          <>
            {' '}
            <span className="code">
              {sayMinute(row.doneAt, language)}
              {row.late ? ` ${say(said.late)}` : ''}
            </span>
          </>
        )}
        {row.excuse && <div>{row.excuse}</div>}
      </td>
      <td>{row.ownerName ?? <Tone tone="look">{say(said.nobody)}</Tone>}</td>
      <td className="row-actions">
        <span className="row-action-list">
          {!settled && row.state !== 'missed' && (
            <ActionButton label={said.do} type="link" size="small" about={about} run={() => void go({ to: row.path as never })} />
          )}
          {!settled && <ActionButton label={said.excuse} type="link" size="small" about={about} run={() => setAsking(true)} />}
          {row.state === 'excused' && (
            <ActionButton
              label={said.unexcuse}
              type="link"
              size="small"
              about={about}
              run={() => {
                void unexcuse.tell(slot)
              }}
            />
          )}
        </span>
        <ConfirmReason
          open={asking}
          title={said.excuse}
          explain={said.excuseWhy}
          busy={excuse.busy}
          problem={excuse.problem}
          onConfirm={(why) => void done(excuse.tell({ ...slot, why }))}
          onClose={close}
        />
      </td>
    </tr>
  )
}

/** Duties that nobody answers for. */
function Nobodys({ open, onClose, onAssign }: { open: boolean; onClose: () => void; onAssign: (duty: Id) => void }) {
  return (
    <Side title={said.nobodys} open={open} onClose={onClose} wide>
      {open && (
        <DataTable
          of={api.unassigned}
          columns={['title', 'buildingName', 'unitName', 'room', 'name', 'startsOn', 'lastDay']}
          cells={{ title: (row) => <DutyTitle of={row} /> }}
          empty={{ title: said.noUnassigned, hint: said.first }}
          actions={(row) => [{ label: api.assign.title, run: () => onAssign(row.id) }]}
        />
      )}
    </Side>
  )
}

const DutyTitle = ({ of }: { of: api.DutyRow }) => <>{useText()(of.title)}</>

function HelperPicker(props: InputProps) {
  const say = useText()
  const { data } = useAsk(api.helpers, {})
  return (
    <Choose
      of={say(text('接手人', 'To whom'))}
      value={props.value}
      onChange={(account) => props.onChange(account ?? null)}
      empty={say(said.none)}
      options={(data?.rows ?? []).map((h) => ({ value: h.account, label: h.name }))}
      told={{ id: props.id, ...(props.describedBy ? { 'aria-describedby': props.describedBy } : {}) }}
    />
  )
}
