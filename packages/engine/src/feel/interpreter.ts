import * as feelin from 'feelin'
import { narrow } from './full-width.ts'
import { toDouble, isFeelNumber } from './number.ts'
import { FeelDate, FeelDateTime, FeelDuration, FeelTime, parseTemporal } from './temporal.ts'
import type { FeelValue } from './values.ts'
import { FeelFunction, FeelRange, isList } from './values.ts'

/** FEEL beyond what we compile, run by the `feelin` interpreter. */
export interface Interpreted {
  readonly run: (values: Readonly<Record<string, FeelValue>>, input: FeelValue) => FeelValue
  /** Names that the text asks for and that there are not. */
  readonly unknown: readonly { readonly name: string; readonly at: number }[]
}

/** Undefined when the interpreter does not understand the text either. */
export function interpretExpression(text: string, names: readonly string[]): Interpreted | undefined {
  const source = narrow(text)
  return understood(
    source,
    () => feelin.evaluate(source, withoutValues(names)),
    values => feelin.evaluate(source, contextOf(source, values)).value,
  )
}

export function interpretUnaryTests(text: string, names: readonly string[]): Interpreted | undefined {
  const source = narrow(text)
  return understood(
    source,
    () => feelin.unaryTest(source, { ...withoutValues(names), '?': null }),
    (values, input) => feelin.unaryTest(source, { ...contextOf(source, values), '?': toFeelin(input) }).value,
  )
}

/** Which of the names the text may look up; a few too many do no harm. */
export function mentionedNames(text: string, names: Iterable<string>): readonly string[] {
  const source = withoutTexts(narrow(text)).replace(/\s+/g, ' ')
  return [...names].filter(name => {
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
  return texts.every(text => text.length <= 200 && !/[+*}][^()]*\)\s*[+*{]|\|[^()]*\)\s*[+*{]|\)[^()]*\)\s*[+*{]/.test(text))
}

/** A trial without facts shows whether the text can be read and which names it misses. */
function understood(
  source: string,
  attempt: () => { readonly warnings: readonly feelin.Warning[] },
  evaluate: (values: Readonly<Record<string, FeelValue>>, input: FeelValue) => unknown,
): Interpreted | undefined {
  if (!isSafe(source)) return undefined
  const run: Interpreted['run'] = (values, input) => {
    try {
      return fromFeelin(evaluate(values, input))
    } catch {
      // What the interpreter gives up on has no value.
      return null
    }
  }
  try {
    const unknown = attempt().warnings.flatMap(({ type, message, position }) => {
      const name = type === 'NO_VARIABLE_FOUND' ? /^Variable '(.*)' not found$/.exec(message)?.[1] : undefined
      return name === undefined ? [] : [{ name, at: position.from }]
    })
    return { run, unknown }
  } catch (error) {
    // What fails without facts may well work with them; only what can't be read is refused.
    return error instanceof feelin.SyntaxError ? undefined : { run, unknown: [] }
  }
}

function withoutValues(names: readonly string[]): Record<string, null> {
  return Object.fromEntries(names.map(name => [name, null]))
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
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toFeelin(item)]))
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
  if (prototype !== Object.prototype && prototype !== null) return parseTemporal((value as { toString(): string }).toString())
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromFeelin(item)]))
}

const TEXT = /"(?:[^"\\]|\\.)*"/g

function withoutTexts(source: string): string {
  return source.replace(TEXT, '""')
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
}
