// Packs and their versions: brought in or written by one person, read in words, approved by another.
import { Select } from 'antd'
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { AreaPicker } from '#modules/identity/web/pickers.tsx'
import { ActionButton } from '#web/console/action.tsx'
import { FormDrawer } from '#web/console/drawer.tsx'
import type { InputProps } from '#web/console/inputs.tsx'
import { ProblemNote } from '#web/console/notify.tsx'
import { Card, EmptyNote } from '#web/console/page.tsx'
import { useAsk } from '#web/console/query.ts'
import { Rows } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import { useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { LevelPicker } from './levelPicker.tsx'
import { tones, versionsOf } from './lists.ts'
import { beginning, Writing } from './writing.tsx'

const said = {
  write: text('新建规则包', 'Write a pack'),
  bring: text('引入随附的规则包', 'Bring in a shipped pack'),
  next: text('新建一版', 'New version'),
  onlyReading: text('当前岗位只能查看', 'Your present post may only read'),
  empty: text('还没有规则包', 'No packs yet'),
  emptyHint: text(
    '可以从头写一个，也可以先引入随附的历史示例，改成本地规定后由另一人复核。',
    'Write one from scratch, or bring in the historical example and adapt it; another person approves it.',
  ),
  choose: text('选择规则包', 'Choose a pack'),
}

type Props = {
  readonly mayRule: boolean
  readonly notMine: (area: string) => Text | undefined
  readonly onOpen: (version: string) => void
}

export function PacksTab({ mayRule, notMine, onOpen }: Props) {
  const say = useText()
  const { post } = useSession()
  const { data, error } = useAsk(api.packs, {})
  const [doing, setDoing] = useState<'bring' | 'write' | api.PackRow>()
  const close = () => setDoing(undefined)
  const first = (pack: api.PackRow) => {
    close()
    if (pack.versions[0]) onOpen(pack.versions[0].id)
  }
  const disabledReason = mayRule ? undefined : said.onlyReading
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      <div className="page-tools">
        <ActionButton label={said.write} type="primary" run={() => setDoing('write')} disabledReason={disabledReason} />
        <ActionButton label={said.bring} run={() => setDoing('bring')} disabledReason={disabledReason} />
      </div>
      {error && <ProblemNote problem={error} />}
      {data?.rows.length === 0 && <EmptyNote title={said.empty} hint={said.emptyHint} />}
      {data?.rows.map((pack) => (
        <Card
          key={pack.id}
          title={text(`${pack.title} · ${pack.areaName}`, `${pack.title} · ${pack.areaName}`)}
          tools={
            <ActionButton
              label={said.next}
              run={() => setDoing(pack)}
              disabledReason={notMine(pack.areaCode)}
              about={pack.title}
            />
          }
        >
          <Rows
            of={versionsOf}
            rows={pack.versions}
            title={text(pack.title, pack.title)}
            onOpen={({ id }) => onOpen(id)}
            heads={{ version: text('版本', 'Version') }}
            columns={[
              'version',
              'state',
              'effectiveFrom',
              'effectiveTo',
              'document',
              'level',
              'rules',
              'authorName',
              'approvedByName',
            ]}
            cells={{
              version: ({ number }) => say(text(`第 ${number} 版`, `Version ${number}`)),
              state: ({ state }) => <Tone tone={tones[state]}>{say(choiceText(api.VersionState, state))}</Tone>,
            }}
          />
        </Card>
      ))}
      <FormDrawer
        of={api.importPack}
        open={doing === 'bring'}
        onClose={close}
        draft={false}
        initial={{ areaCode: post?.area ?? '' }}
        fixed={{ submit: false }}
        onDone={first}
        fields={['areaCode', 'shipped', 'effectiveFrom', 'effectiveTo', 'level']}
        inputs={{
          areaCode: (props) => <AreaPicker {...props} />,
          shipped: (props) => <ShippedPicker {...props} />,
          level: (props) => <LevelPicker {...props} forRules />,
        }}
      />
      {doing === 'write' && (
        <Writing
          of={api.writePack}
          title={said.write}
          draft="new"
          initial={{ areaCode: post?.area ?? '', values: {} }}
          fixed={{ submit: false }}
          onClose={close}
          onDone={first}
        />
      )}
      {typeof doing === 'object' && (
        <NextVersion
          pack={doing}
          onClose={close}
          onDone={(id) => {
            close()
            onOpen(id)
          }}
        />
      )}
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
        id={id}
        className="wide"
        placeholder={say(said.choose)}
        value={(value as string | undefined) ?? null}
        onChange={onChange}
        {...(onBlur ? { onBlur } : {})}
        {...(invalid ? { status: 'error' as const } : {})}
        options={(data?.rows ?? []).map((pack) => ({ value: pack.key, label: say(pack.title) }))}
      />
      {chosen && <p className="field-hint">{say(chosen.note)}</p>}
    </>
  )
}

type NextProps = { readonly pack: api.PackRow; readonly onClose: () => void; readonly onDone: (version: string) => void }

/** The next version begins with what the version in force says, else the latest, so that a change is one value. */
function NextVersion({ pack, onClose, onDone }: NextProps) {
  const base = pack.versions.find((v) => v.state === 'inForce') ?? pack.versions[0]
  const { data } = useAsk(api.version, { version: base?.id ?? '' }, { enabled: base !== undefined })
  if (!data) return null
  const { values, level } = beginning(data)
  return (
    <Writing
      of={api.writeVersion}
      title={text(`${pack.title} · 新建一版`, `${pack.title} · new version`)}
      draft={pack.id}
      area={pack.areaCode}
      initial={{ values, level }}
      fixed={{ pack: pack.id, sources: data.sources, submit: false }}
      onClose={onClose}
      onDone={({ id }) => onDone(id)}
    />
  )
}
