import type { FactDefinition } from '@surety/engine'

const EQUALITY = ['equal', 'notEqual'] as const
const MEMBERSHIP = ['in', 'notIn'] as const
const ORDER = ['greaterThanInclusive', 'greaterThan', 'lessThanInclusive', 'lessThan'] as const
const LISTS = ['contains', 'doesNotContain'] as const

/** The operators that make sense for a fact; what stands there now is always among them. */
export function operatorsFor(definition: FactDefinition | undefined, current: string): readonly string[] {
  const fitting = choose(definition)
  return fitting.includes(current) ? fitting : [current, ...fitting]
}

function choose(definition: FactDefinition | undefined): readonly string[] {
  switch (definition?.type) {
    case 'number':
    case 'integer':
    case 'money':
    case 'percent':
      return [...ORDER, ...EQUALITY, ...MEMBERSHIP]
    case 'boolean':
      return EQUALITY
    case 'enum':
    case 'string':
      return [...EQUALITY, ...MEMBERSHIP]
    case 'date':
      // Days are ordered; `in` of days is rare and needs a list of them.
      return [...ORDER, ...EQUALITY]
    case 'list':
      return [...LISTS, ...[...MEMBERSHIP, ...EQUALITY].flatMap(operator => [`someFact:${operator}`, `everyFact:${operator}`])]
    default:
      return [...EQUALITY, ...MEMBERSHIP, ...ORDER, ...LISTS]
  }
}
