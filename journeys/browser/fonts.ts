// Gives the browser Chinese glyphs on a machine that has none: without them every character is the same box, and tests still pass.
import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { convert } from 'fontverter'
import { cached } from './cache.ts'

/**
 * Environment variables under which Chromium draws Chinese: none where the system has a Chinese font, else `FONTCONFIG_FILE` for
 * a private set made from @fontsource/noto-sans-sc, and `XDG_CACHE_HOME` so that fontconfig reads its hundred files only once.
 * The set lacks ✔ ☐ ☑ (drawn only where the system has a font for them) and the name characters 䶮 㛃 𬭎: such a character is a
 * box, and so are the symbols of `rare` that touch it, since the browser then stops looking.
 */
export async function fontEnvironment(): Promise<Record<string, string>> {
  if (await systemSpeaksChinese()) return {}
  const folder = await privateFonts()
  return { FONTCONFIG_FILE: join(folder, 'fonts.conf'), XDG_CACHE_HOME: join(folder, 'cache') }
}

/** macOS and Windows always bring Chinese fonts. Without `fc-list` we cannot know, and a private set does no harm. */
async function systemSpeaksChinese(): Promise<boolean> {
  if (process.platform !== 'linux') return true
  try {
    const { stdout } = await promisify(execFile)('fc-list', [':lang=zh-cn', 'family'])
    return stdout.trim() !== ''
  } catch {
    return false
  }
}

/**
 * Two folders of fonts: `main` has the common simplified characters and Latin, `rare` the slices with ℃ ① ✓ □ and less common
 * characters, in one weight because the browser asks for no other when it falls back. They get family names of their own: all
 * the files call themselves "Noto Sans SC Thin", and a slice must never be taken for the main face.
 */
function privateFonts(): Promise<string> {
  const packageFile = createRequire(import.meta.url).resolve('@fontsource/noto-sans-sc/package.json')
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }
  const source = resolve(packageFile, '../files')
  return cached(`noto-sans-sc-${version}`, async (folder) => {
    chmodSync(folder, 0o755)
    await convertAll(source, 'chinese-simplified-(400|700)', join(folder, 'main'))
    await convertAll(source, '\\d+-400', join(folder, 'rare'))
    writeFileSync(join(folder, 'fonts.conf'), configuration)
  })
}

async function convertAll(source: string, names: string, target: string): Promise<void> {
  mkdirSync(target)
  const wanted = new RegExp(`^noto-sans-sc-${names}-normal\\.woff2$`)
  for (const file of readdirSync(source).filter((name) => wanted.test(name))) {
    writeFileSync(join(target, file.replace('.woff2', '.ttf')), await convert(readFileSync(join(source, file)), 'truetype'))
  }
}

const renameIn = (folder: string, family: string): string => `
  <match target="scan">
    <test name="file" compare="contains"><string>/${folder}/noto-sans-sc-</string></test>
    <edit name="family" mode="assign"><string>${family}</string></edit>
  </match>`

/**
 * Folders are named relative to this file, so that it stays true when its folder is renamed. Whatever family is asked for, ours
 * stand behind it before all others: fontconfig would else take the first font that it happens to know.
 */
const configuration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">main</dir>
  <dir prefix="relative">rare</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>${renameIn('main', 'Noto Sans SC')}${renameIn('rare', 'Noto Sans SC Rare')}
  <match target="pattern">
    <edit name="family" mode="append_last" binding="strong">
      <string>Noto Sans SC</string><string>Noto Sans SC Rare</string><string>DejaVu Sans</string>
    </edit>
  </match>
</fontconfig>
`
