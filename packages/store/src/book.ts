import { emptyBook, type BookCustomer, type CustomerBook } from '@surety/credit'
import { amountOf } from './amounts.ts'
import type { Fragment } from './page.ts'
import { today, type Tx } from './sql.ts'

export interface BookScope {
  /** Nothing that is dated later is read; today unless said otherwise. */
  readonly asOf?: string
  /** Of one segment; else of all that the actor sees, with the account of the first. */
  readonly segmentId?: number
}

export async function loadBook(tx: Tx, customerId: string, scope: BookScope = {}): Promise<CustomerBook | undefined> {
  return (await loadBooks(tx, [customerId], scope)).get(customerId)
}

/**
 * The books of customers for credit's facts: one query a table, however many customers. Ids are those of the store.
 * A customer whom the actor does not see is not among them.
 */
export async function loadBooks(tx: Tx, customerIds: readonly string[], scope: BookScope = {}): Promise<Map<string, CustomerBook>> {
  const books = await createBooks(tx, customerIds, scope)
  const ids = [...books.keys()]
  if (ids.length === 0) return books
  const asOf = scope.asOf ?? today(tx)
  const query: Query = {
    tx,
    asOf,
    own: alias =>
      tx`${tx(alias)}.customer_id = any (${ids}::bigint[]) ${scope.segmentId === undefined ? tx`` : tx`and ${tx(alias)}.segment_id = ${scope.segmentId}`}`,
    anySegment: alias => tx`${tx(alias)}.customer_id = any (${ids}::bigint[])`,
    ofAccount: alias => tx`${tx(alias)}.account_id = any (${[...books.values()].map(({ accountId }) => accountId)}::bigint[])`,
  }
  for (const load of LOADERS) {
    for (const { customer_id, list, item } of await load(query)) {
      const target = books.get(customer_id)?.[list] as unknown[] | undefined
      target?.push(item)
    }
  }
  const rates = await loadRates(query, [...new Set([...books.values()].map(({ currency }) => currency))])
  return new Map([...books].map(([id, { accountId: _, ...book }]) => [id, { ...book, rates }]))
}

type Growing = CustomerBook & { readonly accountId: string }

type Lists = Exclude<keyof CustomerBook, 'currency' | 'customer' | 'rates' | 'exclusions' | 'groupExposure'>
interface Loaded<List extends Lists = Lists> {
  readonly customer_id: string
  readonly list: List
  readonly item: CustomerBook[List][number]
}

interface Query {
  readonly tx: Tx
  readonly asOf: string
  readonly own: (alias: string) => Fragment
  readonly anySegment: (alias: string) => Fragment
  readonly ofAccount: (alias: string) => Fragment
}

async function createBooks(tx: Tx, customerIds: readonly string[], { segmentId }: BookScope): Promise<Map<string, Growing>> {
  const rows = await tx<CustomerAccountRow[]>`
    select distinct on (c.id) c.id, c.name, c.country, c.industry_scheme, c.industry_code, c.group_code, c.size, c.is_listed, c.customer_since, a.id as account_id, a.currency, s.code as segment
    from customers c join credit_accounts a on a.customer_id = c.id join segments s on s.id = a.segment_id
    where c.id = any (${customerIds as string[]}::bigint[]) ${segmentId === undefined ? tx`` : tx`and a.segment_id = ${segmentId}`}
    order by c.id, a.id`
  return new Map(rows.map(row => [row.id, { ...emptyBook(toBookCustomer(row), row.currency), accountId: row.account_id }]))
}

interface CustomerAccountRow {
  readonly id: string
  readonly name: string
  readonly country: string
  readonly industry_scheme: NonNullable<BookCustomer['industry']>['scheme'] | null
  readonly industry_code: string | null
  readonly group_code: string | null
  readonly size: BookCustomer['size'] | null
  readonly is_listed: boolean
  readonly customer_since: string | null
  readonly account_id: string
  readonly currency: string
  readonly segment: string
}

function toBookCustomer(row: CustomerAccountRow): BookCustomer {
  return {
    id: row.id,
    name: row.name,
    country: row.country,
    segment: row.segment,
    isListed: row.is_listed,
    ...(row.industry_scheme && row.industry_code ? { industry: { scheme: row.industry_scheme, code: row.industry_code } } : {}),
    ...optional({ groupId: row.group_code, size: row.size, since: row.customer_since }),
  }
}

