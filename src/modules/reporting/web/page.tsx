// One address for everybody: a community sees its report; posts above see all communities first, and one of them when it is opened.
import { useFilters } from '#web/console/address.ts'
import { useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { DayPage } from './day.tsx'
import { OverviewPage } from './overview.tsx'

export function ReportingPage() {
  const { post } = useSession()
  // The address says which community, and which of its figures where one was followed down.
  const [filters, follow] = useFilters(api.rows)
  if ((post?.area.length ?? 12) >= 12) return <DayPage />
  return filters['community'] ? (
    <DayPage onBack={() => follow({ community: undefined, indicator: undefined })} />
  ) : (
    <OverviewPage onOpen={(community, day, indicator) => follow({ community, day, indicator })} />
  )
}
