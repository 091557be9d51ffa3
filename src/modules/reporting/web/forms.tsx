// The forms that offices ask: who asks, by when, which version is in use; adding one, its next version; and who asks what.
import { FileExcelOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useRef, useState } from 'react'
import { dayOf } from '#core/dates.ts'
import { text, type Text } from '#core/text.ts'
import { query } from '#core/contract.ts'
import { z } from 'zod'
import { serverNow } from '#web/api.ts'
import { useFilters } from '#web/console/address.ts'
import { FormDrawer } from '#web/console/drawer.tsx'
import type { InputProps } from '#web/console/inputs.tsx'
import { Page } from '#web/console/page.tsx'
import { useAsk } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { sayShortDay } from '#web/show.ts'
import { useLanguage, useText } from '#web/language.ts'
import { holds, useSession } from '#web/session.ts'
import * as api from '../formsApi.ts'
import { heaviestForm } from '../forms.ts'
import { BindPage, Warnings } from './formsBind.tsx'
import { FormDayPage } from './formsDay.tsx'
import { WhoAsksCard } from './formsAsked.tsx'
import { said } from './formsSaid.ts'

/** What the address says: which form, which of its versions is pointed at its answers, for which place and day. */
const address = query('reporting.formsAddress', {
  title: said.title,
  may: api.forms.may,
  output: z.unknown(),
  input: z.object({ ...api.formDay.input.shape, form: z.uuid().optional(), version: z.uuid().optional() }),
})

export function FormsPage() {
  const [at, go] = useFilters(address)
  const form = at['form'] as string | undefined
  const version = at['version'] as string | undefined
  const day = at['day'] as string | undefined
  const { data: shown } = useAsk(api.form, { form: form ?? '' }, { enabled: form !== undefined })
  const back = () => go({ form: undefined, version: undefined, place: undefined, day: undefined })
  if (!form)
    return <ListPage onDay={(chosen) => go({ form: chosen })} onBind={(chosen, bound) => go({ form: chosen, version: bound })} />
  if (version) return <BindPage form={shown} version={version} onBack={back} onDay={() => go({ version: undefined })} />
  return (
    <FormDayPage
      form={form}
      place={at['place'] as string | undefined}
      day={day}
      onDay={(chosen) => go({ day: chosen })}
      onBack={back}
      onBind={shown?.mine ? (bound) => go({ version: bound }) : undefined}
    />
  )
}

type Doing = { what: 'add' } | { what: 'version' | 'change'; form: api.FormShown }

function ListPage({ onDay, onBind }: { onDay: (form: string) => void; onBind: (form: string, version: string) => void }) {
  const say = useText()
  const language = useLanguage()
  const { roles } = useSession()
  const [doing, setDoing] = useState<Doing>()
  const today = dayOf(serverNow())
  const close = () => setDoing(undefined)
  const writes = holds(api.addForm.may, roles)
  return (
    <Page
      title={said.title}
      tools={
        writes && (
          <Button type="primary" icon={<FileExcelOutlined aria-hidden />} onClick={() => setDoing({ what: 'add' })}>
            {say(api.addForm.title)}
          </Button>
        )
      }
    >
      <p className="form-legend">{say(said.intro)}</p>
      <DataTable
        of={api.forms}
        filters={[]}
        rowKey={({ id }) => id}
        onOpen={({ id, version, versions, mine }) => {
          const last = versions[0]
          if (!version && last && mine) onBind(id, last.id)
          else onDay(id)
        }}
        columns={['title', 'office', 'due', 'areaName', 'tally', 'versions', 'state']}
        heads={{ tally: said.fields, versions: said.versions, state: said.inUse }}
        cells={{
          tally: ({ versions, version }) => {
            const tally = (versions.find(({ id }) => id === version) ?? versions[0])?.tally
            return tally ? say(said.tally(tally.counted + tally.facts, tally.typed, tally.open)) : ''
          },
          versions: (form) => (
            <>
              {form.versions.map((one) => (
                <div key={one.id}>
                  <button
                    type="button"
                    className="row-open"
                    onClick={() => onBind(form.id, one.id)}
                    aria-label={`${form.title} ${say(versionWords(one.number))}`}
                  >
                    {say(versionWords(one.number))}
                  </button>{' '}
                  {say(sinceWords(sayShortDay(one.since, language)))}
                </div>
              ))}
            </>
          ),
          state: ({ endsOn, version, versions }) =>
            endsOn && endsOn <= today ? (
              <Tone tone="quiet">{say(said.stopped)}</Tone>
            ) : version ? (
              <Tone tone="ok">{say(versionWords(versions.find(({ id }) => id === version)?.number ?? 0))}</Tone>
            ) : (
              <Tone tone="look">{say(said.later)}</Tone>
            ),
        }}
        empty={{ title: said.none, hint: said.noneHint }}
        actions={(form) => [
          {
            label: api.addVersion.title,
            run: () => setDoing({ what: 'version', form }),
            disabledReason: form.mine && writes ? undefined : said.onlyAbove,
          },
          {
            label: said.change,
            run: () => setDoing({ what: 'change', form }),
            disabledReason: form.mine && writes ? undefined : said.onlyAbove,
          },
        ]}
      />
      <WhoAsksCard onOpen={onDay} />
      {doing?.what === 'add' && (
        <Upload of={api.addForm} today={today} onClose={close} onDone={(form) => onBind(form.id, form.versions[0]!.id)} />
      )}
      {doing?.what === 'version' && (
        <Upload
          of={api.addVersion}
          today={today}
          form={doing.form}
          onClose={close}
          onDone={(form) => onBind(form.id, form.versions[0]!.id)}
        />
      )}
      {doing?.what === 'change' && (
        <FormDrawer
          of={api.changeForm}
          open
          onClose={close}
          draft={doing.form.id}
          fixed={{ form: doing.form.id }}
          fields={['office', 'title', 'due', 'basis', 'endsOn']}
          initial={{
            office: doing.form.office,
            title: doing.form.title,
            due: doing.form.due,
            basis: doing.form.basis,
            endsOn: doing.form.endsOn,
          }}
        >
          {doing.form.versions[0] && <Warnings of={doing.form.versions[0].warnings} />}
        </FormDrawer>
      )}
    </Page>
  )
}

