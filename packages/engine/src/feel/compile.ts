import type { ArithmeticOperator, Expression, LoopVariable, UnaryTest, UnaryTests } from './ast.ts'
import { BUILTINS, type Builtin } from './builtins.ts'
import { add, divide, isFeelNumber, multiply, negate, parseNumber, power, subtract } from './number.ts'
import {
  addDuration,
  addDurations,
  FeelDate,
  FeelDateTime,
  FeelDuration,
  FeelTime,
  isTemporal,
  parseTemporal,
  subtractInstants,
} from './temporal.ts'
import type { FeelContext, FeelValue } from './values.ts'
import { compare, equal, FeelFunction, FeelRange, includes, isContext, isList } from './values.ts'

/** How names of an expression are looked up; `Memory` is whatever the host keeps values in. */
export interface Lookup<Memory> {
  /** Undefined: nothing of that name. */
  find(name: string): ((memory: Memory) => FeelValue) | undefined
}

/**
 * What a missing value makes of an equality: `feel` says that null is simply not equal to "A",
 * `unknown` that nobody can tell. Asking for null itself (`x = null`) is answered in both.
 */
export type Nulls = 'feel' | 'unknown'

/** An expression as a tree of closures: no text of it is ever run as code. */
export interface Closure<Memory> {
  (memory: Memory, input: FeelValue, locals: Locals | null): FeelValue
}

/** Names that an expression binds itself: entries of a context, the item of a filter. */
interface Locals {
  readonly names: FeelContext
  readonly outer: Locals | null
}

export interface UnknownName {
  readonly name: string
  readonly at: number
  readonly isFunction: boolean
}

export interface Compiled<Memory> {
  readonly run: Closure<Memory>
  /** Names that the expression looks up. */
  readonly reads: readonly string[]
  readonly unknown: readonly UnknownName[]
  /** Asks for nothing outside itself, so it has one value. */
  readonly isConstant: boolean
}

export function compileExpression<Memory>(tree: Expression, lookup: Lookup<Memory>, nulls: Nulls): Compiled<Memory> {
  const compiler = new Compiler(lookup, nulls)
  const part = compiler.expression(tree)
  return compiler.finish(part)
}

/** True, false or null (unknown) for the value that is tested. */
export function compileUnaryTests<Memory>(tree: UnaryTests, lookup: Lookup<Memory>, nulls: Nulls): Compiled<Memory> {
  const compiler = new Compiler(lookup, nulls)
  const part = compiler.unaryTests(tree)
  return compiler.finish(part)
}

const MAX_ITERATIONS = 100_000

interface Part<Memory> {
  readonly run: Closure<Memory>
  readonly isConstant: boolean
}

class Compiler<Memory> {
  readonly #lookup: Lookup<Memory>
  readonly #nulls: Nulls
  readonly #reads = new Set<string>()
  readonly #unknown: UnknownName[] = []
  /** Inside a context or a filter, where a name may be bound by the expression itself. */
  #localDepth = 0
  /** Iterations left to one evaluation: a document must not be able to hang its host. */
  readonly #budget = { left: MAX_ITERATIONS }
  #loops = false

  constructor(lookup: Lookup<Memory>, nulls: Nulls) {
    this.#lookup = lookup
    this.#nulls = nulls
  }

