// One command line. Each command says what it does, takes --help and --json, and ends non-zero with a sentence when it fails.
import { parseArgs } from 'node:util'
import { isProblem, toBody } from '#core/problem.ts'
import type { Given } from './commands/command.ts'
import { commands } from './commands/register.ts'

const overview = (): string => `npm run -s linli -- <command> [--help] [--json]

${commands.map((c) => `  ${c.name.padEnd(24)} ${c.summary}`).join('\n')}
`

export async function main(args: readonly string[]): Promise<number> {
  const command = commands.find((c) => args.slice(0, c.name.split(' ').length).join(' ') === c.name)
  if (!command) {
    const asked = args.length === 0 || args[0] === '--help' || args[0] === 'help'
    ;(asked ? process.stdout : process.stderr).write(
      (asked ? '' : `没有这个命令。 There is no such command: ${args[0]}\n\n`) + overview(),
    )
    return asked ? 0 : 2
  }
  const rest = args.slice(command.name.split(' ').length)
  if (rest.includes('--help')) {
    process.stdout.write(`npm run -s linli -- ${command.name}\n\n${command.summary}\n\n${command.help}\n`)
    return 0
  }
  const json = rest.includes('--json')
  try {
    const { values, positionals } = parseArgs({
      args: [...rest],
      allowPositionals: true,
      options: { ...command.options, json: { type: 'boolean' } },
    })
    return await command.run({
      words: positionals,
      values: values as Given['values'],
      out: (result, text) =>
        void process.stdout.write(json ? `${JSON.stringify(result)}\n` : text.endsWith('\n') ? text : `${text}\n`),
    })
  } catch (error) {
    return sayError(error, json)
  }
}

function sayError(error: unknown, json: boolean): number {
  if (isProblem(error)) {
    process.stderr.write(json ? `${JSON.stringify(toBody(error))}\n` : `${error.say.zh}\n${error.say.en}\n`)
    return 1
  }
  if (error instanceof TypeError && (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')) {
    process.stderr.write(`${error.message}\n用 --help 查看用法。 See --help.\n`)
    return 2
  }
  throw error
}
