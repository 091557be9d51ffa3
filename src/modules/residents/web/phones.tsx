// Further telephones of a person: each masked until somebody says what for, added, corrected, removed with a reason.
import { PlusOutlined } from '@ant-design/icons'
import { Button, Flex } from 'antd'
import { useState } from 'react'
import type { Id } from '#core/ids.ts'
import { text } from '#core/text.ts'
import { ConfirmReason } from '#web/console/confirm.tsx'
import { FormDrawer } from '#web/console/drawer.tsx'
import { useNotify } from '#web/console/notify.tsx'
import { useTell } from '#web/console/query.ts'
import { useText } from '#web/language.ts'
import { holds, useSession } from '#web/session.ts'
import * as api from '../api.ts'
import type { OtherPhone, PersonLine } from '../model.ts'
import { Unmask } from './parts.tsx'

const said = {
  correct: text('更正', 'Correct'),
  remove: text('移除', 'Remove'),
  stays: text(
    '号码不填则保持不变，可以只改说明。',
    'The number stays as it is unless you enter it anew; the words alone may change.',
  ),
}

/** All numbers of a person as a list shows them: masked, the first one first. */
export const phonesShown = ({ phone, otherPhones }: Pick<PersonLine, 'phone' | 'otherPhones'>): string =>
  [phone, ...otherPhones.map((one) => one.number)].filter(Boolean).join('、')

export function OtherPhones({ person, phones }: { person: Id; phones: readonly OtherPhone[] }) {
  const say = useText()
  const notify = useNotify()
  const { roles } = useSession()
  const [doing, setDoing] = useState<{ what: 'add' } | { what: 'correct' | 'remove'; phone: OtherPhone }>()
  const remove = useTell(api.removePhone)
  const may = holds(api.addPhone.may, roles)
  const close = () => {
    remove.forget()
    setDoing(undefined)
  }
  const of = doing && doing.what !== 'add' ? doing.phone : undefined
  const removed = async (reason: string) => {
    if (!of || !(await remove.tell({ replaces: of.record, reason }))) return
    close()
    notify.done()
  }
  if (!may && phones.length === 0) return <>—</>
  return (
    <Flex vertical gap={4} align="flex-start">
      {phones.map((phone) => (
        <Flex key={phone.phone} wrap align="center" gap={4}>
          <Unmask person={person} what="phone" masked={phone.number} phone={phone.phone} />
          {phone.remark && <span>{phone.remark}</span>}
          {may &&
            (['correct', 'remove'] as const).map((what) => (
              <Button
                key={what}
                type="link"
                size="small"
                aria-label={`${say(said[what])} ${phone.number}`}
                onClick={() => setDoing({ what, phone })}
              >
                {say(said[what])}
              </Button>
            ))}
        </Flex>
      ))}
      {may && (
        <Button type="link" size="small" icon={<PlusOutlined aria-hidden />} onClick={() => setDoing({ what: 'add' })}>
          {say(api.addPhone.title)}
        </Button>
      )}
      <FormDrawer
        of={api.addPhone}
        open={doing?.what === 'add'}
        onClose={close}
        draft={false}
        fixed={{ person }}
        fields={['number', 'remark']}
      />
      {of && (
        <FormDrawer
          of={api.correctPhone}
          open={doing?.what === 'correct'}
          onClose={close}
          draft={false}
          fixed={{ replaces: of.record }}
          fields={['number', 'remark', 'reason']}
          initial={of.remark && !of.remark.includes('*') ? { remark: of.remark } : {}}
        >
          <p>{say(said.stays)}</p>
        </FormDrawer>
      )}
      <ConfirmReason
        open={doing?.what === 'remove'}
        title={api.removePhone.title}
        busy={remove.busy}
        problem={remove.problem}
        onConfirm={(reason) => void removed(reason)}
        onClose={close}
      />
    </Flex>
  )
}
