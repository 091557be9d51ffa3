// A second process for the tests: rotates one community in small steps and tells each. Arguments: database, folder, data id, role prefix, community.
import { kyselyOf, poolOf } from '../database/connect.ts'
import { openKeyRing } from './ring.ts'
import { rotateFields } from './rotate.ts'

const [url, dir, dataId, rolePrefix, community] = process.argv.slice(2) as [string, string, string, string, string]
const pool = poolOf(url, { max: 2 })
const keys = await openKeyRing({ dir, dataId, fresh: false })
await rotateFields(
  {
    admin: kyselyOf(pool),
    rolePrefix,
    keys,
    now: Date.now,
    batch: 5,
    progress: ({ rows }) => console.log(rows),
  },
  community,
)
await pool.end()
