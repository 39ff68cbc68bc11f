import { createHash } from 'node:crypto'
import type { BookApplication, LedgerRecord } from '@surety/credit'
import { appendAudit } from '../audit.ts'
import { setExchangeRates } from '../exchange-rates.ts'
import { foldName } from '../fold-name.ts'
import { publishChange } from '../live.ts'
import type { Tx } from '../sql.ts'

export interface LoadLedgerOptions {
  /** Where a customer's business belongs, by the name that the ledger has for it. */
  readonly segmentIds: ReadonlyMap<string, number>
  readonly source: string
  readonly onCustomers?: (count: number) => void
}

/**
 * Writes a whole ledger, history and all, into a book that knows none of its customers. Records come customer by customer,
 * as `generateLedger` gives them; a few customers at a time are held in memory.
 */
export async function loadLedger(tx: Tx, records: Iterable<LedgerRecord>, options: LoadLedgerOptions): Promise<{ readonly customers: number; readonly records: number }> {
  let batch: LedgerRecord[] = []
  const rates: Extract<LedgerRecord, { kind: 'rate' }>['entry'][] = []
  let customers = 0
  let inBatch = 0
  let count = 0
  const flush = async (): Promise<void> => {
    await writeBatch(tx, batch, options)
    customers += inBatch
    options.onCustomers?.(customers)
    batch = []
    inBatch = 0
  }
  for (const record of records) {
    count += 1
    if (record.kind === 'rate') {
      rates.push(record.entry)
      continue
    }
    if (record.kind === 'customer') {
      if (inBatch === CUSTOMERS_AT_ONCE) await flush()
      inBatch += 1
    }
    batch.push(record)
  }
  if (inBatch > 0) await flush()
  if (rates.length > 0) await setExchangeRates(tx, rates.map(({ date, from, to, rate }) => ({ from, to, on: date, rate, source: options.source })))
  await appendAudit(tx, { action: 'ledger.load', entity: 'Ledger', entityId: options.source, after: { customers, records: count } })
  for (const segmentId of new Set(options.segmentIds.values())) await publishChange(tx, { entity: 'Segment', id: String(segmentId), segmentId })
  return { customers, records: count }
}

const CUSTOMERS_AT_ONCE = 40

type Kind = LedgerRecord['kind']
type Of<K extends Kind> = Extract<LedgerRecord, { kind: K }>

