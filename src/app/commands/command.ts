// What a command of the one command line is.
import type { ParseArgsOptionsConfig } from 'node:util'

/** A command of the line. `run` prints through `out` and answers the exit code. */
export type Command = {
  readonly name: string
  readonly summary: string
  /** Lines of its own help, after the usage. */
  readonly help: string
  readonly options?: ParseArgsOptionsConfig
  readonly run: (given: Given) => Promise<number>
}
export type Given = {
  readonly words: readonly string[]
  readonly values: Readonly<Record<string, string | boolean | undefined>>
  /** Prints the result: as JSON on one line with --json, else as the text. */
  readonly out: (result: object, text: string) => void
}