const versionWords = (number: number): Text => text(`第 ${number} 版`, `Version ${number}`)
const sinceWords = (day: string): Text => text(`${day} 起`, `from ${day}`)

type UploadProps = { today: string; onClose: () => void; onDone: (form: api.FormShown) => void } & (
  { of: typeof api.addForm; form?: undefined } | { of: typeof api.addVersion; form: api.FormShown }
)

/** The words of a form and its file in one sheet. The name of the file goes along. */
function Upload({ of, form, today, onClose, onDone }: UploadProps) {
  const [name, setName] = useState('')
  const shared = {
    open: true,
    onClose,
    draft: false as const,
    inputs: { content: (props: InputProps) => <FileField {...props} onName={setName} /> },
  }
  return form ? (
    <FormDrawer
      {...shared}
      of={of}
      fixed={{ form: form.id, fileName: name || 'form.xlsx' }}
      fields={['since', 'content']}
      initial={{ since: today }}
      onDone={onDone}
    />
  ) : (
    <FormDrawer
      {...shared}
      of={of}
      fixed={{ fileName: name || 'form.xlsx' }}
      fields={['office', 'title', 'due', 'basis', 'since', 'content']}
      initial={{ since: today }}
      onDone={onDone}
    />
  )
}

function FileField({ id, onChange, describedBy, onName }: InputProps & { onName: (name: string) => void }) {
  const say = useText()
  const field = useRef<HTMLInputElement>(null)
  const [chosen, setChosen] = useState<string>()
  const [heavy, setHeavy] = useState(false)
  const take = async (file: File | undefined) => {
    if (!file) return
    setHeavy(file.size > heaviestForm)
    if (file.size > heaviestForm) return
    setChosen(file.name)
    onName(file.name)
    onChange(await base64(file))
  }
  return (
    <div>
      <input ref={field} type="file" hidden accept=".xlsx" onChange={(event) => void take(event.target.files?.[0])} />
      <Button
        id={id}
        icon={<FileExcelOutlined aria-hidden />}
        aria-describedby={describedBy}
        onClick={() => field.current?.click()}
      >
        {say(said.choose)}
      </Button>
      {chosen && <p role="status">{say(said.chosen(chosen))}</p>}
      {heavy && (
        <p className="field-error" role="alert">
          {say(said.heavy)}
        </p>
      )}
    </div>
  )
}

const base64 = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => resolve(String(reader.result).replace(/^[^,]*,/, '')))
    reader.addEventListener('error', () => reject(reader.error))
    reader.readAsDataURL(file)
  })
