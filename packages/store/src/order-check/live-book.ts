import {
  addDays,
  Decimal,
  emptyBook,
  ORDER_HORIZON_DAYS,
  type BookBill,
  type BookDocument,
  type BookOrder,
  type BookPayment,
  type CustomerBook,
  type FactKey,
} from '@surety/credit'
import { today, type Tx } from '../sql.ts'

/** Facts that come out of a live book the same as out of the whole one. */
export const LIVE_FACTS: ReadonlySet<string> = new Set<FactKey>([
  'limitKind',
  'creditLimit',
  'limitExpiresInDays',
  'reviewOverdueDays',
  'termsDays',
  'exposureOrders',
  'exposureDeliveries',
  'exposureReceivables',
  'exposureBills',
  'unappliedCash',
  'exposure',
  'countedExposure',
  'securedAmount',
  'securedShare',
  'insuredShare',
  'isCoverWithdrawn',
  'availableCredit',
  'utilisation',
  'overdueToLimit',
  'accountStatus',
  'grade',
  'score',
  'gradeAgeDays',
  'dunningLevel',
  'orderAmount',
  'checkpoint',
  'isPrepaid',
  'orderTermsDays',
  'orderTermsExcess',
  'orderDiscountExcess',
  'utilisationWithOrder',
  'orderExcess',
  'daysSinceLastCheck',
  'overdueDays',
  'undisputedOverdueAmount',
  'brokenPromises',
  'isInsolvent',
])

export interface OwnOrder {
  readonly source: string
  readonly number: string
}

/** What an order stands for in a live book, so that credit leaves it out of the rest. */
export const OWN_ORDER_ID = 'own'

/**
 * The book of an account as credit's facts take it, in one statement: the ledger's balances stand for everything that is not
 * overdue, reminded or disputed, and reservations that have not run out stand among the orders. The order that is asked about carries `OWN_ORDER_ID`.
 */
export async function loadLiveBook(tx: Tx, accountId: string, own: OwnOrder): Promise<CustomerBook | undefined> {
  const day = today(tx)
  const horizon = addDays(day, ORDER_HORIZON_DAYS)
  const [row] = await tx<LiveRow[]>`
    with account as (
      select a.*, c.name, c.country, s.code as segment from credit_accounts a join customers c on c.id = a.customer_id join segments s on s.id = a.segment_id where a.id = ${accountId}
    ), open_documents as (
      select d.* from documents d, account a where d.customer_id = a.customer_id and d.segment_id = a.segment_id and d.open_amount > 0 and d.cancelled_on is null and d.closed_on is null
    ), told as (
      select d.* from open_documents d where d.type = 'invoice'
        and (coalesce(d.due_on, d.issued_on) < ${day}::date or exists (select from reminders r where r.document_id = d.id) or exists (select from disputes x where x.document_id = d.id and x.closed_on is null))
    ), own_reservation as materialized (
      select r.account_id, r.currency, r.amount from order_reservations r, account a
      where r.status = 'active' and r.segment_id = a.segment_id and r.source = ${own.source} and r.order_number = ${own.number}
    ), run_out as materialized (
      -- Over all accounts: few, as they are swept, and an account may hold thousands that have not.
      select account_id, currency, amount from order_reservations
      where status = 'active' and expires_at <= ${tx.now} and (source, order_number) is distinct from (${own.source}, ${own.number})
    )
    select a.currency, a.customer_id, a.name, a.country, a.segment,
      (select jsonb_agg(jsonb_build_object('category', category, 'currency', currency, 'amount', amount::text)) from exposure_balances where account_id = a.id and category <> 'reservations') as balances,
      (select jsonb_agg(jsonb_build_object('id', id::text, 'dueDate', coalesce(due_on, issued_on), 'currency', currency, 'amount', open_amount::text)) from told) as told,
      (select jsonb_agg(jsonb_build_object('currency', currency, 'amount', open_amount::text, 'far', coalesce(due_on > ${horizon}::date, false), 'own', source = ${own.source} and number = ${own.number}, 'dueDate', due_on))
        from open_documents where type = 'order' and not is_prepaid and (due_on > ${horizon}::date or (source = ${own.source} and number = ${own.number}))) as orders,
      (select jsonb_agg(jsonb_build_object('currency', currency, 'amount', amount::text)) from (
        select currency, sum(amount) as amount from (
          select currency, amount from exposure_balances where account_id = a.id and category = 'reservations'
          union all
          select currency, -amount from own_reservation where account_id = a.id
          union all
          select currency, -amount from run_out where account_id = a.id
        ) parts group by 1 having sum(amount) <> 0
      ) r) as reservations,
      (select jsonb_agg(jsonb_build_object('documentId', x.document_id::text, 'amount', x.amount::text, 'date', x.opened_on, 'reason', x.reason)) from disputes x join told d on d.id = x.document_id where x.closed_on is null) as disputes,
      (select jsonb_agg(jsonb_build_object('date', sent_on, 'level', level) || case when document_id is null then '{}' else jsonb_build_object('documentId', document_id::text) end)
        from reminders r where r.customer_id = a.customer_id and r.segment_id = a.segment_id and (r.document_id is null or exists (select from told d where d.id = r.document_id))) as reminders,
      (select jsonb_agg(jsonb_build_object('id', id::text, 'date', made_on, 'dueDate', due_on, 'amount', amount::text, 'currency', currency, 'brokenOn', settled_on))
        from promises_to_pay p where p.customer_id = a.customer_id and p.segment_id = a.segment_id and state = 'broken' and settled_on is not null) as promises,
      (select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('id', id::text, 'date', recorded_on, 'type', type, 'effect', effect, 'value', value::text, 'currency', currency, 'percentage', percentage::float8,
        'cap', cap::text, 'effectiveFrom', effective_from, 'expiresOn', expires_on, 'withdrawnOn', withdrawn_on)) order by recorded_on, id)
        from instruments i where i.customer_id = a.customer_id and i.segment_id = a.segment_id) as instruments,
      (select jsonb_agg(jsonb_build_object('date', happened_on, 'kind', kind) order by happened_on, id) from customer_incidents i where i.customer_id = a.customer_id) as incidents,
      (select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('date', valid_from, 'kind', kind, 'amount', amount::text, 'currency', currency, 'termsDays', payment_terms_days, 'expiresOn', valid_to, 'nextReviewOn', next_review_on)) order by valid_from, id)
        from credit_limits l where l.account_id = a.id) as limits,
      (select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('date', graded_on, 'grade', grade, 'score', score, 'expiresOn', valid_to))) from (select * from credit_grades where account_id = a.id order by graded_on desc, id desc limit 1) g) as grades,
      (select jsonb_agg(jsonb_build_object('date', since, 'status', status) order by since, id) from account_statuses s where s.account_id = a.id) as statuses,
      (select jsonb_agg(r) from (select distinct on (from_currency, to_currency) valid_on as date, from_currency as "from", to_currency as "to", trim_scale(rate)::text as rate
        from exchange_rates where valid_on <= ${day} and a.currency in (from_currency, to_currency) order by from_currency, to_currency, valid_on desc) r) as rates
    from account a`
  return row && toBook(row, day)
}

