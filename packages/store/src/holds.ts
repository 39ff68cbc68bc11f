import type { Text } from '@surety/engine'
import { amountOf } from './amounts.ts'
import { appendAudit } from './audit.ts'
import { groupBy } from './group.ts'
import { publishChange } from './live.ts'
import { selectPage, type Page, type PageRequest } from './page.ts'
import type { Tx } from './sql.ts'

export type HoldStatus = 'open' | 'released' | 'cancelled'

/** An order that is held back; its decision is its case. */
export interface Hold {
  readonly id: string
  readonly segmentId: number
  readonly accountId: string
  readonly customerId: string
  readonly source: string
  readonly orderNumber: string
  readonly currency: string
  readonly amount: string
  readonly decisionId: string
  /** The authority level that can release it; null: any. */
  readonly releaseLevel: number | null
  readonly status: HoldStatus
  /** Null also when it released itself, as the figures changed. */
  readonly releasedBy: string | null
  readonly releaseReason: string | null
  readonly releasedAt: Date | null
  readonly version: number
  readonly createdAt: Date
}

export interface HoldReason {
  readonly holdId: string
  readonly code: string
  readonly text: Text
  /** The rule of the policy that says so. */
  readonly rule: string | null
  readonly clearedAt: Date | null
  readonly createdAt: Date
}

export interface HoldFilter {
  readonly status?: HoldStatus
  readonly customerId?: string
}

/** Newest first. */
export async function listHolds(tx: Tx, { status, customerId }: HoldFilter, page: PageRequest): Promise<Page<Hold>> {
  const matched = tx`
    select h.*, h.id as page_id, h.id::numeric as page_key from holds h where true
      ${status ? tx`and h.status = ${status}` : tx``} ${customerId ? tx`and h.customer_id = ${customerId}` : tx``}`
  return selectPage<HoldRow, Hold>(tx, matched, 'numeric', true, page, toHold)
}

export async function findHold(tx: Tx, id: string): Promise<Hold | undefined> {
  const [row] = await tx<HoldRow[]>`select * from holds where id = ${id}`
  return row && toHold(row)
}

/** Standing ones first, in the order in which they came. */
export async function reasonsOfHolds(tx: Tx, holdIds: readonly string[]): Promise<Map<string, HoldReason[]>> {
  const rows = await tx<
    ReasonRow[]
  >`select * from hold_reasons where hold_id = any (${holdIds as string[]}::bigint[]) order by cleared_at is not null, id`
  return groupBy(holdIds, rows.map(toReason), ({ holdId }) => holdId)
}

export interface NewHold {
  readonly segmentId: number
  readonly accountId: string
  readonly customerId: string
  readonly source: string
  readonly orderNumber: string
  readonly currency: string
  readonly amount: string
  /** What was asked, to be asked again. */
  readonly request: object
  readonly decisionId: string
  readonly releaseLevel: number | null
  readonly reasons: readonly NewHoldReason[]
}

export interface NewHoldReason {
  readonly code: string
  readonly text: Text
  readonly rule: string | null
}

/** Holds an order, or brings its open hold up to date. The account is locked by who calls. */
export async function holdOrder(tx: Tx, hold: NewHold): Promise<string> {
  const [row] = await tx<{ id: string }[]>`
    insert into holds (segment_id, account_id, customer_id, source, order_number, currency, amount, request, decision_id, release_level, created_at, updated_at)
    values (${hold.segmentId}, ${hold.accountId}, ${hold.customerId}, ${hold.source}, ${hold.orderNumber}, ${hold.currency}, ${hold.amount}, ${tx.json(hold.request as never)},
      ${hold.decisionId}, ${hold.releaseLevel}, ${tx.now}, ${tx.now})
    on conflict (segment_id, source, order_number) where status = 'open' do update set
      currency = excluded.currency, amount = excluded.amount, request = excluded.request, decision_id = excluded.decision_id, release_level = excluded.release_level,
      reviewed_changes = holds.changes, version = holds.version + 1, updated_at = excluded.updated_at
    returning id`
  await setStandingReasons(tx, row!.id, hold.segmentId, hold.reasons)
  await publishHold(tx, row!.id, hold)
  return row!.id
}

