import { foldName } from '../fold-name.ts'
import type { Tx } from '../sql.ts'
import { CUSTOMER_SIZES } from './fields.ts'
import { saysTheSame, type Line, type Outcomes, type Target } from './outcomes.ts'
import { placeLines } from './places.ts'
import type { RecordReader } from './record-reader.ts'

export interface CustomerLine extends Line {
  readonly customerNumber: string
  readonly said: SaidOfCustomer
  readonly otherNames: readonly string[]
  readonly contact: { readonly name: string; readonly email: string | null; readonly phone: string | null } | undefined
}

interface SaidOfCustomer {
  readonly name: string
  readonly registrationNumber: string | null
  readonly country: string
  readonly industryScheme: 'GB/T 4754' | 'NACE' | null
  readonly industryCode: string | null
  readonly size: (typeof CUSTOMER_SIZES)[number] | null
  readonly isListed: boolean
  readonly groupCode: string | null
  readonly customerSince: string | null
  readonly paymentTermsDays: number | null
}

export function readCustomer(reader: RecordReader): Omit<CustomerLine, 'hash' | 'line' | 'sequence' | 'key'> {
  const customerNumber = reader.required('customerNumber', reader.text('customerNumber'))
  const name = reader.required('customerName', reader.text('customerName'))
  const industryCode = reader.text('industryCode') ?? null
  const industryScheme = reader.choice('industryScheme', ['GB/T 4754', 'NACE']) ?? (industryCode === null ? null : 'GB/T 4754')
  if (industryScheme !== null && industryCode === null) reader.wrong('industryScheme', 'NO_INDUSTRY_SCHEME')
  const contactName = reader.text('contactName')
  const contactEmail = reader.text('contactEmail') ?? null
  const contactPhone = reader.text('contactPhone') ?? null
  if (contactName === undefined && (contactEmail !== null || contactPhone !== null)) reader.wrong('contactName', 'EMPTY')
  return {
    number: customerNumber,
    customerNumber,
    customerName: name,
    said: {
      name,
      registrationNumber: reader.text('registrationNumber') ?? null,
      country: reader.country('country') ?? 'CN',
      industryScheme,
      industryCode,
      size: reader.choice('size', CUSTOMER_SIZES) ?? null,
      isListed: reader.flag('isListed') ?? false,
      groupCode: reader.text('groupCode') ?? null,
      customerSince: reader.date('customerSince') ?? null,
      paymentTermsDays: reader.integer('paymentTermsDays') ?? null,
    },
    otherNames: reader.names('otherNames'),
    contact: contactName === undefined ? undefined : { name: contactName, email: contactEmail, phone: contactPhone },
  }
}

/** Brings customers into the book. Terms agreed in Surety stand until the source says others. */
export async function writeCustomers(tx: Tx, target: Target, lines: readonly CustomerLine[], outcomes: Outcomes): Promise<void> {
  const before = await findSaid(tx, target.segmentId, lines)
  const places = await placeLines(tx, target, lines, outcomes)
  const right = lines.filter(line => !outcomes.isWrong(line))
  const due = right.filter(line => {
    const known = before.get(line.number)
    return !known || !saysTheSame(withTerms(known, line.said), line.said)
  })
  const rows = due.map(({ customerNumber, said }) => ({
    id: places.get(customerNumber)!.customerId,
    accountId: places.get(customerNumber)!.accountId,
    ...said,
    searchName: foldName(said.name),
  }))
  await tx`
    update customers c set name = r.name, search_name = r."searchName", registration_number = r."registrationNumber", country = r.country, industry_scheme = r."industryScheme", industry_code = r."industryCode",
      size = r.size, is_listed = r."isListed", group_code = r."groupCode", customer_since = r."customerSince", version = c.version + 1, updated_at = ${tx.now}
    from jsonb_to_recordset(${tx.json(rows)}) as r (id bigint, name text, "searchName" text, "registrationNumber" text, country text, "industryScheme" text, "industryCode" text, size text, "isListed" boolean,
      "groupCode" text, "customerSince" date)
    where c.id = r.id`
  await tx`
    update credit_accounts a set payment_terms_days = r."paymentTermsDays", version = a.version + 1, updated_at = ${tx.now}
    from jsonb_to_recordset(${tx.json(rows)}) as r ("accountId" bigint, "paymentTermsDays" int)
    where a.id = r."accountId" and r."paymentTermsDays" is not null and a.payment_terms_days is distinct from r."paymentTermsDays"`
  const names = right.flatMap(({ customerNumber, said, otherNames }) =>
    [said.name, ...otherNames].map(name => ({ id: places.get(customerNumber)!.customerId, name })),
  )
  const { count } = await tx`
    insert into customer_names (customer_id, name) select id, name from jsonb_to_recordset(${tx.json(names)}) as r (id bigint, name text) on conflict do nothing`
  const contacts = right.flatMap(({ customerNumber, contact }) =>
    contact ? [{ id: places.get(customerNumber)!.customerId, ...contact }] : [],
  )
  await tx`
    insert into customer_contacts (customer_id, name, email, phone)
    select distinct on (id, name) id, name, email, phone from jsonb_to_recordset(${tx.json(contacts)}) as r (id bigint, name text, email text, phone text)
    on conflict (customer_id, name) do update set email = excluded.email, phone = excluded.phone`
  for (const line of due) {
    const known = before.get(line.number)
    outcomes.is(line, known ? 'changed' : 'new')
    outcomes.customerIds.add(places.get(line.customerNumber)!.customerId)
    if (known)
      outcomes.changes.push({ entity: 'Customer', id: places.get(line.customerNumber)!.customerId, before: known, after: line.said })
  }
  if (count > 0) for (const { customerNumber } of right) outcomes.customerIds.add(places.get(customerNumber)!.customerId)
}

function withTerms(known: SaidOfCustomer, said: SaidOfCustomer): SaidOfCustomer {
  return said.paymentTermsDays === null ? { ...known, paymentTermsDays: null } : known
}

async function findSaid(tx: Tx, segmentId: number, lines: readonly CustomerLine[]): Promise<Map<string, SaidOfCustomer>> {
  const rows = await tx<
    {
      number: string
      name: string
      registration_number: string | null
      country: string
      industry_scheme: SaidOfCustomer['industryScheme']
      industry_code: string | null
      size: SaidOfCustomer['size']
      is_listed: boolean
      group_code: string | null
      customer_since: string | null
      payment_terms_days: number | null
    }[]
  >`
    select c.*, a.payment_terms_days from customers c join credit_accounts a on a.customer_id = c.id and a.segment_id = ${segmentId}
    where c.number = any (${lines.map(({ number }) => number)}::text[])`
  return new Map(
    rows.map(row => [
      row.number,
      {
        name: row.name,
        registrationNumber: row.registration_number,
        country: row.country,
        industryScheme: row.industry_scheme,
        industryCode: row.industry_code,
        size: row.size,
        isListed: row.is_listed,
        groupCode: row.group_code,
        customerSince: row.customer_since,
        paymentTermsDays: row.payment_terms_days,
      },
    ]),
  )
}
