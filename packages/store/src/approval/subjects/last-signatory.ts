import { onBehalf } from '../../on-behalf.ts'
import type { Tx } from '../../sql.ts'
import type { Approval } from '../approval.ts'

/** The transaction acting as the person whose vote completed a round, so that the record names who decided. */
export async function asLastSignatory(tx: Tx, { id, round }: Approval): Promise<Tx> {
  const [vote] = await tx<{ user_id: string; person_id: string }[]>`
    select user_id, person_id from task_votes where approval_id = ${id} and round = ${round} order by id desc limit 1`
  if (!vote) return tx
  return onBehalf(tx, { kind: 'user', userId: vote.user_id, personId: vote.person_id, segments: tx.actor.segments }, tx.now)
}
