// Who hears of what the modules below do: one line for each command that sends something back, answers, or leaves it to somebody else.
import { after, type Ctx, type Listener } from '#server/house.ts'
import { text, type Text } from '#core/text.ts'
import type { Id } from '#core/ids.ts'
import * as identity from '#modules/identity/api.ts'
import type { Role } from '#modules/identity/model.ts'
import { notify, type Topic } from '#modules/identity/news.ts'
import * as oversight from '#modules/oversight/api.ts'
import * as policy from '#modules/policy/api.ts'
import * as reporting from '#modules/reporting/api.ts'

/** Those who may sign a rule or a response as the second person. */
const signers: readonly Role[] = ['communitySecretary', 'subdistrictOfficer', 'districtOfficer', 'administrator']
const unpadded = (code: string): string => code.replace(/(000)+$/, '')

const tell = (ctx: Ctx, topic: Topic, to: readonly Id[], path: string, title: Text) => notify(ctx, { topic, to, path, title })
const askSigners = (ctx: Ctx, area: string, title: Text) =>
  notify(ctx, { topic: 'waiting', to: { roles: signers, area }, path: '/policy', title })

/** A version that its author has handed in. */
async function versionWaits(ctx: Ctx, version: Pick<policy.VersionRow, 'areaCode' | 'state'> | undefined): Promise<void> {
  if (version?.state !== 'submitted') return
  await askSigners(ctx, version.areaCode, text('有一版规则待您复核', 'A version of the rules waits for your signature'))
}

const latest = ({ moves }: policy.ResponseRow): policy.MoveRow | undefined => moves[0]
const meant = ({ moves }: policy.ResponseRow, id: Id): policy.MoveRow | undefined => moves.find((move) => move.id === id)
const changeWaits = after<typeof policy.extendResponse | typeof policy.changeLevel | typeof policy.endResponse>

/** A change of a response waits for a second person, whichever it is. */
const changes = [policy.extendResponse, policy.changeLevel, policy.endResponse].map((contract) =>
  changeWaits(contract, async (output, _, ctx) => {
    const response = output as policy.ResponseRow
    if (latest(response)) {
      await askSigners(
        ctx,
        response.areaCode,
        text('应急响应有变更待复核', 'A change of the response waits for a second signature'),
      )
    }
  }),
)

export const listeners: readonly Listener[] = [
  after(reporting.sendBack, ({ community, day }, _, ctx) =>
    notify(ctx, {
      topic: 'returned',
      path: '/reports',
      to: { roles: ['communitySecretary', 'subdistrictOfficer'], area: unpadded(community) },
      title: text(`${day} 的日报被退回，请改正后重新上报`, `The report of ${day} was returned: mend it and send it again`),
    }),
  ),

  after(policy.writePack, (pack, _, ctx) => versionWaits(ctx, pack.versions[0])),
  after(policy.writeVersion, (version, _, ctx) => versionWaits(ctx, version)),
  after(policy.editVersion, (version, _, ctx) => versionWaits(ctx, version)),
  after(policy.submitVersion, (version, _, ctx) => versionWaits(ctx, version)),
  after(policy.approveVersion, ({ author, number }, _, ctx) =>
    tell(
      ctx,
      'answered',
      [author],
      '/policy',
      text(`您起草的第 ${number} 版规则已复核通过`, `Version ${number} of the rules, which you wrote, was approved`),
    ),
  ),
  after(policy.refuseVersion, ({ author, number }, _, ctx) =>
    tell(
      ctx,
      'returned',
      [author],
      '/policy',
      text(`您起草的第 ${number} 版规则被退回`, `Version ${number} of the rules, which you wrote, was returned`),
    ),
  ),

  after(policy.proposeResponse, ({ areaCode }, _, ctx) =>
    askSigners(ctx, areaCode, text('有一项应急响应待启动', 'A response waits to be activated')),
  ),
  after(policy.activateResponse, ({ proposedBy }, _, ctx) =>
    tell(ctx, 'answered', [proposedBy], '/policy', text('您提出的应急响应已启动', 'The response that you proposed is active')),
  ),
  after(policy.refuseResponse, ({ proposedBy }, _, ctx) =>
    tell(
      ctx,
      'returned',
      [proposedBy],
      '/policy',
      text('您提出的应急响应未获同意', 'The response that you proposed was refused'),
    ),
  ),
  ...changes,
  after(policy.approveMove, async (response, { move }, ctx) => {
    const done = meant(response as policy.ResponseRow, move)
    if (done)
      await tell(
        ctx,
        'answered',
        [done.proposedBy],
        '/policy',
        text('您提出的响应变更已同意', 'Your change of the response was approved'),
      )
  }),
  after(policy.refuseMove, async (response, { move }, ctx) => {
    const done = meant(response as policy.ResponseRow, move)
    if (done)
      await tell(
        ctx,
        'returned',
        [done.proposedBy],
        '/policy',
        text('您提出的响应变更未获同意', 'Your change of the response was refused'),
      )
  }),

  after(oversight.approveExport, ({ account }, _, ctx) =>
    tell(ctx, 'answered', [account], '/exports', text('您的导出申请已批准', 'Your export was approved')),
  ),
  after(oversight.refuseExport, ({ account }, _, ctx) =>
    tell(ctx, 'answered', [account], '/exports', text('您的导出申请未获批准', 'Your export was not approved')),
  ),

  after(identity.handOver, (_, { to }, ctx) =>
    tell(
      ctx,
      'assigned',
      [to],
      '/inbox',
      text('有工作交接给您，请查看相应页面', 'Work was handed over to you: look at its pages'),
    ),
  ),
]
