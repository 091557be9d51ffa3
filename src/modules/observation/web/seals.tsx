// Sealed places: what each rests on, how far its households are, its papers, and the way to open it again.
import { Alert, Progress } from 'antd'
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { ActionButton } from '#web/console/action.tsx'
import { FormDrawer, RecordWords, Side } from '#web/console/drawer.tsx'
import { FieldInput, type OwnInput } from '#web/console/inputs.tsx'
import { useNotify } from '#web/console/notify.tsx'
import { useAsk, useTell } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { fieldOf } from '#web/fields.ts'
import { useText } from '#web/language.ts'
import { holds, useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { SealState } from '../model.ts'
import { categoryInput, placeInput, teamInput, type Rules } from './inputs.tsx'
import { PapersButton } from './papers.tsx'
import { said, saidSlots, sealTones } from './said.ts'

type Props = { community: string | undefined; rules: Rules }

export function Seals({ community, rules }: Props) {
  const say = useText()
  const { roles } = useSession()
  const [opened, setOpened] = useState<string>()
  const [making, setMaking] = useState(false)
  return (
    <>
      <DataTable
        of={api.seals}
        columns={[
          'placeName',
          'scope',
          'state',
          'startsOn',
          'lastDay',
          'households',
          'opened',
          'served',
          'government',
          'document',
        ]}
        filters={['state']}
        fixed={community ? { community } : {}}
        onOpen={(row) => setOpened(row.id)}
        empty={{ title: said.noSeals, hint: said.noSealsHint }}
        cells={{ state: (row) => <Tone tone={sealTones[row.state]}>{say(choiceText(SealState, row.state))}</Tone> }}
        tools={
          <ActionButton
            label={said.newSeal}
            type="primary"
            run={() => setMaking(true)}
            disabledReason={holds(api.seal.may, roles) ? undefined : said.mayNot}
          />
        }
      />
      <NewSeal rules={rules} open={making} onClose={() => setMaking(false)} onDone={setOpened} />
      <SealDrawer community={community} seal={opened} onClose={() => setOpened(undefined)} />
    </>
  )
}

function NewSeal({
  rules,
  open,
  onClose,
  onDone,
}: {
  rules: Rules
  open: boolean
  onClose: () => void
  onDone: (seal: string) => void
}) {
  const say = useText()
  const [scope, setScope] = useState<string>()
  const scopeInput: OwnInput = (props) => (
    <FieldInput
      {...props}
      field={fieldOf('scope', api.seal.input.shape.scope)}
      onChange={(one) => {
        setScope(one as string)
        props.onChange(one)
      }}
    />
  )
  const sealed = rules.categories.filter((c) => c.places.includes('home'))
  const team = rules.teams.find((t) => t.key === sealed.find((c) => c.coResidentsBound)?.team)
  return (
    <FormDrawer
      of={api.seal}
      title={said.newSeal}
      open={open}
      onClose={onClose}
      draft={false}
      onDone={({ id }) => onDone(id)}
      fields={[
        'scope',
        'place',
        ...(scope === 'garage' ? ['spot' as const] : []),
        'category',
        'government',
        'legalBasis',
        'document',
        'startsOn',
        'lastDay',
        'fireExit',
        'keyDay',
        'keyDayPhone',
        'keyNight',
        'keyNightPhone',
        'ambulanceRoute',
        'team',
      ]}
      inputs={{
        scope: scopeInput,
        place: placeInput(scope),
        category: categoryInput({ ...rules, categories: sealed }),
        team: teamInput(team),
      }}
    >
      <Alert type="warning" showIcon title={say(said.sealNeeds)} />
    </FormDrawer>
  )
}

/** While orders are being opened the page looks again so often, ms. */
const lookAgain = 1500

function SealDrawer({
  community,
  seal,
  onClose,
}: {
  community: string | undefined
  seal: string | undefined
  onClose: () => void
}) {
  const say = useText()
  const notify = useNotify()
  const { roles } = useSession()
  const [form, setForm] = useState<'serve' | 'askLift'>()
  const here = community ? { community } : {}
  const { data } = useAsk(api.seals, here, {
    enabled: seal !== undefined,
    every: (all) => {
      const one = all?.rows.find((s) => s.id === seal)
      return one && one.state === 'decided' && one.opened < (one.households ?? 0) ? lookAgain : undefined
    },
  })
  const shown = data?.rows.find((s) => s.id === seal)
  const input = { seal: seal ?? '', ...here }
  const decide = useTell(api.decideSeal)
  const resume = useTell(api.resumeSeal)
  const cancel = useTell(api.cancelSeal)
  const lift = useTell(api.lift)
  const act = async (told: typeof decide) => {
    if (await told.tell(input, undefined, notify.refused)) notify.done()
  }
  const may = (contract: { may: readonly string[] | 'anyone' | 'signedIn' }) =>
    holds(contract.may, roles) ? undefined : said.mayNot
  if (!shown) return null
  const { state, households, opened, served } = shown
  const all = opened >= (households ?? 0)
  const running = state === 'decided' || state === 'lifting' ? undefined : said.notSealed
  return (
    <Side title={text(shown.placeName, shown.placeName)} open onClose={onClose}>
      <p className="observation-notes">
        <Tone tone={sealTones[state]}>{say(choiceText(SealState, state))}</Tone>
      </p>
      {state !== 'proposed' && state !== 'cancelled' && (households ?? 0) > 0 && (
        <>
          <p role="status">
            {say(
              text(
                `已建档 ${opened} / ${households} 户，已送达 ${served} 户`,
                `${opened} of ${households} households opened, ${served} served`,
              ),
            )}
          </p>
          <Progress percent={Math.floor((100 * opened) / (households || 1))} aria-label={say(said.opening)} />
          {shown.waiting > 0 && (
            <Alert
              className="observation-notes"
              type="warning"
              showIcon
              title={say(
                text(
                  `${shown.waiting} 户没有成年人，请到观察令里补登监护人`,
                  `${shown.waiting} without an adult: name a guardian in the order`,
                ),
              )}
            />
          )}
        </>
      )}
      {shown.slots.due > 0 && <p>{say(saidSlots(shown.slots))}</p>}
      <div className="observation-actions">
        <ActionButton
          label={api.decideSeal.title}
          type="primary"
          loading={decide.busy}
          run={() => void act(decide)}
          disabledReason={may(api.decideSeal) ?? (state !== 'proposed' ? said.decidedAlready : shown.mine ? said.own : undefined)}
        />
        <ActionButton
          label={said.resume}
          loading={resume.busy}
          run={() => void act(resume)}
          disabledReason={may(api.resumeSeal) ?? running ?? (all ? said.allOpen : undefined)}
        />
        <PapersButton
          label={said.printAll}
          input={{ ...here, seal: shown.id }}
          disabledReason={may(api.sheets) ?? running ?? (opened === 0 ? said.opening : undefined)}
        />
        <PapersButton
          label={said.printReleases}
          input={{ ...here, seal: shown.id, of: 'release' }}
          disabledReason={may(api.sheets) ?? (state === 'lifted' ? undefined : said.liftFirst)}
        />
        <ActionButton
          label={said.serveAll}
          run={() => setForm('serve')}
          disabledReason={may(api.serveSeal) ?? running ?? (served >= opened && opened > 0 ? said.allServed : undefined)}
        />
        <ActionButton
          label={api.askLift.title}
          run={() => setForm('askLift')}
          disabledReason={may(api.askLift) ?? (state === 'decided' ? undefined : said.notSealed)}
        />
        <ActionButton
          label={api.lift.title}
          loading={lift.busy}
          run={() => void act(lift)}
          disabledReason={may(api.lift) ?? (state !== 'lifting' ? said.liftFirst : shown.mineLift ? said.own : undefined)}
        />
        <ActionButton
          label={api.cancelSeal.title}
          danger
          run={() => void act(cancel)}
          disabledReason={may(api.cancelSeal) ?? (state === 'proposed' ? undefined : said.decidedAlready)}
        />
      </div>
      <RecordWords
        schema={api.seals.output.shape.rows.element}
        value={shown}
        fields={[
          'scope',
          'startsOn',
          'lastDay',
          'government',
          'legalBasis',
          'document',
          'fireExit',
          'keyDay',
          'keyDayPhone',
          'keyNight',
          'keyNightPhone',
          'ambulanceRoute',
          'proposedByName',
          'decidedByName',
          'liftDocument',
          'liftedAt',
        ]}
      />
      <FormDrawer
        of={api.serveSeal}
        title={said.serveAll}
        open={form === 'serve'}
        onClose={() => setForm(undefined)}
        fixed={input}
        fields={['how', 'at', 'by', 'undertaking', 'witness']}
        draft={false}
      />
      <FormDrawer
        of={api.askLift}
        open={form === 'askLift'}
        onClose={() => setForm(undefined)}
        fixed={input}
        fields={['document']}
        draft={false}
      />
    </Side>
  )
}
