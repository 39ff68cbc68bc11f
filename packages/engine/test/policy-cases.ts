import fc from 'fast-check'
import type { Condition, Facts, Policy, Rule } from '../src/index.ts'

/** A policy of rules over typed facts, and rows to decide. */
export interface PolicyCase {
  readonly policy: Policy
  readonly rows: readonly Facts[]
}

const FACTS: Policy['facts'] = {
  number: { type: 'number' },
  other: { type: 'number' },
  amount: { type: 'money', currency: 'CNY' },
  grade: { type: 'enum', values: ['a', 'b', 'c', 'd'] },
  isGood: { type: 'boolean' },
  day: { type: 'date' },
  levels: { type: 'list', of: 'number' },
  toString: { type: 'string' as const },
}

const number = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -2, max: 6 }) },
  fc.constantFrom(-0, 0.1 + 0.2, 0.3, 1e300, -1e300, 5e-324),
)
const amount = fc.constantFrom('0.30', '12.50', '1000', '9007199254740.93', '9007199254740.92', '-3.00')
const grade = fc.constantFrom('a', 'b', 'c', 'd')
const day = fc.constantFrom('2024-02-29', '2025-01-01', '2025-12-31', '1969-12-31')
const words = fc.constantFrom('', 'x', '__proto__', '"); throw 1; ("', '中\u2028文')
const levels = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 })

const VALUES = { number, other: number, amount, grade, isGood: fc.boolean(), day, levels, toString: words } as const

const ORDER = fc.constantFrom('lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive')
const EQUALITY = fc.constantFrom('equal', 'notEqual')
const MEMBERSHIP = fc.constantFrom('in', 'notIn')
const many = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(value, { maxLength: 10 })

const shape = (fact: string, operator: fc.Arbitrary<string>, value: fc.Arbitrary<unknown>) =>
  fc.record({ fact: fc.constant(fact), operator, value })

const leaf: fc.Arbitrary<Condition> = fc
  .tuple(
    fc.oneof(
      shape('number', ORDER, number),
      shape('number', fc.oneof(ORDER, EQUALITY), fc.constant({ fact: 'other' })),
      shape('other', fc.oneof(EQUALITY, fc.constant('not:greaterThan')), number),
      shape('other', MEMBERSHIP, many(number)),
      shape('amount', fc.oneof(ORDER, EQUALITY), amount),
      shape('amount', MEMBERSHIP, many(amount)),
      shape('grade', EQUALITY, grade),
      shape('grade', MEMBERSHIP, many(grade)),
      shape('isGood', EQUALITY, fc.boolean()),
      shape('day', fc.oneof(ORDER, EQUALITY), day),
      shape('day', MEMBERSHIP, many(day)),
      shape(
        'levels',
        fc.constantFrom('contains', 'doesNotContain', 'someFact:greaterThan', 'everyFact:lessThan', 'not:someFact:equal'),
        fc.integer({ min: 0, max: 4 }),
      ),
      shape('number', fc.constantFrom('swap:contains', 'someValue:greaterThan', 'everyValue:notEqual'), levels),
      shape('toString', EQUALITY, words),
    ),
    fc.option(fc.constantFrom('true', 'false', 'unknown'), { nil: undefined, freq: 4 }),
    fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined, freq: 4 }),
  )
  .map(([condition, ifMissing, priority]) => ({ ...condition, ...(ifMissing ? { ifMissing } : {}), ...(priority ? { priority } : {}) }))

const group = (depth: number): fc.Arbitrary<Condition> => {
  const part =
    depth === 0
      ? leaf
      : fc.oneof(
          { weight: 3, arbitrary: leaf },
          { weight: 2, arbitrary: group(depth - 1) },
          { weight: 1, arbitrary: fc.constantFrom({ condition: 'first' }, { condition: 'second' }) },
        )
  const parts = fc.array(part, { maxLength: 4 })
  return fc.oneof(
    { weight: 3, arbitrary: fc.record({ all: parts }) },
    { weight: 3, arbitrary: fc.record({ any: parts }) },
    { weight: 1, arbitrary: fc.record({ not: part }) },
  ) as fc.Arbitrary<Condition>
}

const effects = fc.record(
  {
    outcome: fc.constantFrom('approve', 'refer', 'decline'),
    set: fc.record(
      {
        score: number.filter(Number.isFinite),
        limit: amount,
        label: grade,
        flag: fc.boolean(),
        seen: fc.constantFrom({ fact: 'number' }, 7),
        list: words,
        until: day,
      },
      { requiredKeys: [] },
    ),
    reason: fc.record({
      code: words.map(text => text || 'r'),
      text: fc.constant({ en: 'number is {number}', zh: '数为 {number}' }),
      weight: fc.integer({ min: 0, max: 3 }),
    }),
  },
  { requiredKeys: [] },
)

const rules = fc
  .array(fc.record({ conditions: group(2), params: effects, priority: fc.integer({ min: 1, max: 3 }) }), { minLength: 1, maxLength: 6 })
  .map(drawn =>
    drawn.map(({ conditions, params, priority }, index): Rule => ({
      id: `r${index}`,
      priority,
      conditions: conditions as Rule['conditions'],
      event: { type: `e${index}`, params: params },
    })),
  )

const row = fc.record(VALUES, { requiredKeys: [] })
const fullRow = fc.record(VALUES)

export const policyCase: fc.Arbitrary<PolicyCase> = fc
  .record({
    rules,
    mode: fc.constantFrom('all', 'first'),
    whenUnknown: fc.constantFrom('refer', 'decline', 'ignore'),
    conditions: fc.record({
      first: group(0),
      second: group(1).map(condition => JSON.parse(JSON.stringify(condition).replaceAll('"second"', '"first"')) as Condition),
    }),
    combine: fc.constantFrom('first', 'last', 'min', 'max', 'sum'),
    rows: fc.array(fc.oneof(row, fullRow), { minLength: 1, maxLength: 12 }),
  })
  .map(({ rules: drawn, mode, whenUnknown, conditions, combine, rows }) => ({
    rows: rows as Facts[],
    policy: {
      id: 'drawn',
      title: { en: 'Drawn', zh: '随机' },
      facts: FACTS,
      outputs: {
        score: { type: 'number', combine, default: 1 },
        limit: { type: 'money', currency: 'CNY', combine },
        label: { type: 'enum', values: ['a', 'b', 'c', 'd'], combine: combine === 'last' ? 'last' : 'first' },
        flag: { type: 'boolean' },
        seen: { type: 'number' },
        list: { type: 'list', of: 'string' },
        until: { type: 'date', combine: combine === 'sum' ? 'first' : combine },
      },
      whenUnknown,
      conditions: conditions as never,
      steps: [{ id: 'rules', kind: 'rules', mode, rules: drawn }],
    } as Policy,
  }))

/** The same ones for the same seed. */
export function drawPolicies(count: number, seed: number): readonly Policy[] {
  return fc.sample(policyCase, { numRuns: count, seed }).map(({ policy }) => policy)
}
