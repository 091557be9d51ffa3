// Figures as a table whose numbers open: 现有, 今日新增 and 累计 side by side, each with its unit; a name opens its definition and grids.
import { choiceText } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { DataTable } from '#web/console/table.tsx'
import { Side } from '#web/console/drawer.tsx'
import { Card } from '#web/console/page.tsx'
import { sayNumber, useLanguage, useText } from '#web/language.ts'
import * as api from '../api.ts'
import { columns, FigureColumn, type Numbers } from '../model.ts'
import { headOf } from '../words.ts'
import { said } from './said.ts'

type Column = (typeof columns)[number]
/** A number to open: of one grid, of no known grid, or only what is in doubt. */
export type Opening = { figure: api.IndicatorShown; column: Column; grid?: string | null; name?: string; doubted?: true }
type Shown = api.IndicatorShown & Numbers

type Props = { figures: readonly Shown[]; onOpen?: (opening: Opening) => void; onExplain?: (figure: Shown) => void; title?: Text }

export function FigureTable({ figures, onOpen, onExplain, title = said.figures }: Props) {
  const say = useText()
  const doubts = figures.some((f) => f.doubted > 0)
  return (
    <Card title={title}>
      <div className="rows" tabIndex={0} role="region" aria-label={say(title)}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say(said.group)}</th>
              <th scope="col">{say(said.item)}</th>
              <th scope="col">{say(said.unit)}</th>
              {columns.map((column) => (
                <th key={column} scope="col" className="number">
                  {say(choiceText(FigureColumn, column))}
                </th>
              ))}
              {doubts && (
                <th scope="col" className="number">
                  {say(said.doubted)}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {figures.map((figure, i) => (
              <tr key={figure.indicator}>
                <td>{figures[i - 1]?.group.zh === figure.group.zh ? '' : say(figure.group)}</td>
                <td>
                  {onExplain ? (
                    <button type="button" className="row-open" onClick={() => onExplain(figure)}>
                      {say(figure.title)}
                    </button>
                  ) : (
                    say(figure.title)
                  )}
                </td>
                <td>{say(figure.unit)}</td>
                {columns.map((column) => (
                  <td key={column} className="number">
                    <Number figure={figure} column={column} value={figure[column]} onOpen={onOpen} />
                  </td>
                ))}
                {doubts && (
                  <td className="number">
                    {figure.doubted > 0 && (
                      <Number figure={figure} column={figure.main} value={figure.doubted} onOpen={onOpen} doubted />
                    )}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  )
}

type NumberProps = Omit<Opening, 'doubted'> & { doubted?: boolean; value: number | null; onOpen: Props['onOpen'] }

/** A number that opens its rows; blank where the indicator has no such column. */
function Number({ value, onOpen, doubted, ...opening }: NumberProps) {
  const say = useText()
  const language = useLanguage()
  if (value === null) return null
  const shown = sayNumber(value, language)
  if (!onOpen) return <>{shown}</>
  const name = [say(opening.figure.title), say(choiceText(FigureColumn, opening.column)), opening.name]
    .filter(Boolean)
    .join(' · ')
  return (
    <button
      type="button"
      className="row-open"
      aria-label={`${shown} ${say(opening.figure.unit)}，${say(said.open(name))}`}
      onClick={() => onOpen({ ...opening, ...(doubted ? { doubted: true as const } : {}) })}
    >
      {shown}
    </button>
  )
}

/** What a figure means, and how it spreads over the grids. */
type ExplainProps = { figure: api.FigureShown | undefined; onClose: () => void; onOpen: (opening: Opening) => void }

export function ExplainDrawer({ figure, onClose, onOpen }: ExplainProps) {
  const say = useText()
  if (!figure) return null
  const { definition: d } = figure
  const lines: [Text, Text | undefined][] = [
    [said.numerator, d.numerator],
    [said.denominator, d.denominator],
    [said.distinct, d.distinct],
    [said.instant, d.instant],
  ]
  const grids = [
    ...figure.grids.map((grid) => (grid.grid === null ? { ...grid, name: say(said.unplaced) } : grid)),
    { ...figure, grid: undefined, name: say(said.whole) },
  ]
  return (
    <Side title={headOf(figure)} open onClose={onClose}>
      <dl className="record">
        {lines.map(
          ([name, words]) =>
            words && (
              <div key={name.en}>
                <dt>{say(name)}</dt>
                <dd>{say(words)}</dd>
              </div>
            ),
        )}
      </dl>
      <section className="history" aria-label={say(said.byGrid)}>
        <h2>{say(said.byGrid)}</h2>
        <div className="rows">
          <table>
            <thead>
              <tr>
                <th scope="col">{say(said.grid)}</th>
                {figure.columns.map((column) => (
                  <th key={column} scope="col" className="number">
                    {say(choiceText(FigureColumn, column))}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {grids.map((grid) => (
                <tr key={grid.grid === undefined ? 'whole' : (grid.grid ?? 'unplaced')}>
                  <td>{grid.name}</td>
                  {figure.columns.map((column) => (
                    <td key={column} className="number">
                      <Number
                        figure={figure}
                        column={column}
                        value={grid[column]}
                        name={grid.name}
                        onOpen={onOpen}
                        {...(grid.grid === undefined ? {} : { grid: grid.grid })}
                      />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
    </Side>
  )
}

/** The rows behind one number, as the report counted them or as they stand now. */
export function RowsDrawer({
  opening,
  community,
  day,
  report,
  onClose,
}: {
  opening: Opening | undefined
  community: string
  day: string
  report: string | undefined
  onClose: () => void
}) {
  const say = useText()
  const language = useLanguage()
  if (!opening) return null
  const { figure, column, grid, name, doubted } = opening
  const where = grid === undefined ? {} : grid === null ? { unplaced: true } : { area: grid }
  const has = (wanted: boolean, ...names: string[]) => (wanted ? names : [])
  const words = choiceText(FigureColumn, column)
  const ofPersons = figure.unit.zh === '人'
  const titled = (title: string, of: string) => [title, of, name].filter(Boolean).join(' · ')
  const shown = [
    ...has(ofPersons, 'personName'),
    'address',
    ...has(!ofPersons, 'head'),
    'gridName',
    'at',
    'how',
    'byName',
    ...has(figure.unit.zh === '㎡', 'amount'),
    ...has(column !== 'today', 'day'),
    ...has(figure.unit.zh !== '户', 'doubted'),
  ]
  return (
    <Side title={text(titled(figure.title.zh, words.zh), titled(figure.title.en, words.en))} open onClose={onClose} wide>
      <DataTable
        of={api.rows}
        filters={[]}
        rowKey={({ key }) => key}
        empty={{ title: said.noRows }}
        fixed={{
          community,
          day,
          indicator: figure.indicator,
          column,
          ...where,
          ...(doubted ? { doubted: true } : {}),
          ...(report ? { report } : {}),
        }}
        columns={shown}
        cells={{ amount: (row) => `${sayNumber(row.amount, language)} ${say(figure.unit)}` }}
      />
    </Side>
  )
}
