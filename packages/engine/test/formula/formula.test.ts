import { describe, expect, test } from 'vitest'
import { checkPolicy, compile } from '../../src/compile/policy.ts'
import type { FactDefinition, FormulaExpression, OutputDefinition, Policy } from '../../src/policy/document.ts'

const facts: Record<string, FactDefinition> = {
  sales: { type: 'money', currency: 'CNY' },
  termDays: { type: 'integer' },
  rate: { type: 'percent' },
  opened: { type: 'date' },
  today: { type: 'date' },
  industry: { type: 'enum', values: ['retail', 'mining'] },
}
const outputs: Record<string, OutputDefinition> = {
  need: { type: 'money', currency: 'CNY' },
  interest: { type: 'money', currency: 'CNY' },
  ratio: { type: 'number' },
  due: { type: 'date' },
  label: { type: 'string' },
  isOld: { type: 'boolean' },
}

function policyOf(...expressions: readonly Omit<FormulaExpression, 'id'>[]): Policy {
  return {
    id: 'test/formula',
    title: { en: 'Formula', zh: '公式' },
    facts,
    outputs,
    lists: { watched: { values: ['mining'] } },
    steps: [{ id: 'f', kind: 'formula', expressions: expressions.map((expression, index) => ({ id: `e${index}`, ...expression })) }],
  }
}

function decide(policy: Policy, values: Readonly<Record<string, unknown>>) {
  const compiled = compile(policy, { codegen: false })
  const decision = compiled.decide(values)
  expect(compiled.interpret(values)).toEqual(decision)
  return decision
}

describe('formulas', () => {
  test('money is exact, rounded by the rule that the expression states', () => {
    const policy = policyOf({ output: 'need', expression: 'sales * termDays / 365 * 1.13', round: { decimals: 2 } })
    expect(decide(policy, { sales: '1000000.00', termDays: 60 }).outputs['need']).toBe('185753.42')
    expect(decide(policy, { sales: '99999999999999999.99', termDays: 365 }).outputs['need']).toBe('112999999999999999.99')
  })

  test.each([
    ['half-up', '2.35'],
    ['half-even', '2.34'],
    ['up', '2.35'],
    ['down', '2.34'],
  ] as const)('2.345 rounded %s is %s', (mode, expected) => {
    expect(
      decide(policyOf({ output: 'need', expression: 'sales', round: { decimals: 2, mode } }), { sales: '2.345' }).outputs['need'],
    ).toBe(expected)
  })

  test('0.1 + 0.2 equals 0.3', () => {
    expect(decide(policyOf({ output: 'isOld', expression: '0.1 + 0.2 = 0.3' }), {}).outputs['isOld']).toBe(true)
  })

  test('100 for 15 days at 10 % is 0.41 of interest', () => {
    expect(
      decide(policyOf({ output: 'interest', expression: '100 * rate / 100 / 365 * 15', round: { decimals: 2 } }), { rate: 10 }).outputs[
        'interest'
      ],
    ).toBe('0.41')
  })

  test('an expression may read the output of another one, wherever it stands', () => {
    const policy = policyOf({ output: 'ratio', expression: 'need / 2' }, { output: 'need', expression: 'sales + 1' })
    expect(decide(policy, { sales: '9' }).outputs).toMatchObject({ need: '10.00', ratio: 5 })
  })

  test('what hangs on a missing fact has no value and is referred', () => {
    const decision = decide(policyOf({ output: 'ratio', expression: 'termDays * 2' }), {})
    expect(decision).toMatchObject({ outcome: 'refer', outputs: { ratio: null }, missing: ['termDays'] })
  })

  test('a missing fact that does not matter leaves no doubt', () => {
    const decision = decide(policyOf({ output: 'isOld', expression: 'termDays > 3 or rate > 50' }), { termDays: 4 })
    expect(decision).toMatchObject({ outcome: 'approve', outputs: { isOld: true } })
  })

  test('dates are computed from the fact "today", for the engine has no clock', () => {
    const policy = policyOf(
      { output: 'due', expression: 'today() + duration("P1M")' },
      { output: 'isOld', expression: 'opened < today - duration("P1Y")' },
    )
    expect(decide(policy, { today: '2025-01-31', opened: '2023-01-01' }).outputs).toMatchObject({ due: '2025-02-28', isOld: true })
  })

  test('lists of the policy are names', () => {
    expect(decide(policyOf({ output: 'isOld', expression: 'industry in watched' }), { industry: 'mining' }).outputs['isOld']).toBe(true)
  })
})

describe('mistakes in formulas', () => {
  const findings = (...expressions: readonly Omit<FormulaExpression, 'id'>[]) =>
    checkPolicy(policyOf(...expressions)).map(({ code, path }) => `${code} ${path}`)

  test('each is reported with its place', () => {
    expect(findings({ output: 'ratio', expression: 'salez * 2' })).toEqual(['UNKNOWN_FACT /steps/0/expressions/0/expression'])
    expect(findings({ output: 'ratio', expression: 'sales *' })).toEqual(['FEEL_SYNTAX /steps/0/expressions/0/expression'])
    expect(findings({ output: 'sales', expression: '1' })).toEqual(['UNKNOWN_OUTPUT /steps/0/expressions/0/output'])
    expect(findings({ output: 'ratio', expression: '"a" + "b"' })).toEqual(['TYPE_MISMATCH /steps/0/expressions/0/expression'])
    expect(findings({ output: 'isOld', expression: 'industry > 3' })).toEqual(['TYPE_MISMATCH /steps/0/expressions/0/expression'])
  })

  test('a value computed from itself is a cycle', () => {
    expect(findings({ output: 'ratio', expression: 'need' }, { output: 'need', expression: 'ratio' })).toEqual([
      'CYCLE /steps/0/expressions/0/expression',
    ])
  })
})
