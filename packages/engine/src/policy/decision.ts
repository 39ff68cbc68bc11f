import type { Facts, Outcome, Text, Value } from './document.ts'

/** What deciding returns. The same facts and the same hash give the same bytes. */
export interface Decision {
  readonly policy: { readonly id: string; readonly version?: number; readonly hash: string }
  readonly outcome: Outcome
  /** Money as decimal strings. */
  readonly outputs: Readonly<Record<string, Value>>
  /** Adverse first, by weight or by points lost. */
  readonly reasons: readonly Reason[]
  readonly requirements: readonly Reason[]
  /** Events of rules that fired, in the order in which they fired. */
  readonly events: readonly FiredEvent[]
  /** Facts that some step asked for and did not get. */
  readonly missing: readonly string[]
  /** Something could not be judged for want of a fact, so that `whenUnknown` had its say. */
  readonly isUnknown: boolean
  readonly trace?: Trace
}

export interface Reason {
  readonly code: string
  readonly text: Text
  /** JSON pointer into the policy document. */
  readonly path: string
  readonly step: string
  readonly weight: number
  readonly adverse: boolean
}

export interface FiredEvent {
  readonly step: string
  readonly rule: string
  readonly type: string
  readonly params: Readonly<Record<string, unknown>>
}

/** `skipped`: an earlier sibling settled it. */
export type Truth = 'true' | 'false' | 'unknown' | 'skipped'

export interface Trace {
  readonly facts: Facts
  readonly steps: readonly StepTrace[]
}

export type StepTrace = RulesTrace | TableTrace | ScorecardTrace | FormulaTrace | DecisionTrace

interface StepTraceBase {
  readonly id: string
  readonly path: string
  readonly wrote: Readonly<Record<string, Value>>
}

export interface RulesTrace extends StepTraceBase {
  readonly kind: 'rules'
  readonly rules: readonly RuleTrace[]
}
export interface RuleTrace {
  readonly id: string
  readonly path: string
  readonly result: Truth
  readonly condition: ConditionTrace
}
export interface ConditionTrace {
  readonly path: string
  readonly kind: 'all' | 'any' | 'not' | 'reference' | 'leaf'
  readonly result: Truth
  /** Leaf: what was seen and what it was held against. */
  readonly fact?: string
  readonly operator?: string
  readonly seen?: Value
  readonly compared?: Value
  /** Reference: the named condition. */
  readonly condition?: string
  readonly children?: readonly ConditionTrace[]
}

export interface TableTrace extends StepTraceBase {
  readonly kind: 'table'
  readonly inputs: readonly Value[]
  readonly hits: readonly string[]
  readonly rows: readonly { readonly id: string; readonly path: string; readonly result: Truth; readonly cells: readonly Truth[] }[]
}

export interface ScorecardTrace extends StepTraceBase {
  readonly kind: 'scorecard'
  /** Before rounding. */
  readonly total: number
  readonly lines: readonly ScoreLine[]
}
export interface ScoreLine {
  readonly characteristic: string
  readonly path: string
  readonly value: Value
  readonly bin: string | null
  readonly points: number
  readonly weight: number
  /** points × weight. */
  readonly score: number
  /** What the best bin would have given more. */
  readonly lost: number
}

export interface FormulaTrace extends StepTraceBase {
  readonly kind: 'formula'
  readonly expressions: readonly { readonly id: string; readonly path: string; readonly result: Value }[]
}

export interface DecisionTrace extends StepTraceBase {
  readonly kind: 'decision'
  readonly decision: Decision
}
