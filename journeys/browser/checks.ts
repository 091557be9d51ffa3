// Looks at a page for what makes it hard to use: accessibility faults, small targets, sideways scrolling, text that breaks when it
// is enlarged, characters that come out as boxes. Each check throws one readable list.
import axeCore from 'axe-core'
import type { Page } from 'playwright-core'

const axeRules = ['wcag2a', 'wcag2aa', 'wcag21aa']

function complain(what: string, faults: string[]): void {
  if (faults.length > 0) throw new Error(`${what}:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
}

/** Waits until no animation that has an end is running, since a colour or size on its way is nobody's fault. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every((running) => running.playState !== 'running' || running.effect?.getComputedTiming().endTime === Infinity),
  )
}

/** Throws the faults that axe finds by WCAG 2.1 A and AA, with the element and what would mend it; `name` says which page. */
export async function axe(page: Page, name: string): Promise<void> {
  await settled(page)
  await page.evaluate(axeCore.source)
  const violations = await page.evaluate(async (values) => {
    const { axe } = window as unknown as { axe: typeof axeCore }
    const results = await axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] })
    return results.violations.map(({ id, impact, help, nodes }) => ({
      rule: `${id} (${impact ?? 'unrated'}): ${help}`,
      places: nodes.map(
        (node) => `${node.target.join(' ')}\n      ${(node.failureSummary ?? '').split('\n').slice(1).join('; ')}`,
      ),
    }))
  }, axeRules)
  complain(
    `axe found ${violations.length} kinds of fault on "${name}"`,
    violations.map(({ rule, places }) => [rule, ...places].join('\n    ')),
  )
}

/**
 * Throws each thing to tap that is smaller than `least` CSS px in width or height. A field's label counts as part of the field;
 * a link inside a sentence is exempt, as in WCAG 2.5.8.
 */
export async function targets(page: Page, least = 48): Promise<void> {
  await settled(page)
  const small = await page.evaluate((least) => {
    const tappable = [
      'a[href], button, summary, select, textarea, input:not([type=hidden])',
      ...['button', 'link', 'checkbox', 'radio', 'switch', 'tab', 'menuitem', 'option'].map((role) => `[role=${role}]`),
    ].join(', ')
    const isSeen = (box: DOMRect): boolean => box.width > 1 && box.height > 1

    function boxesOf(element: HTMLElement): DOMRect[] {
      const labels = 'labels' in element ? [...((element.labels as NodeListOf<HTMLElement> | null) ?? [])] : []
      return [element, ...labels].map((part) => part.getBoundingClientRect()).filter(isSeen)
    }
    function isInSentence(element: HTMLElement): boolean {
      const around = element.parentElement?.textContent?.trim() ?? ''
      return getComputedStyle(element).display === 'inline' && around !== (element.textContent ?? '').trim()
    }
    return [...document.querySelectorAll<HTMLElement>(tappable)]
      .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !isInSentence(element))
      .flatMap((element) => {
        const boxes = boxesOf(element)
        const width = Math.max(...boxes.map((box) => box.width))
        const height = Math.max(...boxes.map((box) => box.height))
        if (boxes.length === 0 || (width >= least - 0.5 && height >= least - 0.5)) return []
        const words = (element.getAttribute('aria-label') ?? element.innerText ?? '').trim().slice(0, 30)
        const named = `${element.tagName.toLowerCase()} "${words || element.id || element.className}"`
        return [`${named}: ${width.toFixed()} × ${height.toFixed()}`]
      })
  }, least)
  complain(`Too small to tap, below ${least} × ${least} px`, small)
}

/** Throws when the page can be scrolled sideways, and names what sticks out. Lists that scroll inside their own frame are fine. */
export async function noOverflow(page: Page): Promise<void> {
  const width = page.viewportSize()?.width ?? 0
  const wide = await page.evaluate((width) => {
    const root = document.documentElement
    if (root.clientWidth > width) return [`the page lays itself out ${root.clientWidth} px wide: is its viewport tag missing?`]
    if (root.scrollWidth <= width) return []
    const sticksOut = [...document.body.querySelectorAll<HTMLElement>('*')].filter(
      (element) => element.getBoundingClientRect().right + window.scrollX > width + 0.5,
    )
    const innermost = sticksOut.filter((element) => !sticksOut.some((other) => other !== element && element.contains(other)))
    const named = innermost.map((element) => {
      const right = element.getBoundingClientRect().right + window.scrollX
      const words = element.innerText?.slice(0, 30) ?? ''
      return `${element.tagName.toLowerCase()}.${element.className} "${words}" ends at ${right.toFixed()} px`
    })
    return [`the content is ${root.scrollWidth} px wide`, ...named.slice(0, 10)]
  }, width)
  complain(`The page scrolls sideways at ${width} px`, wide)
}

/**
 * Makes all text `percent` of its size, as a phone's own text setting does, and throws when the page then scrolls sideways or text
 * is cut off or runs out of its box. Text that appears later keeps its size: ask again. 100 gives the page back as it was.
 */
export async function enlarge(page: Page, percent: number): Promise<void> {
  await page.evaluate((factor) => {
    const keeper = window as unknown as { enlarged?: Map<HTMLElement, string | null> }
    for (const [element, style] of keeper.enlarged ?? []) {
      element.setAttribute('style', style ?? '') // first, since Chromium keeps an empty attribute when a changed one is removed
      if (style === null) element.removeAttribute('style')
    }
    keeper.enlarged = new Map()
    if (factor === 1) return
    const measured = [...document.body.querySelectorAll<HTMLElement>('*')].map((element) => {
      const { fontSize, lineHeight } = getComputedStyle(element)
      return { element, fontSize: parseFloat(fontSize), lineHeight: parseFloat(lineHeight) }
    })
    for (const { element, fontSize, lineHeight } of measured) {
      if (!(element instanceof HTMLElement)) continue
      keeper.enlarged.set(element, element.getAttribute('style'))
      element.style.setProperty('font-size', `${fontSize * factor}px`, 'important')
      if (!Number.isNaN(lineHeight)) element.style.setProperty('line-height', `${lineHeight * factor}px`, 'important')
    }
  }, percent / 100)
  if (percent === 100) return
  await settled(page)
  await noOverflow(page)
  complain(`Text breaks at ${percent} %`, await brokenText(page))
}

/** Text that is cut off or runs out of its box. Glyphs stand a little above and below their line, hence half a letter of slack. */
const brokenText = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const hasOwnText = (element: HTMLElement): boolean =>
      [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim())
    const scrolls = (overflow: string): boolean => overflow === 'auto' || overflow === 'scroll'
    return [...document.body.querySelectorAll<HTMLElement>('*')].flatMap((element) => {
      const style = getComputedStyle(element)
      const isBox = element instanceof HTMLElement && style.display !== 'inline' && element.clientWidth > 1
      if (!isBox || !element.checkVisibility() || !hasOwnText(element)) return []
      const slack = parseFloat(style.fontSize) / 2
      const sideways = element.scrollWidth > element.clientWidth + 1 && !scrolls(style.overflowX)
      const downwards = element.scrollHeight > element.clientHeight + slack && !scrolls(style.overflowY)
      if (!sideways && !downwards) return []
      const words = element.innerText.trim().slice(0, 30)
      return [
        `${element.tagName.toLowerCase()} "${words}" needs ${element.scrollWidth} × ${element.scrollHeight} px, ` +
          `has ${element.clientWidth} × ${element.clientHeight}`,
      ]
    })
  })

/** The characters of `text` that the page's own font family cannot draw: they come out as the box for "no glyph", or as nothing. */
export const boxes = (page: Page, text: string): Promise<string[]> =>
  page.evaluate((text) => {
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 64
    const pen = canvas.getContext('2d', { willReadFrequently: true })
    if (!pen) throw new Error('This browser cannot draw on a canvas.')
    pen.font = `32px ${getComputedStyle(document.body).fontFamily}`
    const draw = (character: string): string => {
      pen.clearRect(0, 0, 64, 64)
      pen.fillText(character, 8, 44)
      return pen.getImageData(0, 0, 64, 64).data.join()
    }
    // U+0378 will never be a letter of anybody's, so it shows what "no glyph" looks like here.
    const empty = [draw(' '), draw('\u0378'), draw('\u{2FFFD}')]
    return [...new Set(text.replace(/\s/g, ''))].filter((character) => empty.includes(draw(character)))
  }, text)
