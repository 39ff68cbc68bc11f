import { amountOrNull } from './amounts.ts'
import type { LimitKind } from './accounts.ts'
import { appendAudit } from './audit.ts'
import { publishChange } from './live.ts'
import { today, type Tx } from './sql.ts'

/** Customers that are limited together in a segment; who belongs to it says the group code of the customer. */
export interface CreditGroup {
  readonly id: string
  readonly segmentId: number
  readonly code: string
  readonly currency: string
  readonly limitKind: LimitKind
  readonly limitAmount: string | null
  readonly validFrom: string
  readonly version: number
}

export interface NewGroupLimit {
  readonly segmentId: number
  readonly code: string
  readonly currency: string
  readonly kind: LimitKind
  /** With `amount` only. */
  readonly amount?: string | null
  readonly reason: string
}

/** Limits a group from today on: each member by the lower of its own limit and the group's, and all together by the group's. */
export async function setGroupLimit(tx: Tx, { segmentId, code, currency, kind, amount, reason }: NewGroupLimit): Promise<CreditGroup> {
  const limit = kind === 'amount' ? (amount ?? null) : null
  const [before] = await tx<GroupRow[]>`select * from credit_groups where segment_id = ${segmentId} and code = ${code} for no key update`
  const [row] = await tx<GroupRow[]>`
    insert into credit_groups (segment_id, code, currency, limit_kind, limit_amount, valid_from, created_at, updated_at)
    values (${segmentId}, ${code}, ${currency}, ${kind}, ${limit}, ${today(tx)}, ${tx.now}, ${tx.now})
    on conflict (segment_id, code) do update set currency = excluded.currency, limit_kind = excluded.limit_kind, limit_amount = excluded.limit_amount,
      valid_from = excluded.valid_from, version = credit_groups.version + 1, updated_at = excluded.updated_at
    returning *`
  const group = toGroup(row!)
  await appendAudit(tx, {
    action: 'group.setLimit',
    entity: 'CreditGroup',
    entityId: group.id,
    segmentId,
    reason,
    before: before && { kind: before.limit_kind, amount: amountOrNull(before.limit_amount, before.currency), currency: before.currency },
    after: { code, kind, amount: group.limitAmount, currency },
  })
  await publishChange(tx, { entity: 'CreditGroup', id: group.id, segmentId })
  return group
}

export async function listGroups(tx: Tx): Promise<CreditGroup[]> {
  return (await tx<GroupRow[]>`select * from credit_groups order by segment_id, code`).map(toGroup)
}

interface GroupRow {
  readonly id: string
  readonly segment_id: number
  readonly code: string
  readonly currency: string
  readonly limit_kind: LimitKind
  readonly limit_amount: string | null
  readonly valid_from: string
  readonly version: number
}

function toGroup(row: GroupRow): CreditGroup {
  return {
    id: row.id,
    segmentId: row.segment_id,
    code: row.code,
    currency: row.currency,
    limitKind: row.limit_kind,
    limitAmount: amountOrNull(row.limit_amount, row.currency),
    validFrom: row.valid_from,
    version: row.version,
  }
}
