// A list as a table: heads, words and units from the labels of its rows, filters in the address, more rows by key.
import { Button, Dropdown, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import type { z } from 'zod'
import type { Text } from '#core/text.ts'
import { fieldsOf, type Field } from '../fields.ts'
import { sayNumber, useLanguage, useText } from '../language.ts'
import { showField } from '../show.ts'
import { ActionButton, type Action } from './action.tsx'
import { useFilters, type Filters } from './address.ts'
import { FilterRow } from './filters.tsx'
import { ProblemNote } from './notify.tsx'
import { EmptyNote, type EmptyWords } from './page.tsx'
import { useRows, type ListQuery } from './query.ts'
import { shownOf, shownOnly, words } from './words.ts'

export type Cells<Row> = Readonly<Record<string, (row: Row) => ReactNode>>

export type DataTableProps<I extends z.ZodType, R extends z.ZodType> = {
  readonly of: ListQuery<I, R>
  /** Which columns, in order; every labelled field of a row where left out. A name that only `cells` knows needs `heads`. */
  readonly columns?: readonly string[]
  readonly heads?: Readonly<Record<string, Text>>
  readonly cells?: Cells<z.output<R>>
  /** Inputs of the query that people may set. */
  readonly filters?: readonly (keyof z.input<I> & string)[]
  /** Inputs that are always sent. */
  readonly fixed?: Filters
  readonly rowKey?: (row: z.output<R>) => string
  /** Opens one record: the first cell becomes its button. */
  readonly onOpen?: (row: z.output<R>) => void
  readonly actions?: (row: z.output<R>) => readonly Action[]
  /** What stands where no record is yet: it says what to do first. */
  readonly empty?: EmptyWords
  /** Buttons beside the filters. */
  readonly tools?: ReactNode
  readonly title?: Text
}

export function DataTable<I extends z.ZodType, R extends z.ZodType>(props: DataTableProps<I, R>) {
  const { of, filters = [], fixed, empty, tools } = props
  const say = useText()
  const [all, setFilters] = useFilters(of)
  const set = Object.fromEntries(Object.entries(all).filter(([name]) => (filters as readonly string[]).includes(name)))
  const list = useRows(of, { ...set, ...fixed })
  const filtered = Object.keys(set).length > 0
  const unfilter = () => setFilters(Object.fromEntries(filters.map((name) => [name, undefined])))
  return (
    <section className="card ledger" aria-label={say(props.title ?? of.title)} aria-busy={list.loading}>
      {(filters.length > 0 || tools) && (
        <div className="ledger-bar">
          <FilterRow of={of} names={filters} values={set} onChange={setFilters} />
          {tools && <div className="ledger-tools">{tools}</div>}
        </div>
      )}
      {list.problem && <ProblemNote problem={list.problem} onRetry={list.again} />}
      {list.loading && !list.problem && (
        <div className="ledger-wait">
          <Skeleton active title={false} paragraph={{ rows: 6 }} />
        </div>
      )}
      {!list.loading &&
        !list.problem &&
        list.rows.length === 0 &&
        (filtered ? (
          <EmptyNote
            title={words.none}
            hint={words.noneHint}
            action={<Button onClick={unfilter}>{say(words.clearFilters)}</Button>}
          />
        ) : (
          <EmptyNote {...empty} />
        ))}
      {list.rows.length > 0 && <Rows {...props} rows={list.rows} />}
      {list.rows.length > 0 && <Foot {...list} shown={list.rows.length} />}
    </section>
  )
}

/** Numbers stand at the right; days, hours and choices are never broken. */
const classes: Partial<Record<Field['kind'], string>> = {
  number: 'number',
  day: 'nowrap',
  instant: 'nowrap',
  time: 'nowrap',
  choice: 'nowrap',
}

/** Rows that are at hand already, as the same table without asking. */
export function Rows<I extends z.ZodType, R extends z.ZodType>(props: DataTableProps<I, R> & { rows: readonly z.output<R>[] }) {
  const { of, rows, heads, cells, onOpen, actions, rowKey = idOf } = props
  const say = useText()
  const language = useLanguage()
  const columns = columnsOf(rowSchema(of), props.columns)
  return (
    <div className="rows" tabIndex={0} role="region" aria-label={say(props.title ?? of.title)}>
      <table>
        <thead>
          <tr>
            {columns.map(({ name, field }) => (
              <th key={name} scope="col" className={field && classes[field.kind]}>
                {heads?.[name] ? say(heads[name]) : field ? say(field.label) : ''}
                {field?.info?.unit && <span className="unit"> {say(field.info.unit)}</span>}
              </th>
            ))}
            {actions && (
              <th scope="col" className="row-actions">
                {say(words.actions)}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={rowKey(row)}>
              {columns.map(({ name, field }, i) => {
                const inside =
                  cells?.[name]?.(row) ??
                  (field ? <Cell field={field} value={(row as Filters)[name]} language={language} /> : null)
                return (
                  <td key={name} className={field && classes[field.kind]}>
                    {i === 0 && onOpen ? (
                      <button type="button" className="row-open" onClick={() => onOpen(row)}>
                        {inside}
                      </button>
                    ) : (
                      inside
                    )}
                  </td>
                )
              })}
              {actions && (
                <td className="row-actions">
                  <RowActions actions={actions(row)} at={at + 1} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Cell({ field, value, language }: { field: Field; value: unknown; language: 'zh' | 'en' }) {
  const said = showField(field, value, language)
  return field.info?.mask && said.includes('*') ? <span className="masked">{said}</span> : <>{said}</>
}

/** Three actions stand beside each other; the rest waits behind one button. */
function RowActions({ actions, at }: { actions: readonly Action[]; at: number }) {
  const say = useText()
  const [near, far] = actions.length > 3 ? [actions.slice(0, 2), actions.slice(2)] : [actions, []]
  return (
    <span className="row-action-list">
      {near.map((action) => (
        <ActionButton key={action.label.en} {...action} type="link" size="small" about={String(at)} />
      ))}
      {far.length > 0 && (
        <Dropdown
          trigger={['click']}
          menu={{
            items: far.map((action) => ({
              key: action.label.en,
              danger: action.danger ?? false,
              disabled: action.disabledReason !== undefined,
              label: action.disabledReason ? `${say(action.label)}：${say(action.disabledReason)}` : say(action.label),
              onClick: action.run,
            })),
          }}
        >
          <Button type="link" size="small" aria-label={`${say(words.more)} ${at}`}>
            {say(words.more)}
          </Button>
        </Dropdown>
      )}
    </span>
  )
}

type FootProps = { shown: number; total: number | null; more: (() => void) | undefined; loadingMore: boolean }

function Foot({ shown, total, more, loadingMore }: FootProps) {
  const say = useText()
  const language = useLanguage()
  const count = (n: number) => sayNumber(n, language)
  return (
    <div className="ledger-foot">
      <span role="status">{say(total === null ? shownOnly(count(shown)) : shownOf(count(shown), count(total)))}</span>
      {more && (
        <Button onClick={more} loading={loadingMore}>
          {say(words.loadMore)}
        </Button>
      )}
    </div>
  )
}

const rowSchema = <I extends z.ZodType, R extends z.ZodType>(of: ListQuery<I, R>): z.ZodType => of.output.shape.rows.element

/** Ids stay behind the scenes; everything that has words of its own is shown. */
function columnsOf(row: z.ZodType, names?: readonly string[]): { name: string; field: Field | undefined }[] {
  const fields = fieldsOf(row)
  if (names) return names.map((name) => ({ name, field: fields.find((f) => f.name === name) }))
  return fields.filter((f) => f.info?.zh && f.kind !== 'id').map((field) => ({ name: field.name, field }))
}

const idOf = (row: unknown): string => String((row as { id?: unknown }).id ?? JSON.stringify(row))
