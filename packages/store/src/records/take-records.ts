import { Decimal } from '@surety/credit'
import { SEGMENT_LOCK } from '../import/apply-import.ts'
import { addRowErrors } from '../import/row-errors.ts'
import { problemText, type RowProblem } from '../import/problems.ts'
import type { ImportError } from '../import/import.ts'
import type { ImportCounts } from '../import/preview.ts'
import { publishLedgerChange } from '../ledger-change.ts'
import { publishChange } from '../live.ts'
import { amountOf } from '../amounts.ts'
import { checkOrder, type OrderCheckAnswer } from '../order-check/check-order.ts'
import type { Tx } from '../sql.ts'
import { readIncident, readRating, readStatement, writeIncidents, writeRatings, writeStatements } from './company-news.ts'
import { readCustomer, writeCustomers } from './customers.ts'
import { readDispute, writeDisputes } from './disputes.ts'
import { readDocument, writeDocuments, type DocumentKind } from './documents.ts'
import type { RecordKind } from './fields.ts'
import { readInstrument, writeInstruments } from './instruments.ts'
import { Outcomes, type Line, type LineState, type Target } from './outcomes.ts'
import { readBill, readPayment, writePayers } from './payers.ts'
import { RecordReader } from './record-reader.ts'

export interface Delivery {
  readonly kind: RecordKind
  readonly segmentId: number
  /** The books that the numbers come from. */
  readonly source: string
  /** How the delivery is called in the list of imports. */
  readonly name: string
  readonly records: readonly unknown[]
}

export interface DeliveryReceipt {
  readonly id: string
  readonly counts: ImportCounts & { readonly repeated: number; readonly superseded: number }
  /** By line, the first first. */
  readonly errors: readonly ImportError[]
  readonly lines: readonly { readonly line: number; readonly number: string | null; readonly state: LineState }[]
  /** Checks of orders that the delivery opened again. */
  readonly checks: readonly {
    readonly line: number
    readonly orderNumber: string
    readonly action: OrderCheckAnswer['action']
    readonly holdId: string | null
  }[]
}

/**
 * Brings records into the book in the transaction at hand, every line whole or not at all: those that are wrong are told and left out. Lines may
 * come in any order, more than once and after newer versions of themselves; what stands in the book in the end is the same. The actor has
 * to see everything, as numbers may be known elsewhere; whoever calls has seen to it that they may write to the segment.
 */
export async function takeRecords(tx: Tx, delivery: Delivery): Promise<DeliveryReceipt> {
  const { kind, segmentId, source } = delivery
  const target: Target = { segmentId, source }
  // Deliveries and imports into one segment take turns, so that what is read here is still so when it is written.
  await tx`select pg_advisory_xact_lock(${SEGMENT_LOCK}, ${segmentId})`
  const [segment] = await tx<{ currency: string }[]>`select currency from segments where id = ${segmentId}`
  const outcomes = new Outcomes()
  const handler = HANDLERS[kind]
  const read = readLines(kind, delivery.records, segment!.currency, outcomes)
  const due = await withoutOld(tx, target, kind, mergeRepeats(kind, read, outcomes), outcomes)
  if (due.length > 0) await handler.write(tx, target, due as never, outcomes)
  for (const line of due) if (!outcomes.states.has(line.line)) outcomes.is(line, 'same')
  await remember(
    tx,
    target,
    kind,
    due.filter(line => !outcomes.isWrong(line)),
  )
  const checks = await checkReopened(tx, target, outcomes, due)
  return record(tx, delivery, read, outcomes, checks)
}

interface Handler {
  readonly read: (reader: RecordReader) => Omit<Line, 'hash' | 'line' | 'sequence' | 'key'>
  readonly write: (tx: Tx, target: Target, lines: never, outcomes: Outcomes) => Promise<void>
}

const documents = (kind: DocumentKind): Handler => ({
  read: reader => readDocument(kind, reader),
  write: (tx, target, lines, outcomes) => writeDocuments(tx, target, kind, lines, outcomes),
})