async function writeBatch(tx: Tx, records: readonly LedgerRecord[], { segmentIds, source }: LoadLedgerOptions): Promise<void> {
  const of = <K extends Kind>(kind: K): Of<K>[] => records.filter((record): record is Of<K> => record.kind === kind)
  const customers = of('customer')
  const newest = newestOf(records)
  const bankrupt = new Set(of('incident').filter(({ customerId, entry }) => entry.kind === 'insolvency' && newest.incident.get(customerId)?.kind === 'insolvency').map(({ customerId }) => customerId))
  const segmentOf = new Map(customers.map(({ customerId, customer }) => [customerId, segmentIds.get(customer.segment)!]))

  const customerIds = await insertAll(tx, 'customers', customers.map(({ customerId, customer, registrationNumber }) => ({
    number: customerId, name: customer.name, search_name: foldName(customer.name), registration_number: registrationNumber, country: customer.country,
    industry_scheme: customer.industry?.scheme ?? null, industry_code: customer.industry?.code ?? null, group_code: customer.groupId ?? null,
    customer_since: customer.since, size: customer.size ?? null, is_listed: customer.isListed ?? false,
    status: bankrupt.has(customerId) ? 'bankrupt' : 'active', status_since: bankrupt.has(customerId) ? newest.incident.get(customerId)!.date : null,
    language: customer.country === 'CN' ? 'zh-CN' : 'en', source, version: 1, created_at: tx.now, updated_at: tx.now,
  })), 'number')
  const base = (customerId: string): { segment_id: number; customer_id: string } => ({ segment_id: segmentOf.get(customerId)!, customer_id: customerIds.get(customerId)! })
  await insertAll(tx, 'customer_names', customers.flatMap(({ customerId, customer, nameEn }) => [...new Set([customer.name, nameEn])].map((name) => ({ customer_id: customerIds.get(customerId)!, name }))))
  await insertAll(tx, 'customer_contacts', of('contact').map(({ customerId, name, role, email, phone }) => ({ customer_id: customerIds.get(customerId)!, name, title: role, email, phone })), undefined, true)

  const accountIds = await insertAll(tx, 'credit_accounts', customers.map(({ customerId, currency }) => {
    const limit = newest.limit.get(customerId)
    const grade = newest.grade.get(customerId)
    return {
      ...base(customerId), currency, limit_kind: limit?.kind ?? 'none', limit_amount: limit?.amount ?? null, limit_valid_to: limit?.expiresOn ?? null,
      payment_terms_days: limit?.termsDays ?? null, next_review_on: limit?.nextReviewOn ?? null, grade: grade?.grade ?? null, score: grade?.score ?? null,
      graded_at: grade?.date ?? null, grade_valid_to: grade?.expiresOn ?? null, status: newest.status.get(customerId)?.status ?? 'active', version: 1,
      created_at: tx.now, updated_at: tx.now,
    }
  }), 'customer_id')
  const ofAccount = (customerId: string): { account_id: string; segment_id: number } => ({ account_id: accountIds.get(customerIds.get(customerId)!)!, segment_id: segmentOf.get(customerId)! })
  await insertAll(tx, 'credit_limits', of('limit').filter(isLasting).map(({ customerId, entry }) => ({
    ...ofAccount(customerId), kind: entry.kind, amount: entry.amount ?? null, currency: entry.currency, payment_terms_days: entry.termsDays ?? null, valid_from: entry.date,
    valid_to: entry.expiresOn ?? null, next_review_on: entry.nextReviewOn ?? null, reason: source, created_at: tx.now,
  })))
  await insertAll(tx, 'credit_grades', of('grade').map(({ customerId, entry }) => ({
    ...ofAccount(customerId), grade: entry.grade, score: entry.score ?? null, graded_on: entry.date, valid_to: entry.expiresOn ?? null, created_at: tx.now,
  })))
  await insertAll(tx, 'account_statuses', of('status').map(({ customerId, entry }) => ({ ...ofAccount(customerId), status: entry.status, since: entry.date })))

  await writeDocuments(tx, of, base, source)
  await insertAll(tx, 'promises_to_pay', of('promise').map(({ customerId, entry }) => ({
    ...base(customerId), amount: entry.amount, currency: entry.currency, made_on: entry.date, due_on: entry.dueDate,
    state: entry.keptOn ? 'kept' : entry.brokenOn ? 'broken' : 'open', settled_on: entry.keptOn ?? entry.brokenOn ?? null,
  })), undefined, true)
  await insertAll(tx, 'financial_statements', of('statement').map(({ customerId, entry: { id: _, periodEnd, periodMonths, date, currency, isAudited, ...items } }) => ({
    customer_id: customerIds.get(customerId)!, period_end: periodEnd, period_months: periodMonths, received_on: date, currency, audited: isAudited ?? false, items, source,
  })))
  await insertAll(tx, 'instruments', of('instrument').map(({ customerId, entry }) => ({
    ...base(customerId), type: entry.type, effect: entry.effect, value: entry.value, currency: entry.currency, percentage: entry.percentage, cap: entry.cap ?? null,
    recorded_on: entry.date, effective_from: entry.effectiveFrom, expires_on: entry.expiresOn ?? null, withdrawn_on: entry.withdrawnOn ?? null, reference: entry.id,
  })))
  await insertAll(tx, 'customer_incidents', of('incident').map(({ customerId, entry }) => ({ customer_id: customerIds.get(customerId)!, kind: entry.kind, happened_on: entry.date })), undefined, true)
  await insertAll(tx, 'ratings', of('rating').map(({ customerId, entry }) => ({
    customer_id: customerIds.get(customerId)!, agency: entry.agency, value: entry.value, score: entry.score, rated_on: entry.date, expires_on: entry.expiresOn ?? null,
  })), undefined, true)
}

