import { listenOutbox, type Sql } from '@surety/store'

/**
 * Does what is due whenever something was put into the outbox, and every `lookAgainMs` for what was put off or whose notification
 * got lost. `work` says whether there was any: then it is called again at once. What it throws goes to `onProblem`.
 */
export async function workOutbox(
  sql: Sql,
  lookAgainMs: number,
  work: () => Promise<boolean>,
  onProblem: (error: unknown) => void,
): Promise<{ stop(): Promise<void> }> {
  let isStopped = false
  let wake = (): void => {}
  const listening = await listenOutbox(sql, () => wake())
  const running = (async () => {
    while (!isStopped) {
      const asleep = new Promise<void>(resolve => {
        const timer = setTimeout(resolve, lookAgainMs)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      try {
        if (await work()) continue
      } catch (error) {
        onProblem(error)
      }
      await asleep
    }
  })()
  return {
    async stop() {
      isStopped = true
      wake()
      await Promise.all([running, listening.stop()])
    },
  }
}
