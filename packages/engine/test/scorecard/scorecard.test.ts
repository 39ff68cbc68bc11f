import { describe, expect, test } from 'vitest'
import { checkPolicy, compile } from '../../src/compile/policy.ts'
import type { Characteristic, Policy, ScorecardStep } from '../../src/policy/document.ts'

type Card = Omit<ScorecardStep, 'id' | 'kind' | 'output'>

function policyOf(card: Card): Policy {
  return {
    id: 'test/scorecard',
    title: { en: 'Scorecard', zh: '评分卡' },
    facts: {
      days: { type: 'number' },
      share: { type: 'percent', min: 0, max: 100 },
      industry: { type: 'enum', values: ['retail', 'mining', 'other'] },
      isListed: { type: 'boolean' },
    },
    outputs: { score: { type: 'number' } },
    steps: [{ id: 's', kind: 'scorecard', output: 'score', ...card }],
  }
}

function decide(card: Card, values: Readonly<Record<string, unknown>>) {
  const compiled = compile(policyOf(card), { codegen: false })
  const traced = compiled.decide(values, { trace: true })
  expect(compiled.interpret(values)).toEqual(compiled.decide(values))
  const trace = traced.trace?.steps[0]
  if (trace?.kind !== 'scorecard') throw new Error('no scorecard trace')
  return { ...traced, score: traced.outputs['score'], lines: trace.lines, total: trace.total }
}

const points = (value: number): readonly Characteristic[] => [
  {
    id: 'c',
    expression: 'days',
    bins: [
      { id: 'all', to: 1e9, points: value },
      { id: 'rest', from: 1e9, points: 0 },
    ],
  },
]

const days: Characteristic = {
  id: 'days',
  expression: 'days',
  weight: 0.6,
  bins: [
    { id: 'early', to: 0, points: 100 },
    { id: 'late', from: 0, to: 30, points: 60 },
    { id: 'very-late', from: 30, points: 10, reason: { code: 'LATE', text: { en: 'Pays {days} days late', zh: '逾期 {days} 天' } } },
  ],
}
const industry: Characteristic = {
  id: 'industry',
  expression: 'industry',
  weight: 0.4,
  bins: [
    { id: 'good', values: ['retail'], points: 80 },
    { id: 'rest', other: true, points: 40 },
  ],
}

describe('scores', () => {
  test.each([
    [70.5, 71],
    [70.4, 70],
    [70.45, 70],
    [69.5, 70],
    [-0.4, 0],
    [-70.5, -71],
  ])('%d points round to %d', (value, expected) => {
    expect(decide({ characteristics: points(value) }, { days: 1 }).score).toBe(expected)
  })

  test('float noise does not reach the rounding', () => {
    // In doubles 0.35 × 10 × 10 + 0.1 + 0.2 + 35.2 falls just below 70.5.
    const noisy: readonly Characteristic[] = [0.1, 0.2, 35.1, 35.1].map((value, index) => ({
      ...(points(value)[0] as Characteristic),
      id: `c${index}`,
    }))
    expect(decide({ characteristics: noisy }, { days: 1 })).toMatchObject({ total: 70.5, score: 71 })
  })

  test('bins are half-open: the lower bound belongs to them, the upper one does not', () => {
    const card: Card = { characteristics: [days, industry] }
    expect(decide(card, { days: -0.01, industry: 'retail' }).score).toBe(92)
    expect(decide(card, { days: 0, industry: 'retail' }).score).toBe(68)
    expect(decide(card, { days: 30, industry: 'mining' }).score).toBe(22)
  })

  test('every line says value, bin, points, weight and what was lost', () => {
    const { lines, reasons } = decide({ characteristics: [days, industry] }, { days: 45, industry: 'mining' })
    expect(lines).toEqual([
      {
        characteristic: 'days',
        path: '/steps/0/characteristics/0',
        value: 45,
        bin: 'very-late',
        points: 10,
        weight: 0.6,
        score: 6,
        lost: 54,
      },
      {
        characteristic: 'industry',
        path: '/steps/0/characteristics/1',
        value: 'mining',
        bin: 'rest',
        points: 40,
        weight: 0.4,
        score: 16,
        lost: 16,
      },
    ])
    expect(reasons).toEqual([
      {
        code: 'LATE',
        text: { en: 'Pays 45 days late', zh: '逾期 45 天' },
        path: '/steps/0/characteristics/0/bins/2',
        step: 's',
        weight: 54,
        adverse: true,
      },
    ])
  })

  test('an initial score is added, and rounding can be left out', () => {
    expect(decide({ initial: 300, rounding: 'none', characteristics: points(0.25) }, { days: 1 }).score).toBe(300.25)
  })

  test('log-odds are scaled: at the base odds the base points, at double the odds so many more', () => {
    const card = (logOdds: number): Card => ({
      scaling: { points: 600, odds: 19, pointsToDoubleOdds: 50 },
      characteristics: points(logOdds),
    })
    expect(decide(card(Math.log(19)), { days: 1 }).score).toBe(600)
    expect(decide(card(Math.log(38)), { days: 1 }).score).toBe(650)
    expect(decide(card(Math.log(9.5)), { days: 1 }).score).toBe(550)
  })
})

