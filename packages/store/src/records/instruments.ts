import type { Tx } from '../sql.ts'
import { INSTRUMENT_EFFECTS, INSTRUMENT_TYPES } from './fields.ts'
import { plain, saysTheSame, type Line, type Outcomes, type Target } from './outcomes.ts'
import { placeLines } from './places.ts'
import type { RecordReader } from './record-reader.ts'

export interface InstrumentLine extends Line {
  readonly customerNumber: string
  readonly said: SaidOfInstrument
}

interface SaidOfInstrument {
  readonly type: (typeof INSTRUMENT_TYPES)[number]
  readonly effect: (typeof INSTRUMENT_EFFECTS)[number]
  readonly value: string
  readonly currency: string
  readonly percentage: string
  readonly cap: string | null
  readonly recordedOn: string
  readonly effectiveFrom: string
  readonly expiresOn: string | null
  readonly withdrawnOn: string | null
}

export function readInstrument(reader: RecordReader): Omit<InstrumentLine, 'hash' | 'line' | 'sequence' | 'key'> {
  const currency = reader.currency()
  const effectiveFrom = reader.required('effectiveFrom', reader.date('effectiveFrom'))
  const expiresOn = reader.date('expiresOn') ?? null
  if (expiresOn !== null && expiresOn < effectiveFrom) reader.wrong('expiresOn', 'DATES_CROSSED', { other: effectiveFrom })
  return {
    number: reader.required('number', reader.text('number')),
    customerNumber: reader.required('customerNumber', reader.text('customerNumber')),
    said: {
      type: reader.required('type', reader.choice('type', INSTRUMENT_TYPES)),
      effect: reader.required('effect', reader.choice('effect', INSTRUMENT_EFFECTS)),
      value: reader.required('value', reader.amount('value', currency)),
      currency,
      percentage: reader.required('percentage', reader.number('percentage')),
      cap: reader.amount('cap', currency) ?? null,
      recordedOn: reader.date('recordedOn') ?? effectiveFrom,
      effectiveFrom,
      expiresOn,
      withdrawnOn: reader.date('withdrawnOn') ?? null,
    },
  }
}

/** Brings guarantees, collateral, insurance, letters of credit and deposits into the book. */
export async function writeInstruments(tx: Tx, target: Target, lines: readonly InstrumentLine[], outcomes: Outcomes): Promise<void> {
  const places = await placeLines(tx, target, lines, outcomes)
  const rows = await tx<Row[]>`
    select i.*, c.number as customer_number from instruments i join customers c on c.id = i.customer_id
    where i.segment_id = ${target.segmentId} and i.source = ${target.source} and i.reference = any (${lines.map(({ number }) => number)}::text[])`
  const known = new Map(rows.map(row => [row.reference, row]))
  const due = lines.filter(line => {
    if (outcomes.isWrong(line)) return false
    const before = known.get(line.number)
    const { customerId } = places.get(line.customerNumber)!
    if (before && before.customer_id !== customerId) {
      outcomes.wrong(line, 'number', 'OTHER_CUSTOMER', line.number, { customer: before.customer_number })
      return false
    }
    const was = before && toSaid(before)
    if (was && saysTheSame(was, line.said)) return false
    outcomes.is(line, before ? 'changed' : 'new')
    outcomes.customerIds.add(customerId)
    if (before && was) outcomes.changes.push({ entity: 'Instrument', id: before.id, before: was, after: line.said })
    return true
  })
  await tx`
    insert into instruments (segment_id, customer_id, source, reference, type, effect, value, currency, percentage, cap, recorded_on, effective_from, expires_on, withdrawn_on)
    select ${target.segmentId}, "customerId", ${target.source}, number, type, effect, value, currency, percentage, cap, "recordedOn", "effectiveFrom", "expiresOn", "withdrawnOn"
    from jsonb_to_recordset(${tx.json(due.map(({ number, customerNumber, said }) => ({ number, customerId: places.get(customerNumber)!.customerId, ...said })))})
      as r (number text, "customerId" bigint, type text, effect text, value numeric, currency text, percentage numeric, cap numeric, "recordedOn" date, "effectiveFrom" date, "expiresOn" date, "withdrawnOn" date)
    on conflict (segment_id, source, reference) where source is not null do update set type = excluded.type, effect = excluded.effect, value = excluded.value, currency = excluded.currency,
      percentage = excluded.percentage, cap = excluded.cap, recorded_on = excluded.recorded_on, effective_from = excluded.effective_from, expires_on = excluded.expires_on, withdrawn_on = excluded.withdrawn_on`
}

interface Row {
  readonly id: string
  readonly reference: string
  readonly customer_id: string
  readonly customer_number: string
  readonly type: SaidOfInstrument['type']
  readonly effect: SaidOfInstrument['effect']
  readonly value: string
  readonly currency: string
  readonly percentage: string
  readonly cap: string | null
  readonly recorded_on: string
  readonly effective_from: string
  readonly expires_on: string | null
  readonly withdrawn_on: string | null
}

function toSaid(row: Row): SaidOfInstrument {
  return {
    type: row.type,
    effect: row.effect,
    value: plain(row.value)!,
    currency: row.currency,
    percentage: plain(row.percentage)!,
    cap: plain(row.cap),
    recordedOn: row.recorded_on,
    effectiveFrom: row.effective_from,
    expiresOn: row.expires_on,
    withdrawnOn: row.withdrawn_on,
  }
}
