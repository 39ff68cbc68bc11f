import { setImmediate as turn } from 'node:timers/promises'
import {
  comparePolicies,
  computeFacts,
  isPolicyKind,
  POLICY_KINDS,
  resolverAmong,
  toEngineFacts,
  type FactFamily,
  type ImpactReason,
  type ImpactSubject,
  type ImpactSummary,
  type MovedSide,
} from '@surety/credit'
import { compile, type CompiledPolicy, type Facts, type Policy } from '@surety/engine'
import { amountOf } from './amounts.ts'
import { requireUser } from './applications.ts'
import { loadBooks } from './book.ts'
import { publishChange } from './live.ts'
import { enqueue } from './outbox.ts'
import { documentsInForce, newestVersion, findPolicyVersions } from './policies.ts'
import { findPolicyDraft } from './policy-drafts.ts'
import { notAllowed, NOT_FOUND, ok, type Result } from './result.ts'
import { asActor, SYSTEM, today, type Sql, type Tx } from './sql.ts'

/** What a draft would do, bound to the content of both sides. */
export interface PolicyImpact {
  readonly id: string
  readonly policyId: string
  readonly baseVersion: number
  readonly baseHash: string
  readonly draftHash: string
  readonly status: 'running' | 'done' | 'failed'
  readonly doneCount: number
  readonly totalCount: number
  readonly result: ImpactResult | null
  readonly problem: string | null
  readonly requestedAt: Date
  readonly finishedAt: Date | null
}

export interface ImpactResult extends ImpactSummary {
  /** Over whom: customers of today, or what was decided lately on occasions such as orders. */
  readonly over: 'customers' | 'decisions'
  readonly asOf: string
  readonly tookMs: number
}

export interface CustomerMove {
  readonly customerId: string
  readonly before: MovedSide
  readonly after: MovedSide
  readonly exposure: string
  readonly currency: string
  readonly why: ImpactReason | null
}

export async function findImpact(tx: Tx, id: string): Promise<PolicyImpact | undefined> {
  const [row] = await tx<ImpactRow[]>`select * from policy_impacts where id = ${id}`
  return row && toImpact(row)
}

/** The newest that was measured between these two contents. */
export async function impactOf(tx: Tx, policyId: string, draftHash: string, baseHash: string): Promise<PolicyImpact | undefined> {
  const [row] = await tx<ImpactRow[]>`
    select * from policy_impacts where policy_id = ${policyId} and draft_hash = ${draftHash} and base_hash = ${baseHash} order by (status = 'done') desc, id desc limit 1`
  return row && toImpact(row)
}

/** The weightiest first; only customers whom the actor sees. */
export async function movesOf(
  tx: Tx,
  impactId: string,
  filter: { readonly before?: string; readonly after?: string } = {},
): Promise<CustomerMove[]> {
  const rows = await tx<
    { customer_id: string; before: MovedSide; after: MovedSide; exposure: string; currency: string; why: ImpactReason | null }[]
  >`
    select customer_id, before, after, exposure, currency, why from policy_impact_moves where impact_id = ${impactId}
      ${filter.before ? tx`and before_outcome = ${filter.before}` : tx``} ${filter.after ? tx`and after_outcome = ${filter.after}` : tx``}
    order by position`
  return rows.map(row => ({
    customerId: row.customer_id,
    before: row.before,
    after: row.after,
    exposure: amountOf(row.exposure, row.currency),
    currency: row.currency,
    why: row.why,
  }))
}

/** Asks for a draft to be measured; the work is done elsewhere and told as it goes. */
export async function requestPolicyImpact(tx: Tx, draftId: string): Promise<Result<PolicyImpact>> {
  const userId = requireUser(tx)
  const draft = await findPolicyDraft(tx, draftId)
  if (!draft) return NOT_FOUND
  if (draft.status !== 'open') return notAllowed('DRAFT_CLOSED')
  const base = await newestVersion(tx, draft.policyId)
  if (!base)
    return {
      kind: 'invalid',
      issues: [
        {
          path: ['draftId'],
          code: 'NOTHING_TO_COMPARE',
          message: {
            en: 'No version of this policy has been published yet, so there is nothing to compare with.',
            zh: '该策略尚无已发布版本，无从比较。',
          },
        },
      ],
    }
  const [running] = await tx<ImpactRow[]>`
    select * from policy_impacts where policy_id = ${draft.policyId} and draft_hash = ${draft.contentHash} and base_hash = ${base.hash} and status = 'running' and requested_at > ${new Date(tx.now.getTime() - STALE_MS)}`
  if (running) return ok(toImpact(running))
  const [row] = await tx<ImpactRow[]>`
    insert into policy_impacts (policy_id, base_version, base_hash, draft_hash, document, requested_by, requested_at)
    values (${draft.policyId}, ${base.version}, ${base.hash}, ${draft.contentHash}, ${JSON.stringify(draft.document)}, ${userId}, ${tx.now}) returning *`
  await enqueue(tx, { topic: 'workflow', key: `policy-impact:${row!.id}`, payload: { kind: 'policyImpactRequested', impactId: row!.id } })
  return ok(toImpact(row!))
}

