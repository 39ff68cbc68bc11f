import { addDays, reviewCredit, type CreditReview, type ReviewPolicies } from '@surety/credit'
import { compile } from '@surety/engine'
import {
  approveApplication,
  findApplication,
  rejectApplication,
  returnApplication,
  submitApplication,
  withdrawApplication,
} from '../applications.ts'
import { loadBook } from '../book.ts'
import { policiesInForce, type PolicyVersion } from '../policies.ts'
import { recordReview, type ReviewKind } from '../reviews.ts'
import { today, type Actor, type Tx } from '../sql.ts'
import { decideTask, tasksOf, type TaskDecision } from '../tasks.ts'
import { attendApproval } from '../approval/attend-approval.ts'
import { findApprovalOf } from '../approval/approval.ts'
import { actorOf } from '../users.ts'
import type { DemoUsers } from './demo-users.ts'
import { onBehalf } from '../on-behalf.ts'

/** How far applications have come, and how many days ago they were made. */
const STORIES = [
  { end: 'open', daysAgo: 0, purpose: '旺季备货，申请提高额度' },
  { end: 'open', daysAgo: 1, purpose: '新签年度框架合同' },
  { end: 'open', daysAgo: 1, purpose: '订单增长，额度不足' },
  { end: 'open', daysAgo: 3, purpose: '客户申请延长账期' },
  { end: 'second-level', daysAgo: 2, purpose: '新项目首批交货' },
  { end: 'second-level', daysAgo: 4, purpose: '集团统一采购，合并额度' },
  { end: 'returned', daysAgo: 6, purpose: '季度促销备货', comment: '请补充最近一期财务报表' },
  { end: 'approved', daysAgo: 12, purpose: '老客户扩大合作' },
  { end: 'approved', daysAgo: 25, purpose: '产能扩张，采购增加' },
  { end: 'rejected', daysAgo: 18, purpose: '临时提高额度', comment: '逾期未清，暂不提高额度' },
  { end: 'withdrawn', daysAgo: 9, purpose: '重复提交', comment: '改用新的申请' },
] as const

type Story = (typeof STORIES)[number]

/** Applications in all their states, each with the trace that the real acts leave. The messages to the workflows are real as well: they go on from here. */
export async function seedApplications(tx: Tx, users: DemoUsers): Promise<number> {
  const policies = await loadPolicies(tx)
  if (!policies) return 0
  const accounts = await pickAccounts(tx)
  let seeded = 0
  for (const story of STORIES) {
    // A story needs as many levels as it tells of; the policy says how many an application gets.
    const needed = story.end === 'second-level' ? 2 : 1
    for (let account = accounts.shift(); account; account = accounts.shift()) {
      const review = await plan(tx, account, policies, story)
      if (!review || review.levels.length < needed || (story.end === 'approved' && !/[1-9]/.test(review.recommendedLimit.amount))) continue
      await tell(tx, story, account, review, policies, users)
      seeded += 1
      break
    }
  }
  return seeded
}

interface DemoAccount {
  readonly customer_id: string
  readonly segment_id: number
  readonly currency: string
  readonly limit_amount: string
  readonly payment_terms_days: number | null
}

interface DemoPolicies {
  readonly versions: Readonly<Record<ReviewKind, PolicyVersion>>
  readonly compiled: ReviewPolicies
}

async function loadPolicies(tx: Tx): Promise<DemoPolicies | undefined> {
  const [[assessment], [limitAndTerms], [authority]] = [
    await policiesInForce(tx, 'assessment'),
    await policiesInForce(tx, 'limit-and-terms'),
    await policiesInForce(tx, 'authority'),
  ]
  if (!assessment || !limitAndTerms || !authority) return undefined
  const ready = ({ document, version }: PolicyVersion) => compile(document, { version })
  return {
    versions: { assessment, 'limit-and-terms': limitAndTerms, authority },
    compiled: { assessment: ready(assessment), limitAndTerms: ready(limitAndTerms), authority: ready(authority) },
  }
}