  finish({ run, isConstant }: Part<Memory>): Compiled<Memory> {
    const budget = this.#budget
    const budgeted: Closure<Memory> = (memory, input, locals) => {
      budget.left = MAX_ITERATIONS
      return run(memory, input, locals)
    }
    return { run: this.#loops ? budgeted : run, isConstant, reads: [...this.#reads], unknown: this.#unknown }
  }

  unaryTests({ negated, tests }: UnaryTests): Part<Memory> {
    if (tests.length === 0) return constant(true)
    const any = this.#anyOf(tests)
    if (!negated) return any
    const { run } = any
    return folded(any.isConstant, (memory, input, locals) => {
      const result = run(memory, input, locals)
      return result === null ? null : !result
    })
  }

  /** Three-valued or over alternatives. */
  #anyOf(tests: readonly UnaryTest[]): Part<Memory> {
    const parts = tests.map(test => this.#unaryTest(test))
    if (parts.length === 1) return parts[0] as Part<Memory>
    const runs = parts.map(({ run }) => run)
    return dynamic((memory, input, locals) => {
      let result: boolean | null = false
      for (const run of runs) {
        const holds = run(memory, input, locals)
        if (holds === true) return true
        if (holds === null) result = null
      }
      return result
    })
  }

  #unaryTest(test: UnaryTest): Part<Memory> {
    if (test.kind === 'condition') {
      const { run } = this.expression(test.condition)
      return dynamic((memory, input, locals) => {
        const result = run(memory, input, locals)
        return typeof result === 'boolean' ? result : null
      })
    }
    const { run } = this.expression(test.operand)
    const asksForNull = test.operand.kind === 'null'
    if (test.kind === 'value') return dynamic(this.#membership(run, asksForNull))
    return dynamic(this.#comparison(test.operator, (_memory, input) => input, run, asksForNull))
  }

  #membership(run: Closure<Memory>, asksForNull: boolean): Closure<Memory> {
    const isUnknown = this.#nulls === 'unknown' && !asksForNull
    return (memory, input, locals) => {
      const operand = run(memory, input, locals)
      if (typeof operand === 'boolean' && typeof input !== 'boolean' && input !== null) return operand
      return isMember(input, operand, isUnknown)
    }
  }

  expression(node: Expression): Part<Memory> {
    switch (node.kind) {
      case 'number':
        return constant(parseNumber(node.text))
      case 'string':
      case 'boolean':
        return constant(node.value)
      case 'null':
        return constant(null)
      case 'temporal':
        return constant(parseTemporal(node.text))
      case 'input':
        return dynamic((_memory, input) => input)
      case 'name':
        return this.#name(node.name, node.from)
      case 'negate':
        return this.#combine(
          [node.operand],
          ([operand]) =>
            (memory, input, locals) =>
              negated(operand(memory, input, locals)),
        )
      case 'arithmetic': {
        const operate = ARITHMETIC[node.operator]
        return this.#combine(
          [node.left, node.right],
          ([left, right]) =>
            (memory, input, locals) =>
              operate(left(memory, input, locals), right(memory, input, locals)),
        )
      }
      case 'compare': {
        const asksForNull = node.left.kind === 'null' || node.right.kind === 'null'
        return this.#combine([node.left, node.right], ([left, right]) => this.#comparison(node.operator, left, right, asksForNull))
      }
      case 'between':
        return this.#combine([node.value, node.low, node.high], ([value, low, high]) => (memory, input, locals) => {
          const bounds = [low(memory, input, locals), high(memory, input, locals)] as const
          return bounds[0] === null || bounds[1] === null
            ? null
            : includes(new FeelRange(...bounds, true, true), value(memory, input, locals))
        })
      case 'in':
        return this.#in(node.value, node.tests)
      case 'and':
      case 'or':
        return this.#logic(node.kind === 'or', node.left, node.right)
      case 'if':
        return this.#combine(
          [node.condition, node.then, node.otherwise],
          ([condition, then, otherwise]) =>
            (memory, input, locals) =>
              condition(memory, input, locals) === true ? then(memory, input, locals) : otherwise(memory, input, locals),
        )
      case 'list':
        return this.#combine(node.items, items => (memory, input, locals) => items.map(item => item(memory, input, locals)))
      case 'context':
        return this.#context(node.entries)
      case 'range':
        return this.#combine(
          [node.low, node.high],
          ([low, high]) =>
            (memory, input, locals) =>
              new FeelRange(low(memory, input, locals), high(memory, input, locals), node.lowIncluded, node.highIncluded),
        )
      case 'path':
        return this.#combine(
          [node.target],
          ([target]) =>
            (memory, input, locals) =>
              follow(target(memory, input, locals), node.key),
        )
      case 'filter':
        return this.#filter(node.target, node.filter)
      case 'call':
        return this.#call(node)
      case 'for':
        return this.#for(node.variables, node.body)
      case 'quantified':
        return this.#quantified(node.every, node.variables, node.body)
    }
  }

  /** Folds what has no open names into its value. */
  #combine(
    nodes: readonly Expression[],
    build: (runs: [Closure<Memory>, Closure<Memory>, Closure<Memory>, ...Closure<Memory>[]]) => Closure<Memory>,
  ): Part<Memory> {
    const parts = nodes.map(node => this.expression(node))
    return folded(
      parts.every(({ isConstant }) => isConstant),
      build(parts.map(({ run }) => run) as [Closure<Memory>, Closure<Memory>, Closure<Memory>]),
    )
  }

  #name(name: string, at: number): Part<Memory> {
    const read = this.#lookup.find(name)
    if (read) this.#reads.add(name)
    else if (this.#localDepth === 0) this.#unknown.push({ name, at, isFunction: false })
    const look: Closure<Memory> = read ?? (() => null)
    if (this.#localDepth === 0) return dynamic(look)
    return dynamic((memory, input, locals) => {
      for (let scope = locals; scope; scope = scope.outer) {
        if (Object.hasOwn(scope.names, name)) return scope.names[name] ?? null
      }
      return look(memory, input, locals)
    })
  }

  #comparison(operator: string, left: Closure<Memory>, right: Closure<Memory>, asksForNull: boolean): Closure<Memory> {
    const nullIsUnknown = this.#nulls === 'unknown' && !asksForNull
    switch (operator) {
      case '=':
        return (memory, input, locals) => {
          const a = left(memory, input, locals)
          const b = right(memory, input, locals)
          return nullIsUnknown && (a === null || b === null) ? null : equal(a, b)
        }
      case '!=':
        return (memory, input, locals) => {
          const a = left(memory, input, locals)
          const b = right(memory, input, locals)
          const same = nullIsUnknown && (a === null || b === null) ? null : equal(a, b)
          return same === null ? null : !same
        }
      case '<':
        return (memory, input, locals) => {
          const order = compare(left(memory, input, locals), right(memory, input, locals))
          return order === null ? null : order < 0
        }
      case '<=':
        return (memory, input, locals) => {
          const order = compare(left(memory, input, locals), right(memory, input, locals))
          return order === null ? null : order <= 0
        }
      case '>':
        return (memory, input, locals) => {
          const order = compare(left(memory, input, locals), right(memory, input, locals))
          return order === null ? null : order > 0
        }
      default:
        return (memory, input, locals) => {
          const order = compare(left(memory, input, locals), right(memory, input, locals))
          return order === null ? null : order >= 0
        }
    }
  }

  #in(value: Expression, tests: readonly UnaryTest[]): Part<Memory> {
    const subject = this.expression(value).run
    const holds = this.#anyOf(tests).run
    return dynamic((memory, input, locals) => holds(memory, subject(memory, input, locals), locals))
  }

  /** Three-valued; what settles it on the left spares the right. */
  #logic(settles: boolean, left: Expression, right: Expression): Part<Memory> {
    return this.#combine([left, right], ([first, second]) => (memory, input, locals) => {
      const a = first(memory, input, locals)
      if (a === settles) return settles
      const b = second(memory, input, locals)
      if (b === settles) return settles
      return a === !settles && b === !settles ? !settles : null
    })
  }

  #context(entries: readonly (readonly [string, Expression])[]): Part<Memory> {
    this.#localDepth++
    const parts = entries.map(([key, value]) => [key, this.expression(value).run] as const)
    this.#localDepth--
    return dynamic((memory, input, locals) => {
      const names = Object.create(null) as Record<string, FeelValue>
      const inner = { names, outer: locals }
      for (const [key, run] of parts) names[key] = run(memory, input, inner)
      return names
    })
  }

  #filter(targetNode: Expression, filterNode: Expression): Part<Memory> {
    const target = this.expression(targetNode).run
    this.#localDepth++
    const filter = this.expression(filterNode).run
    this.#localDepth--
    return dynamic((memory, input, locals) => {
      const found = target(memory, input, locals)
      if (found === null) return null
      const list = isList(found) ? found : [found]
      const position = isPosition(filterNode) ? filter(memory, input, locals) : null
      if (isFeelNumber(position)) {
        const index = Number(position)
        return list[index < 0 ? list.length + index : index - 1] ?? null
      }
      return list.filter(item => {
        const names = Object.assign(Object.create(null) as Record<string, FeelValue>, { item }, isContext(item) ? item : undefined)
        return filter(memory, item, { names, outer: locals }) === true
      })
    })
  }

  #for(variables: readonly LoopVariable[], bodyNode: Expression): Part<Memory> {
    const { loop, body } = this.#loop(variables, bodyNode)
    return dynamic((memory, input, locals) => {
      const results: FeelValue[] = []
      const isWhole = loop(memory, input, locals, inner => {
        results.push(body(memory, input, inner))
        return true
      })
      return isWhole ? results : null
    })
  }

  #quantified(every: boolean, variables: readonly LoopVariable[], bodyNode: Expression): Part<Memory> {
    const { loop, body } = this.#loop(variables, bodyNode)
    return dynamic((memory, input, locals) => {
      let result: boolean | null = every
      const isWhole = loop(memory, input, locals, inner => {
        const holds = body(memory, input, inner)
        if (holds === !every) result = !every
        else if (holds !== every) result = null
        return result !== !every
      })
      return isWhole || result === !every ? result : null
    })
  }

  #loop(variables: readonly LoopVariable[], bodyNode: Expression): { readonly loop: Loop<Memory>; readonly body: Closure<Memory> } {
    const budget = this.#budget
    this.#loops = true
    this.#localDepth++
    const sources = variables.map(({ name, from, to }) => ({ name, from: this.expression(from).run, to: to && this.expression(to).run }))
    const body = this.expression(bodyNode).run
    this.#localDepth--
    const loop: Loop<Memory> = (memory, input, locals, visit) => {
      const descend = (level: number, outer: Locals | null): boolean => {
        const source = sources[level]
        if (!source) return visit(outer)
        const values = iterate(source.from(memory, input, outer), source.to?.(memory, input, outer), budget.left)
        if (!values) return false
        for (const value of values) {
          if (budget.left-- <= 0) return false
          const names = Object.assign(Object.create(null) as Record<string, FeelValue>, { [source.name]: value })
          if (!descend(level + 1, { names, outer })) return false
        }
        return true
      }
      return descend(0, locals)
    }
    return { loop, body }
  }

  #call(node: Extract<Expression, { kind: 'call' }>): Part<Memory> {
    if (isClock(node)) return this.#name(node.name, node.from)
    const lent = this.#lookup.find(node.name)
    const builtin = BUILTINS.get(node.name)
    if (!lent && builtin) {
      const places = placesOf(node, builtin.parameters)
      if (!places || !fits(builtin, node.arguments.length)) return constant(null)
      return this.#combine(node.arguments, runs => {
        const gather: Gather<Memory> = (memory, input, locals) =>
          arrange(
            runs.map(run => run(memory, input, locals)),
            places,
          )
        if (!builtin.variadic || node.name === 'append' || node.name === 'concatenate' || node.name === 'union') {
          return (memory, input, locals) => builtin.invoke(gather(memory, input, locals))
        }
        return (memory, input, locals) => {
          const values = gather(memory, input, locals)
          return builtin.invoke(values.length === 1 && isList(values[0] ?? null) ? (values[0] as readonly FeelValue[]) : values)
        }
      })
    }
    if (lent) this.#reads.add(node.name)
    else this.#unknown.push({ name: node.name, at: node.from, isFunction: true })
    const runs = node.arguments.map(argument => this.expression(argument).run)
    return dynamic((memory, input, locals) => {
      const called = lent?.(memory)
      if (!(called instanceof FeelFunction)) return null
      const places = placesOf(node, called.parameters)
      return places
        ? called.invoke(
            ...arrange(
              runs.map(run => run(memory, input, locals)),
              places,
            ),
          )
        : null
    })
  }
}