/** Those that are gone are cleared, those that are new are added, the others stand as they are. Tells whether anything moved. */
export async function setStandingReasons(tx: Tx, holdId: string, segmentId: number, reasons: readonly NewHoldReason[]): Promise<boolean> {
  const codes = reasons.map(({ code }) => code)
  const cleared = await tx`
    update hold_reasons set cleared_at = ${tx.now}, cleared_by = ${tx.actor.userId ?? null} where hold_id = ${holdId} and cleared_at is null and not (code = any (${codes}))`
  const added = await tx`
    insert into hold_reasons (segment_id, hold_id, code, text, rule, created_at)
    select ${segmentId}, ${holdId}, code, text, rule, ${tx.now} from jsonb_to_recordset(${tx.json(reasons as never)}) as r (code text, text jsonb, rule text)
    on conflict (hold_id, code) where cleared_at is null do nothing`
  return cleared.count + added.count > 0
}

/** Ends an open hold, whose account is locked; its reasons are cleared with it. By nobody: it ended itself, as the figures changed. */
export async function endHold(
  tx: Tx,
  hold: Pick<Hold, 'id' | 'segmentId' | 'customerId'>,
  by: 'actor' | 'nobody',
  reason: string,
): Promise<void> {
  const { userId, personId } = by === 'actor' ? tx.actor : NOBODY
  await setStandingReasons(tx, hold.id, hold.segmentId, [])
  await tx`
    update holds set status = 'released', released_at = ${tx.now}, released_by = ${userId ?? null}, released_by_person = ${personId ?? null}, release_reason = ${reason},
      version = version + 1, updated_at = ${tx.now}
    where id = ${hold.id} and status = 'open'`
  await appendAudit(tx, {
    action: 'hold.release',
    entity: 'Hold',
    entityId: hold.id,
    segmentId: hold.segmentId,
    reason,
    after: { status: 'released' },
  })
  await publishHold(tx, hold.id, hold)
}

export async function publishHold(
  tx: Tx,
  id: string,
  { customerId, segmentId }: { readonly customerId: string; readonly segmentId: number },
): Promise<void> {
  await publishChange(tx, { entity: 'Hold', id, customerId, segmentId })
}

const NOBODY: Pick<Tx['actor'], 'userId' | 'personId'> = {}

interface HoldRow {
  readonly id: string
  readonly segment_id: number
  readonly account_id: string
  readonly customer_id: string
  readonly source: string
  readonly order_number: string
  readonly currency: string
  readonly amount: string
  readonly decision_id: string
  readonly release_level: number | null
  readonly status: HoldStatus
  readonly released_by: string | null
  readonly release_reason: string | null
  readonly released_at: Date | null
  readonly version: number
  readonly created_at: Date
}

function toHold(row: HoldRow): Hold {
  return {
    id: row.id,
    segmentId: row.segment_id,
    accountId: row.account_id,
    customerId: row.customer_id,
    source: row.source,
    orderNumber: row.order_number,
    currency: row.currency,
    amount: amountOf(row.amount, row.currency),
    decisionId: row.decision_id,
    releaseLevel: row.release_level,
    status: row.status,
    releasedBy: row.released_by,
    releaseReason: row.release_reason,
    releasedAt: row.released_at,
    version: row.version,
    createdAt: row.created_at,
  }
}

interface ReasonRow {
  readonly hold_id: string
  readonly code: string
  readonly text: Text
  readonly rule: string | null
  readonly cleared_at: Date | null
  readonly created_at: Date
}

function toReason(row: ReasonRow): HoldReason {
  return { holdId: row.hold_id, code: row.code, text: row.text, rule: row.rule, clearedAt: row.cleared_at, createdAt: row.created_at }
}
