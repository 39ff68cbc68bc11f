import type { CompanySize, IndustryScheme } from '@surety/credit'
import { findAccountViews, type AccountView } from './accounts.ts'
import { appendAudit } from './audit.ts'
import { exposureTables } from './exposure.ts'
import { foldName } from './fold-name.ts'
import { groupBy } from './group.ts'
import { publishChange } from './live.ts'
import { selectPage, type Fragment, type Page, type PageRequest, type Sort, type SortKey } from './page.ts'
import { today, type Tx } from './sql.ts'

export type CustomerStatus = 'active' | 'inactive' | 'bankrupt'

export interface Customer {
  readonly id: string
  readonly number: string
  readonly name: string
  readonly registrationNumber: string | null
  readonly country: string
  readonly industry: { readonly scheme: IndustryScheme; readonly code: string } | null
  readonly size: CompanySize | null
  readonly isListed: boolean
  readonly groupCode: string | null
  readonly customerSince: string | null
  readonly status: CustomerStatus
  readonly statusSince: string | null
  readonly language: string
  readonly salesOwnerUserId: string | null
  readonly source: string
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

export interface Contact {
  readonly name: string
  readonly title: string | null
  readonly email: string | null
  readonly phone: string | null
}

export interface NewCustomer {
  readonly number: string
  readonly name: string
  readonly registrationNumber?: string
  readonly country?: string
  readonly industry?: { readonly scheme: IndustryScheme; readonly code: string }
  readonly size?: CompanySize
  readonly isListed?: boolean
  readonly groupCode?: string
  readonly customerSince?: string
  readonly language?: string
  readonly salesOwnerUserId?: string
  readonly source?: string
  readonly otherNames?: readonly string[]
  readonly contacts?: readonly (Pick<Contact, 'name'> & Partial<Contact>)[]
}

export interface NewAccount {
  readonly segmentId: number
  readonly currency: string
  readonly paymentTermsDays?: number
}

export interface CustomerFilter {
  readonly query?: string
  readonly grades?: readonly string[]
  readonly statuses?: readonly CustomerStatus[]
  readonly segmentIds?: readonly number[]
  /** Codes or their beginnings: `C` is all of manufacturing. */
  readonly industries?: readonly string[]
  readonly overdue?: boolean
  readonly overLimit?: boolean
}

export const CUSTOMER_SORT_FIELDS = [
  'name',
  'number',
  'grade',
  'limit',
  'exposure',
  'utilisation',
  'overdue',
  'oldestOverdue',
  'customerSince',
] as const
export type CustomerSortField = (typeof CUSTOMER_SORT_FIELDS)[number]

/** One row an account. */
export interface CustomerRow {
  readonly customer: Customer
  readonly account: AccountView
}

/** Rows without a value in the sorted column come last; an unlimited limit counts as the highest. */
export async function listCustomers(
  tx: Tx,
  filter: CustomerFilter,
  sort: Sort<CustomerSortField>,
  page: PageRequest,
): Promise<Page<CustomerRow>> {
  const { expression, type, needsExposure } = SORT_KEYS[sort.field](tx)
  const withExposure = needsExposure === true || filter.overdue !== undefined || filter.overLimit !== undefined
  const matched = tx`
    ${withExposure ? tx`with ${exposureTables(tx)}` : tx``}
    select a.id as page_id, a.customer_id, ${expression} as page_key
    from credit_accounts a join customers c on c.id = a.customer_id
    ${withExposure ? tx`join exposures e on e.account_id = a.id` : tx``}
    where ${matching(tx, filter)}`
  const found = await selectPage<{ customer_id: string }, { accountId: string; customerId: string }>(
    tx,
    matched,
    type,
    sort.descending ?? false,
    page,
    row => ({ accountId: row.page_id, customerId: row.customer_id }),
  )
  const nodes = found.edges.map(({ node }) => node)
  const [customers, accounts] = await Promise.all([
    findCustomers(
      tx,
      nodes.map(({ customerId }) => customerId),
    ),
    findAccountViews(
      tx,
      nodes.map(({ accountId }) => accountId),
    ),
  ])
  return {
    ...found,
    edges: found.edges.map(({ cursor, node }) => ({
      cursor,
      node: { customer: customers.get(node.customerId)!, account: accounts.get(node.accountId)! },
    })),
  }
}

export async function findCustomer(tx: Tx, id: string): Promise<Customer | undefined> {
  return (await findCustomers(tx, [id])).get(id)
}

export async function findCustomerByNumber(tx: Tx, number: string): Promise<Customer | undefined> {
  const [row] = await tx<CustomerColumns[]>`select * from customers where number = ${number}`
  return row && toCustomer(row)
}

export async function findCustomers(tx: Tx, ids: readonly string[]): Promise<Map<string, Customer>> {
  const rows = await tx<CustomerColumns[]>`select * from customers where id = any (${ids as string[]}::bigint[])`
  return new Map(rows.map(row => [row.id, toCustomer(row)]))
}

/** Every spelling under which a customer has arrived. */
export async function namesOf(tx: Tx, customerIds: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await tx<
    { customer_id: string; name: string }[]
  >`select customer_id, name from customer_names where customer_id = any (${customerIds as string[]}::bigint[]) order by name`
  return new Map(
    [...groupBy(customerIds, rows, ({ customer_id }) => customer_id)].map(([id, named]) => [id, named.map(({ name }) => name)]),
  )
}

export async function contactsOf(tx: Tx, customerIds: readonly string[]): Promise<Map<string, Contact[]>> {
  const rows = await tx<
    (Contact & { customer_id: string })[]
  >`select customer_id, name, title, email, phone from customer_contacts where customer_id = any (${customerIds as string[]}::bigint[]) order by id`
  const contacts = groupBy(customerIds, rows, ({ customer_id }) => customer_id)
  return new Map([...contacts].map(([id, list]) => [id, list.map(({ name, title, email, phone }) => ({ name, title, email, phone }))]))
}

/**
 * Makes the customer, or finds it by its number, and opens its account in the segment unless it has one.
 * A customer without an account would be seen by nobody, so there is no way to make one.
 */
export async function createCustomer(
  tx: Tx,
  customer: NewCustomer,
  account: NewAccount,
): Promise<{ customer: Customer; accountId: string; isNew: boolean }> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${customer.number}, 5823004))`
  const [known] = await tx<{ id: string | null }[]>`select customer_id_of(${customer.number}) as id`
  const isNew = !known?.id
  const id = known?.id ?? (await insertCustomer(tx, customer))
  const accountId = await openAccount(tx, id, account)
  await insertNames(tx, id, customer)
  await appendAudit(tx, {
    action: isNew ? 'customer.create' : 'customer.openAccount',
    entity: 'Customer',
    entityId: id,
    segmentId: account.segmentId,
    after: { ...customer, account },
  })
  await publishChange(tx, { entity: 'Customer', id, customerId: id, segmentId: account.segmentId })
  return { customer: (await findCustomer(tx, id))!, accountId, isNew }
}

export async function setCustomerStatus(
  tx: Tx,
  id: string,
  status: CustomerStatus,
  { since, reason }: { readonly since: string; readonly reason: string },
): Promise<Customer | undefined> {
  const before = await findCustomer(tx, id)
  if (!before || before.status === status) return before
  const [row] = await tx<CustomerColumns[]>`
    update customers set status = ${status}, status_since = ${since}, version = version + 1, updated_at = ${tx.now} where id = ${id} returning *`
  const [account] = await tx<{ segment_id: number }[]>`select segment_id from credit_accounts where customer_id = ${id} order by id limit 1`
  await appendAudit(tx, {
    action: 'customer.status',
    entity: 'Customer',
    entityId: id,
    segmentId: account?.segment_id ?? null,
    reason,
    before: { status: before.status, since: before.statusSince },
    after: { status, since },
  })
  await publishChange(tx, { entity: 'Customer', id, customerId: id, segmentId: account?.segment_id ?? null })
  return toCustomer(row!)
}

/** The industries that there are customers of. */
export async function listIndustryCodes(tx: Tx): Promise<{ scheme: IndustryScheme; code: string }[]> {
  return tx<{ scheme: IndustryScheme; code: string }[]>`
    select distinct industry_scheme as scheme, industry_code as code from customers where industry_code is not null order by 1, 2`
}

const SORT_KEYS: Record<CustomerSortField, (tx: Tx) => SortKey & { readonly needsExposure?: boolean }> = {
  name: tx => ({ expression: tx`c.name`, type: 'text' }),
  number: tx => ({ expression: tx`c.number`, type: 'text' }),
  grade: tx => ({ expression: tx`a.grade`, type: 'text' }),
  limit: tx => ({ expression: tx`case a.limit_kind when 'unlimited' then 1e20::numeric else a.limit_amount end`, type: 'numeric' }),
  customerSince: tx => ({ expression: tx`c.customer_since`, type: 'date' }),
  exposure: tx => ({ expression: tx`e.total`, type: 'numeric', needsExposure: true }),
  utilisation: tx => ({ expression: tx`e.utilisation`, type: 'numeric', needsExposure: true }),
  overdue: tx => ({ expression: tx`e.overdue`, type: 'numeric', needsExposure: true }),
  oldestOverdue: tx => ({ expression: tx`(${today(tx)}::date - e.oldest_due)::numeric`, type: 'numeric', needsExposure: true }),
}

function matching(tx: Tx, filter: CustomerFilter): Fragment {
  return tx`true
    ${filter.query?.trim() ? tx`and ${customerMatches(tx, filter.query)}` : tx``}
    ${filter.grades?.length ? tx`and a.grade = any (${filter.grades as string[]})` : tx``}
    ${filter.statuses?.length ? tx`and c.status = any (${filter.statuses as string[]})` : tx``}
    ${filter.segmentIds?.length ? tx`and a.segment_id = any (${filter.segmentIds as number[]}::int[])` : tx``}
    ${filter.industries?.length ? tx`and exists (select from unnest(${filter.industries as string[]}::text[]) code where starts_with(c.industry_code, code))` : tx``}
    ${filter.overdue === undefined ? tx`` : filter.overdue ? tx`and e.overdue > 0` : tx`and e.overdue = 0`}
    ${filter.overLimit === undefined ? tx`` : tx`and (e.limit_kind <> 'unlimited' and e.total - e.reducing > coalesce(e.limit_amount, 0) + e.raising) = ${filter.overLimit}`}`
}

/** A condition on `customers c`: part of the name in any of its spellings, or the beginning of the number. */
export function customerMatches(tx: Tx, query: string): Fragment {
  const folded = foldName(query)
  const number = `${escapeLike(query.trim())}%`
  return tx`(c.number ilike ${number} or c.registration_number ilike ${number}
    ${folded === '' ? tx`` : tx`or c.search_name like ${`%${escapeLike(folded)}%`}`}
    or exists (select from customer_names n where n.customer_id = c.id and n.name ilike ${`%${escapeLike(query.trim())}%`}))`
}

export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}

interface CustomerColumns {
  readonly id: string
  readonly number: string
  readonly name: string
  readonly registration_number: string | null
  readonly country: string
  readonly industry_scheme: IndustryScheme | null
  readonly industry_code: string | null
  readonly size: CompanySize | null
  readonly is_listed: boolean
  readonly group_code: string | null
  readonly customer_since: string | null
  readonly status: CustomerStatus
  readonly status_since: string | null
  readonly language: string
  readonly sales_owner_user_id: string | null
  readonly source: string
  readonly version: number
  readonly created_at: Date
  readonly updated_at: Date
}

function toCustomer(row: CustomerColumns): Customer {
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    registrationNumber: row.registration_number,
    country: row.country,
    industry: row.industry_scheme && row.industry_code ? { scheme: row.industry_scheme, code: row.industry_code } : null,
    size: row.size,
    isListed: row.is_listed,
    groupCode: row.group_code,
    customerSince: row.customer_since,
    status: row.status,
    statusSince: row.status_since,
    language: row.language,
    salesOwnerUserId: row.sales_owner_user_id,
    source: row.source,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

async function insertCustomer(tx: Tx, customer: NewCustomer): Promise<string> {
  const [next] = await tx<{ id: string }[]>`select next_customer_id() as id`
  await tx`
    insert into customers (id, number, name, search_name, registration_number, country, industry_scheme, industry_code, size, is_listed, group_code,
      customer_since, language, sales_owner_user_id, source, created_at, updated_at)
    values (${next!.id}, ${customer.number}, ${customer.name}, ${foldName(customer.name)}, ${customer.registrationNumber ?? null}, ${customer.country ?? 'CN'},
      ${customer.industry?.scheme ?? null}, ${customer.industry?.code ?? null}, ${customer.size ?? null}, ${customer.isListed ?? false}, ${customer.groupCode ?? null},
      ${customer.customerSince ?? null}, ${customer.language ?? 'zh-CN'}, ${customer.salesOwnerUserId ?? null}, ${customer.source ?? 'manual'}, ${tx.now}, ${tx.now})`
  return next!.id
}

async function openAccount(tx: Tx, customerId: string, { segmentId, currency, paymentTermsDays }: NewAccount): Promise<string> {
  const [opened] = await tx<{ id: string }[]>`
    insert into credit_accounts (customer_id, segment_id, currency, payment_terms_days, created_at, updated_at)
    values (${customerId}, ${segmentId}, ${currency}, ${paymentTermsDays ?? null}, ${tx.now}, ${tx.now})
    on conflict (customer_id, segment_id) do nothing returning id`
  if (opened) {
    await tx`insert into account_statuses (account_id, segment_id, status, since) values (${opened.id}, ${segmentId}, 'active', ${today(tx)})`
    return opened.id
  }
  const [known] = await tx<{ id: string }[]>`select id from credit_accounts where customer_id = ${customerId} and segment_id = ${segmentId}`
  return known!.id
}

async function insertNames(tx: Tx, customerId: string, { name, otherNames = [], contacts = [] }: NewCustomer): Promise<void> {
  await tx`insert into customer_names (customer_id, name) select ${customerId}, unnest(${[name, ...otherNames]}::text[]) on conflict do nothing`
  for (const contact of contacts) {
    await tx`
      insert into customer_contacts (customer_id, name, title, email, phone)
      values (${customerId}, ${contact.name}, ${contact.title ?? null}, ${contact.email ?? null}, ${contact.phone ?? null})
      on conflict (customer_id, name) do update set title = excluded.title, email = excluded.email, phone = excluded.phone`
  }
}
