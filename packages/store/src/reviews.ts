import { whyApproval, type CreditReview, type MadeDecision } from '@surety/credit'
import { recordAssessment, type CreditApplication } from './applications.ts'
import { chainOf, stepsOf } from './approval/chain.ts'
import type { Route } from './approval/start-approval.ts'
import { recordDecision } from './decisions.ts'
import type { PolicyVersion } from './policies.ts'
import { today, type Tx } from './sql.ts'

/** The kinds of policy that a review asks. */
export type ReviewKind = 'assessment' | 'limit-and-terms' | 'authority'

/** Records what the policies made of an application's round: three decisions, and what follows from them. Harmless when repeated. */
export async function recordReview(
  tx: Tx,
  application: CreditApplication,
  review: CreditReview,
  versions: Readonly<Record<ReviewKind, PolicyVersion>>,
): Promise<CreditApplication> {
  const { id, customerId, segmentId, round } = application
  const route = routeOf(application, review, versions.authority)
  const record = async (kind: ReviewKind, { facts, sources, decision }: MadeDecision): Promise<string> => {
    const { policyId, version, hash } = versions[kind]
    const recorded = await recordDecision(tx, {
      segmentId,
      customerId,
      kind,
      policyId,
      policyVersion: version,
      policyHash: hash,
      asOf: today(tx),
      facts,
      sources,
      result: decision,
      subject: `application:${id}`,
      key: `application:${id}:${round}:${kind}`,
    })
    return recorded.id
  }
  return recordAssessment(tx, id, {
    round,
    assessmentId: await record('assessment', review.assessment),
    recommendationId: await record('limit-and-terms', review.recommendation),
    authorityId: await record('authority', review.authority),
    recommendedLimit: review.recommendedLimit.amount,
    recommendedTermsDays: review.recommendedTermsDays ?? null,
    grade: review.grade ?? null,
    score: review.score ?? null,
    levels: route.steps.map(({ authorityLevel }) => authorityLevel),
    route,
  })
}

/** Who has to sign, and why; what the policies refer or decline goes to at least one person. */
function routeOf({ id, round, requestedLimit }: CreditApplication, review: CreditReview, policy: PolicyVersion): Route {
  const decisions = [review.assessment, review.recommendation, review.authority].map(({ decision }) => decision)
  const { outputs } = review.authority.decision
  const chain = chainOf(review.authority.decision, `application:${id}:${round}`)
  const version = { policyId: policy.policyId, policyVersion: policy.version }
  const reason = whyApproval(decisions, requestedLimit, review.recommendedLimit.amount)
  if (chain.kind === 'noAuthority') return { ...version, steps: [], blocked: 'NO_AUTHORITY', reason }
  const steps = chain.steps.length === 0 ? stepsOf(review.levels, outputs) : chain.steps
  return { ...version, steps, overrideLevel: chain.overrideLevel, reason }
}
