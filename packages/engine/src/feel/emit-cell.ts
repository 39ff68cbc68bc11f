import { literal } from '../operators/emit.ts'
import type { Name } from '../scope.ts'
import type { Code } from '../steps.ts'
import type { CellSet, Interval } from './cell-set.ts'

/** Whether the generated test of this cell over this name says exactly what FEEL says. */
export function canEmitCell(set: CellSet, name: Name): boolean {
  switch (set.kind) {
    case 'any':
    case 'none':
      return name.definition.type !== 'list'
    case 'numbers':
      // Doubles stand for amounts exactly as long as they are not very large.
      return name.isNumeric && (name.definition.type !== 'money' || set.intervals.every(({ low, high }) => isModest(low) && isModest(high)))
    case 'dates':
      return name.definition.type === 'date'
    case 'texts':
      return name.definition.type === 'string' || name.definition.type === 'enum'
    case 'booleans':
      return name.definition.type === 'boolean'
  }
}

/** Expression: the name has a value, and it is in the set. */
export function emitCell(set: CellSet, name: Name, code: Code): string {
  switch (set.kind) {
    case 'any':
      return code.present(name.name)
    case 'none':
      return 'false'
    case 'numbers':
    case 'dates': {
      const number = code.number(name.name)
      if (set.intervals.length === 0) return 'false'
      return `(${set.intervals.map(interval => emitInterval(interval, number)).join(' || ')})`
    }
    case 'texts': {
      const found = code.isOneOf(name.name, [...set.values])
      return set.negated ? `(${code.present(name.name)} && !${found})` : found
    }
    case 'booleans': {
      const number = code.number(name.name)
      if (set.values.size === 2) return `(${number} === ${number})`
      return set.values.size === 0 ? 'false' : `(${number} === ${set.values.has(true) ? 1 : 0})`
    }
  }
}

function emitInterval({ low, high, lowIncluded, highIncluded }: Interval, number: string): string {
  if (low === high) return `${number} === ${literal(low)}`
  const tests = [
    ...(low === -Infinity ? [] : [`${number} ${lowIncluded ? '>=' : '>'} ${literal(low)}`]),
    ...(high === Infinity ? [] : [`${number} ${highIncluded ? '<=' : '<'} ${literal(high)}`]),
  ]
  return tests.length === 0 ? `${number} === ${number}` : `(${tests.join(' && ')})`
}

function isModest(bound: number): boolean {
  return Math.abs(bound) < 1e11 || Math.abs(bound) === Infinity
}
