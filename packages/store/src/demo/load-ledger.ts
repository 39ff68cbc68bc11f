import { Decimal, SEGMENT_LABELS, type CustomerRecord, type LedgerRecord } from '@surety/credit'
import { contentHash, type DocumentType } from '../documents.ts'
import { setExchangeRates, type ExchangeRate } from '../exchange-rates.ts'
import { foldName } from '../fold-name.ts'
import { paymentHash } from '../payments.ts'
import { createSegment } from '../segments.ts'
import type { Tx } from '../sql.ts'

export interface LoadedLedger {
  readonly customerIds: readonly string[]
  readonly documents: number
  readonly payments: number
}

export interface LoadOptions {
  readonly salesOwnerUserId: string
  /** Of segments that are made on the way. */
  readonly currency: string
}

/** Loads a generated ledger, a batch of customers at a time: each table gets one statement a batch. Limits of groups and temporary ones are left out. */
export async function loadLedger(tx: Tx, records: Iterable<LedgerRecord>, options: LoadOptions): Promise<LoadedLedger> {
  const rates: ExchangeRate[] = []
  const customerIds: string[] = []
  let documents = 0
  let payments = 0
  let batch: LedgerRecord[] = []
  let customers = 0
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return
    const loaded = await loadBatch(tx, batch, options)
    customerIds.push(...loaded.customerIds)
    documents += loaded.documents
    payments += loaded.payments
    batch = []
    customers = 0
  }
  for (const record of records) {
    if (record.kind === 'rate') {
      rates.push({ from: record.entry.from, to: record.entry.to, on: record.entry.date, rate: record.entry.rate, source: SOURCE })
      continue
    }
    if (record.kind === 'customer' && (customers += 1) > BATCH_CUSTOMERS) {
      await flush()
      customers = 1
    }
    batch.push(record)
  }
  if (rates.length > 0) await setExchangeRates(tx, rates)
  await flush()
  return { customerIds, documents, payments }
}

const SOURCE = 'demo'
const BATCH_CUSTOMERS = 40

type Kind = LedgerRecord['kind']
type Of<K extends Kind> = Extract<LedgerRecord, { kind: K }>
type RecordsOf = <K extends Kind>(kind: K) => Of<K>[]

/** Ids of the generated ledger → ids of the store. */
interface Ids {
  readonly customers: ReadonlyMap<string, Placed>
  readonly documents: ReadonlyMap<string, string>
  readonly payments: ReadonlyMap<string, string>
  readonly bills: ReadonlyMap<string, string>
}

interface Placed {
  readonly customerId: string
  readonly accountId: string
  readonly segmentId: number
}

async function loadBatch(tx: Tx, batch: readonly LedgerRecord[], options: LoadOptions): Promise<LoadedLedger> {
  const of = <K extends Kind>(kind: K): Of<K>[] => batch.filter((record): record is Of<K> => record.kind === kind)
  const ids: Ids = {
    customers: await loadCustomers(tx, of('customer'), options),
    documents: await reserveIds(tx, 'documents', [...of('order'), ...of('delivery'), ...of('document')]),
    payments: await reserveIds(tx, 'payments', of('payment')),
    bills: await reserveIds(tx, 'bills', of('bill')),
  }
  await loadContacts(tx, of('contact'), ids)
  await loadDocuments(tx, ids, of)
  await loadBills(tx, of('bill'), ids)
  await loadPayments(tx, ids, of)
  await loadApplications(tx, of('application'), ids)
  await loadHistory(tx, ids, of)
  await loadAccountHistory(tx, ids, of)
  return {
    customerIds: [...ids.customers.values()].map(({ customerId }) => customerId),
    documents: ids.documents.size,
    payments: ids.payments.size,
  }
}

