import { setTimeout } from 'node:timers/promises'
import { listenChanges, type Change, type Sql } from '@surety/store'
import { Repeater } from 'graphql-yoga'

/** Hands what changed in the database to whoever listens in this process, over one connection for all of them. */
export interface LiveHub {
  /**
   * Until `ending` is aborted, or changes may have been missed: connect again and read anew.
   * Aborts `ending` itself when nobody listens any more.
   */
  changes(passes: (change: Change) => boolean, ending: AbortController): AsyncIterable<Change>
  close(): Promise<void>
}

const RETRY_MS = 1000

type Listening = Awaited<ReturnType<typeof listenChanges>>

interface Listener {
  tell(change: Change): void
  end(): void
}

/** Begins to listen as soon as the database can be reached; `onTrouble` is told of each attempt that failed. */
export function createLiveHub(sql: Sql, onTrouble: (error: unknown) => void): LiveHub {
  const listeners = new Set<Listener>()
  const tellAll = (change: Change): void => listeners.forEach(listener => listener.tell(change))
  const endAll = (): void => listeners.forEach(listener => listener.end())
  const closing = new AbortController()
  let listening: Listening | undefined
  void listen()

  async function listen(): Promise<void> {
    while (!closing.signal.aborted && !listening) {
      try {
        listening = await listenChanges(sql, tellAll, endAll)
        if (closing.signal.aborted) await listening.stop()
      } catch (error) {
        onTrouble(error)
        await setTimeout(RETRY_MS, undefined, { signal: closing.signal }).catch(() => {})
      }
    }
  }

  return {
    changes: (passes, ending) =>
      new Repeater<Change>(async (push, stop) => {
        const listener: Listener = {
          tell(change) {
            if (!passes(change)) return
            // Refused when a thousand wait: who reads so slowly does better to start again.
            try {
              push(change).catch(() => stop())
            } catch {
              stop()
            }
          },
          end: stop,
        }
        listeners.add(listener)
        ending.signal.addEventListener('abort', () => stop())
        await stop
        listeners.delete(listener)
        ending.abort()
      }),
    async close() {
      closing.abort()
      endAll()
      await listening?.stop()
    },
  }
}