const HANDLERS: Readonly<Record<RecordKind, Handler>> = {
  customers: { read: readCustomer, write: writeCustomers },
  orders: documents('orders'),
  deliveries: documents('deliveries'),
  'draft-invoices': documents('draft-invoices'),
  invoices: documents('invoices'),
  'credit-notes': documents('credit-notes'),
  payments: { read: readPayment, write: writePayers },
  bills: { read: readBill, write: writePayers },
  disputes: { read: readDispute, write: writeDisputes },
  instruments: { read: readInstrument, write: writeInstruments },
  ratings: { read: readRating, write: writeRatings },
  incidents: { read: readIncident, write: writeIncidents },
  statements: { read: readStatement, write: writeStatements },
}

function readLines(kind: RecordKind, records: readonly unknown[], currency: string, outcomes: Outcomes): Line[] {
  const { read } = HANDLERS[kind]
  const lines: Line[] = []
  for (const [index, record] of records.entries()) {
    const reader = new RecordReader(kind, record, index + 1, currency)
    if (reader.problems.length === 0) {
      const sequence = reader.integer('sequence')
      const key = reader.text('key')
      const said = read(reader)
      if (reader.problems.length === 0) {
        lines.push({ ...said, line: index + 1, sequence, key, hash: reader.contentHash() })
        continue
      }
    }
    for (const problem of reader.problems) outcomes.refuse(problem)
  }
  return lines
}

/** One line a subject: the newest version; the same twice is once, and two that contradict each other are both wrong. */
function mergeRepeats(kind: RecordKind, lines: readonly Line[], outcomes: Outcomes): Line[] {
  const byNumber = new Map<string, Line[]>()
  for (const line of lines) {
    const same = byNumber.get(line.number)
    if (same) same.push(line)
    else byNumber.set(line.number, [line])
  }
  const kept: Line[] = []
  for (const [number, same] of byNumber) {
    if (same.length === 1) {
      kept.push(same[0]!)
      continue
    }
    const newest = same.reduce((best, line) => ((line.sequence ?? -1) > (best.sequence ?? -1) ? line : best))
    const rivals = same.filter(line => (line.sequence ?? -1) === (newest.sequence ?? -1) && !line.hash.equals(newest.hash))
    if (rivals.length > 0) {
      const column = kind === 'customers' ? 'customerNumber' : 'number'
      for (const line of [newest, ...rivals]) {
        const other = line === newest ? rivals[0]!.line : newest.line
        outcomes.wrong(line, column, 'DUPLICATE', number, { other })
      }
    } else kept.push(newest)
    for (const line of same) {
      if (line === newest || rivals.includes(line)) continue
      outcomes.is(line, (line.sequence ?? -1) < (newest.sequence ?? -1) ? 'superseded' : 'repeat')
    }
  }
  return kept.sort((left, right) => left.line - right.line)
}

