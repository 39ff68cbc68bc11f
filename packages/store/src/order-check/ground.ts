import {
  addDays,
  Decimal,
  emptyBook,
  ORDER_HORIZON_DAYS,
  type BookBill,
  type BookDocument,
  type BookExclusion,
  type BookOrder,
  type BookPayment,
  type CustomerBook,
  type FactKey,
} from '@surety/credit'
import type { Fragment } from '../page.ts'
import { today, type Tx } from '../sql.ts'

/** Facts that come out of the ground of an account the same as out of its whole book. */
export const LIVE_FACTS: ReadonlySet<string> = new Set<FactKey>([
  'limitKind',
  'creditLimit',
  'isTemporaryLimit',
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
  'groupExcess',
  'excusedChecks',
  'daysSinceLastCheck',
  'overdueDays',
  'undisputedOverdueAmount',
  'brokenPromises',
  'isInsolvent',
])

export interface Amount {
  readonly currency: string
  readonly amount: string
}

/** Which order it is, and in which currency it is asked about. */
export interface AskedOrder {
  readonly customerNumber: string
  readonly source: string
  readonly orderNumber: string
  readonly currency: string
}

/** What an account is judged by, without the order that is asked about. */
export interface AccountGround {
  readonly id: string
  readonly customerId: string
  readonly segmentId: number
  readonly book: CustomerBook
  /** Open orders that are near enough to count, own ones among them. */
  readonly nearOrders: readonly Amount[]
  /** Null where no credit group limits it. */
  readonly groupCode: string | null
  /** What released orders reserve that has not run out, own ones among them. It grows as orders of one batch are released, and so does the next. */
  reserved: readonly Amount[]
  /** What the other members of its credit group owe and reserve. */
  groupExposure: readonly Amount[]
}

/** What an order stands for in a book, so that credit leaves it out of the rest. */
export const OWN_ORDER_ID = 'own'

/** What there is of an order already: its document and what it reserves, in the currencies that they are in. */
export interface OwnOrder {
  readonly document:
    | (Amount & {
        readonly id: string
        readonly openAmount: string
        readonly dueDate: string
        readonly isOpen: boolean
        /** Whether it is exposure: open, and not prepaid. */
        readonly isCounted: boolean
        /** Beyond the horizon. */
        readonly isFar: boolean
      })
    | null
  readonly reservation: (Amount & { readonly id: string; readonly hasRunOut: boolean }) | null
}

/** What there is of orders already, in the order in which they are asked about. */
export async function readOwnOrders(tx: Tx, segmentId: number, orders: readonly AskedOrder[]): Promise<OwnOrder[]> {
  return tx<OwnOrder[]>`
    select ${documentOf(tx, segmentId)} as document, ${reservationOf(tx, segmentId)} as reservation
    from unnest(${orders.map(({ source }) => source)}::text[], ${orders.map(({ orderNumber }) => orderNumber)}::text[]) with ordinality as o (source, number, place) order by place`
}

/** Of the order `o (source, number)`: its document. */
export function documentOf(tx: Tx, segmentId: number): Fragment {
  return tx`(select jsonb_build_object('id', d.id::text, 'currency', d.currency, 'amount', d.amount::text, 'openAmount', d.open_amount::text, 'dueDate', coalesce(d.due_on, d.issued_on),
      'isCounted', d.open_amount > 0 and d.cancelled_on is null and d.closed_on is null and not d.is_prepaid, 'isOpen', d.cancelled_on is null and d.closed_on is null,
      'isFar', coalesce(d.due_on > ${addDays(today(tx), ORDER_HORIZON_DAYS)}::date, false))
    from documents d where d.number = o.number and d.source = o.source and d.type = 'order' and d.segment_id = ${segmentId})`
}

/** Of the order `o (source, number)`: what it reserves. */
export function reservationOf(tx: Tx, segmentId: number): Fragment {
  return tx`(select jsonb_build_object('id', r.id::text, 'currency', r.currency, 'amount', r.amount::text, 'hasRunOut', r.expires_at <= ${tx.now})
    from order_reservations r where r.status = 'active' and r.segment_id = ${segmentId} and r.source = o.source and r.order_number = o.number)`
}

