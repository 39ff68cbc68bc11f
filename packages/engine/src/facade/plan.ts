import { isThenable } from './almanac.ts'
import { deepClone } from './clone.ts'
import { Condition } from './condition.ts'
import { RulesInvalid } from './errors.ts'
import type { Operator } from './operator.ts'
import { groupByPriority } from './rule.ts'

/** What a plan is made from; it is stale when any of the answers changes. */
export interface PlanContext {
  condition(name: string): Condition | undefined
  operator(name: string): Operator | null
  factPriority(name: string): number
  readonly allowUndefinedConditions: boolean
}

/** Where conditions get their values from. A source may answer with a promise, or throw. */
export interface FactSource {
  read(operand: FactOperand): unknown
}

export interface FactOperand {
  readonly fact: string
  readonly params: Record<string, any> | undefined
  readonly path: string | undefined
  /** Number of the fact in the plan. */
  readonly index: number
}

type MaybePromise<T> = T | Promise<T>

/** Facts that the conditions of a plan name, numbered. */
export class FactRegistry {
  readonly names: string[] = []
  readonly #indices = new Map<string, number>()

  operand(value: { readonly fact?: unknown; readonly params?: unknown; readonly path?: unknown }): FactOperand {
    const fact = value.fact as string
    let index = this.#indices.get(fact)
    if (index === undefined) {
      index = this.names.push(fact) - 1
      this.#indices.set(fact, index)
    }
    return { fact, index, params: value.params as Record<string, any> | undefined, path: value.path as string | undefined }
  }
}

/**
 * A condition made ready to run: operators found, named conditions in place, parts grouped by priority. Evaluating it
 * gives a copy of the condition that carries its results. As in json-rules-engine, all parts of one priority are looked
 * at, whatever the first of them says.
 */
export interface PlanNode {
  readonly source: Condition
  evaluate(facts: FactSource): MaybePromise<Condition>
  /** The copy of a condition that was not looked at. */
  skip(): Condition
}

export interface PlanRoot {
  readonly node: PlanNode
  evaluate(facts: FactSource): MaybePromise<{ readonly conditions: Condition; readonly result: unknown }>
}

/** Plans the conditions of a rule. Throws `RulesInvalid` for unknown operators and conditions that refer to themselves. */
export function planConditions(conditions: Condition, registry: FactRegistry, context: PlanContext): PlanRoot {
  const node = planNode(conditions, registry, context, [], true)
  if (node instanceof GroupNode || node instanceof NotNode) {
    return {
      node,
      evaluate: facts => {
        const copy = node.begin()
        const result = node.judge(facts, copy)
        return result instanceof Promise ? result.then(value => ({ conditions: copy, result: value })) : { conditions: copy, result }
      },
    }
  }
  return {
    node,
    evaluate: facts => {
      const copy = node.evaluate(facts)
      const conclude = (conditions: Condition) => ({ conditions, result: conditions.result as unknown })
      return copy instanceof Promise ? copy.then(conclude) : conclude(copy)
    },
  }
}

/** A root looks for `any`, `all` and `not` before `condition`; inside, a reference comes first. */
function planNode(condition: Condition, registry: FactRegistry, context: PlanContext, open: readonly string[], isRoot: boolean): PlanNode {
  const inner = (part: Condition): PlanNode => planNode(part, registry, context, open, false)
  if (!isRoot && Object.hasOwn(condition, 'condition')) return planReference(condition, registry, context, open)
  const operator = Condition.booleanOperator(condition)
  if (operator === 'not') return new NotNode(condition, inner(condition.not!))
  if (operator) {
    const parts = condition[operator]!
    const nodes = parts.map(inner)
    const indices = groupByPriority(
      parts.map((_, index) => index),
      index => parts[index]!.priority || (parts[index]!.fact === undefined ? 1 : context.factPriority(parts[index]!.fact)),
    )
    return new GroupNode(condition, operator, nodes, indices)
  }
  if (Object.hasOwn(condition, 'condition')) return planReference(condition, registry, context, open)
  const found = context.operator(condition.operator!)
  if (!found) throw new RulesInvalid('UNKNOWN_OPERATOR', `Unknown operator: ${condition.operator}`)
  const { value } = condition
  const right = value !== null && typeof value === 'object' && Object.hasOwn(value, 'fact') ? registry.operand(value) : undefined
  return new LeafNode(condition, found, registry.operand(condition), right)
}