/** False when it was cut short: by the visitor, a source that is no list, or the budget. */
interface Loop<Memory> {
  (memory: Memory, input: FeelValue, locals: Locals | null, visit: (locals: Locals | null) => boolean): boolean
}

interface Gather<Memory> {
  (memory: Memory, input: FeelValue, locals: Locals | null): readonly FeelValue[]
}

function iterate(from: FeelValue, to: FeelValue | undefined, limit: number): readonly FeelValue[] | null {
  if (to === undefined && isList(from)) return from
  const low = from instanceof FeelRange ? from.low : from
  const high = from instanceof FeelRange ? from.high : to
  if (!Number.isInteger(low) || !Number.isInteger(high)) return null
  const step = Number(high) < Number(low) ? -1 : 1
  const length = Math.abs(Number(high) - Number(low)) + 1
  return length > limit ? null : Array.from({ length }, (_, i) => Number(low) + i * step)
}

/** Equal to it; inside it when it is a list or a range. */
function isMember(value: FeelValue, operand: FeelValue, nullIsUnknown: boolean): boolean | null {
  if (operand instanceof FeelRange) return includes(operand, value)
  if (nullIsUnknown && (value === null || operand === null)) return null
  if (!isList(operand)) return equal(value, operand)
  let result: boolean | null = isList(value) && equal(value, operand) === true
  if (result) return true
  for (const item of operand) {
    const holds = item instanceof FeelRange ? includes(item, value) : nullIsUnknown && item === null ? null : equal(value, item) === true
    if (holds === true) return true
    if (holds === null) result = null
  }
  return result
}

