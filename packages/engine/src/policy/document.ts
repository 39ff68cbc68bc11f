/**
 * The policy document: one JSON file is one policy version.
 *
 * These are the shapes that every other part speaks; `parse.ts` turns unknown JSON into them and
 * returns all findings together when it can't.
 */

/** Words for people, in the languages that the product speaks. */
export interface Text {
  readonly en: string
  readonly zh: string
}

export const FACT_TYPES = ['number', 'integer', 'money', 'percent', 'boolean', 'enum', 'string', 'date', 'list'] as const
export type FactType = (typeof FACT_TYPES)[number]

/** A JSON value as it travels in facts and outputs. Money and other exact decimals are decimal strings, dates `YYYY-MM-DD`, percent in points (15 = 15 %). */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value }

export type Facts = Readonly<Record<string, unknown>>

export interface EnumValue {
  readonly value: string
  readonly label?: Text
}

export interface FactDefinition {
  readonly type: FactType
  /** What a list holds. */
  readonly of?: Exclude<FactType, 'list'>
  readonly label?: Text
  readonly description?: Text
  /** e.g. `day`, `month`, `times`; money states its currency instead. */
  readonly unit?: string
  /** ISO 4217; only for money. Absent: the currency of the host. */
  readonly currency?: string
  readonly min?: number
  readonly max?: number
  readonly values?: readonly (string | EnumValue)[]
  /** Where the host gets it from; for people. */
  readonly source?: string
}

/** How several writes to one output in one decision become one value. */
export const COMBINERS = ['first', 'last', 'min', 'max', 'sum', 'append'] as const
export type Combiner = (typeof COMBINERS)[number]

export interface OutputDefinition extends FactDefinition {
  /** Used when no step wrote it. */
  readonly default?: Value
  /** `first` unless said otherwise (`append` for lists). */
  readonly combine?: Combiner
}

/** What a decision comes to; the most severe one that any step asked for. */
export const OUTCOMES = ['approve', 'refer', 'decline'] as const
export type Outcome = (typeof OUTCOMES)[number]

export const UNKNOWN_HANDLING = ['refer', 'decline', 'ignore'] as const
export type UnknownHandling = (typeof UNKNOWN_HANDLING)[number]

export interface Policy {
  readonly $schema?: string
  readonly id: string
  readonly title: Text
  readonly description?: Text
  /** The host's name for what this policy is for (`assessment`, `order-check`, …); the engine does not read it. */
  readonly kind?: string
  readonly facts: Readonly<Record<string, FactDefinition>>
  readonly outputs: Readonly<Record<string, OutputDefinition>>
  /** Lists of values that conditions and cells may name. */
  readonly lists?: Readonly<Record<string, ListDefinition>>
  /** Named conditions, shared by the rules of this document. */
  readonly conditions?: Readonly<Record<string, NamedCondition>>
  readonly whenUnknown?: UnknownHandling
  /** How amounts are rounded to the currency's minor unit; `half-up` unless said otherwise. */
  readonly rounding?: RoundingMode
  readonly steps: readonly Step[]
}

export interface ListDefinition {
  readonly title?: Text
  readonly values: readonly (string | number)[]
}

export type Step = RulesStep | TableStep | ScorecardStep | FormulaStep | DecisionStep

interface StepBase {
  readonly id: string
  readonly title?: Text
  readonly comment?: string
  readonly enabled?: boolean
}

// ── rules: the json-rules-engine dialect ────────────────────────────────────────────────────────

export interface RulesStep extends StepBase {
  readonly kind: 'rules'
  /** `all`: every rule that holds fires. `first`: the first in order of priority, then the step ends. */
  readonly mode?: 'all' | 'first'
  readonly rules: readonly Rule[]
}

export interface Rule {
  readonly id: string
  readonly name?: string
  readonly title?: Text
  readonly comment?: string
  readonly enabled?: boolean
  /** Higher runs earlier; 1 unless said otherwise. Ties run in order of definition. */
  readonly priority?: number
  readonly conditions: TopCondition
  readonly event: RuleEvent
}

export interface ConditionExtras {
  readonly id?: string
  readonly name?: string
  readonly priority?: number
  readonly enabled?: boolean
  readonly comment?: string
}

export type IfMissing = 'unknown' | 'true' | 'false'

export interface AllCondition extends ConditionExtras {
  readonly all: readonly Condition[]
}
export interface AnyCondition extends ConditionExtras {
  readonly any: readonly Condition[]
}
export interface NotCondition extends ConditionExtras {
  readonly not: Condition
}
export interface ConditionReference extends ConditionExtras {
  readonly condition: string
}
export interface LeafCondition extends ConditionExtras {
  readonly fact: string
  /** An operator, with decorators before it: `everyFact:greaterThan`. */
  readonly operator: string
  /** A constant, `{fact, path?, params?}` or `{list: name}`. */
  readonly value: unknown
  readonly path?: string
  readonly params?: Readonly<Record<string, unknown>>
  /** What a missing fact makes of this condition; `unknown` unless said otherwise. */
  readonly ifMissing?: IfMissing
}