const LOADERS: readonly ((query: Query) => Promise<readonly Loaded[]>)[] = [
  loadDocuments,
  loadPayments,
  loadApplications,
  loadBills,
  loadDisputes,
  loadPromises,
  loadReminders,
  loadStatements,
  loadInstruments,
  loadIncidents,
  loadRatings,
  loadLimits,
  loadGrades,
  loadStatuses,
]

async function loadDocuments({ tx, asOf, own }: Query): Promise<Loaded[]> {
  const rows = await tx<DocumentRow[]>`
    select id, customer_id, type, issued_on, coalesce(due_on, issued_on) as due_on, amount, currency, order_id, delivery_id, is_prepaid, closed_on, cancelled_on
    from documents d where ${own('d')} and issued_on <= ${asOf} order by issued_on, id`
  return rows.flatMap((row): Loaded[] => {
    const { id, customer_id, currency } = row
    const amount = amountOf(row.amount, currency)
    const date = row.issued_on
    switch (row.type) {
      case 'order':
        return [
          {
            customer_id,
            list: 'orders',
            item: {
              id,
              date,
              dueDate: row.due_on,
              amount,
              currency,
              ...(row.is_prepaid ? { isPrepaid: true } : {}),
              ...optional({ closedOn: row.closed_on ?? row.cancelled_on }),
            },
          },
        ]
      case 'delivery':
        return row.cancelled_on !== null && row.cancelled_on <= asOf
          ? []
          : [{ customer_id, list: 'deliveries', item: { id, orderId: row.order_id ?? '', date, amount, currency } }]
      default:
        return [
          {
            customer_id,
            list: 'documents',
            item: {
              id,
              type: row.type === 'invoice' ? 'invoice' : 'credit-note',
              date,
              dueDate: row.due_on,
              amount,
              currency,
              ...optional({ orderId: row.order_id, deliveryId: row.delivery_id, cancelledOn: row.cancelled_on }),
            },
          },
        ]
    }
  })
}

interface DocumentRow {
  readonly id: string
  readonly customer_id: string
  readonly type: 'order' | 'delivery' | 'invoice' | 'credit_note'
  readonly issued_on: string
  readonly due_on: string
  readonly amount: string
  readonly currency: string
  readonly order_id: string | null
  readonly delivery_id: string | null
  readonly is_prepaid: boolean
  readonly closed_on: string | null
  readonly cancelled_on: string | null
}

async function loadPayments({ tx, asOf, own }: Query): Promise<Loaded[]> {
  const rows = await tx<
    {
      id: string
      customer_id: string
      received_on: string
      amount: string
      currency: string
      method: 'transfer' | null
      bill_id: string | null
      cancelled_on: string | null
    }[]
  >`
    select id, customer_id, received_on, amount, currency, method, bill_id, cancelled_on from payments p where ${own('p')} and received_on <= ${asOf} order by received_on, id`
  return rows.map(row => ({
    customer_id: row.customer_id,
    list: 'payments',
    item: {
      id: row.id,
      date: row.received_on,
      amount: amountOf(row.amount, row.currency),
      currency: row.currency,
      ...optional({ method: row.method, billId: row.bill_id, cancelledOn: row.cancelled_on }),
    },
  }))
}

async function loadApplications({ tx, asOf, own }: Query): Promise<Loaded[]> {
  const rows = await tx<
    {
      id: string
      customer_id: string
      applied_on: string
      payment_id: string | null
      credit_note_id: string | null
      document_id: string
      amount: string
      currency: string
    }[]
  >`
    select a.id, d.customer_id, a.applied_on, a.payment_id, a.credit_note_id, a.document_id, a.amount, d.currency
    from payment_applications a join documents d on d.id = a.document_id where ${own('d')} and a.applied_on <= ${asOf} order by a.applied_on, a.id`
  return rows.map(row => ({
    customer_id: row.customer_id,
    list: 'applications',
    item: {
      id: row.id,
      date: row.applied_on,
      source: row.payment_id === null ? 'credit-note' : 'payment',
      sourceId: (row.payment_id ?? row.credit_note_id)!,
      documentId: row.document_id,
      amount: amountOf(row.amount, row.currency),
    },
  }))
}

