import type { Policy } from '@surety/engine'
import type { PolicyCase } from '../trial/policy-case.ts'

/** What was typed and has not reached the server yet, kept on this machine: a lost line, a closed tab or an ended session take nothing away. */
export interface LocalCopy {
  /** The revision that it was made from. */
  readonly revision: number
  readonly document: Policy
  readonly cases: readonly PolicyCase[]
  readonly savedAt: number
}

/** A tab that lives saves within moments; a copy that lies there longer belongs to one that is gone. */
const ABANDONED_MS = 30_000

export function createLocalCopy(
  draftId: string,
  now: () => number = Date.now,
): { read(): LocalCopy | undefined; write(copy: Omit<LocalCopy, 'savedAt'>): boolean; clear(): void } {
  const prefix = `surety.draft.${draftId}.`
  const own = prefix + tabId()
  return {
    read() {
      const mine = parse(localStorage.getItem(own))
      if (mine) return mine
      for (const key of Object.keys(localStorage)) {
        if (!key.startsWith(prefix)) continue
        const copy = parse(localStorage.getItem(key))
        if (!copy || now() - copy.savedAt < ABANDONED_MS) continue
        localStorage.removeItem(key)
        return copy
      }
      return undefined
    },
    write(copy) {
      try {
        localStorage.setItem(own, JSON.stringify({ ...copy, savedAt: now() } satisfies LocalCopy))
        return true
      } catch {
        // The browser's store is full or switched off; the page then says that nothing is kept here.
        return false
      }
    },
    clear: () => localStorage.removeItem(own),
  }
}

function parse(text: string | null): LocalCopy | undefined {
  if (text === null) return undefined
  try {
    return JSON.parse(text) as LocalCopy
  } catch {
    return undefined
  }
}

/** One a tab, and the same after a reload. */
function tabId(): string {
  let id = sessionStorage.getItem('surety.tab')
  if (id === null) sessionStorage.setItem('surety.tab', (id = crypto.randomUUID()))
  return id
}
