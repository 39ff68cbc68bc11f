import type { Policy, Reason } from '@surety/engine'
import { computed, type ComputedRef } from 'vue'
import type { TaskQuery } from '../../graphql/generated/graphql.ts'
import { readDecisionResult, type DecisionResult } from '../decisions/decision-result.ts'
import { usePolicyWords, type PolicyWords } from '../policies/usePolicyWords.ts'

/** An application with all that its approvers see; the page of a task and that of an application both ask for it. */
export type ReviewedApplication = NonNullable<NonNullable<TaskQuery['task']>['application']>
export type ReviewedDecision = NonNullable<ReviewedApplication['assessment']>

export interface ReadDecision {
  readonly policy: ComputedRef<Policy | undefined>
  readonly result: ComputedRef<DecisionResult>
  readonly facts: ComputedRef<Readonly<Record<string, unknown>>>
  readonly words: ComputedRef<PolicyWords>
}

/** A decision as its policy words it. */
export function useReadDecision(decision: () => ReviewedDecision | null | undefined): ReadDecision {
  const policy = computed(() => decision()?.policyVersion.document as Policy | undefined)
  return {
    policy,
    result: computed(() => readDecisionResult(decision()?.result)),
    facts: computed(() => (decision()?.facts ?? {}) as Readonly<Record<string, unknown>>),
    words: usePolicyWords(policy),
  }
}

/** Reasons of several decisions, each once: adverse ones by weight, then what speaks for the customer. */
export function rankReasons(...results: readonly DecisionResult[]): Reason[] {
  const seen = new Map<string, Reason>()
  for (const reason of results.flatMap(({ reasons }) => reasons)) {
    const known = seen.get(reason.code)
    if (!known || known.weight < reason.weight) seen.set(reason.code, reason)
  }
  return [...seen.values()].toSorted((left, right) => Number(right.adverse) - Number(left.adverse) || right.weight - left.weight)
}
