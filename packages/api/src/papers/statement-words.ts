import type { AgeingBucket } from '@surety/credit'
import type { StatementLineKind } from '@surety/store'

/** Words of a statement of account in one language. */
export interface StatementWords {
  readonly language: 'zh-CN' | 'en'
  readonly title: string
  readonly customer: string
  readonly number: string
  readonly period: (from: string, to: string) => string
  readonly currency: string
  readonly opening: string
  readonly closing: string
  readonly charged: string
  readonly paid: string
  readonly columns: readonly [date: string, kind: string, number: string, due: string, amount: string, balance: string]
  readonly kinds: Readonly<Record<StatementLineKind, string>>
  readonly ageing: string
  readonly buckets: Readonly<Record<AgeingBucket, string>>
  readonly unapplied: string
  readonly total: string
  readonly nothing: string
  readonly page: (page: number, pages: number) => string
}

export function wordsOf(language: 'zh-CN' | 'en'): StatementWords {
  return language === 'en' ? ENGLISH : CHINESE
}

const ENGLISH: StatementWords = {
  language: 'en',
  title: 'Statement of account',
  customer: 'Customer',
  number: 'Number',
  period: (from, to) => `${from} to ${to}`,
  currency: 'Currency',
  opening: 'Opening balance',
  closing: 'Closing balance',
  charged: 'Charged',
  paid: 'Paid and credited',
  columns: ['Date', 'What', 'Number', 'Due', 'Amount', 'Balance'],
  kinds: { invoice: 'Invoice', credit_note: 'Credit note', payment: 'Payment', dishonoured: 'Dishonoured', cancelled: 'Cancelled' },
  ageing: 'Open invoices by days past due',
  buckets: { 'not-due': 'Not due', '1-30': '1–30', '31-60': '31–60', '61-90': '61–90', 'over-90': 'Over 90' },
  unapplied: 'Not yet applied',
  total: 'Open',
  nothing: 'There is nothing in this period.',
  page: (page, pages) => `Page ${page} of ${pages}`,
}

const CHINESE: StatementWords = {
  language: 'zh-CN',
  title: '对账单',
  customer: '客户',
  number: '客户编号',
  period: (from, to) => `${from} 至 ${to}`,
  currency: '币种',
  opening: '期初余额',
  closing: '期末余额',
  charged: '本期应收',
  paid: '本期收款与贷项',
  columns: ['日期', '类型', '单号', '到期日', '金额', '余额'],
  kinds: { invoice: '发票', credit_note: '贷项通知单', payment: '收款', dishonoured: '退票', cancelled: '作废' },
  ageing: '未清发票账龄（逾期天数）',
  buckets: { 'not-due': '未到期', '1-30': '1–30 天', '31-60': '31–60 天', '61-90': '61–90 天', 'over-90': '90 天以上' },
  unapplied: '未核销款项',
  total: '未清合计',
  nothing: '本期无往来。',
  page: (page, pages) => `第 ${page} 页，共 ${pages} 页`,
}
