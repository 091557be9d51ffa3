// One version on its way to its second signature: what it changes and what becomes of it, who may do what now, and all its rules.
import { Alert } from 'antd'
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { ActionButton, type Action } from '#web/console/action.tsx'
import { ConfirmReason } from '#web/console/confirm.tsx'
import { RecordWords, Side } from '#web/console/drawer.tsx'
import { ProblemNote, useNotify } from '#web/console/notify.tsx'
import { useAsk, useTell } from '#web/console/query.ts'
import { Tone } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import { useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { tones } from './lists.ts'
import { OverruledNote, RuleWords } from './values.tsx'
import { beginning, Writing } from './writing.tsx'

const said = {
  approve: text('同意并生效', 'Approve'),
  refuse: text('退回起草人', 'Return to its author'),
  submit: text('提交复核', 'Hand in for approval'),
  edit: text('修改', 'Change'),
  takeBack: text('收回修改', 'Take back'),
  drop: text('作废', 'Give up'),
  second: text('须由起草人以外的另一人复核', 'Somebody other than the author has to approve it'),
  changes: text('改了什么，会影响什么', 'What changes, and what becomes of it'),
  all: text('本版全部规定', 'All rules of this version'),
  none: text('与现行的一版完全相同。', 'It says exactly what the version in force says.'),
  lower: text('下级以下规定将不再有效：', 'These rules of levels below no longer hold:'),
  explain: text(
    '退回后由起草人修改，再重新提交。原因会给起草人看。',
    'Its author changes it and hands it in again. The reason is shown to the author.',
  ),
}

type Props = { readonly id: string; readonly notMine: (area: string) => Text | undefined; readonly onClose: () => void }

export function VersionSheet({ id, notMine, onClose }: Props) {
  const say = useText()
  const { data, error } = useAsk(api.version, { version: id })
  const [editing, setEditing] = useState(false)
  const title = text(
    data ? `${data.packTitle} · 第 ${data.number} 版` : '',
    data ? `${data.packTitle} · version ${data.number}` : '',
  )
  if (data && editing) {
    return (
      <Writing
        of={api.editVersion}
        title={title}
        draft={`${id}.${data.refusedAt ?? ''}`}
        area={data.areaCode}
        initial={beginning(data)}
        fixed={{ version: id, sources: data.sources }}
        onClose={() => setEditing(false)}
        onDone={() => setEditing(false)}
      />
    )
  }
  return (
    <Side title={title} open onClose={onClose} wide>
      {error && <ProblemNote problem={error} />}
      {data && (
        <div className="form rules-form">
          {data.state === 'returned' && (
            <Alert
              type="warning"
              showIcon
              title={say(
                text(
                  `${data.refusedByName ?? ''} 退回：${data.refusal ?? ''}`,
                  `Returned by ${data.refusedByName ?? ''}: ${data.refusal ?? ''}`,
                ),
              )}
            />
          )}
          <div>
            <Tone tone={tones[data.state]}>{say(choiceText(api.VersionState, data.state))}</Tone>
          </div>
          {data.state !== 'past' && data.state !== 'replaced' && data.state !== 'dropped' && <Changes id={id} />}
          <Signing version={data} notMine={notMine(data.areaCode)} onEdit={() => setEditing(true)} onClose={onClose} />
          <RecordWords
            schema={api.VersionRow.extend({ areaName: api.PackRow.shape.areaName })}
            value={data}
            fields={factsOf(data)}
          />
          <h3 className="rules-head">{say(said.all)}</h3>
          <RuleWords rules={data.all} />
        </div>
      )}
    </Side>
  )
}

/** What is known of a version, without the lines that say nothing yet. */
const factsOf = (version: api.VersionShown): (keyof api.VersionShown)[] =>
  (
    [
      'areaName',
      'effectiveFrom',
      'effectiveTo',
      'document',
      'level',
      'correction',
      'authorName',
      'submittedAt',
      'refusedByName',
      'refusal',
      'approvedByName',
      'approvedAt',
    ] as const
  ).filter((name) => version[name] !== null && (name !== 'effectiveFrom' || isSettled(version)))

/** Whether its beginning stands: without one of its own, or after that has passed, it begins with the second signature. */
const isSettled = ({ approvedAt, correction, effectiveFrom }: api.VersionShown): boolean =>
  approvedAt !== null || correction !== null || Date.parse(effectiveFrom) > Date.now()

type SigningProps = {
  readonly version: api.VersionShown
  readonly notMine: Text | undefined
  readonly onEdit: () => void
  readonly onClose: () => void
}

function Signing({ version, notMine, onEdit, onClose }: SigningProps) {
  const { account } = useSession()
  const notify = useNotify()
  const [approve, refuse, submit, takeBack, drop] = [
    useTell(api.approveVersion),
    useTell(api.refuseVersion),
    useTell(api.submitVersion),
    useTell(api.takeBackVersion),
    useTell(api.dropVersion),
  ]
  const [refusing, setRefusing] = useState(false)
  const own = version.author === account
  const run = (verb: typeof approve, then?: () => void) => () =>
    void (async () => {
      if (!(await verb.tell({ version: version.id }, undefined, notify.refused))) return
      notify.done()
      then?.()
    })()
  const actions: (Action & { primary?: boolean })[] =
    version.state === 'submitted'
      ? [
          {
            label: said.approve,
            run: run(approve, onClose),
            primary: true,
            disabledReason: notMine ?? (own ? said.second : undefined),
          },
          ...(own
            ? [{ label: said.takeBack, run: run(takeBack) }]
            : [{ label: said.refuse, run: () => setRefusing(true), disabledReason: notMine }]),
        ]
      : version.state === 'draft' || version.state === 'returned'
        ? [
            ...(own
              ? [
                  { label: said.submit, run: run(submit, onClose), primary: true, disabledReason: notMine },
                  { label: said.edit, run: onEdit, disabledReason: notMine },
                ]
              : []),
            { label: said.drop, run: run(drop, onClose), disabledReason: notMine },
          ]
        : []
  return (
    <>
      {actions.length > 0 && (
        <div className="page-tools">
          {actions.map(({ primary, ...action }) => (
            <ActionButton key={action.label.en} {...action} type={primary ? 'primary' : 'default'} />
          ))}
        </div>
      )}
      <ConfirmReason
        open={refusing}
        title={said.refuse}
        explain={said.explain}
        submit={said.refuse}
        busy={refuse.busy}
        problem={refuse.problem}
        onClose={() => setRefusing(false)}
        onConfirm={(reason) =>
          void (async () => {
            if (!(await refuse.tell({ version: version.id, reason }))) return
            notify.done()
            onClose()
          })()
        }
      />
    </>
  )
}

/** Shown before anybody signs. */
function Changes({ id }: { id: string }) {
  const say = useText()
  const { data, error } = useAsk(api.change, { version: id })
  if (error) return <ProblemNote problem={error} />
  if (!data) return null
  return (
    <section className="changes" aria-label={say(said.changes)}>
      <h3 className="rules-head">{say(said.changes)}</h3>
      {data.summary.map((line) => (
        <p key={line.en}>{say(line)}</p>
      ))}
      <p className="field-hint">{say(countsOf(data))}</p>
      {data.changes.length === 0 && <p>{say(said.none)}</p>}
      {data.changes.map((change) => (
        <OneChange key={change.key} change={change} />
      ))}
    </section>
  )
}

/** `与第 1 版相比：1 项有变化，3 项不变；涉及 17 个社区。` */
function countsOf({ against, changes: { length: changed }, same, communities }: api.ChangeShown): Text {
  const zh = against === null ? '本规则包此前没有生效的版本' : `与第 ${against} 版相比`
  const en = against === null ? 'No version of this pack was in force before' : `Compared with version ${against}`
  return text(
    `${zh}：${changed} 项有变化，${same} 项不变；涉及 ${communities} 个社区。`,
    `${en}: ${changed} changed, ${same} unchanged; communities concerned: ${communities}.`,
  )
}

function OneChange({ change }: { change: api.Change }) {
  const say = useText()
  return (
    <article className="field-group change">
      <header className="rule-head">
        <h4>{say(change.title)}</h4>
        <Tone tone={change.kind === 'removed' ? 'look' : 'info'}>{say(choiceText(api.Change.shape.kind, change.kind))}</Tone>
      </header>
      {change.lines.map((line, at) => (
        <p key={at} className="change-line">
          {say(line)}
        </p>
      ))}
      {change.overruled && <OverruledNote by={change.overruled} />}
      <ul className="effects">
        {change.effects.map((effect) => (
          <li key={effect.words.en}>{effect.loud ? <b>{say(effect.words)}</b> : say(effect.words)}</li>
        ))}
      </ul>
      {change.loses.length > 0 && (
        <div>
          <p>
            <Tone tone="look">{say(said.lower)}</Tone>
          </p>
          <ul className="effects">
            {change.loses.map((low) => (
              <li key={`${low.areaName}${low.packTitle}`}>
                {say(
                  text(
                    `${low.areaName}“${low.packTitle}”第 ${low.number} 版：${low.said.zh}，将执行 ${low.holds.zh}`,
                    `${low.areaName}, "${low.packTitle}" version ${low.number}: ${low.said.en}; ${low.holds.en} will hold`,
                  ),
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
    </article>
  )
}
