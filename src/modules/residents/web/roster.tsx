// The page on which a roster comes in from a workbook.
import { Link } from '@tanstack/react-router'
import { text } from '#core/text.ts'
import { ImportWizard } from '#web/console/import.tsx'
import { Page } from '#web/console/page.tsx'
import { useText } from '#web/language.ts'
import { roster } from '../api.ts'

const said = { title: text('导入居民名册', 'Import a roster'), back: text('回到居民', 'Back to residents') }

export function RosterPage() {
  const say = useText()
  return <Page title={said.title} tools={<Link to={'/residents' as never}>{say(said.back)}</Link>}><ImportWizard of={roster} /></Page>
}
