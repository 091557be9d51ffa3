// The page of rules: the response, the packs, and what holds on a day, in words.
import { Tabs } from 'antd'
import { useState } from 'react'
import { text } from '#core/text.ts'
import { Page } from '#web/console/page.tsx'
import { DataTable } from '#web/console/table.tsx'
import { useText } from '#web/language.ts'
import { holds, useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { PacksTab } from './packs.tsx'
import { ResponseSheet } from './response.tsx'
import { ResponsesTab } from './responses.tsx'
import { VersionSheet } from './version.tsx'
import { WaitingCard } from './waiting.tsx'
import './policy.css'

const said = {
  title: text('响应与规则', 'Response and rules'),
  responses: text('应急响应', 'Response'),
  packs: text('规则包', 'Packs'),
  rules: text('现行规则', 'Rules in force'),
  onlyReading: text('当前岗位只能查看', 'Your present post may only read'),
  outside: text('由该区域所在层级办理', 'Done by the level of that area'),
  unsaid: text('默认', 'Default'),
}

export function PolicyPage() {
  const say = useText()
  const { post, roles } = useSession()
  const [version, setVersion] = useState<string>()
  const [response, setResponse] = useState<string>()
  const [tab, setTab] = useState('responses')
  const mayRule = holds(api.proposeResponse.may, roles)
  const notMine = (area: string) => (!mayRule ? said.onlyReading : area.startsWith(post?.area ?? '') ? undefined : said.outside)
  return (
    <Page title={said.title}>
      {mayRule && <WaitingCard onOpen={({ kind, id }) => (kind === 'version' ? setVersion(id) : setResponse(id))} />}
      <Tabs
        destroyOnHidden
        activeKey={tab}
        onChange={setTab}
        items={[
          { key: 'responses', label: say(said.responses), children: <ResponsesTab mayRule={mayRule} onOpen={setResponse} /> },
          {
            key: 'packs',
            label: say(said.packs),
            children: <PacksTab mayRule={mayRule} notMine={notMine} onOpen={setVersion} />,
          },
          { key: 'rules', label: say(said.rules), children: <RulesTab /> },
        ]}
      />
      {version !== undefined && (
        <VersionSheet key={version} id={version} notMine={notMine} onClose={() => setVersion(undefined)} />
      )}
      {response !== undefined && (
        <ResponseSheet key={response} id={response} notMine={notMine} onClose={() => setResponse(undefined)} />
      )}
    </Page>
  )
}

/** What holds on a day, with its document. */
function RulesTab() {
  const say = useText()
  return (
    <DataTable
      of={api.rules}
      columns={['title', 'words', 'combines', 'document']}
      filters={['day']}
      rowKey={({ key }) => key}
      cells={{
        title: ({ title }) => say(title),
        words: ({ words }) => <span style={{ whiteSpace: 'pre-line' }}>{say(words)}</span>,
        combines: ({ combines }) => combines && say(combines),
        document: ({ document }) => document ?? say(said.unsaid),
      }}
    />
  )
}
