import { countMyHolds } from './holds.ts'
import type { Tx } from './sql.ts'
import { countMyTasks } from './tasks.ts'

export interface Counters {
  /** Open and for the actor to decide. */
  readonly tasks: number
  /** The actor's own that are not closed. */
  readonly applications: number
  /** Imports that wait for somebody or are at work. */
  readonly imports: number
  /** Held orders that the actor can release. */
  readonly holds: number
}

export async function countersOf(tx: Tx): Promise<Counters> {
  const [row] = await tx<{ applications: string; imports: string }[]>`
    select
      (select count(*) from credit_applications a join users u on u.id = a.requested_by
        where u.person_id = ${tx.actor.personId ?? null} and a.status in ('submitted', 'in_approval', 'returned')) as applications,
      (select count(*) from imports where status in ('staging', 'ready', 'applying')) as imports`
  return {
    tasks: await countMyTasks(tx),
    applications: Number(row!.applications),
    imports: Number(row!.imports),
    holds: await countMyHolds(tx),
  }
}
