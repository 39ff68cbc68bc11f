import { generate } from '../compile/generate.ts'
import { literal } from '../operators/emit.ts'
import { jsonPath, PLAIN_PATH, readPath } from '../rules/json-path.ts'
import type { Event } from './almanac.ts'
import { builtInOperator } from './operator.ts'
import { GroupNode, LeafNode, NotNode, type PlanNode, ReferenceNode } from './plan.ts'

/** What conditions come to, told without results: events of the rules that fired and of those that failed. */
export interface FastRules {
  /**
   * Given how many events there are, puts those of its rules into their places and says how many there are then;
   * −1 when some value was not of the kind that this code was written for, and nothing has been done.
   */
  (facts: Readonly<Record<string, unknown>>, events: Event[], failureEvents: Event[], at: number): number
}

/** How the rules of one part tell what came of them. */
export interface FastRule {
  readonly node: PlanNode
  /** The event, or how to make it. */
  readonly event: Event | ((facts: Readonly<Record<string, unknown>>) => Event)
}

/**
 * Whether a condition can be judged by straight comparisons, stopping as soon as it is settled: no host operators, and
 * nothing that could throw, because json-rules-engine looks at all parts and would have thrown.
 */
export function isFast(node: PlanNode): boolean {
  if (node instanceof GroupNode) return node.parts.every(isFast)
  if (node instanceof NotNode) return isFast(node.part)
  if (node instanceof ReferenceNode) return isFast(node.target)
  return node instanceof LeafNode && isFastLeaf(node)
}

const ORDER: Readonly<Record<string, string>> = { lessThan: '<', lessThanInclusive: '<=', greaterThan: '>', greaterThanInclusive: '>=' }

function isFastLeaf({ operator, left, right, constant }: LeafNode): boolean {
  const name = builtInOperator(operator)?.name
  if (name === undefined || !isPlain(left.fact, left.path) || (right && !isPlain(right.fact, right.path))) return false
  if (name === 'in' || name === 'notIn') return right === undefined && Array.isArray(constant)
  if (name in ORDER && right === undefined) return typeof constant !== 'object' || constant === null
  return true
}

// Names that every object has need care that straight code does not take.
const isPlain = (fact: string, path: string | undefined): boolean =>
  typeof fact === 'string' && !(fact in Object.prototype) && (!path || PLAIN_PATH.test(path))

/** Generates the code of rules that are all fast. One function holds a limited number of them, for the optimiser's sake. */
export function generateRules(rules: readonly FastRule[], rulesBefore: number): FastRules {
  const writer = new RuleWriter()
  const lines = rules.map(({ node, event }) => {
    const told = writer.constant(event)
    const value = typeof event === 'function' ? `${told}(facts)` : told
    return `if (${writer.condition(node)}) e[ei++] = ${value}; else f[fi++] = ${value};`
  })
  // Every rule before these has left an event in one list or the other.
  return generate<FastRules>(`return ${writer.wrap([`let ei = at, fi = ${rulesBefore} - at;`, ...lines])};`, writer.constants)
}

class RuleWriter {
  readonly constants: unknown[] = []
  readonly #names = new Map<unknown, string>()
  readonly #loads: string[] = []
  readonly #guards: string[] = []
  readonly #locals = new Map<string, string>()
  readonly #numbers = new Set<string>()

  constant(value: unknown): string {
    let name = this.#names.get(value)
    if (name === undefined) {
      name = `k${this.constants.push(value) - 1}`
      this.#names.set(value, name)
    }
    return name
  }

  condition(node: PlanNode): string {
    if (node instanceof GroupNode)
      return node.parts.length === 0
        ? 'true'
        : `(${node.parts.map(part => this.condition(part)).join(node.operator === 'all' ? ' && ' : ' || ')})`
    if (node instanceof NotNode) return `!(${this.condition(node.part)})`
    if (node instanceof ReferenceNode) return this.condition(node.target)
    return this.#leaf(node as LeafNode)
  }

  wrap(lines: readonly string[]): string {
    const numbers = this.#numbers.size > 0 ? [...this.#numbers].map(local => `typeof ${local} !== ${this.constant('number')}`) : []
    const guards = [...this.#guards, ...numbers]
    return `function(facts, e, f, at) {\n${this.#loads.join('\n')}\n${guards.length > 0 ? `if (${guards.join(' || ')}) return -1;\n` : ''}${lines.join('\n')}\nreturn ei; }`
  }

  #leaf({ operator, left, right, constant }: LeafNode): string {
    const { name, evaluate } = builtInOperator(operator)!
    const seen = this.#local(left.fact, left.path)
    const compared = right ? this.#local(right.fact, right.path) : undefined
    switch (name) {
      case 'equal':
        return `${seen} === ${compared ?? this.#value(constant)}`
      case 'notEqual':
        return `${seen} !== ${compared ?? this.#value(constant)}`
      case 'in':
      case 'notIn': {
        const test = this.#isOneOf(seen, constant as readonly unknown[])
        return name === 'in' ? test : `!${test}`
      }
      case 'contains':
      case 'doesNotContain':
        return `${this.constant(evaluate)}(${seen}, ${compared ?? this.#value(constant)})`
      default:
        // Numbers on the left make straight comparison mean what the dialect means; the guard sees to it.
        this.#numbers.add(seen)
        if (compared) this.#numbers.add(compared)
        return `${seen} ${ORDER[name]} ${compared ?? this.#value(constant)}`
    }
  }

  #isOneOf(seen: string, values: readonly unknown[]): string {
    if (values.length === 0) return 'false'
    if (values.length <= 8) return `(${Array.from(values, value => `${seen} === ${this.#value(value)}`).join(' || ')})`
    // A set finds NaN, which indexOf does not.
    return `(${seen} === ${seen} && ${this.constant(new Set(values))}.has(${seen}))`
  }

  #value(value: unknown): string {
    return typeof value === 'number' ? literal(value) : this.constant(value)
  }

  #local(fact: string, path: string | undefined): string {
    const key = path ? `${fact}\u0000${path}` : fact
    let local = this.#locals.get(key)
    if (local !== undefined) return local
    const whole = path ? this.#local(fact, undefined) : undefined
    local = `x${this.#locals.size}`
    this.#locals.set(key, local)
    if (whole === undefined) {
      this.#loads.push(`const ${local} = facts[${this.constant(fact)}];`)
      // Given as undefined, or not given at all: the careful way knows the difference.
      this.#guards.push(`${local} === undefined`)
    } else this.#loads.push(`const ${local} = ${this.constant(readPath)}(${whole}, ${this.constant(jsonPath(path!))});`)
    return local
  }
}