async function loadBills({ tx, asOf, own }: Query): Promise<Loaded[]> {
  const rows = await tx<
    {
      id: string
      customer_id: string
      received_on: string
      matures_on: string
      amount: string
      currency: string
      kind: 'bank' | 'commercial'
      honoured_on: string | null
      dishonoured_on: string | null
    }[]
  >`
    select id, customer_id, received_on, matures_on, amount, currency, kind, honoured_on, dishonoured_on from bills b where ${own('b')} and received_on <= ${asOf} order by received_on, id`
  return rows.map(row => ({
    customer_id: row.customer_id,
    list: 'bills',
    item: {
      id: row.id,
      date: row.received_on,
      maturity: row.matures_on,
      amount: amountOf(row.amount, row.currency),
      currency: row.currency,
      kind: row.kind,
      ...optional({ honouredOn: row.honoured_on, dishonouredOn: row.dishonoured_on }),
    },
  }))
}

async function loadDisputes({ tx, asOf, own }: Query): Promise<Loaded[]> {
  const rows = await tx<
    {
      id: string
      customer_id: string
      document_id: string
      opened_on: string
      closed_on: string | null
      amount: string
      currency: string
      reason: string
    }[]
  >`
    select x.id, d.customer_id, x.document_id, x.opened_on, x.closed_on, x.amount, d.currency, x.reason
    from disputes x join documents d on d.id = x.document_id where ${own('d')} and x.opened_on <= ${asOf} order by x.opened_on, x.id`
  return rows.map(row => ({
    customer_id: row.customer_id,
    list: 'disputes',
    item: {
      id: row.id,
      documentId: row.document_id,
      date: row.opened_on,
      amount: amountOf(row.amount, row.currency),
      reason: row.reason,
      ...optional({ resolvedOn: row.closed_on }),
    },
  }))
}

async function loadPromises({ tx, asOf, own }: Query): Promise<Loaded[]> {
  const rows = await tx<
    {
      id: string
      customer_id: string
      made_on: string
      due_on: string
      amount: string
      currency: string
      state: string
      settled_on: string | null
    }[]
  >`
    select id, customer_id, made_on, due_on, amount, currency, state, settled_on from promises_to_pay p where ${own('p')} and made_on <= ${asOf} and state <> 'cancelled' order by made_on, id`
  return rows.map(row => ({
    customer_id: row.customer_id,
    list: 'promises',
    item: {
      id: row.id,
      date: row.made_on,
      dueDate: row.due_on,
      amount: amountOf(row.amount, row.currency),
      currency: row.currency,
      ...optional({ keptOn: row.state === 'kept' ? row.settled_on : null, brokenOn: row.state === 'broken' ? row.settled_on : null }),
    },
  }))
}

async function loadReminders({ tx, asOf, own }: Query): Promise<Loaded[]> {
  const rows = await tx<{ customer_id: string; document_id: string | null; level: number; sent_on: string }[]>`
    select customer_id, document_id, level, sent_on from reminders r where ${own('r')} and sent_on <= ${asOf} order by sent_on, id`
  return rows.map(row => ({
    customer_id: row.customer_id,
    list: 'reminders',
    item: { date: row.sent_on, level: row.level, ...optional({ documentId: row.document_id }) },
  }))
}

async function loadStatements({ tx, asOf, anySegment }: Query): Promise<Loaded[]> {
  const rows = await tx<
    {
      id: string
      customer_id: string
      period_end: string
      period_months: number
      received_on: string
      currency: string
      audited: boolean
      items: Record<string, string>
    }[]
  >`
    select * from financial_statements f where ${anySegment('f')} and received_on <= ${asOf} order by received_on, id`
  return rows.map(row => ({
    customer_id: row.customer_id,
    list: 'statements',
    item: {
      id: row.id,
      periodEnd: row.period_end,
      periodMonths: row.period_months,
      date: row.received_on,
      currency: row.currency,
      isAudited: row.audited,
      ...row.items,
    },
  }))
}

async function loadInstruments({ tx, asOf, own }: Query): Promise<Loaded[]> {
  const rows = await tx<
    {
      id: string
      customer_id: string
      recorded_on: string
      type: 'guarantee'
      effect: 'raises-limit'
      value: string
      currency: string
      percentage: string
      cap: string | null
      effective_from: string
      expires_on: string | null
      withdrawn_on: string | null
    }[]
  >`
    select * from instruments i where ${own('i')} and recorded_on <= ${asOf} order by recorded_on, id`
  return rows.map(row => ({
    customer_id: row.customer_id,
    list: 'instruments',
    item: {
      id: row.id,
      date: row.recorded_on,
      type: row.type,
      effect: row.effect,
      value: amountOf(row.value, row.currency),
      currency: row.currency,
      percentage: Number(row.percentage),
      effectiveFrom: row.effective_from,
      ...optional({
        cap: row.cap === null ? null : amountOf(row.cap, row.currency),
        expiresOn: row.expires_on,
        withdrawnOn: row.withdrawn_on,
      }),
    },
  }))
}

