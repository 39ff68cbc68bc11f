import type { Frame } from '../frame.ts'
import { canonicalDecimal, minorUnits } from '../money.ts'
import { daysOf, isIsoDate } from '../operators/typing.ts'
import type { FactDefinition, Facts, Text, Value } from '../policy/document.ts'
import type { Name, Scope } from '../scope.ts'
import { generate } from './generate.ts'

/** A fact whose value isn't of its type. */
export interface FactProblem {
  readonly fact: string
  readonly message: Text
}

/** The facts of a decision don't fit their definitions; nothing was decided. */
export class InvalidFacts extends Error {
  readonly code = 'INVALID_FACTS'
  readonly problems: readonly FactProblem[]
  constructor(problems: readonly FactProblem[]) {
    super(problems.map(problem => problem.message.en).join(' '))
    this.problems = problems
  }
}

export interface FactLoader {
  (facts: Facts, frame: Frame): void
}

/** Puts facts into a frame in their working form. Null and undefined are missing; names that aren't facts are ignored. */
export function createFactLoader(scope: Scope, options: { readonly currency?: string; readonly codegen: boolean }): FactLoader {
  const facts = scope.names.filter(name => name.role === 'fact')
  const loaders = facts.map(name => loaderOf(name, options.currency))
  const loadAll: FactLoader = (values, frame) => {
    for (const [index, name] of facts.entries()) {
      const value = ownValue(values, name.name)
      if (value !== undefined && value !== null) loaders[index]!(value, frame)
    }
  }
  const load = options.codegen ? generateLoader(facts, loaders) : loadAll
  return (values, frame) => {
    try {
      load(values, frame)
    } catch (error) {
      if (!(error instanceof BadFact)) throw error
      throw new InvalidFacts(problemsOf(facts, loaders, values, frame))
    }
  }
}

interface Loader {
  (value: unknown, frame: Frame): void
}

class BadFact extends Error {}

function problemsOf(facts: readonly Name[], loaders: readonly Loader[], values: Facts, frame: Frame): FactProblem[] {
  return facts.flatMap((name, index) => {
    const value = ownValue(values, name.name)
    if (value === undefined || value === null) return []
    try {
      loaders[index]!(value, frame)
      return []
    } catch {
      return [problemOf(name, value)]
    }
  })
}

// Names that every object inherits need the slow, careful way.
const ownValue = (facts: Facts, name: string): unknown =>
  name in Object.prototype ? (Object.hasOwn(facts, name) ? facts[name] : undefined) : facts[name]

/** A load per fact, written out: keys that the compiler can see make it several times faster than a loop. */
function generateLoader(facts: readonly Name[], loaders: readonly Loader[]): FactLoader {
  const constants: unknown[] = []
  const constant = (value: unknown): string => `k${constants.push(value) - 1}`
  const lines = facts.map((name, index) => {
    const { slot, definition } = name
    const key = constant(name.name)
    const read = name.name in Object.prototype ? `${constant(ownValue)}(facts, ${key})` : `facts[${key}]`
    const careful = `if (x !== undefined && x !== null) ${constant(loaders[index])}(x, F);`
    switch (definition.type) {
      case 'number':
      case 'percent':
        return `x = ${read}; if (typeof x === T && x - x === 0) N[${slot}] = x; else ${careful}`
      case 'string':
      case 'enum':
        return `x = ${read}; if (typeof x === S) V[${slot}] = x; else ${careful}`
      default:
        return `x = ${read}; ${careful}`
    }
  })
  const number = constant('number')
  const string = constant('string')
  const bodies: string[] = []
  for (let start = 0; start < lines.length; start += 200) {
    const body = lines
      .slice(start, start + 200)
      .join('\n')
      .replaceAll('=== T', `=== ${number}`)
      .replaceAll('=== S', `=== ${string}`)
    bodies.push(`function(facts, F) { const N = F.numbers, V = F.values; let x;\n${body}\n}`)
  }
  const parts = generate<readonly FactLoader[]>(`return [${bodies.join(',')}];`, constants)
  if (parts.length === 1) return parts[0]!
  return (values, frame) => {
    for (const part of parts) part(values, frame)
  }
}

