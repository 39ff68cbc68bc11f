import * as feelin from 'feelin'
import { narrow } from './full-width.ts'
import { toDouble, isFeelNumber } from './number.ts'
import { FeelDate, FeelDateTime, FeelDuration, FeelTime, parseTemporal } from './temporal.ts'
import type { FeelContext, FeelValue } from './values.ts'
import { FeelFunction, FeelRange, isList } from './values.ts'

/** FEEL beyond what we compile, run by the `feelin` interpreter. */
export interface Interpreted {
  (values: Readonly<Record<string, FeelValue>>, input: FeelValue): FeelValue
}

/** Undefined when the interpreter does not understand the text either. */
export function interpretExpression(text: string): Interpreted | undefined {
  const source = narrow(text)
  if (!isSafe(source) || !isUnderstood(() => feelin.evaluate(source, {}))) return undefined
  return (values) => attempt(() => feelin.evaluate(source, contextOf(source, values)).value)
}

export function interpretUnaryTests(text: string): Interpreted | undefined {
  const source = narrow(text)
  if (!isSafe(source) || !isUnderstood(() => feelin.unaryTest(source, { '?': null }))) return undefined
  return (values, input) => attempt(() => feelin.unaryTest(source, { ...contextOf(source, values), '?': toFeelin(input) }).value)
}

/** Which of the names the text may look up; a few too many do no harm. */
export function mentionedNames(text: string, names: Iterable<string>): readonly string[] {
  const source = withoutTexts(narrow(text)).replace(/\s+/g, ' ')
  return [...names].filter((name) => {
    const at = source.indexOf(name)
    return at >= 0 && new RegExp(`(?<![\\p{L}\\p{N}_$])${escapePattern(name)}(?![\\p{L}\\p{N}_$])`, 'u').test(source)
  })
}

/** Loops over ranges and patterns that backtrack could hang the host. */
function isSafe(source: string): boolean {
  const code = withoutTexts(source)
  if (/\b(for|some|every)\b/.test(code) && code.includes('..')) return false
  if (!/\b(matches|replace|split)\s*\(/.test(code)) return true
  const texts = source.match(TEXT) ?? []
  return texts.every((text) => text.length <= 200 && !/[+*}][^()]*\)\s*[+*{]|\|[^()]*\)\s*[+*{]|\)[^()]*\)\s*[+*{]/.test(text))
}

function isUnderstood(run: () => unknown): boolean {
  try {
    run()
    return true
  } catch (error) {
    // What fails without facts may well work with them; only what can't be read is refused.
    return !(error instanceof feelin.SyntaxError)
  }
}

/** What the interpreter gives up on has no value. */
function attempt(run: () => unknown): FeelValue {
  try {
    return fromFeelin(run())
  } catch {
    return null
  }
}

function contextOf(source: string, values: Readonly<Record<string, FeelValue>>): Record<string, unknown> {
  const context: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(values)) {
    const isClock = (name === 'today' || name === 'now') && new RegExp(`\\b${name}\\s*\\(`).test(source)
    context[name] = isClock ? () => toFeelin(value) : toFeelin(value)
  }
  return context
}

function toFeelin(value: FeelValue): unknown {
  if (isFeelNumber(value)) return toDouble(value)
  if (value === null || typeof value !== 'object') return value
  if (isList(value)) return value.map(toFeelin)
  if (value instanceof FeelDate) return feelin.parseDate(value.toString())
  if (value instanceof FeelTime) return feelin.parseTime(value.toString())
  if (value instanceof FeelDateTime) return feelin.parseDateTime(value.toString())
  if (value instanceof FeelDuration) return feelin.duration(value.toString())
  if (value instanceof FeelRange) {
    return new feelin.FeelRange({
      start: toFeelin(value.low),
      end: toFeelin(value.high),
      'start included': value.lowIncluded,
      'end included': value.highIncluded,
      valueType: null,
    })
  }
  if (value instanceof FeelFunction) {
    return new feelin.FeelFunction((...args: unknown[]) => toFeelin(value.invoke(...args.map(fromFeelin))), [...value.parameters])
  }
  return Object.fromEntries(Object.entries(value as FeelContext).map(([key, item]) => [key, toFeelin(item)]))
}

function fromFeelin(value: unknown): FeelValue {
  if (value === null || value === undefined) return null
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(fromFeelin)
  if (typeof value !== 'object') return null
  if (value instanceof feelin.FeelRange) {
    return new FeelRange(fromFeelin(value.start), fromFeelin(value.end), value['start included'], value['end included'])
  }
  if (value instanceof feelin.FeelFunction) {
    return new FeelFunction(value.parameterNames, (...args) => fromFeelin(value.invoke(args.map(toFeelin))))
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return parseTemporal(String(value))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromFeelin(item)]))
}

const TEXT = /"(?:[^"\\]|\\.)*"/g

function withoutTexts(source: string): string {
  return source.replace(TEXT, '""')
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
}
