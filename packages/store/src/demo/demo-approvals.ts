import { addDays } from '@surety/credit'
import { attendApproval } from '../approval/attend-approval.ts'
import { requestApproval, type ApprovalRequest } from '../approval/request-approval.ts'
import { today, type Tx } from '../sql.ts'
import { substitute } from '../substitutions.ts'
import { actorOf } from '../users.ts'
import type { DemoUsers } from './demo-users.ts'
import { onBehalf } from '../on-behalf.ts'

/** A limit change, a temporary limit and a write-off that wait for people, and somebody who will be away. */
export async function seedApprovals(tx: Tx, users: DemoUsers): Promise<number> {
  const accounts = await pickAccounts(tx)
  let seeded = 0
  for (const [index, asked] of requests(tx).entries()) {
    const account = accounts[index]
    const request = account && asked(account)
    if (!request) continue
    const result = await requestApproval(onBehalf(tx, actorOf(users.sales), hoursAgo(tx, 5 + index * 7)), {
      ...request,
      key: `demo-matter-${index}`,
    })
    if (result.kind !== 'ok') continue
    const then = hoursAgo(tx, 4 + index * 7)
    await attendApproval(onBehalf(tx, tx.actor, then), result.value.id, then)
    seeded += 1
  }
  const [first, second] = users.approvers
  if (first && second) {
    await substitute(onBehalf(tx, actorOf(second), tx.now), {
      substitutePersonId: users.approvers.at(-1)!.personId,
      from: addDays(today(tx), 7),
      to: addDays(today(tx), 14),
      timeZone: 'Asia/Shanghai',
      note: '年假 Annual leave',
    })
  }
  return seeded
}

interface DemoAccount {
  readonly id: string
  readonly limit_amount: string
  readonly invoices: string[]
}

// Accounts with open invoices that are long overdue come last: those are what a write-off is about.
async function pickAccounts(tx: Tx): Promise<DemoAccount[]> {
  return tx<DemoAccount[]>`
    select a.id, a.limit_amount, array(
        select d.id::text from documents d where d.customer_id = a.customer_id and d.segment_id = a.segment_id and d.type = 'invoice' and d.open_amount > 0 and d.cancelled_on is null
          and d.currency = a.currency and d.due_on < ${today(tx)}::date - 30 order by d.due_on, d.id limit 2) as invoices
    from credit_accounts a join customers c on c.id = a.customer_id
    where a.limit_kind = 'amount' and a.limit_amount >= 100000 and a.status = 'active' and c.status = 'active' and c.source = 'demo'
      and not exists (select from credit_applications p where p.account_id = a.id)
      and exists (select from documents d where d.customer_id = a.customer_id and d.segment_id = a.segment_id and d.type = 'invoice' and d.open_amount > 0 and d.cancelled_on is null
        and d.currency = a.currency and d.due_on < ${today(tx)}::date - 30)
    order by md5(c.number || 'matter') limit 4`
}

type Asked = (account: DemoAccount) => Omit<ApprovalRequest, 'key'>

function requests(tx: Tx): readonly Asked[] {
  return [
    account => ({
      kind: 'limit_change',
      subjectId: account.id,
      request: {
        recommendations: [
          { kind: 'change_limit', amount: `${Math.round(Number(account.limit_amount) * 0.7)}` },
          { kind: 'review_cycle', months: 3 },
        ],
      },
      purpose: '回款放缓，建议下调额度并缩短复评周期',
    }),
    account => ({
      kind: 'temporary_limit',
      subjectId: account.id,
      amount: `${Math.round(Number(account.limit_amount) * 1.3)}`,
      request: { from: today(tx), to: addDays(today(tx), 45) },
      purpose: '旺季备货，45 天内临时提高额度',
    }),
    account => ({
      kind: 'write_off',
      subjectId: account.id,
      request: { documents: account.invoices },
      purpose: '客户已停业，款项确认无法收回',
    }),
    account => ({
      kind: 'limit_change',
      subjectId: account.id,
      request: { recommendations: [{ kind: 'change_terms', days: 30 }] },
      purpose: '账期由 60 天缩短为 30 天',
    }),
  ]
}

function hoursAgo(tx: Tx, hours: number): Date {
  return new Date(tx.now.getTime() - hours * 3_600_000)
}