const ARITHMETIC: Readonly<Record<ArithmeticOperator, (a: FeelValue, b: FeelValue) => FeelValue>> = {
  '+': (a, b) => {
    if (isFeelNumber(a) && isFeelNumber(b)) return add(a, b)
    if (typeof a === 'string' && typeof b === 'string') return a + b
    if (a instanceof FeelDuration && b instanceof FeelDuration) return addDurations(a, b, 1)
    if (isTemporal(a) && b instanceof FeelDuration && !(a instanceof FeelDuration)) return addDuration(a, b, 1)
    if (isTemporal(b) && a instanceof FeelDuration && !(b instanceof FeelDuration)) return addDuration(b, a, 1)
    return null
  },
  '-': (a, b) => {
    if (isFeelNumber(a) && isFeelNumber(b)) return subtract(a, b)
    if (a instanceof FeelDuration && b instanceof FeelDuration) return addDurations(a, b, -1)
    if (!isTemporal(a) || !isTemporal(b) || a instanceof FeelDuration) return null
    return b instanceof FeelDuration ? addDuration(a, b, -1) : subtractInstants(a, b)
  },
  '*': (a, b) => {
    if (isFeelNumber(a) && isFeelNumber(b)) return multiply(a, b)
    if (a instanceof FeelDuration && isFeelNumber(b)) return scaled(a, Number(b))
    if (b instanceof FeelDuration && isFeelNumber(a)) return scaled(b, Number(a))
    return null
  },
  '/': (a, b) => {
    if (isFeelNumber(a) && isFeelNumber(b)) return divide(a, b)
    if (a instanceof FeelDuration && isFeelNumber(b)) return Number(b) === 0 ? null : scaled(a, 1 / Number(b))
    if (a instanceof FeelDuration && b instanceof FeelDuration) return a.kind === b.kind ? divide(a.amount, b.amount) : null
    return null
  },
  '**': (a, b) => (isFeelNumber(a) && isFeelNumber(b) ? power(a, b) : null),
}

