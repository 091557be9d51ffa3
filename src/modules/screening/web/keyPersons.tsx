// Key persons (returnees, contacts, visitors): where from, at which risk, and how they are since.
import { Checkbox } from 'antd'
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { ConfirmReason } from '#web/console/confirm.tsx'
import { FormDrawer, RecordDrawer, RecordWords } from '#web/console/drawer.tsx'
import type { OwnInput } from '#web/console/inputs.tsx'
import { useNotify } from '#web/console/notify.tsx'
import { useAsk, useTell } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone, type ToneName } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import { useSession } from '#web/session.ts'
import type { Questions } from '#modules/policy/model.ts'
import * as api from '../api.ts'
import { FollowUp, Measure, Risk } from '../model.ts'
import type { Where } from './where.ts'

const tones: Record<Risk, ToneName> = { high: 'danger', medium: 'look', low: 'ok', unknown: 'quiet' }
const said = {
  none: text('还没有重点人员', 'No key persons'),
  hint: text('网格员在手机上登记返程人员后，会出现在这里。', 'Returnees recorded on the phones will stand here.'),
  follow: text('跟进', 'Follow up'),
  withdraw: text('撤回', 'Withdraw'),
  mayNot: text('当前岗位只能查看', 'Your present post may only read'),
  withdrawing: text('撤回这条重点人员记录？', 'Withdraw this key person?'),
  notYet: text('未跟进', 'Not yet'),
  lately: text('最近跟进', 'Last follow-up'),
  well: text('正常', 'Well'),
  unwell: text('有不适', 'Unwell'),
  gone: text('已离开', 'Gone'),
}

const columns = [
  'name',
  'category',
  'arrival',
  'origin',
  'arrivedOn',
  'sourceRisk',
  'address',
  'phone',
  'condition',
  'recordedByName',
]

export function KeyPersons({ where }: { where: Where }) {
  const say = useText()
  const { roles } = useSession()
  const [open, setOpen] = useState<api.KeyPersonShown>()
  const [following, setFollowing] = useState<api.KeyPersonShown>()
  const [withdrawing, setWithdrawing] = useState<api.KeyPersonShown>()
  const form = useAsk(api.currentCampaign, where).data?.form ?? []
  const reason = roles.some((role) => api.followUp.may.includes(role as never)) ? undefined : said.mayNot
  return (
    <>
      <DataTable
        of={api.keyPersons}
        columns={columns}
        filters={['category', 'risk', 'from', 'to']}
        fixed={where.community ? { community: where.community } : {}}
        heads={{ condition: text('健康和措施', 'Condition') }}
        onOpen={setOpen}
        empty={{ title: said.none, hint: said.hint }}
        cells={{
          sourceRisk: (row) => <Tone tone={tones[row.sourceRisk]}>{say(choiceText(Risk, row.sourceRisk))}</Tone>,
          condition: (row) => <Condition of={row} />,
        }}
        actions={(row) => [
          { label: said.follow, run: () => setFollowing(row), disabledReason: reason },
          { label: said.withdraw, run: () => setWithdrawing(row), danger: true, disabledReason: reason },
        ]}
      />
      <RecordDrawer
        title={text('重点人员', 'Key person')}
        schema={api.keyPersons.output.shape.rows.element}
        value={open}
        onClose={() => setOpen(undefined)}
        fields={[
          'name',
          'sex',
          'age',
          'phone',
          'address',
          'category',
          'arrival',
          'origin',
          'originCode',
          'sourceRisk',
          'leftOn',
          'arrivedOn',
          'transport',
          'vehicleNo',
          'travelReason',
          'note',
          'occurredAt',
          'recordedByName',
        ]}
      >
        {open?.followUp && (
          <>
            <h2>{say(said.lately)}</h2>
            <RecordWords
              schema={FollowUp}
              value={open.followUp as never}
              fields={['well', 'measure', 'place', 'departedOn', 'handedOver', 'note', 'occurredAt']}
            />
          </>
        )}
      </RecordDrawer>
      {following && (
        <FormDrawer
          key={following.id}
          of={api.followUp}
          title={text(`跟进：${following.name}`, `Follow up: ${following.name}`)}
          open
          onClose={() => setFollowing(undefined)}
          fixed={{ keyPerson: following.root }}
          draft={following.id}
          fields={['how', 'well', 'symptoms', 'measure', 'place', 'departedOn', 'handedOver', 'note']}
          inputs={{ symptoms: symptomInput(form) }}
        />
      )}
      <Withdraw of={withdrawing} onClose={() => setWithdrawing(undefined)} />
    </>
  )
}

function Condition({ of }: { of: api.KeyPersonShown }) {
  const say = useText()
  if (!of.followUp)
    return (
      <Tone tone={of.symptoms && of.symptoms.length > 0 ? 'danger' : 'quiet'}>
        {of.symptoms && of.symptoms.length > 0 ? say(said.unwell) : say(said.notYet)}
      </Tone>
    )
  const { well, measure, departedOn } = of.followUp
  return (
    <>
      <Tone tone={well ? 'ok' : 'danger'}>{say(well ? said.well : said.unwell)}</Tone>{' '}
      {measure !== 'none' && say(choiceText(Measure, measure))} {departedOn && say(said.gone)}
    </>
  )
}

/** Symptoms by the words of the form. */
const symptomInput = (form: Questions): OwnInput =>
  function SymptomInput({ id, value, onChange }) {
    const say = useText()
    const choices = form.filter((question) => question.symptomSet).flatMap((question) => Object.entries(question.choices ?? {}))
    return (
      <div id={id}>
        <Checkbox.Group
          value={(value as string[] | undefined) ?? []}
          onChange={onChange}
          options={choices.map(([code, words]) => ({ value: code, label: say(words) }))}
        />
      </div>
    )
  }

function Withdraw({ of, onClose }: { of: api.KeyPersonShown | undefined; onClose: () => void }) {
  const notify = useNotify()
  const { tell, busy, problem } = useTell(api.withdrawKeyPerson)
  const send = async (reason: string) => {
    if (of && (await tell({ replaces: of.id, reason }))) {
      notify.done()
      onClose()
    }
  }
  return (
    <ConfirmReason
      open={of !== undefined}
      title={said.withdrawing}
      submit={said.withdraw}
      danger
      busy={busy}
      problem={problem}
      onConfirm={(reason) => void send(reason)}
      onClose={onClose}
    />
  )
}
