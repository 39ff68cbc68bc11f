import type { CompanySize } from '../book.ts'
import { calendar, dayOf } from '../day.ts'
import { decimalText } from './amount.ts'
import { health } from './payer.ts'
import type { Story } from './story.ts'

/** Share of companies that show their statements. */
const REPORTING: Readonly<Record<CompanySize, number>> = { micro: 0.15, small: 0.45, medium: 0.85, large: 1 }

/** Yearly statements whose sums hold: assets = liabilities + equity, current assets are part of all assets. */
export function tellStatements({ history, profile, random, tell }: Story): void {
  const { customerId, payer, size, identity, yearly, isListed } = profile
  const { startDay, endDay, dateOf } = history
  if (!random.chance(REPORTING[size])) return
  const revenue = yearly / random.real(0.03, 0.15)
  const leverage = random.normal(0, 0.06)
  const turnover = random.real(0.9, 1.8)
  const growth = random.normal(0.05, 0.07)
  const firstYear = calendar(startDay).year - 2
  for (let year = firstYear; year <= calendar(endDay).year; year += 1) {
    const yearEnd = dayOf(year, 12, 31)
    const knownOn = yearEnd + random.between(75, 145)
    const progress = Math.max(0, Math.min(1, (yearEnd - startDay) / (endDay - startDay)))
    const soundness = Math.max(0, Math.min(1, health(payer, progress) + random.normal(0, 0.06)))
    const sales = Math.round(revenue * (1 + growth + (soundness - 0.6) * 0.1) ** (year - firstYear) * random.real(0.95, 1.05))
    const assets = Math.round(sales / turnover)
    const liabilities = Math.round(assets * Math.max(0.15, Math.min(1.02, 0.92 - 0.55 * soundness + leverage)))
    const equity = assets - liabilities
    const currentAssets = Math.round(assets * random.real(0.56, 0.68))
    const inventory = Math.round(currentAssets * random.real(0.25, 0.35))
    const receivables = Math.round(currentAssets * random.real(0.3, 0.4))
    const currentLiabilities = Math.round(liabilities * random.real(0.72, 0.86))
    const ebit = Math.round(sales * (-0.1 + 0.22 * soundness + random.normal(0, 0.012)))
    const interest = Math.round(liabilities * 0.45 * 0.045)
    const costOfSales = Math.round(sales * (0.88 - 0.14 * soundness))
    const beforeTax = ebit - interest
    const netIncome = beforeTax > 0 ? Math.round(beforeTax * 0.75) : beforeTax
    tell('statement', {
      id: `FS-${customerId}-${year}`,
      periodEnd: dateOf(yearEnd),
      periodMonths: 12,
      date: dateOf(knownOn),
      currency: identity.currency,
      isAudited: random.chance(0.4 + 0.5 * soundness),
      cash: decimalText(currentAssets - inventory - receivables),
      receivables: decimalText(receivables),
      inventory: decimalText(inventory),
      currentAssets: decimalText(currentAssets),
      totalAssets: decimalText(assets),
      payables: decimalText(Math.round(currentLiabilities * 0.55)),
      currentLiabilities: decimalText(currentLiabilities),
      totalLiabilities: decimalText(liabilities),
      retainedEarnings: decimalText(Math.round(equity * (soundness - 0.15))),
      equity: decimalText(equity),
      ...(isListed ? { marketCapitalisation: decimalText(Math.round(Math.max(equity, assets * 0.05) * (0.6 + 1.8 * soundness))) } : {}),
      revenue: decimalText(sales),
      costOfSales: decimalText(costOfSales),
      ebit: decimalText(ebit),
      interestExpense: decimalText(interest),
      netIncome: decimalText(netIncome),
      operatingCashFlow: decimalText(Math.round(netIncome + sales * random.normal(0.02, 0.02))),
    })
  }
}
