import { addMonths, reviewCredit, whyApproval } from '@surety/credit'
import {
  approveApplication,
  asActor,
  type CreditApplication,
  findApplication,
  findDecision,
  findDecisions,
  loadBook,
  openTask,
  recordReview,
  rejectApplication,
  returnApplication,
  type Sql,
  SYSTEM,
  tasksOf,
  today,
  type Tx,
} from '@surety/store'
import { ApplicationFailure } from '@temporalio/activity'
import type { ReviewApplicationInput } from '../contract/index.ts'
import { afterBusinessHours } from './after-business-hours.ts'
import type { PolicyShelf } from './policy-shelf.ts'

export type ClosedAs = 'approved' | 'rejected' | 'withdrawn'
export type Verdict = 'approve' | 'reject' | 'return' | 'withdraw'

interface Round extends ReviewApplicationInput {
  readonly round: number
}

interface Level extends Round {
  /** From 1: its place in the round. */
  readonly level: number
}

export interface AssessedRound {
  readonly round: number
  readonly levelCount: number
  /** Present when there is nothing left to decide. */
  readonly closed?: ClosedAs
}

export type ReviewApplicationActivities = ReturnType<typeof createReviewApplicationActivities>

/** Business hours to decide in, where the authority policy doesn't say. */
const DEADLINE_HOURS = 16

/** Everything that a review does to the book. Each may run twice: the second time finds what the first one did. */
export function createReviewApplicationActivities({ sql, policies }: { readonly sql: Sql; readonly policies: PolicyShelf }) {
  const inBook = <T>(fn: (tx: Tx) => Promise<T>): Promise<T> => asActor(sql, SYSTEM, fn)

  return {
    /** Gathers facts, asks the policies and records what they said. */
    assessApplication: ({ applicationId }: ReviewApplicationInput): Promise<AssessedRound> =>
      inBook(async tx => {
        const application = await expectApplication(tx, applicationId)
        const assessed = application.status === 'submitted' ? await assess(tx, application, policies) : application
        const closed = closedAs(assessed)
        return { round: assessed.round, levelCount: assessed.levels?.length ?? 0, ...(closed ? { closed } : {}) }
      }),

    /** Puts the question to those who have the authority. */
    openApprovalTask: ({ applicationId, round, level }: Level): Promise<void> =>
      inBook(async tx => {
        const application = await expectApplication(tx, applicationId)
        const levels = application.levels ?? []
        const ids = [application.assessmentId, application.recommendationId, application.authorityId].filter(id => id !== null)
        const decisions = [...(await findDecisions(tx, ids)).values()]
        const hours = decisions.find(({ kind }) => kind === 'authority')?.result.outputs['deadlineHours']
        await openTask(tx, {
          applicationId,
          round,
          level,
          levelCount: levels.length,
          authorityLevel: levels[level - 1]!,
          // What the level below granted is the most that this one can.
          amount: application.approvedLimit ?? application.requestedLimit,
          currency: application.currency,
          reason: whyApproval(
            decisions.map(({ result }) => result),
            application.requestedLimit,
            application.recommendedLimit,
          ),
          dueAt: afterBusinessHours(tx.now, typeof hours === 'number' ? hours : DEADLINE_HOURS),
        })
      }),

    /** What the book says of a level; nothing while it is open. */
    readVerdict: ({ applicationId, round, level }: Level): Promise<Verdict | null> =>
      inBook(async tx => {
        const application = await expectApplication(tx, applicationId)
        if (application.status === 'withdrawn') return 'withdraw'
        const tasks = (await tasksOf(tx, [applicationId])).get(applicationId) ?? []
        return tasks.find(task => task.round === round && task.level === level)?.outcome ?? null
      }),

    /** All levels agreed. */
    putLimitInForce: ({ applicationId, round }: Round): Promise<ClosedAs> =>
      inBook(async tx => {
        const application = await expectApplication(tx, applicationId)
        const recommendation = application.recommendationId === null ? undefined : await findDecision(tx, application.recommendationId)
        const approved = await approveApplication(tx, applicationId, {
          round,
          reason: `application ${applicationId}`,
          ...dateAfter('validTo', recommendation?.result.outputs['validMonths'], today(tx)),
          ...dateAfter('nextReviewOn', recommendation?.result.outputs['reviewMonths'], today(tx)),
        })
        return expectClosed(approved)
      }),

    closeAsRejected: ({ applicationId, round }: Round): Promise<ClosedAs> =>
      inBook(async tx => expectClosed(await rejectApplication(tx, applicationId, { round, reason: 'rejected by an approver' }))),

    giveBackToMaker: ({ applicationId, round }: Round): Promise<void> =>
      inBook(async tx => void (await returnApplication(tx, applicationId, { round, reason: 'returned by an approver' }))),

    /** Whether a returned application came back or was given up; nothing while neither is so. */
    readRework: ({ applicationId, round }: Round): Promise<'resubmitted' | 'withdrawn' | null> =>
      inBook(async tx => {
        const application = await expectApplication(tx, applicationId)
        if (application.round > round) return 'resubmitted'
        return application.status === 'returned' ? null : 'withdrawn'
      }),

    closeAsExpired: ({ applicationId, round }: Round): Promise<ClosedAs> =>
      inBook(async tx => expectClosed(await rejectApplication(tx, applicationId, { round, reason: 'not resubmitted within 180 days' }))),
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

function closedAs({ status }: CreditApplication): ClosedAs | undefined {
  return status === 'approved' || status === 'rejected' || status === 'withdrawn' ? status : undefined
}

function expectClosed(application: CreditApplication): ClosedAs {
  const closed = closedAs(application)
  if (!closed)
    throw ApplicationFailure.retryable(
      `Application ${application.id} is ${application.status}, round ${application.round}: it was to be closed.`,
      'NOT_CLOSED',
    )
  return closed
}

function dateAfter<K extends string>(key: K, months: unknown, from: string): { readonly [key in K]?: string } {
  return (typeof months === 'number' ? { [key]: addMonths(from, months) } : {}) as { readonly [key in K]?: string }
}
