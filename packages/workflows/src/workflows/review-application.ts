import { condition, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow'
import type { ClosedAs, ReviewApplicationActivities, Verdict } from '../activities/review-application.ts'
import { BOOK_CHANGED, type ReviewApplicationInput } from '../contract/index.ts'

const bookChanged = defineSignal(BOOK_CHANGED)

const DAY_MS = 24 * 3_600_000
/** The outbox loses no wake-up; were one lost all the same, it would cost at most this long. */
const LOOK_AGAIN_MS = { atTask: DAY_MS / 4, atRework: 7 * DAY_MS }
/** A returned application may come back for this long. */
const RESUBMIT_WITHIN_MS = 180 * DAY_MS

const book = proxyActivities<ReviewApplicationActivities>({
  startToCloseTimeout: '5 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '30 seconds' },
})

/**
 * Reviews one credit application: assess it, pass the levels of authority, put the limit in force.
 *
 * The book holds every decision; this holds the position and the timers. It is woken by a signal that carries nothing,
 * and reads again what the book says.
 */
export async function reviewApplication(application: ReviewApplicationInput): Promise<ClosedAs> {
  let wakeUps = 0
  setHandler(bookChanged, () => {
    wakeUps += 1
  })

  for (;;) {
    const { round, levelCount, closed } = await book.assessApplication(application)
    if (closed) return closed

    switch (await passLevels(round, levelCount)) {
      case 'approve':
        return book.putLimitInForce({ ...application, round })
      case 'reject':
        return book.closeAsRejected({ ...application, round })
      case 'withdraw':
        return 'withdrawn'
      case 'return':
        await book.giveBackToMaker({ ...application, round })
        switch (await untilBookSays(() => book.readRework({ ...application, round }), LOOK_AGAIN_MS.atRework, RESUBMIT_WITHIN_MS)) {
          case 'resubmitted':
            continue
          case 'withdrawn':
            return 'withdrawn'
          case null:
            return book.closeAsExpired({ ...application, round })
        }
    }
  }

  async function passLevels(round: number, levelCount: number): Promise<Verdict> {
    for (let level = 1; level <= levelCount; level += 1) {
      await book.openApprovalTask({ ...application, round, level })
      const verdict = await untilBookSays(() => book.readVerdict({ ...application, round, level }), LOOK_AGAIN_MS.atTask)
      if (verdict !== 'approve') return verdict!
    }
    return 'approve'
  }

  /** Asks the book until it has an answer, asleep in between; null when the time is up. */
  async function untilBookSays<T>(ask: () => Promise<T | null>, lookAgainMs: number, withinMs = Infinity): Promise<T | null> {
    const until = Date.now() + withinMs
    for (;;) {
      const seen = wakeUps
      const answer = await ask()
      if (answer !== null) return answer
      const leftMs = until - Date.now()
      if (leftMs <= 0) return null
      await condition(() => wakeUps > seen, Math.min(leftMs, lookAgainMs))
    }
  }
}
