import { amountOf } from './amounts.ts'
import { today, type Tx } from './sql.ts'

/** An application decided earlier that resembles another one, and how its customer has paid since. */
export interface SimilarCase {
  readonly applicationId: string
  readonly customerId: string
  readonly outcome: 'approved' | 'rejected'
  /** Approved: what was granted; rejected: what was asked for. */
  readonly amount: string
  readonly currency: string
  readonly requestedLimit: string
  readonly grade: string
  readonly score: number | null
  readonly closedAt: Date
  /** As the account stands now. */
  readonly gradeNow: string | null
  /** The latest payment of anything that fell due since the decision, in days past its due date; 0: all on time. */
  readonly worstDaysLate: number
  readonly overdueNow: string
}

const GRADES = 'ABCDE'

/**
 * Decided applications of other customers in the same segment and currency, at most one grade away and between half and
 * twice the amount: the nearest amounts of the last three years.
 */
export async function similarCases(tx: Tx, applicationId: string, first = 5): Promise<SimilarCase[]> {
  const rows = await tx<CaseRow[]>`
    with asked as (
      select a.id, a.segment_id, a.customer_id, a.currency, strpos(${GRADES}, a.grade) as grade, coalesce(a.approved_limit, a.recommended_limit, a.requested_limit) as amount
      from credit_applications a where a.id = ${applicationId} and a.grade is not null
    ), near as (
      select c.*, strpos(${GRADES}, c.grade) as grade_rank, coalesce(c.approved_limit, c.requested_limit) as amount, asked.amount as asked_amount, asked.grade as asked_grade
      from asked join credit_applications c on c.segment_id = asked.segment_id and c.currency = asked.currency and c.customer_id <> asked.customer_id
        and c.status in ('approved', 'rejected') and c.grade is not null and c.closed_at > ${tx.now}::timestamptz - interval '3 years'
      where abs(strpos(${GRADES}, c.grade) - asked.grade) <= 1 and coalesce(c.approved_limit, c.requested_limit) between asked.amount / 2 and asked.amount * 2
      order by abs(ln(coalesce(c.approved_limit, c.requested_limit) / asked.amount)) + abs(strpos(${GRADES}, c.grade) - asked.grade), c.closed_at desc
      limit ${first}
    )
    select n.id, n.customer_id, n.status as outcome, n.amount, n.currency, n.requested_limit, n.grade, n.score, n.closed_at, account.grade as grade_now,
      greatest(coalesce(paid.late, 0), coalesce(due.late, 0), 0) as worst_days_late, coalesce(due.overdue, 0) as overdue_now
    from near n join credit_accounts account on account.id = n.account_id
    left join lateral (
      select max(p.applied_on - d.due_on) as late from documents d join payment_applications p on p.document_id = d.id and p.amount > 0
      where d.customer_id = n.customer_id and d.segment_id = n.segment_id and d.type = 'invoice' and d.due_on >= n.closed_at::date
    ) paid on true
    left join lateral (
      select max(${today(tx)}::date - d.due_on) filter (where d.due_on >= n.closed_at::date) as late, sum(d.open_amount) filter (where d.currency = n.currency) as overdue
      from documents d where d.customer_id = n.customer_id and d.segment_id = n.segment_id and d.type = 'invoice' and d.open_amount > 0
        and d.cancelled_on is null and d.closed_on is null and d.due_on < ${today(tx)}::date
    ) due on true
    order by n.closed_at desc, n.id`
  return rows.map(row => ({
    applicationId: row.id,
    customerId: row.customer_id,
    outcome: row.outcome,
    amount: amountOf(row.amount, row.currency),
    currency: row.currency,
    requestedLimit: amountOf(row.requested_limit, row.currency),
    grade: row.grade,
    score: row.score,
    closedAt: row.closed_at,
    gradeNow: row.grade_now,
    worstDaysLate: row.worst_days_late,
    overdueNow: amountOf(row.overdue_now, row.currency),
  }))
}

interface CaseRow {
  readonly id: string
  readonly customer_id: string
  readonly outcome: SimilarCase['outcome']
  readonly amount: string
  readonly currency: string
  readonly requested_limit: string
  readonly grade: string
  readonly score: number | null
  readonly closed_at: Date
  readonly grade_now: string | null
  readonly worst_days_late: number
  readonly overdue_now: string
}
