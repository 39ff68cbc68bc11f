import { Decimal } from '@surety/credit'
import { ageingOfCustomers, type LedgerAgeing } from './ageing.ts'
import { amountOf } from './amounts.ts'
import { findCustomer, type Customer } from './customers.ts'
import { today, type Tx } from './sql.ts'

export type StatementLineKind = 'invoice' | 'credit_note' | 'payment' | 'dishonoured' | 'cancelled'

/** What happened on an account in a period, from one balance to the next. */
export interface StatementLine {
  readonly on: string
  readonly kind: StatementLineKind
  readonly number: string
  readonly dueOn: string | null
  /** What was charged is positive, what was paid negative. */
  readonly amount: string
  /** After this line. */
  readonly balance: string
}

/** What a customer owes in one currency and how it came to that; payments and credit notes count when they come in, applied or not. */
export interface AccountStatement {
  readonly customer: Customer
  readonly currency: string
  readonly from: string
  readonly asOf: string
  readonly opening: string
  readonly lines: readonly StatementLine[]
  readonly closing: string
  readonly charged: string
  readonly paid: string
  readonly ageing: LedgerAgeing | undefined
}

/** One a currency; undefined when there is no such customer. Twelve months unless said otherwise. */
export async function accountStatementsOf(
  tx: Tx,
  customerId: string,
  period: { readonly from?: string; readonly asOf?: string } = {},
): Promise<AccountStatement[] | undefined> {
  const customer = await findCustomer(tx, customerId)
  if (!customer) return undefined
  const asOf = period.asOf ?? today(tx)
  const from = period.from ?? `${Number(asOf.slice(0, 4)) - 1}${asOf.slice(4).replace('-02-29', '-02-28')}`
  const events = await tx<
    { on: string; kind: StatementLineKind; number: string; due_on: string | null; currency: string; amount: string }[]
  >`
    select * from (
      select issued_on as on, type as kind, number, due_on, currency, case when type = 'invoice' then amount else -amount end as amount
      from documents where customer_id = ${customerId} and type in ('invoice', 'credit_note')
      union all
      select cancelled_on, 'cancelled', number, null, currency, case when type = 'invoice' then -amount else amount end
      from documents where customer_id = ${customerId} and type in ('invoice', 'credit_note') and cancelled_on is not null
      union all
      select received_on, 'payment', number, null, currency, -amount from payments where customer_id = ${customerId} and not is_dishonoured
      union all
      select cancelled_on, 'cancelled', number, null, currency, amount from payments where customer_id = ${customerId} and not is_dishonoured and cancelled_on is not null
    ) e where "on" <= ${asOf} order by currency, "on", kind, number`
  const ageings = (await ageingOfCustomers(tx, [customerId], asOf)).get(customerId) ?? []
  const currencies = [...new Set([...events.map(({ currency }) => currency), ...ageings.map(({ currency }) => currency)])].toSorted()
  return currencies.map(currency => {
    const own = events.filter(event => event.currency === currency)
    const sum = (chosen: typeof own): Decimal => chosen.reduce((total, { amount }) => total.plus(amount), new Decimal(0))
    const money = (amount: Decimal): string => amountOf(amount.toFixed(4), currency)
    const opening = sum(own.filter(({ on }) => on < from))
    const shown = own.filter(({ on }) => on >= from)
    let balance = opening
    return {
      customer,
      currency,
      from,
      asOf,
      opening: money(opening),
      lines: shown.map(({ on, kind, number, due_on, amount }) => {
        balance = balance.plus(amount)
        return { on, kind, number, dueOn: due_on, amount: amountOf(amount, currency), balance: money(balance) }
      }),
      closing: money(balance),
      charged: money(sum(shown.filter(({ amount }) => Number(amount) > 0))),
      paid: money(sum(shown.filter(({ amount }) => Number(amount) < 0))),
      ageing: ageings.find(ageing => ageing.currency === currency),
    }
  })
}
