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

/** Opens the tab's one stream of changes and keeps it open; what is returned closes it for good. */
export function startLive(): () => void {
  const client = createClient({ url: GRAPHQL_URL, credentials: 'same-origin', headers: OWN_HEADERS, retryAttempts: 0 })
  let failures = 0
  let hasBeenOn = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let stop = connect()

  function connect(): () => void {
    liveState.value = 'connecting'
    return client.subscribe<{ changes: Change }>(
      { query: 'subscription Changes { changes { entity id customer } }' },
      { next: ({ data }) => data && tell(data.changes), error: connectAgain, complete: connectAgain },
      { connected: greet },
    )
  }

  function greet(): void {
    liveState.value = 'on'
    failures = 0
    // Whatever happened while the line was down was not heard.
    if (hasBeenOn) tell(undefined)
    hasBeenOn = true
  }

  /** The server ends the stream when changes may have been missed, or when what the viewer may see has changed. */
  function connectAgain(): void {
    liveState.value = 'connecting'
    const waitMs = Math.min(30_000, 500 * 2 ** failures++) * (0.75 + Math.random() / 2)
    timer = setTimeout(() => (stop = connect()), waitMs)
  }

  return () => {
    clearTimeout(timer)
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

function tell(change: Change | undefined): void {
  for (const listener of listeners) listener(change)
}

interface Listener {
  /** Without a change: anything may have changed. */
  (change: Change | undefined): void
}

const listeners = new Set<Listener>()
const BURST_MS = 120
