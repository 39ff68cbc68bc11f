import type { Operator as DialectOperator } from '../operators/operator.ts'
import { DECORATORS, OPERATORS } from '../operators/index.ts'

export type OperatorEvaluator<A = any, B = any> = (factValue: A, compareToValue: B) => unknown
export type OperatorDecoratorEvaluator<A = any, B = any, NextA = any, NextB = any> = (
  factValue: A,
  compareToValue: B,
  next: OperatorEvaluator<NextA, NextB>,
) => unknown
type Validator<A = any> = (factValue: A) => boolean

const acceptAll = (): boolean => true

/** An operator as json-rules-engine knows it. */
export class Operator<A = any, B = any> {
  name: string
  cb: OperatorEvaluator<A, B>
  factValueValidator: Validator<A>

  constructor(name: string, evaluator: OperatorEvaluator<A, B>, validator: Validator<A> = acceptAll) {
    if (!name) throw new Error('Missing operator name')
    if (typeof evaluator !== 'function') throw new Error('Missing operator callback')
    this.name = String(name)
    this.cb = evaluator
    this.factValueValidator = validator
  }

  evaluate(factValue: A, jsonValue: B): unknown {
    return this.factValueValidator(factValue) && this.cb(factValue, jsonValue)
  }
}

/** A decorator as json-rules-engine knows it. */
export class OperatorDecorator<A = any, B = any, NextA = any, NextB = any> {
  name: string
  cb: OperatorDecoratorEvaluator<A, B, NextA, NextB>
  factValueValidator: Validator<A>

  constructor(name: string, evaluator: OperatorDecoratorEvaluator<A, B, NextA, NextB>, validator: Validator<A> = acceptAll) {
    if (!name) throw new Error('Missing decorator name')
    if (typeof evaluator !== 'function') throw new Error('Missing decorator callback')
    this.name = String(name)
    this.cb = evaluator
    this.factValueValidator = validator
  }

  decorate(operator: Operator<NextA, NextB>): Operator<A, B> {
    const next: OperatorEvaluator<NextA, NextB> = (factValue, jsonValue) => operator.evaluate(factValue, jsonValue)
    return new Operator<A, B>(
      `${this.name}:${operator.name}`,
      (factValue, jsonValue) => this.cb(factValue, jsonValue, next),
      this.factValueValidator,
    )
  }
}

export const defaultOperators: readonly Operator[] = OPERATORS.map(({ name, evaluate }) => new Operator(name, evaluate))

export const defaultDecorators: readonly OperatorDecorator[] = DECORATORS.map(
  ({ name, evaluate, accepts }) => new OperatorDecorator(name, evaluate, accepts),
)

const builtIn = new Map<Operator, DialectOperator>(defaultOperators.map((operator, index) => [operator, OPERATORS[index]!]))

/** The dialect's own operator behind this one, unless the host has put another in its place. */
export const builtInOperator = (operator: Operator): DialectOperator | undefined => builtIn.get(operator)