function planReference(reference: Condition, registry: FactRegistry, context: PlanContext, open: readonly string[]): PlanNode {
  const name = reference.condition!
  if (open.includes(name))
    throw new RulesInvalid('CONDITION_CYCLE', `Condition refers to itself: ${[...open.slice(open.indexOf(name)), name].join(' → ')}`)
  const condition = context.condition(name)
  if (!condition) return new UndefinedNode(reference, context.allowUndefinedConditions)
  // What is named takes the place of the reference, which keeps what else it says.
  const { condition: _, ...rest } = reference
  const projected = Object.assign(Object.create(Condition.prototype) as Condition, rest, condition)
  return new ReferenceNode(reference, planNode(projected, registry, context, [...open, name], false))
}

/** A named condition in its place; where it was not looked at, the reference stays as it was. */
export class ReferenceNode implements PlanNode {
  readonly source: Condition
  readonly target: PlanNode

  constructor(source: Condition, target: PlanNode) {
    this.source = source
    this.target = target
  }

  evaluate(facts: FactSource): MaybePromise<Condition> {
    return this.target.evaluate(facts)
  }

  skip(): Condition {
    return deepClone(this.source)
  }
}

export class GroupNode implements PlanNode {
  readonly source: Condition
  readonly operator: 'all' | 'any'
  readonly parts: readonly PlanNode[]
  readonly #sets: readonly (readonly number[])[]
  readonly #extras: readonly (readonly [string, unknown])[]

  constructor(source: Condition, operator: 'all' | 'any', parts: readonly PlanNode[], sets: readonly (readonly number[])[]) {
    this.source = source
    this.operator = operator
    this.parts = parts
    this.#sets = sets
    this.#extras = extrasOf(source, ['operator', 'priority', operator])
  }

  begin(): Condition {
    const copy = new GroupCopy(this.source.operator, this.source.priority)
    // Of its size from the start: growing would double what a run throws away.
    copy[this.operator] = new Array<Condition>(this.parts.length)
    for (const [key, value] of this.#extras) copy[key] = deepClone(value)
    return copy
  }

  skip(): Condition {
    const copy = this.begin()
    for (let i = 0; i < this.parts.length; i++) copy[this.operator]![i] = this.parts[i]!.skip()
    return copy
  }

  evaluate(facts: FactSource): MaybePromise<Condition> {
    const copy = this.begin()
    const result = this.judge(facts, copy)
    if (result instanceof Promise) {
      return result.then(value => {
        copy.result = value === true
        return copy
      })
    }
    copy.result = result === true
    return copy
  }

  /** A single part's result goes through as it is; several make true or false. */
  judge(facts: FactSource, copy: Condition): MaybePromise<unknown> {
    const children = copy[this.operator]!
    if (this.parts.length === 0) return true
    if (this.parts.length === 1) {
      const only = this.parts[0]!.evaluate(facts)
      const place = (child: Condition): unknown => {
        children[0] = child
        return child.result
      }
      return only instanceof Promise ? only.then(place) : place(only)
    }
    return this.#judgeSets(facts, children, 0)
  }

  #judgeSets(facts: FactSource, children: Condition[], from: number): MaybePromise<boolean> {
    const isAll = this.operator === 'all'
    for (let s = from; s < this.#sets.length; s++) {
      const set = this.#sets[s]!
      let waiting: Promise<void>[] | undefined
      for (let i = 0; i < set.length; i++) {
        const index = set[i]!
        let child: MaybePromise<Condition>
        try {
          child = this.parts[index]!.evaluate(facts)
        } catch (error) {
          if (!waiting) throw error
          child = Promise.reject(error)
        }
        if (child instanceof Promise) {
          waiting ??= []
          waiting.push(child.then(made => void (children[index] = made)))
        } else children[index] = child
      }
      if (waiting) {
        return Promise.all(waiting).then(() =>
          this.#isSettled(set, children)
            ? this.#finish(children, !isAll)
            : s + 1 < this.#sets.length
              ? this.#judgeSets(facts, children, s + 1)
              : isAll,
        )
      }
      if (this.#isSettled(set, children)) return this.#finish(children, !isAll)
    }
    return isAll
  }

  /** One that fails settles `all`, one that holds settles `any`. */
  #isSettled(set: readonly number[], children: readonly Condition[]): boolean {
    const isAll = this.operator === 'all'
    for (let i = 0; i < set.length; i++) if ((children[set[i]!]!.result === true) !== isAll) return true
    return false
  }

  #finish(children: Condition[], result: boolean): boolean {
    for (let i = 0; i < this.parts.length; i++) children[i] ??= this.parts[i]!.skip()
    return result
  }
}

export class NotNode implements PlanNode {
  readonly source: Condition
  readonly part: PlanNode
  readonly #extras: readonly (readonly [string, unknown])[]

