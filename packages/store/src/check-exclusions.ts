import type { ExclusionKind, ExclusionScope } from '@surety/credit'
import { plainAmount } from './amounts.ts'
import { appendAudit } from './audit.ts'
import { publishChange } from './live.ts'
import { today, type Tx } from './sql.ts'

/** A kind of order check that does not count for a while: for a customer, a group, or all of a segment. */
export interface CheckExclusion {
  readonly id: string
  readonly segmentId: number
  readonly scope: ExclusionScope
  readonly customerId: string | null
  readonly groupCode: string | null
  readonly kind: ExclusionKind
  /** In the unit of the kind; null: whatever the value. */
  readonly upTo: string | null
  readonly validFrom: string
  /** The last day. */
  readonly expiresOn: string
  readonly reason: string
  readonly endedAt: Date | null
}

export type ExclusionTarget =
  | { readonly scope: 'customer'; readonly customerId: string }
  | { readonly scope: 'group'; readonly groupCode: string }
  | { readonly scope: 'all' }

export type NewExclusion = ExclusionTarget & {
  readonly segmentId: number
  readonly kind: ExclusionKind
  readonly upTo?: string
  /** Today unless said otherwise. */
  readonly validFrom?: string
  readonly expiresOn: string
  readonly reason: string
}

export async function excludeCheck(tx: Tx, exclusion: NewExclusion): Promise<CheckExclusion> {
  const { segmentId, scope, kind, upTo, validFrom, expiresOn, reason } = exclusion
  const [row] = await tx<ExclusionRow[]>`
    insert into check_exclusions (segment_id, scope, customer_id, group_code, kind, up_to, valid_from, expires_on, reason, made_by, created_at)
    values (${segmentId}, ${scope}, ${exclusion.scope === 'customer' ? exclusion.customerId : null}, ${exclusion.scope === 'group' ? exclusion.groupCode : null}, ${kind}, ${upTo ?? null},
      ${validFrom ?? today(tx)}, ${expiresOn}, ${reason}, ${tx.actor.userId ?? null}, ${tx.now})
    returning *`
  const made = toExclusion(row!)
  const { id, segmentId: _, endedAt: __, ...after } = made
  await appendAudit(tx, { action: 'exclusion.make', entity: 'CheckExclusion', entityId: id, segmentId, reason, after })
  await publishChange(tx, { entity: 'CheckExclusion', id, customerId: made.customerId, segmentId })
  return made
}

/** Ends one before its day. False when there is none that stands. */
export async function endExclusion(tx: Tx, id: string, reason: string): Promise<boolean> {
  const [row] = await tx<ExclusionRow[]>`update check_exclusions set ended_at = ${tx.now} where id = ${id} and ended_at is null returning *`
  if (!row) return false
  await appendAudit(tx, { action: 'exclusion.end', entity: 'CheckExclusion', entityId: id, segmentId: row.segment_id, reason })
  await publishChange(tx, { entity: 'CheckExclusion', id, customerId: row.customer_id, segmentId: row.segment_id })
  return true
}

/** Those that stand today or will, the soonest to end first. */
export async function listExclusions(tx: Tx): Promise<CheckExclusion[]> {
  const rows = await tx<
    ExclusionRow[]
  >`select * from check_exclusions where ended_at is null and expires_on >= ${today(tx)} order by expires_on, id`
  return rows.map(toExclusion)
}

interface ExclusionRow {
  readonly id: string
  readonly segment_id: number
  readonly scope: ExclusionScope
  readonly customer_id: string | null
  readonly group_code: string | null
  readonly kind: ExclusionKind
  readonly up_to: string | null
  readonly valid_from: string
  readonly expires_on: string
  readonly reason: string
  readonly ended_at: Date | null
}

function toExclusion(row: ExclusionRow): CheckExclusion {
  return {
    id: row.id,
    segmentId: row.segment_id,
    scope: row.scope,
    customerId: row.customer_id,
    groupCode: row.group_code,
    kind: row.kind,
    upTo: row.up_to === null ? null : plainAmount(row.up_to),
    validFrom: row.valid_from,
    expiresOn: row.expires_on,
    reason: row.reason,
    endedAt: row.ended_at,
  }
}