describe('missing values', () => {
  const card = (missing: Characteristic['missing']): Card => ({ characteristics: [days, { ...industry, ...(missing ? { missing } : {}) }] })

  test('fail the step unless said otherwise', () => {
    expect(decide(card(undefined), { days: 1 })).toMatchObject({ score: null, outcome: 'refer', missing: ['industry'] })
  })
  test('count zero', () => {
    expect(decide(card('zero'), { days: 1 })).toMatchObject({ score: 36, outcome: 'approve' })
  })
  test('give their weight to the others', () => {
    expect(decide(card('reallocate'), { days: 1 })).toMatchObject({ score: 60 })
  })
  test('that leave nobody to take the weight fail the step', () => {
    expect(
      decide(
        {
          characteristics: [
            { ...days, missing: 'reallocate' },
            { ...industry, missing: 'reallocate' },
          ],
        },
        {},
      ).score,
    ).toBe(null)
  })
  test('fall into a bin of their own', () => {
    const withBin: Card = {
      characteristics: [days, { ...industry, missing: 'bin', bins: [...industry.bins, { id: 'none', missing: true, points: 20 }] }],
    }
    expect(decide(withBin, { days: 1 }).score).toBe(44)
  })
})

describe('mistakes in scorecards', () => {
  const findings = (...characteristics: readonly Characteristic[]) =>
    checkPolicy(policyOf({ characteristics })).map(({ code, path }) => `${code} ${path}`)
  const numeric = (...bins: readonly (readonly [from: number | undefined, to: number | undefined])[]): Characteristic => ({
    id: 'c',
    expression: 'share',
    bins: bins.map(([from, to], index) => ({
      id: `b${index}`,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      points: index,
    })),
  })
  const at = '/steps/0/characteristics/0'

  test('gaps, overlaps and empty bins', () => {
    expect(findings(numeric([undefined, 30], [30, undefined]))).toEqual([])
    expect(findings(numeric([0, 30], [30, 101]))).toEqual([])
    expect(findings(numeric([0, 30], [31, undefined]))).toEqual([`BIN_GAP ${at}/bins/1`])
    expect(findings(numeric([5, undefined]))).toEqual([`BIN_GAP ${at}/bins/0`])
    expect(findings(numeric([0, 100]))).toEqual([`BIN_GAP ${at}/bins/0`])
    expect(findings(numeric([0, 31], [30, undefined]))).toEqual([`BIN_OVERLAP ${at}/bins/1`])
    expect(findings(numeric([undefined, 30], [30, 30], [30, undefined]))).toContain(`BIN_EMPTY ${at}/bins/1`)
  })

  test('values that no bin takes or that two take', () => {
    const listed = (...values: readonly (readonly string[])[]): Characteristic => ({
      id: 'c',
      expression: 'industry',
      bins: values.map((list, index) => ({ id: `b${index}`, values: list, points: 1 })),
    })
    expect(findings(listed(['retail'], ['mining', 'other']))).toEqual([])
    expect(findings(listed(['retail'], ['mining']))).toEqual([`BIN_GAP ${at}/bins`])
    expect(findings(listed(['retail', 'other'], ['mining', 'retail']))).toEqual([`BIN_OVERLAP ${at}/bins/1/values/1`])
  })

  test('weights that do not sum to one', () => {
    expect(findings({ ...days, weight: 0.1 }, { ...industry, weight: 0.2 })).toEqual(['WEIGHT_SUM /steps/0/characteristics'])
    expect(findings({ ...days, weight: 0.7 }, { ...industry, weight: 0.3 })).toEqual([])
    const { weight: _, ...unweighted } = industry
    expect(findings(days, unweighted)).toEqual(['WEIGHT_MISSING /steps/0/characteristics/1'])
  })

  test('bins of another type than the value', () => {
    expect(
      findings({
        id: 'c',
        expression: 'industry',
        bins: [
          { id: 'a', to: 3, points: 1 },
          { id: 'b', other: true, points: 1 },
        ],
      }),
    ).toEqual([`TYPE_MISMATCH ${at}/bins/0`])
    expect(findings({ id: 'c', expression: 'days', missing: 'bin', bins: [{ id: 'b', other: true, points: 1 }] })).toEqual([
      `BIN_FOR_MISSING ${at}/missing`,
    ])
  })
})