  constructor(source: Condition, part: PlanNode) {
    this.source = source
    this.part = part
    this.#extras = extrasOf(source, ['operator', 'priority', 'not'])
  }

  begin(): Condition {
    const copy = new GroupCopy(this.source.operator, this.source.priority)
    for (const [key, value] of this.#extras) copy[key] = deepClone(value)
    return copy
  }

  skip(): Condition {
    const copy = this.begin()
    copy.not = this.part.skip()
    return copy
  }

  evaluate(facts: FactSource): MaybePromise<Condition> {
    const copy = this.begin()
    const place = (result: unknown): Condition => {
      copy.result = result === true
      return copy
    }
    const result = this.judge(facts, copy)
    return result instanceof Promise ? result.then(place) : place(result)
  }

  judge(facts: FactSource, copy: Condition): MaybePromise<boolean> {
    const place = (part: Condition): boolean => {
      copy.not = part
      return !part.result
    }
    const part = this.part.evaluate(facts)
    return part instanceof Promise ? part.then(place) : place(part)
  }
}

export class LeafNode implements PlanNode {
  readonly source: Condition
  readonly operator: Operator
  readonly left: FactOperand
  /** Undefined when the right-hand side is a constant. */
  readonly right: FactOperand | undefined
  readonly constant: unknown
  readonly #copyConstant: () => unknown
  readonly #extras: readonly (readonly [string, unknown])[]

  constructor(source: Condition, operator: Operator, left: FactOperand, right: FactOperand | undefined) {
    this.source = source
    this.operator = operator
    this.left = left
    this.right = right
    // A copy, so that what the caller does to their JSON later, or shares with a fact, makes no difference.
    this.constant = deepClone(source.value)
    this.#copyConstant = copier(this.constant)
    this.#extras = extrasOf(source, ['fact', 'operator', 'value'])
  }

  evaluate(facts: FactSource): MaybePromise<Condition> {
    const right = this.right === undefined ? this.constant : facts.read(this.right)
    const left = facts.read(this.left)
    if (isThenable(left) || (this.right !== undefined && isThenable(right)))
      return Promise.all([right, left]).then(([compared, seen]) => this.#conclude(seen, compared))
    return this.#conclude(left, right)
  }

  skip(): Condition {
    return this.#copy(this.#copyConstant())
  }

  #conclude(seen: unknown, compared: unknown): Condition {
    const value = this.#copyConstant()
    const result = this.operator.evaluate(seen, compared)
    const copy = this.#copy(value)
    copy.factResult = seen
    copy.valueResult = this.right === undefined ? value : compared
    copy.result = result
    return copy
  }

  #copy(value: unknown): Condition {
    const copy = new LeafCopy(this.left.fact, this.source.operator, value)
    if (this.#extras.length > 0) for (const [key, extra] of this.#extras) copy[key] = typeof extra === 'object' ? deepClone(extra) : extra
    return copy
  }
}

/** A reference to a condition that isn't there: false where that is allowed, else an error once it is reached. */
class UndefinedNode implements PlanNode {
  readonly source: Condition
  readonly isAllowed: boolean

  constructor(source: Condition, isAllowed: boolean) {
    this.source = source
    this.isAllowed = isAllowed
  }

  evaluate(): Condition {
    if (!this.isAllowed) throw new Error(`No condition ${this.source.condition} exists`)
    const copy = this.skip()
    copy.result = false
    return copy
  }

  skip(): Condition {
    return deepClone(this.source)
  }
}

/** Results hold a copy of the condition's value; what kind of copy it takes is known beforehand. */
function copier(value: unknown): () => unknown {
  if (typeof value !== 'object' || value === null) return () => value
  if (Array.isArray(value) && value.every(item => typeof item !== 'object' || item === null)) return () => value.slice()
  return () => deepClone(value)
}

function extrasOf(condition: Condition, known: readonly string[]): readonly (readonly [string, unknown])[] {
  return Object.entries(condition).filter(([key]) => !known.includes(key))
}

// Conditions by prototype, made by constructors of their own: every run makes one for each condition, and objects that
// are born with their shape are several times cheaper than copies.
const LeafCopy = function (this: Condition, fact: unknown, operator: unknown, value: unknown) {
  this.fact = fact as string
  this.operator = operator as string
  this.value = value
} as unknown as new (fact: unknown, operator: unknown, value: unknown) => Condition
LeafCopy.prototype = Condition.prototype

const GroupCopy = function (this: Condition, operator: unknown, priority: unknown) {
  this.operator = operator as string
  this.priority = priority as number
} as unknown as new (operator: unknown, priority: unknown) => Condition
GroupCopy.prototype = Condition.prototype
