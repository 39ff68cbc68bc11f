import { computeFacts, toEngineFacts } from '@surety/credit'
import { compile, type CompiledPolicy, type Facts, type Text } from '@surety/engine'
import { loadBook } from '../book.ts'
import { policiesInForce, type PolicyVersion } from '../policies.ts'
import { today, type Tx } from '../sql.ts'
import type { ApprovalKind } from './approval.ts'
import { chainOf } from './chain.ts'
import type { NewApproval, Route } from './start-approval.ts'

/** Finds who has to sign: the policy of the kind, asked with the figures of the matter and the customer's book. */
export async function routeApproval(tx: Tx, asked: NewApproval): Promise<Route> {
  const kind = POLICY_OF_KIND[asked.kind]
  const [policy] = await policiesInForce(tx, kind)
  const reason = { en: `Has to be approved (${kind})`, zh: '须经审批' }
  if (!policy) return { steps: [], blocked: 'NO_POLICY_IN_FORCE', reason }
  const decision = compiled(policy).decide(await factsOf(tx, asked, policy))
  const chain = chainOf(decision, `${asked.kind}:${asked.subjectId}`)
  const because = decision.reasons.toSorted((left, right) => right.weight - left.weight)[0]?.text ?? whyOf(asked)
  const version = { policyId: policy.policyId, policyVersion: policy.version }
  if (chain.kind === 'noAuthority') return { ...version, steps: [], blocked: 'NO_AUTHORITY', reason: because }
  return { ...version, steps: chain.steps, overrideLevel: chain.overrideLevel, reason: because }
}

/** Which kind of policy finds the chain of a matter. */
const POLICY_OF_KIND: Readonly<Record<ApprovalKind, string>> = {
  credit_application: 'authority',
  limit_change: 'authority',
  temporary_limit: 'authority',
  hold_release: 'approval',
  security_acceptance: 'approval',
  write_off: 'approval',
  policy_change: 'policy-approval',
}

async function factsOf(tx: Tx, asked: NewApproval, { document }: PolicyVersion): Promise<Facts> {
  const amount = asked.amount && { approvalAmount: asked.amount.amount }
  const matter: Facts = { approvalKind: asked.kind, ...amount, ...(await bookFacts(tx, asked, document)) }
  const grade = asked.grade ? { grade: asked.grade } : {}
  const all: Facts = { ...matter, ...grade, ...asked.facts }
  return Object.fromEntries(Object.keys(document.facts).flatMap(name => (Object.hasOwn(all, name) ? [[name, all[name]]] : [])))
}

/** What the customer's book says, with money in the currency that the policy thinks in. */
async function bookFacts(
  tx: Tx,
  { kind, customerId, segmentId, amount }: NewApproval,
  { facts }: PolicyVersion['document'],
): Promise<Facts> {
  const book = customerId && segmentId !== null ? await loadBook(tx, customerId, { segmentId }) : undefined
  if (!book) return {}
  const currency = Object.values(facts).find(({ type, currency: stated }) => type === 'money' && stated)?.currency ?? book.currency
  return toEngineFacts(
    computeFacts({ ...book, currency }, today(tx), {
      approval: { kind, ...(amount && { amount }) },
      ...(amount && { request: { limit: amount, proposedLimit: amount } }),
    }),
  )
}

function whyOf({ amount }: NewApproval): Text {
  return amount ? { en: 'The amount needs approval', zh: '金额须经审批' } : { en: 'It needs approval', zh: '须经审批' }
}

// Compiled once per version.
const shelf = new Map<string, CompiledPolicy>()

function compiled({ hash, version, document }: PolicyVersion): CompiledPolicy {
  const made = shelf.get(hash) ?? compile(document, { version })
  shelf.set(hash, made)
  return made
}