export interface MeasureOptions {
  readonly onProgress?: (done: number) => void
  readonly signal?: AbortSignal
}

/** Decides about everybody by both versions and keeps what came of it. Repeating it after it is done changes nothing. */
export async function measureImpact(sql: Sql, impactId: string, options: MeasureOptions = {}): Promise<PolicyImpact> {
  const inBook = <T>(fn: (tx: Tx) => Promise<T>): Promise<T> => asActor(sql, SYSTEM, fn)
  const started = performance.now()
  const ground = await inBook(async tx => {
    const impact = await findImpact(tx, impactId)
    if (!impact) throw new NoSuchImpact(impactId)
    const [row] = await tx<{ document: string }[]>`select document from policy_impacts where id = ${impactId}`
    const [base] = await findPolicyVersions(tx, [{ policyId: impact.policyId, version: impact.baseVersion }])
    return { impact, base: base!, draft: JSON.parse(row!.document) as Policy, others: await documentsInForce(tx) }
  })
  if (ground.impact.status === 'done') return ground.impact
  const tell = (count: { done?: number; total?: number }): Promise<void> =>
    inBook(async tx => {
      await tx`update policy_impacts set done_count = coalesce(${count.done ?? null}, done_count), total_count = coalesce(${count.total ?? null}, total_count) where id = ${impactId}`
      await publishChange(tx, { entity: 'PolicyImpact', id: impactId, segmentId: null })
      options.onProgress?.(count.done ?? 0)
    })
  try {
    const resolve = resolverAmong(ground.others.filter(({ id }) => id !== ground.draft.id))
    const before = compile(ground.base.document, { version: ground.base.version, resolve })
    const after = compile(ground.draft, { resolve })
    const currency = currencyOf(after.policy)
    const over = isJudgedPerCustomer(after.policy) ? 'customers' : 'decisions'
    const subjects =
      over === 'customers'
        ? await subjectsToday(sql, [before, after], currency, tell, options.signal)
        : await inBook(tx => subjectsDecided(tx, after.policy.kind ?? ''))
    const { summary, moves } = comparePolicies(before, after, subjects, currency)
    return await inBook(async tx => {
      const result: ImpactResult = { ...summary, over, asOf: today(tx), tookMs: Math.round(performance.now() - started) }
      const rows = moves.map((move, position) => ({
        impact_id: impactId,
        segment_id: subjects[move.index]!.segmentId,
        customer_id: subjects[move.index]!.customerId,
        position,
        before_outcome: move.before.outcome,
        after_outcome: move.after.outcome,
        before: tx.json(move.before as never),
        after: tx.json(move.after as never),
        exposure: subjects[move.index]!.exposure,
        currency,
        why: move.why === null ? null : tx.json(move.why as never),
      }))
      if (rows.length > 0) await tx`insert into policy_impact_moves ${tx(rows as never[])} on conflict do nothing`
      await tx`
        update policy_impacts set status = 'done', result = ${tx.json(result as never)}, done_count = ${subjects.length}, total_count = ${subjects.length}, finished_at = ${tx.now}, problem = null
        where id = ${impactId}`
      await publishChange(tx, { entity: 'PolicyImpact', id: impactId, segmentId: null })
      return (await findImpact(tx, impactId))!
    })
  } catch (error) {
    if (options.signal?.aborted) throw error
    const problem = error instanceof Error ? error.message : String(error)
    return inBook(async tx => {
      await tx`update policy_impacts set status = 'failed', problem = ${problem.slice(0, 2000)}, finished_at = ${tx.now} where id = ${impactId}`
      await publishChange(tx, { entity: 'PolicyImpact', id: impactId, segmentId: null })
      return (await findImpact(tx, impactId))!
    })
  }
}

class NoSuchImpact extends Error {
  readonly code = 'NO_SUCH_IMPACT'
  constructor(id: string) {
    super(`There is no impact ${id}.`)
  }
}

interface Subject extends ImpactSubject {
  readonly customerId: string
  readonly segmentId: number
}

/** Families that are known of a customer without an occasion. */
const TIMELESS: ReadonlySet<FactFamily> = new Set([
  'ageing',
  'payment',
  'trade',
  'account',
  'statement',
  'company',
  'request',
  'collection',
])
const CHUNK = 500
const DECISIONS = 10_000
const STALE_MS = 600_000

// An authority policy is asked with an application at hand; what it would say to a renewal of every limit says nothing.
function isJudgedPerCustomer({ kind }: Policy): boolean {
  return isPolicyKind(kind) && kind !== 'authority' && POLICY_KINDS[kind].families.every(family => TIMELESS.has(family))
}

function currencyOf({ facts, outputs }: Policy): string {
  return [...Object.values(facts), ...Object.values(outputs)].find(({ type, currency }) => type === 'money' && currency)?.currency ?? 'CNY'
}

