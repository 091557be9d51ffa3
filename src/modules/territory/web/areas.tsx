// The area tree with who is responsible: add, rename, appoint.
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { ActionButton, type Action } from '#web/console/action.tsx'
import { ExportButton } from '#web/console/exporting.tsx'
import { FormDrawer } from '#web/console/drawer.tsx'
import { DataTable } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import { holds, useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { chainOf } from '../codes.ts'
import { Duty } from '../model.ts'
import { AccountPicker } from './pickers.tsx'

const said = {
  add: text('添加区域', 'Add an area'),
  rename: text('改名', 'Rename'),
  appoint: text('责任人', 'Responsible'),
  addBelow: text('添加下级', 'Add below'),
  nobody: text('未确定', 'Nobody yet'),
  outside: text('由上级维护', 'Kept by the level above'),
  onlyReading: text('当前岗位只能查看', 'Your present post may only read'),
  empty: text('还没有区域', 'No areas yet'),
  emptyHint: text('可以逐个添加，也可以下载模板填好后导入。', 'Add them one by one, or fill in the template and load it.'),
}

type Doing = { verb: 'add' | 'rename' | 'appoint'; code: string; name: string }

export function AreasTab({ mayKeep }: { mayKeep: boolean }) {
  const say = useText()
  const { post, roles } = useSession()
  const [doing, setDoing] = useState<Doing>()
  const close = () => setDoing(undefined)
  const notNow = (code: string) => (!mayKeep ? said.onlyReading : code.startsWith(post?.area ?? '') ? undefined : said.outside)
  const act = (verb: Doing['verb'], label: Action['label'], area: api.AreaWithHolders): Action => ({
    label,
    run: () => setDoing({ verb, code: area.areaCode, name: area.name }),
    disabledReason: notNow(area.areaCode),
  })
  return (
    <>
      <DataTable
        of={api.areas}
        columns={['name', 'areaCode', 'level', 'responsible']}
        rowKey={(area) => area.areaCode}
        empty={{ title: said.empty, hint: said.emptyHint }}
        tools={
          <>
            {holds(api.exportAreas.may, roles) && <ExportButton of={api.exportAreas} input={{}} />}
            <ActionButton
              label={said.add}
              type="primary"
              run={() => setDoing({ verb: 'add', code: '', name: '' })}
              disabledReason={mayKeep ? undefined : said.onlyReading}
            />
          </>
        }
        cells={{
          name: (area) => (
            <div
              style={{
                minWidth: '7em',
                paddingInlineStart: `calc(${chainOf(area.areaCode).length - 1} * clamp(6px, 1.5vw, 20px))`,
              }}
            >
              {area.name}
            </div>
          ),
          areaCode: (area) => <code>{area.areaCode}</code>,
          responsible: ({ responsible }) =>
            responsible.length === 0 ? (
              <Tone tone="quiet">{say(said.nobody)}</Tone>
            ) : (
              responsible.map((r) => (
                <div key={r.duty}>
                  {say(choiceText(Duty, r.duty))} · {r.name}
                </div>
              ))
            ),
        }}
        actions={(area) => [
          act('appoint', said.appoint, area),
          act('rename', said.rename, area),
          ...(area.level === 'grid' ? [] : [act('add', said.addBelow, area)]),
        ]}
      />
      <FormDrawer
        of={api.addArea}
        open={doing?.verb === 'add'}
        onClose={close}
        draft={false}
        initial={doing ? { areaCode: doing.code } : {}}
      />
      <FormDrawer
        of={api.renameArea}
        open={doing?.verb === 'rename'}
        onClose={close}
        draft={false}
        fixed={{ areaCode: doing?.code ?? '' }}
        initial={{ name: doing?.name ?? '' }}
      />
      <FormDrawer
        of={api.appoint}
        open={doing?.verb === 'appoint'}
        onClose={close}
        draft={false}
        fixed={{ areaCode: doing?.code ?? '' }}
        inputs={{ account: (props) => <AccountPicker {...props} /> }}
      />
    </>
  )
}
