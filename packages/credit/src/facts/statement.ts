import { altman, emergingMarketScore, type AltmanModel, type AltmanResult, type AltmanZone } from '../altman.ts'
import type { BookStatement } from '../book.ts'
import { daysBetween } from '../day.ts'
import { isFinancialIndustry } from '../industry.ts'
import type { AmountKey } from '../ratios.ts'
import { statementRatios } from '../ratios.ts'
import { known, knownMoney, knownNumber, missing, type Computed, type FactTable } from './fact.ts'
import type { BookView } from './view.ts'

export const statementFacts = {
  statementCount: { type: 'integer', min: 0, source: 'statement', label: { en: 'Statements on file', zh: '已有报表期数' } },
  statementAgeDays: {
    type: 'integer',
    unit: 'day',
    min: 0,
    source: 'statement',
    label: { en: 'Age of statement', zh: '报表距今天数' },
    description: { en: 'Since the end of its period.', zh: '自报表期末起算。' },
  },
  isStatementAudited: { type: 'boolean', source: 'statement', label: { en: 'Statement audited', zh: '报表已审计' } },
  revenue: { type: 'money', source: 'statement', label: { en: 'Revenue', zh: '营业收入' } },
  revenueGrowth: { type: 'percent', source: 'statement', label: { en: 'Revenue growth', zh: '营业收入增长率' } },
  netIncome: { type: 'money', source: 'statement', label: { en: 'Net income', zh: '净利润' } },
  totalAssets: { type: 'money', source: 'statement', label: { en: 'Total assets', zh: '资产总额' } },
  netWorth: { type: 'money', source: 'statement', label: { en: 'Net worth', zh: '净资产' } },
  currentRatio: { type: 'number', unit: 'times', source: 'statement', label: { en: 'Current ratio', zh: '流动比率' } },
  quickRatio: { type: 'number', unit: 'times', source: 'statement', label: { en: 'Quick ratio', zh: '速动比率' } },
  debtRatio: {
    type: 'percent',
    source: 'statement',
    label: { en: 'Debt ratio', zh: '资产负债率' },
    description: { en: 'Liabilities ÷ assets.', zh: '负债 ÷ 资产。' },
  },
  grossMargin: { type: 'percent', source: 'statement', label: { en: 'Gross margin', zh: '毛利率' } },
  netMargin: { type: 'percent', source: 'statement', label: { en: 'Net margin', zh: '净利率' } },
  returnOnAssets: { type: 'percent', source: 'statement', label: { en: 'Return on assets', zh: '总资产收益率' } },
  returnOnEquity: { type: 'percent', source: 'statement', label: { en: 'Return on equity', zh: '净资产收益率' } },
  assetTurnover: { type: 'number', unit: 'times', source: 'statement', label: { en: 'Asset turnover', zh: '总资产周转率' } },
  interestCover: { type: 'number', unit: 'times', source: 'statement', label: { en: 'Interest cover', zh: '利息保障倍数' } },
  cashFlowRatio: { type: 'number', unit: 'times', source: 'statement', label: { en: 'Cash flow ratio', zh: '现金流动负债比' } },
  receivableDays: { type: 'number', unit: 'day', source: 'statement', label: { en: 'Receivable days', zh: '应收账款周转天数' } },
  inventoryDays: { type: 'number', unit: 'day', source: 'statement', label: { en: 'Inventory days', zh: '存货周转天数' } },
  payableDays: { type: 'number', unit: 'day', source: 'statement', label: { en: 'Payable days', zh: '应付账款周转天数' } },
  altmanZ: {
    type: 'number',
    source: 'statement',
    label: { en: 'Z score', zh: 'Z 值' },
    description: {
      en: 'Altman, listed manufacturers: below 1.81 distress, above 2.99 safe.',
      zh: 'Altman 上市制造企业：低于 1.81 为困境，高于 2.99 为安全。',
    },
  },
  altmanZPrime: {
    type: 'number',
    source: 'statement',
    label: { en: 'Z′ score', zh: 'Z′ 值' },
    description: {
      en: 'Altman, private firms: below 1.23 distress, above 2.90 safe.',
      zh: 'Altman 非上市企业：低于 1.23 为困境，高于 2.90 为安全。',
    },
  },
  altmanZDoublePrime: {
    type: 'number',
    source: 'statement',
    label: { en: 'Z″ score', zh: 'Z″ 值' },
    description: {
      en: 'Altman, non-manufacturers: below 1.10 distress, above 2.60 safe.',
      zh: 'Altman 非制造企业：低于 1.10 为困境，高于 2.60 为安全。',
    },
  },
  altmanEm: {
    type: 'number',
    source: 'statement',
    label: { en: 'EM score', zh: 'EM 值' },
    description: { en: 'Z″ + 3.25.', zh: 'Z″ + 3.25。' },
  },
  altmanZone: {
    type: 'enum',
    source: 'statement',
    label: { en: 'Altman zone', zh: 'Altman 区间' },
    description: { en: 'Of Z for listed firms, of Z′ for others.', zh: '上市企业按 Z，其他按 Z′。' },
    values: [
      { value: 'distress', label: { en: 'distress', zh: '困境' } },
      { value: 'grey', label: { en: 'grey', zh: '灰区' } },
      { value: 'safe', label: { en: 'safe', zh: '安全' } },
    ] satisfies { value: AltmanZone; label: object }[],
  },
} as const satisfies FactTable

