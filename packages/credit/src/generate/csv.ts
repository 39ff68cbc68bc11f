import type { LedgerRecord } from './record.ts'

/** The files that a generated ledger is written to, and their columns. */
export const CSV_TABLES = {
  customers: [
    'customer_id',
    'name',
    'name_en',
    'registration_number',
    'country',
    'city',
    'industry_scheme',
    'industry',
    'segment',
    'group_id',
    'size',
    'listed',
    'since',
    'currency',
  ],
  contacts: ['contact_id', 'customer_id', 'name', 'role', 'email', 'phone'],
  orders: ['order_id', 'customer_id', 'order_date', 'due_date', 'amount', 'currency', 'prepaid', 'closed_on'],
  invoices: ['invoice_id', 'customer_id', 'invoice_date', 'due_date', 'amount', 'currency', 'order_id'],
  'credit-notes': ['credit_note_id', 'customer_id', 'date', 'amount', 'currency', 'order_id'],
  payments: ['payment_id', 'customer_id', 'payment_date', 'amount', 'currency', 'method', 'bill_id'],
  applications: ['application_id', 'customer_id', 'date', 'source', 'source_id', 'invoice_id', 'amount'],
  statements: [
    'statement_id',
    'customer_id',
    'period_end',
    'period_months',
    'received_on',
    'currency',
    'audited',
    'cash',
    'receivables',
    'inventory',
    'current_assets',
    'total_assets',
    'payables',
    'current_liabilities',
    'total_liabilities',
    'retained_earnings',
    'equity',
    'market_capitalisation',
    'revenue',
    'cost_of_sales',
    'ebit',
    'interest_expense',
    'net_income',
    'operating_cash_flow',
  ],
} as const
export type CsvTable = keyof typeof CSV_TABLES

export interface CsvRow {
  readonly table: CsvTable
  readonly cells: readonly string[]
}

/** The row of a record, cells in the order of its table's columns; undefined for records that no file carries. */
export function toCsv(record: LedgerRecord): CsvRow | undefined {
  switch (record.kind) {
    case 'customer': {
      const { customerId, customer, nameEn, registrationNumber, city, currency } = record
      return row(
        'customers',
        customerId,
        customer.name,
        nameEn,
        registrationNumber,
        customer.country,
        city,
        customer.industry?.scheme,
        customer.industry?.code,
        customer.segment,
        customer.groupId,
        customer.size,
        yes(customer.isListed),
        customer.since,
        currency,
      )
    }
    case 'contact':
      return row('contacts', record.id, record.customerId, record.name, record.role, record.email, record.phone)
    case 'order': {
      const { id, date, dueDate, amount, currency, isPrepaid, closedOn } = record.entry
      return row('orders', id, record.customerId, date, dueDate, amount, currency, yes(isPrepaid), closedOn)
    }
    case 'document': {
      const { id, type, date, dueDate, amount, currency, orderId } = record.entry
      return type === 'invoice'
        ? row('invoices', id, record.customerId, date, dueDate, amount, currency, orderId)
        : row('credit-notes', id, record.customerId, date, amount, currency, orderId)
    }
    case 'payment': {
      const { id, date, amount, currency, method, billId } = record.entry
      return row('payments', id, record.customerId, date, amount, currency, method, billId)
    }
    case 'application': {
      const { id, date, source, sourceId, documentId, amount } = record.entry
      return row('applications', id, record.customerId, date, source, sourceId, documentId, amount)
    }
    case 'statement': {
      const {
        id,
        periodEnd,
        periodMonths,
        date,
        currency,
        isAudited,
        cash,
        receivables,
        inventory,
        currentAssets,
        totalAssets,
        payables,
        currentLiabilities,
        totalLiabilities,
        retainedEarnings,
        equity,
        marketCapitalisation,
        revenue,
        costOfSales,
        ebit,
        interestExpense,
        netIncome,
        operatingCashFlow,
      } = record.entry
      return row(
        'statements',
        id,
        record.customerId,
        periodEnd,
        String(periodMonths),
        date,
        currency,
        yes(isAudited),
        cash,
        receivables,
        inventory,
        currentAssets,
        totalAssets,
        payables,
        currentLiabilities,
        totalLiabilities,
        retainedEarnings,
        equity,
        marketCapitalisation,
        revenue,
        costOfSales,
        ebit,
        interestExpense,
        netIncome,
        operatingCashFlow,
      )
    }
    default:
      return undefined
  }
}

/** One line of CSV (RFC 4180) without its line end. */
export function csvLine(cells: readonly string[]): string {
  return cells.map(cell => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')
}

function row(table: CsvTable, ...cells: (string | undefined)[]): CsvRow {
  return { table, cells: cells.map(cell => cell ?? '') }
}

function yes(claim: boolean | undefined): string {
  return claim ? 'yes' : 'no'
}
