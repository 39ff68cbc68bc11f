import { Decimal } from '@surety/credit'
import type { Tx } from '../sql.ts'
import { BILL_KINDS, PAYMENT_METHODS } from './fields.ts'
import { plain, saysTheSame, type Line, type Outcomes, type Target } from './outcomes.ts'
import { placeLines, type Place } from './places.ts'
import type { Claim, RecordReader } from './record-reader.ts'
import { settleClaims, writeClaims } from './settle-claims.ts'

/** A line about a payment, or about a bill, which pays as a payment of its own does. */
export interface PayerLine extends Line {
  readonly customerNumber: string
  readonly currency: string
  readonly said: SaidOfPayment
  readonly claims: readonly Claim[]
  readonly bill: SaidOfBill | undefined
}

interface SaidOfPayment {
  readonly receivedOn: string
  readonly currency: string
  readonly amount: string
  readonly method: (typeof PAYMENT_METHODS)[number] | null
  readonly isDishonoured: boolean
  readonly cancelledOn: string | null
}

interface SaidOfBill {
  readonly kind: (typeof BILL_KINDS)[number]
  readonly receivedOn: string
  readonly maturesOn: string
  readonly currency: string
  readonly amount: string
  readonly honouredOn: string | null
  readonly dishonouredOn: string | null
  readonly endorsedOn: string | null
  readonly endorsedTo: string | null
  readonly discountedOn: string | null
  readonly discountedWith: string | null
}

export function readPayment(reader: RecordReader): Omit<PayerLine, 'hash' | 'line' | 'sequence' | 'key'> {
  const payer = readPayer(reader)
  return {
    ...payer,
    said: {
      receivedOn: payer.receivedOn,
      currency: payer.currency,
      amount: payer.amount,
      method: reader.choice('method', PAYMENT_METHODS) ?? null,
      isDishonoured: false,
      cancelledOn: reader.date('cancelledOn') ?? null,
    },
    bill: undefined,
  }
}

export function readBill(reader: RecordReader): Omit<PayerLine, 'hash' | 'line' | 'sequence' | 'key'> {
  const payer = readPayer(reader)
  const { receivedOn, currency, amount } = payer
  const maturesOn = reader.required('maturesOn', reader.date('maturesOn'))
  if (maturesOn < receivedOn) reader.wrong('maturesOn', 'DATES_CROSSED', { other: receivedOn })
  const honouredOn = reader.date('honouredOn') ?? null
  const dishonouredOn = reader.date('dishonouredOn') ?? null
  if (honouredOn !== null && dishonouredOn !== null) reader.wrong('dishonouredOn', 'HONOURED_AND_DISHONOURED')
  return {
    ...payer,
    said: { receivedOn, currency, amount, method: 'bill', isDishonoured: dishonouredOn !== null, cancelledOn: null },
    bill: {
      kind: reader.required('kind', reader.choice('kind', BILL_KINDS)),
      receivedOn,
      maturesOn,
      currency,
      amount,
      honouredOn,
      dishonouredOn,
      endorsedOn: reader.date('endorsedOn') ?? null,
      endorsedTo: reader.text('endorsedTo') ?? null,
      discountedOn: reader.date('discountedOn') ?? null,
      discountedWith: reader.text('discountedWith') ?? null,
    },
  }
}

function readPayer(reader: RecordReader) {
  const number = reader.required('number', reader.text('number'))
  const customerNumber = reader.required('customerNumber', reader.text('customerNumber'))
  const currency = reader.currency()
  const receivedOn = reader.required('receivedOn', reader.date('receivedOn'))
  const amount = reader.required('amount', reader.amount('amount', currency, 'positive'))
  return {
    number,
    customerNumber,
    customerName: reader.text('customerName'),
    currency,
    receivedOn,
    amount,
    claims: reader.claims(currency, amount, receivedOn),
  }
}

