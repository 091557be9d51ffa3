// Today, with the first steps of a community above it while any of them is open. What is done is read from what is there.
import { Link } from '@tanstack/react-router'
import { text, type Text } from '#core/text.ts'
import { TodayPage } from '#modules/duties/web/console.tsx'
import { accounts } from '#modules/identity/api.ts'
import { responses } from '#modules/policy/api.ts'
import { overview } from '#modules/residents/api.ts'
import { campaigns } from '#modules/screening/api.ts'
import { areas, dwellings } from '#modules/territory/api.ts'
import { Card } from '#web/console/page.tsx'
import { useAsk } from '#web/console/query.ts'
import { useText } from '#web/language.ts'
import { useSession } from '#web/session.ts'

const said = {
  title: text('开始使用', 'First steps'),
  note: text('按顺序办理；办好一项，这里就少一项。', 'In this order; each one leaves this list when it is done.'),
}

type Step = {
  readonly path: string
  readonly search?: Readonly<Record<string, string>>
  readonly title: Text
  readonly why: Text
  readonly done: boolean | undefined
}

export function Today() {
  const { post } = useSession()
  return <TodayPage above={post?.role === 'communitySecretary' ? <FirstSteps community={post.area} /> : undefined} />
}

/** Nothing is shown before everything is known, so that no step flashes up which was done long ago. */
function FirstSteps({ community }: { community: string }) {
  const say = useText()
  const open = useSteps(community)
  if (open.length === 0) return null
  return (
    <Card title={said.title}>
      <p>{say(said.note)}</p>
      <ol className="first-steps">
        {open.map(({ path, search, title, why }) => (
          <li key={title.en}>
            <Link to={path as never} search={(search ?? {}) as never}>
              {say(title)}
            </Link>
            <div className="code">{say(why)}</div>
          </li>
        ))}
      </ol>
    </Card>
  )
}

function useSteps(community: string): readonly Step[] {
  const tree = useAsk(areas, { under: community }).data?.rows
  const residents = useAsk(overview, {}).data
  const workers = useAsk(accounts, { role: 'gridWorker', state: 'active', limit: 1 }).data
  const homeless = useAsk(dwellings, { ungrouped: true, limit: 1 }).data
  const under = useAsk(responses, {}).data?.rows
  const rounds = useAsk(campaigns, {}).data?.rows
  const grids = tree?.filter((area) => area.level === 'grid')
  // Whoever leads a precinct answers for its grids.
  const answered = new Set(tree?.filter((area) => area.responsible.length > 0).map((area) => area.areaCode))
  const steps: Step[] = [
    {
      path: '/territory',
      title: text('建立网格', 'Set up the grids'),
      done: grids && grids.length > 0,
      why: text('在“区域与房屋”逐个添加，或导入一张表。', 'Add them under Areas and houses, or load a file.'),
    },
    {
      path: '/roster',
      title: text('导入居民名册', 'Import the roster'),
      done: residents && residents.people > 0,
      why: text('现有的表格可以直接导入，房屋会一并建立。', 'The workbook that you have will do; the dwellings come with it.'),
    },
    {
      path: '/territory',
      search: { tab: 'buildings' },
      title: text('把房屋划入网格', 'Put the dwellings into grids'),
      done: homeless && homeless.total === 0,
      why: text('在“楼栋”里选“多栋划入网格”，可以整段一起划。', 'Under Buildings, whole runs of buildings go in at once.'),
    },
    {
      path: '/accounts',
      title: text('新建网格员账号', 'Create accounts for grid workers'),
      done: workers && workers.total !== 0,
      why: text('一次性密码只显示一次，请当面交给本人。', 'The one-time password is shown once; hand it over in person.'),
    },
    {
      path: '/territory',
      title: text('确定每个网格的责任人', 'Name who answers for each grid'),
      done: grids && grids.every(({ areaCode }) => answered.has(areaCode) || answered.has(areaCode.slice(0, 14))),
      why: text(
        '任务按责任人分派；没有责任人的任务没有人办。',
        'Tasks go to whoever answers for the grid; without one nobody does them.',
      ),
    },
    {
      path: '/policy',
      title: text('启动应急响应', 'Activate the response'),
      done: under && under.some((one) => one.state === 'active'),
      why: text(
        '您提出后，由另一人批准；没有响应，不能限制任何人。',
        'You propose, a second person agrees; without a response nobody may be restricted.',
      ),
    },
    {
      path: '/screening',
      title: text('发起排查', 'Open a campaign'),
      done: rounds && rounds.length > 0,
      why: text('发起后，网格员手机上就有要走的门。', 'From then on the workers have their doors on the phone.'),
    },
  ]
  return steps.some(({ done }) => done === undefined) ? [] : steps.filter(({ done }) => !done)
}
