import { appendFile } from 'node:fs/promises'
import { headOfChain, sealAudit, type Sql } from '@surety/store'
import type { Logger } from 'pino'

const SEAL_EVERY_MS = 1_000
const ANCHOR_EVERY_MS = 10_000

/**
 * Chains new audit entries for as long as it runs, and notes the head of the chain in a file outside the database:
 * it shows that the tail was cut or the whole written anew. One JSON line an anchor: `{at, sequence, hash}`.
 */
export function keepSealed(sql: Sql, anchorFile: string | undefined, log: Logger): { stop(): Promise<void> } {
  let anchoredAt = 0
  let anchored = 0
  let running = Promise.resolve()
  let timer: NodeJS.Timeout

  const seal = async (isLast: boolean): Promise<void> => {
    await sealAudit(sql)
    if (anchorFile === undefined || (!isLast && Date.now() - anchoredAt < ANCHOR_EVERY_MS)) return
    const { head } = await headOfChain(sql)
    if (!head || head.sequence === anchored) return
    await appendFile(anchorFile, `${JSON.stringify({ at: sql.clock().toISOString(), ...head })}\n`, { mode: 0o600 })
    anchored = head.sequence
    anchoredAt = Date.now()
  }
  const attempt = (isLast: boolean): Promise<void> =>
    seal(isLast).catch((error: unknown) =>
      log.warn({ error: error instanceof Error ? error.message : String(error) }, 'the audit log could not be sealed; trying again'),
    )
  const schedule = (): void => {
    timer = setTimeout(() => {
      running = attempt(false).then(schedule)
    }, SEAL_EVERY_MS)
  }
  schedule()

  return {
    async stop() {
      clearTimeout(timer)
      await running
      clearTimeout(timer)
      await attempt(true)
    },
  }
}
