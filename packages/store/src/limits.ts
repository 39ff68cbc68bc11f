import { AccountNotFound, type LimitKind } from './accounts.ts'
import { amountOf, amountOrNull } from './amounts.ts'
import { appendAudit } from './audit.ts'
import { groupBy } from './group.ts'
import { publishChange } from './live.ts'
import { today, type Tx } from './sql.ts'

/** A limit that was or is in force. */
export interface CreditLimit {
  readonly id: string
  readonly accountId: string
  readonly kind: LimitKind
  readonly amount: string | null
  readonly currency: string
  readonly paymentTermsDays: number | null
  readonly validFrom: string
  readonly validTo: string | null
  /** The last day of a temporary limit; null: it stands until another one does. */
  readonly temporaryUntil: string | null
  readonly reason: string
  readonly applicationId: string | null
  readonly decidedBy: string | null
  readonly createdAt: Date
}

export interface NewLimit {
  readonly accountId: string
  readonly kind: LimitKind
  /** With `amount` only. */
  readonly amount?: string | null
  /** Left as they are unless given. */
  readonly paymentTermsDays?: number | null
  readonly validTo?: string | null
  readonly nextReviewOn?: string | null
  readonly reason: string
  /** At most one limit comes from an application; asked again, the first one comes back. */
  readonly applicationId?: string
  readonly decidedBy?: string | null
  /** Today unless said otherwise. */
  readonly validFrom?: string
}

/** Puts a limit in force: history, account, audit and live change together. */
export async function setLimit(tx: Tx, limit: NewLimit): Promise<CreditLimit> {
  // The account is locked first, so that two limits at once have an order.
  const [account] = await tx<LockedAccount[]>`select * from credit_accounts where id = ${limit.accountId} for update`
  if (!account) throw new AccountNotFound(limit.accountId)
  if (limit.applicationId !== undefined) {
    const [earlier] = await tx<LimitRow[]>`select * from credit_limits where application_id = ${limit.applicationId}`
    if (earlier) return toLimit(earlier)
  }
  const amount = limit.kind === 'amount' ? (limit.amount ?? null) : null
  const termsDays = limit.paymentTermsDays ?? account.payment_terms_days
  const [row] = await tx<LimitRow[]>`
    insert into credit_limits (account_id, segment_id, kind, amount, currency, payment_terms_days, valid_from, valid_to, next_review_on, reason, application_id, decided_by, created_at)
    values (${account.id}, ${account.segment_id}, ${limit.kind}, ${amount}, ${account.currency}, ${termsDays}, ${limit.validFrom ?? today(tx)}, ${limit.validTo ?? null},
      ${limit.nextReviewOn ?? null}, ${limit.reason}, ${limit.applicationId ?? null}, ${limit.decidedBy ?? tx.actor.userId ?? null}, ${tx.now})
    returning *`
  await tx`
    update credit_accounts set limit_kind = ${limit.kind}, limit_amount = ${amount}, limit_valid_to = ${limit.validTo ?? null}, payment_terms_days = ${termsDays},
      next_review_on = coalesce(${limit.nextReviewOn ?? null}::date, next_review_on), version = version + 1, updated_at = ${tx.now}
    where id = ${account.id}`
  const set = toLimit(row!)
  await appendAudit(tx, {
    action: 'limit.set',
    entity: 'CreditAccount',
    entityId: account.id,
    segmentId: account.segment_id,
    reason: limit.reason,
    before: {
      kind: account.limit_kind,
      amount: amountOrNull(account.limit_amount, account.currency),
      validTo: account.limit_valid_to,
      paymentTermsDays: account.payment_terms_days,
    },
    after: {
      kind: set.kind,
      amount: set.amount,
      currency: set.currency,
      validTo: set.validTo,
      paymentTermsDays: set.paymentTermsDays,
      applicationId: set.applicationId,
    },
  })
  await publishChange(tx, { entity: 'CreditAccount', id: account.id, customerId: account.customer_id, segmentId: account.segment_id })
  return set
}

export interface NewTemporaryLimit {
  readonly accountId: string
  readonly kind: LimitKind
  /** With `amount` only. */
  readonly amount?: string | null
  /** First and last day; until then and after it the standing limit counts, by the calendar alone. */
  readonly from: string
  readonly until: string
  readonly reason: string
  readonly decidedBy?: string | null
}

