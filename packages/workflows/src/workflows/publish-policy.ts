import { condition, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow'
import type { PublishPolicyActivities, SeenIntoForce } from '../activities/publish-policy.ts'
import { BOOK_CHANGED, type PublishPolicyInput } from '../contract/index.ts'

const bookChanged = defineSignal(BOOK_CHANGED)

const { seeIntoForce } = proxyActivities<PublishPolicyActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '10 seconds' },
})

/**
 * Waits for the moment at which a version takes effect, however far away, and does what follows from it.
 * That it is in force is the book's to say, by its date alone; nothing here can be late for that.
 */
export async function publishPolicy(version: PublishPolicyInput): Promise<Exclude<SeenIntoForce['kind'], 'waiting'>> {
  let wakeUps = 0
  setHandler(bookChanged, () => {
    wakeUps += 1
  })
  for (;;) {
    const seen = wakeUps
    const outcome = await seeIntoForce(version)
    if (outcome.kind !== 'waiting') return outcome.kind
    await condition(() => wakeUps > seen, outcome.waitMs)
  }
}
