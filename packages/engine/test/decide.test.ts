import { describe, expect, test } from 'vitest'
import { compile, type Facts, type Policy } from '../src/index.ts'
import { orderCheck } from './policies.ts'

const generated = compile(orderCheck, { codegen: true })
const closures = compile(orderCheck, { codegen: false })
const complete = { amount: '100.00', limit: 1000, overdueDays: 0, segment: 'sme', isVip: false, tags: ['a'], reviewedOn: '2026-05-01' }

const cases: readonly [
  name: string,
  facts: Facts,
  outcome: string,
  outputs: object,
  rules: readonly string[],
  missing: readonly string[],
][] = [
  ['approves when no rule fires', complete, 'approve', { allowance: '0.00', level: 'green', flags: null }, [], []],
  [
    'declines what is late, the most severe outcome standing',
    { ...complete, overdueDays: 31, amount: 1000.01 },
    'decline',
    { level: 'red', flags: ['late', 'over'] },
    ['late', 'over-limit'],
    [],
  ],
  [
    'a missing fact leaves a rule unknown and refers',
    { ...complete, overdueDays: undefined },
    'refer',
    { level: 'green' },
    [],
    ['overdueDays'],
  ],
  ['a missing fact that another settles is no matter', { ...complete, isVip: true, overdueDays: null }, 'approve', {}, [], ['overdueDays']],
  ['ifMissing answers for a missing fact', { ...complete, reviewedOn: undefined }, 'approve', {}, [], ['reviewedOn']],
  ['dates are ordered', { ...complete, reviewedOn: '2025-12-31' }, 'approve', { allowance: '100.00', flags: ['stale'] }, ['stale'], []],
  [
    'money travels as decimals and the greatest is kept',
    { ...complete, segment: 'large', reviewedOn: '2025-12-31', limit: '90071992547409.93' },
    'approve',
    { allowance: '90071992547409.93' },
    ['large', 'stale'],
    [],
  ],
  ['decorated operators look into lists', { ...complete, tags: ['x', 'fraud'] }, 'refer', {}, ['over-limit'], []],
]

describe.each([
  ['generated code', generated],
  ['closures', closures],
])('decide by %s', (_, policy) => {
  test.each(cases)('%s', (_name, facts, outcome, outputs, rules, missing) => {
    const decision = policy.decide(facts)
    expect(decision.outcome).toBe(outcome)
    expect(decision.outputs).toMatchObject(outputs)
    expect(decision.events.map(event => event.rule)).toEqual(rules)
    expect(decision.missing).toEqual(missing)
    const { trace, ...traced } = policy.decide(facts, { trace: true })
    expect(traced).toEqual(decision)
    expect(trace).toBeDefined()
    expect(policy.interpret(facts)).toEqual(decision)
  })
})

test('reasons are ranked, filled in and carry their place', () => {
  const { reasons, requirements } = generated.decide({ ...complete, overdueDays: 45, amount: 5000, segment: 'large' })
  expect(reasons.map(reason => [reason.code, reason.text.en, reason.text.zh, reason.path])).toEqual([
    ['OVER', 'Above the limit (Large)', '超过额度（大型）', '/steps/0/rules/1/event/params/reason'],
    ['LATE', 'Overdue 45 days', '逾期 45 天', '/steps/0/rules/0/event/params/reason'],
  ])
  expect(requirements.map(requirement => requirement.code)).toEqual(['DEPOSIT'])
})

test('facts of the wrong type are refused, all together', () => {
  expect(() => generated.decide({ ...complete, overdueDays: 'many', isVip: 1, reviewedOn: '2026-02-30' })).toThrow(
    expect.objectContaining({
      code: 'INVALID_FACTS',
      problems: [
        expect.objectContaining({ fact: 'overdueDays' }),
        expect.objectContaining({ fact: 'isVip' }),
        expect.objectContaining({ fact: 'reviewedOn' }),
      ],
    }),
  )
  expect(generated.decide(complete).outcome).toBe('approve')
})

test('amounts are told equal by their decimals, however long', () => {
  const policy: Policy = {
    id: 'exact',
    title: { en: 'Exact', zh: '精确' },
    facts: { amount: { type: 'money' }, other: { type: 'money' } },
    outputs: {},
    steps: [
      {
        id: 's',
        kind: 'rules',
        rules: [
          {
            id: 'list',
            conditions: { all: [{ fact: 'amount', operator: 'in', value: ['90071992547409.93', 0.3] }] },
            event: { type: 'list' },
          },
          { id: 'pair', conditions: { all: [{ fact: 'amount', operator: 'equal', value: { fact: 'other' } }] }, event: { type: 'pair' } },
        ],
      },
    ],
  }
  const fired = (facts: Facts) =>
    [true, false].map(codegen =>
      compile(policy, { codegen })
        .decide({ other: '1', ...facts })
        .events.map(event => event.type)
        .join(),
    )
  expect(fired({ amount: '90071992547409.93' })).toEqual(['list', 'list'])
  expect(fired({ amount: '90071992547409.92' })).toEqual(['', ''])
  expect(fired({ amount: 0.1 + 0.2, other: '0.30' })).toEqual(['list,pair', 'list,pair'])
  expect(fired({ amount: { amount: '123456789012345678.10', currency: 'CNY' }, other: '123456789012345678.1' })).toEqual(['pair', 'pair'])
  expect(fired({ amount: '123456789012345678.11', other: '123456789012345678.12' })).toEqual(['', ''])
})
