// The tables of reporting as code reads and writes them.
import type { ColumnType } from 'kysely'
import type { Json, Tx } from '#server/database/connect.ts'
import type { AreaFigure, Frozen, FrozenGrids, Move, Part, Report } from '../model.ts'

export type Tables = {
  reportingReports: Omit<Report, 'figures' | 'grids' | 'parts'> & {
    figures: Json<Frozen>
    grids: Json<FrozenGrids>
    parts: ColumnType<Part[] | null, string | null, string>
  }
  reportingMoves: Omit<Move, 'digest'> & { digest: Buffer }
  reportingFigures: AreaFigure
}
export const of = (tx: Tx) => tx.withTables<Tables>()