export function computeStatement(view: BookView): Record<keyof typeof statementFacts, Computed> {
  const { book, asOf, convert, currency } = view
  const statements = book.statements
    .filter(({ periodEnd }) => periodEnd <= asOf)
    .toSorted((left, right) =>
      left.periodEnd === right.periodEnd ? (left.date < right.date ? 1 : -1) : left.periodEnd < right.periodEnd ? 1 : -1,
    )
  const latest = statements[0]
  if (latest === undefined) {
    const none = Object.fromEntries(Object.keys(statementFacts).map(key => [key, missing('NO_STATEMENT')])) as Record<
      keyof typeof statementFacts,
      Computed
    >
    return { ...none, statementCount: known(0) }
  }
  const evidence = latest.date
  const year = statements.find(({ periodMonths }) => periodMonths === 12)
  const yearBefore = year && statements.find(({ periodMonths, periodEnd }) => periodMonths === 12 && periodEnd < year.periodEnd)
  const ratios = statementRatios(latest)
  const money = (statement: BookStatement | undefined, key: AmountKey): Computed => {
    const amount = statement?.[key]
    return statement === undefined || amount === undefined
      ? missing('NOT_REPORTED')
      : knownMoney(convert(amount, statement.currency), currency, statement.date)
  }
  const ratio = (value: number | undefined, decimals: number): Computed =>
    value === undefined ? missing('NOT_REPORTED') : knownNumber(value, decimals, evidence)
  const results = altmanResults(view, year)
  const zone = book.customer.isListed ? results.z : results['z-prime']
  return {
    statementCount: known(new Set(statements.map(({ periodEnd }) => periodEnd)).size, evidence),
    statementAgeDays: known(daysBetween(latest.periodEnd, asOf), evidence),
    isStatementAudited: latest.isAudited === undefined ? missing('NOT_REPORTED') : known(latest.isAudited, evidence),
    revenue: money(year, 'revenue'),
    revenueGrowth: growth(year, yearBefore),
    netIncome: money(year, 'netIncome'),
    totalAssets: money(latest, 'totalAssets'),
    netWorth: money(latest, 'equity'),
    currentRatio: ratio(ratios.currentRatio, 2),
    quickRatio: ratio(ratios.quickRatio, 2),
    debtRatio: ratio(ratios.debtRatio, 1),
    grossMargin: ratio(ratios.grossMargin, 1),
    netMargin: ratio(ratios.netMargin, 1),
    returnOnAssets: ratio(ratios.returnOnAssets, 1),
    returnOnEquity: ratio(ratios.returnOnEquity, 1),
    assetTurnover: ratio(ratios.assetTurnover, 2),
    interestCover: ratio(ratios.interestCover, 2),
    cashFlowRatio: ratio(ratios.cashFlowRatio, 2),
    receivableDays: ratio(ratios.receivableDays, 1),
    inventoryDays: ratio(ratios.inventoryDays, 1),
    payableDays: ratio(ratios.payableDays, 1),
    altmanZ: scoreOf(results.z, year),
    altmanZPrime: scoreOf(results['z-prime'], year),
    altmanZDoublePrime: scoreOf(results['z-double-prime'], year),
    altmanEm: scoreOf(results['z-double-prime'], year, emergingMarketScore),
    altmanZone: zone.kind === 'score' ? known(zone.zone, year?.date) : refusal(zone),
  }
}

function altmanResults({ book }: BookView, year: BookStatement | undefined): Record<AltmanModel, AltmanResult> {
  const circumstances = { isFinancialFirm: book.customer.industry !== undefined && isFinancialIndustry(book.customer.industry) }
  const result = (model: AltmanModel): AltmanResult =>
    year === undefined ? { kind: 'refused', reason: 'NOT_A_YEAR' } : altman(model, year, circumstances)
  return { z: result('z'), 'z-prime': result('z-prime'), 'z-double-prime': result('z-double-prime') }
}

// The zone is judged on the full score; two decimals are for reading and for bins.
function scoreOf(result: AltmanResult, year: BookStatement | undefined, map = (score: number): number => score): Computed {
  return result.kind === 'score' ? knownNumber(map(result.score), 2, year?.date) : refusal(result)
}

function refusal(result: Extract<AltmanResult, { kind: 'refused' }>): Computed {
  if (result.reason === 'FINANCIAL_FIRM') return missing('FINANCIAL_FIRM')
  return missing(result.reason === 'NOT_REPORTED' || result.reason === 'NOT_A_YEAR' ? 'NOT_REPORTED' : 'NOT_DEFINED')
}

function growth(now: BookStatement | undefined, before: BookStatement | undefined): Computed {
  if (now?.revenue === undefined || before?.revenue === undefined || now.currency !== before.currency) return missing('NOT_REPORTED')
  const base = Number(before.revenue)
  return base <= 0 ? missing('NOT_DEFINED') : knownNumber((Number(now.revenue) / base - 1) * 100, 1, now.date)
}
