import fc from 'fast-check'
import { Engine as JsonRulesEngine } from 'json-rules-engine'
import { expect, test } from 'vitest'
import { checkPolicy, compile, hasErrors, parsePolicy, type Facts, type Policy } from '../src/index.ts'
import { expectOneAnswer } from './evaluators.ts'
import { orderCheck } from './policies.ts'
import { policyCase } from './policy-cases.ts'

// A fifth of all drawn cases: each of these decides about ten rows in five ways.
const CASES = Math.ceil(Number(process.env.ENGINE_FUZZ_CASES ?? 20_000) / 50)

test(`${CASES} drawn policies decide the same interpreted, compiled, as closures and in columns`, { timeout: 6 * 3_600_000 }, () => {
  fc.assert(
    fc.property(policyCase, ({ policy, rows }) => {
      if (parsePolicy(policy).findings.length > 0 || hasErrors(checkPolicy(policy)))
        expect([parsePolicy(policy).findings, checkPolicy(policy)]).toEqual([])
      expectOneAnswer(policy, rows)
    }),
    { numRuns: CASES },
  )
})

test(
  `${Math.ceil(CASES / 4)} drawn policies fire the rules that json-rules-engine fires where no fact is missing`,
  { timeout: 6 * 3_600_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(policyCase, async ({ policy, rows }) => {
        for (const facts of rows.filter(row => Object.keys(policy.facts).every(name => Object.hasOwn(row, name)))) {
          expect(
            compile({ ...policy, steps: policy.steps.map(step => ({ ...step, mode: 'all' }) as never) })
              .decide(facts)
              .events.map(event => event.type),
          ).toEqual(await fire(policy, facts))
        }
      }),
      { numRuns: Math.ceil(CASES / 4) },
    )
  },
)

/** json-rules-engine over amounts as canonical texts where they are told equal, as numbers where they are ordered. */
async function fire(policy: Policy, facts: Facts): Promise<string[]> {
  const step = policy.steps[0]!
  if (step.kind !== 'rules') throw new Error('The drawn policies have one step of rules.')
  const engine = new JsonRulesEngine(
    JSON.parse(
      JSON.stringify(
        step.rules.map(({ conditions, event, priority, id }) => ({ conditions, event, priority, name: id })),
        asNumbers,
      ),
    ) as never,
    {},
  )
  for (const [name, condition] of Object.entries(policy.conditions ?? {}))
    engine.setCondition(name, JSON.parse(JSON.stringify(condition, asNumbers)) as never)
  const { events } = await engine.run({ ...facts, amount: Number(facts.amount), amountText: exact(String(facts.amount)) })
  const order = (type: string): number => step.rules.findIndex(rule => rule.event.type === type)
  return events
    .map(event => event.type)
    .sort((a, b) => step.rules[order(b)]!.priority! - step.rules[order(a)]!.priority! || order(a) - order(b))
}

function asNumbers(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || (value as { fact?: string }).fact !== 'amount') return value
  const { operator, value: compared } = value as { operator: string; value: string | string[] }
  if (/equal|in$/i.test(operator))
    return { ...value, fact: 'amountText', value: Array.isArray(compared) ? compared.map(exact) : exact(compared) }
  return { ...value, value: Number(compared) }
}

const exact = (amount: string): string => amount.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')

test('the sample policy has one answer, missing facts and all', () => {
  const complete = {
    amount: '100.00',
    limit: '1000',
    overdueDays: 40,
    segment: 'large',
    isVip: false,
    tags: ['fraud'],
    reviewedOn: '2025-05-01',
  }
  expect(hasErrors(checkPolicy(orderCheck))).toBe(false)
  const names = Object.keys(complete) as (keyof typeof complete)[]
  expectOneAnswer(orderCheck, [complete, {}, ...names.map(name => ({ ...complete, [name]: undefined }))])
})

test.each(['all', 'first'] as const)('three hundred rules have one answer too, where code is split into many functions (%s)', mode => {
  const policy: Policy = {
    id: 'many',
    title: { en: 'Many', zh: '多' },
    facts: { a: { type: 'number' }, b: { type: 'boolean' }, c: { type: 'enum', values: ['x', 'y', 'z'] } },
    outputs: { last: { type: 'number', combine: 'last' }, limit: { type: 'money', combine: 'max' } },
    steps: [
      {
        id: 'rules',
        kind: 'rules',
        mode,
        rules: Array.from({ length: 300 }, (_, index) => ({
          id: `r${index}`,
          priority: (index % 3) + 1,
          conditions: {
            all: [
              { fact: 'a', operator: 'greaterThan', value: (index * 7) % 300 },
              {
                any: [
                  { fact: 'b', operator: 'equal', value: index % 2 === 0 },
                  { fact: 'c', operator: 'in', value: ['x', 'y', 'z'].slice(index % 3) },
                ],
              },
            ],
          },
          event: {
            type: `e${index}`,
            params: { set: { last: index, limit: `${index % 11}.50` }, ...(index % 50 === 0 ? { outcome: 'refer' as const } : {}) },
          },
        })),
      },
    ],
  }
  expectOneAnswer(
    policy,
    Array.from({ length: 70 }, (_, row) => ({
      ...(row % 9 === 0 ? {} : { a: row * 5 }),
      ...(row % 4 === 0 ? {} : { b: row % 3 === 0 }),
      ...(row % 5 === 0 ? {} : { c: 'xyzw'[row % 4] }),
    })),
  )
})
