import { appendAudit } from './audit.ts'
import { publishChange } from './live.ts'
import type { Tx } from './sql.ts'

interface Touched {
  readonly customerId: string
  readonly segmentId: number
}

/** Records and announces what many rows of a ledger went through: one entry a segment, one message a customer, or one for all when they are many. */
export async function publishLedgerChange(
  tx: Tx,
  action: string | undefined,
  touched: readonly Touched[],
  counts: Readonly<Record<string, number>> = {},
): Promise<void> {
  const bySegment = new Map<number, Set<string>>()
  for (const { segmentId, customerId } of touched) bySegment.set(segmentId, (bySegment.get(segmentId) ?? new Set()).add(customerId))
  for (const [segmentId, customerIds] of bySegment) {
    if (action !== undefined) {
      await appendAudit(tx, {
        action,
        entity: 'Ledger',
        entityId: String(segmentId),
        segmentId,
        after: { ...counts, customers: customerIds.size > MANY ? customerIds.size : [...customerIds] },
      })
    }
    if (customerIds.size > MANY) await publishChange(tx, { entity: 'Ledger', id: String(segmentId), segmentId })
    else for (const customerId of customerIds) await publishChange(tx, { entity: 'Customer', id: customerId, customerId, segmentId })
  }
}

const MANY = 50
