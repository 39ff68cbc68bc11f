import { condition, continueAsNew, defineSignal, setHandler, workflowInfo } from '@temporalio/workflow'
import type { Taken } from '../activities/approve-matter.ts'
import { BOOK_CHANGED } from '../contract/index.ts'

const bookChanged = defineSignal(BOOK_CHANGED)

const DAY_MS = 24 * 3_600_000
/** The outbox loses no wake-up; were one lost all the same, it would cost at most this long. */
const LOOK_AGAIN_MS = { votes: DAY_MS, rework: 7 * DAY_MS, authority: DAY_MS / 4 }
/** What is due in a moment is due in a second: never a loop without rest. */
const SHORTEST_MS = 1_000

export type EndedAs = Extract<Taken, { kind: 'ended' }>['as']

/**
 * Has the book take something on as far as it goes, and sleeps until people have acted, a reminder is due or time is up; until it has ended.
 *
 * The book holds every decision; this holds the timers. It is woken by a signal that carries nothing, and reads again what the book says.
 */
export async function untilEnded(input: object, takeOn: (at: string) => Promise<Taken>): Promise<EndedAs> {
  let wakeUps = 0
  setHandler(bookChanged, () => {
    wakeUps += 1
  })
  for (;;) {
    const seen = wakeUps
    const taken = await takeOn(new Date().toISOString())
    if (taken.kind === 'ended') return taken.as
    const dueMs = taken.lookAgainAt === null ? Infinity : Date.parse(taken.lookAgainAt) - Date.now()
    await condition(() => wakeUps > seen, Math.max(SHORTEST_MS, Math.min(dueMs, LOOK_AGAIN_MS[taken.for])))
    if (workflowInfo().continueAsNewSuggested) await continueAsNew(input)
  }
}
