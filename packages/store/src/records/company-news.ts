import { setCustomerStatus } from '../customers.ts'
import { STATEMENT_ITEMS } from '../import/fields.ts'
import { today, type Tx } from '../sql.ts'
import { INCIDENT_KINDS } from './fields.ts'
import { plain, saysTheSame, type Line, type Outcomes, type Target } from './outcomes.ts'
import { placeLines } from './places.ts'
import type { RecordReader } from './record-reader.ts'

// What is told about a company rather than by its trade: how others rate it, what befell it, what its books say.

type Bare<T extends Line> = Omit<T, 'hash' | 'line' | 'sequence' | 'key'>

export interface RatingLine extends Line {
  readonly customerNumber: string
  readonly agency: string
  readonly ratedOn: string
  readonly said: { readonly value: string; readonly score: string; readonly expiresOn: string | null }
}

export function readRating(reader: RecordReader): Bare<RatingLine> {
  const customerNumber = reader.required('customerNumber', reader.text('customerNumber'))
  const agency = reader.required('agency', reader.text('agency'))
  const ratedOn = reader.required('ratedOn', reader.date('ratedOn'))
  return {
    number: `${customerNumber}/${agency}/${ratedOn}`,
    customerNumber,
    agency,
    ratedOn,
    said: {
      value: reader.required('value', reader.text('value')),
      score: reader.required('score', reader.number('score')),
      expiresOn: reader.date('expiresOn') ?? null,
    },
  }
}

/** Brings ratings into the book: one an agency and day. */
export async function writeRatings(tx: Tx, target: Target, lines: readonly RatingLine[], outcomes: Outcomes): Promise<void> {
  const places = await placeLines(tx, target, lines, outcomes)
  const ids = [...places.values()].map(({ customerId }) => customerId)
  const rows = await tx<{ id: string; key: string; value: string; score: string; expires_on: string | null }[]>`
    select r.id, c.number || '/' || r.agency || '/' || r.rated_on as key, r.value, r.score, r.expires_on from ratings r join customers c on c.id = r.customer_id where r.customer_id = any (${ids}::bigint[])`
  const known = new Map(
    rows.map(row => [row.key, { id: row.id, said: { value: row.value, score: plain(row.score)!, expiresOn: row.expires_on } }]),
  )
  const due = lines.filter(line => isNews(line, places.get(line.customerNumber)?.customerId, known.get(line.number), 'Rating', outcomes))
  await tx`
    insert into ratings (customer_id, agency, rated_on, value, score, expires_on)
    select "customerId", agency, "ratedOn", value, score, "expiresOn"
    from jsonb_to_recordset(${tx.json(due.map(({ customerNumber, agency, ratedOn, said }) => ({ customerId: places.get(customerNumber)!.customerId, agency, ratedOn, ...said })))})
      as r ("customerId" bigint, agency text, "ratedOn" date, value text, score numeric, "expiresOn" date)
    on conflict (customer_id, agency, rated_on) do update set value = excluded.value, score = excluded.score, expires_on = excluded.expires_on`
}

export interface IncidentLine extends Line {
  readonly customerNumber: string
  readonly kind: (typeof INCIDENT_KINDS)[number]
  readonly happenedOn: string
  readonly said: { readonly note: string | null }
}

export function readIncident(reader: RecordReader): Bare<IncidentLine> {
  const customerNumber = reader.required('customerNumber', reader.text('customerNumber'))
  const kind = reader.required('kind', reader.choice('kind', INCIDENT_KINDS))
  const happenedOn = reader.required('happenedOn', reader.date('happenedOn'))
  return {
    number: `${customerNumber}/${kind}/${happenedOn}`,
    customerNumber,
    kind,
    happenedOn,
    said: { note: reader.text('note') ?? null },
  }
}

/** Brings incidents into the book; the newest word on insolvency is the customer's status. */
export async function writeIncidents(tx: Tx, target: Target, lines: readonly IncidentLine[], outcomes: Outcomes): Promise<void> {
  const places = await placeLines(tx, target, lines, outcomes)
  const ids = [...places.values()].map(({ customerId }) => customerId)
  const rows = await tx<{ id: string; key: string; note: string | null }[]>`
    select i.id, c.number || '/' || i.kind || '/' || i.happened_on as key, i.note from customer_incidents i join customers c on c.id = i.customer_id where i.customer_id = any (${ids}::bigint[])`
  const known = new Map(rows.map(({ id, key, note }) => [key, { id, said: { note } }]))
  const due = lines.filter(line => isNews(line, places.get(line.customerNumber)?.customerId, known.get(line.number), 'Incident', outcomes))
  await tx`
    insert into customer_incidents (customer_id, kind, happened_on, note)
    select "customerId", kind, "happenedOn", note
    from jsonb_to_recordset(${tx.json(due.map(({ customerNumber, kind, happenedOn, said }) => ({ customerId: places.get(customerNumber)!.customerId, kind, happenedOn, ...said })))})
      as r ("customerId" bigint, kind text, "happenedOn" date, note text)
    on conflict (customer_id, kind, happened_on) do update set note = excluded.note`
  const insolvent = new Set(
    due.filter(({ kind }) => kind.startsWith('insolvency')).map(({ customerNumber }) => places.get(customerNumber)!.customerId),
  )
  for (const id of insolvent) {
    const [last] = await tx<{ kind: string; happened_on: string }[]>`
      select kind, happened_on from customer_incidents where customer_id = ${id} and kind in ('insolvency', 'insolvency-ended') and happened_on <= ${today(tx)} order by happened_on desc, id desc limit 1`
    if (last)
      await setCustomerStatus(tx, id, last.kind === 'insolvency' ? 'bankrupt' : 'active', { since: last.happened_on, reason: last.kind })
  }
}