/** Brings payments and bills into the book and applies them to the invoices that they name, as far as those are there and open. */
export async function writePayers(tx: Tx, target: Target, lines: readonly PayerLine[], outcomes: Outcomes): Promise<void> {
  const places = await placeLines(tx, target, lines, outcomes)
  // A bill pays by a payment of its own number, kept apart from payments that carry that number by chance.
  const isBills = lines.some(({ bill }) => bill)
  const source = isBills ? `${target.source}/bill` : target.source
  const known = await findKnown(tx, { ...target, source }, lines)
  refuseChanges(lines, places, known, outcomes)
  const right = lines.filter(line => !outcomes.isWrong(line))
  const billIds = isBills ? await writeBills(tx, target, right, places) : new Map<string, string>()
  const fresh = right.filter(({ number }) => !known.has(number))
  const changed = right.filter(line => {
    const before = known.get(line.number)
    return before && !saysTheSame(saidBy(before), saidIn(line))
  })
  const ids = new Map([...known].map(([number, { id }]) => [number, id]))
  for (const { number, id } of await insertPayments(tx, { ...target, source }, fresh, places, billIds)) ids.set(number, id)
  await updatePayments(tx, changed, known)
  for (const line of fresh) outcomes.is(line, 'new')
  for (const line of changed) {
    const before = known.get(line.number)!
    outcomes.is(line, 'changed')
    outcomes.changes.push({
      entity: isBills ? 'Bill' : 'Payment',
      id: before.billId ?? before.id,
      before: saidBy(before),
      after: saidIn(line),
    })
  }
  for (const { customerNumber } of [...fresh, ...changed]) outcomes.customerIds.add(places.get(customerNumber)!.customerId)
  const telling = [...fresh.filter(({ claims }) => claims.length > 0), ...changed]
  const invoices = await writeClaims(
    tx,
    target,
    telling.map(({ number, claims }) => ({ payer: { kind: 'payment', id: ids.get(number)! }, claims })),
  )
  await settleClaims(tx, invoices)
}

interface Known {
  readonly id: string
  readonly customerId: string
  readonly customerNumber: string
  readonly said: SaidOfPayment
  readonly claims: readonly Claim[]
  readonly billId: string | null
  readonly bill: SaidOfBill | undefined
  readonly appliedOtherwise: string
}

// In the order of their numbers, as a list in a file has none that means anything.
function sorted(claims: readonly Claim[]): readonly Claim[] {
  return claims.toSorted((left, right) => (left.invoiceNumber < right.invoiceNumber ? -1 : 1))
}

function saidBy({ said, claims, bill }: Known): object {
  return { ...said, claims: sorted(claims), ...(bill && { bill }) }
}

function saidIn({ said, claims, bill }: PayerLine): object {
  return { ...said, claims: sorted(claims), ...(bill && { bill }) }
}

async function findKnown(tx: Tx, { segmentId, source }: Target, lines: readonly PayerLine[]): Promise<Map<string, Known>> {
  const rows = await tx<KnownRow[]>`
    select p.*, c.number as customer_number, to_jsonb(b) || case when b.id is null then '{}' else jsonb_build_object('amount', b.amount::text) end as bill,
      (select jsonb_agg(jsonb_build_object('invoiceNumber', k.invoice_number, 'amount', trim_scale(k.amount)::text, 'claimedOn', k.claimed_on)) from application_claims k where k.payment_id = p.id and k.amount > 0) as claims,
      coalesce((select sum(a.amount) from payment_applications a where a.payment_id = p.id and not exists (select from application_claims k where k.invoice_id = a.document_id and k.payment_id = p.id)), 0) as applied_otherwise
    from payments p join customers c on c.id = p.customer_id left join bills b on b.id = p.bill_id
    where p.segment_id = ${segmentId} and p.source = ${source} and p.number = any (${lines.map(({ number }) => number)}::text[])`
  return new Map(
    rows.map(row => [
      row.number,
      {
        id: row.id,
        customerId: row.customer_id,
        customerNumber: row.customer_number,
        said: {
          receivedOn: row.received_on,
          currency: row.currency,
          amount: plain(row.amount)!,
          method: row.method,
          isDishonoured: row.is_dishonoured,
          cancelledOn: row.cancelled_on,
        },
        claims: row.claims ?? [],
        billId: row.bill_id,
        bill: row.bill === null ? undefined : toBill(row.bill),
        appliedOtherwise: row.applied_otherwise,
      },
    ]),
  )
}

interface KnownRow {
  readonly id: string
  readonly number: string
  readonly customer_id: string
  readonly customer_number: string
  readonly received_on: string
  readonly currency: string
  readonly amount: string
  readonly method: SaidOfPayment['method']
  readonly is_dishonoured: boolean
  readonly cancelled_on: string | null
  readonly bill_id: string | null
  readonly bill: Readonly<Record<string, string | null>> | null
  readonly claims: readonly Claim[] | null
  readonly applied_otherwise: string
}

function toBill(row: Readonly<Record<string, string | null>>): SaidOfBill {
  return {
    kind: row['kind'] as SaidOfBill['kind'],
    receivedOn: row['received_on']!,
    maturesOn: row['matures_on']!,
    currency: row['currency']!,
    amount: plain(row['amount']!)!,
    honouredOn: row['honoured_on'] ?? null,
    dishonouredOn: row['dishonoured_on'] ?? null,
    endorsedOn: row['endorsed_on'] ?? null,
    endorsedTo: row['endorsed_to'] ?? null,
    discountedOn: row['discounted_on'] ?? null,
    discountedWith: row['discounted_with'] ?? null,
  }
}