async function writeDocuments(tx: Tx, of: <K extends Kind>(kind: K) => Of<K>[], base: (customerId: string) => { segment_id: number; customer_id: string }, source: string): Promise<void> {
  const applications = of('application').map(({ entry }) => entry)
  // An invoice with a delivery fulfils the delivery; one without fulfils its order.
  const delivered = sums(of('delivery'), ({ entry }) => entry.orderId, ({ entry }) => entry.amount)
  const invoices = of('document').filter(({ entry }) => entry.type === 'invoice' && entry.cancelledOn === undefined)
  const invoiced = sums(invoices, ({ entry }) => entry.deliveryId ?? entry.orderId, ({ entry }) => entry.amount)
  const settled = sums(applications, ({ documentId }) => documentId, ({ amount }) => amount)
  const used = sums(applications, ({ sourceId }) => sourceId, ({ amount }) => amount)
  const open = (amount: string, gone: number | undefined): string => decimal(Math.max(0, cents(amount) - (gone ?? 0)))
  const document = (customerId: string, type: string, number: string, issuedOn: string, currency: string, amount: string) => ({
    ...base(customerId), type, number, source, issued_on: issuedOn, currency, amount, is_prepaid: false, content_hash: hashOf(number, amount), created_at: tx.now,
  })

  const orderIds = await insertAll(tx, 'documents', of('order').map(({ customerId, entry }) => ({
    ...document(customerId, 'order', entry.id, entry.date, entry.currency, entry.amount), due_on: entry.dueDate, is_prepaid: entry.isPrepaid ?? false,
    open_amount: open(entry.amount, (delivered.get(entry.id) ?? 0) + (invoiced.get(entry.id) ?? 0)), closed_on: entry.closedOn ?? null,
  })), 'number')
  const deliveryIds = await insertAll(tx, 'documents', of('delivery').map(({ customerId, entry }) => ({
    ...document(customerId, 'delivery', entry.id, entry.date, entry.currency, entry.amount), order_id: orderIds.get(entry.orderId) ?? null, open_amount: open(entry.amount, invoiced.get(entry.id)),
  })), 'number')
  const documentIds = await insertAll(tx, 'documents', of('document').map(({ customerId, entry }) => ({
    ...document(customerId, entry.type === 'invoice' ? 'invoice' : 'credit_note', entry.id, entry.date, entry.currency, entry.amount), due_on: entry.dueDate,
    order_id: orderIds.get(entry.orderId ?? '') ?? null, delivery_id: deliveryIds.get(entry.deliveryId ?? '') ?? null, cancelled_on: entry.cancelledOn ?? null,
    open_amount: open(entry.amount, entry.type === 'invoice' ? settled.get(entry.id) : used.get(entry.id)),
  })), 'number')

  const billIds = await insertAll(tx, 'bills', of('bill').map(({ customerId, entry }) => ({
    ...base(customerId), number: entry.id, source, kind: entry.kind, received_on: entry.date, matures_on: entry.maturity, currency: entry.currency, amount: entry.amount,
    honoured_on: entry.honouredOn ?? null, dishonoured_on: entry.dishonouredOn ?? null,
  })), 'number')
  const dishonoured = new Set(of('bill').filter(({ entry }) => entry.dishonouredOn !== undefined).map(({ entry }) => entry.id))
  const paymentIds = await insertAll(tx, 'payments', of('payment').map(({ customerId, entry }) => ({
    ...base(customerId), number: entry.id, source, received_on: entry.date, currency: entry.currency, amount: entry.amount, unapplied_amount: open(entry.amount, used.get(entry.id)),
    method: entry.method ?? null, bill_id: billIds.get(entry.billId ?? '') ?? null, is_dishonoured: dishonoured.has(entry.billId ?? ''), cancelled_on: entry.cancelledOn ?? null, content_hash: hashOf(entry.id, entry.amount), created_at: tx.now,
  })), 'number')
  await insertAll(tx, 'payment_applications', of('application').map(({ customerId, entry }) => ({
    segment_id: base(customerId).segment_id, ...payerOf(entry, paymentIds, documentIds), document_id: documentIds.get(entry.documentId)!, amount: entry.amount, applied_on: entry.date, created_at: tx.now,
  })))
  await insertAll(tx, 'disputes', of('dispute').map(({ customerId, entry }) => ({
    segment_id: base(customerId).segment_id, document_id: documentIds.get(entry.documentId)!, amount: entry.amount, reason: entry.reason, opened_on: entry.date, closed_on: entry.resolvedOn ?? null,
  })), undefined, true)
  await insertAll(tx, 'reminders', of('reminder').map(({ customerId, entry }) => ({ ...base(customerId), document_id: documentIds.get(entry.documentId ?? '') ?? null, level: entry.level, sent_on: entry.date })))
}

