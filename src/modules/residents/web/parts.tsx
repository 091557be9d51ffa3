// Parts of both dossiers: a value shown in full for a purpose, tags that come and go, and the sections of other modules.
import { EyeOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Dropdown, Flex, Typography } from 'antd'
import { useEffect, useState } from 'react'
import type { z } from 'zod'
import type { Id } from '#core/ids.ts'
import { sayMinute } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import type { Problem } from '#core/problem.ts'
import { text } from '#core/text.ts'
import { ask } from '#web/api.ts'
import { ConfirmReason } from '#web/console/confirm.tsx'
import { useNotify } from '#web/console/notify.tsx'
import { Card } from '#web/console/page.tsx'
import { useTell } from '#web/console/query.ts'
import { Tone } from '#web/console/tone.tsx'
import { useLanguage, useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import { holds, useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { Tag, type Section } from '../model.ts'

const said = {
  show: text('查看', 'Show'),
  hide: text('隐藏', 'Hide'),
  purpose: text('用途', 'Purpose'),
  looking: text('查看完整内容', 'Show in full'),
  looked: text('这次查看会记入查阅记录：谁、何时、看了谁、为了什么。', 'This look is recorded: who, when, whom, and what for.'),
  add: text('添加标签', 'Add a tag'),
  remove: text('移除标签', 'Remove the tag'),
  unread: text(
    '这一部分现在读不出来，请稍后刷新；不表示没有记录。',
    'This part cannot be read just now; refresh later. It does not mean that there is nothing.',
  ),
  none: text('没有标签', 'No tags'),
}

/** A whole value stays on the screen for so long, ms. */
const shownFor = 60_000

type UnmaskProps = {
  person: Id
  what: z.infer<typeof api.Unmasked>
  masked: string | null
  /** Which of the further numbers. */ phone?: Id
}

/** The masked value, and the whole one for a purpose and a minute. */
export function Unmask({ person, what, masked, phone }: UnmaskProps) {
  const say = useText()
  const { roles } = useSession()
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const [value, setValue] = useState<string>()
  useEffect(() => {
    if (value === undefined) return undefined
    const timer = setTimeout(() => setValue(undefined), shownFor)
    return () => clearTimeout(timer)
  }, [value])
  if (!masked) return <>—</>
  const look = async (purpose: string) => {
    setBusy(true)
    setProblem(undefined)
    try {
      setValue((await ask(api.unmask, { person, what, purpose, ...(phone ? { phone } : {}) })).value)
      setAsking(false)
    } catch (error) {
      setProblem(asProblem(error))
    } finally {
      setBusy(false)
    }
  }
  const name = say(choiceText(api.Unmasked, what))
  return (
    <Flex wrap align="center" gap={4}>
      {value === undefined ? <span className="masked">{masked}</span> : <b>{value}</b>}
      {holds(api.unmask.may, roles) &&
        (value === undefined ? (
          <Button
            type="link"
            size="small"
            icon={<EyeOutlined aria-hidden />}
            aria-label={`${say(said.show)} ${name}`}
            onClick={() => setAsking(true)}
          >
            {say(said.show)}
          </Button>
        ) : (
          <Button type="link" size="small" onClick={() => setValue(undefined)}>
            {say(said.hide)}
          </Button>
        ))}
      <ConfirmReason
        open={asking}
        title={said.looking}
        explain={said.looked}
        label={said.purpose}
        submit={said.show}
        busy={busy}
        problem={problem}
        onConfirm={(purpose) => void look(purpose)}
        onClose={() => setAsking(false)}
      />
    </Flex>
  )
}

/** Tags of a person; one is added from a list, and removed with a reason. */
export function Tags({ person, tags }: { person: Id; tags: readonly Tag[] }) {
  const say = useText()
  const notify = useNotify()
  const { roles } = useSession()
  const [removing, setRemoving] = useState<Tag>()
  const add = useTell(api.tag)
  const remove = useTell(api.untag)
  const may = holds(api.tag.may, roles)
  const left = Tag.options.filter((one) => !tags.includes(one))
  const added = async (tag: Tag) => {
    if (await add.tell({ person, tag }, undefined, notify.refused)) notify.done()
  }
  const removed = async (why: string) => {
    if (!removing || !(await remove.tell({ person, tag: removing, why }))) return
    setRemoving(undefined)
    notify.done()
  }
  return (
    <Flex wrap align="center" gap={4}>
      {tags.length === 0 && !may && say(said.none)}
      {tags.map((tag) => (
        <span key={tag}>
          <Tone tone="info">{say(choiceText(Tag, tag))}</Tone>
          {may && (
            <Button
              type="text"
              size="small"
              aria-label={`${say(said.remove)} ${say(choiceText(Tag, tag))}`}
              onClick={() => setRemoving(tag)}
            >
              ×
            </Button>
          )}
        </span>
      ))}
      {may && left.length > 0 && (
        <Dropdown
          trigger={['click']}
          menu={{
            items: left.map((tag) => ({ key: tag, label: say(choiceText(Tag, tag)) })),
            onClick: ({ key }) => void added(key as Tag),
          }}
        >
          <Button type="link" size="small" icon={<PlusOutlined aria-hidden />} loading={add.busy}>
            {say(said.add)}
          </Button>
        </Dropdown>
      )}
      <ConfirmReason
        open={removing !== undefined}
        title={said.remove}
        busy={remove.busy}
        problem={remove.problem}
        onConfirm={(why) => void removed(why)}
        onClose={() => {
          remove.forget()
          setRemoving(undefined)
        }}
      />
    </Flex>
  )
}

/** What each module has to say, the newest first. */
export function Sections({ of }: { of: readonly Section[] }) {
  const say = useText()
  const language = useLanguage()
  return of.map(({ key, title, failed, rows }) => (
    <Card key={key} title={title}>
      {failed && (
        <p>
          <Tone tone="look">{say(said.unread)}</Tone>
        </p>
      )}
      <ul style={{ margin: 0, paddingInlineStart: 18 }}>
        {rows.map((row) => (
          <li key={row.id}>
            <b>{say(row.what)}</b>
            {row.detail && <> · {say(row.detail)}</>}
            <Typography.Text type="secondary">
              {' '}
              {[row.at && sayMinute(row.at, language), row.by].filter(Boolean).join(' · ')}
            </Typography.Text>
          </li>
        ))}
      </ul>
    </Card>
  ))
}
