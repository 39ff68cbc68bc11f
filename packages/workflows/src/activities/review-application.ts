import { reviewCredit } from '@surety/credit'
import {
  asActor,
  attendApproval,
  type CreditApplication,
  findApplication,
  findApprovalOf,
  loadBook,
  recordReview,
  type Sql,
  SYSTEM,
  today,
  type Tx,
} from '@surety/store'
import { ApplicationFailure } from '@temporalio/activity'
import type { ReviewApplicationInput } from '../contract/index.ts'
import { takenOf, type Taken } from './approve-matter.ts'
import type { PolicyShelf } from './policy-shelf.ts'

export type ReviewApplicationActivities = ReturnType<typeof createReviewApplicationActivities>

/** Everything that a review does to the book. It may run twice: the second time finds what the first one did. */
export function createReviewApplicationActivities({ sql, policies }: { readonly sql: Sql; readonly policies: PolicyShelf }) {
  return {
    /** Has the policies judge what was submitted, puts it before people, and puts the limit in force: whatever is due by the workflow's clock, in one transaction. */
    takeApplicationOn: ({ applicationId, at }: ReviewApplicationInput & { readonly at: string }): Promise<Taken> =>
      asActor(sql, SYSTEM, async tx => {
        const application = await expectApplication(tx, applicationId)
        const { status } = application.status === 'submitted' ? await assess(tx, application, policies) : application
        if (status === 'approved' || status === 'rejected' || status === 'withdrawn') return { kind: 'ended', as: status }
        const approval = await findApprovalOf(tx, 'credit_application', applicationId)
        // Taken back before it was assessed.
        if (!approval) return { kind: 'waiting', for: 'rework', lookAgainAt: null }
        return takenOf(await attendApproval(tx, approval.id, new Date(at)))
      }),
  }
}

async function assess(tx: Tx, application: CreditApplication, policies: PolicyShelf): Promise<CreditApplication> {
  const { id, customerId, segmentId } = application
  const book = await loadBook(tx, customerId, { segmentId })
  if (!book) throw missing(`Customer ${customerId} of application ${id}`)
  const shelved = await policies.inForce(tx, ['assessment', 'limit-and-terms', 'authority'])
  const review = reviewCredit(
    book,
    today(tx),
    {
      limit: { amount: application.requestedLimit, currency: application.currency },
      ...(application.requestedTermsDays === null ? {} : { termsDays: application.requestedTermsDays }),
    },
    { assessment: shelved.assessment.compiled, limitAndTerms: shelved['limit-and-terms'].compiled, authority: shelved.authority.compiled },
  )
  return recordReview(tx, application, review, {
    assessment: shelved.assessment.version,
    'limit-and-terms': shelved['limit-and-terms'].version,
    authority: shelved.authority.version,
  })
}

async function expectApplication(tx: Tx, id: string): Promise<CreditApplication> {
  const application = await findApplication(tx, id)
  if (!application) throw missing(`Application ${id}`)
  return application
}

function missing(what: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(`${what} is not in the book.`, 'NOT_FOUND')
}
