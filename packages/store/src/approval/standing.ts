import type { Tx } from '../sql.ts'
import type { Approval } from './approval.ts'

/** What the votes of a round have made of its chain. */
export type Standing =
  | { readonly kind: 'toOpen'; readonly level: number }
  | { readonly kind: 'open'; readonly level: number; readonly taskId: string }
  | { readonly kind: 'passed' }
  | { readonly kind: 'rejected' }

export async function standingOf(tx: Tx, { id, round, chain }: Approval): Promise<Standing> {
  const tasks = await tx<{ id: string; level: number; status: string; outcome: string | null }[]>`
    select id, level, status, outcome from tasks where approval_id = ${id} and round = ${round} and status <> 'cancelled'`
  for (const [index, step] of chain.entries()) {
    if (step.carriedFrom !== undefined) continue
    const level = index + 1
    const task = tasks.find(known => known.level === level)
    if (!task) return { kind: 'toOpen', level }
    if (task.status === 'open') return { kind: 'open', level, taskId: task.id }
    if (task.outcome === 'reject') return { kind: 'rejected' }
  }
  return { kind: 'passed' }
}
