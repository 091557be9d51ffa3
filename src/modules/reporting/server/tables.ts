// The tables of reporting as code reads and writes them.
import type { Json, Tx } from '#server/database/connect.ts'
import type { AreaFigure, Frozen, FrozenGrids, Move, Report } from '../model.ts'

export type Tables = {
  reportingReports: Omit<Report, 'figures' | 'grids'> & { figures: Json<Frozen>; grids: Json<FrozenGrids> }
  reportingMoves: Omit<Move, 'digest'> & { digest: Buffer }
  reportingFigures: AreaFigure
}
export const of = (tx: Tx) => tx.withTables<Tables>()