async function pickAccounts(tx: Tx): Promise<DemoAccount[]> {
  // In an order that is the same each time and yet not that of the numbers.
  return tx<DemoAccount[]>`
    select a.customer_id, a.segment_id, a.currency, a.limit_amount, a.payment_terms_days
    from credit_accounts a join customers c on c.id = a.customer_id
    where a.limit_kind = 'amount' and a.limit_amount >= 100000 and a.status = 'active' and c.status = 'active' and a.grade in ('A', 'B', 'C') and c.source = 'demo'
    order by md5(c.number) limit 120`
}

async function plan(tx: Tx, account: DemoAccount, policies: DemoPolicies, story: Story): Promise<CreditReview | undefined> {
  const asOf = addDays(today(tx), -story.daysAgo)
  const book = await loadBook(tx, account.customer_id, { asOf, segmentId: account.segment_id })
  const request = {
    limit: { amount: wantedLimit(account), currency: account.currency },
    ...(account.payment_terms_days === null ? {} : { termsDays: account.payment_terms_days }),
  }
  return book && reviewCredit(book, asOf, request, policies.compiled)
}

/** Half as much again, in round thousands. */
function wantedLimit({ limit_amount }: DemoAccount): string {
  return `${Math.ceil((Number(limit_amount) * 1.5) / 10_000) * 10_000}`
}

async function tell(
  tx: Tx,
  story: Story,
  account: DemoAccount,
  review: CreditReview,
  policies: DemoPolicies,
  users: DemoUsers,
): Promise<void> {
  const start = tx.now.getTime() - story.daysAgo * DAY_MS - 2 * HOUR_MS
  let hours = 0
  const later = (by: number): Date => new Date(Math.min(tx.now.getTime(), start + (hours += by) * HOUR_MS))
  const as = (actor: Actor, by: number): Tx => onBehalf(tx, actor, later(by))
  const sales = actorOf(users.sales)
  const submitted = await submitApplication(as(sales, 0), {
    key: `demo-${account.customer_id}`,
    customerId: account.customer_id,
    segmentId: account.segment_id,
    requestedLimit: wantedLimit(account),
    requestedTermsDays: account.payment_terms_days,
    purpose: story.purpose,
  })
  if (submitted.kind !== 'ok') return
  const { id } = submitted.value
  const system = as(tx.actor, 0.01)
  await recordReview(system, submitted.value, review, policies.versions)
  const approval = (await findApprovalOf(tx, 'credit_application', id))!
  const open = async (level: number): Promise<{ id: string; version: number }> => {
    const at = as(tx.actor, 0.01)
    await attendApproval(at, approval.id, at.now)
    return (await tasksOf(tx, [id])).get(id)!.find(task => task.level === level)!
  }
  const decide = async (level: number, decision: Pick<TaskDecision, 'outcome' | 'comment'>): Promise<void> => {
    const task = await open(level)
    const approver = users.approvers[review.levels[level - 1]! - 1]!
    await decideTask(as(actorOf(approver), 0.5), { id: task.id, version: task.version, ...decision })
  }
  switch (story.end) {
    case 'open':
      await open(1)
      return
    case 'second-level':
      await decide(1, { outcome: 'approve', comment: '同意' })
      await open(2)
      return
    case 'returned':
      await decide(1, { outcome: 'return', comment: story.comment })
      await returnApplication(as(tx.actor, 0.01), id, { round: 1, reason: story.comment })
      return
    case 'rejected':
      await decide(1, { outcome: 'reject', comment: story.comment })
      await rejectApplication(as(tx.actor, 0.01), id, { round: 1, reason: story.comment })
      return
    case 'approved': {
      for (let level = 1; level <= review.levels.length; level++) await decide(level, { outcome: 'approve', comment: '同意' })
      await approveApplication(as(tx.actor, 0.01), id, { round: 1, reason: `application ${id}` })
      return
    }
    case 'withdrawn': {
      await open(1)
      const { version } = (await findApplication(tx, id))!
      await withdrawApplication(as(sales, 1), { id, version, reason: story.comment })
    }
  }
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
