import { asActor, listenChanges, reviewAlerts, SYSTEM, type Change, type Sql } from '@surety/store'
import type { Logger } from 'pino'
import { createWarningPolicies } from './warning-policies.ts'

/** What happens to a customer in one go is looked at once. */
const SETTLE_MS = 250
/** What may move an indicator. */
const WATCHED = new Set(['Customer', 'CreditAccount', 'CreditLimit', 'Document', 'Payment', 'DunningCase'])

/**
 * Looks at a customer's early warnings as soon as something of theirs was committed anywhere. A message that gets lost costs
 * a day: every night all are looked at.
 */
export async function watchCustomers(sql: Sql, log: Pick<Logger, 'warn'>): Promise<{ stop(): Promise<void> }> {
  const policies = createWarningPolicies()
  const due = new Map<string, { customerId: string; segmentId: number }>()
  let isStopped = false
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()

  const note = ({ entity, customerId, segmentId }: Change): void => {
    if (isStopped || !WATCHED.has(entity) || customerId === null || segmentId === null) return
    due.set(`${segmentId}/${customerId}`, { customerId, segmentId })
    timer ??= setTimeout(() => {
      timer = undefined
      running = running.then(look)
    }, SETTLE_MS)
  }
  const look = async (): Promise<void> => {
    const some = [...due.values()]
    due.clear()
    for (const account of some) {
      if (isStopped) return
      try {
        await asActor(sql, { ...SYSTEM, segments: [account.segmentId] }, async tx => reviewAlerts(tx, account, await policies.inForce(tx)))
      } catch (error) {
        log.warn(
          { error: error instanceof Error ? error.message : String(error) },
          'early warnings of a customer could not be looked at; tonight again',
        )
      }
    }
  }
  const listening = await listenChanges(sql, note)
  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await listening.stop()
      await running
    },
  }
}