// Taken beforehand, so that what names each other goes in with one statement.
async function reserveIds(
  tx: Tx,
  table: string,
  records: readonly { readonly entry: { readonly id: string } }[],
): Promise<Map<string, string>> {
  const rows = await tx<
    { id: string }[]
  >`select nextval(pg_get_serial_sequence(${table}, 'id')) as id from generate_series(1, ${records.length}::int)`
  return new Map(records.map(({ entry }, index) => [entry.id, rows[index]!.id]))
}

async function loadCustomers(tx: Tx, records: readonly CustomerRecord[], options: LoadOptions): Promise<Map<string, Placed>> {
  const segmentIds = await ensureSegments(tx, records, options.currency)
  const rows = records.map(({ customerId: number, customer, nameEn, registrationNumber, currency }) => ({
    number,
    name: customer.name,
    name_en: nameEn,
    search_name: `${foldName(customer.name)} ${foldName(nameEn)}`,
    registration_number: registrationNumber,
    country: customer.country,
    industry_scheme: customer.industry?.scheme ?? null,
    industry_code: customer.industry?.code ?? null,
    size: customer.size ?? null,
    is_listed: customer.isListed ?? false,
    group_code: customer.groupId ?? null,
    customer_since: customer.since,
    language: customer.country === 'CN' ? 'zh-CN' : 'en',
    segment_id: segmentIds.get(customer.segment)!,
    currency,
  }))
  const placed = await tx<{ number: string; customer_id: string; account_id: string; segment_id: number }[]>`
    with given as (
      select next_customer_id() as id, r.* from jsonb_to_recordset(${tx.json(rows)}) as r (number text, name text, name_en text, search_name text, registration_number text, country text,
        industry_scheme text, industry_code text, size text, is_listed boolean, group_code text, customer_since date, language text, segment_id int, currency text)
    ), made as (
      insert into customers (id, number, name, search_name, registration_number, country, industry_scheme, industry_code, size, is_listed, group_code, customer_since, language,
        sales_owner_user_id, source, created_at, updated_at)
      select id, number, name, search_name, registration_number, country, industry_scheme, industry_code, size, is_listed, group_code, customer_since, language,
        ${options.salesOwnerUserId}, ${SOURCE}, ${tx.now}, ${tx.now} from given
      returning id
    ), named as (
      insert into customer_names (customer_id, name) select id, unnest(array[name, name_en]) from given on conflict do nothing
    ), opened as (
      insert into credit_accounts (customer_id, segment_id, currency, created_at, updated_at)
      select id, segment_id, currency, ${tx.now}, ${tx.now} from given
      returning id, customer_id, segment_id
    )
    select g.number, o.customer_id, o.id as account_id, o.segment_id from opened o join given g on g.id = o.customer_id join made m on m.id = g.id`
  return new Map(placed.map(row => [row.number, { customerId: row.customer_id, accountId: row.account_id, segmentId: row.segment_id }]))
}

async function ensureSegments(tx: Tx, records: readonly CustomerRecord[], currency: string): Promise<Map<string, number>> {
  const rows = await tx<{ id: number; code: string }[]>`select id, code from segments`
  const known = new Map(rows.map(({ id, code }) => [code, id]))
  for (const [code, name] of Object.entries(SEGMENT_LABELS)) {
    const isWanted = records.some(({ customer }) => customer.segment === code)
    if (isWanted && !known.has(code)) known.set(code, (await createSegment(tx, { code, name, currency })).id)
  }
  return known
}

async function loadContacts(tx: Tx, records: readonly Of<'contact'>[], { customers }: Ids): Promise<void> {
  const rows = records.map(({ customerId, name, role, email, phone }) => ({
    customer_id: customers.get(customerId)!.customerId,
    name,
    title: role,
    email,
    phone,
  }))
  await tx`
    insert into customer_contacts (customer_id, name, title, email, phone)
    select * from jsonb_to_recordset(${tx.json(rows)}) as r (customer_id bigint, name text, title text, email text, phone text) on conflict do nothing`
}

