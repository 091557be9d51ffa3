// The page on which lists come in from workbooks: rosters, tenants with their landlords, employees. One wizard for all kinds.
import { Button } from 'antd'
import { z } from 'zod'
import { query } from '#core/contract.ts'
import { label } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { useFilters } from '#web/console/address.ts'
import { ImportWizard } from '#web/console/import.tsx'
import type { AnyImporting } from '#web/console/importWords.ts'
import { Page } from '#web/console/page.tsx'
import { useText } from '#web/language.ts'
import { employees, floating, roster } from '../api.ts'

const said = { title: text('导入名册', 'Import a list'), kinds: text('名册种类', 'Kind of list') }

/** A kind of list: `key` stands in the address. */
export type KindOfList = { readonly key: string; readonly of: AnyImporting; readonly hint: Text }

const kinds: readonly KindOfList[] = [
  {
    key: 'roster',
    of: roster,
    hint: text(
      '一人一行的居民花名册，手头的表可以直接上传：有标题、合并格、多张表都可以。',
      'A roster with one row for each resident. Upload it as you have it: titles, merged cells and several sheets are fine.',
    ),
  },
  {
    key: 'floating',
    of: floating,
    hint: text(
      '租住人员和房东：每人一行，租住地址写到房号。人员登记为租住，房东记在那套房屋上。',
      'Tenants and landlords: one row a person, the address down to the room. People are registered as tenants, the landlord with the dwelling.',
    ),
  },
  {
    key: 'employees',
    of: employees,
    hint: text(
      '单位员工名单：住在本社区的员工，档案里补上工作单位；住在别处的只留档案，不计入本社区居民。',
      'Employees: those who live here get their employer in the dossier; others are kept without a household and are not counted as residents.',
    ),
  },
]

/** Which kind is shown stands in the address. */
const shown = query('residents.lists', {
  title: said.title,
  may: 'signedIn',
  output: z.object({}),
  input: z.object({
    kind: label(
      z
        .string()
        .regex(/^[a-zA-Z]{1,40}$/)
        .optional(),
      '种类',
      'Kind',
    ),
  }),
})

/** The page, with the kinds that modules above add to those of the register. */
export function ListsPage({ more }: { more: readonly KindOfList[] }) {
  const say = useText()
  const [filters, setFilters] = useFilters(shown)
  const all = [...kinds, ...more]
  const now = all.find((kind) => kind.key === filters['kind']) ?? all[0]!
  return (
    <Page title={said.title}>
      <div className="import-kinds" role="group" aria-label={say(said.kinds)}>
        {all.map((kind) => (
          <Button
            key={kind.key}
            type={kind === now ? 'primary' : 'default'}
            aria-pressed={kind === now}
            onClick={() => setFilters({ kind: kind === all[0] ? undefined : kind.key, outcome: undefined })}
          >
            {say(kind.of.title)}
          </Button>
        ))}
      </div>
      <ImportWizard key={now.key} of={now.of} hint={now.hint} />
    </Page>
  )
}
