import { createClient } from 'graphql-sse'
import { onScopeDispose, shallowRef } from 'vue'
import { GRAPHQL_URL, OWN_HEADERS } from './client.ts'

/** Something that the viewer may see has changed on the server. */
export interface Change {
  readonly entity: string
  readonly id: string
  readonly customer: string | null
}

export interface LiveFilter {
  /** Type names, e.g. `Task`. */
  readonly entities: readonly string[]
  /** Only changes of this thing, or of things that belong to this customer. */
  readonly id?: () => string | undefined
}

/** Whether this tab hears of changes right now; shown when it does not. */
export const liveState = shallowRef<'off' | 'connecting' | 'on'>('off')

/** Opens the tab's one stream of changes; what is returned closes it. */
export function startLive(): () => void {
  liveState.value = 'connecting'
  const client = createClient({
    url: GRAPHQL_URL,
    credentials: 'same-origin',
    headers: OWN_HEADERS,
    retryAttempts: Number.POSITIVE_INFINITY,
    retry: (retries) => new Promise((resolve) => setTimeout(resolve, Math.min(30_000, 500 * 2 ** retries) * (0.75 + Math.random() / 2))),
    on: {
      connecting: () => void (liveState.value = 'connecting'),
      connected: (isAgain) => {
        liveState.value = 'on'
        // Whatever happened while the line was down was not heard.
        if (isAgain) for (const listener of listeners) listener(undefined)
      },
    },
  })
  const stop = client.subscribe<{ changes: Change }>(
    { query: 'subscription Changes { changes { entity id customer } }' },
    {
      next: ({ data }) => {
        if (data) for (const listener of listeners) listener(data.changes)
      },
      error: () => void (liveState.value = 'off'),
      complete: () => void (liveState.value = 'off'),
    },
  )
  return () => {
    stop()
    client.dispose()
    liveState.value = 'off'
  }
}

/** Calls back, once per burst, when one of these things has changed; ends with the calling component. */
export function useLive(filter: LiveFilter, onChange: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const listener: Listener = (change) => {
    if (change && !concerns(filter, change)) return
    clearTimeout(timer)
    timer = setTimeout(onChange, BURST_MS)
  }
  listeners.add(listener)
  onScopeDispose(() => {
    listeners.delete(listener)
    clearTimeout(timer)
  })
}

export function concerns({ entities, id }: LiveFilter, change: Change): boolean {
  if (!entities.includes(change.entity)) return false
  const wanted = id?.()
  return wanted === undefined || change.id === wanted || change.customer === wanted
}

interface Listener {
  (change: Change | undefined): void
}

const listeners = new Set<Listener>()
const BURST_MS = 120
