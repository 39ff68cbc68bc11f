import type { CreditReview, MadeDecision } from '@surety/credit'
import { recordAssessment, type CreditApplication } from './applications.ts'
import { recordDecision } from './decisions.ts'
import type { PolicyVersion } from './policies.ts'
import { today, type Tx } from './sql.ts'

/** The kinds of policy that a review asks. */
export type ReviewKind = 'assessment' | 'limit-and-terms' | 'authority'

/** Records what the policies made of an application's round: three decisions, and what follows from them. Harmless when repeated. */
export async function recordReview(
  tx: Tx,
  { id, customerId, segmentId, round }: CreditApplication,
  review: CreditReview,
  versions: Readonly<Record<ReviewKind, PolicyVersion>>,
): Promise<CreditApplication> {
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
    levels: review.levels,
  })
}
