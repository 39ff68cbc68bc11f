import type { History } from './history.ts'
import type { Profile } from './profile.ts'
import type { Random } from './random.ts'
import type { LedgerEntry } from './record.ts'

/** One customer's history while it is being made up. */
export interface Story {
  readonly history: History
  readonly profile: Profile
  readonly random: Random
  /** Writes down what happened; what lies beyond the end of the history has not happened yet. */
  readonly tell: <Kind extends LedgerEntry['kind']>(kind: Kind, entry: Extract<LedgerEntry, { kind: Kind }>['entry']) => void
  /** The next number of a series: `INV-000123-0001`. */
  readonly nextId: (series: string) => string
}

export function createStory(history: History, profile: Profile, random: Random): Story & { readonly entries: LedgerEntry[] } {
  const { customerId, digits } = profile
  const endDate = history.dateOf(history.endDay)
  const entries: LedgerEntry[] = []
  const counts = new Map<string, number>()
  return {
    history,
    profile,
    random,
    entries,
    tell: (kind, entry) => {
      if (entry.date <= endDate) entries.push({ kind, customerId, entry } as LedgerEntry)
    },
    nextId: series => {
      const count = (counts.get(series) ?? 0) + 1
      counts.set(series, count)
      return `${series}-${digits}-${count < 10_000 ? String(count).padStart(4, '0') : count}`
    },
  }
}