async function loadDocuments(tx: Tx, ids: Ids, of: RecordsOf): Promise<void> {
  const open = openAmounts(of)
  const row = (type: DocumentType, customerId: string, entry: { id: string; date: string; amount: string; currency: string }) => {
    const { customer_id, segment_id } = place(ids, customerId)
    return {
      id: ids.documents.get(entry.id)!,
      segment_id,
      customer_id,
      type,
      number: entry.id,
      issued_on: entry.date,
      currency: entry.currency,
      amount: entry.amount,
      open_amount: open(entry.id, entry.amount),
    }
  }
  const prepaid = new Set(
    of('order')
      .filter(({ entry }) => entry.isPrepaid)
      .map(({ entry }) => entry.id),
  )
  const idOf = (number: string | undefined): string | null => (number === undefined ? null : (ids.documents.get(number) ?? null))
  const rows = [
    ...of('order').map(({ customerId, entry }) => ({
      ...row('order', customerId, entry),
      due_on: entry.dueDate,
      is_prepaid: entry.isPrepaid ?? false,
      closed_on: entry.closedOn ?? null,
    })),
    ...of('delivery').map(({ customerId, entry }) => ({
      ...row('delivery', customerId, entry),
      order_id: idOf(entry.orderId),
      is_prepaid: prepaid.has(entry.orderId),
    })),
    ...of('document').map(({ customerId, entry }) => ({
      ...row(entry.type === 'invoice' ? 'invoice' : 'credit_note', customerId, entry),
      due_on: entry.dueDate,
      order_id: idOf(entry.orderId),
      delivery_id: idOf(entry.deliveryId),
      is_prepaid: false,
    })),
  ]
  const hashed = rows.map(each => ({
    due_on: null,
    closed_on: null,
    order_id: null,
    delivery_id: null,
    ...each,
    content_hash: contentHash({
      customerId: each.customer_id,
      issuedOn: each.issued_on,
      dueOn: 'due_on' in each ? each.due_on : null,
      currency: each.currency,
      amount: each.amount,
    }),
  }))
  await tx`
    insert into documents (id, segment_id, customer_id, type, number, source, issued_on, due_on, currency, amount, open_amount, order_id, delivery_id, is_prepaid, closed_on, content_hash, created_at)
    overriding system value
    select id, segment_id, customer_id, type, number, ${SOURCE}, issued_on, due_on, currency, amount, open_amount, order_id, delivery_id, is_prepaid, closed_on, decode(content_hash, 'hex'), ${tx.now}
    from jsonb_to_recordset(${tx.json(hashed)}) as r (id bigint, segment_id int, customer_id bigint, type text, number text, issued_on date, due_on date, currency text, amount numeric, open_amount numeric,
      order_id bigint, delivery_id bigint, is_prepaid boolean, closed_on date, content_hash text)`
}

/** What is open of each document and payment at the end: written once rather than updated with each step of the story. */
function openAmounts(of: RecordsOf): (id: string, amount: string) => string {
  const taken = new Map<string, Decimal>()
  const take = (id: string, amount: string): void => void taken.set(id, (taken.get(id) ?? new Decimal(0)).plus(amount))
  for (const { entry } of of('delivery')) take(entry.orderId, entry.amount)
  for (const { entry } of of('document')) {
    if (entry.type !== 'invoice') continue
    if (entry.deliveryId !== undefined) take(entry.deliveryId, '1e20')
    else if (entry.orderId !== undefined) take(entry.orderId, entry.amount)
  }
  for (const { entry } of of('application')) {
    take(entry.documentId, entry.amount)
    take(entry.sourceId, entry.amount)
  }
  return (id, amount) => Decimal.max(0, new Decimal(amount).minus(taken.get(id) ?? 0)).toFixed()
}

