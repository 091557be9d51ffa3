// Formulas are never computed; those that would fetch or start something outside the workbook are refused with the file.
import { say } from './problems.ts'

const fetching = /(^|[^\w.])(_xlfn\.)?(WEBSERVICE|RTD|CALL|REGISTER|REGISTER\.ID|EXEC|DDE|SQL\.REQUEST|IMAGE)\s*\(/i
/** `[1]Sheet!A1`, `'[1]表 1'!A1`, `'C:\[b.xlsx]表'!A1`; [0] is the workbook itself. */
const elsewhere = /\[[1-9]\d*\][^[\]()+*,;"]*!|\[[^[\]"]*\.(xl\w{1,2}|csv|ods|et)\]/i

/** A formula, or a name's: `program|topic!item` asks the computer of whoever opens the file to start a program. */
export function checkFormula(formula: string): void {
  const bare = formula.replace(/"[^"]*"/g, '""')
  if (elsewhere.test(bare) || fetching.test(bare) || bare.replace(/'[^']*'/g, "''").includes('|')) throw say.externalLinks()
}
