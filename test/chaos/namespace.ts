import { Connection } from '@temporalio/client'
import { temporalAddress } from '../support/temporal.ts'

let namespaces = 0

/** A namespace of the caller's own on the run's Temporal server. */
export async function createNamespace(): Promise<string> {
  namespaces += 1
  const namespace = `chaos-${process.pid}-${namespaces}`
  const connection = await Connection.connect({ address: temporalAddress() })
  await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: 86_400 } as never })
  await connection.close()
  return namespace
}
