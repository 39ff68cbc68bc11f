import { describe, expect, test } from 'vitest'
import type { Policy } from '@surety/engine'
import { checkKind, runCases } from '../src/index.ts'

const policy: Policy = {
  id: 'order-check/tiny',
  kind: 'order-check',
  title: { en: 'Tiny', zh: '小' },
  facts: {
    orderAmount: { type: 'money', currency: 'CNY' },
    limitKind: { type: 'enum', values: ['not-set', 'none', 'amount', 'unlimited'] },
  },
  outputs: {
    action: { type: 'enum', values: ['release', 'hold'], default: 'release' },
    blocks: { type: 'list', of: 'string', default: [] },
    releaseRole: { type: 'string' },
    most: { type: 'money', currency: 'CNY' },
  },
  steps: [
    {
      kind: 'rules',
      id: 'checks',
      rules: [
        {
          id: 'large',
          conditions: { all: [{ fact: 'orderAmount', operator: 'greaterThan', value: 100 }] },
          event: {
            type: 'X-1',
            params: {
              set: { action: 'hold', blocks: 'X-1', releaseRole: 'credit-officer', most: '100' },
              outcome: 'refer',
              reason: { code: 'LARGE', text: { en: 'Large.', zh: '大。' } },
            },
          },
        },
      ],
    },
  ],
}

describe('cases', () => {
  test('pass when all that is expected is so', () => {
    const report = runCases(
      policy,
      'case,orderAmount,outcome,action,blocks,most,reasons\r\nlarge,100.01,refer,hold,X-1,100,LARGE\r\n"small, and exact",100,approve,release,[],null,[]\r\nmissing,,refer,,,,\r\n',
    )
    expect(report).toMatchObject({ passed: 3, failed: 0, problems: [] })
    expect(report.results.map(({ name, line }) => [name, line])).toEqual([
      ['large', 2],
      ['small, and exact', 3],
      ['missing', 4],
    ])
  })

  test('say what differs, column by column', () => {
    const report = runCases(policy, 'case,orderAmount,outcome,blocks,most,reasons\nlarge,500,approve,X-1; X-2,99,SMALL\n')
    expect(report.results[0]?.differences).toEqual([
      { column: 'outcome', expected: 'approve', actual: 'refer' },
      { column: 'blocks', expected: ['X-1', 'X-2'], actual: ['X-1'] },
      { column: 'most', expected: '99', actual: '100.00' },
      { column: 'reasons', expected: ['SMALL'], actual: ['LARGE'] },
    ])
    expect(report.failed).toBe(1)
  })

  test.each([
    ['', 'NO_HEADER'],
    ['case,orderAmuont,outcome\n', 'UNKNOWN_COLUMN'],
    ['case,outcome,outcome\n', 'DUPLICATE_COLUMN'],
    ['case,orderAmount,outcome\nx,1\n', 'CELL_COUNT'],
    ['case,orderAmount,outcome\nx,a lot,refer\n', 'BAD_CELL'],
  ])('%j is answered with %s', (csv, code) => {
    const { problems } = runCases(policy, csv)
    expect(problems.map(problem => problem.code)).toEqual([code])
    expect(problems[0]?.message.zh).not.toBe('')
  })

  test('one bad row does not hide the others', () => {
    const report = runCases(policy, 'case,orderAmount,outcome\nbad,1e9x,refer\ngood,500,refer\n')
    expect(report).toMatchObject({ passed: 1, problems: [{ code: 'BAD_CELL', line: 2, column: 'orderAmount' }] })
  })
})

describe('kinds', () => {
  const codes = (change: Partial<Policy>): string[] => checkKind({ ...policy, ...change }).map(({ code, path }) => `${code} ${path}`)

  test('a policy that fits its kind has nothing to say', () => {
    expect(codes({})).toEqual([])
  })

  test('a kind that nobody asks for is an error', () => {
    expect(codes({ kind: 'horoscope' })).toEqual(['UNKNOWN_KIND /kind'])
    const { kind: _, ...kindless } = policy
    expect(checkKind(kindless)[0]?.message.en).toContain('no kind')
  })

  test('facts come from the dictionary, with its types and values, and only where they are at hand', () => {
    const { orderAmount, limitKind } = policy.facts
    const facts = { orderAmount: orderAmount!, limitKind: limitKind! }
    expect(codes({ facts: { ...facts, mood: { type: 'string' } } })).toEqual(['FACT_NOT_IN_DICTIONARY /facts/mood'])
    expect(codes({ facts: { ...facts, overdueDays: { type: 'string' } } })).toEqual(['FACT_TYPE_DIFFERS /facts/overdueDays/type'])
    expect(codes({ facts: { ...facts, requestedLimit: { type: 'money' } } })).toEqual(['FACT_NOT_GIVEN /facts/requestedLimit'])
    expect(codes({ facts: { ...facts, limitKind: { type: 'enum', values: ['amount', 'plenty'] } } })).toEqual([
      'FACT_VALUE_UNKNOWN /facts/limitKind/values',
    ])
    expect(codes({ facts: { limitKind: limitKind! } })).toEqual(['FACT_NOT_READ /facts'])
  })

  test('outputs that others count on are there and mean what they should', () => {
    const { releaseRole: _, ...rest } = policy.outputs
    expect(codes({ outputs: rest })).toEqual(['OUTPUT_MISSING /outputs'])
    expect(codes({ outputs: { ...policy.outputs, action: { type: 'string' } } })).toEqual(['OUTPUT_TYPE_DIFFERS /outputs/action/type'])
    expect(codes({ outputs: { ...policy.outputs, blocks: { type: 'list', of: 'number' } } })).toEqual([
      'OUTPUT_TYPE_DIFFERS /outputs/blocks/type',
    ])
    expect(codes({ outputs: { ...policy.outputs, action: { type: 'enum', values: ['release', 'ponder'] } } })).toEqual([
      'OUTPUT_VALUE_UNKNOWN /outputs/action/values',
    ])
  })
})