export interface StatementLine extends Line {
  readonly customerNumber: string
  readonly currency: string
  readonly periodEnd: string
  readonly said: {
    readonly periodMonths: number
    readonly currency: string
    readonly isAudited: boolean
    readonly items: Readonly<Record<string, string>>
  }
  readonly receivedOn: string | null
}

export function readStatement(reader: RecordReader): Bare<StatementLine> {
  const customerNumber = reader.required('customerNumber', reader.text('customerNumber'))
  const periodEnd = reader.required('periodEnd', reader.date('periodEnd'))
  const currency = reader.currency()
  const items = STATEMENT_ITEMS.map(({ key }) => [key, reader.amount(key, currency, 'any')] as const)
  return {
    number: `${customerNumber}/${periodEnd}`,
    customerNumber,
    customerName: reader.text('customerName'),
    currency,
    periodEnd,
    said: {
      periodMonths: reader.integer('periodMonths') ?? 12,
      currency,
      isAudited: reader.flag('isAudited') ?? false,
      items: inOrder(items.filter((item): item is [(typeof item)[0], string] => item[1] !== undefined)),
    },
    receivedOn: reader.date('receivedOn') ?? null,
  }
}

/** Brings financial statements into the book: one a period and source. */
export async function writeStatements(tx: Tx, target: Target, lines: readonly StatementLine[], outcomes: Outcomes): Promise<void> {
  const places = await placeLines(tx, target, lines, outcomes)
  const ids = [...places.values()].map(({ customerId }) => customerId)
  const rows = await tx<
    { id: string; key: string; period_months: number; currency: string; audited: boolean; items: Record<string, string> }[]
  >`
    select f.id, c.number || '/' || f.period_end as key, f.period_months, f.currency, f.audited, f.items from financial_statements f join customers c on c.id = f.customer_id
    where f.source = ${target.source} and f.customer_id = any (${ids}::bigint[])`
  const known = new Map(
    rows.map(row => [
      row.key,
      {
        id: row.id,
        said: {
          periodMonths: row.period_months,
          currency: row.currency,
          isAudited: row.audited,
          items: inOrder(Object.entries(row.items)),
        },
      },
    ]),
  )
  const due = lines.filter(line =>
    isNews(line, places.get(line.customerNumber)?.customerId, known.get(line.number), 'FinancialStatement', outcomes),
  )
  await tx`
    insert into financial_statements (customer_id, period_end, period_months, received_on, currency, audited, items, source)
    select "customerId", "periodEnd", "periodMonths", coalesce("receivedOn", ${today(tx)}::date), currency, "isAudited", items, ${target.source}
    from jsonb_to_recordset(${tx.json(due.map(({ customerNumber, periodEnd, receivedOn, said }) => ({ customerId: places.get(customerNumber)!.customerId, periodEnd, receivedOn, ...said })))})
      as r ("customerId" bigint, "periodEnd" date, "receivedOn" date, "periodMonths" int, currency text, "isAudited" boolean, items jsonb)
    on conflict (customer_id, period_end, source) do update set period_months = excluded.period_months, currency = excluded.currency, audited = excluded.audited, items = excluded.items`
}

// By name, so that two statements that say the same read the same.
function inOrder(items: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  return Object.fromEntries(items.toSorted(([left], [right]) => (left < right ? -1 : 1)))
}

function isNews(
  line: Line & { readonly said: object },
  customerId: string | undefined,
  known: { readonly id: string; readonly said: object } | undefined,
  entity: 'Rating' | 'Incident' | 'FinancialStatement',
  outcomes: Outcomes,
): boolean {
  if (outcomes.isWrong(line) || (known && saysTheSame(known.said, line.said))) return false
  outcomes.is(line, known ? 'changed' : 'new')
  if (customerId !== undefined) outcomes.customerIds.add(customerId)
  if (known) outcomes.changes.push({ entity, id: known.id, before: known.said, after: line.said })
  return true
}
