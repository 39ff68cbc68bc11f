import { createOperatorTable } from '../operators/index.ts'
import type { Policy, Text } from '../policy/document.ts'
import { createScope } from '../scope.ts'
import type { StepContext } from '../steps.ts'
import { bindExpression } from './bind.ts'
import { BUILTINS } from './builtins.ts'
import type { FeelType } from './infer.ts'
import { policyVocabulary } from './policy-vocabulary.ts'

/** An expression as far as it can be understood while somebody writes it. */
export interface ReadExpression {
  readonly type: FeelType
  /** What is wrong, and at which character where that is known. */
  readonly problems: readonly { readonly at?: number; readonly message: Text }[]
  /** Facts and outputs that it reads. */
  readonly reads: readonly string[]
}

/** Reads expressions over the names of a policy. */
export function createExpressionReader(policy: Policy): (text: string) => ReadExpression {
  const scope = createScope(policy)
  const lists = policy.lists ?? {}
  const vocabulary = policyVocabulary(scope, lists)
  return text => {
    const reported: { readonly message: Text }[] = []
    const context: StepContext = {
      path: '',
      scope,
      policy,
      lists,
      conditions: policy.conditions ?? {},
      report: (_code, _severity, _path, message) => void reported.push({ message }),
      operators: createOperatorTable(),
      resolve: () => undefined,
    }
    const { type, problems, reads } = bindExpression(text, vocabulary, context, '')
    const placed = problems.map(({ at, message }) => ({ at, message }))
    return { type, reads, problems: placed.length > 0 ? placed : reported }
  }
}

export interface FeelFunction {
  readonly name: string
  readonly parameters: readonly string[]
}

/** The functions of expressions, for those who complete them. */
export const FEEL_FUNCTIONS: readonly FeelFunction[] = [...BUILTINS].map(([name, { parameters, variadic }]) => ({
  name,
  parameters: variadic ? [...parameters, '…'] : parameters,
}))
