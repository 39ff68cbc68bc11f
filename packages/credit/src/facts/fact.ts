import type { FactDefinition, Text, Value } from '@surety/engine'
import { roundAmount, type Decimal } from '../money.ts'

/** Where a fact comes from, for people and for telling how fresh it is. */
export const FACT_SOURCES = {
  ledger: { en: 'Ledger', zh: '账本' },
  orders: { en: 'Orders', zh: '订单' },
  account: { en: 'Credit account', zh: '信用账户' },
  statement: { en: 'Financial statement', zh: '财务报表' },
  customer: { en: 'Customer record', zh: '客户档案' },
  industry: { en: 'Industry table', zh: '行业表' },
  agency: { en: 'Rating agency', zh: '评级机构' },
  collections: { en: 'Collections', zh: '催收' },
  request: { en: 'Application', zh: '申请' },
  portfolio: { en: 'Portfolio', zh: '资产组合' },
} as const satisfies Readonly<Record<string, Text>>
export type FactSource = keyof typeof FACT_SOURCES

/** Groups that the console lists facts under. */
export const FACT_FAMILIES = {
  ageing: { en: 'Receivables and ageing', zh: '应收与账龄' },
  payment: { en: 'Payment behaviour', zh: '付款行为' },
  trade: { en: 'Trade', zh: '交易' },
  account: { en: 'Limit and exposure', zh: '额度与敞口' },
  statement: { en: 'Financial ratios', zh: '财务比率' },
  company: { en: 'Company and industry', zh: '企业与行业' },
  request: { en: 'What is asked for', zh: '申请内容' },
  order: { en: 'Order being checked', zh: '待检查订单' },
  item: { en: 'Item being collected', zh: '待催收单据' },
  collection: { en: 'Collection case', zh: '催收案件' },
  portfolio: { en: 'Portfolio', zh: '资产组合' },
  change: { en: 'Change of a policy', zh: '策略变更' },
  approval: { en: 'Matter to be approved', zh: '审批事项' },
} as const satisfies Readonly<Record<string, Text>>
export type FactFamily = keyof typeof FACT_FAMILIES

/** A fact of the dictionary: what the engine needs to know of it, with words and a place to find it. */
export interface CreditFact extends FactDefinition {
  readonly label: Text
  readonly source: FactSource
}

export type FactTable = Readonly<Record<string, CreditFact>>

/** Why there is no value. */
export const MISSING_REASONS = {
  NO_INVOICES: { en: 'No invoice has been recorded.', zh: '尚无发票记录。' },
  NO_PAYMENTS: { en: 'Nothing was paid and nothing is overdue in the last 12 months.', zh: '近 12 个月没有付款，也没有逾期。' },
  NOTHING_OPEN: { en: 'Nothing is open.', zh: '没有未清余额。' },
  TOO_LITTLE_HISTORY: { en: 'The history is too short.', zh: '历史太短。' },
  NO_ORDERS: { en: 'No order has been recorded.', zh: '尚无订单记录。' },
  LIMIT_NOT_SET: { en: 'No limit has been decided.', zh: '尚未核定额度。' },
  NO_CREDIT: { en: 'The account has no credit.', zh: '该账户不授信。' },
  UNLIMITED: { en: 'The limit is unlimited.', zh: '额度不设上限。' },
  NOT_DECIDED: { en: 'Not decided yet.', zh: '尚未决定。' },
  NO_STATEMENT: { en: 'There is no financial statement.', zh: '没有财务报表。' },
  NOT_REPORTED: { en: 'The statement lacks the figures.', zh: '报表缺少所需数据。' },
  NOT_DEFINED: { en: 'Not defined for these figures.', zh: '按这些数据无法定义。' },
  FINANCIAL_FIRM: { en: 'Not meant for financial firms.', zh: '不适用于金融企业。' },
  NOT_RECORDED: { en: 'Not recorded.', zh: '未登记。' },
  NO_RATE: { en: 'An exchange rate is missing.', zh: '缺少汇率。' },
  NOT_ASKED: { en: 'Only known on another occasion.', zh: '此场合不适用。' },
} as const satisfies Readonly<Record<string, Text>>
export type MissingReason = keyof typeof MISSING_REASONS

export type FactValue =
  | {
      readonly kind: 'known'
      readonly value: Value
      readonly source: FactSource
      /** Day of the newest evidence. */
      readonly asOf: string
    }
  | { readonly kind: 'missing'; readonly reason: MissingReason; readonly source: FactSource }

/** A computed value before it knows its source: `undefined` evidence means "as of the day itself". */
export type Computed = { readonly value: Value; readonly asOf?: string } | { readonly missing: MissingReason }

export const missing = (reason: MissingReason): Computed => ({ missing: reason })

export const known = (value: Value, asOf?: string): Computed => (asOf === undefined ? { value } : { value, asOf })

/** Money as the currency writes it. An amount without an exchange rate is NaN and makes what it touches missing. */
export const knownMoney = (value: Decimal, currency: string, asOf?: string): Computed =>
  value.isNaN() ? missing('NO_RATE') : known(roundAmount(value, currency), asOf)

/** A measured number, cut to so many decimals that thresholds are reproducible. */
export function knownNumber(value: number, decimals: number, asOf?: string): Computed {
  if (Number.isNaN(value)) return missing('NO_RATE')
  if (!Number.isFinite(value)) return missing('NOT_DEFINED')
  return known(roundNumber(value, decimals), asOf)
}

/** Half away from zero, judged on the decimal digits that a reader sees. */
function roundNumber(value: number, decimals: number): number {
  // The very small and the very large are written with an exponent of their own.
  const [digits, exponent = '0'] = Math.abs(value).toPrecision(15).split('e')
  const rounded = Number(`${Math.round(Number(`${digits}e${Number(exponent) + decimals}`))}`) / 10 ** decimals
  return value < 0 && rounded !== 0 ? -rounded : rounded
}