/** The book of an account as credit's facts take it, with one order set apart from the rest. */
export function bookOf(
  { book, nearOrders, reserved, groupExposure }: AccountGround,
  { document, reservation }: OwnOrder,
  day: string,
): CustomerBook {
  const near = document?.isCounted && !document.isFar ? less(nearOrders, [{ ...document, amount: document.openAmount }]) : nearOrders
  const others = reservation && !reservation.hasRunOut ? less(reserved, [reservation]) : reserved
  const order = (id: string, dueDate: string, { currency, amount }: Amount): BookOrder => ({ id, date: day, dueDate, currency, amount })
  return {
    ...book,
    groupExposure,
    orders: [
      ...near.map(amount => order(`rest ${amount.currency}`, day, amount)),
      ...others.map(amount => order(`reserved ${amount.currency}`, day, amount)),
      ...(document?.isCounted ? [order(OWN_ORDER_ID, document.dueDate, { ...document, amount: document.openAmount })] : []),
    ],
  }
}

/**
 * What accounts are judged by, in one statement: the ledger's balances stand for everything that is not overdue or reminded, and reservations that
 * have not run out stand among the orders. By the number of the customer.
 */
export async function readAccounts(tx: Tx, segmentId: number, orders: readonly AskedOrder[]): Promise<Map<string, AccountGround>> {
  const day = today(tx)
  const numbers = [...new Set(orders.map(({ customerNumber }) => customerNumber))]
  const currencies = [...new Set(orders.map(({ currency }) => currency))]
  const rows = await tx<AccountRow[]>`
    select a.id, a.currency, a.customer_id, c.number, c.name, c.country, s.code as segment,
      (select jsonb_agg(jsonb_build_object('category', category, 'currency', currency, 'amount', amount::text)) from exposure_balances where account_id = a.id) as balances,
      (select jsonb_agg(jsonb_build_object('id', id::text, 'type', type, 'dueDate', coalesce(due_on, issued_on), 'currency', currency, 'amount', open_amount::text,
          'disputed', case when type = 'invoice' then (select sum(x.amount)::text from disputes x where x.document_id = d.id and x.closed_on is null) end))
        from documents d where d.customer_id = a.customer_id and d.segment_id = a.segment_id and d.open_amount > 0 and d.cancelled_on is null and d.closed_on is null
          and case d.type
            when 'invoice' then coalesce(d.due_on, d.issued_on) < ${day}::date
              or d.id = any (array(select r.document_id from reminders r where r.customer_id = a.customer_id and r.segment_id = a.segment_id))
            when 'order' then not d.is_prepaid and d.due_on > ${addDays(day, ORDER_HORIZON_DAYS)}::date
            else false end) as told,
      (select jsonb_agg(jsonb_build_object('currency', currency, 'amount', amount::text)) from (
        select currency, sum(amount) as amount from order_reservations where account_id = a.id and status = 'active' and expires_at <= ${tx.now} group by 1) r) as run_out,
      (select jsonb_agg(jsonb_build_object('date', sent_on, 'level', level) || case when document_id is null then '{}' else jsonb_build_object('documentId', document_id::text) end)
        from reminders r where r.customer_id = a.customer_id and r.segment_id = a.segment_id) as reminders,
      (select jsonb_agg(jsonb_build_object('id', id::text, 'date', made_on, 'dueDate', due_on, 'amount', amount::text, 'currency', currency, 'brokenOn', settled_on))
        from promises_to_pay p where p.customer_id = a.customer_id and p.segment_id = a.segment_id and state = 'broken' and settled_on is not null) as promises,
      (select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('id', id::text, 'date', recorded_on, 'type', type, 'effect', effect, 'value', value::text, 'currency', currency, 'percentage', percentage::float8,
        'cap', cap::text, 'effectiveFrom', effective_from, 'expiresOn', expires_on, 'withdrawnOn', withdrawn_on)) order by recorded_on, id)
        from instruments i where i.customer_id = a.customer_id and i.segment_id = a.segment_id) as instruments,
      (select jsonb_agg(jsonb_build_object('date', happened_on, 'kind', kind) order by happened_on, id) from customer_incidents i where i.customer_id = a.customer_id) as incidents,
      (select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('date', valid_from, 'kind', kind, 'amount', amount::text, 'currency', currency, 'termsDays', payment_terms_days,
        'temporaryUntil', temporary_until, 'expiresOn', valid_to, 'nextReviewOn', next_review_on)) order by valid_from, id)
        from credit_limits l where l.account_id = a.id) as limits,
      (select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('date', graded_on, 'grade', grade, 'score', score, 'expiresOn', valid_to)))
        from (select * from credit_grades where account_id = a.id order by graded_on desc, id desc limit 1) g) as grades,
      (select jsonb_agg(jsonb_build_object('date', since, 'status', status) order by since, id) from account_statuses s where s.account_id = a.id) as statuses,
      (select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('scope', scope, 'kind', kind, 'upTo', up_to::text, 'date', valid_from, 'expiresOn', expires_on)) order by valid_from, id)
        from check_exclusions e where e.segment_id = a.segment_id and e.ended_at is null and e.expires_on >= ${day}
          and case e.scope when 'customer' then e.customer_id = a.customer_id when 'group' then e.group_code = c.group_code else true end) as exclusions,
      g.code as group_code,
      case when g.id is not null then jsonb_strip_nulls(jsonb_build_object('date', g.valid_from, 'kind', g.limit_kind, 'amount', g.limit_amount::text, 'currency', g.currency)) end as group_limit,
      case when g.limit_kind = 'amount' then (
        select jsonb_agg(jsonb_build_object('currency', currency, 'amount', amount::text)) from (
          select currency, sum(amount) as amount from (
            select b.currency, b.amount from customers o join credit_accounts m on m.customer_id = o.id and m.segment_id = a.segment_id join exposure_balances b on b.account_id = m.id
            where o.group_code = c.group_code and o.id <> c.id
            union all
            select d.currency, -d.open_amount from customers o join documents d on d.customer_id = o.id and d.segment_id = a.segment_id
            where o.group_code = c.group_code and o.id <> c.id and d.type = 'order' and d.open_amount > 0 and d.cancelled_on is null and d.closed_on is null
              and not d.is_prepaid and d.due_on > ${addDays(day, ORDER_HORIZON_DAYS)}::date
            union all
            select r.currency, -r.amount from customers o join credit_accounts m on m.customer_id = o.id and m.segment_id = a.segment_id
            join order_reservations r on r.account_id = m.id and r.status = 'active' and r.expires_at <= ${tx.now}
            where o.group_code = c.group_code and o.id <> c.id
          ) parts group by 1 having sum(amount) <> 0
        ) p) end as group_exposure
    from customers c join credit_accounts a on a.customer_id = c.id and a.segment_id = ${segmentId} join segments s on s.id = a.segment_id
    left join credit_groups g on g.segment_id = a.segment_id and g.code = c.group_code
    where c.number = any (${numbers})`
  const rates = await readRates(tx, rows, currencies)
  return new Map(rows.map(row => [row.number, toGround(row, segmentId, day, rates.get(row.currency) ?? [])]))
}

