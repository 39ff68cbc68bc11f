import { decision } from './decision/decision-step.ts'
import type { Step } from './policy/document.ts'
import { rules } from './rules/rules-step.ts'
import type { StepKind } from './steps.ts'

/** Every kind of step there is. A new kind is one file and one line here. */
export const STEP_KINDS: { readonly [K in Step['kind']]?: StepKind<Extract<Step, { kind: K }>> } = {
  rules,
  decision,
}
