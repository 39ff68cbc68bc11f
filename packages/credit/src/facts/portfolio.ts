import type { Money } from '../money.ts'
import { knownMoney, knownNumber, missing, type Computed, type FactTable } from './fact.ts'
import type { Occasion, PortfolioFigures } from './occasion.ts'
import { percentOf, type BookView } from './view.ts'

export const portfolioFacts = {
  portfolioExposureBefore: { type: 'money', min: 0, source: 'portfolio', label: { en: 'Total exposure, before', zh: '总敞口（前）' } },
  portfolioExposureAfter: { type: 'money', min: 0, source: 'portfolio', label: { en: 'Total exposure, after', zh: '总敞口（后）' } },
  singleNameShareBefore: { type: 'percent', min: 0, source: 'portfolio', label: { en: 'Single name, before', zh: '单一客户占比（前）' } },
  singleNameShareAfter: { type: 'percent', min: 0, source: 'portfolio', label: { en: 'Single name, after', zh: '单一客户占比（后）' } },
  industryShareBefore: { type: 'percent', min: 0, source: 'portfolio', label: { en: 'Industry share, before', zh: '行业占比（前）' } },
  industryShareAfter: { type: 'percent', min: 0, source: 'portfolio', label: { en: 'Industry share, after', zh: '行业占比（后）' } },
  lowGradeShareBefore: {
    type: 'percent',
    min: 0,
    source: 'portfolio',
    label: { en: 'Grade C and below, before', zh: 'C 级及以下占比（前）' },
  },
  lowGradeShareAfter: {
    type: 'percent',
    min: 0,
    source: 'portfolio',
    label: { en: 'Grade C and below, after', zh: 'C 级及以下占比（后）' },
  },
  expectedLossBefore: { type: 'money', min: 0, source: 'portfolio', label: { en: 'Expected loss, before', zh: '预期损失（前）' } },
  expectedLossAfter: { type: 'money', min: 0, source: 'portfolio', label: { en: 'Expected loss, after', zh: '预期损失（后）' } },
} as const satisfies FactTable

export function computePortfolio(view: BookView, { portfolio }: Occasion): Record<keyof typeof portfolioFacts, Computed> {
  const money = (pick: (figures: PortfolioFigures) => Money, when: 'before' | 'after'): Computed => {
    if (portfolio === undefined) return missing('NOT_ASKED')
    const { amount, currency } = pick(portfolio[when])
    return knownMoney(view.convert(amount, currency), view.currency)
  }
  const share = (pick: (figures: PortfolioFigures) => Money, when: 'before' | 'after'): Computed => {
    if (portfolio === undefined) return missing('NOT_ASKED')
    const [part, whole] = [pick(portfolio[when]), portfolio[when].exposure].map(({ amount, currency }) => view.convert(amount, currency))
    return whole === undefined || part === undefined || whole.isZero() ? missing('NOTHING_OPEN') : knownNumber(percentOf(part, whole), 2)
  }
  return {
    portfolioExposureBefore: money(({ exposure }) => exposure, 'before'),
    portfolioExposureAfter: money(({ exposure }) => exposure, 'after'),
    singleNameShareBefore: share(({ customerExposure }) => customerExposure, 'before'),
    singleNameShareAfter: share(({ customerExposure }) => customerExposure, 'after'),
    industryShareBefore: share(({ industryExposure }) => industryExposure, 'before'),
    industryShareAfter: share(({ industryExposure }) => industryExposure, 'after'),
    lowGradeShareBefore: share(({ lowGradeExposure }) => lowGradeExposure, 'before'),
    lowGradeShareAfter: share(({ lowGradeExposure }) => lowGradeExposure, 'after'),
    expectedLossBefore: money(({ expectedLoss }) => expectedLoss, 'before'),
    expectedLossAfter: money(({ expectedLoss }) => expectedLoss, 'after'),
  }
}
