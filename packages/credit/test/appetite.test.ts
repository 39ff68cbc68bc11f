import { compile, type Policy } from '@surety/engine'
import { describe, expect, it } from 'vitest'
import { appetiteCaps, appetiteOf, lossRates, type PortfolioFigures } from '../src/index.ts'

const policies = import.meta.glob<Policy>('../../../rules/{appetite,provision}/*/policy.json', { eager: true, import: 'default' })
const policyOf = (path: string): Policy => policies[`../../../rules/${path}/policy.json`]!
const appetite = policyOf('appetite/standard')
const figures = (fields: Partial<Record<keyof PortfolioFigures, string>> = {}): PortfolioFigures => {
  const money = (amount: string) => ({ amount, currency: 'CNY' })
  return {
    exposure: money(fields.exposure ?? '1000000.00'),
    customerExposure: money(fields.customerExposure ?? '10000.00'),
    industryExposure: money(fields.industryExposure ?? '50000.00'),
    lowGradeExposure: money(fields.lowGradeExposure ?? '300000.00'),
    expectedLoss: money(fields.expectedLoss ?? '5000.00'),
  }
}

describe('the appetite for risk', () => {
  it('finds each cap in the policy, with the number that a risk officer wrote', () => {
    expect(appetiteCaps(appetite).map(({ id, unit, measure, cap }) => [id, unit, measure, cap])).toEqual([
      ['total-exposure', 'money', 'portfolioExposure', '1200000000'],
      ['single-name', 'percent', 'singleNameShare', '5'],
      ['industry', 'percent', 'industryShare', '15'],
      ['low-grades', 'percent', 'lowGradeShare', '40'],
      ['expected-loss', 'money', 'expectedLoss', '25000000'],
    ])
  })

  it('tells before and after, and refers what goes beyond a cap', () => {
    const { decision, lines, breaches } = appetiteOf(
      compile(appetite),
      { before: figures(), after: figures({ exposure: '1060000.00', customerExposure: '70000.00' }) },
      '2026-03-05',
    )
    expect(decision.outcome).toBe('refer')
    expect(breaches).toEqual(['single-name'])
    expect(lines.find(({ id }) => id === 'single-name')).toMatchObject({ before: '1', after: '6.6', cap: '5', state: 'exceeded' })
    expect(lines.find(({ id }) => id === 'total-exposure')).toMatchObject({ before: '1000000.00', after: '1060000.00', state: 'within' })
  })

  it('does not stop what moves away from a cap that is exceeded', () => {
    const { decision, lines } = appetiteOf(
      compile(appetite),
      { before: figures({ lowGradeExposure: '450000.00' }), after: figures({ lowGradeExposure: '440000.00' }) },
      '2026-03-05',
    )
    expect({ outcome: decision.outcome, state: lines.find(({ id }) => id === 'low-grades')?.state }).toEqual({
      outcome: 'approve',
      state: 'exceeded',
    })
  })

  it('takes the rates of loss from the provision policy', () => {
    const rates = lossRates(compile(policyOf('provision/matrix')))
    expect([rates('A', 'not-due'), rates('C', '31-60'), rates('E', 'over-90'), rates(null, '1-30')].map(rate => rate?.toNumber())).toEqual([
      0.001, 0.036, 1, 0.016,
    ])
  })
})