function refuseChanges(
  lines: readonly PayerLine[],
  places: ReadonlyMap<string, Place>,
  known: ReadonlyMap<string, Known>,
  outcomes: Outcomes,
): void {
  for (const line of lines) {
    const before = known.get(line.number)
    if (!before || outcomes.isWrong(line)) continue
    if (before.customerId !== places.get(line.customerNumber)!.customerId)
      outcomes.wrong(line, 'number', 'OTHER_CUSTOMER', line.number, { customer: before.customerNumber })
    else if (before.said.currency !== line.currency && before.claims.length > 0)
      outcomes.wrong(line, 'number', 'OTHER_CURRENCY', line.number, { currency: before.said.currency })
    // What a file applied does not follow: the payment would be applied twice, or for more than there is.
    else if (
      new Decimal(before.appliedOtherwise).greaterThan(0) &&
      (before.said.currency !== line.currency || before.said.amount !== line.said.amount || line.claims.length > 0)
    )
      outcomes.wrong(line, 'number', 'ALREADY_APPLIED', line.number)
  }
}

async function writeBills(
  tx: Tx,
  { segmentId, source }: Target,
  lines: readonly PayerLine[],
  places: ReadonlyMap<string, Place>,
): Promise<Map<string, string>> {
  const rows = lines.map(({ number, customerNumber, bill }) => ({ number, customerId: places.get(customerNumber)!.customerId, ...bill }))
  const written = await tx<{ number: string; id: string }[]>`
    insert into bills (segment_id, customer_id, number, source, kind, received_on, matures_on, currency, amount, honoured_on, dishonoured_on, endorsed_on, endorsed_to, discounted_on, discounted_with)
    select ${segmentId}, "customerId", number, ${source}, kind, "receivedOn", "maturesOn", currency, amount, "honouredOn", "dishonouredOn", "endorsedOn", "endorsedTo", "discountedOn", "discountedWith"
    from jsonb_to_recordset(${tx.json(rows)}) as r ("customerId" bigint, number text, kind text, "receivedOn" date, "maturesOn" date, currency text, amount numeric, "honouredOn" date, "dishonouredOn" date,
      "endorsedOn" date, "endorsedTo" text, "discountedOn" date, "discountedWith" text)
    on conflict (segment_id, source, number) do update set kind = excluded.kind, received_on = excluded.received_on, matures_on = excluded.matures_on, currency = excluded.currency, amount = excluded.amount,
      honoured_on = excluded.honoured_on, dishonoured_on = excluded.dishonoured_on, endorsed_on = excluded.endorsed_on, endorsed_to = excluded.endorsed_to, discounted_on = excluded.discounted_on, discounted_with = excluded.discounted_with
    returning number, id`
  return new Map(written.map(({ number, id }) => [number, id]))
}

async function insertPayments(
  tx: Tx,
  { segmentId, source }: Target,
  lines: readonly PayerLine[],
  places: ReadonlyMap<string, Place>,
  billIds: ReadonlyMap<string, string>,
): Promise<readonly { readonly number: string; readonly id: string }[]> {
  if (lines.length === 0) return []
  const rows = lines.map(({ number, customerNumber, said, hash }) => ({
    number,
    customerId: places.get(customerNumber)!.customerId,
    billId: billIds.get(number) ?? null,
    ...said,
    hash: hash.toString('hex'),
  }))
  return tx<{ number: string; id: string }[]>`
    insert into payments (segment_id, customer_id, number, source, received_on, currency, amount, unapplied_amount, method, bill_id, is_dishonoured, cancelled_on, content_hash, created_at)
    select ${segmentId}, "customerId", number, ${source}, "receivedOn", currency, amount, amount, method, "billId", "isDishonoured", "cancelledOn", decode(hash, 'hex'), ${tx.now}
    from jsonb_to_recordset(${tx.json(rows)}) as r (number text, "customerId" bigint, "billId" bigint, "receivedOn" date, currency text, amount numeric, method text, "isDishonoured" boolean, "cancelledOn" date, hash text)
    returning number, id`
}

async function updatePayments(tx: Tx, lines: readonly PayerLine[], known: ReadonlyMap<string, Known>): Promise<void> {
  if (lines.length === 0) return
  const rows = lines.map(({ number, said, hash }) => ({ id: known.get(number)!.id, ...said, hash: hash.toString('hex') }))
  await tx`
    update payments p set received_on = r."receivedOn", currency = r.currency, amount = r.amount, unapplied_amount = least(r.amount, greatest(0, p.unapplied_amount + r.amount - p.amount)),
      method = r.method, is_dishonoured = r."isDishonoured", cancelled_on = r."cancelledOn", content_hash = decode(r.hash, 'hex')
    from jsonb_to_recordset(${tx.json(rows)}) as r (id bigint, "receivedOn" date, currency text, amount numeric, method text, "isDishonoured" boolean, "cancelledOn" date, hash text)
    where p.id = r.id`
}
