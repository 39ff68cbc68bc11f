import type { Decision as EngineDecision, Outcome } from '@surety/engine'
import { appendAudit } from './audit.ts'
import { publishChange } from './live.ts'
import { selectPage, type Page, type PageRequest } from './page.ts'
import type { Tx } from './sql.ts'

export interface NewDecision {
  readonly segmentId: number
  readonly customerId: string
  readonly kind: string
  readonly policyId: string
  readonly policyVersion: number
  readonly policyHash: string
  readonly asOf: string
  readonly facts: Readonly<Record<string, unknown>>
  /** Where each fact came from. */
  readonly sources?: Readonly<Record<string, unknown>>
  readonly result: EngineDecision
  /** What it was made for: `application:12`. */
  readonly subject?: string
  /** The same decision asked twice is one. */
  readonly key?: string
}

/** What a policy decided, with the facts that it saw; it never changes. */
export interface Decision extends Required<Omit<NewDecision, 'key' | 'subject'>> {
  readonly id: string
  readonly outcome: Outcome
  readonly subject: string | null
  readonly decidedAt: Date
}

export async function recordDecision(tx: Tx, decision: NewDecision): Promise<Decision> {
  const [row] = await tx<DecisionRow[]>`
    insert into decisions (segment_id, customer_id, kind, policy_id, policy_version, policy_hash, as_of, facts, sources, result, outcome, subject, key, decided_at)
    values (${decision.segmentId}, ${decision.customerId}, ${decision.kind}, ${decision.policyId}, ${decision.policyVersion}, ${decision.policyHash}, ${decision.asOf},
      ${tx.json(decision.facts as never)}, ${tx.json((decision.sources ?? {}) as never)}, ${tx.json(decision.result as never)}, ${decision.result.outcome},
      ${decision.subject ?? null}, ${decision.key ?? null}, ${tx.now})
    on conflict (key) do nothing returning *`
  if (!row) {
    const [earlier] = await tx<DecisionRow[]>`select * from decisions where key = ${decision.key ?? null}`
    return toDecision(earlier!)
  }
  await appendAudit(tx, {
    action: 'decision.record',
    entity: 'Decision',
    entityId: row.id,
    segmentId: row.segment_id,
    after: {
      kind: row.kind,
      customerId: row.customer_id,
      policy: `${row.policy_id} ${row.policy_version}`,
      outcome: row.outcome,
      subject: row.subject,
    },
  })
  await publishChange(tx, { entity: 'Decision', id: row.id, customerId: row.customer_id, segmentId: row.segment_id })
  return toDecision(row)
}

export async function findDecision(tx: Tx, id: string): Promise<Decision | undefined> {
  return (await findDecisions(tx, [id])).get(id)
}

export async function findDecisions(tx: Tx, ids: readonly string[]): Promise<Map<string, Decision>> {
  const rows = await tx<DecisionRow[]>`select * from decisions where id = any (${ids as string[]}::bigint[])`
  return new Map(rows.map(row => [row.id, toDecision(row)]))
}

/** Of a customer, newest first. */
export async function listDecisions(tx: Tx, customerId: string, page: PageRequest): Promise<Page<Decision>> {
  const matched = tx`select d.id as page_id, d.id::numeric as page_key from decisions d where d.customer_id = ${customerId}`
  const found = await selectPage<object, string>(tx, matched, 'numeric', true, page, ({ page_id }) => page_id)
  // Traces are large: only those of the page are read.
  const decisions = await findDecisions(
    tx,
    found.edges.map(({ node }) => node),
  )
  return { ...found, edges: found.edges.map(({ cursor, node }) => ({ cursor, node: decisions.get(node)! })) }
}

interface DecisionRow {
  readonly id: string
  readonly segment_id: number
  readonly customer_id: string
  readonly kind: string
  readonly policy_id: string
  readonly policy_version: number
  readonly policy_hash: string
  readonly as_of: string
  readonly facts: Record<string, unknown>
  readonly sources: Record<string, unknown>
  readonly result: EngineDecision
  readonly outcome: Outcome
  readonly subject: string | null
  readonly decided_at: Date
}

function toDecision(row: DecisionRow): Decision {
  return {
    id: row.id,
    segmentId: row.segment_id,
    customerId: row.customer_id,
    kind: row.kind,
    policyId: row.policy_id,
    policyVersion: row.policy_version,
    policyHash: row.policy_hash,
    asOf: row.as_of,
    facts: row.facts,
    sources: row.sources,
    result: row.result,
    outcome: row.outcome,
    subject: row.subject,
    decidedAt: row.decided_at,
  }
}
