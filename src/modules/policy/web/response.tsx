// One response: what it is, what its start or next step brings, every step with its two persons, and what may be done now.
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { ActionButton, type Action } from '#web/console/action.tsx'
import { ConfirmReason } from '#web/console/confirm.tsx'
import { FormDrawer, RecordWords, Side } from '#web/console/drawer.tsx'
import { useNotify } from '#web/console/notify.tsx'
import { useAsk, useTell } from '#web/console/query.ts'
import { Tone, type ToneName } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import { useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { can, MoveOutcome, MoveVerb } from '../model.ts'
import { LevelPicker } from './levelPicker.tsx'
import { ResponseTones } from './responses.tsx'

const said = {
  title: text('应急响应', 'Response'),
  activate: text('同意启动', 'Activate'),
  refuse: text('不同意', 'Refuse'),
  drop: text('撤回', 'Take back'),
  approve: text('同意变更', 'Approve the change'),
  extend: text('延长', 'Extend'),
  level: text('调整级别', 'Change the level'),
  end: text('终止', 'End'),
  propose: text('提交复核', 'Hand in for approval'),
  second: text('须由提出人以外的另一人办理', 'Somebody other than the proposer has to do this'),
  waits: text('已有一项变更在等复核，请先处理', 'A change waits already; settle it first'),
  effects: text('会带来什么', 'What it brings'),
  steps: text('变更记录', 'Changes'),
  explain: text('原因会留在记录里，提出人可以看到。', 'The reason stays in the record and is shown to the proposer.'),
}

type Props = { readonly id: string; readonly notMine: (area: string) => Text | undefined; readonly onClose: () => void }

export function ResponseSheet({ id, notMine, onClose }: Props) {
  const { data } = useAsk(api.responses, {})
  const row = data?.rows.find((one) => one.id === id)
  return (
    <Side title={text(row?.disease ?? said.title.zh, row?.disease ?? said.title.en)} open onClose={onClose}>
      {row && (
        <div className="form">
          <div>
            <ResponseTones row={row} />
          </div>
          <Effects id={id} />
          <Signing row={row} notMine={notMine(row.areaCode)} />
          <RecordWords schema={api.ResponseRow} value={row} fields={factsOf(row)} />
          {row.moves.length > 0 && <Steps row={row} />}
        </div>
      )}
    </Side>
  )
}

const factsOf = (row: api.ResponseRow): (keyof api.ResponseRow)[] =>
  (
    [
      'class',
      'level',
      'areaName',
      'government',
      'document',
      'startsOn',
      'reviewOn',
      'endsOn',
      'endDocument',
      'refusal',
      'proposedByName',
      'proposedAt',
      'activatedByName',
      'activatedAt',
    ] as const
  ).filter((name) => row[name] !== null)

function Effects({ id }: { id: string }) {
  const say = useText()
  const { data } = useAsk(api.responseEffects, { response: id })
  if (!data || data.lines.length === 0) return null
  return (
    <section className="changes" aria-label={say(said.effects)}>
      <h3 className="rules-head">{say(said.effects)}</h3>
      <ul className="effects">
        {data.lines.map((line) => (
          <li key={line.en}>{say(line)}</li>
        ))}
      </ul>
    </section>
  )
}

type Verb = 'extend' | 'level' | 'end'

function Signing({ row, notMine }: { row: api.ResponseRow; notMine: Text | undefined }) {
  const { account } = useSession()
  const notify = useNotify()
  const [activate, drop, refuse] = [useTell(api.activateResponse), useTell(api.dropResponse), useTell(api.refuseResponse)]
  const [approveMove, dropMove, refuseMove] = [useTell(api.approveMove), useTell(api.dropMove), useTell(api.refuseMove)]
  const [doing, setDoing] = useState<Verb | 'refuse'>()
  const close = () => setDoing(undefined)
  const move = row.moves.find((one) => one.outcome === null)
  const own = (move ?? row).proposedBy === account
  const told = (sent: Promise<unknown>) =>
    void (async () => {
      if (await sent) {
        notify.done()
        close()
      }
    })()
  const response = row.id
  const whyNot = notMine ?? (own ? said.second : undefined)
  const actions: (Action & { primary?: boolean })[] = move
    ? [
        {
          label: said.approve,
          primary: true,
          disabledReason: whyNot,
          run: () => told(approveMove.tell({ move: move.id }, undefined, notify.refused)),
        },
        own
          ? { label: said.drop, run: () => told(dropMove.tell({ move: move.id }, undefined, notify.refused)) }
          : { label: said.refuse, run: () => setDoing('refuse'), disabledReason: notMine },
      ]
    : can.activate(row)
      ? [
          {
            label: said.activate,
            primary: true,
            disabledReason: whyNot,
            run: () => told(activate.tell({ response }, undefined, notify.refused)),
          },
          own
            ? { label: said.drop, run: () => told(drop.tell({ response }, undefined, notify.refused)) }
            : { label: said.refuse, run: () => setDoing('refuse'), disabledReason: notMine },
        ]
      : can.end(row)
        ? (['extend', 'level', 'end'] as const).map((verb) => ({
            label: said[verb],
            danger: verb === 'end',
            run: () => setDoing(verb),
            disabledReason: notMine,
          }))
        : []
  const form = { onClose: close, draft: false as const, fixed: { response }, submit: said.propose }
  return (
    <>
      {actions.length > 0 && (
        <div className="page-tools">
          {actions.map(({ primary, ...action }) => (
            <ActionButton key={action.label.en} {...action} type={primary ? 'primary' : 'default'} />
          ))}
        </div>
      )}
      <FormDrawer of={api.extendResponse} open={doing === 'extend'} {...form} />
      <FormDrawer
        of={api.changeLevel}
        open={doing === 'level'}
        {...form}
        inputs={{ level: (props) => <LevelPicker {...props} /> }}
      />
      <FormDrawer of={api.endResponse} open={doing === 'end'} {...form} danger />
      <ConfirmReason
        open={doing === 'refuse'}
        title={said.refuse}
        explain={said.explain}
        submit={said.refuse}
        busy={refuse.busy || refuseMove.busy}
        problem={refuse.problem ?? refuseMove.problem}
        onClose={close}
        onConfirm={(reason) => told(move ? refuseMove.tell({ move: move.id, reason }) : refuse.tell({ response, reason }))}
      />
    </>
  )
}

const tones: Record<MoveOutcome, ToneName> = { approved: 'ok', refused: 'danger', dropped: 'quiet' }
const stepFields = {
  extend: ['reviewOn', 'document', 'proposedByName', 'decidedByName', 'reason'],
  level: ['level', 'fromDay', 'document', 'proposedByName', 'decidedByName', 'reason'],
  end: ['fromDay', 'document', 'proposedByName', 'decidedByName', 'reason'],
} as const satisfies Record<Verb, readonly (keyof api.MoveRow)[]>

function Steps({ row }: { row: api.ResponseRow }) {
  const say = useText()
  return (
    <section className="changes" aria-label={say(said.steps)}>
      <h3 className="rules-head">{say(said.steps)}</h3>
      {row.moves.map((move) => (
        <article className="field-group" key={move.id}>
          <header className="rule-head">
            <h4>{say(choiceText(MoveVerb, move.verb))}</h4>
            <Tone tone={move.outcome ? tones[move.outcome] : 'look'}>
              {say(move.outcome ? choiceText(MoveOutcome, move.outcome) : text('待复核', 'Waits'))}
            </Tone>
          </header>
          <RecordWords
            schema={api.MoveRow}
            value={move}
            fields={stepFields[move.verb].filter((name) => name === 'level' || move[name] !== null)}
          />
        </article>
      ))}
    </section>
  )
}
