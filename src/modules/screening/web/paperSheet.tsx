// The list as it is printed: numbered lines with boxes to tick, its number on every page, upright on A4.
import { sayMinute } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { useLanguage, useText } from '#web/language.ts'
import { Picked, type LineShown, type PaperShown } from '../paper.ts'
import { howKeys, markKeys } from './keying.ts'

const said = {
  title: text('居民排查纸质名单', 'Screening round on paper'),
  number: text('名单编号', 'List no.'),
  area: text('范围', 'Area'),
  printed: text('打印', 'Printed'),
  line: text('行', 'Line'),
  address: text('住址', 'Address'),
  head: text('户主', 'Head'),
  people: text('人数', 'People'),
  how: text('方式（选一）', 'How (one)'),
  outcome: text('结果（选一）', 'Outcome (one)'),
  time: text('时间', 'Time'),
  note: text('备注', 'Note'),
  walker: text('走访人签名', 'Walked by (signature)'),
  day: text('走访日期', 'Day of the walk'),
  keyer: text('录入人', 'Keyed by'),
  notes: text('说明', 'Notes'),
}
const notes = [
  text(
    '“正常”指本户登记的人都问到了、都没有不舒服；只问到一部分人的，在备注写明问到了谁。',
    '“Well” means that everybody registered there was asked and feels well; if only some were asked, write their names in the note.',
  ),
  text('有人不适，请在备注写明是谁、什么症状。', 'If somebody is unwell, write in the note who it is, and how.'),
  text(
    '时间写几点几分；和上一行相同的可以不写。没有走到的户整行留空。',
    'Write the time as hours and minutes; leave it empty if it is that of the line above. Leave a line empty if you did not get there.',
  ),
  text(
    '名单上没有的住户写在背面，回来后在“居民”中登记。',
    'Write households that are not on the list on the back, and register them under Residents afterwards.',
  ),
  text(
    '本表含个人信息，用完当天交回社区，录入后统一保管或销毁，请勿拍照外传。',
    'This list holds personal data: bring it back the same day; once keyed it is locked away or destroyed. Take no pictures of it.',
  ),
]

/** One list, as many pages as it needs. */
export function PaperSheet({ paper, rows }: { paper: PaperShown; rows: readonly LineShown[] }) {
  const say = useText()
  const language = useLanguage()
  const ticks = howKeys.length + markKeys.length
  return (
    <section className="sheet round-list">
      <h1>{say(said.title)}</h1>
      <table>
        <colgroup>
          <col style={{ width: '9mm' }} />
          <col />
          <col style={{ width: '17mm' }} />
          <col style={{ width: '9mm' }} />
          {Array.from({ length: ticks }, (_, i) => (
            <col key={i} className="tick" />
          ))}
          <col style={{ width: '14mm' }} />
          <col style={{ width: '26mm' }} />
        </colgroup>
        <thead>
          <tr className="which">
            <th colSpan={6 + ticks}>
              <span className="sheet-line">
                <span>
                  {say(said.number)} <b className="line">{paper.number}</b>
                </span>
                <span>
                  {say(said.area)}：{[paper.areaName, paper.buildingName].filter(Boolean).join(' ')}
                </span>
                <span>
                  {paper.campaignTitle}（{say(choiceText(Picked, paper.picked))}）
                </span>
                <span>
                  {say(said.printed)}：{sayMinute(paper.printedAt, language)} {paper.printedByName}
                </span>
              </span>
            </th>
          </tr>
          <tr>
            {[said.line, said.address, said.head, said.people].map((one) => (
              <th key={one.en} rowSpan={2} scope="col">
                {say(one)}
              </th>
            ))}
            <th colSpan={howKeys.length} scope="colgroup">
              {say(said.how)}
            </th>
            <th colSpan={markKeys.length} scope="colgroup">
              {say(said.outcome)}
            </th>
            {[said.time, said.note].map((one) => (
              <th key={one.en} rowSpan={2} scope="col">
                {say(one)}
              </th>
            ))}
          </tr>
          <tr>
            {[...howKeys, ...markKeys].map((one) => (
              <th key={one.key} scope="col">
                {one.key}
                <br />
                {say(one.short)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.line}>
              <td className="line">{row.line}</td>
              <td className="address">{row.address}</td>
              <td>{row.head}</td>
              <td>{row.people}</td>
              {[...howKeys, ...markKeys].map((one) => (
                <td key={one.key}>
                  <i className="tick" />
                </td>
              ))}
              <td />
              <td />
            </tr>
          ))}
        </tbody>
      </table>
      <p className="sheet-line" style={{ marginTop: '4mm' }}>
        {[said.walker, said.day, said.keyer].map((one) => (
          <span key={one.en}>
            {say(one)}：<i className="sheet-blank" />
          </span>
        ))}
      </p>
      <footer className="sheet-notes">
        <b>{say(said.notes)}：</b>
        <ol>
          {notes.map((note) => (
            <li key={note.en}>{say(note)}</li>
          ))}
        </ol>
      </footer>
    </section>
  )
}
