import type { TaskOutcome } from '../tasks.ts'

/** How the votes of a task are counted. */
export interface SigningRule {
  /** So many approvals of those who were asked. */
  readonly needed: number
  /** So many votes against reject. */
  readonly rejections: number
  /** Further signatures that somebody asked for: each has to be there, and none of them counts towards `needed`. */
  readonly added: readonly string[]
}

export interface CountedVote {
  /** Whose vote it is: the principal's where a substitute gave it. */
  readonly holder: string
  readonly outcome: TaskOutcome
}

/**
 * What the votes make of a task; null while it is open. `stillToVote`: how many of those who were asked could still approve,
 * so that what can no longer be approved ends as rejected instead of waiting for good.
 */
export function tally(rule: SigningRule, votes: readonly CountedVote[], stillToVote: number): TaskOutcome | null {
  if (votes.some(({ outcome }) => outcome === 'return')) return 'return'
  const against = votes.filter(({ outcome }) => outcome === 'reject')
  if (against.length >= rule.rejections) return 'reject'
  if (against.some(({ holder }) => rule.added.includes(holder))) return 'reject'
  const approvals = votes.filter(({ outcome }) => outcome === 'approve')
  const own = approvals.filter(({ holder }) => !rule.added.includes(holder))
  const missing = rule.added.filter(person => !approvals.some(({ holder }) => holder === person))
  if (own.length >= rule.needed) return missing.length === 0 ? 'approve' : null
  // Without a vote against, more people may come to have the authority.
  return against.length > 0 && own.length + stillToVote < rule.needed ? 'reject' : null
}
