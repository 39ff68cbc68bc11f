import { appendAudit } from './audit.ts'
import { groupBy } from './group.ts'
import { publishChange } from './live.ts'
import type { Tx } from './sql.ts'

/** A customer's financial statement. */
export interface FinancialStatement {
  readonly id: string
  readonly customerId: string
  readonly periodEnd: string
  readonly periodMonths: number
  readonly receivedOn: string
  readonly currency: string
  readonly audited: boolean
  /** Decimal strings by the names of credit's `BookStatement`. */
  readonly items: Readonly<Record<string, string>>
  readonly source: string
}

/** Newest period first. */
export async function statementsOf(tx: Tx, customerIds: readonly string[]): Promise<Map<string, FinancialStatement[]>> {
  const rows = await tx<StatementRow[]>`
    select * from financial_statements where customer_id = any (${customerIds as string[]}::bigint[]) order by period_end desc, id desc`
  return groupBy(customerIds, rows.map(toStatement), ({ customerId }) => customerId)
}

/** Adds a statement; one of the same source and period takes the place of the earlier one. */
export async function addStatement(tx: Tx, statement: Omit<FinancialStatement, 'id'>): Promise<FinancialStatement> {
  const { customerId, periodEnd, periodMonths, receivedOn, currency, audited, items, source } = statement
  const [before] = await tx<
    StatementRow[]
  >`select * from financial_statements where customer_id = ${customerId} and period_end = ${periodEnd} and source = ${source}`
  const [row] = await tx<StatementRow[]>`
    insert into financial_statements (customer_id, period_end, period_months, received_on, currency, audited, items, source)
    values (${customerId}, ${periodEnd}, ${periodMonths}, ${receivedOn}, ${currency}, ${audited}, ${tx.json(items)}, ${source})
    on conflict (customer_id, period_end, source) do update set
      period_months = excluded.period_months, received_on = excluded.received_on, currency = excluded.currency, audited = excluded.audited, items = excluded.items
    returning *`
  const [account] = await tx<
    { segment_id: number }[]
  >`select segment_id from credit_accounts where customer_id = ${customerId} order by id limit 1`
  const segmentId = account?.segment_id ?? null
  await appendAudit(tx, {
    action: 'statement.add',
    entity: 'Customer',
    entityId: customerId,
    segmentId,
    before: before ? toStatement(before) : undefined,
    after: statement,
  })
  await publishChange(tx, { entity: 'Customer', id: customerId, customerId, segmentId })
  return toStatement(row!)
}

interface StatementRow {
  readonly id: string
  readonly customer_id: string
  readonly period_end: string
  readonly period_months: number
  readonly received_on: string
  readonly currency: string
  readonly audited: boolean
  readonly items: Record<string, string>
  readonly source: string
}

function toStatement(row: StatementRow): FinancialStatement {
  return {
    id: row.id,
    customerId: row.customer_id,
    periodEnd: row.period_end,
    periodMonths: row.period_months,
    receivedOn: row.received_on,
    currency: row.currency,
    audited: row.audited,
    items: row.items,
    source: row.source,
  }
}
