// The page of rules: the response, the packs, and what holds on a day, in words.
import { Tabs } from 'antd'
import { text } from '#core/text.ts'
import { Page } from '#web/console/page.tsx'
import { DataTable } from '#web/console/table.tsx'
import { useText } from '#web/language.ts'
import { holds, useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { PacksTab } from './packs.tsx'
import { ResponsesTab } from './responses.tsx'

const said = {
  title: text('响应与规则', 'Response and rules'),
  responses: text('应急响应', 'Response'),
  packs: text('规则包', 'Packs'),
  rules: text('现行规则', 'Rules in force'),
  unsaid: text('默认', 'Default'),
}

export function PolicyPage() {
  const say = useText()
  const { roles } = useSession()
  const mayRule = holds(api.proposeResponse.may, roles)
  return (
    <Page title={said.title}>
      <Tabs destroyOnHidden items={[
        { key: 'responses', label: say(said.responses), children: <ResponsesTab mayRule={mayRule} /> },
        { key: 'packs', label: say(said.packs), children: <PacksTab mayRule={mayRule} /> },
        { key: 'rules', label: say(said.rules), children: <RulesTab /> },
      ]} />
    </Page>
  )
}

/** What holds on a day, with its document. */
function RulesTab() {
  const say = useText()
  return (
    <DataTable
      of={api.rules} columns={['title', 'words', 'combines', 'document']} filters={['day']} rowKey={({ key }) => key}
      cells={{
        title: ({ title }) => say(title), words: ({ words }) => <span style={{ whiteSpace: 'pre-line' }}>{say(words)}</span>,
        combines: ({ combines }) => combines && say(combines), document: ({ document }) => document ?? say(said.unsaid),
      }} />
  )
}
