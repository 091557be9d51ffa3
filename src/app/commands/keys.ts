// `linli keys verify`: reads every key file and tries every key.
import pg from 'pg'
import { verifyKeys } from '#server/keys/verify.ts'
import type { Command } from './command.ts'
import { openDatabase } from '../opening.ts'

export const keysVerify: Command = {
  name: 'keys verify',
  summary: 'check permissions, sums and ciphers of the key ring against these data',
  help: '  --demo   the ring of the demo town\n\nEnds 0 when all is well, 1 when a key is missing, damaged, foreign or readable by others.',
  options: { demo: { type: 'boolean' } },
  run: async ({ values, out }) => {
    const database = await openDatabase({ demo: values['demo'] === true, say: ({ en }) => process.stderr.write(`${en}\n`) })
    try {
      const verdict = verifyKeys({ dir: database.keys, dataId: await dataIdOf(database.adminUrl) })
      const { counts } = verdict
      out(verdict, verdict.ok
        ? `密钥完好。 Keys are well: ${counts.keys} keys of ${counts.communities} communities.`
        : verdict.problems.map((p) => `${p.title.zh}\n${p.title.en}`).join('\n'))
      return verdict.ok ? 0 : 1
    } finally {
      await database.stop()
    }
  },
}

async function dataIdOf(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query('select data_id from linli_meta')).rows[0]?.data_id ?? ''
  } finally {
    await client.end()
  }
}
