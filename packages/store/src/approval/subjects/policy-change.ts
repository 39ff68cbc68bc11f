import type { Subject } from './subject.ts'

/**
 * A change of a policy takes effect when the last one agrees, in the transaction of that vote: the change request counts, since
 * an agreement is to a content. The approval puts it into people's lists, and ends when the request does.
 */
export const policyChange: Subject = {
  check: async () => [],
  vote: (tx, approval, decision) => vote(tx, approval, decision),
  approve: async () => {},
  reject: async () => {},
}

type Vote = NonNullable<Subject['vote']>

let vote: Vote = () => {
  throw new Error('change-requests.ts has not said what a vote on a change means.')
}

/** Change requests start approvals, so they can't be imported from here: they say themselves what a vote on one means. */
export function onVoteOnChange(voter: Vote): void {
  vote = voter
}
