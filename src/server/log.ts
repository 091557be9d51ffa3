// Structured lines on stderr. Only what is listed here is ever written: names of things, codes, counts, milliseconds, ids.

type Value = string | number | boolean | null | undefined
export type LogFields = Readonly<Record<string, Value>>
export type Log = {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, error: unknown, fields?: LogFields): void
}

/** What may be said of an unexpected error: its class, its code and where it was thrown; its message may hold data. */
function traceOf(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error }
  const code = (error as { code?: unknown }).code
  const at = error.stack
    ?.split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 4)
    .map((line) => line.trim())
    .join(' < ')
  return { error: error.name, code: typeof code === 'string' ? code : undefined, at }
}

export const logTo = (write: (line: string) => void): Log => {
  const line = (level: string, event: string, fields: LogFields = {}) =>
    write(JSON.stringify({ at: new Date().toISOString(), level, event, ...fields }))
  return {
    info: (event, fields) => line('info', event, fields),
    warn: (event, fields) => line('warn', event, fields),
    error: (event, error, fields) => line('error', event, { ...fields, ...traceOf(error) }),
  }
}

export const stderrLog: Log = logTo((line) => process.stderr.write(line + '\n'))
export const silentLog: Log = logTo(() => {})