interface Amount {
  readonly currency: string
  readonly amount: string
}

interface LiveRow {
  readonly currency: string
  readonly customer_id: string
  readonly name: string
  readonly country: string
  readonly segment: string
  readonly balances: readonly (Amount & { readonly category: string })[] | null
  readonly told: readonly (Amount & { readonly id: string; readonly dueDate: string })[] | null
  readonly orders: readonly (Amount & { readonly far: boolean; readonly own: boolean; readonly dueDate: string | null })[] | null
  readonly reservations: readonly Amount[] | null
  readonly disputes: readonly Omit<CustomerBook['disputes'][number], 'id'>[] | null
  readonly reminders: CustomerBook['reminders'] | null
  readonly promises: CustomerBook['promises'] | null
  readonly instruments: CustomerBook['instruments'] | null
  readonly incidents: CustomerBook['incidents'] | null
  readonly limits: CustomerBook['limits'] | null
  readonly grades: CustomerBook['grades'] | null
  readonly statuses: CustomerBook['statuses'] | null
  readonly rates: CustomerBook['rates'] | null
}

function toBook(row: LiveRow, day: string): CustomerBook {
  const told = row.told ?? []
  const balance = (category: string): Amount[] => (row.balances ?? []).filter(balance => balance.category === category)
  const less = (from: readonly Amount[], parts: readonly Amount[]): Amount[] =>
    from
      .map(({ currency, amount }) => ({
        currency,
        amount: parts.filter(part => part.currency === currency).reduce((left, part) => minus(left, part.amount), amount),
      }))
      .filter(({ amount }) => Number(amount) !== 0)
  const orders = row.orders ?? []
  const documents: BookDocument[] = [
    ...told.map(({ id, dueDate, currency, amount }) => ({ id, type: 'invoice' as const, date: day, dueDate, currency, amount })),
    ...less(balance('receivables'), told).map(({ currency, amount }) => ({
      id: `rest ${currency}`,
      type: 'invoice' as const,
      date: day,
      dueDate: addDays(day, 1),
      currency,
      amount,
    })),
  ]
  const order = (id: string, dueDate: string, { currency, amount }: Amount): BookOrder => ({ id, date: day, dueDate, currency, amount })
  return {
    ...emptyBook({ id: row.customer_id, name: row.name, country: row.country, segment: row.segment }, row.currency),
    documents,
    orders: [
      ...less(balance('open_orders'), orders).map(amount => order(`rest ${amount.currency}`, day, amount)),
      ...orders.filter(({ own }) => own).map(own => order(OWN_ORDER_ID, own.dueDate ?? day, own)),
      ...(row.reservations ?? []).map(amount => order(`reserved ${amount.currency}`, day, amount)),
    ],
    deliveries: balance('deliveries').map(({ currency, amount }) => ({ id: `rest ${currency}`, orderId: '', date: day, currency, amount })),
    bills: balance('bills').map(({ currency, amount }): BookBill => ({
      id: `rest ${currency}`,
      date: day,
      maturity: day,
      kind: 'bank',
      currency,
      amount,
    })),
    payments: balance('unapplied_cash').map(({ currency, amount }): BookPayment => ({
      id: `rest ${currency}`,
      date: day,
      currency,
      amount: minus('0', amount),
    })),
    disputes: (row.disputes ?? []).map((dispute, index) => ({ ...dispute, id: String(index) })),
    reminders: row.reminders ?? [],
    promises: row.promises ?? [],
    instruments: row.instruments ?? [],
    incidents: row.incidents ?? [],
    limits: row.limits ?? [],
    grades: row.grades ?? [],
    statuses: row.statuses ?? [],
    rates: row.rates ?? [],
  }
}

function minus(left: string, right: string): string {
  return new Decimal(left).minus(right).toFixed()
}