async function loadBills(tx: Tx, records: readonly Of<'bill'>[], ids: Ids): Promise<void> {
  const rows = records.map(({ customerId, entry }) => ({
    ...place(ids, customerId),
    id: ids.bills.get(entry.id)!,
    number: entry.id,
    kind: entry.kind,
    received_on: entry.date,
    matures_on: entry.maturity,
    currency: entry.currency,
    amount: entry.amount,
    honoured_on: entry.honouredOn ?? null,
    dishonoured_on: entry.dishonouredOn ?? null,
  }))
  await tx`
    insert into bills (id, segment_id, customer_id, number, source, kind, received_on, matures_on, currency, amount, honoured_on, dishonoured_on) overriding system value
    select id, segment_id, customer_id, number, ${SOURCE}, kind, received_on, matures_on, currency, amount, honoured_on, dishonoured_on
    from jsonb_to_recordset(${tx.json(rows)}) as r (id bigint, segment_id int, customer_id bigint, number text, kind text, received_on date, matures_on date, currency text, amount numeric, honoured_on date, dishonoured_on date)`
}

async function loadPayments(tx: Tx, ids: Ids, of: RecordsOf): Promise<void> {
  const open = openAmounts(of)
  const dishonoured = new Set(
    of('bill')
      .filter(({ entry }) => entry.dishonouredOn !== undefined)
      .map(({ entry }) => entry.id),
  )
  const rows = of('payment').map(({ customerId, entry }) => {
    const { customer_id, segment_id } = place(ids, customerId)
    return {
      id: ids.payments.get(entry.id)!,
      segment_id,
      customer_id,
      number: entry.id,
      received_on: entry.date,
      currency: entry.currency,
      amount: entry.amount,
      unapplied_amount: open(entry.id, entry.amount),
      method: entry.method ?? null,
      bill_id: entry.billId === undefined ? null : ids.bills.get(entry.billId)!,
      is_dishonoured: entry.billId !== undefined && dishonoured.has(entry.billId),
      content_hash: paymentHash({ customerId: customer_id, receivedOn: entry.date, currency: entry.currency, amount: entry.amount }),
    }
  })
  await tx`
    insert into payments (id, segment_id, customer_id, number, source, received_on, currency, amount, unapplied_amount, method, bill_id, is_dishonoured, content_hash, created_at) overriding system value
    select id, segment_id, customer_id, number, ${SOURCE}, received_on, currency, amount, unapplied_amount, method, bill_id, is_dishonoured, decode(content_hash, 'hex'), ${tx.now}
    from jsonb_to_recordset(${tx.json(rows)}) as r (id bigint, segment_id int, customer_id bigint, number text, received_on date, currency text, amount numeric, unapplied_amount numeric, method text, bill_id bigint,
      is_dishonoured boolean, content_hash text)`
}

async function loadApplications(tx: Tx, records: readonly Of<'application'>[], ids: Ids): Promise<void> {
  const rows = records.map(({ customerId, entry }) => ({
    segment_id: place(ids, customerId).segment_id,
    payment_id: entry.source === 'payment' ? ids.payments.get(entry.sourceId)! : null,
    credit_note_id: entry.source === 'payment' ? null : ids.documents.get(entry.sourceId)!,
    document_id: ids.documents.get(entry.documentId)!,
    amount: entry.amount,
    applied_on: entry.date,
  }))
  await tx`
    insert into payment_applications (segment_id, payment_id, credit_note_id, document_id, amount, applied_on, created_at)
    select segment_id, payment_id, credit_note_id, document_id, amount, applied_on, ${tx.now}
    from jsonb_to_recordset(${tx.json(rows)}) as r (segment_id int, payment_id bigint, credit_note_id bigint, document_id bigint, amount numeric, applied_on date)`
}

