export { parsePolicy, type ParsedPolicy } from './policy/parse.ts'
export { policyJsonSchema, policySchema } from './policy/schema.ts'
export { canonicalJson, hashPolicy } from './policy/canonical.ts'
export { pointer, resolvePointer } from './policy/pointer.ts'
export type * from './policy/document.ts'
export {
  AGGREGATIONS,
  COMBINERS,
  FACT_TYPES,
  HIT_POLICIES,
  MISSING_HANDLING,
  OUTCOMES,
  ROUNDING_MODES,
  UNKNOWN_HANDLING,
} from './policy/document.ts'
export type * from './policy/decision.ts'
export { hasErrors, type Finding, type Severity } from './policy/finding.ts'
export { checkPolicy, compile, PolicyInvalid, type CompiledPolicy, type CompileOptions, type DecideOptions } from './compile/policy.ts'
export { InvalidFacts, type FactProblem } from './compile/facts.ts'
export { OutputTypeError } from './frame.ts'
export type { Decidable, PolicyResolver } from './steps.ts'
export { createOperatorTable, OPERATORS, DECORATORS, type OperatorTable } from './operators/index.ts'
export type { Decorator, Operand, Operator } from './operators/operator.ts'
export { showValue } from './explain/reason.ts'
export { Engine, type EngineOptions, type EngineResult } from './facade/engine.ts'
export { compileRules, type RuleSet, type RuleSetOptions, type RuleSetResult } from './facade/rule-set.ts'
export { createKernel, type ColumnKernel, type KernelOptions } from './columns/kernel.ts'
export { columnsFromRows } from './columns/from-rows.ts'
export { ColumnMismatch } from './columns/column-code.ts'
export {
  countBits,
  hasBit,
  setBit,
  words,
  type BooleanColumn,
  type CodeColumn,
  type Column,
  type ColumnResult,
  type ColumnSet,
  type NumberColumn,
  type ValueColumn,
} from './columns/column.ts'
export { counterfactuals, type Counterfactual, type CounterfactualOptions } from './explain/counterfactual.ts'
export { replay, WrongVersion, type Replay } from './explain/replay.ts'
export { normaliseCell, type CellColumn } from './feel/normalise-cell.ts'
export { importRules } from './rules/import-rules.ts'
export { createExpressionReader, FEEL_FUNCTIONS, type FeelFunction, type ReadExpression } from './feel/expression-reader.ts'
export { createCellReader, type CellReader, type ReadCell } from './table/cell-reader.ts'
export { analysePolicy } from './analyse/index.ts'
export type { Fix, Operation } from './policy/finding.ts'
export { sentenceOfCondition, sentenceOfRow, sentenceOfRule, type Language, type Span } from './sentences/index.ts'
export { diffPolicies, mergePolicies, type ChangeSubject, type MergeConflict, type MergedPolicy, type PolicyChange } from './diff/index.ts'
export {
  compareVersions,
  type Comparison,
  type Hits,
  type Mover,
  type OutcomeTotal,
  type SegmentSwap,
  type Simulated,
  type SwapCell,
  type SwapReport,
} from './simulate/compare.ts'
export type { Distribution, NumberDistribution, NumberSummary, ValueDistribution } from './simulate/distribution.ts'
export { valueAt, type DifferenceSource, type FirstDifferences } from './simulate/first-difference.ts'
export type { History, Tally } from './simulate/tally.ts'