interface AccountRow {
  readonly id: string
  readonly currency: string
  readonly customer_id: string
  readonly number: string
  readonly name: string
  readonly country: string
  readonly segment: string
  readonly balances: readonly (Amount & { readonly category: string })[] | null
  readonly told:
    | readonly (Amount & {
        readonly id: string
        readonly type: 'invoice' | 'order'
        readonly dueDate: string
        readonly disputed: string | null
      })[]
    | null
  readonly run_out: readonly Amount[] | null
  readonly reminders: CustomerBook['reminders'] | null
  readonly promises: CustomerBook['promises'] | null
  readonly instruments: CustomerBook['instruments'] | null
  readonly incidents: CustomerBook['incidents'] | null
  readonly limits: CustomerBook['limits'] | null
  readonly grades: CustomerBook['grades'] | null
  readonly statuses: CustomerBook['statuses'] | null
  readonly exclusions: readonly BookExclusion[] | null
  readonly group_code: string | null
  readonly group_limit: CustomerBook['limits'][number] | null
  readonly group_exposure: readonly Amount[] | null
}

// Asked for only where a currency other than the account's is about: most accounts have one.
async function readRates(tx: Tx, rows: readonly AccountRow[], asked: readonly string[]): Promise<Map<string, CustomerBook['rates']>> {
  const foreign = new Map<string, Set<string>>()
  for (const row of rows) {
    const named = [row.balances, row.told, row.instruments, row.limits, row.group_exposure].flatMap(list =>
      (list ?? []).map(({ currency }) => currency),
    )
    for (const currency of [...named, ...asked, ...(row.group_limit ? [row.group_limit.currency] : [])])
      if (currency !== row.currency) foreign.set(row.currency, (foreign.get(row.currency) ?? new Set()).add(currency))
  }
  const rates = new Map<string, CustomerBook['rates']>()
  for (const [target, currencies] of foreign) {
    const found = await tx<{ date: string; from: string; rate: string }[]>`
      select valid_on as date, from_currency as "from", rate::text as rate from exchange_rates_into(${target}, ${today(tx)}) where from_currency = any (${[...currencies]})`
    rates.set(
      target,
      found.map(({ date, from, rate }) => ({ date, from, to: target, rate })),
    )
  }
  return rates
}

