import { foldName } from '../fold-name.ts'
import type { Tx } from '../sql.ts'
import type { Line, Outcomes, Target } from './outcomes.ts'

/** A customer and its account in the segment. */
export interface Place {
  readonly customerId: string
  readonly accountId: string
  readonly currency: string
}

/**
 * The places of customers by number. Those that are not known are made, where a line gives their name, and accounts are opened; other
 * lines are wrong. All accounts are locked from here on, in one order, as order checks lock them.
 */
export async function placeLines(
  tx: Tx,
  { segmentId, source }: Target,
  lines: readonly Line[],
  outcomes: Outcomes,
): Promise<Map<string, Place>> {
  const numbers = [...new Set(lines.flatMap(({ customerNumber }) => customerNumber ?? []))]
  let known = await findPlaces(tx, segmentId, numbers)
  const names = new Map<string, string>()
  const currencies = new Map<string, Set<string>>()
  for (const { customerNumber, customerName, currency } of lines) {
    if (customerNumber === undefined) continue
    if (customerName !== undefined && !names.has(customerNumber)) names.set(customerNumber, customerName)
    if (currency !== undefined) currencies.set(customerNumber, (currencies.get(customerNumber) ?? new Set()).add(currency))
  }
  const missing = numbers.filter(number => !known.get(number)?.customer_id && names.has(number))
  if (missing.length > 0) await makeCustomers(tx, source, missing, names)
  const unopened = numbers.filter(number => !known.get(number)?.account_id && (known.get(number)?.customer_id || names.has(number)))
  if (unopened.length > 0) {
    await openAccounts(
      tx,
      segmentId,
      unopened.map(number => ({ number, currency: currencies.get(number)?.size === 1 ? [...currencies.get(number)!][0]! : null })),
    )
    known = await findPlaces(tx, segmentId, numbers)
  }
  outcomes.newCustomers = missing.length
  const places = new Map<string, Place>()
  for (const [number, { customer_id, account_id, currency }] of known)
    if (customer_id && account_id && currency) places.set(number, { customerId: customer_id, accountId: account_id, currency })
  for (const line of lines)
    if (line.customerNumber !== undefined && !places.has(line.customerNumber))
      outcomes.wrong(line, 'customerNumber', 'UNKNOWN_CUSTOMER_YET', line.customerNumber)
  const accountIds = [...places.values()].map(({ accountId }) => accountId)
  await tx`select from credit_accounts where id = any (${accountIds}::bigint[]) order by id for no key update`
  return places
}

interface PlaceRow {
  readonly number: string
  readonly customer_id: string | null
  readonly account_id: string | null
  readonly currency: string | null
}

async function findPlaces(tx: Tx, segmentId: number, numbers: readonly string[]): Promise<Map<string, PlaceRow>> {
  const rows = await tx<PlaceRow[]>`
    select c.number, c.id as customer_id, a.id as account_id, a.currency
    from unnest(${numbers as string[]}::text[]) asked (number) join customers c on c.number = asked.number left join credit_accounts a on a.customer_id = c.id and a.segment_id = ${segmentId}`
  return new Map(rows.map(row => [row.number, row]))
}

async function makeCustomers(tx: Tx, source: string, numbers: readonly string[], names: ReadonlyMap<string, string>): Promise<void> {
  const rows = numbers.map(number => ({ number, name: names.get(number)!, search_name: foldName(names.get(number)!) }))
  // Another segment may make the same customer at this moment: then it is that one.
  await tx`
    insert into customers (number, name, search_name, source, created_at, updated_at)
    select number, name, search_name, ${source}, ${tx.now}, ${tx.now}
    from jsonb_to_recordset(${tx.json(rows)}) as r (number text, name text, search_name text) order by number
    on conflict (number) do nothing`
  await tx`
    insert into customer_names (customer_id, name)
    select c.id, r.name from jsonb_to_recordset(${tx.json(rows)}) as r (number text, name text) join customers c on c.number = r.number
    on conflict do nothing`
}

async function openAccounts(
  tx: Tx,
  segmentId: number,
  accounts: readonly { readonly number: string; readonly currency: string | null }[],
): Promise<void> {
  // In the currency that the customer is invoiced in, where that is one; else in the segment's.
  await tx`
    with opened as (
      insert into credit_accounts (customer_id, segment_id, currency, created_at, updated_at)
      select c.id, s.id, coalesce(r.currency, s.currency), ${tx.now}, ${tx.now}
      from jsonb_to_recordset(${tx.json(accounts)}) as r (number text, currency text)
      join customers c on c.number = r.number join segments s on s.id = ${segmentId} order by c.id
      on conflict do nothing returning id, segment_id
    )
    insert into account_statuses (account_id, segment_id, status, since) select id, segment_id, 'active', ${tx.now}::date from opened`
}
