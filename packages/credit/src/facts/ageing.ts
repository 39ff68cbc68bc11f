import type { FactTable } from './fact.ts'
import { known, knownMoney, knownNumber, missing, type Computed } from './fact.ts'
import { percentOf, type BookView } from './view.ts'

export const ageingFacts = {
  openAmount: { type: 'money', min: 0, source: 'ledger', label: { en: 'Open receivables', zh: '应收余额' } },
  notDueAmount: { type: 'money', min: 0, source: 'ledger', label: { en: 'Not due', zh: '未到期金额' } },
  overdue1To30Amount: { type: 'money', min: 0, source: 'ledger', label: { en: 'Overdue 1–30 days', zh: '逾期 1–30 天金额' } },
  overdue31To60Amount: { type: 'money', min: 0, source: 'ledger', label: { en: 'Overdue 31–60 days', zh: '逾期 31–60 天金额' } },
  overdue61To90Amount: { type: 'money', min: 0, source: 'ledger', label: { en: 'Overdue 61–90 days', zh: '逾期 61–90 天金额' } },
  overdueOver90Amount: { type: 'money', min: 0, source: 'ledger', label: { en: 'Overdue more than 90 days', zh: '逾期超过 90 天金额' } },
  overdueAmount: {
    type: 'money',
    min: 0,
    source: 'ledger',
    label: { en: 'Overdue amount', zh: '逾期金额' },
    description: { en: 'All that is past due, disputed items included.', zh: '所有已过到期日的金额，含争议。' },
  },
  undisputedOverdueAmount: { type: 'money', min: 0, source: 'ledger', label: { en: 'Overdue, undisputed', zh: '无争议逾期金额' } },
  overdueShare: {
    type: 'percent',
    min: 0,
    max: 100,
    source: 'ledger',
    label: { en: 'Overdue share', zh: '逾期占比' },
    description: { en: 'Overdue ÷ open receivables.', zh: '逾期金额 ÷ 应收余额。' },
  },
  overdueDays: {
    type: 'integer',
    unit: 'day',
    min: 0,
    source: 'ledger',
    label: { en: 'Oldest overdue', zh: '最长逾期' },
    description: {
      en: 'Days past due of the oldest open invoice; fully disputed ones and credit notes don’t count. 0 when nothing is overdue.',
      zh: '最早未清发票的逾期天数；全额争议的发票和贷项凭证不计。无逾期为 0。',
    },
  },
  overdueInvoiceCount: { type: 'integer', min: 0, source: 'ledger', label: { en: 'Overdue invoices', zh: '逾期发票数' } },
  openInvoiceCount: { type: 'integer', min: 0, source: 'ledger', label: { en: 'Open invoices', zh: '未清发票数' } },
  disputedAmount: { type: 'money', min: 0, source: 'ledger', label: { en: 'Disputed amount', zh: '争议金额' } },
  disputedShare: {
    type: 'percent',
    min: 0,
    max: 100,
    source: 'ledger',
    label: { en: 'Disputed share', zh: '争议占比' },
    description: { en: 'Disputed ÷ open receivables.', zh: '争议金额 ÷ 应收余额。' },
  },
} as const satisfies FactTable

export function computeAgeing(view: BookView): Record<keyof typeof ageingFacts, Computed> {
  const { currency, open } = view
  const money = (total: Parameters<typeof knownMoney>[0]): Computed => knownMoney(total, currency)
  const [notDue, to30, to60, to90, over90] = view.buckets
  return {
    openAmount: money(view.openTotal),
    notDueAmount: money(notDue),
    overdue1To30Amount: money(to30),
    overdue31To60Amount: money(to60),
    overdue61To90Amount: money(to90),
    overdueOver90Amount: money(over90),
    overdueAmount: money(view.overdueTotal),
    undisputedOverdueAmount: money(view.undisputedOverdueTotal),
    overdueShare: open.length === 0 ? missing('NOTHING_OPEN') : knownNumber(percentOf(view.overdueTotal, view.openTotal), 2),
    overdueDays: known(view.oldestOverdueDays),
    overdueInvoiceCount: known(open.filter(({ daysPastDue }) => daysPastDue > 0).length),
    openInvoiceCount: known(open.length),
    disputedAmount: money(view.disputedTotal),
    disputedShare: open.length === 0 ? missing('NOTHING_OPEN') : knownNumber(percentOf(view.disputedTotal, view.openTotal), 2),
  }
}