async function loadIncidents({ tx, asOf, anySegment }: Query): Promise<Loaded[]> {
  const rows = await tx<{ customer_id: string; kind: 'insolvency'; happened_on: string }[]>`
    select customer_id, kind, happened_on from customer_incidents i where ${anySegment('i')} and happened_on <= ${asOf} order by happened_on, id`
  return rows.map(row => ({ customer_id: row.customer_id, list: 'incidents', item: { date: row.happened_on, kind: row.kind } }))
}

async function loadRatings({ tx, asOf, anySegment }: Query): Promise<Loaded[]> {
  const rows = await tx<
    { customer_id: string; agency: string; value: string; score: string; rated_on: string; expires_on: string | null }[]
  >`
    select customer_id, agency, value, score, rated_on, expires_on from ratings r where ${anySegment('r')} and rated_on <= ${asOf} order by rated_on, id`
  return rows.map(row => ({
    customer_id: row.customer_id,
    list: 'ratings',
    item: {
      date: row.rated_on,
      agency: row.agency,
      value: row.value,
      score: Number(row.score),
      ...optional({ expiresOn: row.expires_on }),
    },
  }))
}

async function loadLimits({ tx, asOf, ofAccount }: Query): Promise<Loaded[]> {
  const rows = await tx<
    {
      customer_id: string
      kind: 'none' | 'amount' | 'unlimited'
      amount: string | null
      currency: string
      payment_terms_days: number | null
      valid_from: string
      valid_to: string | null
      temporary_until: string | null
      next_review_on: string | null
    }[]
  >`
    select a.customer_id, l.kind, l.amount, l.currency, l.payment_terms_days, l.valid_from, l.valid_to, l.temporary_until, l.next_review_on
    from credit_limits l join credit_accounts a on a.id = l.account_id where ${ofAccount('l')} and l.valid_from <= ${asOf} order by l.valid_from, l.id`
  return rows.map(row => ({
    customer_id: row.customer_id,
    list: 'limits',
    item: {
      date: row.valid_from,
      kind: row.kind,
      currency: row.currency,
      ...optional({
        amount: row.amount === null ? null : amountOf(row.amount, row.currency),
        termsDays: row.payment_terms_days,
        temporaryUntil: row.temporary_until,
        expiresOn: row.valid_to,
        nextReviewOn: row.next_review_on,
      }),
    },
  }))
}

async function loadGrades({ tx, asOf, ofAccount }: Query): Promise<Loaded[]> {
  const rows = await tx<{ customer_id: string; grade: string; score: number | null; graded_on: string; valid_to: string | null }[]>`
    select a.customer_id, g.grade, g.score, g.graded_on, g.valid_to
    from credit_grades g join credit_accounts a on a.id = g.account_id where ${ofAccount('g')} and g.graded_on <= ${asOf} order by g.graded_on, g.id`
  return rows.map(row => ({
    customer_id: row.customer_id,
    list: 'grades',
    item: { date: row.graded_on, grade: row.grade, ...optional({ score: row.score, expiresOn: row.valid_to }) },
  }))
}

async function loadStatuses({ tx, asOf, ofAccount }: Query): Promise<Loaded[]> {
  const rows = await tx<{ customer_id: string; status: 'active' | 'watch' | 'held' | 'closed'; since: string }[]>`
    select a.customer_id, s.status, s.since
    from account_statuses s join credit_accounts a on a.id = s.account_id where ${ofAccount('s')} and s.since <= ${asOf} order by s.since, s.id`
  return rows.map(row => ({ customer_id: row.customer_id, list: 'statuses', item: { date: row.since, status: row.status } }))
}

// As stored, and through another currency into those that books are kept in.
async function loadRates({ tx, asOf }: Query, currencies: readonly string[]): Promise<CustomerBook['rates']> {
  return tx<CustomerBook['rates'][number][]>`
    (select distinct on (from_currency, to_currency) valid_on as date, from_currency::text as "from", to_currency::text as "to", trim_scale(rate)::text as rate
    from exchange_rates where valid_on <= ${asOf} order by from_currency, to_currency, valid_on desc)
    union all
    select r.valid_on, r.from_currency, t.currency, trim_scale(r.rate)::text
    from unnest(${currencies as string[]}::text[]) t (currency) cross join lateral exchange_rates_into(t.currency, ${asOf}::date) r where r.source like '% via %'`
}

// Absent is not the same as null to those who read a book.
function optional<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>
  }
}