async function loadHistory(tx: Tx, ids: Ids, of: RecordsOf): Promise<void> {
  const disputes = of('dispute').map(({ customerId, entry }) => ({
    ...place(ids, customerId),
    document_id: ids.documents.get(entry.documentId)!,
    amount: entry.amount,
    reason: entry.reason,
    opened_on: entry.date,
    closed_on: entry.resolvedOn ?? null,
  }))
  await tx`
    insert into disputes (segment_id, document_id, amount, reason, opened_on, closed_on)
    select segment_id, document_id, amount, reason, opened_on, closed_on
    from jsonb_to_recordset(${tx.json(disputes)}) as r (segment_id int, document_id bigint, amount numeric, reason text, opened_on date, closed_on date) on conflict do nothing`
  const promises = of('promise').map(({ customerId, entry }) => ({
    ...place(ids, customerId),
    amount: entry.amount,
    currency: entry.currency,
    made_on: entry.date,
    due_on: entry.dueDate,
    state: entry.keptOn ? 'kept' : entry.brokenOn ? 'broken' : 'open',
    settled_on: entry.keptOn ?? entry.brokenOn ?? null,
  }))
  await tx`
    insert into promises_to_pay (segment_id, customer_id, amount, currency, made_on, due_on, state, settled_on)
    select segment_id, customer_id, amount, currency, made_on, due_on, state, settled_on
    from jsonb_to_recordset(${tx.json(promises)}) as r (segment_id int, customer_id bigint, amount numeric, currency text, made_on date, due_on date, state text, settled_on date) on conflict do nothing`
  const reminders = of('reminder').map(({ customerId, entry }) => ({
    ...place(ids, customerId),
    document_id: entry.documentId === undefined ? null : (ids.documents.get(entry.documentId) ?? null),
    level: entry.level,
    sent_on: entry.date,
  }))
  await tx`
    insert into reminders (segment_id, customer_id, document_id, level, sent_on)
    select segment_id, customer_id, document_id, level, sent_on from jsonb_to_recordset(${tx.json(reminders)}) as r (segment_id int, customer_id bigint, document_id bigint, level int, sent_on date)`
  const statements = of('statement').map(
    ({ customerId, entry: { id: _, periodEnd, periodMonths, date, currency, isAudited, ...items } }) => ({
      ...place(ids, customerId),
      period_end: periodEnd,
      period_months: periodMonths,
      received_on: date,
      currency,
      audited: isAudited ?? false,
      items,
    }),
  )
  await tx`
    insert into financial_statements (customer_id, period_end, period_months, received_on, currency, audited, items, source)
    select customer_id, period_end, period_months, received_on, currency, audited, items, ${SOURCE}
    from jsonb_to_recordset(${tx.json(statements)}) as r (customer_id bigint, period_end date, period_months int, received_on date, currency text, audited boolean, items jsonb) on conflict do nothing`
  const instruments = of('instrument').map(({ customerId, entry }) => ({
    ...place(ids, customerId),
    type: entry.type,
    effect: entry.effect,
    value: entry.value,
    currency: entry.currency,
    percentage: entry.percentage,
    cap: entry.cap ?? null,
    recorded_on: entry.date,
    effective_from: entry.effectiveFrom,
    expires_on: entry.expiresOn ?? null,
    withdrawn_on: entry.withdrawnOn ?? null,
    reference: entry.id,
  }))
  await tx`
    insert into instruments (segment_id, customer_id, type, effect, value, currency, percentage, cap, recorded_on, effective_from, expires_on, withdrawn_on, reference)
    select segment_id, customer_id, type, effect, value, currency, percentage, cap, recorded_on, effective_from, expires_on, withdrawn_on, reference
    from jsonb_to_recordset(${tx.json(instruments)}) as r (segment_id int, customer_id bigint, type text, effect text, value numeric, currency text, percentage numeric, cap numeric,
      recorded_on date, effective_from date, expires_on date, withdrawn_on date, reference text)`
  const incidents = of('incident').map(({ customerId, entry }) => ({
    ...place(ids, customerId),
    kind: entry.kind,
    happened_on: entry.date,
  }))
  await tx`
    insert into customer_incidents (customer_id, kind, happened_on)
    select customer_id, kind, happened_on from jsonb_to_recordset(${tx.json(incidents)}) as r (customer_id bigint, kind text, happened_on date) on conflict do nothing`
  await tx`
    update customers c set status = 'bankrupt', status_since = i.happened_on from customer_incidents i
    where i.customer_id = c.id and i.kind = 'insolvency' and c.id = any (${[...ids.customers.values()].map(({ customerId }) => customerId)}::bigint[])`
  const ratings = of('rating').map(({ customerId, entry }) => ({
    ...place(ids, customerId),
    agency: entry.agency,
    value: entry.value,
    score: entry.score,
    rated_on: entry.date,
    expires_on: entry.expiresOn ?? null,
  }))
  await tx`
    insert into ratings (customer_id, agency, value, score, rated_on, expires_on)
    select customer_id, agency, value, score, rated_on, expires_on
    from jsonb_to_recordset(${tx.json(ratings)}) as r (customer_id bigint, agency text, value text, score numeric, rated_on date, expires_on date) on conflict do nothing`
}

