import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const css = readFileSync(join(import.meta.dirname, '../src/styles/tokens.css'), 'utf8')
const table = (selector: string): Map<string, string> => {
  const block = css.slice(css.indexOf(`${selector} {`)).split('\n}')[0]!
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9A-Fa-f]{6})/g)].map(([, name, value]) => [name!, value!]))
}
const light = table(':root')
const themes = { light, dark: new Map([...light, ...table(':root.dark')]) }

const TEXT: readonly [text: string, grounds: readonly string[]][] = [
  ['text', ['surface', 'subtle', 'hover', 'selected', 'sunken', 'accent-tint']],
  ['text-2', ['surface', 'subtle', 'hover', 'selected', 'sunken', 'warning-tint', 'danger-tint', 'info-tint', 'accent-tint']],
  ['text-3', ['surface', 'subtle', 'hover', 'selected']],
  ['accent', ['surface', 'subtle', 'hover', 'selected', 'accent-tint']],
  ['danger', ['surface', 'subtle', 'danger-tint']],
  ['warning', ['surface', 'subtle', 'warning-tint']],
  ['success', ['surface', 'success-tint']],
  ['info', ['surface', 'info-tint']],
  ['fav', ['surface', 'fav-tint']],
  ['unfav', ['surface', 'hover', 'selected', 'unfav-tint']],
  ['on-accent', ['accent', 'accent-strong']],
  ...(['a', 'b', 'c', 'd', 'e'] as const).map(grade => [`grade-${grade}-fg`, [`grade-${grade}-bg`]] as [string, string[]]),
]
const SHAPES: readonly [shape: string, ground: string][] = [
  ['control-line', 'surface'],
  ['control-line-subtle', 'subtle'],
  ['accent', 'surface'],
  ...(['approve', 'refer', 'decline', 'prepay'] as const).map(name => [name, 'surface'] as [string, string]),
]

describe.each(['light', 'dark'] as const)('the %s palette', theme => {
  const colour = (name: string): string => themes[theme].get(name) ?? `missing ${name}`

  it.each(TEXT.flatMap(([text, grounds]) => grounds.map(ground => [text, ground] as const)))('reads: %s on %s', (text, ground) => {
    expect(contrast(colour(text), colour(ground))).toBeGreaterThanOrEqual(4.5)
  })

  it.each(SHAPES)('can be seen: %s on %s', (shape, ground) => {
    expect(contrast(colour(shape), colour(ground))).toBeGreaterThanOrEqual(3)
  })
})

function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].toSorted((a, b) => b - a) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map(at => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
