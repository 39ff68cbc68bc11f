import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client'
import { deliverDue, type OutboxMessage, type Sql } from '@surety/store'
import type { Logger } from 'pino'
import {
  APPROVE_MATTER,
  approveMatterId,
  BOOK_CHANGED,
  BULK_QUEUE,
  IMPORT_LEDGER,
  importLedgerId,
  MAIN_QUEUE,
  MEASURE_IMPACT,
  measureImpactId,
  PUBLISH_POLICY,
  publishPolicyId,
  REVIEW_APPLICATION,
  reviewApplicationId,
} from './contract/index.ts'
import { workOutbox } from './work-outbox.ts'

/** A notification that got lost costs at most this long. */
const LOOK_AGAIN_MS = 1_000

/** Carries what the book has to say to Temporal, for as long as it runs; both may be away in between. */
export async function dispatchOutbox(sql: Sql, client: Client, log: Pick<Logger, 'warn'>): Promise<{ stop(): Promise<void> }> {
  return workOutbox(
    sql,
    LOOK_AGAIN_MS,
    async () => (await deliverDue(sql, 'workflow', message => deliver(client, message))).delivered > 0,
    error => log.warn({ error: error instanceof Error ? error.message : String(error) }, 'the outbox could not be read; trying again'),
  )
}

/** Starts or wakes the workflow that a message is for. Its id says what it is about, so a second delivery finds the first. */
async function deliver(client: Client, { payload }: OutboxMessage): Promise<void> {
  try {
    switch (payload.kind) {
      case 'applicationSubmitted':
      case 'applicationChanged': {
        // A signal that overtakes the start starts the workflow itself; one that comes after its end is for nobody.
        await client.workflow.signalWithStart(REVIEW_APPLICATION, {
          workflowId: reviewApplicationId(payload.applicationId),
          taskQueue: MAIN_QUEUE,
          args: [{ applicationId: payload.applicationId, segmentId: payload.segmentId }],
          signal: BOOK_CHANGED,
          signalArgs: [],
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
        })
        return
      }
      case 'approvalChanged': {
        const { approvalId, segmentId } = payload
        await client.workflow.signalWithStart(APPROVE_MATTER, {
          workflowId: approveMatterId(approvalId),
          taskQueue: MAIN_QUEUE,
          args: [{ approvalId, segmentId }],
          signal: BOOK_CHANGED,
          signalArgs: [],
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
        })
        return
      }
      case 'importRequested': {
        const { kind: _, ...input } = payload
        await client.workflow.start(IMPORT_LEDGER, {
          workflowId: importLedgerId(input),
          taskQueue: BULK_QUEUE,
          args: [input],
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
        })
        return
      }
      case 'policyPublished':
      case 'policyChanged': {
        const { kind: _, ...input } = payload
        await client.workflow.signalWithStart(PUBLISH_POLICY, {
          workflowId: publishPolicyId(input),
          taskQueue: MAIN_QUEUE,
          args: [input],
          signal: BOOK_CHANGED,
          signalArgs: [],
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
        })
        return
      }
      case 'policyImpactRequested': {
        const { kind: _, ...input } = payload
        await client.workflow.start(MEASURE_IMPACT, {
          workflowId: measureImpactId(input),
          taskQueue: BULK_QUEUE,
          args: [input],
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
        })
        return
      }
    }
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError || error instanceof WorkflowNotFoundError) return
    throw error
  }
}
