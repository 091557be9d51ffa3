// `linli import followup DIR`: contacts and visits of another system, brought in and counted on both sides. The town is gone afterwards.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { importFollowUp, readFollowUp, type Imported } from '../replay/followUp.ts'
import type { Command } from './command.ts'

export const importFollowup: Command = {
  name: 'import followup',
  summary: 'bring contacts and the visits to them into a throw-away community and count both',
  help: `  import followup DIR [--json]

  DIR   a folder with contacts_clean.csv (uuid, contact_id, firstName, gender) and
        followups_clean.csv (contact_uuid, followup_status, date_of_followup)

Each row of a contact is a contact of its own; ids that several rows carry, the empty one too, are listed. Nothing is kept.
Ends 0 when what stands in the community agrees with the lists or the folder is not there, 1 when it does not.`,
  run: async ({ words, out }) => {
    const dir = words[0] ?? ''
    if (!dir || words.length > 1) {
      process.stderr.write('请写明一个文件夹。\nName one folder.\n')
      return 2
    }
    if (!['contacts_clean.csv', 'followups_clean.csv'].every((file) => existsSync(join(dir, file)))) {
      out(
        { notRun: 'the folder holds no contacts and visits' },
        '没有运行：文件夹里没有接触者和随访名单。 Not run: the folder holds no contacts and visits.',
      )
      return 0
    }
    const result = await importFollowUp(await readFollowUp(dir), (line) => void process.stderr.write(`${line}\n`))
    out(result, spoken(result))
    return result.agrees ? 0 : 1
  },
}

function spoken({
  contacts,
  distinctContactIds,
  repeatedContactIds,
  visits,
  contactsVisited,
  outcomes,
  agrees,
  seconds,
}: Imported): string {
  return [
    `${contacts} 名接触者，${distinctContactIds} 个不同编号；${visits} 次随访，涉及 ${contactsVisited} 人。`,
    ...repeatedContactIds.map(
      ({ contactId, rows }) => `  编号${contactId ? ` ${contactId} 重复` : '空缺'}：第 ${rows.join('、')} 行，各算一人`,
    ),
    ...Object.entries(outcomes).map(([outcome, n]) => `${String(n).padStart(8)}  ${outcome}`),
    agrees ? '与系统里登记的一致。' : '与系统里登记的不一致，见 --json 的 kept。',
    `用时 ${seconds} 秒。`,
  ].join('\n')
}
