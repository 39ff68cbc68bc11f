import type { Money } from '@surety/credit'
import { checkText, requireUser, RESUBMISSION_DAYS } from '../applications.ts'
import { notAllowed, NOT_FOUND, ok, type Result } from '../result.ts'
import type { Tx } from '../sql.ts'
import { findApproval, lockApproval, type Approval } from './approval.ts'
import { cancelOpenTasks } from './cancel-tasks.ts'
import { closeApproval } from './close-approval.ts'
import { routeApproval } from './route-approval.ts'
import { beginRound, recordApproval, wakeApproval } from './start-approval.ts'
import { SUBJECTS } from './subjects/index.ts'
import { tellMaker } from './tell-people.ts'

/** The maker's own acts on what they asked. Applications have theirs in applications.ts. */
interface MakersAct {
  readonly id: string
  /** As the client last saw it. */
  readonly version: number
}

export interface Rework extends MakersAct {
  readonly amount?: Money | null
  readonly request?: Readonly<Record<string, unknown>>
  readonly comment: string
  readonly facts?: Readonly<Record<string, string | number | boolean>>
}

/** What came back for rework, sent again: a new round begins, asked of the policy in force now. */
export async function resubmitApproval(tx: Tx, rework: Rework): Promise<Result<Approval>> {
  return makersAct(tx, rework, async before => {
    if (before.status !== 'returned') return notAllowed('NOT_RETURNED')
    if (tx.now.getTime() - before.returnedAt!.getTime() > RESUBMISSION_DAYS * 86_400_000) return notAllowed('RESUBMISSION_TOO_LATE')
    return nextRound(tx, before, rework, 'approval.resubmit', 'resubmitted')
  })
}

/** Other figures while people already sign: the chain is found anew, and what was signed on lower figures is void. */
export async function amendApproval(tx: Tx, rework: Rework): Promise<Result<Approval>> {
  return makersAct(tx, rework, async before => {
    if (before.status !== 'open') return notAllowed('APPROVAL_CLOSED')
    await tx`update approvals set amended_from = round where id = ${before.id}`
    return nextRound(tx, (await findApproval(tx, before.id))!, rework, 'approval.amend', 'amended')
  })
}

/** The maker takes it back to change it, while it is not decided. */
export async function recallApproval(tx: Tx, act: MakersAct & { readonly comment: string }): Promise<Result<Approval>> {
  return makersAct(tx, act, async before => {
    if (before.status !== 'open') return notAllowed('APPROVAL_CLOSED')
    return ok(await giveBack(tx, before, 'approval.recall', act.comment))
  })
}

export async function withdrawApproval(tx: Tx, act: MakersAct & { readonly comment: string }): Promise<Result<Approval>> {
  return makersAct(tx, act, async before => {
    if (before.status !== 'open' && before.status !== 'returned') return notAllowed('APPROVAL_CLOSED')
    await SUBJECTS[before.kind].withdraw?.(tx, before)
    await closeApproval(tx, before, 'withdrawn', act.comment)
    await wakeApproval(tx, before, 'withdrawn')
    return ok((await findApproval(tx, before.id))!)
  })
}

/** An approver gave it back for rework; the clock stops until it returns. */
export async function returnApproval(tx: Tx, approval: Approval, reason: string): Promise<Approval> {
  if (approval.kind !== 'credit_application') await tellMaker(tx, approval, 'task.returned', { outcome: '', comment: reason })
  return giveBack(tx, approval, 'approval.return', reason)
}

async function giveBack(tx: Tx, before: Approval, action: string, reason: string): Promise<Approval> {
  await cancelOpenTasks(tx, before.id)
  await tx`update approvals set status = 'returned', returned_at = ${tx.now}, version = version + 1 where id = ${before.id}`
  const after = (await findApproval(tx, before.id))!
  if (before.kind !== 'credit_application') {
    await SUBJECTS[before.kind].giveBack?.(tx, after)
    await recordApproval(tx, after, { action, reason, before: { status: before.status }, after: { status: after.status } })
  }
  await wakeApproval(tx, after, `returned-${after.round}`)
  return after
}

async function nextRound(tx: Tx, before: Approval, rework: Rework, action: string, act: string): Promise<Result<Approval>> {
  const request = rework.request ?? before.request
  const amount =
    rework.amount === undefined ? (before.amount === null ? null : { amount: before.amount, currency: before.currency! }) : rework.amount
  const issues = await SUBJECTS[before.kind].check(tx, { ...before, request, amount: amount?.amount ?? null })
  if (issues.length > 0) return { kind: 'invalid', issues }
  const route = await routeApproval(tx, { ...before, amount, request, ...(rework.facts && { facts: rework.facts }) })
  const round = before.round + 1
  const after = await beginRound(tx, before, round, { amount, request, route })
  await recordApproval(tx, after, {
    action,
    reason: rework.comment,
    before: { amount: before.amount, request: before.request },
    after: { amount: after.amount, request: after.request, round },
  })
  await wakeApproval(tx, after, `${act}-${round}`)
  return ok(after)
}

async function makersAct(
  tx: Tx,
  { id, version, comment }: MakersAct & { readonly comment: string },
  act: (before: Approval) => Promise<Result<Approval>>,
): Promise<Result<Approval>> {
  requireUser(tx)
  const before = await lockApproval(tx, id)
  // Applications are amended and taken back where they are kept.
  if (!before || before.kind === 'credit_application') return NOT_FOUND
  if (!before.isMine) return notAllowed('NOT_YOURS')
  if (before.version !== version) return { kind: 'conflict', current: before }
  const issues = checkText(comment, 'comment')
  return issues.length > 0 ? { kind: 'invalid', issues } : act(before)
}