function loaderOf({ slot, definition }: Name, currency: string | undefined): Loader {
  switch (definition.type) {
    case 'list':
      return (value, frame) => {
        if (!Array.isArray(value)) throw new BadFact()
        const of: FactDefinition = { ...definition, type: definition.of ?? 'string' }
        frame.values[slot] = value.map(item => (definition.of ? workingValue(item, of, currency) : (item as Value)))
      }
    case 'money':
      return (value, frame) => {
        const amount = workingValue(value, definition, currency) as number
        frame.numbers[slot] = amount
        const text = amountText(value)
        // A double tells amounts of up to 15 digits apart; longer ones are kept as they were written.
        if (text !== undefined && text.length > 15) frame.values[slot] = canonicalDecimal(text)
      }
    case 'number':
    case 'integer':
    case 'percent':
      return (value, frame) => {
        frame.numbers[slot] = workingValue(value, definition, currency) as number
      }
    default:
      return (value, frame) => {
        const working = workingValue(value, definition, currency)
        frame.values[slot] = working
        if (definition.type === 'boolean') frame.numbers[slot] = working === true ? 1 : 0
        else if (definition.type === 'date') frame.numbers[slot] = daysOf(working as string)
      }
  }
}

const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)$/

function amountText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  const amount = value !== null && typeof value === 'object' ? (value as { amount?: unknown }).amount : undefined
  return typeof amount === 'string' ? amount : undefined
}

function workingValue(value: unknown, definition: FactDefinition, currency: string | undefined): Value {
  switch (definition.type) {
    case 'number':
    case 'percent':
    case 'integer': {
      const number = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value
      if (typeof number !== 'number' || !Number.isFinite(number)) throw new BadFact()
      if (definition.type === 'integer' && !Number.isInteger(number)) throw new BadFact()
      return number
    }
    case 'money': {
      if (typeof value === 'number') return roundToMinor(value, definition.currency ?? currency)
      const text = amountText(value)
      if (text === undefined || !DECIMAL.test(text) || text.length > 60) throw new BadFact()
      const given = typeof value === 'object' ? (value as { currency?: unknown }).currency : undefined
      const wanted = definition.currency ?? currency
      if (given !== undefined && wanted !== undefined && given !== wanted) throw new BadFact()
      return Number(text)
    }
    case 'boolean':
      if (typeof value !== 'boolean') throw new BadFact()
      return value
    case 'enum':
    case 'string':
      if (typeof value !== 'string') throw new BadFact()
      return value
    case 'date':
      if (typeof value !== 'string' || !isIsoDate(value)) throw new BadFact()
      return value
    case 'list':
      throw new BadFact()
  }
}

/** Doubles that come from arithmetic (0.1 + 0.2) become the amount that was meant. */
function roundToMinor(value: number, currency: string | undefined): number {
  if (!Number.isFinite(value)) throw new BadFact()
  const scale = 10 ** minorUnits(currency)
  return Math.abs(value) < 1e13 ? Math.round(value * scale) / scale : value
}

const WANTED: Readonly<Record<FactDefinition['type'], Text>> = {
  number: { en: 'a finite number', zh: '有限数值' },
  integer: { en: 'a whole number', zh: '整数' },
  percent: { en: 'a finite number', zh: '有限数值' },
  money: {
    en: 'an amount: a decimal string such as "1250.00", in the currency of the fact',
    zh: '金额：如“1250.00”的十进制字符串，且币种一致',
  },
  boolean: { en: 'true or false', zh: 'true 或 false' },
  enum: { en: 'text', zh: '文本' },
  string: { en: 'text', zh: '文本' },
  date: { en: 'a date: YYYY-MM-DD', zh: '日期：YYYY-MM-DD' },
  list: { en: 'a list of values of its type', zh: '其类型的值列表' },
}

function problemOf({ name, definition }: Name, value: unknown): FactProblem {
  const shown = (typeof value === 'number' ? String(value) : (safeJson(value) ?? typeof value)).slice(0, 60)
  const wanted = WANTED[definition.type]
  return {
    fact: name,
    message: { en: `Fact "${name}" should be ${wanted.en}, but is ${shown}.`, zh: `事实“${name}”应为${wanted.zh}，实际为 ${shown}。` },
  }
}

function safeJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}