function scaled(duration: FeelDuration, factor: number): FeelDuration {
  const amount = duration.amount * factor
  return new FeelDuration(duration.kind, duration.kind === 'months' ? Math.trunc(amount) : amount)
}

function negated(value: FeelValue): FeelValue {
  if (isFeelNumber(value)) return negate(value)
  return value instanceof FeelDuration ? new FeelDuration(value.kind, 0 - value.amount) : null
}

function follow(target: FeelValue, key: string): FeelValue {
  if (target === null) return null
  if (isList(target)) return target.map(item => follow(item, key))
  if (isContext(target)) return Object.hasOwn(target, key) ? (target[key] ?? null) : null
  if (target instanceof FeelRange) return RANGE_PROPERTIES[key]?.(target) ?? null
  if (target instanceof FeelDate) return DATE_PROPERTIES[key]?.(target) ?? null
  if (target instanceof FeelDateTime) return DATE_PROPERTIES[key]?.(target.date) ?? TIME_PROPERTIES[key]?.(target.time) ?? null
  if (target instanceof FeelTime) return TIME_PROPERTIES[key]?.(target) ?? null
  if (target instanceof FeelDuration)
    return (target.kind === 'months' ? MONTHS_PROPERTIES : SECONDS_PROPERTIES)[key]?.(target.amount) ?? null
  return null
}

