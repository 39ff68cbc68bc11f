import { expect, test } from 'vitest'
import { compile, counterfactuals, replay, type Policy } from '../src/index.ts'
import { orderCheck } from './policies.ts'

const policy = compile(orderCheck, { version: 3 })
const facts = { amount: '100.00', limit: '1000.00', overdueDays: 45, segment: 'sme', isVip: false, tags: [], reviewedOn: '2026-05-01' }

test('the nearest change of each fact that would flip the outcome, nearest first', () => {
  expect(policy.decide(facts).outcome).toBe('decline')
  const found = counterfactuals(policy, facts)
  expect(found.map(({ fact, from, to, outcome }) => ({ fact, from, to, outcome }))).toEqual([
    { fact: 'overdueDays', from: 45, to: 30, outcome: 'approve' },
    { fact: 'isVip', from: false, to: true, outcome: 'approve' },
  ])
  expect(found[0]!.text).toEqual({
    en: 'With overdueDays at 30 day (now 45 day), the outcome would be approve.',
    zh: '若overdueDays为 30 day（现为 45 day），结果将为通过。',
  })
})

test('a comparison of two facts flips at the other one, to the cent', () => {
  const over = { ...facts, overdueDays: 0, amount: '1500.00' }
  expect(policy.decide(over).outcome).toBe('refer')
  expect(counterfactuals(policy, over, { outcome: 'approve' }).map(({ fact, to }) => [fact, to])).toEqual([
    ['amount', '1000'],
    ['limit', '1500'],
  ])
})

test('a threshold behind a formula is found by halves', () => {
  const scored: Policy = {
    id: 'scored',
    title: { en: 'Scored', zh: '评分' },
    facts: { income: { type: 'number', min: 0 } },
    outputs: { score: { type: 'number' } },
    steps: [
      { id: 'f', kind: 'formula', expressions: [{ id: 'e', output: 'score', expression: 'income * income / 7' }] },
      {
        id: 'r',
        kind: 'rules',
        rules: [
          {
            id: 'low',
            conditions: { all: [{ fact: 'score', operator: 'lessThan', value: 700 }] },
            event: { type: 'low', params: { outcome: 'decline' } },
          },
        ],
      },
    ],
  }
  expect(counterfactuals(compile(scored), { income: 50 })).toMatchObject([{ fact: 'income', from: 50, to: 70, outcome: 'approve' }])
})

test('a stored decision is replayed byte for byte, by its own version only', () => {
  for (const trace of [false, true]) {
    const stored = JSON.parse(JSON.stringify({ facts, decision: policy.decide(facts, { trace }) })) as Parameters<typeof replay>[1]
    expect(replay(policy, stored).isIdentical).toBe(true)
    expect(replay(compile(orderCheck, { codegen: false }), stored).isIdentical).toBe(true)
    const tampered = { ...stored, decision: { ...stored.decision, outcome: 'approve' as const } }
    expect(replay(policy, tampered).isIdentical).toBe(false)
    expect(() => replay(compile({ ...orderCheck, whenUnknown: 'decline' }), stored)).toThrow(
      expect.objectContaining({ code: 'WRONG_VERSION' }),
    )
  }
})