/** Puts another limit in the place of the standing one for a while; that one returns by itself. */
export async function setTemporaryLimit(tx: Tx, limit: NewTemporaryLimit): Promise<CreditLimit> {
  const [account] = await tx<LockedAccount[]>`select * from credit_accounts where id = ${limit.accountId} for no key update`
  if (!account) throw new AccountNotFound(limit.accountId)
  const [row] = await tx<LimitRow[]>`
    insert into credit_limits (account_id, segment_id, kind, amount, currency, payment_terms_days, valid_from, temporary_until, reason, decided_by, created_at)
    values (${account.id}, ${account.segment_id}, ${limit.kind}, ${limit.kind === 'amount' ? (limit.amount ?? null) : null}, ${account.currency}, ${account.payment_terms_days},
      ${limit.from}, ${limit.until}, ${limit.reason}, ${limit.decidedBy ?? tx.actor.userId ?? null}, ${tx.now})
    returning *`
  const set = toLimit(row!)
  await tx`update credit_accounts set version = version + 1, updated_at = ${tx.now} where id = ${account.id}`
  await appendAudit(tx, {
    action: 'limit.setTemporary',
    entity: 'CreditAccount',
    entityId: account.id,
    segmentId: account.segment_id,
    reason: limit.reason,
    after: { kind: set.kind, amount: set.amount, currency: set.currency, from: set.validFrom, until: set.temporaryUntil },
  })
  await publishChange(tx, { entity: 'CreditAccount', id: account.id, customerId: account.customer_id, segmentId: account.segment_id })
  return set
}

/**
 * Writes down which temporary limits began or ended by the calendar since it was last asked, and has the holds of their accounts looked at. The limits
 * count without it: run it now and then. Gives back how many.
 */
export async function noteTemporaryLimits(tx: Tx, atMost = 1000): Promise<number> {
  const events = await tx<{ account_id: string; customer_id: string; segment_id: number; limit_id: string; kind: string }[]>`
    with due as (
      select l.id, l.account_id, l.segment_id, k.kind from credit_limits l
      cross join (values ('temporary-began'), ('temporary-ended')) k (kind)
      where l.temporary_until is not null and case k.kind when 'temporary-began' then l.valid_from <= ${today(tx)}::date else l.temporary_until < ${today(tx)}::date end
        and not exists (select from limit_events e where e.limit_id = l.id and e.kind = k.kind)
      order by l.account_id, l.id, k.kind limit ${atMost}
    ), noted as (
      insert into limit_events (segment_id, account_id, limit_id, kind, at) select segment_id, account_id, id, kind, ${tx.now} from due
      on conflict (limit_id, kind) do nothing returning account_id, segment_id, limit_id, kind
    )
    select n.*, a.customer_id from noted n join credit_accounts a on a.id = n.account_id order by n.account_id`
  for (const { account_id, customer_id, segment_id, limit_id, kind } of events) {
    await appendAudit(tx, {
      action: kind === 'temporary-began' ? 'limit.temporaryBegan' : 'limit.temporaryEnded',
      entity: 'CreditAccount',
      entityId: account_id,
      segmentId: segment_id,
      after: { limitId: limit_id },
    })
    await publishChange(tx, { entity: 'CreditAccount', id: account_id, customerId: customer_id, segmentId: segment_id })
  }
  return events.length
}

/** Newest first. */
export async function limitHistoryOf(tx: Tx, accountIds: readonly string[]): Promise<Map<string, CreditLimit[]>> {
  const rows = await tx<
    LimitRow[]
  >`select * from credit_limits where account_id = any (${accountIds as string[]}::bigint[]) order by id desc`
  return groupBy(accountIds, rows.map(toLimit), ({ accountId }) => accountId)
}

interface LockedAccount {
  readonly id: string
  readonly customer_id: string
  readonly segment_id: number
  readonly currency: string
  readonly limit_kind: LimitKind
  readonly limit_amount: string | null
  readonly limit_valid_to: string | null
  readonly payment_terms_days: number | null
}

interface LimitRow {
  readonly id: string
  readonly account_id: string
  readonly kind: LimitKind
  readonly amount: string | null
  readonly currency: string
  readonly payment_terms_days: number | null
  readonly valid_from: string
  readonly valid_to: string | null
  readonly temporary_until: string | null
  readonly reason: string
  readonly application_id: string | null
  readonly decided_by: string | null
  readonly created_at: Date
}

function toLimit(row: LimitRow): CreditLimit {
  return {
    id: row.id,
    accountId: row.account_id,
    kind: row.kind,
    amount: row.amount === null ? null : amountOf(row.amount, row.currency),
    currency: row.currency,
    paymentTermsDays: row.payment_terms_days,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    temporaryUntil: row.temporary_until,
    reason: row.reason,
    applicationId: row.application_id,
    decidedBy: row.decided_by,
    createdAt: row.created_at,
  }
}
