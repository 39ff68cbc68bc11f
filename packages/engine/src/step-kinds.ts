import { decision } from './decision/decision-step.ts'
import { formula } from './formula/formula-step.ts'
import type { Step } from './policy/document.ts'
import { rules } from './rules/rules-step.ts'
import { scorecard } from './scorecard/scorecard-step.ts'
import type { StepKind } from './steps.ts'
import { table } from './table/table-step.ts'

/** Every kind of step there is. A new kind is one file and one line here. */
export const STEP_KINDS: { readonly [K in Step['kind']]?: StepKind<Extract<Step, { kind: K }>> } = {
  rules,
  table,
  scorecard,
  formula,
  decision,
}