interface KeptFacts {
  readonly mark: string
  readonly subjects: readonly Subject[]
}

// Facts of the whole book, kept until something is posted or the day ends: the second look at a draft takes a moment.
const kept = new WeakMap<Sql, Map<string, KeptFacts>>()

async function subjectsToday(
  sql: Sql,
  policies: readonly CompiledPolicy[],
  currency: string,
  tell: (count: { done?: number; total?: number }) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<readonly Subject[]> {
  const store = kept.get(sql) ?? new Map<string, KeptFacts>()
  kept.set(sql, store)
  const mark = await asActor(sql, SYSTEM, markOf)
  const known = store.get(currency)
  if (known?.mark === mark) return known.subjects
  const accounts = await asActor(
    sql,
    SYSTEM,
    tx =>
      tx<
        { customer_id: string; segment_id: number }[]
      >`select customer_id, segment_id from credit_accounts where status <> 'closed' order by segment_id, customer_id`,
  )
  await tell({ done: 0, total: accounts.length })
  const subjects: Subject[] = []
  for (const chunk of chunksOf(accounts)) {
    signal?.throwIfAborted()
    const segmentId = chunk[0]!.segment_id
    const { books, asOf } = await asActor(sql, SYSTEM, async tx => ({
      books: await loadBooks(
        tx,
        chunk.map(({ customer_id }) => customer_id),
        { segmentId },
      ),
      asOf: today(tx),
    }))
    for (const [customerId, book] of books) {
      const limit = book.limits.filter(({ kind }) => kind === 'amount').at(-1)
      // What is asked for is what they have: a renewal.
      const occasion = limit?.amount ? { request: { limit: { amount: limit.amount, currency: limit.currency } } } : {}
      const facts = toEngineFacts(computeFacts({ ...book, currency }, asOf, occasion))
      const exposure = facts['exposure']
      subjects.push({ customerId, segmentId, facts, exposure: typeof exposure === 'string' ? exposure : '0' })
    }
    await tell({ done: subjects.length })
    // Others have their turn: heartbeats above all.
    await turn()
  }
  store.set(currency, { mark, subjects })
  return subjects
}

/** Grows with whatever facts are made of. */
async function markOf(tx: Tx): Promise<string> {
  const [row] = await tx<{ mark: string }[]>`
    select concat_ws(' ', ${today(tx)}::text, (select max(id) from exposure_entries), (select max(id) from documents), (select max(id) from payments), (select max(id) from payment_applications),
      (select max(id) from credit_limits), (select max(id) from credit_grades), (select max(id) from account_statuses), (select max(id) from financial_statements), (select max(id) from instruments),
      (select max(id) from ratings), (select max(id) from customer_incidents), (select max(id) from reminders), (select max(id) from disputes), (select max(id) from promises_to_pay),
      (select max(updated_at) from customers)) as mark`
  return row!.mark
}

/** Accounts of one segment, some at a time. */
function chunksOf(accounts: readonly { customer_id: string; segment_id: number }[]): (typeof accounts)[] {
  const chunks: { customer_id: string; segment_id: number }[][] = []
  for (const account of accounts) {
    const last = chunks.at(-1)
    if (last && last.length < CHUNK && last[0]!.segment_id === account.segment_id) last.push(account)
    else chunks.push([account])
  }
  return chunks
}

/** What was decided last on occasions of this kind: the facts that were seen then. */
async function subjectsDecided(tx: Tx, kind: string): Promise<readonly Subject[]> {
  const rows = await tx<{ customer_id: string; segment_id: number; facts: Facts }[]>`
    select customer_id, segment_id, facts from decisions where kind = ${kind} order by id desc limit ${DECISIONS}`
  return rows.map(({ customer_id, segment_id, facts }) => {
    const amount = [facts['orderAmount'], facts['proposedLimit'], facts['itemOpenAmount'], facts['exposure']].find(
      value => typeof value === 'string',
    )
    return { customerId: customer_id, segmentId: segment_id, facts, exposure: amount ?? '0' }
  })
}

interface ImpactRow {
  readonly id: string
  readonly policy_id: string
  readonly base_version: number
  readonly base_hash: string
  readonly draft_hash: string
  readonly status: PolicyImpact['status']
  readonly done_count: number
  readonly total_count: number
  readonly result: ImpactResult | null
  readonly problem: string | null
  readonly requested_at: Date
  readonly finished_at: Date | null
}

function toImpact(row: ImpactRow): PolicyImpact {
  return {
    id: row.id,
    policyId: row.policy_id,
    baseVersion: row.base_version,
    baseHash: row.base_hash,
    draftHash: row.draft_hash,
    status: row.status,
    doneCount: row.done_count,
    totalCount: row.total_count,
    result: row.result,
    problem: row.problem,
    requestedAt: row.requested_at,
    finishedAt: row.finished_at,
  }
}
