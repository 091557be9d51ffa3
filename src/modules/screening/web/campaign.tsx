// Opening and closing a campaign, and those that were before.
import { Modal, Select, Skeleton } from 'antd'
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { ActionButton } from '#web/console/action.tsx'
import { FormDrawer } from '#web/console/drawer.tsx'
import { ProblemNote, useNotify } from '#web/console/notify.tsx'
import { useAsk, useTell } from '#web/console/query.ts'
import { words } from '#web/console/words.ts'
import { sayNumber, useLanguage, useText } from '#web/language.ts'
import { sayShortDay } from '#web/show.ts'
import { useSession } from '#web/session.ts'
import { Tone } from '#web/console/tone.tsx'
import { areas } from '#modules/territory/api.ts'
import * as api from '../api.ts'
import { can, CampaignState, type Campaign } from '../model.ts'
import type { Where } from './where.ts'
import { Table } from './lists.tsx'

const said = {
  open: text('启动排查', 'Open a campaign'),
  close: text('结束排查', 'Close the campaign'),
  closing: text('结束这次排查？', 'Close this campaign?'),
  closes: text(
    '结束后不能再登记；结束前在手机上登记、还没有上传的，仍会收下。',
    'Nothing can be recorded after it. What was recorded on phones before it and has not arrived yet is still taken.',
  ),
  secretary: text('由社区书记启动和结束', 'The community secretary opens and closes it'),
  before: text('历次排查', 'Campaigns'),
  none: text('还没有启动过排查', 'No campaign yet'),
}

export function OpenCampaign() {
  const { roles, post } = useSession()
  const [open, setOpen] = useState(false)
  const may = roles.includes('communitySecretary')
  return (
    <>
      <ActionButton
        type="primary"
        label={said.open}
        run={() => setOpen(true)}
        disabledReason={may ? undefined : said.secretary}
      />
      {post && (
        <FormDrawer
          of={api.openCampaign}
          title={said.open}
          open={open}
          onClose={() => setOpen(false)}
          fields={['title', 'area', 'dueOn']}
          initial={{ area: post.area.slice(0, 12) }}
          inputs={{ area: (props) => <AreaChoice {...props} community={post.area.slice(0, 12)} /> }}
          submit={said.open}
        />
      )}
    </>
  )
}

/** The community, or one precinct or grid of it. */
function AreaChoice({
  id,
  value,
  onChange,
  community,
  describedBy,
}: {
  id: string
  value: unknown
  onChange: (value: unknown) => void
  community: string
  describedBy?: string | undefined
}) {
  const { data } = useAsk(areas, { under: community })
  return (
    <Select
      id={id}
      className="wide"
      value={(value as string | undefined) ?? null}
      onChange={onChange}
      {...(describedBy ? { 'aria-describedby': describedBy } : {})}
      options={(data?.rows ?? []).map((area) => ({ value: area.areaCode, label: area.name }))}
    />
  )
}

export function CloseCampaign({ campaign }: { campaign: Campaign }) {
  const say = useText()
  const notify = useNotify()
  const { roles } = useSession()
  const [asking, setAsking] = useState(false)
  const close = useTell(api.closeCampaign)
  const reason = !roles.includes('communitySecretary')
    ? said.secretary
    : can.close(campaign)
      ? undefined
      : text('已经结束', 'Closed already')
  const send = async () => {
    if (await close.tell({ campaign: campaign.id })) {
      notify.done()
      setAsking(false)
    }
  }
  return (
    <>
      <ActionButton label={said.close} run={() => setAsking(true)} disabledReason={reason} />
      <Modal
        open={asking}
        title={say(said.closing)}
        okText={say(said.close)}
        cancelText={say(words.cancel)}
        confirmLoading={close.busy}
        onOk={() => void send()}
        onCancel={() => setAsking(false)}
      >
        <p>{campaign.title}</p>
        <p>{say(said.closes)}</p>
        {close.problem && <ProblemNote problem={close.problem} />}
      </Modal>
    </>
  )
}

export function Campaigns({ where }: { where: Where }) {
  const say = useText()
  const language = useLanguage()
  const { data, isPending } = useAsk(api.campaigns, where.community ? { community: where.community } : {})
  if (isPending) return <Skeleton active />
  return (
    <Table
      title={said.before}
      figures={[5, 6]}
      empty={{ title: said.none }}
      heads={[
        text('排查名称', 'Title'),
        text('范围', 'Area'),
        text('状态', 'State'),
        text('开始', 'From'),
        text('结束', 'Until'),
        text('应排查（户）', 'To be screened'),
        text('已覆盖（户）', 'Covered'),
        text('启动人', 'Opened by'),
      ]}
      rows={(data?.rows ?? []).map((one) => ({
        key: one.id,
        cells: [
          one.title,
          one.areaName,
          <Tone key="s" tone={one.state === 'open' ? 'info' : 'quiet'}>
            {say(choiceText(CampaignState, one.state))}
          </Tone>,
          sayShortDay(one.startsOn, language),
          one.endsOn ? sayShortDay(one.endsOn, language) : '—',
          sayNumber(one.households, language),
          sayNumber(one.covered, language),
          one.openedByName,
        ],
      }))}
    />
  )
}
