import { contains } from './contains.ts'
import { DECORATORS } from './decorators.ts'
import { doesNotContain } from './does-not-contain.ts'
import { equal } from './equal.ts'
import { greaterThan } from './greater-than.ts'
import { greaterThanInclusive } from './greater-than-inclusive.ts'
import { isIn } from './in.ts'
import { lessThan } from './less-than.ts'
import { lessThanInclusive } from './less-than-inclusive.ts'
import { notEqual } from './not-equal.ts'
import { notIn } from './not-in.ts'
import { decorate, type Decorator, type Operator } from './operator.ts'

export const OPERATORS: readonly Operator[] = [
  equal,
  notEqual,
  isIn,
  notIn,
  contains,
  doesNotContain,
  lessThan,
  lessThanInclusive,
  greaterThan,
  greaterThanInclusive,
]

export { DECORATORS }

/** Finds operators by name, decorators before it: `not:someFact:equal`. */
export interface OperatorTable {
  find(name: string): Operator | undefined
}

/** The operators of the dialect and those that the host adds; a host's operator replaces one of the same name. */
export function createOperatorTable(operators: readonly Operator[] = [], decorators: readonly Decorator[] = []): OperatorTable {
  const known = new Map([...OPERATORS, ...operators].map(operator => [operator.name, operator]))
  const decoratorsByName = new Map([...DECORATORS, ...decorators].map(decorator => [decorator.name, decorator]))
  return {
    find(name) {
      const chain: Decorator[] = []
      let rest = name
      for (;;) {
        const operator = known.get(rest)
        if (operator) return chain.reduceRight((inner, decorator) => decorate(decorator, inner), operator)
        const colon = rest.indexOf(':')
        const decorator = colon > 0 ? decoratorsByName.get(rest.slice(0, colon)) : undefined
        if (!decorator) return undefined
        chain.push(decorator)
        rest = rest.slice(colon + 1)
      }
    },
  }
}
