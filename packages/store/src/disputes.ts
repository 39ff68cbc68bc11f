import { appendAudit } from './audit.ts'
import { publishChange } from './live.ts'
import type { Tx } from './sql.ts'

export interface NewDispute {
  readonly documentId: string
  readonly amount: string
  readonly reason: string
  readonly on: string
}

/** The customer contests a document; opened twice on one day it is one dispute. Gives back its id. */
export async function openDispute(tx: Tx, { documentId, amount, reason, on }: NewDispute): Promise<string> {
  const [opened] = await tx<{ id: string }[]>`
    insert into disputes (segment_id, document_id, amount, reason, opened_on)
    select segment_id, id, ${amount}, ${reason}, ${on} from documents where id = ${documentId}
    on conflict (document_id, opened_on) do nothing returning id`
  if (opened) await record(tx, documentId, { action: 'dispute.open', reason, after: { disputeId: opened.id, amount, openedOn: on } })
  const [dispute] = await tx<{ id: string }[]>`select id from disputes where document_id = ${documentId} and opened_on = ${on}`
  return dispute!.id
}

export async function closeDispute(tx: Tx, id: string, on: string, reason: string): Promise<void> {
  const [closed] = await tx<
    { document_id: string }[]
  >`update disputes set closed_on = ${on} where id = ${id} and closed_on is null returning document_id`
  if (closed) await record(tx, closed.document_id, { action: 'dispute.close', reason, after: { disputeId: id, closedOn: on } })
}

async function record(tx: Tx, documentId: string, act: { action: string; reason: string; after: unknown }): Promise<void> {
  const [document] = await tx<
    { customer_id: string; segment_id: number }[]
  >`select customer_id, segment_id from documents where id = ${documentId}`
  await appendAudit(tx, { ...act, entity: 'Document', entityId: documentId, segmentId: document!.segment_id })
  await publishChange(tx, { entity: 'Document', id: documentId, customerId: document!.customer_id, segmentId: document!.segment_id })
}
