import type { BookStatement } from './book.ts'

/** Ratios of one statement. What can't be computed from its figures is absent. */
export interface StatementRatios {
  readonly currentRatio?: number
  readonly quickRatio?: number
  /** Liabilities ÷ assets, %. */
  readonly debtRatio?: number
  readonly grossMargin?: number
  readonly netMargin?: number
  readonly returnOnAssets?: number
  readonly returnOnEquity?: number
  readonly assetTurnover?: number
  /** EBIT ÷ interest expense, times. */
  readonly interestCover?: number
  /** Operating cash flow ÷ current liabilities. */
  readonly cashFlowRatio?: number
  readonly receivableDays?: number
  readonly inventoryDays?: number
  readonly payableDays?: number
}

export function statementRatios(statement: BookStatement): StatementRatios {
  const {
    currentAssets,
    cash,
    receivables,
    inventory,
    totalAssets,
    payables,
    currentLiabilities,
    totalLiabilities,
    equity,
    revenue,
    costOfSales,
    ebit,
    interestExpense,
    netIncome,
    operatingCashFlow,
  } = figures(statement)
  const year = 12 / statement.periodMonths
  const days = 365 / year
  return defined({
    currentRatio: over(currentAssets, currentLiabilities),
    quickRatio: over(
      currentAssets === undefined || inventory === undefined ? plus(cash, receivables) : currentAssets - inventory,
      currentLiabilities,
    ),
    debtRatio: over(totalLiabilities, totalAssets, 100),
    grossMargin: over(revenue === undefined || costOfSales === undefined ? undefined : revenue - costOfSales, revenue, 100),
    netMargin: over(netIncome, revenue, 100),
    returnOnAssets: over(netIncome, totalAssets, 100 * year),
    returnOnEquity: over(netIncome, equity, 100 * year),
    assetTurnover: over(revenue, totalAssets, year),
    interestCover: over(ebit, interestExpense),
    cashFlowRatio: over(operatingCashFlow, currentLiabilities, year),
    receivableDays: over(receivables, revenue, days),
    inventoryDays: over(inventory, costOfSales, days),
    payableDays: over(payables, costOfSales, days),
  })
}

/** The amounts of a statement as numbers; measures are computed from them, money is not. */
export function figures(statement: BookStatement): Partial<Record<AmountKey, number>> {
  const numbers: Partial<Record<AmountKey, number>> = {}
  for (const key of AMOUNT_KEYS) {
    const amount = statement[key]
    if (amount !== undefined) numbers[key] = Number(amount)
  }
  return numbers
}

export const AMOUNT_KEYS = [
  'cash',
  'receivables',
  'inventory',
  'currentAssets',
  'totalAssets',
  'payables',
  'currentLiabilities',
  'totalLiabilities',
  'retainedEarnings',
  'equity',
  'marketCapitalisation',
  'revenue',
  'costOfSales',
  'ebit',
  'interestExpense',
  'netIncome',
  'operatingCashFlow',
] as const satisfies readonly (keyof BookStatement)[]
export type AmountKey = (typeof AMOUNT_KEYS)[number]

// A divisor of zero or less turns the sign of a ratio upside down, so there is none.
function over(part: number | undefined, whole: number | undefined, times = 1): number | undefined {
  return part === undefined || whole === undefined || whole <= 0 ? undefined : (part / whole) * times
}

function plus(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined ? undefined : left + right
}

function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