/** Lines that are not older than what is known, and whose keys are new. */
async function withoutOld(
  tx: Tx,
  { segmentId, source }: Target,
  kind: RecordKind,
  lines: readonly Line[],
  outcomes: Outcomes,
): Promise<Line[]> {
  const versioned = lines.filter(({ sequence }) => sequence !== undefined)
  const keyed = lines.filter(({ key }) => key !== undefined)
  const versions =
    versioned.length === 0
      ? []
      : await tx<{ number: string; sequence: string; content_hash: Buffer }[]>`
          select number, sequence, content_hash from record_versions
          where segment_id = ${segmentId} and source = ${source} and kind = ${kind} and number = any (${versioned.map(({ number }) => number)}::text[])`
  const keys =
    keyed.length === 0
      ? []
      : await tx<{ key: string; kind: string; number: string; content_hash: Buffer }[]>`
          select key, kind, number, content_hash from record_keys where segment_id = ${segmentId} and source = ${source} and key = any (${keyed.map(({ key }) => key!)}::text[])`
  const versionOf = new Map(versions.map(row => [row.number, row]))
  const keyOf = new Map(keys.map(row => [row.key, row]))
  const firstWithKey = new Map<string, Line>()
  return lines.filter(line => {
    const used = line.key === undefined ? undefined : keyOf.get(line.key)
    const twin = line.key === undefined ? undefined : firstWithKey.get(line.key)
    if (line.key !== undefined && !twin) firstWithKey.set(line.key, line)
    if (twin || (used && (used.kind !== kind || used.number !== line.number || !used.content_hash.equals(line.hash)))) {
      outcomes.wrong(line, 'key', 'LINE_KEY_REUSED', line.key!)
      return false
    }
    if (used) {
      outcomes.is(line, 'repeat')
      return false
    }
    const version = line.sequence === undefined ? undefined : versionOf.get(line.number)
    if (!version) return true
    const newest = Number(version.sequence)
    if (line.sequence! > newest) return true
    if (line.sequence! < newest) outcomes.is(line, 'superseded')
    else if (version.content_hash.equals(line.hash)) outcomes.is(line, 'repeat')
    else outcomes.wrong(line, 'sequence', 'SEQUENCE_REUSED', line.number, { sequence: newest })
    return false
  })
}

async function remember(tx: Tx, { segmentId, source }: Target, kind: RecordKind, lines: readonly Line[]): Promise<void> {
  const rows = lines.map(({ number, sequence, key, hash }) => ({
    number,
    sequence: sequence ?? null,
    key: key ?? null,
    hash: hash.toString('hex'),
  }))
  const versioned = rows.filter(({ sequence }) => sequence !== null)
  if (versioned.length > 0)
    await tx`
      insert into record_versions (segment_id, source, kind, number, sequence, content_hash)
      select ${segmentId}, ${source}, ${kind}, number, sequence, decode(hash, 'hex') from jsonb_to_recordset(${tx.json(versioned)}) as r (number text, sequence bigint, hash text)
      on conflict (segment_id, source, kind, number) do update set sequence = excluded.sequence, content_hash = excluded.content_hash`
  const keyed = rows.filter(({ key }) => key !== null)
  if (keyed.length > 0)
    await tx`
      insert into record_keys (segment_id, source, key, kind, number, content_hash, received_at)
      select ${segmentId}, ${source}, key, ${kind}, number, decode(hash, 'hex'), ${tx.now} from jsonb_to_recordset(${tx.json(keyed)}) as r (key text, number text, hash text)
      on conflict do nothing`
}

/** An order that is open again is a new one to the limit: checked as when it was entered, and held if it does not pass. */
async function checkReopened(
  tx: Tx,
  { segmentId, source }: Target,
  outcomes: Outcomes,
  lines: readonly Line[],
): Promise<DeliveryReceipt['checks']> {
  const checks: DeliveryReceipt['checks'][number][] = []
  for (const { line, number } of outcomes.reopened) {
    const { customerNumber } = lines.find(each => each.line === line)!
    const [order] = await tx<{ open_amount: string; currency: string; is_prepaid: boolean }[]>`
      select open_amount, currency, is_prepaid from documents where segment_id = ${segmentId} and source = ${source} and type = 'order' and number = ${number}`
    if (!order || Number(order.open_amount) === 0) continue
    const result = await checkOrder(tx, {
      key: `reopened ${number} ${tx.now.toISOString()}`,
      segmentId,
      customerNumber: customerNumber!,
      source,
      orderNumber: number,
      amount: amountOf(order.open_amount, order.currency),
      currency: order.currency,
      checkpoint: 'entered',
      ...(order.is_prepaid && { isPrepaid: true }),
    })
    if (result.kind === 'checked') checks.push({ line, orderNumber: number, action: result.answer.action, holdId: result.answer.holdId })
  }
  return checks
}

