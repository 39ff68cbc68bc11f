import type { CompiledPolicy, Decision, Facts, Text, Value } from '@surety/engine'
import { AUTHORITY_LEVELS, authorityRank } from './authority.ts'
import type { CustomerBook } from './book.ts'
import { computeFacts, toEngineFacts, type FactValues } from './facts/compute.ts'
import { createView } from './facts/view.ts'
import { Decimal, roundAmount, type Money } from './money.ts'
import { currencyOf } from './policy-currency.ts'

/** The policies that a review of credit asks, in this order. */
export interface ReviewPolicies {
  readonly assessment: CompiledPolicy
  readonly limitAndTerms: CompiledPolicy
  readonly authority: CompiledPolicy
}

export interface ReviewRequest {
  readonly limit: Money
  readonly termsDays?: number
}

/** A decision with exactly the facts that it was made from. */
export interface MadeDecision {
  readonly facts: Facts
  readonly sources: FactSources
  readonly decision: Decision
}

/** Where each fact came from and the day of its newest evidence; for a missing one, why it is missing. */
export type FactSources = Readonly<Record<string, { readonly source: string; readonly asOf?: string; readonly missing?: string }>>

export interface CreditReview {
  readonly assessment: MadeDecision
  readonly recommendation: MadeDecision
  readonly authority: MadeDecision
  readonly grade?: string
  readonly score?: number
  /** In the currency of the request; `0` where the policy gives none. */
  readonly recommendedLimit: Money
  readonly recommendedTermsDays?: number
  readonly validMonths?: number
  readonly reviewMonths?: number
  /** Ranks of the levels of authority that have to agree, in order; none: the policies themselves approve. */
  readonly levels: readonly number[]
  /** Business hours for each level. */
  readonly deadlineHours?: number
}

/**
 * Assesses a customer, recommends a limit and terms, and finds who has to agree.
 *
 * Authority is asked for what was requested, since that is the most that approvers can grant. Every policy sees money in
 * its own currency, whatever the account's is. What the assessment or the recommendation refers or declines goes to a person,
 * even where the amount alone would pass straight through.
 */
export function reviewCredit(book: CustomerBook, asOf: string, request: ReviewRequest, policies: ReviewPolicies): CreditReview {
  const terms = request.termsDays
  const occasion = {
    request: {
      limit: request.limit,
      proposedLimit: request.limit,
      ...(terms === undefined ? {} : { termsDays: terms, proposedTermsDays: terms }),
    },
  }
  const ask = (policy: CompiledPolicy, known: Facts): MadeDecision => {
    const values = computeFacts({ ...book, currency: currencyOf(policy) ?? book.currency }, asOf, occasion)
    const wanted = Object.keys(policy.policy.facts)
    const facts = pick({ ...toEngineFacts(values), ...known }, wanted)
    return { facts, sources: sourcesOf(values, known, wanted), decision: policy.decide(facts, { trace: true }) }
  }

  const assessment = ask(policies.assessment, {})
  const { grade, score } = assessment.decision.outputs
  const graded = present({ grade, score })

  const recommendation = ask(policies.limitAndTerms, graded)
  const recommended = recommendation.decision.outputs
  const recommendedLimit = moneyFrom(
    recommended['limit'],
    currencyOf(policies.limitAndTerms) ?? book.currency,
    request.limit.currency,
    book,
    asOf,
  )

  const authority = ask(policies.authority, graded)
  const routed = authority.decision.outputs
  const isClear = [assessment, recommendation, authority].every(({ decision }) => decision.outcome === 'approve')

  return {
    assessment,
    recommendation,
    authority,
    recommendedLimit,
    levels: levelsFrom(routed['levels'], isClear),
    ...(typeof grade === 'string' ? { grade } : {}),
    ...integer('score', score),
    ...integer('recommendedTermsDays', recommended['termsDays']),
    ...integer('validMonths', recommended['validMonths']),
    ...integer('reviewMonths', recommended['reviewMonths']),
    ...integer('deadlineHours', routed['deadlineHours']),
  }
}

/** Why people are asked, in a line: what weighs most against it, else that more was asked for than recommended, else the amount alone. */
export function whyApproval(decisions: readonly Decision[], requested: string, recommended: string | null): Text {
  const [worst] = decisions
    .flatMap(({ reasons }) => reasons.filter(({ adverse }) => adverse))
    .toSorted((left, right) => right.weight - left.weight)
  if (worst) return worst.text
  if (recommended !== null && new Decimal(requested).greaterThan(recommended)) {
    return { en: 'Asked for more than the policy recommends', zh: '申请高于策略建议的额度' }
  }
  return { en: 'The amount needs approval', zh: '金额须经审批' }
}

function moneyFrom(value: Value | undefined, from: string, to: string, book: CustomerBook, asOf: string): Money {
  if (typeof value !== 'string') return { amount: '0', currency: to }
  const converted = createView({ ...book, currency: to }, asOf).convert(value, from)
  if (converted.isNaN()) return { amount: '0', currency: to }
  // A rate makes 110,000 into 15,352.19; nobody grants that, and more than was recommended least of all.
  const rounded = from === to ? converted : converted.toSignificantDigits(2, Decimal.ROUND_DOWN)
  return { amount: roundAmount(rounded, to), currency: to }
}

function sourcesOf(values: FactValues, known: Facts, wanted: readonly string[]): FactSources {
  return Object.fromEntries(
    wanted.map(key => {
      if (Object.hasOwn(known, key)) return [key, { source: 'policy' }]
      const fact = values[key as keyof FactValues]
      if (!fact) return [key, { source: 'unknown' }]
      return [key, fact.kind === 'known' ? { source: fact.source, asOf: fact.asOf } : { source: fact.source, missing: fact.reason }]
    }),
  )
}

// A level that the ladder doesn't know goes to the top of it: an unreadable answer must never lower the authority.
function levelsFrom(value: Value | undefined, isClear: boolean): readonly number[] {
  const ranks = Array.isArray(value)
    ? value.map(level => authorityRank(String(level)) ?? AUTHORITY_LEVELS.length)
    : [AUTHORITY_LEVELS.length]
  return ranks.length > 0 || isClear ? ranks : [1]
}

function pick(facts: Facts, names: readonly string[]): Facts {
  return Object.fromEntries(names.filter(name => Object.hasOwn(facts, name)).map(name => [name, facts[name]]))
}

function present(facts: Readonly<Record<string, Value | undefined>>): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined && value !== null))
}

function integer<K extends string>(key: K, value: Value | undefined): { readonly [key in K]?: number } {
  return (typeof value === 'number' ? { [key]: value } : {}) as { readonly [key in K]?: number }
}