export type TopCondition = AllCondition | AnyCondition | NotCondition | ConditionReference
export type Condition = TopCondition | LeafCondition
export type NamedCondition = TopCondition & { readonly title?: Text }

export interface RuleEvent {
  /** The rule's code as others cite it, e.g. `OC-2`. */
  readonly type: string
  readonly params?: RuleEffects & Readonly<Record<string, unknown>>
}

/** What a rule does when it fires. Values may be `{fact: name, path?}`. */
export interface RuleEffects {
  readonly set?: Readonly<Record<string, unknown>>
  readonly outcome?: Outcome
  readonly reason?: ReasonDefinition
  /** Conditions that must be met before the outcome takes effect. */
  readonly require?: readonly ReasonDefinition[]
}

export interface ReasonDefinition {
  readonly code: string
  /** May hold `{fact}` placeholders. */
  readonly text: Text
  /** For ranking; higher first. */
  readonly weight?: number
}

// ── table: DMN with FEEL unary tests ────────────────────────────────────────────────────────────

export const HIT_POLICIES = ['U', 'A', 'P', 'F', 'R', 'O', 'C'] as const
export type HitPolicy = (typeof HIT_POLICIES)[number]
export const AGGREGATIONS = ['sum', 'min', 'max', 'count'] as const
export type Aggregation = (typeof AGGREGATIONS)[number]

export interface TableStep extends StepBase {
  readonly kind: 'table'
  readonly hitPolicy: HitPolicy
  /** Only with `C`. */
  readonly aggregation?: Aggregation
  readonly inputs: readonly TableInput[]
  readonly outputs: readonly TableOutput[]
  readonly rows: readonly TableRow[]
}

export interface TableInput {
  readonly id: string
  /** FEEL over facts and earlier outputs; most often a name alone. */
  readonly expression: string
  readonly label?: Text
  readonly type?: FactType
  /** FEEL unary tests that every value must pass. */
  readonly allowedValues?: string
}

export interface TableOutput {
  readonly id: string
  /** An output of the policy, or `outcome`. */
  readonly name: string
  readonly label?: Text
  readonly type?: FactType
  /** In order of priority, for hit policies P and O. */
  readonly values?: readonly (string | number | boolean)[]
  /** FEEL, when no row holds. */
  readonly default?: string
}

export interface TableRow {
  readonly id: string
  /** FEEL unary tests, one per input; `-` is any. */
  readonly when: readonly string[]
  /** FEEL, one per output. */
  readonly then: readonly string[]
  readonly enabled?: boolean
  readonly comment?: string
  readonly reason?: ReasonDefinition
}

// ── scorecard ───────────────────────────────────────────────────────────────────────────────────

export interface ScorecardStep extends StepBase {
  readonly kind: 'scorecard'
  /** The output that receives the score. */
  readonly output: string
  readonly initial?: number
  readonly characteristics: readonly Characteristic[]
  /** `half-up` to an integer unless said otherwise. */
  readonly rounding?: 'half-up' | 'none'
  /** Points of the bins are log-odds (or weights of evidence) and are scaled: score = offset + factor × Σ. */
  readonly scaling?: { readonly points: number; readonly odds: number; readonly pointsToDoubleOdds: number }
}

export const MISSING_HANDLING = ['fail', 'zero', 'reallocate', 'bin'] as const
export type MissingHandling = (typeof MISSING_HANDLING)[number]

export interface Characteristic {
  readonly id: string
  readonly title?: Text
  /** FEEL; most often a fact's name alone. */
  readonly expression: string
  /** Share of the whole, 0..1; all characteristics of a scorecard carry one, or none does. */
  readonly weight?: number
  /** A missing value fails the step, counts zero, re-allocates its weight or falls into the bin marked `missing`. */
  readonly missing?: MissingHandling
  readonly bins: readonly Bin[]
}

export interface Bin {
  readonly id: string
  /** Half-open `[from, to)`; absent means without bound. */
  readonly from?: number
  readonly to?: number
  readonly values?: readonly (string | number | boolean)[]
  readonly missing?: boolean
  /** Takes what no other bin takes. */
  readonly other?: boolean
  readonly points: number
  readonly label?: Text
  readonly reason?: ReasonDefinition
}

// ── formula ─────────────────────────────────────────────────────────────────────────────────────

export const ROUNDING_MODES = ['half-up', 'half-even', 'up', 'down'] as const
export type RoundingMode = (typeof ROUNDING_MODES)[number]

export interface FormulaStep extends StepBase {
  readonly kind: 'formula'
  readonly expressions: readonly FormulaExpression[]
}

export interface FormulaExpression {
  readonly id: string
  readonly output: string
  /** FEEL over facts and earlier outputs. */
  readonly expression: string
  readonly round?: { readonly decimals: number; readonly mode?: RoundingMode }
}

// ── decision: another policy ────────────────────────────────────────────────────────────────────

export interface DecisionStep extends StepBase {
  readonly kind: 'decision'
  readonly policy: string
  readonly version?: number
  /** Ours → theirs: which of our names feed which of their facts. Facts of the same name pass by themselves. */
  readonly facts?: Readonly<Record<string, string>>
  /** Theirs → ours. */
  readonly outputs: Readonly<Record<string, string>>
}
