// How a name sounds: full pinyin without tones and the initials, made once when the name is written, searched by range ever after.
import { pinyin } from 'pinyin-pro'

/** `尉迟恭` → `yuchigong`, `ycg`; `John Smith` → `johnsmith`, `js`. Surnames are read as surnames (单 shan, 查 zha). ü is v. */
export function spell(name: string): { pinyin: string; initials: string } {
  const syllables = (name.normalize('NFKC').match(/\p{Script=Han}+|[A-Za-z0-9]+/gu) ?? []).flatMap((run, i) =>
    /^[A-Za-z0-9]/.test(run) ? [run.toLowerCase()] : read(run, i === 0),
  )
  return { pinyin: syllables.join(''), initials: syllables.map((s) => s[0]).join('') }
}

/** A character that no dictionary knows has no sound; the name itself stays searchable. */
const read = (run: string, first: boolean): string[] =>
  pinyin(run, { surname: first ? 'head' : 'off', toneType: 'none', type: 'array', v: true }).filter((s) => /^[a-z]+$/.test(s))
