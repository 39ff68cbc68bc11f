import { daysOf } from '../operators/typing.ts'
import type { FactDefinition, Facts, Policy } from '../policy/document.ts'
import { isNumericType } from '../scope.ts'
import { type Column, type ColumnSet, setBit, words } from './column.ts'

/** Puts rows of facts into the columns that a policy's fact types call for. */
export function columnsFromRows(policy: Policy, rows: readonly Facts[]): ColumnSet {
  const columns: Record<string, Column> = {}
  for (const [name, definition] of Object.entries(policy.facts)) {
    columns[name] = columnOf(
      definition,
      rows.map(row => (Object.hasOwn(row, name) ? row[name] : undefined)),
    )
  }
  return { rows: rows.length, columns }
}

function columnOf(definition: FactDefinition, values: readonly unknown[]): Column {
  if (isNumericType(definition.type)) return { kind: 'number', values: Float64Array.from(values, toNumber) }
  switch (definition.type) {
    case 'date':
      return { kind: 'number', values: Float64Array.from(values, value => (typeof value === 'string' ? daysOf(value) : Number.NaN)) }
    case 'boolean': {
      const bits = new Uint32Array(words(values.length))
      const valid = new Uint32Array(words(values.length))
      for (const [row, value] of values.entries()) {
        if (typeof value !== 'boolean') continue
        setBit(valid, row)
        if (value) setBit(bits, row)
      }
      return { kind: 'boolean', bits, valid }
    }
    case 'enum':
    case 'string': {
      const dictionary: string[] = []
      const places = new Map<string, number>()
      const codes = Int32Array.from(values, value => {
        if (typeof value !== 'string') return -1
        let code = places.get(value)
        if (code === undefined) places.set(value, (code = dictionary.push(value) - 1))
        return code
      })
      return { kind: 'code', codes, dictionary }
    }
    default:
      return { kind: 'value', values }
  }
}

function toNumber(value: unknown): number {
  if (typeof value === 'number') return value
  const amount = typeof value === 'object' && value !== null ? (value as { amount?: unknown }).amount : value
  return typeof amount === 'string' && amount.trim() !== '' ? Number(amount) : Number.NaN
}
