// A second process for the tests: uses one ring hard and tells, line by line, what it made. Arguments: folder, data id, community, purposes.
import { passwords } from './passwords.ts'
import { openKeyRing } from './ring.ts'
import type { Purpose } from './names.ts'

const [dir, dataId, community, ...purposes] = process.argv.slice(2) as [string, string, string, ...Purpose[]]
const ring = await openKeyRing({ dir, dataId, fresh: true })

for (const purpose of purposes) {
  const closed = ring.encrypt(community, purpose, `made by ${process.pid}`, purpose).toString('base64url')
  const found = ring.searchDigest(community, purpose, 'phone', '13800000000').toString('base64url')
  const password = passwords(dir).of(`login for ${purpose}`)
  console.log(JSON.stringify({ purpose, closed, found, password }))
}
