// The trial's register: one page, one set, one queued contract, and people as the trial's server knows them.
import { text } from '#core/text.ts'
import { ContractForm, LedgerForm } from '#web/phone/form.tsx'
import { record } from '#web/phone/outbox.ts'
import { queued, type PhoneParts, type SignInTerms } from '#web/phone/parts.ts'
import { SignInForm } from '#web/phone/signIn.tsx'
import { syncSet, usePendingFor, useSet } from '#web/phone/sync.ts'
import { Age, BigButton, Card, Empty, Pair, Progress, Room, SmallButton, Tag, toast } from '#web/phone/ui.tsx'
import { askNow, tellNow } from '#web/phone/wire.ts'
import { usePhoneRoute } from '#web/phone/route.ts'
import { signedIn } from '#web/session.ts'
import { doors, enrol, litter, signIn, signOut, visit, whoAmI, type Visit } from './contracts.ts'

const doorSet = syncSet({
  key: 'doors',
  title: text('门户名册', 'Doors'),
  contract: doors,
  input: ({ post }) => (post ? {} : undefined),
  overlay: [visit],
})

function Rounds() {
  const { data, takenAt, loading } = useSet(doorSet)
  const pending = usePendingFor(doorSet)
  const [path, go] = usePhoneRoute()
  const rows = data?.rows ?? []
  const outcomes = new Map<string, string>()
  for (const row of rows) if (row.last) outcomes.set(row.door, row.last)
  for (const one of pending) outcomes.set((one.input as Visit).door, (one.input as Visit).outcome)
  const next = rows.find((row) => !outcomes.has(row.door))
  const knock = (outcome: Visit['outcome']) => async () => {
    const { undo } = await record(visit, { door: next!.door, outcome }, { undoable: true })
    toast(text('已记录', 'Recorded'), { undo })
  }
  if (path === '/rounds/form') return <ContractForm of={visit} onRecorded={() => go('/rounds')} />
  return (
    <>
      <Progress label={text('1 号楼', 'Building 1')} done={outcomes.size} total={rows.length} unit={text('户', 'households')} />
      <Age at={takenAt} loading={loading} />
      {next ? (
        <>
          <Card aside={text(`在册 ${next.people} 人`, `${next.people} people`)} title={text('下一户', 'Next door')}>
            <p>
              <Room>{next.door}</Room> <Tag tone="look">{text('独居老人', 'Lives alone')}</Tag>
            </p>
          </Card>
          <BigButton onClick={knock('well')}>{text('全户正常', 'All well')}</BigButton>
          <BigButton tone="stop" onClick={() => go('/rounds/form')}>
            {text('有人不适', 'Somebody is unwell')}
          </BigButton>
          <Pair>
            <SmallButton onClick={knock('away')}>{text('家中无人', 'Nobody home')}</SmallButton>
            <SmallButton disabledReason={text('先敲门', 'Knock first')}>{text('不配合', 'Refused')}</SmallButton>
          </Pair>
        </>
      ) : (
        <Empty title={text('都走完了', 'All done')} />
      )}
    </>
  )
}

const Litter = () => <LedgerForm of={litter} oneByOne />

const SignIn = ({ onDone }: SignInTerms) => (
  <SignInForm
    title={text('试行', 'Trial')}
    onDone={onDone}
    change={async () => undefined}
    signIn={async (username, password) => {
      signedIn(await tellNow(signIn, { username, password }))
      return 'done'
    }}
  />
)

export const parts: PhoneParts = {
  name: text('试行', 'Trial'),
  pages: [
    {
      path: '/rounds',
      tab: text('排查', 'Rounds'),
      icon: 'door',
      title: text('入户排查', 'Door to door'),
      roles: ['gridWorker'],
      page: Rounds,
    },
    { path: '/litter', tab: litter.title, icon: 'list', title: litter.title, roles: ['gridWorker'], page: Litter },
  ],
  shift: async () => ({
    shift: { sets: [doorSet], queued: [queued(visit, (input) => input.door), queued(litter.contracts.record)] },
  }),
  people: {
    signIn: SignIn,
    who: () => askNow(whoAmI, {}),
    signOut: () => tellNow(signOut, {}),
    enrolDevice: ({ id, name }) => tellNow(enrol, { device: id, name }),
    devices: async () => [{ id: '018f0000-0000-7000-8000-000000000009', name: '旧手机', enrolledAt: '2026-11-01T00:00:00.000Z' }],
    revokeDevice: async () => undefined,
  },
}
