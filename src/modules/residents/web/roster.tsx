// The page on which a roster comes in from a workbook.
import { text } from '#core/text.ts'
import { ImportWizard } from '#web/console/import.tsx'
import { Page } from '#web/console/page.tsx'
import { roster } from '../api.ts'

const said = { title: text('导入居民名册', 'Import a roster') }

export const RosterPage = () => <Page title={said.title}><ImportWizard of={roster} /></Page>