async function record(
  tx: Tx,
  { kind, segmentId, source, name, records }: Delivery,
  read: readonly Line[],
  outcomes: Outcomes,
  checks: DeliveryReceipt['checks'],
): Promise<DeliveryReceipt> {
  const counts = countsOf(records.length, read, outcomes)
  const [row] = await tx<{ id: string }[]>`
    insert into imports (segment_id, kind, source, file_name, status, counts, rows_total, rows_done, created_by, created_at, applied_at)
    values (${segmentId}, ${IMPORT_KIND[kind] ?? null}, ${source}, ${name.slice(0, 200)}, 'applied', ${tx.json(counts as never)}, ${records.length}, ${records.length}, ${tx.actor.userId ?? null}, ${tx.now}, ${tx.now})
    returning id`
  const id = row!.id
  const problems = outcomes.problems.toSorted((left, right) => left.row - right.row)
  await addRowErrors(tx, { id, segmentId }, problems)
  await auditChanges(tx, segmentId, id, outcomes)
  await publishLedgerChange(
    tx,
    `records.${kind}`,
    [...outcomes.customerIds].map(customerId => ({ customerId, segmentId })),
    { import: Number(id), new: counts.new, changed: counts.changed },
  )
  await publishChange(tx, { entity: 'Import', id, segmentId })
  const numbers = new Map(read.map(({ line, number }) => [line, number]))
  return {
    id,
    counts,
    errors: problems.map(toError),
    lines: records.map((_, index) => ({
      line: index + 1,
      number: numbers.get(index + 1) ?? null,
      state: outcomes.states.get(index + 1) ?? 'same',
    })),
    checks,
  }
}

const IMPORT_KIND: Partial<Record<RecordKind, string>> = {
  customers: 'customers',
  orders: 'orders',
  invoices: 'invoices',
  'credit-notes': 'credit_notes',
  payments: 'payments',
  statements: 'statements',
}

function countsOf(rows: number, read: readonly Line[], outcomes: Outcomes): DeliveryReceipt['counts'] {
  const of = (state: LineState): number => [...outcomes.states.values()].filter(each => each === state).length
  const totals = new Map<string, Decimal>()
  for (const line of read) {
    const amount = (line as { said?: { amount?: string } }).said?.amount
    if (amount === undefined || line.currency === undefined || outcomes.isWrong(line)) continue
    if (!['new', 'changed', 'same'].includes(outcomes.states.get(line.line) ?? 'same')) continue
    totals.set(line.currency, (totals.get(line.currency) ?? new Decimal(0)).plus(amount))
  }
  return {
    rows,
    new: of('new'),
    changed: of('changed'),
    same: of('same') + of('repeat') + of('superseded'),
    wrong: of('wrong'),
    repeated: of('repeat'),
    superseded: of('superseded'),
    newCustomers: outcomes.newCustomers,
    mergedNames: 0,
    totals: [...totals]
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([currency, amount]) => ({ currency, amount: amountOf(amount.toFixed(), currency) })),
  }
}

// What is new is told by the entry of the delivery; what was and is now otherwise, one by one.
async function auditChanges(tx: Tx, segmentId: number, importId: string, { changes }: Outcomes): Promise<void> {
  if (changes.length === 0) return
  const rows = changes.map(({ entity, id, before, after }) => ({
    action: `${entity[0]!.toLowerCase()}${entity.slice(1)}.receive`,
    entity,
    entityId: id,
    before,
    after,
  }))
  const { kind, userId, personId } = tx.actor
  await tx`
    insert into audit_entries (at, actor_kind, user_id, person_id, action, entity, entity_id, segment_id, reason, before, after)
    select ${tx.now}, ${kind}, ${userId ?? null}, ${personId ?? null}, action, entity, "entityId", ${segmentId}, ${`import ${importId}`}, before, after
    from jsonb_to_recordset(${tx.json(rows as never)}) as r (action text, entity text, "entityId" text, before jsonb, after jsonb)`
}

function toError(problem: RowProblem): ImportError {
  return {
    row: problem.row,
    column: problem.column ?? null,
    code: problem.code,
    message: problemText(problem),
    value: problem.value?.slice(0, 80) ?? null,
  }
}
