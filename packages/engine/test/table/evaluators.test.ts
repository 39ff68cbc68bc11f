import fc from 'fast-check'
import { test } from 'vitest'
import type { Characteristic, Facts, Policy, Step, TableStep } from '../../src/index.ts'
import { expectOneAnswer } from '../evaluators.ts'

// Tables, scorecards and formulas: interpreted, compiled, generated and over columns, one answer.

const facts: Policy['facts'] = {
  age: { type: 'number' },
  amount: { type: 'money', currency: 'CNY' },
  risk: { type: 'enum', values: ['low', 'mid', 'high'] },
  isNew: { type: 'boolean' },
  since: { type: 'date' },
  other: { type: 'number' },
}
const runs = Math.ceil(Number(process.env['ENGINE_FUZZ_CASES'] ?? 20_000) / 200)

const row = fc.record(
  {
    age: fc.constantFrom(-1, 0, 1, 2.5, 3, 5, 9.99, 10, 1e15),
    amount: fc.constantFrom('0', '0.30', '99.99', '100.00', '12345678901234.56'),
    risk: fc.constantFrom('low', 'mid', 'high'),
    isNew: fc.boolean(),
    since: fc.constantFrom('2024-01-01', '2024-06-30', '2025-01-01'),
    other: fc.constantFrom(0, 3, 5),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Facts>
const rows = fc.array(row, { minLength: 1, maxLength: 10 })

const number = fc.constantFrom('0', '1', '2.5', '3', '5', '10')
const cells = {
  age: fc.oneof(
    fc.constantFrom('-', 'null', 'not(null)', '> other', '[1..5)', '(1..5]', 'not([1..3])', '3, 5', '< 3, null'),
    fc.tuple(fc.constantFrom('<', '<=', '>', '>=', '=', '!='), number).map(([o, n]) => `${o} ${n}`),
  ),
  amount: fc.constantFrom('-', '> 99.99', '<= 100', '0.3', 'not(0.3)', '[0..100)', '12345678901234.56'),
  risk: fc.constantFrom('-', '"low"', '"low","high"', 'not("mid")', 'null', '"mid", null', 'not("low","high")'),
  isNew: fc.constantFrom('-', 'true', 'false', 'not(true)', 'null'),
  since: fc.constantFrom('-', '>= 2024-06-30', '< 2024-06-30', '2024-01-01', '[2024-01-01..2025-01-01)'),
}
const names = Object.keys(cells) as (keyof typeof cells)[]

const tables = fc
  .record({
    hitPolicy: fc.constantFrom<TableStep['hitPolicy'][]>('U', 'A', 'F', 'P', 'C', 'R', 'O'),
    columns: fc.subarray(names, { minLength: 1, maxLength: 3 }),
    fallback: fc.constantFrom(undefined, '"none"', '"x" + "y"'),
    lines: fc.array(
      fc.tuple(
        fc.record(cells),
        fc.constantFrom('"p"', '"q"', '', 'string(other)'),
        fc.constantFrom('', '"approve"', '"refer"', '"decline"'),
        fc.boolean(),
      ),
      { minLength: 1, maxLength: 7 },
    ),
  })
  .map(({ hitPolicy, columns, fallback, lines }): TableStep => ({
    id: 'table',
    kind: 'table',
    hitPolicy,
    inputs: columns.map(name => ({ id: name, expression: name })),
    outputs: [
      { id: 'o', name: 'label', values: ['q', 'p'], ...(fallback ? { default: fallback } : {}) },
      { id: 'outcome', name: 'outcome' },
    ],
    rows: lines.map(([drawn, label, outcome, hasReason], at) => ({
      id: `r${at}`,
      when: columns.map(name => drawn[name]),
      then: [label, outcome],
      ...(hasReason ? { reason: { code: `R${at}`, text: { en: 'Age {age}', zh: '年龄 {age}' } } } : {}),
    })),
  }))

function policyOf(step: Step, type: 'string' | 'number' | 'money' = 'string'): Policy {
  return {
    id: 'drawn',
    title: { en: 'Drawn', zh: '随机' },
    facts,
    outputs: { label: { type, combine: 'last' } },
    whenUnknown: 'refer',
    steps: [step],
  }
}

test(`${runs} drawn tables decide the same in every way`, { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(tables, rows, (table, drawn) => expectOneAnswer(policyOf(table), drawn)),
    { numRuns: runs },
  )
})

const points = fc.constantFrom(0, 10, 12.5, 7.35, -3, 0.1)
const missing = fc.constantFrom('fail', 'zero', 'reallocate', undefined) as fc.Arbitrary<Characteristic['missing']>
const withMissing = (characteristic: Characteristic, handling: Characteristic['missing']): Characteristic =>
  handling ? { ...characteristic, missing: handling } : characteristic
const age = fc.tuple(points, points, points, missing).map(([a, b, c, handling]) =>
  withMissing(
    {
      id: 'age',
      expression: 'age',
      weight: 0.35,
      bins: [
        { id: 'a', to: 1, points: a },
        { id: 'b', from: 1, to: 5, points: b, reason: { code: 'B', text: { en: 'b', zh: 'b' } } },
        { id: 'c', from: 5, points: c },
      ],
    },
    handling,
  ),
)
const risk = fc.tuple(points, points, points, fc.boolean()).map(([a, b, c, hasBin]): Characteristic => ({
  id: 'risk',
  expression: 'risk',
  weight: 0.4,
  bins: [
    { id: 'a', values: ['low', 'mid'], points: a },
    { id: 'b', other: true, points: b },
    ...(hasBin ? [{ id: 'c', missing: true, points: c }] : []),
  ],
}))
const isNew = fc.tuple(points, points, missing).map(([a, b, handling]) =>
  withMissing(
    {
      id: 'new',
      expression: 'isNew',
      weight: 0.25,
      bins: [
        { id: 'a', values: [true], points: a },
        { id: 'b', values: [false], points: b },
      ],
    },
    handling,
  ),
)
const cards = fc
  .record({ age, risk, isNew, rounding: fc.constantFrom('half-up' as const, 'none' as const), isScaled: fc.boolean() })
  .map((drawn): Step => ({
    id: 'card',
    kind: 'scorecard',
    output: 'label',
    initial: 0.5,
    rounding: drawn.rounding,
    ...(drawn.isScaled ? { scaling: { points: 600, odds: 19, pointsToDoubleOdds: 50 } } : {}),
    characteristics: [drawn.age, drawn.risk, drawn.isNew],
  }))

test(`${runs} drawn scorecards score the same in every way`, { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(cards, rows, (card, drawn) => expectOneAnswer(policyOf(card, 'number'), drawn)),
    { numRuns: runs },
  )
})

