import type { Almanac } from './almanac.ts'
import type { Operator } from './operator.ts'

export type BooleanOperator = 'any' | 'all' | 'not'

export interface OperatorFinder {
  get(name: string): Operator | null | undefined
}

/** A condition as json-rules-engine's users see it; in results it carries what was found. */
export class Condition {
  declare fact?: string
  declare operator?: string
  declare value?: any
  declare path?: string
  declare params?: Record<string, any>
  declare name?: string
  declare priority?: number
  declare condition?: string
  declare all?: Condition[]
  declare any?: Condition[]
  declare not?: Condition
  declare result?: any
  declare factResult?: unknown
  declare valueResult?: unknown;
  [custom: string]: any

  constructor(properties: Record<string, any>) {
    if (!properties) throw new Error('Condition: constructor options required')
    Object.assign(this, properties)
    const operator = Condition.booleanOperator(properties)
    if (operator) {
      const parts: unknown = properties[operator]
      if (operator === 'not' && Array.isArray(parts)) throw new Error('"not" cannot be an array')
      if (operator !== 'not' && !Array.isArray(parts)) throw new Error(`"${operator}" must be an array`)
      this.operator = operator
      this.priority = Number.parseInt(properties.priority as string, 10) || 1
      ;(this as Record<string, unknown>)[operator] = Array.isArray(parts)
        ? parts.map(part => new Condition(part as Record<string, any>))
        : new Condition(parts as Record<string, any>)
      return
    }
    if (Object.hasOwn(properties, 'condition')) return
    for (const key of ['fact', 'operator', 'value']) {
      if (!Object.hasOwn(properties, key)) throw new Error(`Condition: constructor "${key}" property required`)
    }
    // A condition on a fact has no priority of its own unless one is given; then the fact's counts.
    if (Object.hasOwn(properties, 'priority')) this.priority = Number.parseInt(properties.priority as string, 10)
  }

  /** `any` is looked for first: beside `all` it wins. */
  static booleanOperator(condition: object): BooleanOperator | undefined {
    if (Object.hasOwn(condition, 'any')) return 'any'
    if (Object.hasOwn(condition, 'all')) return 'all'
    return Object.hasOwn(condition, 'not') ? 'not' : undefined
  }

  booleanOperator(): BooleanOperator | undefined {
    return Condition.booleanOperator(this)
  }

  isBooleanOperator(): boolean {
    return Condition.booleanOperator(this) !== undefined
  }

  isConditionReference(): boolean {
    return Object.hasOwn(this, 'condition')
  }

  toJSON(): string
  toJSON<T extends boolean>(stringify: T): T extends true ? string : Record<string, any>
  toJSON(stringify: unknown = true): string | Record<string, any> {
    const props: Record<string, any> = {}
    if (this.priority) props.priority = this.priority
    if (this.name) props.name = this.name
    const operator = this.booleanOperator()
    if (operator) {
      const parts = this[operator] as Condition | Condition[]
      props[operator] = Array.isArray(parts) ? parts.map(plain) : plain(parts)
    } else if (this.isConditionReference()) {
      props.condition = this.condition
    } else {
      props.operator = this.operator
      props.value = this.value
      props.fact = this.fact
      if (this.factResult !== undefined) props.factResult = this.factResult
      if (this.valueResult !== undefined) props.valueResult = this.valueResult
      if (this.result !== undefined) props.result = this.result
      if (this.params) props.params = this.params
      if (this.path) props.path = this.path
    }
    return stringify ? JSON.stringify(props) : props
  }

  /** Judges a condition on a fact; rules evaluate groups themselves. */
  async evaluate(
    almanac: Almanac,
    operators: OperatorFinder,
  ): Promise<{ result: unknown; leftHandSideValue: unknown; rightHandSideValue: unknown; operator: string | undefined }> {
    if (!almanac) throw new Error('almanac required')
    if (!operators) throw new Error('operatorMap required')
    if (this.isBooleanOperator()) throw new Error('Cannot evaluate() a boolean condition')
    const operator = operators.get(this.operator!)
    if (!operator) throw new Error(`Unknown operator: ${this.operator}`)
    const [rightHandSideValue, leftHandSideValue] = await Promise.all([
      almanac.getValue(this.value),
      almanac.factValue(this.fact!, this.params, this.path),
    ])
    return {
      result: operator.evaluate(leftHandSideValue, rightHandSideValue),
      leftHandSideValue,
      rightHandSideValue,
      operator: this.operator,
    }
  }
}

const plain = (condition: Condition): Record<string, any> => (condition instanceof Condition ? condition.toJSON(false) : condition)
