import type { FiredEvent, Reason } from './policy/decision.ts'
import type { Combiner, Outcome, RoundingMode, Value } from './policy/document.ts'
import { OUTCOMES } from './policy/document.ts'
import { addDecimals, canonicalDecimal, minorUnits, roundDecimal } from './money.ts'
import { daysOf } from './operators/typing.ts'
import type { Name, Scope } from './scope.ts'

/**
 * The working memory of one decision: a slot per fact and output, and what the steps had to say.
 *
 * Working values: number, integer, percent and money are doubles in `numbers` (NaN is missing); everything else is in
 * `values` (undefined is missing; dates are `YYYY-MM-DD`). Besides, money keeps its exact decimal string in `values`
 * where a double would be too short, and dates (days since 1970-01-01) and booleans (1, 0) have a number too.
 */
export class Frame {
  readonly numbers: Float64Array
  values: (Value | undefined)[]
  /** 1 where a step has written the output in this decision. */
  readonly written: Uint8Array
  /** Index into OUTCOMES of the most severe outcome asked for. */
  severity = 0
  /** Something could not be judged because a fact was missing: `whenUnknown` applies. */
  isUnknown = false
  reasons: Reason[] = []
  requirements: Reason[] = []
  events: FiredEvent[] = []
  readonly scope: Scope
  readonly #initialNumbers: Float64Array
  readonly #initialValues: (Value | undefined)[]
  readonly #writers: readonly Writer[]

  constructor(scope: Scope, options: { readonly currency?: string; readonly rounding?: RoundingMode } = {}) {
    this.scope = scope
    this.#writers = scope.names.map(name => writerOf(name, options))
    this.numbers = new Float64Array(scope.names.length).fill(Number.NaN)
    this.values = scope.names.map(() => undefined)
    this.written = new Uint8Array(scope.names.length)
    for (const { slot, definition } of scope.names) {
      if (definition.default !== undefined) this.#writers[slot]!(this, definition.default)
    }
    this.#initialNumbers = this.numbers.slice()
    this.#initialValues = this.values.slice()
    this.written.fill(0)
  }

  /** Makes the frame ready for the next decision. */
  reset(): void {
    this.numbers.set(this.#initialNumbers)
    for (let slot = 0; slot < this.values.length; slot++) this.values[slot] = this.#initialValues[slot]
    this.written.fill(0)
    this.severity = 0
    this.isUnknown = false
    this.reasons = []
    this.requirements = []
    this.events = []
  }

  /** The working value of a fact or output; undefined when missing. */
  read(name: string): Value | undefined {
    const entry = this.scope.find(name)
    if (!entry) return undefined
    if (!entry.isNumeric) return this.values[entry.slot]
    const number = this.numbers[entry.slot]!
    return Number.isNaN(number) ? undefined : number
  }

  /** The value as it leaves the engine: money as an exact decimal string, missing as null. */
  present(slot: number): Value {
    const { isNumeric, definition } = this.scope.names[slot]!
    if (!isNumeric) return this.values[slot] ?? null
    const number = this.numbers[slot]!
    if (Number.isNaN(number)) return null
    return definition.type === 'money' ? (this.values[slot] ?? canonicalDecimal(number)) : number
  }

  /** Writes to an output, as its type and its combiner say. Null and undefined write nothing. */
  write(name: string, value: Value | undefined): void {
    const entry = this.scope.find(name)
    if (entry) this.writeSlot(entry.slot, value)
  }

  writeSlot(slot: number, value: Value | undefined): void {
    if (value === undefined || value === null) return
    this.#writers[slot]!(this, value)
  }

  /** Asks for an outcome; the most severe one stands. */
  ask(outcome: Outcome): void {
    const severity = OUTCOMES.indexOf(outcome)
    if (severity > this.severity) this.severity = severity
  }
}

interface Writer {
  (frame: Frame, value: Value): void
}

/** A value that an output can't hold: the expression that made it is at fault, and the host should hear of it. */
export class OutputTypeError extends Error {
  readonly code = 'OUTPUT_TYPE'
  readonly output: string
  constructor(output: string, expected: string, value: unknown) {
    super(`Output "${output}" takes ${expected}, but was given ${JSON.stringify(value)}.`)
    this.output = output
  }
}

function writerOf(name: Name, options: { readonly currency?: string; readonly rounding?: RoundingMode }): Writer {
  const { slot, definition } = name
  const combine: Combiner = definition.combine ?? (definition.type === 'list' ? 'append' : 'first')
  if (definition.type === 'money') return moneyWriter(name, combine, options)
  if (name.isNumeric) return numberWriter(name, combine)
  if (definition.type === 'list') return listWriter(slot, combine)
  return (frame, value) => {
    if (definition.type === 'boolean' ? typeof value !== 'boolean' : typeof value !== 'string') {
      throw new OutputTypeError(name.name, definition.type, value)
    }
    const number = typeof value === 'boolean' ? Number(value) : definition.type === 'date' ? daysOf(value as string) : 0
    if (Number.isNaN(number)) throw new OutputTypeError(name.name, 'a date (YYYY-MM-DD)', value)
    const before = frame.values[slot]
    const isFirst = frame.written[slot] === 0
    frame.written[slot] = 1
    if (!isFirst) {
      if (combine === 'first') return
      if (combine === 'min' && !(value! < before!)) return
      if (combine === 'max' && !(value! > before!)) return
    }
    frame.values[slot] = value
    frame.numbers[slot] = number
  }
}

function numberWriter(name: Name, combine: Combiner): Writer {
  const { slot } = name
  return (frame, value) => {
    const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
    if (!Number.isFinite(number)) throw new OutputTypeError(name.name, 'a finite number', value)
    const before = frame.numbers[slot]!
    const isFirst = frame.written[slot] === 0
    frame.written[slot] = 1
    if (isFirst || combine === 'last') frame.numbers[slot] = number
    else if (combine === 'min') frame.numbers[slot] = Math.min(before, number)
    else if (combine === 'max') frame.numbers[slot] = Math.max(before, number)
    else if (combine === 'sum') frame.numbers[slot] = before + number
  }
}

function moneyWriter(name: Name, combine: Combiner, options: { readonly currency?: string; readonly rounding?: RoundingMode }): Writer {
  const { slot, definition } = name
  const digits = minorUnits(definition.currency ?? options.currency)
  const rounding = options.rounding ?? 'half-up'
  return (frame, value) => {
    const exact = typeof value === 'number' || typeof value === 'string' ? roundDecimal(value, digits, rounding) : undefined
    if (exact === undefined) throw new OutputTypeError(name.name, 'an amount', value)
    const number = Number(exact)
    const before = frame.numbers[slot]!
    const isFirst = frame.written[slot] === 0
    frame.written[slot] = 1
    if (!isFirst) {
      if (combine === 'first') return
      if (combine === 'min' && number >= before) return
      if (combine === 'max' && number <= before) return
      if (combine === 'sum') {
        const sum = addDecimals(frame.values[slot] as string, exact)
        frame.values[slot] = sum
        frame.numbers[slot] = Number(sum)
        return
      }
    }
    frame.values[slot] = exact
    frame.numbers[slot] = number
  }
}

function listWriter(slot: number, combine: Combiner): Writer {
  return (frame, value) => {
    const items: readonly Value[] = Array.isArray(value) ? value : [value]
    const before = frame.values[slot]
    const isFirst = frame.written[slot] === 0
    frame.written[slot] = 1
    if (isFirst || combine === 'last') frame.values[slot] = items
    else if (combine === 'append') frame.values[slot] = [...(before as readonly Value[]), ...items]
  }
}
