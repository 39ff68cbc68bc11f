import type { FactType } from '../policy/document.ts'
import type { Expression } from './ast.ts'

/** What an expression comes to, where that can be told from its text. */
export type FeelType = 'number' | 'string' | 'boolean' | 'date' | 'list' | 'null' | 'unknown'

export interface TypeProblem {
  readonly at: number
  readonly left: FeelType
  readonly right: FeelType
}

export function feelTypeOf(type: FactType | undefined): FeelType {
  switch (type) {
    case 'number':
    case 'integer':
    case 'percent':
    case 'money':
      return 'number'
    case 'enum':
    case 'string':
      return 'string'
    case 'boolean':
    case 'date':
    case 'list':
      return type
    case undefined:
      return 'unknown'
  }
}

/** Infers the type and reports comparisons and sums of things that have nothing in common. */
export function inferType(
  node: Expression,
  typeOfName: (name: string) => FeelType,
  report: (problem: TypeProblem) => void = () => {},
): FeelType {
  const infer = (child: Expression): FeelType => inferType(child, typeOfName, report)
  const expectSame = (left: FeelType, right: FeelType, at: number): void => {
    if (left !== right && isSettled(left) && isSettled(right)) report({ at, left, right })
  }
  switch (node.kind) {
    case 'number':
      return 'number'
    case 'string':
    case 'boolean':
    case 'null':
      return node.kind
    case 'temporal':
      return /^\d{4}-\d\d-\d\d$/.test(node.text) ? 'date' : 'unknown'
    case 'name':
      return typeOfName(node.name)
    case 'negate':
      expectSame(infer(node.operand), 'number', node.from)
      return 'number'
    case 'arithmetic': {
      const left = infer(node.left)
      const right = infer(node.right)
      if (left === 'date' || right === 'date' || left === 'unknown' || right === 'unknown') return 'unknown'
      expectSame(left, right, node.from)
      if (left === 'boolean') report({ at: node.from, left, right: 'number' })
      return left
    }
    case 'compare':
      expectSame(infer(node.left), infer(node.right), node.from)
      return 'boolean'
    case 'between': {
      const value = infer(node.value)
      expectSame(value, infer(node.low), node.from)
      expectSame(value, infer(node.high), node.from)
      return 'boolean'
    }
    case 'and':
    case 'or':
      expectSame(infer(node.left), 'boolean', node.left.from)
      expectSame(infer(node.right), 'boolean', node.right.from)
      return 'boolean'
    case 'in':
    case 'quantified':
      return 'boolean'
    case 'if': {
      expectSame(infer(node.condition), 'boolean', node.condition.from)
      const then = infer(node.then)
      const otherwise = infer(node.otherwise)
      if (then === 'null') return otherwise
      return otherwise === 'null' || then === otherwise ? then : 'unknown'
    }
    case 'list':
    case 'for':
      return 'list'
    case 'call':
      node.arguments.forEach(infer)
      if (node.name === 'today' && node.arguments.length === 0) return 'date'
      return RESULTS[node.name] ?? 'unknown'
    case 'input':
    case 'context':
    case 'range':
    case 'path':
    case 'filter':
      return 'unknown'
  }
}

function isSettled(type: FeelType): boolean {
  return type !== 'unknown' && type !== 'null'
}

const RESULTS: Readonly<Record<string, FeelType>> = Object.assign(Object.create(null) as Record<string, FeelType>, {
  number: 'number',
  string: 'string',
  date: 'date',
  not: 'boolean',
  'is defined': 'boolean',
  all: 'boolean',
  any: 'boolean',
  substring: 'string',
  'string length': 'number',
  'upper case': 'string',
  'lower case': 'string',
  trim: 'string',
  'substring before': 'string',
  'substring after': 'string',
  contains: 'boolean',
  'starts with': 'boolean',
  'ends with': 'boolean',
  'string join': 'string',
  'list contains': 'boolean',
  count: 'number',
  sum: 'number',
  product: 'number',
  mean: 'number',
  median: 'number',
  append: 'list',
  concatenate: 'list',
  sublist: 'list',
  'insert before': 'list',
  remove: 'list',
  reverse: 'list',
  'index of': 'list',
  union: 'list',
  'distinct values': 'list',
  flatten: 'list',
  decimal: 'number',
  floor: 'number',
  ceiling: 'number',
  'round up': 'number',
  'round down': 'number',
  'round half up': 'number',
  'round half down': 'number',
  'round half even': 'number',
  modulo: 'number',
  sqrt: 'number',
  log: 'number',
  exp: 'number',
  odd: 'boolean',
  even: 'boolean',
} satisfies Record<string, FeelType>)