const amounts = fc.letrec<{ amount: string }>(tie => ({
  amount: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('age', 'amount', 'other', '0.1', '3', '1.005'),
    fc.tuple(tie('amount'), fc.constantFrom('+', '-', '*', '/'), tie('amount')).map(([a, o, b]) => `(${a} ${o} ${b})`),
    fc
      .tuple(
        fc.constantFrom('risk = "low"', 'isNew', 'age > 3', 'is defined(age)', 'since >= date("2024-06-30")'),
        tie('amount'),
        tie('amount'),
      )
      .map(([c, a, b]) => `(if ${c} then ${a} else ${b})`),
    fc.tuple(fc.constantFrom('min', 'max', 'sum'), tie('amount'), tie('amount')).map(([f, a, b]) => `${f}(${a}, ${b})`),
  ),
})).amount

test(`${runs} drawn formulas compute the same in every way`, { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(amounts, fc.constantFrom('number' as const, 'money' as const), rows, (expression, type, drawn) => {
      const modest = drawn.map(({ amount, age: years, ...others }) => ({
        ...others,
        ...(amount === undefined || JSON.stringify(amount).length > 10 ? {} : { amount }),
        ...(years === undefined || years === 1e15 ? {} : { age: years }),
      }))
      expectOneAnswer(
        policyOf(
          {
            id: 'f',
            kind: 'formula',
            expressions: [{ id: 'e', output: 'label', expression, ...(type === 'money' ? { round: { decimals: 2 } } : {}) }],
          },
          type,
        ),
        modest,
      )
    }),
    { numRuns: runs },
  )
})
