// Packs and their versions: brought in or written by one person, read in words, approved by another.
import { Select } from 'antd'
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { AreaPicker } from '#modules/identity/web/pickers.tsx'
import { ActionButton, type Action } from '#web/console/action.tsx'
import { FormDrawer, RecordWords, Side } from '#web/console/drawer.tsx'
import type { InputProps } from '#web/console/inputs.tsx'
import { ProblemNote, useNotify } from '#web/console/notify.tsx'
import { Card, EmptyNote } from '#web/console/page.tsx'
import { useAsk, useTell } from '#web/console/query.ts'
import { Rows } from '#web/console/table.tsx'
import { Tone, type ToneName } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import { useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { RuleWords, ValuesInput } from './values.tsx'
import { versionsOf } from './lists.ts'

const said = {
  bring: text('引入随附的规则包', 'Bring in a shipped pack'),
  next: text('新建一版', 'New version'),
  approve: text('复核并生效', 'Approve'),
  approved: text('已复核', 'Approved already'),
  second: text('须由起草人以外的另一人复核', 'Somebody other than the author has to approve it'),
  outside: text('由该区域所在层级办理', 'Done by the level of that area'),
  onlyReading: text('当前岗位只能查看', 'Your present post may only read'),
  empty: text('还没有规则包', 'No packs yet'),
  emptyHint: text('可先引入随附的历史示例，改成本地规定后由另一人复核。', 'Bring in the historical example, adapt it to local rules, and have another person approve it.'),
  choose: text('选择规则包', 'Choose a pack'),
}
export const toneOf: Record<api.VersionState, ToneName> = {
  draft: 'look', coming: 'info', inForce: 'ok', waiting: 'info', replaced: 'quiet', past: 'quiet',
}

export function PacksTab({ mayRule }: { mayRule: boolean }) {
  const say = useText()
  const { post } = useSession()
  const { data, error } = useAsk(api.packs, {})
  const [bringing, setBringing] = useState(false)
  const [open, setOpen] = useState<string>()
  const [next, setNext] = useState<api.PackRow>()
  const notMine = (area: string) => (!mayRule ? said.onlyReading : area.startsWith(post?.area ?? '') ? undefined : said.outside)
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      <div className="page-tools">
        <ActionButton label={said.bring} type="primary" run={() => setBringing(true)} disabledReason={mayRule ? undefined : said.onlyReading} />
      </div>
      {error && <ProblemNote problem={error} />}
      {data?.rows.length === 0 && <EmptyNote title={said.empty} hint={said.emptyHint} />}
      {data?.rows.map((pack) => (
        <Card key={pack.id} title={text(`${pack.title} · ${pack.areaName}`, `${pack.title} · ${pack.areaName}`)} tools={
          <ActionButton label={said.next} run={() => setNext(pack)} disabledReason={notMine(pack.areaCode)} about={pack.title} />
        }>
          <Rows
            of={versionsOf} rows={pack.versions} title={text(pack.title, pack.title)} onOpen={({ id }) => setOpen(id)}
            columns={['number', 'state', 'effectiveFrom', 'effectiveTo', 'document', 'level', 'rules', 'authorName', 'approvedByName']}
            cells={{ state: ({ state }) => <Tone tone={toneOf[state]}>{say(choiceText(api.VersionState, state))}</Tone> }} />
        </Card>
      ))}
      <FormDrawer
        of={api.importPack} open={bringing} onClose={() => setBringing(false)} draft={false} initial={{ areaCode: post?.area ?? '' }}
        inputs={{ areaCode: (props) => <AreaPicker {...props} />, shipped: (props) => <ShippedPicker {...props} /> }} />
      <VersionDrawer id={open} notMine={notMine} onClose={() => setOpen(undefined)} />
      {next && <NextVersion pack={next} onClose={() => setNext(undefined)} />}
    </div>
  )
}

function ShippedPicker({ id, value, onChange, onBlur, invalid }: InputProps) {
  const say = useText()
  const { data } = useAsk(api.shipped, {})
  const chosen = data?.rows.find((pack) => pack.key === value)
  return (
    <>
      <Select
        id={id} className="wide" placeholder={say(said.choose)} value={(value as string | undefined) ?? null} onChange={onChange}
        {...(onBlur ? { onBlur } : {})} {...(invalid ? { status: 'error' as const } : {})}
        options={(data?.rows ?? []).map((pack) => ({ value: pack.key, label: say(pack.title) }))} />
      {chosen && <p className="field-hint">{say(chosen.note)}</p>}
    </>
  )
}

type VersionProps = { id: string | undefined; notMine: (area: string) => Action['disabledReason']; onClose: () => void }

function VersionDrawer({ id, notMine, onClose }: VersionProps) {
  const { account } = useSession()
  const notify = useNotify()
  const { data } = useAsk(api.version, { version: id ?? '' }, { enabled: id !== undefined })
  const approve = useTell(api.approveVersion)
  const shown = id === undefined ? undefined : data
  const why = shown && (notMine(shown.areaCode) ?? (shown.approvedBy ? said.approved : shown.author === account ? said.second : undefined))
  const run = async () => { if (await approve.tell({ version: id! })) { notify.done(); onClose() } }
  return (
    <Side title={text(shown?.packTitle ?? '', shown?.packTitle ?? '')} open={id !== undefined} onClose={onClose} tools={shown && (
      <ActionButton label={said.approve} type="primary" run={() => void run()} loading={approve.busy} disabledReason={why} />
    )}>
      {approve.problem && <ProblemNote problem={approve.problem} />}
      {shown && <RecordWords schema={api.VersionRow} value={shown}
        fields={['number', 'state', 'effectiveFrom', 'effectiveTo', 'document', 'level', 'authorName', 'approvedByName', 'approvedAt']} />}
      {shown && <RuleWords rules={shown.all} />}
    </Side>
  )
}

/** The next version begins with what the last one says, so that a change is one value. */
function NextVersion({ pack, onClose }: { pack: api.PackRow; onClose: () => void }) {
  const last = pack.versions[0]
  const { data } = useAsk(api.version, { version: last?.id ?? '' }, { enabled: last !== undefined })
  if (!data) return null
  return (
    <FormDrawer
      of={api.writeVersion} open onClose={onClose} draft={false} fixed={{ pack: pack.id, sources: data.sources }}
      initial={{ values: data.values, document: data.document, level: data.level }}
      inputs={{ values: (props) => <ValuesInput {...props} /> }} />
  )
}