function payerOf({ source, sourceId }: BookApplication, paymentIds: ReadonlyMap<string, string>, documentIds: ReadonlyMap<string, string>): { payment_id: string | null; credit_note_id: string | null } {
  return source === 'payment' ? { payment_id: paymentIds.get(sourceId)!, credit_note_id: null } : { payment_id: null, credit_note_id: documentIds.get(sourceId)! }
}

// The newest word on each customer, of those that count for the account as it is now.
function newestOf(records: readonly LedgerRecord[]) {
  const limit = new Map<string, Of<'limit'>['entry']>()
  const grade = new Map<string, Of<'grade'>['entry']>()
  const status = new Map<string, Of<'status'>['entry']>()
  const incident = new Map<string, Of<'incident'>['entry']>()
  for (const record of records) {
    if (record.kind === 'limit' && isLasting(record)) limit.set(record.customerId, record.entry)
    else if (record.kind === 'grade') grade.set(record.customerId, record.entry)
    else if (record.kind === 'status') status.set(record.customerId, record.entry)
    else if (record.kind === 'incident' && record.entry.kind.startsWith('insolvency')) incident.set(record.customerId, record.entry)
  }
  return { limit, grade, status, incident }
}

function isLasting({ entry }: Of<'limit'>): boolean {
  return entry.temporaryUntil === undefined && entry.isGroup !== true
}

/** Inserts rows that all have the same columns; returns their ids by the value of a column where one is named. */
async function insertAll(tx: Tx, table: string, rows: readonly Readonly<Record<string, unknown>>[], keyColumn?: string, isForgiving = false): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (let from = 0; from < rows.length; from += 5000) {
    const some = rows.slice(from, from + 5000)
    const columns = Object.keys(some[0]!)
    const inserted = await tx<{ id: string; key: string }[]>`
      insert into ${tx(table)} (${tx(columns)})
      select ${tx(columns)} from jsonb_populate_recordset(null::${tx(table)}, ${tx.json(some as never)})
      ${isForgiving ? tx`on conflict do nothing` : tx``}
      ${keyColumn ? tx`returning id, ${tx(keyColumn)}::text as key` : tx``}`
    for (const { id, key } of inserted) ids.set(key, id)
  }
  return ids
}

function sums<T>(items: readonly T[], keyOf: (item: T) => string | undefined, amountOf: (item: T) => string): Map<string, number> {
  const totals = new Map<string, number>()
  for (const item of items) {
    const key = keyOf(item)
    if (key !== undefined) totals.set(key, (totals.get(key) ?? 0) + cents(amountOf(item)))
  }
  return totals
}

// Generated currencies have two decimals each, so that whole minor units add exactly.
function cents(amount: string): number {
  return Math.round(Number(amount) * 100)
}

function decimal(minor: number): string {
  return (minor / 100).toFixed(2)
}

function hashOf(number: string, amount: string): string {
  return `\\x${createHash('sha256').update(`${number}\0${amount}`).digest('hex')}`
}