const property = <Target>(
  properties: Record<string, (target: Target) => FeelValue>,
): Readonly<Record<string, ((target: Target) => FeelValue) | undefined>> =>
  Object.assign(Object.create(null) as Record<string, (target: Target) => FeelValue>, properties)

const DATE_PROPERTIES = property<FeelDate>({ year: d => d.year, month: d => d.month, day: d => d.day, weekday: d => d.weekday })
const TIME_PROPERTIES = property<FeelTime>({
  hour: t => t.hour,
  minute: t => t.minute,
  second: t => t.second,
  'time offset': t => (t.offset === null ? null : new FeelDuration('seconds', t.offset)),
})
const MONTHS_PROPERTIES = property<number>({ years: amount => Math.trunc(amount / 12), months: amount => amount % 12 })
const SECONDS_PROPERTIES = property<number>({
  days: amount => Math.trunc(amount / 86_400),
  hours: amount => Math.trunc(amount / 3600) % 24,
  minutes: amount => Math.trunc(amount / 60) % 60,
  seconds: amount => amount % 60,
})
const RANGE_PROPERTIES = property<FeelRange>({
  start: range => range.low,
  end: range => range.high,
  'start included': range => range.lowIncluded,
  'end included': range => range.highIncluded,
})

function isPosition(filter: Expression): boolean {
  return (
    filter.kind === 'number' ||
    filter.kind === 'negate' ||
    filter.kind === 'arithmetic' ||
    filter.kind === 'call' ||
    filter.kind === 'name' ||
    filter.kind === 'path'
  )
}

/** The engine has no clock: `today()` and `now()` are facts of those names. */
function isClock(node: Extract<Expression, { kind: 'call' }>): boolean {
  return node.arguments.length === 0 && (node.name === 'today' || node.name === 'now')
}

function fits(builtin: Builtin, count: number): boolean {
  if (builtin.variadic) return count > 0
  return count <= builtin.parameters.length && count >= builtin.parameters.length - (builtin.optional ?? 0)
}

/** Where each argument goes; undefined when a name fits no parameter. */
function placesOf(node: Extract<Expression, { kind: 'call' }>, parameters: readonly string[]): readonly number[] | undefined {
  if (!node.names) return node.arguments.map((_, i) => i)
  const places = node.names.map(name => (name === 'from' && !parameters.includes('from') ? 0 : parameters.indexOf(name)))
  return places.includes(-1) ? undefined : places
}

function arrange(values: readonly FeelValue[], places: readonly number[]): readonly FeelValue[] {
  const arranged: FeelValue[] = []
  for (let i = 0; i < values.length; i++) arranged[places[i] as number] = values[i] ?? null
  for (let i = 0; i < arranged.length; i++) arranged[i] ??= null
  return arranged
}

function constant<Memory>(value: FeelValue): Part<Memory> {
  return { run: () => value, isConstant: true }
}

function dynamic<Memory>(run: Closure<Memory>): Part<Memory> {
  return { run, isConstant: false }
}

function folded<Memory>(isConstant: boolean, run: Closure<Memory>): Part<Memory> {
  // Nothing that is constant looks at memory.
  return isConstant ? constant(run(undefined as Memory, null, null)) : dynamic(run)
}