function toGround(row: AccountRow, segmentId: number, day: string, rates: CustomerBook['rates']): AccountGround {
  const told = row.told ?? []
  const invoices = told.filter(({ type }) => type === 'invoice')
  const balance = (category: string): Amount[] => (row.balances ?? []).filter(balance => balance.category === category)
  const documents: BookDocument[] = [
    ...invoices.map(({ id, dueDate, currency, amount }) => ({ id, type: 'invoice' as const, date: day, dueDate, currency, amount })),
    ...less(balance('receivables'), invoices).map(({ currency, amount }) => ({
      id: `rest ${currency}`,
      type: 'invoice' as const,
      date: day,
      dueDate: addDays(day, 1),
      currency,
      amount,
    })),
  ]
  return {
    id: row.id,
    customerId: row.customer_id,
    segmentId,
    groupCode: row.group_code,
    groupExposure: row.group_exposure ?? [],
    nearOrders: less(
      balance('open_orders'),
      told.filter(({ type }) => type === 'order'),
    ),
    reserved: less(balance('reservations'), row.run_out ?? []),
    book: {
      ...emptyBook({ id: row.customer_id, name: row.name, country: row.country, segment: row.segment }, row.currency),
      documents,
      deliveries: balance('deliveries').map(({ currency, amount }) => ({
        id: `rest ${currency}`,
        orderId: '',
        date: day,
        currency,
        amount,
      })),
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
        amount: new Decimal(amount).negated().toFixed(),
      })),
      disputes: invoices.flatMap(({ id, disputed }) =>
        disputed === null ? [] : [{ id, documentId: id, date: day, amount: disputed, reason: '' }],
      ),
      reminders: row.reminders ?? [],
      promises: row.promises ?? [],
      instruments: row.instruments ?? [],
      incidents: row.incidents ?? [],
      limits: [...(row.limits ?? []), ...(row.group_limit ? [{ ...row.group_limit, isGroup: true }] : [])],
      grades: row.grades ?? [],
      statuses: row.statuses ?? [],
      rates,
      exclusions: row.exclusions ?? [],
    },
  }
}

/** Amounts less others, by currency. */
export function less(from: readonly Amount[], parts: readonly Amount[]): Amount[] {
  if (parts.length === 0) return from.filter(({ amount }) => Number(amount) !== 0)
  const sums = new Map<string, Decimal>()
  const add = ({ currency, amount }: Amount, sign: 1 | -1): void =>
    void sums.set(currency, (sums.get(currency) ?? new Decimal(0)).plus(new Decimal(amount).times(sign)))
  for (const part of from) add(part, 1)
  for (const part of parts) add(part, -1)
  return [...sums].filter(([, sum]) => !sum.isZero()).map(([currency, sum]) => ({ currency, amount: sum.toFixed() }))
}

/** Amounts and more of them, by currency. */
export function more(from: readonly Amount[], part: Amount): Amount[] {
  return less(from, [{ ...part, amount: new Decimal(part.amount).negated().toFixed() }])
}
