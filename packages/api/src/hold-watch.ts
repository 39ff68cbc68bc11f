import {
  asActor,
  expireReservations,
  listenHolds,
  noteTemporaryLimits,
  reviewHolds,
  SYSTEM,
  tellExpiredSecurities,
  type Sql,
} from '@surety/store'

const POLL_MS = 5000
const SWEEP_MS = 60_000

export interface HoldWatch {
  /** Ends when what is under way is done. */
  close(): Promise<void>
}

/**
 * Looks again at held orders as soon as something that may free them is committed anywhere, and gives back what was reserved for orders that
 * never came. Any number of programs may do this at once.
 */
export function createHoldWatch(sql: Sql, onProblem: (problem: unknown) => void): HoldWatch {
  let isAsked = false
  let isClosed = false
  let running: Promise<void> | undefined
  const look = (): void => {
    isAsked = true
    running ??= run().finally(() => (running = undefined))
  }
  const run = async (): Promise<void> => {
    while (isAsked && !isClosed) {
      isAsked = false
      try {
        const { reviewed } = await reviewHolds(sql)
        if (reviewed > 0) isAsked = true
      } catch (error) {
        // Whoever could not be looked at is due still.
        onProblem(error)
      }
    }
  }
  const listening = listenHolds(sql, look)
  listening.catch(onProblem)
  const poll = setInterval(look, POLL_MS)
  const sweep = setInterval(() => {
    asActor(sql, SYSTEM, async tx => [await expireReservations(tx), await noteTemporaryLimits(tx)]).catch(onProblem)
    tellExpiredSecurities(sql).catch(onProblem)
  }, SWEEP_MS)
  for (const timer of [poll, sweep]) timer.unref()
  return {
    async close() {
      isClosed = true
      clearInterval(poll)
      clearInterval(sweep)
      await listening.then(({ stop }) => stop()).catch(() => {})
      await running
    },
  }
}