async function loadAccountHistory(tx: Tx, ids: Ids, of: RecordsOf): Promise<void> {
  const limits = of('limit')
    .filter(({ entry }) => !entry.isGroup && entry.temporaryUntil === undefined)
    .map(({ customerId, entry }) => ({
      ...place(ids, customerId),
      kind: entry.kind,
      amount: entry.amount ?? null,
      currency: entry.currency,
      terms: entry.termsDays ?? null,
      valid_from: entry.date,
      valid_to: entry.expiresOn ?? null,
      next_review_on: entry.nextReviewOn ?? null,
    }))
  await tx`
    insert into credit_limits (account_id, segment_id, kind, amount, currency, payment_terms_days, valid_from, valid_to, next_review_on, reason, created_at)
    select account_id, segment_id, kind, amount, currency, terms, valid_from, valid_to, next_review_on, 'review', valid_from
    from jsonb_to_recordset(${tx.json(limits)}) as r (account_id bigint, segment_id int, kind text, amount numeric, currency text, terms int, valid_from date, valid_to date, next_review_on date)`
  const grades = of('grade').map(({ customerId, entry }) => ({
    ...place(ids, customerId),
    grade: entry.grade,
    score: entry.score ?? null,
    graded_on: entry.date,
    valid_to: entry.expiresOn ?? null,
  }))
  await tx`
    insert into credit_grades (account_id, segment_id, grade, score, graded_on, valid_to, created_at)
    select account_id, segment_id, grade, score, graded_on, valid_to, graded_on
    from jsonb_to_recordset(${tx.json(grades)}) as r (account_id bigint, segment_id int, grade text, score int, graded_on date, valid_to date)`
  const statuses = of('status').map(({ customerId, entry }) => ({ ...place(ids, customerId), status: entry.status, since: entry.date }))
  await tx`
    insert into account_statuses (account_id, segment_id, status, since)
    select account_id, segment_id, status, since from jsonb_to_recordset(${tx.json(statuses)}) as r (account_id bigint, segment_id int, status text, since date)`
  const accountIds = [...ids.customers.values()].map(({ accountId }) => accountId)
  await tx`
    update credit_accounts a set
      limit_kind = coalesce(l.kind, 'none'), limit_amount = l.amount, limit_valid_to = l.valid_to, payment_terms_days = l.payment_terms_days, next_review_on = l.next_review_on,
      grade = g.grade, score = g.score, graded_at = g.graded_on, grade_valid_to = g.valid_to, status = coalesce(s.status, 'active')
    from credit_accounts self
    left join lateral (select * from credit_limits l where l.account_id = self.id order by l.valid_from desc, l.id desc limit 1) l on true
    left join lateral (select * from credit_grades g where g.account_id = self.id order by g.graded_on desc, g.id desc limit 1) g on true
    left join lateral (select * from account_statuses s where s.account_id = self.id order by s.since desc, s.id desc limit 1) s on true
    where self.id = a.id and a.id = any (${accountIds}::bigint[])`
}

function place({ customers }: Ids, customerId: string): { account_id: string; customer_id: string; segment_id: number } {
  const { accountId, customerId: customer, segmentId } = customers.get(customerId)!
  return { account_id: accountId, customer_id: customer, segment_id: segmentId }
}
