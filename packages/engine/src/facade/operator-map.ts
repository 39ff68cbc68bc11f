import {
  defaultDecorators,
  defaultOperators,
  Operator,
  OperatorDecorator,
  type OperatorDecoratorEvaluator,
  type OperatorEvaluator,
} from './operator.ts'

export class OperatorMap {
  readonly operators = new Map<string, Operator>()
  readonly decorators = new Map<string, OperatorDecorator>()
  /** Counts changes, so that plans made from this map know when they are stale. */
  version = 0
  readonly #decorated = new Map<string, Operator>()

  constructor() {
    for (const operator of defaultOperators) this.addOperator(operator)
    for (const decorator of defaultDecorators) this.addOperatorDecorator(decorator)
  }

  addOperator(operatorOrName: Operator | string, evaluator?: OperatorEvaluator): void {
    const operator = operatorOrName instanceof Operator ? operatorOrName : new Operator(operatorOrName, evaluator!)
    this.operators.set(operator.name, operator)
    this.#changed()
  }

  removeOperator(operatorOrName: Operator | string): boolean {
    this.#changed()
    return this.operators.delete(typeof operatorOrName === 'string' ? operatorOrName : operatorOrName.name)
  }

  addOperatorDecorator(decoratorOrName: OperatorDecorator | string, evaluator?: OperatorDecoratorEvaluator): void {
    const decorator = decoratorOrName instanceof OperatorDecorator ? decoratorOrName : new OperatorDecorator(decoratorOrName, evaluator!)
    this.decorators.set(decorator.name, decorator)
    this.#changed()
  }

  removeOperatorDecorator(decoratorOrName: OperatorDecorator | string): boolean {
    this.#changed()
    return this.decorators.delete(typeof decoratorOrName === 'string' ? decoratorOrName : decoratorOrName.name)
  }

  /** The operator of this name, decorated as the name says; null when there is none. */
  get(name: string): Operator | null {
    const known = this.operators.get(name) ?? this.#decorated.get(name)
    if (known) return known
    const colon = typeof name === 'string' ? name.indexOf(':') : -1
    const decorator = colon > 0 ? this.decorators.get(name.slice(0, colon)) : undefined
    const inner = decorator && this.get(name.slice(colon + 1))
    if (!decorator || !inner) return null
    const decorated = decorator.decorate(inner)
    this.#decorated.set(name, decorated)
    return decorated
  }

  #changed(): void {
    this.version++
    this.#decorated.clear()
  }
}
